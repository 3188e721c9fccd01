"""Bar charts as figures for a template: each kind of bar has a pattern of its own, so that black and white suffices."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

PATTERNS = ("solid", "stripes", "dots", "lines")
LABEL, LENGTH, VALUE = 160, 330, 60  # pixels across: the words, the longest bar, its figure
BAR, GAP = 14, 10  # pixels down: a bar, the room between groups


@dataclass(frozen=True, slots=True)
class Bar:
    y: int
    width: float
    pattern: str
    title: str
    value: str


@dataclass(frozen=True, slots=True)
class Group:
    label: str
    y: int
    bars: list[Bar]


@dataclass(frozen=True, slots=True)
class Chart:
    """``series`` are (pattern, title) for the legend; one scale for all bars."""

    groups: list[Group]
    series: list[tuple[str, Any]]
    height: int
    width: int = LABEL + LENGTH + VALUE
    start: int = LABEL
    thickness: int = BAR - 3

    @property
    def is_empty(self) -> bool:
        return not any(bar.width for group in self.groups for bar in group.bars)


def chart_of(series: Sequence[Any], rows: Sequence[tuple[object, Sequence[int]]]) -> Chart:
    """``rows`` are (label, a figure for each of the series). Bars lie beneath each other; the longest takes all."""
    most = max((value for _label, values in rows for value in values), default=0) or 1
    groups, y = [], 0
    for label, values in rows:
        bars = [
            Bar(
                y + place * BAR,
                round(LENGTH * value / most, 1),
                PATTERNS[place],
                f"{label}: {title} {value}",
                _grouped(value),
            )
            for place, (title, value) in enumerate(zip(series, values, strict=True))
        ]
        groups.append(Group(_short(str(label)), y, bars))
        y += BAR * len(bars) + GAP
    return Chart(groups, list(zip(PATTERNS, series, strict=False)), max(y - GAP, BAR))


def _short(text: str, most: int = 26) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _grouped(value: int) -> str:
    """Thousands apart by a narrow space, which no language reads as a decimal mark."""
    return f"{value:,}".replace(",", "\u202f")
