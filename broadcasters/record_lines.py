"""What a line tells of a record behind a figure: its day, its channel, what it is, and how much it adds.

An app says by ``tell`` where its models keep that; of others a line has their own words alone.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Model, QuerySet
from django.utils import timezone
from django.utils.formats import date_format

from broadcasters.indicators import RawCount


@dataclass(frozen=True, slots=True)
class Told:
    """Paths (``airing__title``) of which the first that leads to something is told; a title that is not given is the
    row's own words. ``figure`` is what the row says in numbers, where that is no column that is summed."""

    moments: tuple[str, ...]
    channels: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    figure: Callable[[Any], str] | None = None

    @property
    def related(self) -> set[str]:
        """Relations on these paths, to be read with the rows."""
        paths = (*self.moments, *self.titles, *(f"{channel}__" for channel in self.channels))
        return {relation for path in paths if (relation := path.rpartition("__")[0])}


@dataclass(frozen=True, slots=True)
class RecordLine:
    day: str
    channel: str
    title: str
    figure: str | int
    row: Model


_TOLD: dict[type[Model], Told] = {}


def tell(model: type[Model], told: Told) -> None:
    """Called by each app's ``indicators``."""
    _TOLD[model] = told


def with_what_is_told(rows: QuerySet[Any]) -> QuerySet[Any]:
    """The rows, youngest first, with what their lines tell, in one statement."""
    told = _TOLD.get(rows.model)
    if told is None:
        return rows.order_by("-pk")
    rows = rows.select_related(*sorted(told.related)) if told.related else rows
    return rows.order_by(F(told.moments[0]).desc(nulls_last=True), "-pk")


def lines_of(rows: Iterable[Any], count: RawCount | None) -> list[RecordLine]:
    """In the language and zone that are active."""
    return [_line(row, _TOLD.get(type(row)), count) for row in rows]


def _line(row: Any, told: Told | None, count: RawCount | None) -> RecordLine:
    figure: str | int = ""
    if count is not None and count.column:
        figure = int(_at(row, count.column) or 0) // count.divisor
    if told is None:
        return RecordLine("", "", str(row), figure, row)
    if told.figure is not None:
        figure = told.figure(row)
    channel, title = _first(row, told.channels), _first(row, told.titles)
    return RecordLine(_day(_first(row, told.moments)), str(channel or ""), str(title or row), figure, row)


def _first(row: Any, paths: Iterable[str]) -> Any:
    return next((found for path in paths if (found := _at(row, path)) is not None), None)


def _at(row: Any, path: str) -> Any:
    for name in path.split("__"):
        row = getattr(row, name, None)
        if row is None:
            return None
    return row


def _day(moment: Any) -> str:
    if moment is None:
        return ""
    if isinstance(moment, datetime):
        return date_format(timezone.localtime(moment), "SHORT_DATETIME_FORMAT")
    return date_format(moment, "SHORT_DATE_FORMAT")
