"""What happened, in words for people: events by their kinds, and why a delivery was not sent. Codes are the API's."""

from django.utils.translation import gettext_lazy as _

from mediaexchange.core.errors import Message

EVENTS: dict[str, Message] = {
    "story.published": _("story published"),
    "story.offered": _("story offered"),
    "story.updated": _("story updated"),
    "story.corrected": _("story corrected"),
    "story.released": _("embargo over"),
    "story.embargoed": _("embargo laid on the story"),
    "story.closed": _("story not available any more"),
    "story.expired": _("story expired"),
    "story.restricted": _("rights changed"),
    "story.recalled": _("story recalled"),
    "story.restored": _("story usable again"),
    "story.taken": _("story taken"),
    "story.used": _("story used"),
    "offer.declined": _("offer declined"),
    "offer.withdrawn": _("offer withdrawn"),
    "recall.acknowledged": _("recall acknowledged"),
    "recall.overdue": _("recall not acknowledged in time"),
    "request.asked": _("footage asked for"),
    "request.acknowledged": _("request acknowledged"),
    "request.filled": _("request filled"),
    "request.declined": _("request declined"),
    "subscription.test": _("test"),
    "subscription.disabled": _("subscription disabled"),
    "module.moved": _("module moved on"),
    "airing.reported": _("airing reported"),
}
_RECALLS: dict[str, Message] = {"kill": _("story killed"), "withhold": _("story withheld")}

NOT_SENT: dict[str, Message] = {
    "not-visible": _("The subscriber does not see the story."),
    "use-refused": _("The rights in the story bar every use at the subscriber's home."),
    "superseded": _("The story was withdrawn before this could be sent."),
    "bad-folder": _("The folder of the subscription cannot be written to."),
}


def event_in_words(kind: str, recall_kind: str = "") -> str:
    """In the active language; the code itself for a kind that has no words."""
    return str(_RECALLS.get(recall_kind) or EVENTS.get(kind, kind))


def error_in_words(error: str) -> str:
    """Why a delivery was canceled, in the active language; what a receiver's answer was stays as it is."""
    return str(NOT_SENT.get(error, error))
