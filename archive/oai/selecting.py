"""Which records a reader is given: what they may read now, and a tombstone for what they may have read before.

Whoever has no key reads what is public. A record's datestamp is when it was changed last, or the end of its embargo if
that came later. Lists go by the row's id, which never changes: a record that is changed while a list is being read is
neither lost nor given twice.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.db.models import Case, F, Max, Min, Q, QuerySet, When
from django.db.models.functions import Greatest, Now

from archive.catalogue import visible_parents, with_parts
from archive.constants import Category
from archive.formats.writing import Shown
from archive.models import Collection, Item
from archive.oai.arguments import Selection
from broadcasters.models import Broadcaster
from broadcasters.permissions import roles_of
from mediaexchange.core.models import User

Reader = User | AnonymousUser
# A change counts from the clock when it was made, but is seen when its transaction ends. No change that is yet to be
# seen is older than the oldest transaction that has written something: from then on a harvester asks again.
_HORIZON = """
SELECT coalesce(min(xact_start), clock_timestamp()) FROM pg_stat_activity
 WHERE datname = current_database() AND backend_xid IS NOT NULL AND pid <> pg_backend_pid()
"""


@dataclass(frozen=True, slots=True)
class Row:
    """A record, or a tombstone; ``shown`` is None for that, and where no metadata was asked for."""

    pk: int
    uid: UUID
    stamp: datetime
    holder: str
    sets: tuple[str, ...]
    is_readable: bool
    shown: Shown | None


def readable_by(reader: Reader) -> QuerySet[Item]:
    if reader.is_authenticated:
        return Item.objects.visible_to(reader)
    return Item.objects.public()


def safe_moment() -> datetime:
    """Until when a reader has seen every change, whatever transactions are still under way; whole seconds, UTC."""
    with connection.cursor() as cursor:
        cursor.execute(_HORIZON)
        (moment,) = cursor.fetchone()
    return moment.astimezone(UTC).replace(microsecond=0)  # type: ignore[no-any-return]


def earliest() -> datetime:
    """No datestamp is older. Now, where there is nothing."""
    oldest = Item.objects.aggregate(oldest=Min("changed_at"))["oldest"]
    return (oldest or safe_moment()).astimezone(UTC).replace(microsecond=0)


def newest_id() -> int:
    return Item.objects.aggregate(newest=Max("pk"))["newest"] or 0


def page_of(selection: Selection, reader: Reader, limit: int, *, with_metadata: bool) -> list[Row]:
    """Up to ``limit`` rows after the selection's place."""
    items = _known_to(reader).filter(pk__gt=selection.after, pk__lte=selection.last)
    items = _within(_in_set(items, selection, reader), selection)
    return _rows(items.order_by("pk")[:limit], reader, with_metadata=with_metadata)


def one(uid: UUID, reader: Reader) -> Row | None:
    found = _rows(_known_to(reader).filter(uid=uid), reader, with_metadata=True)
    return found[0] if found else None


def _known_to(reader: Reader) -> QuerySet[Item]:
    stamp = Case(
        When(embargoed_until__lte=Now(), then=Greatest("changed_at", "embargoed_until")), default=F("changed_at")
    )
    known = readable_by(reader) | Item.objects.once_read_by(reader)
    return known.annotate(stamp=stamp)


def _in_set(items: QuerySet[Item], selection: Selection, reader: Reader) -> QuerySet[Item]:
    if selection.set_kind == "category":
        return items.filter(category=selection.set_value)
    if selection.set_kind == "holder":
        return items.filter(broadcaster__slug=selection.set_value)
    if selection.set_kind == "collection":
        return items.filter(collection__in=_shelves(reader).filter(slug=selection.set_value))
    return items


def _shelves(reader: Reader) -> QuerySet[Collection]:
    """How a house orders its archive is its own business."""
    return Collection.objects.visible_to(reader)


def _within(items: QuerySet[Any], selection: Selection) -> QuerySet[Any]:
    """The first condition is one that an index answers; the second makes it exact."""
    if from_at := selection.from_at:
        items = items.filter(Q(changed_at__gte=from_at) | Q(embargoed_until__gte=from_at), stamp__gte=from_at)
    if until_at := selection.until_at:
        items = items.filter(stamp__lt=until_at)
    return items


def _rows(items: QuerySet[Item], reader: Reader, *, with_metadata: bool) -> list[Row]:
    loaded = with_parts(items) if with_metadata else items.select_related("broadcaster", "collection")
    page = list(loaded)
    readable = set(readable_by(reader).filter(pk__in=[item.pk for item in page]).values_list("pk", flat=True))
    alive = [item for item in page if item.pk in readable]
    parents = visible_parents(alive, readable_by(reader)) if with_metadata else set()
    houses = set(roles_of(reader)) if isinstance(reader, User) else set()
    return [_row(item, item.pk in readable, houses, parents) for item in page]


def _row(item: Item, is_readable: bool, houses: set[int], parents: set[int]) -> Row:
    holder = item.broadcaster.slug
    sets = [f"holder:{holder}"]
    if is_readable:  # what has become of a record since it was closed is nobody else's business
        sets.append(f"category:{item.category}")
        if item.collection and item.broadcaster_id in houses:
            sets.append(f"collection:{item.collection.slug}")
    shown = Shown(item, item.broadcaster_id in houses, item.parent_id in parents) if is_readable else None
    stamp: datetime = item.stamp  # type: ignore[attr-defined]  # annotated above
    return Row(item.pk, item.uid, stamp.astimezone(UTC), holder, tuple(sets), is_readable, shown)


def sets_for(reader: Reader) -> list[tuple[str, str]]:
    """(setSpec, name): categories, holders of whom the reader may read anything, collections of their own house."""
    readable = readable_by(reader).order_by()
    found = [(f"category:{category.value}", str(category.label)) for category in Category]
    holders = Broadcaster.objects.filter(pk__in=readable.values("broadcaster")).order_by("slug")
    found += [(f"holder:{house.slug}", str(house)) for house in holders]
    return found + [(f"collection:{each.slug}", str(each)) for each in _shelves(reader).order_by("slug")]
