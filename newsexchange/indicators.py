"""What the exchange of news can be measured by: for a house, a partner and a period, the very rows that are counted.

``house`` makes the stories and ``partner`` receives them, where nothing else is said. Every function gives a queryset
and no number. Nothing here looks at who asks: narrow the rows with ``visible_to``.
"""

from django.db.models import CharField, Exists, F, Func, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from broadcasters.indicators import Breakdown, Period, RawCount, register, register_breakdowns
from broadcasters.languages import language_called
from broadcasters.models import Broadcaster
from broadcasters.record_lines import Told, tell
from mediaexchange.core.topics import topic_name
from newsexchange.constants import RequestStatus, SpeaksAs
from newsexchange.models import Offer, RecallNotice, Soundbite, Story, StoryRequest, Take, Use


def stories_published(house: Broadcaster, period: Period, partner: Broadcaster | None = None) -> QuerySet[Story]:
    """Stories of the house that were first published in the period, recalled since or not. Has no partner."""
    return Story.objects.filter(period.holds("published_at"), broadcaster=house)


def stories_offered(house: Broadcaster, period: Period, partner: Broadcaster | None = None) -> QuerySet[Offer]:
    """Offers that were made in the period, whatever became of them."""
    rows = Offer.objects.filter(period.holds("offered_at"), story__broadcaster=house)
    return rows.filter(to_broadcaster=partner) if partner else rows


def stories_taken(house: Broadcaster, period: Period, partner: Broadcaster | None = None) -> QuerySet[Take]:
    """Takes of the house's stories by partners."""
    rows = Take.objects.filter(period.holds("taken_at"), story__broadcaster=house)
    return rows.filter(broadcaster=partner) if partner else rows


def stories_used(house: Broadcaster, period: Period, partner: Broadcaster | None = None) -> QuerySet[Use]:
    """Uses of the house's stories that partners reported: airings and links."""
    rows = Use.objects.filter(period.holds("used_at"), take__story__broadcaster=house)
    return rows.filter(take__broadcaster=partner) if partner else rows


def stories_aired(house: Broadcaster, period: Period, partner: Broadcaster | None = None) -> QuerySet[Use]:
    """Those of them that are airings, counted by when they began."""
    rows = Use.objects.filter(period.holds("airing__started_at"), take__story__broadcaster=house)
    return rows.filter(take__broadcaster=partner) if partner else rows


def requests_received(house: Broadcaster, period: Period, partner: Broadcaster | None = None) -> QuerySet[StoryRequest]:
    """Stories that partners asked the house for."""
    rows = StoryRequest.objects.filter(period.holds("asked_at"), to_broadcaster=house)
    return rows.filter(from_broadcaster=partner) if partner else rows


def requests_filled(house: Broadcaster, period: Period, partner: Broadcaster | None = None) -> QuerySet[StoryRequest]:
    """Of the requests that came in the period, those answered with a story."""
    return requests_received(house, period, partner).filter(status=RequestStatus.FILLED)


def recalls_acknowledged(
    house: Broadcaster, period: Period, partner: Broadcaster | None = None
) -> QuerySet[RecallNotice]:
    """Recalls by partners that fell due in the period and that the house acknowledged in time."""
    rows = RecallNotice.objects.filter(
        period.holds("due_at"), broadcaster=house, acknowledged_at__lte=F("due_at"), acknowledged_at__isnull=False
    )
    return rows.filter(recall__story__broadcaster=partner) if partner else rows


def recalls_missed(house: Broadcaster, period: Period, partner: Broadcaster | None = None) -> QuerySet[RecallNotice]:
    """Recalls by partners that fell due in the period and that the house acknowledged late or not at all.

    One that was lifted before it fell due was not missed.
    """
    late = Q(acknowledged_at__isnull=True) | Q(acknowledged_at__gt=F("due_at"))
    stood = Q(lifted_at__isnull=True) | Q(lifted_at__gt=F("due_at"))
    rows = RecallNotice.objects.filter(period.holds("due_at"), late, stood, broadcaster=house)
    return rows.filter(recall__story__broadcaster=partner) if partner else rows


def soundbites_taken(house: Broadcaster, period: Period, partner: Broadcaster | None = None) -> QuerySet[Soundbite]:
    """Soundbites in the house's stories that partners took in the period, each once however many took it."""
    takes = Take.objects.filter(period.holds("taken_at"), story=OuterRef("story"))
    if partner:
        takes = takes.filter(broadcaster=partner)
    return Soundbite.objects.filter(Exists(takes), story__broadcaster=house)


def speakers_taken(house: Broadcaster, period: Period, partner: Broadcaster | None = None) -> QuerySet[Soundbite]:
    """Those of them that name their speaker. A name written in two ways is two speakers."""
    return soundbites_taken(house, period, partner).exclude(speaker="")


TAKEN = RawCount("stories-taken", _("stories taken by partners"), stories_taken, is_given=True)
USED = RawCount("stories-used", _("uses of stories by partners"), stories_used, is_given=True)
AIRED = RawCount(
    "seconds-aired",
    _("seconds of stories aired by partners"),
    stories_aired,
    "airing__duration_ms",
    1000,
    is_given=True,
)
SOUNDBITES = RawCount("soundbites-taken", _("soundbites in stories taken by partners"), soundbites_taken)
SPEAKERS = RawCount(
    "speakers-taken", _("different speakers in stories taken by partners"), speakers_taken, distinct="speaker"
)
RAW_COUNTS = (
    RawCount("stories-published", _("stories published"), stories_published),
    RawCount("stories-offered", _("stories offered"), stories_offered, is_given=True),
    TAKEN,
    USED,
    AIRED,
    SOUNDBITES,
    SPEAKERS,
    RawCount("story-requests-received", _("requests for stories received"), requests_received),
    RawCount("story-requests-filled", _("requests for stories filled"), requests_filled, is_given=True),
    RawCount("recalls-acknowledged", _("recalls acknowledged in time"), recalls_acknowledged),
    RawCount("recalls-missed", _("recalls acknowledged late or not at all"), recalls_missed),
)
register(*RAW_COUNTS)
tell(Offer, Told(("offered_at",)))
tell(Take, Told(("taken_at",)))
tell(Use, Told(("airing__started_at", "used_at"), ("airing__channel",)))
tell(Story, Told(("published_at",)))
tell(StoryRequest, Told(("asked_at",)))
tell(RecallNotice, Told(("due_at",)))


class EachOrNone(Func):
    """One row for each word of an array, and one with "" for an empty one."""

    template = "unnest(CASE WHEN cardinality(%(expressions)s) = 0 THEN ARRAY[''] ELSE %(expressions)s::text[] END)"
    set_returning = True
    arity = 1
    output_field = CharField()


def _has_topic(key: str) -> Q:
    return Q(story__topics__contains=[key]) if key else Q(story__topics=[])


def _speaks_as(key: str) -> str:
    return str(SpeaksAs(key).label)


_AIRED_IN = Coalesce(F("airing__language"), Value(""))
BREAKDOWNS = (
    Breakdown(
        "stories-by-topic", TAKEN, _("stories taken, by topic"), "balance", EachOrNone(F("story__topics")), topic_name,
        is_many=True, holds=_has_topic,
    ),
    Breakdown(
        "stories-by-language", TAKEN, _("stories taken, by the language in which they were written"), "balance",
        F("story__language"), language_called,
    ),
    Breakdown(
        "soundbites-by-source", SOUNDBITES, _("soundbites in stories taken, by who speaks"), "balance",
        F("speaks_as"), _speaks_as, share_of=SpeaksAs.OFFICIAL.value,
    ),
    Breakdown(
        "speakers-by-source", SPEAKERS, _("different speakers in stories taken, by who speaks"), "balance",
        F("speaks_as"), _speaks_as, share_of=SpeaksAs.OFFICIAL.value,
    ),
    Breakdown(
        "uses-by-language", USED, _("uses of stories, by the language of the airing"), "resonance", _AIRED_IN,
        language_called,
    ),
    Breakdown(
        "seconds-by-language", AIRED, _("seconds of stories aired, by language"), "resonance", _AIRED_IN,
        language_called,
    ),
)  # fmt: skip
register_breakdowns(*BREAKDOWNS)
