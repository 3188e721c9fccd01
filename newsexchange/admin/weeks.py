"""Weeks from Monday to Monday, by the clock of the person who looks."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from mediaexchange.core.models import User

SHOWN_WEEKS = 12


def weeks(user: User, count: int = SHOWN_WEEKS) -> list[date]:
    """The Mondays of the last weeks, oldest first, this week's last."""
    today = timezone.localtime(timezone=ZoneInfo(user.time_zone)).date()
    this = today - timedelta(days=today.weekday())
    return [this - timedelta(weeks=back) for back in reversed(range(count))]


def bounds_of_week(day: date, user: User) -> tuple[datetime, datetime]:
    """The first moment of the week round this day, and the first after it."""
    monday, zone = day - timedelta(days=day.weekday()), ZoneInfo(user.time_zone)
    starts_at, ends_at = (datetime.combine(monday + timedelta(days=days), time(), zone) for days in (0, 7))
    return starts_at, ends_at
