"""The words that rows may hold. Values are stable and appear in the API; labels are translated."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


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


class InstitutionKind(TextChoices):
    EMBASSY = "embassy", _("embassy")
    MINISTRY = "ministry", _("ministry")
    PARLIAMENT = "parliament", _("parliamentary group")
    MUSEUM = "museum", _("museum")
    ENSEMBLE = "ensemble", _("ensemble")
    THEATRE = "theatre", _("theatre")
    COMPANY = "company", _("company")
    INSTITUTE = "institute", _("institute")
    OTHER = "other", _("other")


class SignatureStatus(TextChoices):
    ANNOUNCED = "announced", _("announced")
    SIGNED = "signed", _("signed")
    CORROBORATED = "corroborated", _("corroborated")


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
