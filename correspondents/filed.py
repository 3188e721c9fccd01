"""What is filed for assignments by apps above this one: each registers how its things are listed and filed."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from correspondents.models import Assignment, CoverageWish
from mediaexchange.core.errors import Message
from mediaexchange.core.models import User


@dataclass(frozen=True, slots=True)
class Filed:
    """One thing that came of an assignment, as the reader may see it; ``url`` is its page, or ""."""

    title: str
    url: str
    filed_at: datetime


@dataclass(frozen=True, slots=True)
class FiledKind:
    """``listed`` gives by assignment what the reader sees; ``choices`` what could be filed now; ``file`` does it.

    ``file`` raises DomainError as ``correspondents.services.filing`` does; a choice is a row's id.
    """

    code: str
    title: Message
    listed: Callable[[Iterable[int], User], dict[int, list[Filed]]]
    choices: Callable[[Assignment, User], list[tuple[int, str]]]
    file: Callable[[Assignment, int, User, CoverageWish | None], object]


_KINDS: dict[str, FiledKind] = {}


def register(kind: FiledKind) -> None:
    """At import, when the app is ready."""
    _KINDS[kind.code] = kind


def kinds() -> list[FiledKind]:
    return list(_KINDS.values())
