"""Translated model fields as a reader of the active language sees them."""

from django.db.models import Model
from django.utils.translation import get_language

from mediaexchange.core.languages.resolve import Resolved, resolve
from mediaexchange.core.languages.sort_keys import sort_key
from mediaexchange.core.languages.tags import DEFAULT, STORED, shown_language


def localized(instance: Model, field: str, language: str | None = None) -> str:
    """The field's text in the wanted (else the active) shown language, or in the nearest one that has text."""
    return resolve_field(instance, field, language).text


def resolve_field(instance: Model, field: str, language: str | None = None) -> Resolved:
    """The same with the language that was really given: a fallback is marked by whoever shows it."""
    values = {code: getattr(instance, f"{field}_{code}") or "" for code in STORED}
    return resolve(values, language or get_language() or DEFAULT)


def alphabetical(name: object) -> str:
    """What names are sorted by, so that they stand in the alphabetical order of the active language."""
    return sort_key(str(name), shown_language(get_language() or "") or DEFAULT)
