"""Assignments and planned events as search finds them. People, papers and whereabouts are never found by it."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from broadcasters.search import NamedSearch
from correspondents.models import Assignment, PlannedEvent
from mediaexchange.core.languages.localize import resolve_field
from mediaexchange.core.languages.tags import STORED
from mediaexchange.core.models import User
from mediaexchange.core.search.registry import Document, SearchType, Shown, Text, Wanted, Weight, register


@register
class PlannedEventSearch(NamedSearch):
    key = "planned-event"
    model = PlannedEvent
    icon = "event"
    resource = "correspondents"
    route = "api:plannedevent-detail"
    route_field = "uid"
    described = ("description",)
    has_names = False  # its title is a sentence, not a name


@register
class AssignmentSearch(SearchType):
    """By title and brief; who goes is not in the index."""

    key = "assignment"
    model = Assignment
    icon = "assignment_ind"
    resource = "correspondents"
    route = "api:assignment-detail"

    def objects(self, ids: Collection[int]) -> Sequence[Any]:
        return list(Assignment.objects.filter(pk__in=ids))

    def describe(self, record: Any) -> Iterable[Document]:
        fields: tuple[tuple[str, Weight], ...] = (("title", "A"), ("brief", "B"))
        texts = [
            Text(weight, words, language)
            for field, weight in fields
            for language in STORED
            if (words := getattr(record, f"{field}_{language}") or "")
        ]
        yield Document(record.pk, "", tuple(texts))

    def shown(self, wanted: Sequence[Wanted], reader: User, language: str) -> dict[int, Shown]:
        visible = Assignment.objects.visible_to(reader).filter(pk__in=[each.object_id for each in wanted])
        found = {}
        for row in visible:
            title = resolve_field(row, "title", language)
            brief = resolve_field(row, "brief", language)
            found[row.pk] = Shown(str(row.uid), "", title.text, (brief,), title.language or language)
        return found
