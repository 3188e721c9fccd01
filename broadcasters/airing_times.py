"""From what clocks on a wall showed to an instant. Clock changes make some times happen never and others twice."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


class SkippedTimeError(ValueError):
    """The clocks went forward over this time: it was never shown."""


class TwiceTimeError(ValueError):
    """The clocks went back: the time was shown twice, and only an offset from UTC says which is meant."""


def instant(wall: datetime, zone: ZoneInfo, offset: timedelta | None = None) -> datetime:
    """The moment in UTC. An offset that was said is taken as it is, whatever the zone's own was.

    Raises SkippedTimeError, TwiceTimeError.
    """
    if offset is not None:
        return (wall - offset).replace(tzinfo=UTC)
    first = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    second = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    if first.astimezone(zone).replace(tzinfo=None) != wall:
        raise SkippedTimeError(wall.isoformat())
    if first != second:
        raise TwiceTimeError(wall.isoformat())
    return first


def week_bounds(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The week round a day, Monday to Monday, as instants: 167 or 169 hours apart where clocks change in it."""
    monday = day - timedelta(days=day.weekday())
    begins, ends = (datetime.combine(monday + timedelta(days=days), time(), zone) for days in (0, 7))
    return begins.astimezone(UTC), ends.astimezone(UTC)
