"""Organisations, people, places and agreements, one noun per file."""

from broadcasters.models.agreements import Memorandum, Module, ModuleMove, Party, PartySource
from broadcasters.models.airings import Airing
from broadcasters.models.glossary import GlossaryTerm
from broadcasters.models.organisations import Broadcaster, Channel, Institution, Membership
from broadcasters.models.people import Person, PersonAlias
from broadcasters.models.places import Place, PlaceName

__all__ = [
    "Airing",
    "Broadcaster",
    "Channel",
    "GlossaryTerm",
    "Institution",
    "Membership",
    "Memorandum",
    "Module",
    "ModuleMove",
    "Party",
    "PartySource",
    "Person",
    "PersonAlias",
    "Place",
    "PlaceName",
]
