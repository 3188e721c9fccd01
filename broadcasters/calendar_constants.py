"""The words of the diplomatic calendar and of claims. Values are stable and stand in the API; labels are translated."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class DiplomaticKind(TextChoices):
    MILESTONE = "milestone", pgettext_lazy("calendar", "milestone")
    VISIT = "visit", pgettext_lazy("calendar", "visit")
    STATE_VISIT = "state-visit", pgettext_lazy("calendar", "state visit")
    OFFICIAL_VISIT = "official-visit", pgettext_lazy("calendar", "official visit")
    WORKING_VISIT = "working-visit", pgettext_lazy("calendar", "working visit")
    CALL = "call", pgettext_lazy("calendar", "telephone conversation")
    MEETING = "meeting", pgettext_lazy("calendar", "meeting")
    COMMISSION = "commission", pgettext_lazy("calendar", "session of a commission")
    FORUM = "forum", pgettext_lazy("calendar", "business forum")
    SIGNING = "signing", pgettext_lazy("calendar", "signing of documents")
    OPENING = "opening", pgettext_lazy("calendar", "opening")
    NAMING = "naming", pgettext_lazy("calendar", "naming of a place")
    EXPO = "expo", pgettext_lazy("calendar", "international exhibition")
    EXHIBITION = "exhibition", pgettext_lazy("calendar", "exhibition")
    PERFORMANCE = "performance", pgettext_lazy("calendar", "performance")
    FESTIVAL = "festival", pgettext_lazy("calendar", "festival or film days")
    SPORT = "sport", pgettext_lazy("calendar", "sport")
    COMMEMORATION = "commemoration", pgettext_lazy("calendar", "commemoration")
    ANNIVERSARY = "anniversary", pgettext_lazy("calendar", "anniversary")
    TRANSPORT = "transport", pgettext_lazy("calendar", "transport link")
    PUBLICATION = "publication", pgettext_lazy("calendar", "publication")


VISITS = frozenset(
    {
        DiplomaticKind.VISIT,
        DiplomaticKind.STATE_VISIT,
        DiplomaticKind.OFFICIAL_VISIT,
        DiplomaticKind.WORKING_VISIT,
    }
)


class EventStanding(TextChoices):
    """How far it is known that something happened, or will. None of them means that it is true."""

    ATTRIBUTED = "attributed", pgettext_lazy("event", "said by one side")
    SOURCED = "sourced", pgettext_lazy("event", "sourced")
    CORROBORATED = "corroborated", pgettext_lazy("event", "several sources agree")
    DISPUTED = "disputed", pgettext_lazy("event", "sources disagree")
    PLANNED = "planned", pgettext_lazy("event", "planned")
    CALLED_OFF = "called-off", pgettext_lazy("event", "called off")


class Existence(TextChoices):
    """Whether a place or an institution is there yet."""

    PRESENT = "present", pgettext_lazy("place", "there")
    PLANNED = "planned", pgettext_lazy("place", "planned")
    FORMER = "former", pgettext_lazy("place", "no longer there")


class ClaimKind(TextChoices):
    STATEMENT = "statement", pgettext_lazy("claim", "statement")
    STATISTIC = "statistic", pgettext_lazy("claim", "figure")
    TARGET = "target", pgettext_lazy("claim", "target")


FIGURES = frozenset({ClaimKind.STATISTIC, ClaimKind.TARGET})


class Confidence(TextChoices):
    """What is known about the claim, not whether it is true."""

    STATED = "stated", pgettext_lazy("claim", "said by the speaker")
    REPORTED = "reported", pgettext_lazy("claim", "reported by others")
    CORROBORATED = "corroborated", pgettext_lazy("claim", "said by several sources")
    HEDGED = "hedged", pgettext_lazy("claim", "put cautiously")
    DISPUTED = "disputed", pgettext_lazy("claim", "other sources disagree")
    WITHDRAWN = "withdrawn", pgettext_lazy("claim", "withdrawn")


class Unit(TextChoices):
    USD = "USD", _("US dollars")
    EUR = "EUR", _("euros")
    RSD = "RSD", _("Serbian dinars")
    KZT = "KZT", _("tenge")
    PERCENT = "percent", pgettext_lazy("unit", "per cent")
    DOCUMENTS = "documents", pgettext_lazy("unit", "documents")
    PEOPLE = "people", pgettext_lazy("unit", "people")
    OBJECTS = "objects", pgettext_lazy("unit", "objects")
    WEEKLY = "weekly", pgettext_lazy("unit", "times a week")
    OTHER = "other", pgettext_lazy("unit", "units")


MONEY = frozenset({Unit.USD, Unit.EUR, Unit.RSD, Unit.KZT})
