"""Errors that rules raise. One handler knows HTTP; the admin shows the message; tasks record it."""

from typing import Any

from django.utils.functional import Promise

Message = str | Promise


class DomainError(Exception):
    """A rule says no. ``code`` is stable and machine-readable; ``message`` is translated for whoever reads it."""

    status = 422

    def __init__(self, code: str, message: Message, **details: Any) -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.details = details

    def __str__(self) -> str:
        return str(self.message)


class ConflictError(DomainError):
    """The subject is in a state that forbids the move; details hold ``current`` and ``wanted`` where they exist."""

    status = 409


class ForbiddenError(DomainError):
    """The actor sees the subject but lacks the role for this deed."""

    status = 403
