"""How an obligation stands: its stretches of time, what was done in them, what that comes to. Reads, never writes."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta
from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.utils import timezone

from broadcasters.constants import Rhythm
from broadcasters.indicators import Period, indicator
from broadcasters.models import Obligation
from mediaexchange.core.models import User

_DAY = timedelta(days=1)


class Standing(StrEnum):
    NOT_BEGUN = "not-begun"
    MET = "met"
    ON_TRACK = "on-track"
    BEHIND = "behind"
    OVERDUE = "overdue"
    OVER = "over"
    NOT_COUNTED = "not-counted"


@dataclass(frozen=True, slots=True)
class Stretch:
    """Whole days for which one amount is owed, both included. ``wanted`` is less than ``whole`` where the obligation
    begins or ends within the week, month, quarter or year: its part by days, rounded down, and at least one."""

    first: date
    last: date
    wanted: int
    whole: int
    zone: str

    @property
    def is_part(self) -> bool:
        return self.wanted != self.whole

    @property
    def period(self) -> Period:
        """Its instants: a day on which clocks change has 23 or 25 hours."""
        zone = ZoneInfo(self.zone)
        return Period(*(datetime.combine(day, time(), zone) for day in (self.first, self.last + _DAY)))


@dataclass(frozen=True, slots=True)
class Figure:
    """What was done in a stretch, as its reader may see it. ``rows`` are the very records that ``done`` counts."""

    stretch: Stretch
    done: int
    rows: QuerySet[Any]

    @property
    def is_met(self) -> bool:
        return self.done >= self.stretch.wanted


@dataclass(frozen=True, slots=True)
class Progress:
    """``current`` is the stretch that runs, ``last`` the one before it; None where there is none.

    ``forecast`` is what the current stretch comes to if it goes on as it has begun; None on its first day.
    """

    standing: Standing
    current: Figure | None
    last: Figure | None
    forecast: int | None


def stretch_of(obligation: Obligation, day: date) -> Stretch | None:
    """The stretch that holds this day; None before the first and after the last."""
    ends_on = obligation.ends_on or date.max
    if not obligation.starts_on <= day <= ends_on:
        return None
    whole_first, whole_last = _whole(obligation, day)
    first, last = max(whole_first, obligation.starts_on), min(whole_last, ends_on)
    days, whole = (last - first).days + 1, (whole_last - whole_first).days + 1
    wanted = max(1, obligation.amount * days // whole)
    return Stretch(first, last, wanted, obligation.amount, obligation.debtor.time_zone)


def stretch_now_of(obligation: Obligation) -> Stretch | None:
    """The stretch that holds today, where its debtor is."""
    return stretch_of(obligation, _today(obligation))


def last_stretch_of(obligation: Obligation, day: date | None = None) -> Stretch | None:
    """The stretch before the one that holds this day, today where its debtor is; None while the first one runs."""
    day = day or _today(obligation)
    now = stretch_of(obligation, day)
    return stretch_of(obligation, (now.first if now else min(day, (obligation.ends_on or day) + _DAY)) - _DAY)


def _today(obligation: Obligation) -> date:
    return obligation.debtor.today()


def _whole(obligation: Obligation, day: date) -> tuple[date, date]:
    match obligation.rhythm:
        case Rhythm.WEEK:
            first = day - timedelta(days=day.weekday())
            return first, first + timedelta(days=6)
        case Rhythm.MONTH:
            first, length = day.replace(day=1), relativedelta(months=1)
        case Rhythm.QUARTER:
            first, length = day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1), relativedelta(months=3)
        case Rhythm.YEAR:
            first, length = day.replace(month=1, day=1), relativedelta(years=1)
        case _:
            return obligation.starts_on, obligation.ends_on or obligation.starts_on
    return first, first + length - _DAY


def progress_of(obligation: Obligation, user: User | AnonymousUser, *, at: datetime | None = None) -> Progress:
    """How it stands at this moment for this reader; two counts.

    Overdue means that a stretch ended and fell short, and that what lacked has not been made up for in the next one.
    """
    at = at or timezone.now()
    today = at.astimezone(ZoneInfo(obligation.debtor.time_zone)).date()
    now, before = stretch_of(obligation, today), last_stretch_of(obligation, today)
    current, last = _figure(obligation, now, user), _figure(obligation, before, user)
    forecast = _forecast(current, at) if current else None
    return Progress(_standing(obligation, today, current, last, forecast), current, last, forecast)


def figure_on(obligation: Obligation, day: date, user: User | AnonymousUser) -> Figure | None:
    """What was done in the stretch that holds this day; None where none does, or where nothing is counted."""
    return _figure(obligation, stretch_of(obligation, day), user)


def _figure(obligation: Obligation, stretch: Stretch | None, user: User | AnonymousUser) -> Figure | None:
    counted = indicator(obligation.indicator)
    if stretch is None or counted is None:
        return None
    rows = counted.rows(obligation.debtor, stretch.period, obligation.creditor)
    rows = rows.filter(pk__in=rows.model._default_manager.visible_to(user).values("pk"))
    return Figure(stretch, counted.value(rows), rows)


def _forecast(figure: Figure, at: datetime) -> int | None:
    """In time that has gone by, not by what the wall's clocks show: they may change meanwhile."""
    period = figure.stretch.period
    begun, ends = (moment.astimezone(UTC) for moment in (period.starts_at, period.ends_at))
    gone = at - begun
    return None if gone < _DAY else int(figure.done * ((ends - begun) / gone))


def _is_made_up_for(last: Figure, current: Figure | None) -> bool:
    """Whether the next stretch has brought its own amount and all that the one before it lacked."""
    return current is not None and last.done + current.done >= last.stretch.wanted + current.stretch.wanted


def _standing(
    obligation: Obligation, today: date, current: Figure | None, last: Figure | None, forecast: int | None
) -> Standing:
    if indicator(obligation.indicator) is None:
        return Standing.NOT_COUNTED
    if today < obligation.starts_on:
        return Standing.NOT_BEGUN
    if last and not last.is_met and not _is_made_up_for(last, current):
        return Standing.OVERDUE
    if current is None:
        return Standing.OVER
    if current.is_met:
        return Standing.MET
    return Standing.BEHIND if forecast is not None and forecast < current.stretch.wanted else Standing.ON_TRACK
