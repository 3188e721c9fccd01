"""Rates in templates."""

from decimal import Decimal

from django import template
from django.utils.formats import number_format

register = template.Library()


@register.filter
def plain_number(value: Decimal) -> str:
    """With as many decimals as it has, in the reader's way of writing numbers."""
    return number_format(f"{value.normalize():f}", use_l10n=True)
