"""Initiatives and guidelines as search finds them."""

from collections.abc import Iterable
from typing import Any

from broadcasters.models import Guideline, Initiative
from broadcasters.search import NamedSearch
from mediaexchange.core.languages.tags import STORED
from mediaexchange.core.search.registry import Document, Text, register


@register
class InitiativeSearch(NamedSearch):
    key = "initiative"
    model = Initiative
    icon = "rocket_launch"
    route = "api:initiative-detail"
    described = ("summary",)
    has_names = False  # its title is a sentence, not a name


@register
class GuidelineSearch(NamedSearch):
    """By title and by the words of the newest version."""

    key = "guideline"
    model = Guideline
    icon = "menu_book"
    route = "api:guideline-detail"
    has_names = False

    def describe(self, record: Any) -> Iterable[Document]:
        newest = record.versions.order_by("-number").first()
        words = [
            Text("C", text, language)
            for language in STORED
            if newest and (text := getattr(newest, f"text_{language}") or "")
        ]
        yield Document(record.pk, "", (*self._texts(record, "A", "name"), *words, Text("B", record.slug, "en")))
