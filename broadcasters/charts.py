"""Bars as numbers for a template: one group a row, one bar a direction. Patterns, not colours, tell directions apart.

The table beside a chart has the same figures. Lengths are in units of the picture, 360 wide.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.formats import number_format

WIDTH = 360
_FULL = 250  # the longest bar; what is left is for the figure behind it
_BAR, _LABEL, _GAP = 12, 15, 8
PATTERNS = 6  # as many as the page defines; then they come again


@dataclass(frozen=True, slots=True)
class Bar:
    y: int
    width: float
    figure: str
    pattern: int

    @property
    def middle(self) -> int:
        return self.y + _BAR - 3

    @property
    def end(self) -> float:
        return round(self.width + 4, 1)


@dataclass(frozen=True, slots=True)
class Group:
    y: int
    label: str
    bars: list[Bar]


@dataclass(frozen=True, slots=True)
class Chart:
    height: int
    groups: list[Group]
    width: int = WIDTH
    bar: int = _BAR - 2


def chart_of(rows: Sequence[tuple[str, Sequence[int]]], *, one_scale: bool = True) -> Chart:
    """``one_scale`` False: each row is drawn by its own greatest value, since rows count different things."""
    most = max((value for _label, values in rows for value in values), default=0)
    groups, y = [], 0
    for label, values in rows:
        scale = most if one_scale else max(values, default=0)
        top = y + _LABEL
        bars = [
            Bar(
                y=top + place * _BAR,
                width=round(_FULL * value / scale, 1) if scale else 0,
                figure=number_format(value, use_l10n=True, force_grouping=True),
                pattern=place % PATTERNS,
            )
            for place, value in enumerate(values)
        ]
        groups.append(Group(y + _LABEL - 4, label, bars))
        y = top + len(values) * _BAR + _GAP
    return Chart(height=y, groups=groups)
