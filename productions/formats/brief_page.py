"""What a brief consists of: plain text and fractions of a line, nothing that the page would have to reckon."""

from collections.abc import Iterable
from dataclasses import dataclass, field

Facts = list[tuple[str, str]]  # (label, value)


@dataclass(frozen=True, slots=True)
class Column:
    """``share`` is how much of the width it takes beside others; 0 is as wide as what stands in it."""

    label: str
    share: int = 0
    side: str = "start"  # or "end"


@dataclass(frozen=True, slots=True)
class Table:
    columns: list[Column]
    rows: list[list[str]]
    totals: list[list[str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Bar:
    """A milestone between the first day (0) and the last one (1) of the picture."""

    label: str
    now: float
    baseline: float | None
    is_late: bool
    is_done: bool


@dataclass(frozen=True, slots=True)
class Bars:
    rows: list[Bar]
    first: str
    last: str
    today: float | None
    legend: str


@dataclass(frozen=True, slots=True)
class Section:
    heading: str
    paragraphs: list[str] = field(default_factory=list)
    facts: Facts = field(default_factory=list)
    bars: Bars | None = None
    table: Table | None = None
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class StageMark:
    """A step of the road: "done", "here" or "ahead"."""

    label: str
    mark: str


@dataclass(frozen=True, slots=True)
class Sheet:
    language: str
    script: str
    kind: str
    title: str
    logline: str
    stages: list[StageMark]
    warned: str
    warnings: list[str]
    facts: Facts
    sections: list[Section]
    footer: str


def given(pairs: Iterable[tuple[str, str]]) -> Facts:
    """Without those that say nothing."""
    return [(label, value) for label, value in pairs if value]
