"""The words that rows may hold. Values are stable and appear in the API; labels are translated."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Role(TextChoices):
    VIEWER = "viewer", _("viewer")
    EDITOR = "editor", _("editor")
    EXCHANGE_DESK = "exchange-desk", _("exchange desk")
    ARCHIVIST = "archivist", _("archivist")
    PRODUCER = "producer", _("producer")
    TRAINING_COORDINATOR = "training-coordinator", _("training coordinator")
    RIGHTS_OFFICER = "rights-officer", _("rights officer")
    ADMINISTRATOR = "administrator", _("administrator")


class Ownership(TextChoices):
    PUBLIC_SERVICE = "public_service", _("public service media")
    STATE = "state", _("state media")
    PRESIDENTIAL = "presidential", _("presidential media")
    PRIVATE = "private", _("private media")


class ChannelKind(TextChoices):
    TELEVISION = "television", _("television")
    RADIO = "radio", _("radio")
    WEB = "web", _("web")
    STREAMING = "streaming", _("streaming")
    AGENCY = "agency", _("news agency")


class PlaceKind(TextChoices):
    COUNTRY = "country", _("country")
    CITY = "city", _("city")
    VENUE = "venue", _("venue")
    STREET = "street", _("street")
    MONUMENT = "monument", _("monument")
    REGION = "region", pgettext_lazy("place", "region")


class InstitutionKind(TextChoices):
    EMBASSY = "embassy", _("embassy")
    MINISTRY = "ministry", _("ministry")
    PARLIAMENT = "parliament", _("parliamentary group")
    MUSEUM = "museum", _("museum")
    ENSEMBLE = "ensemble", _("ensemble")
    THEATRE = "theatre", _("theatre")
    COMPANY = "company", _("company")
    INSTITUTE = "institute", _("institute")
    THINK_TANK = "think-tank", _("think tank")
    RESEARCH = "research", _("research institute")
    UNIVERSITY = "university", _("university")
    CENTRE = "centre", _("centre")
    COMMISSION = "commission", _("intergovernmental commission")
    AGENCY = "agency", _("state agency")
    CLUB = "club", _("sports club")
    ARCHIVE = "archive", _("archive")
    OTHER = "other", _("other")


class SignatureStatus(TextChoices):
    ANNOUNCED = "announced", _("announced")
    SIGNED = "signed", _("signed")
    CORROBORATED = "corroborated", _("corroborated")


class Renewal(TextChoices):
    """What happens to a memorandum at the end of its term."""

    NONE = "none", pgettext_lazy("memorandum", "it ends")
    TACIT = "tacit", pgettext_lazy("memorandum", "for the same term, unless a party gives notice")
    AGREED = "agreed", pgettext_lazy("memorandum", "only if all parties agree")


class Area(TextChoices):
    NEWS_EXCHANGE = "news_exchange", _("news exchange")
    CO_PRODUCTION = "co_production", _("co-production")
    TRAINING = "training", _("journalist training")
    ARCHIVE = "archive", _("archive cooperation")
    CORRESPONDENTS = "correspondents", _("correspondents")
    DIGITAL_DEVELOPMENT = "digital_development", _("digital development")


class ModuleState(TextChoices):
    PROPOSED = "proposed", _("proposed")
    ACTIVE = "active", _("active")
    PAUSED = "paused", _("paused")
    SCALED = "scaled", _("scaled")
    ENDED = "ended", _("ended")


MODULE_MOVES: dict[str, frozenset[str]] = {
    ModuleState.PROPOSED: frozenset({ModuleState.ACTIVE, ModuleState.ENDED}),
    ModuleState.ACTIVE: frozenset({ModuleState.PAUSED, ModuleState.SCALED, ModuleState.ENDED}),
    ModuleState.SCALED: frozenset({ModuleState.ACTIVE, ModuleState.PAUSED, ModuleState.ENDED}),
    ModuleState.PAUSED: frozenset({ModuleState.ACTIVE, ModuleState.SCALED, ModuleState.ENDED}),
    ModuleState.ENDED: frozenset(),
}
RUNNING_STATES = frozenset({ModuleState.ACTIVE, ModuleState.SCALED})
# Whose work begins and rests with a module of the area, besides administrators.
WORK_IN_AREA: dict[str, tuple[Role, ...]] = {
    Area.NEWS_EXCHANGE: (Role.EDITOR, Role.EXCHANGE_DESK),
    Area.CO_PRODUCTION: (Role.PRODUCER,),
    Area.TRAINING: (Role.TRAINING_COORDINATOR,),
    Area.ARCHIVE: (Role.ARCHIVIST, Role.RIGHTS_OFFICER),
    Area.CORRESPONDENTS: (Role.EDITOR, Role.EXCHANGE_DESK),
    Area.DIGITAL_DEVELOPMENT: (Role.PRODUCER,),
}


class Rhythm(TextChoices):
    """How often an amount is owed."""

    ONCE = "once", pgettext_lazy("obligation", "once, by its last day")
    WEEK = "week", pgettext_lazy("obligation", "week")
    MONTH = "month", pgettext_lazy("obligation", "month")
    QUARTER = "quarter", pgettext_lazy("obligation", "quarter")
    YEAR = "year", pgettext_lazy("obligation", "year")


class PartOfSpeech(TextChoices):
    NOUN = "noun", _("noun")
    VERB = "verb", _("verb")
    ADJECTIVE = "adjective", _("adjective")
    PHRASE = "phrase", _("phrase")


class TermDoubt(TextChoices):
    """Why a term of the glossary may be the wrong word."""

    UNCONFIRMED = "unconfirmed", _("no newsroom of this language has confirmed it")
    RARE = "rare", _("newsrooms rarely say it")


class TermSource(TextChoices):
    """Where a term of the glossary comes from."""

    ATTESTED = "attested", _("found in documents of the field")
    PROJECT = "project", _("chosen by this project")
    NEWSROOM = "newsroom", _("said by a newsroom")


class SourceStance(TextChoices):
    """What a source says of one party's signature."""

    CONFIRMS = "confirms", pgettext_lazy("source", "reports the signature")
    ANNOUNCES = "announces", pgettext_lazy("source", "only announces it")
    SILENT = "silent", pgettext_lazy("source", "does not speak of this party")
    DENIES = "denies", pgettext_lazy("source", "says that it was not signed")


class Measure(TextChoices):
    """In what audience demand is told."""

    REACH = "reach", pgettext_lazy("audience", "people reached")
    SHARE = "share", pgettext_lazy("audience", "share, in per cent")
    VIEWS = "views", pgettext_lazy("audience", "views")
    MINUTES = "minutes", pgettext_lazy("audience", "minutes watched or heard")
    REQUESTS = "requests", pgettext_lazy("audience", "requests")
    SURVEY = "survey", pgettext_lazy("audience", "answers in a survey, in per cent")


class Sufficiency(TextChoices):
    """Whether there is enough of something to go on with."""

    UNKNOWN = "unknown", pgettext_lazy("feasibility", "not known")
    ENOUGH = "enough", pgettext_lazy("feasibility", "enough")
    STRAINED = "strained", pgettext_lazy("feasibility", "barely enough")
    LACKING = "lacking", pgettext_lazy("feasibility", "not enough")


class Verdict(TextChoices):
    """What a review of a module recommends."""

    SCALE_UP = "scale-up", pgettext_lazy("module", "scale up")
    KEEP = "keep", pgettext_lazy("module", "keep")
    SCALE_DOWN = "scale-down", pgettext_lazy("module", "scale down")
    PAUSE = "pause", pgettext_lazy("module", "pause")
    END = "end", pgettext_lazy("module", "end")


VERDICT_STATES: dict[str, frozenset[str]] = {
    Verdict.SCALE_UP: frozenset({ModuleState.SCALED}),
    Verdict.KEEP: frozenset({ModuleState.ACTIVE, ModuleState.SCALED}),
    Verdict.SCALE_DOWN: frozenset({ModuleState.ACTIVE, ModuleState.PAUSED}),
    Verdict.PAUSE: frozenset({ModuleState.PAUSED}),
    Verdict.END: frozenset({ModuleState.ENDED}),
}


class InitiativeKind(TextChoices):
    STREAMING = "streaming", _("streaming")
    MULTILINGUAL = "multilingual", _("multilingual distribution")
    AI = "ai", _("AI in broadcasting")
    INFRASTRUCTURE = "infrastructure", _("infrastructure")


class InitiativeState(TextChoices):
    PROPOSED = "proposed", pgettext_lazy("initiative", "proposed")
    RUNNING = "running", pgettext_lazy("initiative", "running")
    PAUSED = "paused", pgettext_lazy("initiative", "paused")
    COMPLETED = "completed", pgettext_lazy("initiative", "completed")
    ABANDONED = "abandoned", pgettext_lazy("initiative", "abandoned")


INITIATIVE_MOVES: dict[str, frozenset[str]] = {
    InitiativeState.PROPOSED: frozenset({InitiativeState.RUNNING, InitiativeState.ABANDONED}),
    InitiativeState.RUNNING: frozenset({InitiativeState.PAUSED, InitiativeState.COMPLETED, InitiativeState.ABANDONED}),
    InitiativeState.PAUSED: frozenset({InitiativeState.RUNNING, InitiativeState.ABANDONED}),
    InitiativeState.COMPLETED: frozenset(),
    InitiativeState.ABANDONED: frozenset(),
}
OPEN_INITIATIVES = frozenset({InitiativeState.PROPOSED, InitiativeState.RUNNING, InitiativeState.PAUSED})


class GuidelineKind(TextChoices):
    AI_USE = "ai-use", pgettext_lazy("guideline", "declaration on the use of AI")
    EDITORIAL = "editorial", pgettext_lazy("guideline", "editorial")
    TECHNICAL = "technical", pgettext_lazy("guideline", "technical")
    OTHER = "other", pgettext_lazy("guideline", "other")
