"""Productions as search finds them: by title, logline, objectives, themes and what partners wrote of their revisions.

Who sees a production is asked inside each search. Money is never in the index.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.conf import settings
from django.db.models import Prefetch

from broadcasters.search import NamedSearch
from mediaexchange.core.errors import Message
from mediaexchange.core.languages.tags import stored_language, to_bcp47
from mediaexchange.core.search.registry import Document, Text, register
from productions.constants import ProductionKind
from productions.models import Note, Production


@register
class ProductionSearch(NamedSearch):
    key = "production"
    model = Production
    icon = "movie_edit"
    resource = "productions"
    route = "api:production-detail"
    route_field = "uid"
    described = ("logline", "objectives")
    has_names = False  # its title is a sentence, not a name

    def kinds(self) -> dict[str, Message]:
        return {kind.value: kind.label for kind in ProductionKind}

    def objects(self, ids: Collection[int]) -> Sequence[Any]:
        rows = Production.objects.filter(pk__in=ids).select_related("made_by")
        notes = Note.objects.select_related("author").order_by("pk")
        return list(rows.prefetch_related("themes", Prefetch("revisions__notes", notes)))

    def describe(self, record: Production) -> Iterable[Document]:
        texts = [*self._texts(record, "A", "name")]
        for field in self.described:
            texts += self._texts(record, "B", field)
        for theme in record.themes.all():
            texts += self._texts(theme, "B", "name")
        texts.append(Text("B", record.slug, "en"))
        for revision in record.revisions.all():
            texts += [Text("C", note.text, _language_of(note)) for note in revision.notes.all()]
        yield Document(
            record.pk, "", (*texts,), fresh_at=record.created_at, origin=record.made_by.slug, kind=record.kind
        )


def _language_of(note: Note) -> str:
    """People write in the language in which they read."""
    written_in = stored_language(to_bcp47(note.author.language)) if note.author else None
    return written_in or settings.MODELTRANSLATION_DEFAULT_LANGUAGE
