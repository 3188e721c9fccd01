"""Translated fields and languages in templates."""

from typing import Any

from django import template

from broadcasters.languages import language_called
from mediaexchange.core.languages.localize import localized

register = template.Library()


@register.filter
def text(record: Any, field: str) -> str:
    """The field in the reader's language and script."""
    return localized(record, field)


@register.filter
def called(tag: str) -> str:
    """The language of a tag, as the reader calls it."""
    return language_called(tag)
