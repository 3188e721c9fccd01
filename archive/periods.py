"""Days as contracts name them, and the instants they are: until 31 December means the end of that day in its zone."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from mediaexchange.core.errors import DomainError

_LEAST = timedelta(microseconds=1)


def period_of(starts_on: date, ends_on: date, time_zone: str) -> tuple[datetime, datetime]:
    """From the beginning of the first day up to, not including, the beginning of the day after the last; in UTC.

    Raises DomainError for a last day before the first.
    """
    if ends_on < starts_on:
        raise DomainError("period-empty", _("The last day comes before the first."))
    if ends_on == date.max:
        raise DomainError("period-too-long", _("There is no day after the last."))
    return start_of(starts_on, time_zone), start_of(ends_on + timedelta(days=1), time_zone)


def start_of(day: date, time_zone: str) -> datetime:
    """The first instant of the day in the zone, in UTC."""
    return datetime.combine(day, time(), ZoneInfo(time_zone)).astimezone(UTC)


def first_day(starts_at: datetime, time_zone: str) -> date:
    return starts_at.astimezone(ZoneInfo(time_zone)).date()


def last_day(ends_at: datetime, time_zone: str) -> date:
    """The last day of which a period holds anything, if it ends before this instant."""
    return (ends_at - _LEAST).astimezone(ZoneInfo(time_zone)).date()
