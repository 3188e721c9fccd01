"""What one document's way in is made with, and what became of its entries."""

from dataclasses import dataclass
from uuid import UUID

from newsexchange.models import Feed
from newsexchange.services.rules import Rule

STORED_RESULTS = frozenset({"created", "updated", "recalled"})  # of an outcome: something in the store has changed


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one entry: ``result`` is created, updated, unchanged, outdated, recalled, left-out, quarantined
    or empty."""

    result: str
    guid: str = ""
    uid: UUID | None = None
    reason: str = ""
    detail: str = ""
    is_whole_document: bool = False


@dataclass(frozen=True, slots=True)
class Intake:
    """A document on its way in. ``lets_all_in``: a person sends it, and no rule leaves anything of it out."""

    feed: Feed
    format: str
    rules: tuple[Rule, ...] = ()
    lets_all_in: bool = False
