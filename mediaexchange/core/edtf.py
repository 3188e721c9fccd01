"""Uncertain dates: the Extended Date/Time Format (ISO 8601-2:2019), its text as written and the days it may mean."""

import math
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from edtf import parse_edtf
from edtf.parser.edtf_exceptions import EDTFParseException

from mediaexchange.core.validators import validate_day

MAX_CHARACTERS = 60
UNKNOWN = "XXXX"


@dataclass(frozen=True, slots=True)
class Span:
    """The first and the last day that a date may mean. None is an open or unknown end, or beyond years 1 to 9999."""

    first: date | None
    last: date | None


@lru_cache(maxsize=2048)  # the parser takes milliseconds, and a calendar asks for the same dates again and again
def span_of(text: str) -> Span:
    """The days of an EDTF text; both None for "" and for a date that says nothing. Raises ValidationError."""
    if not text or text == UNKNOWN:
        return Span(None, None)
    if len(text) > MAX_CHARACTERS:
        raise _invalid(text)
    try:
        parsed = parse_edtf(text)
        first, last = parsed.lower_strict(), parsed.upper_strict()
    except (EDTFParseException, ValueError, OverflowError, TypeError, AttributeError) as error:
        raise _invalid(text) from error
    _start, _slash, end = text.partition("/")
    return Span(None if text.startswith("/") else _day(first), None if _slash and not end else _day(last, is_last=True))


def validate_edtf(text: str) -> None:
    """A field's validator. Raises ValidationError."""
    span_of(text)


def validate_near_edtf(text: str) -> None:
    """The same for plans, whose days pages count: between 1900 and 2200, as far as they are known."""
    span = span_of(text)
    for day in (span.first, span.last):
        if day is not None:
            validate_day(day)


def _invalid(text: str) -> ValidationError:
    return ValidationError(
        _("“%(text)s” is no EDTF date. Write 1961-09, 1961~, 1944-10/1944-11 or XXXX for unknown."),
        code="edtf-invalid",
        params={"text": text[:MAX_CHARACTERS]},
    )


def _day(moment: Any, *, is_last: bool = False) -> date | None:
    """A date of what edtf gives: a struct_time, whose day may be past the month's end, or an infinity."""
    if isinstance(moment, float):
        if math.isinf(moment):
            return None
        raise ValueError(moment)
    year, month, day = moment[:3]
    if not 1 <= year <= 9999:
        return None
    month = min(max(month, 1), 12)
    return date(year, month, min(max(day, 1), monthrange(year, month)[1]))
