"""What is known of audiences, by language and measure. Figures of others are never added up: one person may stand in
several, and shares have no sum. Told are how many figures there are, the lowest and the highest.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Expression, F, Max, Min, QuerySet

from broadcasters.balance import Direction, directions_of, records
from broadcasters.indicators import RawCount, register
from broadcasters.models import Memorandum
from broadcasters.spans import Span
from mediaexchange.core.errors import Message
from mediaexchange.core.models import User


@dataclass(frozen=True, slots=True)
class AudienceSource:
    """``count`` gives the figures of what the giver made or shares in, shown by the receiver. ``language`` and
    ``measure`` are texts of each row, ``value`` its column; ``says`` calls a measure in the active language."""

    count: RawCount
    title: Message
    language: Expression | F
    measure: Expression | F
    value: str
    says: Callable[[str], str]


@dataclass(frozen=True, slots=True)
class AudienceLine:
    direction: Direction
    measure: str
    language: str  # "" where nobody has stated it
    number: int
    lowest: Decimal
    highest: Decimal

    @property
    def key(self) -> str:
        return f"{self.measure}:{self.language}"


@dataclass(frozen=True, slots=True)
class AudienceTable:
    source: AudienceSource
    lines: list[AudienceLine]


_SOURCES: dict[str, AudienceSource] = {}


def register_audience(source: AudienceSource) -> None:
    """Called by each app's ``indicators``; its count is registered with it."""
    register(source.count)
    _SOURCES[source.count.name] = source


def audience_source(name: str) -> AudienceSource | None:
    return _SOURCES.get(name)


def audience_of(memorandum: Memorandum, span: Span, user: User | AnonymousUser) -> list[AudienceTable]:
    """One statement for each source and direction."""
    return [
        AudienceTable(source, [line for each in directions_of(memorandum) for line in _lines(source, each, span, user)])
        for source in _SOURCES.values()
    ]


def of_key(source: AudienceSource, rows: QuerySet[Any], key: str) -> QuerySet[Any]:
    """The figures behind a line."""
    measure, _colon, language = key.partition(":")
    keyed = rows.annotate(figure_measure=source.measure, figure_language=source.language)
    found: QuerySet[Any] = keyed.filter(figure_measure=measure, figure_language=language)
    return found


def _lines(source: AudienceSource, direction: Direction, span: Span, user: User | AnonymousUser) -> list[AudienceLine]:
    rows = records(source.count, direction, span, user).order_by()
    found = (
        rows.annotate(figure_measure=source.measure, figure_language=source.language)
        .values("figure_measure", "figure_language")
        .annotate(number=Count("pk"), lowest=Min(source.value), highest=Max(source.value))
        .order_by("figure_measure", "figure_language")
    )
    return [
        AudienceLine(direction, *values)
        for values in found.values_list("figure_measure", "figure_language", "number", "lowest", "highest")
    ]
