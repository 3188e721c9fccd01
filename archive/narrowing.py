"""What items can be narrowed to, as conditions: for the API's filters, its facets and the admin."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from enum import StrEnum
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from archive.constants import GrantStatus, PremisOutcome, PremisType, TextKind
from archive.models import (
    Collection,
    Credit,
    Grant,
    Instantiation,
    Item,
    ItemPlace,
    PreservationEvent,
    Series,
    TimedText,
)
from archive.periods_in_sql import dated_within
from archive.querysets import Narrowing
from archive.rights import is_cleared
from archive.speech_in_sql import speaks
from broadcasters.models import Broadcaster, Person, Place
from broadcasters.querysets import member_ids

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from mediaexchange.core.models import User

FIRST_DECADE, LAST_DECADE = 1880, 2030
SUBTITLES = (TextKind.SUBTITLES, TextKind.CAPTIONS)


class Fixity(StrEnum):
    """How the files of an item stand; a house knows it of its own."""

    CHECKED = "checked"
    NEVER = "never"
    FAILED = "failed"
    NO_FILE = "no-file"


def in_decade(year: int) -> Narrowing:
    return dated_between(date(year, 1, 1), date(year + 9, 12, 31))


def dated_between(first: date | None, last: date | None) -> Narrowing:
    return _by_column(dated_within(first, last))


def undated() -> Narrowing:
    return Narrowing(Q(dated_first__isnull=True, dated_last__isnull=True))


def of_category(category: str) -> Narrowing:
    return _by_column(Q(category=category))


def of_topic(topic: str) -> Narrowing:
    return replace(_by_column(Q(topics__contains=[topic])), is_inverted=True)


def held_by(houses: Iterable[int]) -> Narrowing:
    """By ids: PostgreSQL knows how many items a house has if it is told the house itself."""
    return _by_column(Q(broadcaster__in=list(houses)))


def of_collection(slug: str, seen: QuerySet[Collection]) -> Narrowing:
    """In it, or in one that lies in it."""
    inside = seen.filter(Q(slug=slug) | Q(parent__slug=slug) | Q(parent__parent__slug=slug))
    return _by_column(Q(collection__in=inside))


def of_series(slug: str, seen: QuerySet[Series]) -> Narrowing:
    return _by_column(Q(series__in=seen.filter(slug=slug)))


def identified(identifier: str) -> Narrowing:
    houses = list(Broadcaster.objects.values_list("pk", flat=True))
    return _by_column(Q(broadcaster__in=houses, identifier=identifier))


def changed_since(moment: datetime) -> Narrowing:
    return _by_column(Q(changed_at__gte=moment))


def speaking(tag: str) -> Narrowing:
    """In that language, whatever script or region it was catalogued in."""
    return replace(_by_column(speaks(tag.partition("-")[0])), is_inverted=True)


def crediting(slug: str) -> Narrowing:
    return _by_part(Credit.objects.filter(person__in=Person.objects.filter(slug=slug)))


def at_place(slug: str) -> Narrowing:
    """There or in a place that is a part of it, such as a street of a city of a country."""
    there = Place.objects.filter(Q(slug=slug) | Q(parent__slug=slug) | Q(parent__parent__slug=slug))
    return _by_part(ItemPlace.objects.filter(place__in=there))


def has_subtitles() -> Narrowing:
    return _by_part(TimedText.objects.filter(kind__in=SUBTITLES))


def has_transcript() -> Narrowing:
    return _by_part(TimedText.objects.filter(kind=TextKind.TRANSCRIPT))


def cleared_for(user: "User | AnonymousUser") -> Narrowing:
    """What one of the user's houses may use now, at home, on any platform."""
    houses: Iterable[Broadcaster] = Broadcaster.objects.of(user)
    own = _own_ids(user)
    to_us = Q(grantee__in=member_ids(user)) | Q(grantee__isnull=True)
    granted = ids_of(Grant.objects.filter(to_us, status=GrantStatus.ACTIVE), "item")
    return Narrowing(reduce(or_, (is_cleared(house) for house in houses), Q(pk__in=[])), (own, granted))


def _own_ids(user: "User | AnonymousUser") -> QuerySet[Any]:
    return ids_of(Item.objects.filter(broadcaster__in=list(member_ids(user).values_list("broadcaster", flat=True))))


def ids_of(rows: QuerySet[Any], name: str = "pk") -> QuerySet[Any]:
    return rows.order_by().values_list(name, flat=True)


def _by_column(condition: Q) -> Narrowing:
    return Narrowing(condition, (ids_of(Item.objects.filter(condition)),))


def _by_part(parts: QuerySet[Any]) -> Narrowing:
    return Narrowing(Q(Exists(parts.filter(item=OuterRef("pk")))), (ids_of(parts, "item"),))


def with_fixity(state: Fixity | str, user: "User | AnonymousUser") -> Narrowing:
    """Of one's own items alone."""
    files = Instantiation.objects.filter(item=OuterRef("pk"), file__isnull=False)
    # The newest check decides: a file that was restored is sound again.
    newest = PreservationEvent.objects.filter(file=OuterRef("file"), kind=PremisType.FIXITY_CHECK).order_by(
        "-at", "-id"
    )
    failed = files.annotate(last=Subquery(newest.values("outcome")[:1])).filter(last=PremisOutcome.FAILURE)
    never = files.filter(file__checked_at__isnull=True)
    condition = {
        Fixity.FAILED: Q(Exists(failed)),
        Fixity.NEVER: Q(Exists(never)) & ~Q(Exists(failed)),
        Fixity.CHECKED: Q(Exists(files)) & ~Q(Exists(never)) & ~Q(Exists(failed)),
        Fixity.NO_FILE: ~Q(Exists(files)),
    }[Fixity(state)]
    own = _own_ids(user)
    return Narrowing(Q(broadcaster__in=member_ids(user)) & condition, (own,))


def with_validation(state: str, user: "User | AnonymousUser") -> Narrowing:
    """What a house finds wrong with its catalogue is its own business."""
    return Narrowing(Q(validation=state, broadcaster__in=member_ids(user)), (_own_ids(user),))
