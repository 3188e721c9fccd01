"""Items as documents: what each reader may see of them, in pages of a bounded size."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.utils.translation import get_language, override

from archive.catalogue import visible_parents, with_parts
from archive.formats.registry import DOCUMENTS, DocumentFormat
from archive.formats.tables import csv_lines
from archive.formats.writing import Shown
from archive.import_words import told
from archive.models import Item
from archive.parsing.base import Code
from broadcasters.permissions import roles_of
from mediaexchange.core.errors import DomainError
from mediaexchange.core.languages.tags import DEFAULT
from mediaexchange.core.models import User

CHUNK = 200


@dataclass(frozen=True, slots=True)
class Document:
    content_type: str
    file_name: str
    pieces: Iterator[bytes]


def shown_to(items: QuerySet[Item], reader: User | AnonymousUser) -> Iterator[Shown]:
    """Items as this reader sees them, in the query's order by id: a fixed number of queries for each two hundred."""
    houses = set(roles_of(reader)) if isinstance(reader, User) else set()
    after = 0
    while True:
        page = list(with_parts(items.filter(pk__gt=after)).order_by("pk")[:CHUNK])
        if not page:
            return
        parents = visible_parents(page, Item.objects.visible_to(reader))
        for item in page:
            yield Shown(item, item.broadcaster_id in houses, item.parent_id in parents)
        after = page[-1].pk


def export_items(items: QuerySet[Item], format: str, *, reader: User | AnonymousUser) -> Document:
    """What the reader may see of these items as one document.

    Raises DomainError for an unknown format, for nothing at all, and for more than a document of that format holds.
    """
    chosen = DOCUMENTS.get(format)
    if chosen is None:
        raise DomainError(Code.UNKNOWN_FORMAT, told(Code.UNKNOWN_FORMAT), formats=sorted(DOCUMENTS))
    visible = items.filter(pk__in=Item.objects.visible_to(reader).values("pk")).order_by()
    count = visible[: chosen.most + 1].count()
    if count == 0:
        raise DomainError(Code.NO_RECORDS, told(Code.NO_RECORDS))
    if count > chosen.most:
        raise DomainError(Code.TOO_LARGE, told(Code.TOO_LARGE), most=chosen.most)
    pieces = _pieces(chosen, visible, reader, get_language() or DEFAULT)
    return Document(chosen.content_type, f"items.{chosen.extension}", pieces)


def _pieces(
    chosen: DocumentFormat, items: QuerySet[Item], reader: User | AnonymousUser, language: str
) -> Iterator[bytes]:
    """CSV goes out line by line, when the request's language is forgotten already; the others are whole documents."""
    shown = shown_to(items, reader)
    lines = csv_lines(shown) if chosen.name == "csv" else (chosen.render(list(each)) for each in [shown])
    while True:
        with override(language):
            piece = next(lines, None)
        if piece is None:
            return
        yield piece
