"""What single values of an import may be, and the form in which their texts are stored."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import DecimalField, IntegerField

from archive.models import Track
from archive.parsing.base import UNDETERMINED
from mediaexchange.core.edtf import span_of
from mediaexchange.core.languages.normalise import normalise_text
from mediaexchange.core.validators import validate_language_tag

_BELOW_ZERO = frozenset({"rotation", "loudness_lufs", "loudness_range_lu", "true_peak_dbtp"})


def storable(value: Any) -> Any:
    """Every text in the form in which it is stored: no NUL, no lone surrogate, NFC."""
    if isinstance(value, str):
        return normalise_text(value, UNDETERMINED).strip()
    if isinstance(value, list):
        return [storable(item) for item in value]
    if isinstance(value, dict):
        return {name: storable(item) for name, item in value.items()}
    return value


def is_measure(name: str, value: Any) -> bool:
    """Whether a number of a track fits its column; only what turns or is loud goes below zero. Texts always do."""
    field = Track._meta.get_field(name)
    if not isinstance(field, (IntegerField, DecimalField)):
        return True
    try:
        number = field.clean(value, None)
    except ValidationError:
        return False
    return bool(number >= 0) or name in _BELOW_ZERO


def is_tag(tag: str) -> bool:
    if len(tag) > 35:
        return False
    try:
        validate_language_tag(tag)
    except ValidationError:
        return False
    return True


def is_date(text: str) -> bool:
    """An EDTF date whose first day is not behind its last."""
    try:
        span = span_of(text)
    except ValidationError:
        return False
    return span.first is None or span.last is None or span.first <= span.last
