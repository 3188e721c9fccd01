"""What a brief shows, ready to be set: tables of cells that hold a value and its words in one language."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.utils.formats import date_format, number_format


@dataclass(frozen=True, slots=True)
class Cell:
    """``kind`` is text, number, percent, day; ``value`` is None for text. ``look`` is "danger", "warning" or empty:
    never the only sign of anything. ``asks`` is the query by which the page of records opens what the value counts."""

    text: str
    kind: str = "text"
    value: Any = None
    look: str = ""
    asks: str = ""

    @property
    def side(self) -> str:
        return "start" if self.kind in {"text", "day"} else "end"

    @property
    def data(self) -> str:
        """The value for a machine, the same in every language."""
        return "" if self.value is None else str(self.value)


@dataclass(frozen=True, slots=True)
class Column:
    """``share`` is how much of the width it takes beside others; 0 is as wide as what stands in it."""

    label: str
    share: int = 0
    side: str = "start"


@dataclass(frozen=True, slots=True)
class Table:
    """``key`` names it in every language; ``left_out`` rows do not stand here, and the note says so."""

    key: str
    heading: str
    columns: list[Column]
    rows: list[list[Cell]]
    notes: list[str] = field(default_factory=list)
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Page:
    """``language`` and ``script`` are for the typesetter, ``tag`` is BCP 47."""

    language: str
    script: str
    tag: str
    kind: str
    title: str
    period: str
    days: str
    made: str
    footer: str
    tables: list[Table]


def words(text: object, look: str = "") -> Cell:
    return Cell(str(text) if text not in (None, "") else "—", look=look)


def number(value: int, **asks: str) -> Cell:
    return Cell(
        number_format(value, use_l10n=True, force_grouping=True), "number", value, asks=urlencode(asks) if asks else ""
    )


def decimal(value: Decimal) -> Cell:
    """Up to two places, without empty ones."""
    plain = Decimal(f"{value:.2f}")
    places = 0 if plain == plain.to_integral_value() else 2
    return Cell(number_format(plain, places, use_l10n=True, force_grouping=True), "number", plain)


def per_cent(value: Decimal | None) -> Cell:
    if value is None:
        return words("")
    return Cell(f"{number_format(value, 1, use_l10n=True)} %", "percent", value)


def day(on: date | None) -> Cell:
    return Cell(date_format(on, "SHORT_DATE_FORMAT"), "day", on) if on else words("")
