"""Days as contracts name them, and the instants they are: until 31 December means the end of that day in its zone."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from archive.errors import invalid
from mediaexchange.core.errors import DomainError
from mediaexchange.core.validators import validate_day

_LEAST = timedelta(microseconds=1)


def period_of(starts_on: date, ends_on: date, time_zone: str) -> tuple[datetime, datetime]:
    """From the beginning of the first day up to, not including, the beginning of the day after the last; in UTC.

    Raises DomainError for a last day before the first and for days near the ends of the calendar.
    """
    if ends_on < starts_on:
        raise DomainError("period-empty", _("The last day comes before the first."))
    try:
        validate_day(starts_on)
        validate_day(ends_on)
    except ValidationError as error:
        raise invalid(error) from error
    return start_of(starts_on, time_zone), start_of(ends_on + timedelta(days=1), time_zone)


def start_of(day: date, time_zone: str) -> datetime:
    """The first instant of the day in the zone, in UTC."""
    return datetime.combine(day, time(), ZoneInfo(time_zone)).astimezone(UTC)


def first_day(starts_at: datetime, time_zone: str) -> date:
    return starts_at.astimezone(ZoneInfo(time_zone)).date()


def last_day(ends_at: datetime, time_zone: str) -> date:
    """The last day of which a period holds anything, if it ends before this instant."""
    return (ends_at - _LEAST).astimezone(ZoneInfo(time_zone)).date()
