"""Dates and numbers of templates as people of the active language write them."""

from decimal import Decimal

from django import template
from django.utils.formats import number_format

from mediaexchange.core.edtf_words import edtf_short

register = template.Library()


@register.filter
def as_dated(text: str) -> str:
    """A date as a document says it (EDTF), certain days in the short form."""
    return edtf_short(text)


@register.filter
def grouped(value: int | Decimal | str | None) -> str:
    """With the language's grouping; two places for what is not whole, none for what is. No number stays as it is."""
    if not isinstance(value, int | Decimal):
        return str(value or "")
    places = 0 if value == int(value) else 2
    return number_format(round(Decimal(value), places), places, use_l10n=True, force_grouping=True)
