"""The registry of what cooperation can be measured by. Apps register; obligations and figures read.

An indicator gives rows and no number, so that whoever reads a figure can open what is behind it. Periods are half-open;
``partner`` None means everybody else. Rows know nothing of who asks: narrow them with ``visible_to``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from django.db.models import BigIntegerField, Count, Expression, F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from mediaexchange.core.errors import Message
from mediaexchange.core.languages.localize import alphabetical

if TYPE_CHECKING:
    from broadcasters.models import Broadcaster


@dataclass(frozen=True, slots=True)
class Period:
    """From ``starts_at`` up to, not including, ``ends_at``."""

    starts_at: datetime
    ends_at: datetime

    def holds(self, column: str) -> Q:
        return Q(**{f"{column}__gte": self.starts_at, f"{column}__lt": self.ends_at})


class Rows(Protocol):
    def __call__(self, house: "Broadcaster", period: Period, partner: "Broadcaster | None" = None) -> QuerySet[Any]: ...


@dataclass(frozen=True, slots=True)
class RawCount:
    """A raw count: how many rows, the sum of a column of them, or how many different values a column has.

    ``is_given``: the house gives the partner what is counted, so that it has a direction.
    """

    name: str
    title: Message
    rows: Rows
    column: str = ""
    divisor: int = 1  # milliseconds are told in seconds
    is_given: bool = False
    distinct: str = ""

    def value(self, rows: QuerySet[Any]) -> int:
        """Of rows that ``self.rows`` gave, narrowed or not. Seconds are rounded down."""
        if self.distinct:
            return rows.order_by().values(self.distinct).distinct().count()
        if not self.column:
            return rows.count()
        total = rows.order_by().aggregate(total=Coalesce(Sum(self.column), 0, output_field=BigIntegerField()))["total"]
        return int(total) // self.divisor


@dataclass(frozen=True, slots=True)
class Part:
    """What falls to one value of a breakdown; ``key`` "" is for rows that do not state it."""

    key: str
    value: int


@dataclass(frozen=True, slots=True)
class Breakdown:
    """How the rows of a count divide. ``part`` gives a text for each row, "" where nothing is stated, and may give
    several: then a row counts in each (``is_many``). ``holds`` is the condition of a part's rows, where it cannot be
    compared with ``part``. ``says`` calls a key in the active language.

    ``side`` is "balance" or "resonance": where it is shown.
    """

    name: str
    count: RawCount
    title: Message
    side: str
    part: Expression | F
    says: Callable[[str], str]
    is_many: bool = False
    holds: Callable[[str], Q] | None = None
    share_of: str = ""  # a key whose share of what is stated is told as well

    def parts(self, rows: QuerySet[Any]) -> list[Part]:
        """The greatest first, then by key; one statement. Parts whose seconds come to nothing are among them."""
        count: Any = Count(self.count.distinct or "pk", distinct=True)
        if self.count.column:
            count = Coalesce(Sum(self.count.column), 0, output_field=BigIntegerField())
        found = rows.order_by().annotate(part_key=self.part).values("part_key").annotate(part_value=count)
        parts = [
            Part(key or "", int(value) // self.count.divisor)
            for key, value in found.values_list("part_key", "part_value")
        ]
        return sorted(parts, key=lambda part: (-part.value, part.key))

    def narrowed(self, rows: QuerySet[Any], key: str) -> QuerySet[Any]:
        """The rows of one part."""
        if self.holds is not None:
            return rows.filter(self.holds(key))
        narrowed: QuerySet[Any] = rows.annotate(part_key=self.part).filter(part_key=key)
        return narrowed


_REGISTERED: dict[str, RawCount] = {}
_BREAKDOWNS: dict[str, Breakdown] = {}


def register(*counts: RawCount) -> None:
    """Offer these counts to obligations and figures; called by each app's ``indicators`` when the apps are ready.

    Raises ValueError for a name that another count has: names stand in rows and in the API.
    """
    for count in counts:
        if _REGISTERED.setdefault(count.name, count) is not count:
            raise ValueError(f"There is an indicator named {count.name} already.")


def indicator(name: str) -> RawCount | None:
    """The count of this name, or None where no installed app has it."""
    return _REGISTERED.get(name)


def indicators() -> list[RawCount]:
    """All of them, by name."""
    return [_REGISTERED[name] for name in sorted(_REGISTERED)]


def indicator_choices() -> list[tuple[str, str]]:
    """Names and titles of all of them, by the reader's alphabet."""
    return sorted(((each.name, str(each.title)) for each in indicators()), key=lambda pair: alphabetical(pair[1]))


def register_breakdowns(*breakdowns: Breakdown) -> None:
    """Offer these to the pages of balance and resonance. Raises ValueError for a name that another one has."""
    for breakdown in breakdowns:
        if _BREAKDOWNS.setdefault(breakdown.name, breakdown) is not breakdown:
            raise ValueError(f"There is a breakdown named {breakdown.name} already.")


def breakdowns() -> list[Breakdown]:
    """All of them, in the order in which the apps have registered them."""
    return list(_BREAKDOWNS.values())


def breakdown(name: str) -> Breakdown | None:
    return _BREAKDOWNS.get(name)
