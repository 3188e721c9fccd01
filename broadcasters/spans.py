"""The weeks, months, quarters and years of figures: 2026-W10, 2026-03, 2026-Q1, 2026. Whole days, no clocks."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from broadcasters.constants import Rhythm
from broadcasters.indicators import Period
from mediaexchange.core.errors import DomainError

RHYTHMS = (Rhythm.WEEK, Rhythm.MONTH, Rhythm.QUARTER, Rhythm.YEAR)
_DAY = timedelta(days=1)
_CODE = re.compile(r"(\d{4})(?:-(?:W(\d{2})|Q([1-4])|(\d{2})))?", re.ASCII)


class UnknownSpanError(DomainError):
    status = 400


@dataclass(frozen=True, slots=True)
class Span:
    """Whole days, both included. By whose clocks they begin and end is said by ``period``."""

    code: str
    rhythm: Rhythm
    first: date
    last: date

    def period(self, zone: str) -> Period:
        """Its instants where this zone's clocks go; a day on which they change has 23 or 25 hours."""
        clocks = ZoneInfo(zone)
        return Period(*(datetime.combine(day, time(), clocks) for day in (self.first, self.last + _DAY)))

    def before(self) -> "Span":
        return span_of(self.rhythm, self.first - _DAY)

    def after(self) -> "Span":
        return span_of(self.rhythm, self.last + _DAY)

    @property
    def title(self) -> str:
        """In the active language."""
        match self.rhythm:
            case Rhythm.WEEK:
                year, week, _day = self.first.isocalendar()
                return _("week %(week)d of %(year)d") % {"week": week, "year": year}
            case Rhythm.MONTH:
                return date_format(self.first, "YEAR_MONTH_FORMAT")
            case Rhythm.QUARTER:
                return _("quarter %(quarter)d of %(year)d") % {"quarter": _quarter(self.first), "year": self.first.year}
        return str(self.first.year)

    @property
    def days(self) -> str:
        return f"{date_format(self.first, 'SHORT_DATE_FORMAT')} – {date_format(self.last, 'SHORT_DATE_FORMAT')}"


def span_of(rhythm: str, day: date) -> Span:
    """The week (Monday to Sunday), month, quarter or year that holds the day."""
    match rhythm:
        case Rhythm.WEEK:
            first = day - timedelta(days=day.weekday())
            year, week, _day = first.isocalendar()
            return Span(f"{year:04}-W{week:02}", Rhythm.WEEK, first, first + timedelta(days=6))
        case Rhythm.MONTH:
            first = day.replace(day=1)
            return Span(f"{first:%Y-%m}", Rhythm.MONTH, first, first + relativedelta(months=1) - _DAY)
        case Rhythm.QUARTER:
            first = day.replace(month=_quarter(day) * 3 - 2, day=1)
            code = f"{first.year:04}-Q{_quarter(day)}"
            return Span(code, Rhythm.QUARTER, first, first + relativedelta(months=3) - _DAY)
        case Rhythm.YEAR:
            return Span(f"{day.year:04}", Rhythm.YEAR, date(day.year, 1, 1), date(day.year, 12, 31))
    raise ValueError(f"No span has the rhythm {rhythm}.")


def parse_span(code: str) -> Span:
    """Raises UnknownSpanError for what is none, and for years in which calendars and databases disagree."""
    match = _CODE.fullmatch(code)
    try:
        if match is None or not 1990 <= int(match[1]) <= 2200:
            raise ValueError
        year, week, quarter, month = (int(part) if part else 0 for part in match.groups())
        if match[2] is not None:
            return span_of(Rhythm.WEEK, date.fromisocalendar(year, week, 1))
        if match[4] is not None:
            return span_of(Rhythm.MONTH, date(year, month, 1))
        if quarter:
            return span_of(Rhythm.QUARTER, date(year, quarter * 3, 1))
        return span_of(Rhythm.YEAR, date(year, 1, 1))
    except ValueError:
        message = gettext_lazy("A period is written like 2026, 2026-Q1, 2026-03 or 2026-W10.")
        raise UnknownSpanError("bad-period", message) from None


def _quarter(day: date) -> int:
    return (day.month - 1) // 3 + 1
