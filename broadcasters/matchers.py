"""The registry of what airings can have been. Apps register a matcher each; matching asks them and never knows them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

from mediaexchange.core.errors import Message

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from broadcasters.models import Airing, Broadcaster
    from mediaexchange.core.models import User

REFERENCE = 100  # the score of a match by reference; what is only alike scores less
LEAST = 40  # what is less alike is not suggested


@dataclass(frozen=True, slots=True)
class Candidate:
    """``evidence_uid`` is what lets the house use the subject: a take, a window, a grant."""

    airing_id: int
    subject_uid: UUID
    evidence_uid: UUID
    score: int
    reasons: list[dict[str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Claim:
    """What a confirmed match says of the airing. ``origin_id`` None leaves its origin as it was reported."""

    origin_id: int | None = None
    is_joint: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """A subject as this reader may see it: its title, and the admin's page of it."""

    title: str
    address: str


class Matcher(Protocol):
    subject_type: str
    title: Message

    def candidates(self, house: "Broadcaster", airings: Sequence["Airing"]) -> Iterable[Candidate]:
        """What each of these airings of the house, none of them matched yet, may have been."""
        ...

    def claim(self, house: "Broadcaster", subject_uid: UUID, evidence_uid: UUID) -> Claim:
        """Raises ConflictError where the evidence is gone."""
        ...

    def confirm(self, airing: "Airing", evidence_uid: UUID, *, actor: "User") -> None:
        """Make the record that reporting by hand makes. The airing has its subject already. Safe to repeat.

        Raises what the app's own service raises.
        """
        ...

    def shown(self, uids: Iterable[UUID], user: "User | AnonymousUser") -> dict[UUID, Shown]:
        """Those of them that the user may see."""
        ...

    def made_by(self, uid: UUID, user: "User | AnonymousUser") -> int | None:
        """The house that made it; None for what the user may not see."""
        ...


_REGISTERED: dict[str, Matcher] = {}


def register(matcher: Matcher) -> None:
    """Called by each app's ``matching`` when the apps are ready. Raises ValueError for a subject that has one."""
    if _REGISTERED.setdefault(matcher.subject_type, matcher) is not matcher:
        raise ValueError(f"There is a matcher of {matcher.subject_type} already.")


def matchers() -> list[Matcher]:
    """All of them, by the name of their subject."""
    return [_REGISTERED[name] for name in sorted(_REGISTERED)]


def matcher_of(subject_type: str) -> Matcher | None:
    return _REGISTERED.get(subject_type)


def reason(code: str, value: object = "") -> dict[str, str]:
    """Told by ``import_words.told_reason``."""
    return {"code": code, "value": str(value)}
