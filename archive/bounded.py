"""The first items of a question in bounded time, however many there are, whatever is asked, whoever asks.

PostgreSQL would walk all items in order where it hopes to meet enough of them soon, and never meet any. So it is given
no order to walk by, and no more than this to look at:

1. The next items, in the order that is wanted, of each house that lets the reader see anything: a window. Mostly one
   of the first holds enough.
2. Otherwise each condition that has an index is asked for all ids of which it can be true, and so is the reader's
   sight. One that has few has them all: what else is asked is asked of these alone.
3. Otherwise wider windows. After the widest the answer is what was found, and where to go on.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.fields import ArrayField
from django.db import connection, transaction
from django.db.models import BigIntegerField, BooleanField, Exists, F, Func, OuterRef, Q, QuerySet, Value
from django.db.models.fields.tuple_lookups import (
    Tuple,
    TupleGreaterThan,
    TupleGreaterThanOrEqual,
    TupleLessThan,
    TupleLessThanOrEqual,
)
from django.db.models.functions import Coalesce

from archive.constants import Access, ItemStatus
from archive.models import Item
from archive.narrowing import ids_of
from archive.periods_in_sql import dated_key
from archive.querysets import ItemQuerySet, Narrowing, partner_ids
from broadcasters.models import Broadcaster
from broadcasters.querysets import member_ids

if TYPE_CHECKING:
    from mediaexchange.core.models import User

WINDOWS = (1_000, 10_000, 50_000)  # items of each house that are looked at, if the page needs them
_LAST_BEFORE_ASKING = 10_000
FEW = 25_000
Values = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Order:
    """By these fields, the last of them unique; ``dated_key`` is the one of ``periods_in_sql``."""

    fields: tuple[str, ...] = ("id",)
    is_descending: bool = True

    def keyed(self, items: QuerySet[Item]) -> QuerySet[Item]:
        if "dated_key" not in self.fields:
            return items
        return items.annotate(dated_key=dated_key(is_descending=self.is_descending))

    def sorted(self, items: QuerySet[Item]) -> QuerySet[Item]:
        return items.order_by(*(f"-{name}" if self.is_descending else name for name in self.fields))

    def sorted_at_last(self, items: QuerySet[Item]) -> QuerySet[Item]:
        """The same order by no index: what is sorted has been found before."""
        keys = (Coalesce(F(name), F(name)) for name in self.fields)
        return items.order_by(*(key.desc() if self.is_descending else key.asc() for key in keys))

    def after(self, values: Values) -> Q:
        comparison = TupleLessThan if self.is_descending else TupleGreaterThan
        return Q(comparison(self._row(), values))

    def up_to(self, values: Values) -> Q:
        comparison = TupleGreaterThanOrEqual if self.is_descending else TupleLessThanOrEqual
        return Q(comparison(self._row(), values))

    def nearest(self, places: Sequence[Values]) -> Values:
        return max(places) if self.is_descending else min(places)

    def _row(self) -> Tuple:
        return Tuple(*(F(name) for name in self.fields))


@dataclass(frozen=True, slots=True)
class Found:
    """Items in order; ``ended_at`` is the place of the last one that was looked at where there may be more."""

    items: list[Item]
    ended_at: Values | None = None


def first_items(
    items: ItemQuerySet[Item], user: "User", order: Order | None = None, *, wanted: int, start: Values | None = None
) -> Found:
    """The first of what the user sees, narrowed already, after ``start``: fewer than wanted only where none are left,
    or if ``ended_at`` says so."""
    order = order or Order()
    items = order.keyed(items)  # type: ignore[assignment]
    if start is not None:
        items = items.filter(order.after(start))
    houses = _houses_read_by(user)
    with by_index():
        for window in WINDOWS:
            size = max(window, 2 * wanted)
            place = _end_of_window(houses, order, size, start)
            near = items.filter(pk__in=_window(houses, order, size, start)) if houses else items.none()
            near = near if place is None else near.filter(order.up_to(place))
            found = list(order.sorted_at_last(near)[:wanted])
            if len(found) == wanted or place is None:
                return Found(found)
            if window == _LAST_BEFORE_ASKING and (few := _few(items, user)) is not None:
                return Found(list(order.sorted_at_last(items.filter(one_of(few)))[:wanted]) if few else [])
    return Found(found, place)


def few_ids(items: ItemQuerySet[Item], user: "User") -> list[int] | None:
    """Ids among which all of these items are, as far as an index knows them to be few; None if it does not."""
    with by_index():
        return _few(items, user)


def first_ids(narrowing: Narrowing, most: int) -> list[int]:
    """Ids of which the condition may be true, in no order; rows are counted, not different ids."""
    ids: list[int] = []
    with _inverted(narrowing.is_inverted):
        for query in narrowing.among:
            ids += query[: most - len(ids)]
    return ids


def first_ids_of(narrowings: Sequence[Narrowing], most: int) -> list[set[int]]:
    """Of each the first ids, in no order: one statement. Raises ValueError for a condition without one index."""
    parts = []
    for number, narrowing in enumerate(narrowings):
        (query,) = narrowing.among
        parts.append(query.annotate(number=Value(number)).values_list("number", "pk")[:most])
    found: list[set[int]] = [set() for _narrowing in narrowings]
    for number, pk in parts[0].union(*parts[1:], all=True) if parts else ():
        found[number].add(pk)
    return found


def _few(items: ItemQuerySet[Item], user: "User") -> list[int] | None:
    for narrowing in (*items.narrowings, _sight_of(user)):
        ids = first_ids(narrowing, FEW + 1)
        if len(ids) <= FEW:
            return sorted(set(ids))
    return None


def one_of(ids: Sequence[int]) -> Q:
    """One parameter, however many there are."""
    array = Value(list(ids), output_field=ArrayField(BigIntegerField()))
    return Q(_IsAnyOf(F("pk"), array))


class _IsAnyOf(Func):
    template, arg_joiner = "(%(expressions)s))", " = ANY ("
    output_field = BooleanField()


def _houses_read_by(user: "User") -> list[int]:
    """Ids of the holders of all that the user sees; ``visible_to`` decides of which items."""
    public = Item.objects.filter(broadcaster=OuterRef("pk"), status=ItemStatus.PUBLISHED, access=Access.PUBLIC)
    is_member = Q(Exists(member_ids(user)))
    return _ids(Q(pk__in=member_ids(user)) | Q(pk__in=partner_ids(user)) | is_member & Q(Exists(public)))


def _sight_of(user: "User") -> Narrowing:
    """What the user may see, embargoes aside. Told the houses, PostgreSQL knows how many items they have."""
    published = Item.objects.filter(status=ItemStatus.PUBLISHED)
    return Narrowing(
        Q(),
        (
            ids_of(Item.objects.filter(broadcaster__in=_ids(Q(pk__in=member_ids(user))))),
            ids_of(published.filter(access=Access.PARTNERS, broadcaster__in=_ids(Q(pk__in=partner_ids(user))))),
            ids_of(published.filter(access=Access.PUBLIC, broadcaster__in=_ids(Q()))),
        ),
    )


def _ids(houses: Q) -> list[int]:
    return list(Broadcaster.objects.filter(houses).order_by().values_list("pk", flat=True))


def _window(houses: Sequence[int], order: Order, size: int, start: Values | None) -> QuerySet[Any]:
    """Ids of the next items of each house, as a sub-query that no estimate can make longer."""
    parts = [_next(house, order, start).values("pk")[: size + 1] for house in houses]
    return parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]


def _end_of_window(houses: Sequence[int], order: Order, size: int, start: Values | None) -> Values | None:
    """The place up to which at most so many items of each house are met, and one more; None if no house has so many."""
    ends = (_next(house, order, start).values_list(*order.fields)[size : size + 1] for house in houses)
    places = [place for end in ends for place in end]
    return order.nearest(places) if places else None


def _next(house: int, order: Order, start: Values | None) -> QuerySet[Item]:
    rows = order.keyed(Item.objects.filter(broadcaster=house))
    return order.sorted(rows if start is None else rows.filter(order.after(start)))


_SETTINGS = ("enable_seqscan", "enable_bitmapscan", "jit")


@contextmanager
def by_index() -> Iterator[None]:
    """Row by row from an index, none sooner than it is wanted: neither whole tables nor all rows of a value first.

    Where few rows are wanted, PostgreSQL trusts that they come early; where a value has many, it may fetch them all.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("; ".join(f"SET LOCAL {name} = off" for name in _SETTINGS))
        yield
        cursor.execute("; ".join(f"SET LOCAL {name} TO DEFAULT" for name in _SETTINGS))


@contextmanager
def _inverted(is_inverted: bool) -> Iterator[None]:
    if not is_inverted:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_bitmapscan = on")
        yield
        cursor.execute("SET LOCAL enable_bitmapscan = off")
