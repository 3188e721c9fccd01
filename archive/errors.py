"""What the store says no to for good."""

from archive.constants import FileRefusal
from mediaexchange.core.errors import DomainError


class FileRefusedError(DomainError):
    """Content that is not kept, whoever brings it; its row keeps the ``refusal``."""

    def __init__(self, refusal: FileRefusal) -> None:
        super().__init__(refusal.value, refusal.label)
        self.refusal = refusal
