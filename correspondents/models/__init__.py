"""Correspondents, their papers, assignments, equipment and the planning calendar, one noun per file."""

from correspondents.models.assignment import AccessGranted, Assignment, FootageFiled, HandOver
from correspondents.models.correspondent import Correspondent, Skill, Whereabouts
from correspondents.models.event import CoverageWish, PlannedEvent
from correspondents.models.kit import Kit, KitBooking, OverlapPolicy
from correspondents.models.paper import CountryRequirement, Paper

__all__ = [
    "AccessGranted",
    "Assignment",
    "Correspondent",
    "CountryRequirement",
    "CoverageWish",
    "FootageFiled",
    "HandOver",
    "Kit",
    "KitBooking",
    "OverlapPolicy",
    "Paper",
    "PlannedEvent",
    "Skill",
    "Whereabouts",
]
