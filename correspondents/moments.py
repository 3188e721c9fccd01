"""Days and moments by the host's clocks: which days an assignment covers, and when a deadline is."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

_LEAST = timedelta(microseconds=1)
_SATURDAY = 5


def days_between(starts_at: datetime, ends_at: datetime, zone: str) -> tuple[date, date]:
    """The first and the last day that a stretch touches by the clocks of this zone; its end is not part of it."""
    there = ZoneInfo(zone)
    return starts_at.astimezone(there).date(), (ends_at - _LEAST).astimezone(there).date()


def today_in(zone: str) -> date:
    """What day it is there now."""
    return timezone.now().astimezone(ZoneInfo(zone)).date()


def midnight(day: date, zone: str) -> datetime:
    """The moment at which this day begins there."""
    return datetime.combine(day, datetime.min.time(), ZoneInfo(zone))


def days_after(day: date, days: int, *, working: bool) -> date:
    """The last day of a term of so many days that runs from this day.

    In calendar days a term that ends on a weekend goes on to Monday, as administrative law in both countries has it; in
    working days Saturdays and Sundays do not count. Public holidays are not known here: they can only make it later.
    """
    if working:
        left = days
        while left:
            day += timedelta(days=1)
            left -= day.weekday() < _SATURDAY
        return day
    day += timedelta(days=days)
    while day.weekday() >= _SATURDAY:
        day += timedelta(days=1)
    return day


def days_before(day: date, days: int, *, working: bool) -> date:
    """The last day on which there are still so many days before this day; never a weekend, when nobody takes papers."""
    left = days
    while left:
        day -= timedelta(days=1)
        left -= not working or day.weekday() < _SATURDAY
    while day.weekday() >= _SATURDAY:
        day -= timedelta(days=1)
    return day
