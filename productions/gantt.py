"""Charts in time as figures for a template: bars in pixels, whole numbers so that no language writes a comma in them.

Each kind of bar has a shape or pattern of its own: the chart is read without colour.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mediaexchange.core.languages.localize import localized
from productions.models.milestone import STATE_LABELS
from productions.services.baseline import Shift

LABEL, PLOT, EDGE = 6, 700, 20  # pixels across: the edge, the time, room for the last month's name
HEAD, ROW = 24, 50  # pixels down: the months; a name with its bars below it, so that a phone shows the time
_FEWEST_DAYS = 28
_MOST_TICKS = 14


@dataclass(frozen=True, slots=True)
class Tick:
    x: int
    text: str


@dataclass(frozen=True, slots=True)
class Scale:
    """From ``first`` to ``last``, both shown whole."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def x(self, day: date) -> int:
        """Where a day begins; days outside lie at the edges."""
        gone = min(max((day - self.first).days, 0), self.days)
        return LABEL + PLOT * gone // self.days

    def ticks(self) -> list[Tick]:
        """The first of each month, or of every third, sixth …, so that their names have room."""
        months = (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1
        step = next(each for each in (1, 3, 6, 12, 24, 60, 120, 1200) if months // each <= _MOST_TICKS)
        found, year, month = [], self.first.year, self.first.month
        while (day := date(year, month, 1)) <= self.last:
            if day >= self.first and (month - 1) % min(step, 12) == 0 and (step < 24 or year % (step // 12) == 0):
                found.append(Tick(self.x(day), date_format(day, "Y" if step >= 12 else "m.Y")))
            year, month = (year + 1, 1) if month == 12 else (year, month + 1)
        return found


@dataclass(frozen=True, slots=True)
class Bar:
    """``kind`` is what the style sheet draws it by."""

    x: int
    y: int
    width: int
    kind: str
    title: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    label: str
    y: int
    bars: list[Bar]
    address: str = ""

    @property
    def base(self) -> int:
        return self.y + 15

    @property
    def below(self) -> int:
        """Where its bars begin: a line down the chart leaves its name alone."""
        return self.y + 19

    @property
    def end(self) -> int:
        return self.y + ROW


@dataclass(frozen=True, slots=True)
class Chart:
    lines: list[Line]
    ticks: list[Tick]
    today: int | None
    height: int
    width: int = LABEL + PLOT + EDGE
    label: int = LABEL
    head: int = HEAD


def scale_of(days: Iterable[date]) -> Scale:
    """Whole weeks round these days, and at least four of them."""
    wanted = sorted(days)
    first, last = wanted[0] - timedelta(days=3), wanted[-1] + timedelta(days=3)
    return Scale(first, max(last, first + timedelta(days=_FEWEST_DAYS)))


def chart_of(shifts: Sequence[Shift], today: date, addresses: dict[int, str]) -> Chart:
    """A line a milestone: an open frame where it was planned, under it the bar of the present; today as a line.

    ``addresses`` are the pages of milestones by their ids.
    """
    shown = [shift for shift in shifts if not shift.milestone.is_cancelled or shift.planned]
    days = [today]
    for shift in shown:
        row, planned = shift.milestone, shift.planned
        days += [day for day in (row.starts_on, row.due_day, row.done_day) if day]
        days += [day for day in (planned.starts_on, planned.due_day) if day] if planned else []
    scale = scale_of(days)
    lines = []
    for place, shift in enumerate(shown):
        y = HEAD + place * ROW
        bars = []
        if shift.planned is not None:
            bars.append(_bar(scale, y + 19, shift.planned.starts_on, shift.planned.due_day, "planned", _planned(shift)))
        bars.append(_present(scale, y + 30, shift, today, addresses.get(shift.milestone.pk, "")))
        lines.append(Line(_short(localized(shift.milestone, "title")), y, bars, addresses.get(shift.milestone.pk, "")))
    return Chart(lines, scale.ticks(), scale.x(today), HEAD + len(lines) * ROW + 6)


def said_days(shift: Shift, today: date) -> str:
    """How far the present is from the plan, in words; of what is owed since before today, for how long."""
    row = shift.milestone
    if row.is_open and (overdue := (today - row.due_day).days) > 0:
        late = ngettext("%(count)d day overdue", "%(count)d days overdue", overdue) % {"count": overdue}
        return f"{late} · {_moved(shift)}" if shift.days else late
    return _moved(shift)


def _moved(shift: Shift) -> str:
    if shift.is_new:
        return _("not in the baseline")
    if shift.days is None:
        return "—"
    if shift.days > 0:
        return ngettext("%(count)d day later", "%(count)d days later", shift.days) % {"count": shift.days}
    if shift.days < 0:
        return ngettext("%(count)d day earlier", "%(count)d days earlier", -shift.days) % {"count": -shift.days}
    return _("as planned")


def _present(scale: Scale, y: int, shift: Shift, today: date, address: str) -> Bar:
    row = shift.milestone
    is_late = row.is_open and row.due_day < today
    kind = "off" if row.is_cancelled else "done" if row.is_done else "late" if is_late else "open"
    said = f"{localized(row, 'title')} · {row.owner} · {_day(shift.present_day)} · {STATE_LABELS[_state(kind)]}"
    if shift.days is not None:
        said = f"{said} · {said_days(shift, today)}"
    return _bar(scale, y, row.starts_on, shift.present_day, kind, said, address)


def _state(kind: str) -> str:
    return "cancelled" if kind == "off" else kind


def _planned(shift: Shift) -> str:
    if shift.planned is None:
        return ""
    return _("baseline: %(day)s") % {"day": _day(shift.planned.due_day)}


def _bar(scale: Scale, y: int, starts: date | None, ends: date, kind: str, title: str, address: str = "") -> Bar:
    """To the end of its last day; what lasts one day alone is wide enough to be hit."""
    right = scale.x(ends + timedelta(days=1))
    left = scale.x(min(starts, ends)) if starts else right - 10
    return Bar(min(left, right - 10), y, max(right - left, 10), kind, title, address)


def _day(day: date) -> str:
    return date_format(day, "SHORT_DATE_FORMAT")


def _short(text: str, most: int = 60) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
