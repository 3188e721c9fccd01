"""Balance and resonance of a memorandum: separate counts by direction, topic, language, speakers. Never one score.

Reads, never writes. Every figure knows the question that it answers, so that the records it counts can be opened. Days
are those of the house that gives. Figures are what their reader may see.
"""

from dataclasses import dataclass
from itertools import permutations
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from broadcasters.indicators import Breakdown, Part, RawCount, breakdowns, indicators
from broadcasters.models import Broadcaster, Memorandum
from broadcasters.spans import Span
from mediaexchange.core.models import User


@dataclass(frozen=True, slots=True)
class Direction:
    """From the party that gives to the one that receives."""

    giver: Broadcaster
    receiver: Broadcaster


@dataclass(frozen=True, slots=True)
class Line:
    """One count, a value for each direction."""

    count: RawCount
    values: list[int]


@dataclass(frozen=True, slots=True)
class Division:
    """A count broken down: for each direction its parts, the greatest first."""

    breakdown: Breakdown
    parts: list[list[Part]]

    def part_keys(self) -> list[str]:
        """Those of all directions, by their greatest value; what is not stated comes last."""
        most: dict[str, int] = {}
        for parts in self.parts:
            for part in parts:
                most[part.key] = max(most.get(part.key, 0), part.value)
        return sorted(most, key=lambda key: (not key, -most[key], key))

    def values(self, key: str) -> list[int]:
        return [next((part.value for part in parts if part.key == key), 0) for parts in self.parts]


@dataclass(frozen=True, slots=True)
class Balance:
    span: Span
    directions: list[Direction]
    lines: list[Line]
    divisions: list[Division]

    def on(self, side: str) -> list[Division]:
        return [division for division in self.divisions if division.breakdown.side == side]


def directions_of(memorandum: Memorandum) -> list[Direction]:
    """Every ordered pair of parties, in the order of their slugs. Reads ``parties__broadcaster``."""
    houses = sorted((party.broadcaster for party in memorandum.parties.all()), key=lambda house: house.slug)
    return [Direction(*pair) for pair in permutations(houses, 2)]


def records(count: RawCount, direction: Direction, span: Span, user: User | AnonymousUser) -> QuerySet[Any]:
    """What is counted, as far as this reader sees it."""
    rows = count.rows(direction.giver, span.period(direction.giver.time_zone), direction.receiver)
    return rows.filter(pk__in=rows.model._default_manager.visible_to(user).values("pk"))


def balance_of(memorandum: Memorandum, span: Span, user: User | AnonymousUser) -> Balance:
    """One statement for each count or breakdown and direction, however many records there are."""
    directions = directions_of(memorandum)
    lines = [
        Line(count, [count.value(records(count, each, span, user)) for each in directions]) for count in given_counts()
    ]
    divisions = [
        Division(each, [each.parts(records(each.count, one, span, user)) for one in directions])
        for each in breakdowns()
    ]
    return Balance(span, directions, lines, divisions)


def given_counts() -> list[RawCount]:
    """The counts that have a direction."""
    return [count for count in indicators() if count.is_given]
