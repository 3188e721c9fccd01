"""What the evaluation works on and what it answers, as plain values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

PLATFORMS = ("television", "radio", "web", "social", "streaming", "mobile")
ONLINE = frozenset({"web", "social", "streaming", "mobile"})


@dataclass(frozen=True, slots=True)
class Term:
    """One sentence of rights. ``part`` is the place, from 0, of the shot it is about; None is the whole.

    ``barred_names`` are folded. The period holds its first moment and not its last.
    """

    part: int | None = None
    territories: tuple[str, ...] = ()
    is_elsewhere: bool = False
    platforms: tuple[str, ...] = ()
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    is_barred: bool = False
    barred_names: frozenset[str] = frozenset()
    max_seconds: int | None = None
    no_archive: bool = False
    no_online: bool = False
    no_edit: bool = False
    no_resale: bool = False
    reimport_hours: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Material:
    """What is to be used: its terms, how many parts it has, and where and when it was first published."""

    terms: tuple[Term, ...] = ()
    parts: int = 0
    origin_country: str = ""
    first_published_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Asking:
    """Who wants to use it where, on what and when. Every one of the ``territories`` is meant; platform "" is any.

    ``names`` are the asker's own, folded.
    """

    territories: frozenset[str]
    at: datetime
    platform: str = ""
    names: frozenset[str] = frozenset()

    @property
    def platforms(self) -> tuple[str, ...]:
        return (self.platform,) if self.platform else PLATFORMS


@dataclass(frozen=True, slots=True)
class Statement:
    """A reason or a condition: a stable code and JSON-ready values. ``words.message`` says it in a language."""

    code: str
    values: Mapping[str, Any] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Decision:
    """Yes, under these conditions; or no, for these reasons."""

    is_allowed: bool
    reasons: tuple[Statement, ...] = ()
    conditions: tuple[Statement, ...] = ()
