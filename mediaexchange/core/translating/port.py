"""What anything that translates looks like from here, and how it fails."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import ClassVar, Protocol


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Translated:
    """One segment as inline HTML; "" where the translator has nothing, and says so by that.

    ``percent`` is how alike a remembered source is, None for what no memory gave.
    """

    text: str
    provider: str
    model: str
    percent: int | None = None
    at: datetime = field(default_factory=_now)


class Translator(Protocol):
    """Languages are stored codes ("sr", "kk") or, for languages without columns, BCP 47 tags."""

    name: str

    def supports(self, source: str, target: str) -> bool:
        """Whether it is worth asking. Asks nobody."""
        ...

    def translate(self, segments: Sequence[str], source: str, target: str) -> list[Translated]:
        """As many as segments, in their order. Segments are inline HTML. Raises TranslationError; spends money."""
        ...


class TranslationError(Exception):
    """``detail`` is for the person who repairs the service's settings: English, and nothing that the service quoted.

    A text goes in batches: ``found`` are the translations of the first segments, which came before the failure, and
    ``charged`` is how many characters the service may have counted.
    """

    code: ClassVar[str]
    may_pass: ClassVar[bool] = False  # whether trying again later makes sense
    was_charged: ClassVar[bool] = False  # whether the service may have counted the batch that failed

    def __init__(self, detail: str, retry_after: timedelta | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.retry_after = retry_after
        self.found: list[Translated] = []
        self.charged = 0


class QuotaError(TranslationError):
    code = "quota"


class KeyRefusedError(TranslationError):
    code = "refused"


class RequestRefusedError(TranslationError):
    """Our request, as such: an unknown language, a parameter."""

    code = "rejected"


class TooLongError(TranslationError):
    code = "too-long"


class BusyError(TranslationError):
    code = "busy"
    may_pass = True


class UnavailableError(TranslationError):
    code = "unavailable"
    may_pass = True
    was_charged = True


class TooSlowError(UnavailableError):
    """Nothing was sent any more."""

    was_charged = False


class GarbageError(TranslationError):
    """Something answered, but not with one translation for each segment."""

    code = "garbage"
    was_charged = True
