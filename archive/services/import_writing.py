"""A batch of approved changes written: a fixed number of statements, however many items it holds."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import models

from archive.catalogue import (
    CARRIER_TEXTS,
    PLAIN,
    TEXT_COLUMNS,
    TRACK_FIELDS,
    WORDS,
    carrier_values,
    credit_values,
    place_values,
)
from archive.constants import ItemStatus
from archive.models import (
    Collection,
    Credit,
    Instantiation,
    Item,
    ItemDate,
    ItemDescription,
    ItemIdentifier,
    ItemPlace,
    ItemTitle,
    Series,
    Track,
)
from broadcasters.models import Broadcaster, Person, Place
from mediaexchange.core.models import User
from mediaexchange.core.rows import update_rows

Values = dict[str, Any]
SCALARS = (*TEXT_COLUMNS, *PLAIN, *WORDS, "expected_children")
_SIMPLE: dict[str, tuple[type[models.Model], tuple[str, ...]]] = {
    "titles": (ItemTitle, ("kind", "language", "text")),
    "descriptions": (ItemDescription, ("kind", "language", "text")),
    "dates": (ItemDate, ("kind", "dated")),
    "identifiers": (ItemIdentifier, ("source", "value")),
}


@dataclass(slots=True)
class Keys:
    """Slug → key of whatever the batch names."""

    people: dict[str, int]
    places: dict[str, int]
    houses: dict[str, int]
    collections: dict[str, int]
    series: dict[str, int]


@dataclass(slots=True)
class Batch:
    """What is to be deleted and written, gathered over all items."""

    keys: Keys
    gone: dict[type[models.Model], list[int]] = field(default_factory=dict)
    new: dict[type[models.Model], list[Any]] = field(default_factory=dict)
    carriers: list[Instantiation] = field(default_factory=list)

    def delete(self, model: type[models.Model], keys: Iterable[int]) -> None:
        self.gone.setdefault(model, []).extend(keys)

    def create(self, row: Any) -> None:
        self.new.setdefault(type(row), []).append(row)


def write_changes(changed: Sequence[tuple[Item, Values]], broadcaster: Broadcaster, *, actor: User | None) -> list[int]:
    """Write field → value of each item; one without a key is created as a draft. Wholes are set by ``set_wholes``.

    The stored ones are locked by the caller and loaded by ``with_parts``. Returns the keys in the same order.
    """
    batch = Batch(_keys([values for _item, values in changed], broadcaster))
    names: set[str] = set()
    new, stored = [], []
    for item, values in changed:
        names |= _take(item, values, batch.keys)
        if item.pk:
            item.version += 1
            stored.append(item)
        else:
            item.created_by, item.status = actor, ItemStatus.DRAFT
            item.set_span()
            new.append(item)
    Item.objects.bulk_create(new)
    update_rows(stored, names | {"version"})
    for item, values in changed:
        _parts(item, values, batch)
    for model, keys in batch.gone.items():
        model._default_manager.filter(pk__in=keys).delete()
    for model, rows in batch.new.items():
        if model is not Track:
            model._default_manager.bulk_create(rows)
    Track.objects.bulk_create(batch.new.get(Track, []))
    if batch.carriers:
        fields = [*CARRIER_TEXTS, "holder", "duration_ms"]
        Instantiation.objects.bulk_update(batch.carriers, fields)
    return [item.pk for item, _values in changed]


def set_wholes(wanted: dict[int, str], broadcaster: Broadcaster) -> set[int]:
    """Item → identifier of the whole it is part of, "" for none; returns those that cannot be: it would hold itself."""
    own = Item.objects.filter(broadcaster=broadcaster)
    keys = dict(own.filter(identifier__in=set(wanted.values())).values_list("identifier", "pk"))
    above: dict[int, int | None] = (
        dict(own.filter(parent__isnull=False).values_list("pk", "parent_id")) if any(wanted.values()) else {}
    )
    refused: set[int] = set()
    items = {item.pk: item for item in own.filter(pk__in=wanted).select_for_update(of=("self",), no_key=True)}
    changed = []
    for pk, name in wanted.items():
        parent = keys.get(name) if name else None
        if pk not in items or (name and (parent is None or _is_above(pk, parent, above))):
            refused.add(pk)
        elif items[pk].parent_id != parent:
            items[pk].parent_id = parent
            changed.append(items[pk])
            if parent is None:
                above.pop(pk, None)
            else:
                above[pk] = parent
    update_rows(changed, ["parent"])
    return refused


def _is_above(pk: int, parent: int | None, above: dict[int, int | None]) -> bool:
    """Whether the item stands somewhere above what shall be its whole."""
    seen: set[int] = set()
    while parent is not None and parent not in seen:
        if parent == pk:
            return True
        seen.add(parent)
        parent = above.get(parent)
    return False


def _keys(several: list[Values], broadcaster: Broadcaster) -> Keys:
    def slugs(name: str, place: int) -> set[str]:
        return {row[place] for values in several for row in values.get(name, ())}

    def keys(model: type[models.Model], wanted: set[str], **own: Any) -> dict[str, int]:
        found = model._default_manager.filter(slug__in=wanted - {""}, **own).values_list("slug", "pk")
        return dict(found) if wanted - {""} else {}

    holders = {row.get("holder", "") for values in several for row in values.get("instantiations", ())}
    return Keys(
        people=keys(Person, slugs("credits", 1)),
        places=keys(Place, slugs("places", 1)),
        houses=keys(Broadcaster, holders),
        collections=keys(Collection, {values.get("collection", "") for values in several}, broadcaster=broadcaster),
        series=keys(Series, {values.get("series", "") for values in several}, broadcaster=broadcaster),
    )


def _take(item: Item, values: Values, keys: Keys) -> set[str]:
    """Fields of the row itself; which were set."""
    names = set()
    for name in SCALARS:
        if name in values:
            setattr(item, name, values[name])
            names.add(name)
    if "dated" in names:
        item.set_span()
        names |= {"dated_first", "dated_last"}
    for name, known in (("collection", keys.collections), ("series", keys.series)):
        if name in values:
            setattr(item, f"{name}_id", known.get(values[name]))
            names.add(name)
    return names


def _parts(item: Item, values: Values, batch: Batch) -> None:
    for name, (model, columns) in _SIMPLE.items():
        if name in values:
            stored = [(row.pk, [getattr(row, column) for column in columns]) for row in _rows(item, name)]
            for given in _rewritten(stored, values[name], model, batch):
                row = model(item=item, **dict(zip(columns, given, strict=True)))
                if isinstance(row, ItemDate):
                    row.set_span()
                batch.create(row)
    if "credits" in values:
        stored = [(row.pk, credit_values(row)) for row in _rows(item, "credits")]
        given_credits = values["credits"]
        kept = len(given_credits) - len(_rewritten(stored, given_credits, Credit, batch))
        for position, (role, slug, name, note) in list(enumerate(given_credits))[kept:]:
            person = batch.keys.people.get(slug) if slug else None
            bare = "" if person else name or slug  # whoever was deleted meanwhile stays as a name
            batch.create(Credit(item=item, role=role, person_id=person, name=bare, note=note, position=position))
    if "places" in values:
        stored = [(row.pk, place_values(row)) for row in _rows(item, "places")]
        for relation, slug in _rewritten(stored, values["places"], ItemPlace, batch):
            if slug in batch.keys.places:
                batch.create(ItemPlace(item=item, relation=relation, place_id=batch.keys.places[slug]))
    if "instantiations" in values:
        _carriers(item, values["instantiations"], batch)


def _rows(item: models.Model, name: str) -> list[Any]:
    """The stored rows, as they were prefetched; a new item has none."""
    prefetched = getattr(item, "_prefetched_objects_cache", {})
    return list(prefetched[name]) if name in prefetched else []


def _rewritten(
    stored: list[tuple[int, list[str]]], given: list[Any], model: type[models.Model], batch: Batch
) -> list[Any]:
    """Rows keep the order in which they were written: what stands behind the first difference is written anew."""
    same = 0
    while same < min(len(stored), len(given)) and stored[same][1] == given[same]:
        same += 1
    batch.delete(model, [pk for pk, _values in stored[same:]])
    return given[same:]


def _carriers(item: Item, given: list[Values], batch: Batch) -> None:
    """Carriers are added and completed, never taken away: files and steps hang on them."""
    stored = {str(row.uid): row for row in _rows(item, "instantiations")}
    for values in given:
        row = stored.get(values.get("uid", ""))
        if row is None:
            row = Instantiation(item=item, kind=values["kind"], generation=values["generation"])
            batch.create(row)
        elif carrier_values(row) == values:
            continue
        else:
            batch.carriers.append(row)
        for name in CARRIER_TEXTS:
            setattr(row, name, values.get(name, ""))
        row.duration_ms = values.get("duration_ms")
        row.holder_id = batch.keys.houses.get(values.get("holder", ""))
        if not row.pk or not _rows(row, "tracks"):
            for track in values.get("tracks", ()):
                batch.create(Track(instantiation=row, **{name: track[name] for name in TRACK_FIELDS if name in track}))
