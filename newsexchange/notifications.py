"""What newsrooms' people are told: stories offered to them by hand, recalls, and answers to what they asked for.

What feeds offer by themselves is read on the desk's page: a line for each would bury the rest. The words of a recalled
story do not come back through any of this.
"""

from datetime import datetime

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from broadcasters.services.recipients import people_with
from mediaexchange.core.inbox.constants import Way
from mediaexchange.core.languages.localize import localized
from mediaexchange.core.models import User
from mediaexchange.core.notifications import NotificationKind, notify, page_of, register, sentences
from newsexchange.constants import OfferStatus, RequestStatus
from newsexchange.models import Offer, RecallNotice, StoryRequest

TAKE, ACKNOWLEDGE, RECALL = "newsexchange.answer_offer", "newsexchange.acknowledge_recall", "newsexchange.recall_story"
ASK, ANSWER = "newsexchange.ask_story", "newsexchange.answer_storyrequest"

_offers = Offer.objects.select_related("story__broadcaster").prefetch_related("story__editions").all
_requests = StoryRequest.objects.select_related("from_broadcaster", "to_broadcaster").all
_notices = RecallNotice.objects.select_related("recall__story__broadcaster", "broadcaster").only(
    "uid", "due_at", "acknowledged_at", "lifted_at", "broadcaster", "recall__kind", "recall__story__uid",
    "recall__story__published_at",
    "recall__story__broadcaster",
).all  # fmt: skip


def _offered(offer: Offer) -> str:
    words = {"house": localized(offer.story.broadcaster, "name"), "headline": str(offer.story)}
    if offer.status == OfferStatus.OPEN:
        return _("%(house)s offers: %(headline)s") % words
    return _("%(house)s has offered: %(headline)s") % words


def _known_of(notice: RecallNotice) -> dict[str, str]:
    """What says to whoever had the story which it is, without a word of it: when it came out and its identity."""
    story = notice.recall.story
    return {"out": _moment(story.published_at), "story": str(story.uid)[:8]}


def _moment(at: datetime | None) -> str:
    return date_format(localtime(at), "SHORT_DATETIME_FORMAT") if at else "—"


def _recalled(notice: RecallNotice) -> str:
    words = {
        "house": localized(notice.recall.story.broadcaster, "name"),
        **_known_of(notice),
        "kind": notice.recall.get_kind_display(),
        "moment": _moment(notice.due_at),
    }
    if notice.acknowledged_at is not None:
        return (
            _("%(house)s has recalled its story of %(out)s (%(story)s…): %(kind)s; you have acknowledged it.") % words
        )
    if notice.lifted_at is not None:
        return _("%(house)s had recalled its story of %(out)s (%(story)s…): %(kind)s; it is usable again.") % words
    return _("%(house)s has recalled its story of %(out)s (%(story)s…): %(kind)s. Acknowledge by %(moment)s.") % words


def _overdue(notice: RecallNotice) -> str:
    words = {"house": localized(notice.broadcaster, "name"), **_known_of(notice)}
    if notice.acknowledged_at is not None:
        return _("%(house)s has acknowledged the recall of the story of %(out)s (%(story)s…) late.") % words
    return _("%(house)s has not acknowledged the recall of the story of %(out)s (%(story)s…) in time.") % words


def _asked(wanted: StoryRequest) -> str:
    words = {"house": localized(wanted.from_broadcaster, "name"), "subject": wanted.subject}
    return _("%(house)s asks for a story: %(subject)s") % words


def _answered(wanted: StoryRequest) -> str:
    words = {
        "house": localized(wanted.to_broadcaster, "name"),
        "subject": wanted.subject,
        "status": RequestStatus(wanted.status).label,
    }
    return _("%(house)s has answered your request “%(subject)s”: %(status)s.") % words


OFFER = register(
    NotificationKind(
        "newsexchange.offer",
        lambda rows: sentences(rows, _offers(), _offered),
        page_of(Offer.objects.all, shows="story_id", view="newsexchange_story_change"),
        gettext_lazy("A partner offers us a story by hand"),
        permission=TAKE,
    )
)
RECALLED = register(
    NotificationKind(
        "newsexchange.recall",
        lambda rows: sentences(rows, _notices(), _recalled),
        page_of(RecallNotice.objects.all, shows="recall_id", view="newsexchange_recall_change"),
        gettext_lazy("A story that we have had is recalled"),
        permission=ACKNOWLEDGE,
        usual=Way.AT_ONCE,
    )
)
RECALL_OVERDUE = register(
    NotificationKind(
        "newsexchange.recall-overdue",
        lambda rows: sentences(rows, _notices(), _overdue),
        page_of(RecallNotice.objects.all, shows="recall_id", view="newsexchange_recall_change"),
        gettext_lazy("A recall was not acknowledged in time"),
        permission=ACKNOWLEDGE,
        usual=Way.AT_ONCE,
    )
)
REQUEST_ARRIVED = register(
    NotificationKind(
        "newsexchange.request-arrived",
        lambda rows: sentences(rows, _requests(), _asked),
        page_of(StoryRequest.objects.all),
        gettext_lazy("A partner asks us for a story"),
        permission=ANSWER,
        usual=Way.AT_ONCE,
    )
)
REQUEST_ANSWERED = register(
    NotificationKind(
        "newsexchange.request-answered",
        lambda rows: sentences(rows, _requests(), _answered),
        page_of(StoryRequest.objects.all),
        gettext_lazy("Our request for a story is answered"),
        permission=ASK,
    )
)


def tell_of_offer(offer: Offer, *, actor: User | None, is_again: bool) -> None:
    """Those who may take it. One that opens again is told again."""
    notify(
        OFFER, to=people_with(TAKE, [offer.to_broadcaster_id]), subject_type="offer", subject_uid=offer.uid,
        key=f"{offer.offered_at:%Y-%m-%dT%H:%M:%S.%f}" if is_again else "", actor=actor,
    )  # fmt: skip


def tell_of_recall(notice: RecallNotice, *, actor: User | None) -> None:
    """Those who acknowledge recalls where the story has been."""
    notify(
        RECALLED, to=people_with(ACKNOWLEDGE, [notice.broadcaster_id]), subject_type="recall-notice",
        subject_uid=notice.uid, actor=actor,
    )  # fmt: skip


def tell_of_overdue(notice: RecallNotice) -> None:
    """Both sides."""
    origin = people_with(RECALL, [notice.recall.story.broadcaster_id])
    people = {*people_with(ACKNOWLEDGE, [notice.broadcaster_id]), *origin}
    notify(RECALL_OVERDUE, to=people, subject_type="recall-notice", subject_uid=notice.uid)


def tell_of_request(wanted: StoryRequest, *, actor: User | None) -> None:
    """Those who answer for the house that is asked."""
    _tell(REQUEST_ARRIVED, wanted, people_with(ANSWER, [wanted.to_broadcaster_id]), actor)


def tell_of_answer(wanted: StoryRequest, *, actor: User | None) -> None:
    """Those who may ask at the house that did, of each answer."""
    _tell(REQUEST_ANSWERED, wanted, people_with(ASK, [wanted.from_broadcaster_id]), actor, key=str(wanted.status))


def _tell(kind: NotificationKind, wanted: StoryRequest, to: list[int], actor: User | None, key: str = "") -> None:
    notify(kind, to=to, subject_type="request", subject_uid=wanted.uid, key=key, actor=actor)
