"""Translated fields in templates."""

from typing import Any

from django import template

from mediaexchange.core.languages.localize import localized

register = template.Library()


@register.filter
def text(record: Any, field: str) -> str:
    """The field in the reader's language and script."""
    return localized(record, field)
