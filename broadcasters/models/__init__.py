"""Organisations, people, places and agreements, one noun per file."""

from broadcasters.models.agreements import Memorandum, Module, ModuleMove, Party, PartySource
from broadcasters.models.airing_import import AiringImport, AiringImportRow
from broadcasters.models.airing_match import AiringMatch
from broadcasters.models.airings import Airing
from broadcasters.models.audience import AudienceFigure
from broadcasters.models.brief import Brief, BriefIssue, BriefSubscription
from broadcasters.models.claim import Claim, ClaimTopic
from broadcasters.models.clause import Clause, MemorandumText
from broadcasters.models.event import DiplomaticEvent, EventSource
from broadcasters.models.glossary import GlossaryTerm
from broadcasters.models.guideline import Guideline, GuidelineAdoption, GuidelineVersion
from broadcasters.models.initiative import Initiative, InitiativeMilestone, InitiativeMove, InitiativeOwner, Result
from broadcasters.models.minutes import Minutes, MinutesApproval, MinutesItem, MinutesParticipant
from broadcasters.models.obligation import Obligation
from broadcasters.models.organisations import Broadcaster, Channel, Institution, Membership
from broadcasters.models.people import Person, PersonAlias
from broadcasters.models.places import Place, PlaceName
from broadcasters.models.review import DemandFigure, ModuleReview, ReviewEvidence
from broadcasters.models.termination import RenewalConsent, TerminationNotice

__all__ = [
    "Airing",
    "AiringImport",
    "AiringImportRow",
    "AiringMatch",
    "AudienceFigure",
    "Brief",
    "BriefIssue",
    "BriefSubscription",
    "Broadcaster",
    "Channel",
    "Claim",
    "ClaimTopic",
    "Clause",
    "DemandFigure",
    "DiplomaticEvent",
    "EventSource",
    "GlossaryTerm",
    "Guideline",
    "GuidelineAdoption",
    "GuidelineVersion",
    "Initiative",
    "InitiativeMilestone",
    "InitiativeMove",
    "InitiativeOwner",
    "Institution",
    "Membership",
    "Memorandum",
    "MemorandumText",
    "Minutes",
    "MinutesApproval",
    "MinutesItem",
    "MinutesParticipant",
    "Module",
    "ModuleMove",
    "ModuleReview",
    "Obligation",
    "Party",
    "PartySource",
    "Person",
    "PersonAlias",
    "Place",
    "PlaceName",
    "RenewalConsent",
    "Result",
    "ReviewEvidence",
    "TerminationNotice",
]
