"""What calendars show: apps register functions that give a user's events, and the desks and modules that have some.

A source asks ``visible_to`` each time it is called, so that a calendar never knows more than its reader.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol
from uuid import UUID

from django.utils import timezone

from mediaexchange.core.models import CalendarKind, User

LOOKS_BACK = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Event:
    """One entry. Aware datetimes, or dates for whole days: then ``ends`` is the last of them.

    ``uid`` never changes, ``sequence`` rises with each change that a calendar must tell (RFC 5545, 3.8.7.4); what is
    called off stays, with ``is_cancelled``. ``changed_at`` is when the row was last written. Texts are in the active
    language.
    """

    uid: UUID | str
    sequence: int
    summary: str
    starts: datetime | date
    ends: datetime | date
    is_cancelled: bool
    changed_at: datetime
    description: str = ""
    location: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Subject:
    """A desk (a broadcaster) or a module whose calendar the user may read."""

    kind: str
    uid: UUID
    name: str


class Source(Protocol):
    """Events that ``user`` may see: of a broadcaster or a module by its UID; with neither, those of the person."""

    def __call__(self, user: User, *, broadcaster: UUID | None = None, module: UUID | None = None) -> list[Event]: ...


Subjects = Callable[[User], list[Subject]]

_SOURCES: dict[str, Source] = {}
_SUBJECTS: list[Subjects] = []


def source(name: str) -> Callable[[Source], Source]:
    """Register what an app adds to calendars; at import, in the app's ``calendars`` module. A name is taken once."""

    def register(function: Source) -> Source:
        if _SOURCES.setdefault(name, function) is not function:
            raise ValueError(f"There is a source of events “{name}” already.")
        return function

    return register


def subjects(function: Subjects) -> Subjects:
    """Register a function that says which desks or modules have a calendar for a user."""
    _SUBJECTS.append(function)
    return function


def subjects_of(user: User) -> list[Subject]:
    """Every desk and module whose calendar the user may read now, named in the active language."""
    return [subject for function in _SUBJECTS for subject in function(user)]


def earliest() -> datetime:
    """What ended before this is in no calendar; for the sources' queries."""
    return timezone.now() - LOOKS_BACK


def events_for(user: User, *, kind: str, subject: UUID | None = None) -> list[Event]:
    """All sources' events by their beginning; whether the user may have this calendar is asked elsewhere."""
    broadcaster = subject if kind == CalendarKind.DESK else None
    module = subject if kind == CalendarKind.MODULE else None
    events = [
        event for function in _SOURCES.values() for event in function(user, broadcaster=broadcaster, module=module)
    ]
    return sorted(events, key=lambda event: (event.starts.isoformat(), str(event.uid)))
