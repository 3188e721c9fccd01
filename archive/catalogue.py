"""An item as plain values: what documents say of it and what imports compare it with.

The names and shapes are those of ``archive.parsing.base``; texts in stored languages stand under their columns
(``title_sr``), main titles therefore not among ``titles``. Relations are named by slug or identifier.
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import Model, QuerySet

from archive.models import Credit, Instantiation, Item, ItemPlace, Track
from mediaexchange.core.languages.tags import STORED

TEXT_COLUMNS = tuple(f"{field}_{language}" for field in ("title", "description") for language in STORED)
PLAIN = ("category", "asset_type", "dated", "rights_statement", "rights_note", "credit_line", "source_note")
WORDS = ("genres", "topics", "subjects", "speech_languages", "subtitle_languages", "credit_languages")
PARTS = ("titles", "descriptions", "dates", "identifiers", "credits", "places")
FIELDS = (
    "identifier", *PLAIN[:2], *TEXT_COLUMNS, *PLAIN[2:], *WORDS, "expected_children", "collection", "series", "parent",
    *PARTS, "instantiations",
)  # fmt: skip
CARRIER_TEXTS = (
    "kind", "generation", "identifier", "format", "location", "digitised_on", "start_timecode", "colours", "note",
)  # fmt: skip
TRACK_FIELDS = tuple(
    field.name for field in Track._meta.concrete_fields if field.name not in ("id", "instantiation")
)  # fmt: skip
_TRACK_DEFAULTS = {field.name: field.get_default() for field in Track._meta.concrete_fields if field.has_default()}


def with_parts(items: QuerySet[Item]) -> QuerySet[Item]:
    """Items with all that ``values_of`` and the documents ask of them: a fixed number of queries a page."""
    return items.select_related("broadcaster", "collection", "series", "parent").prefetch_related(
        "titles", "descriptions", "dates", "identifiers", "credits__person", "places__place", "instantiations__tracks",
        "instantiations__holder", "instantiations__file",
    )  # fmt: skip


def values_of(item: Item) -> dict[str, Any]:
    """Everything, as JSON holds it. The item was loaded by ``with_parts``."""
    values: dict[str, Any] = {name: getattr(item, name) or "" for name in ("identifier", *PLAIN, *TEXT_COLUMNS)}
    values |= {name: list(getattr(item, name)) for name in WORDS}
    values |= {
        "expected_children": item.expected_children,
        "collection": item.collection.slug if item.collection else "",
        "series": item.series.slug if item.series else "",
        "parent": item.parent.identifier if item.parent else "",
        "titles": [[row.kind, row.language, row.text] for row in item.titles.all()],
        "descriptions": [[row.kind, row.language, row.text] for row in item.descriptions.all()],
        "dates": [[row.kind, row.dated] for row in item.dates.all()],
        "identifiers": [[row.source, row.value] for row in item.identifiers.all()],
        "credits": [credit_values(row) for row in item.credits.all()],
        "places": [place_values(row) for row in item.places.all()],
        "instantiations": [carrier_values(row) for row in item.instantiations.all()],
    }
    return values


def credit_values(row: Credit) -> list[str]:
    return [row.role, row.person.slug if row.person else "", "" if row.person else row.name, row.note]


def place_values(row: ItemPlace) -> list[str]:
    return [row.relation, row.place.slug]


def carrier_values(row: Instantiation) -> dict[str, Any]:
    """``tracks`` without what is empty; ``has_file`` says that the pipeline measured them."""
    values: dict[str, Any] = {name: getattr(row, name) for name in CARRIER_TEXTS}
    return values | {
        "uid": str(row.uid),
        "holder": row.holder.slug if row.holder else "",
        "duration_ms": row.duration_ms,
        "has_file": row.file_id is not None,
        "tracks": [track_values(track) for track in row.tracks.all()],
    }


def track_values(row: Track) -> dict[str, Any]:
    values = {}
    for name in TRACK_FIELDS:
        value = getattr(row, name)
        if value not in (None, "") and value != _TRACK_DEFAULTS.get(name, ...):
            values[name] = str(value) if name.startswith(("loudness", "true_peak")) else value
    return values


def visible_parents(items: Iterable[Item], readable: QuerySet[Item]) -> set[int]:
    """Ids of those wholes of these items that the reader may read: the identifier of another one is a secret."""
    wanted = {item.parent_id for item in items if item.parent_id}
    return set(readable.filter(pk__in=wanted).values_list("pk", flat=True)) if wanted else set()


def names_of(record: Model, field: str = "name") -> list[tuple[str, str]]:
    """(stored language, text) of a translated field, as far as it is filled."""
    return [(language, text) for language in STORED if (text := getattr(record, f"{field}_{language}") or "")]
