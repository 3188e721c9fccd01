"""What the store says no to for good, and fields that hold what they cannot."""

from django.core.exceptions import ValidationError

from archive.constants import FileRefusal
from mediaexchange.core.errors import DomainError


class FileRefusedError(DomainError):
    """Content that is not kept, whoever brings it; its row keeps the ``refusal``."""

    def __init__(self, refusal: FileRefusal) -> None:
        super().__init__(refusal.value, refusal.label)
        self.refusal = refusal


def invalid(error: ValidationError) -> DomainError:
    """A field's own validator says no: the first message, with the field's name if it is known."""
    field = next(iter(error.message_dict), None) if hasattr(error, "error_dict") else None
    return DomainError("invalid", error.messages[0], field=field)
