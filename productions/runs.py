"""Which showings are one run: the database's rule (``runs_in_sql``) once more, to say beforehand what would count."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from productions.constants import RepeatUnit


def end_of_run(first: datetime, *, unit: str, length: int, time_zone: str) -> datetime:
    """The first moment, in UTC, at which a showing is no repeat of the one that began the run.

    Hours pass as they are. Days end when the zone's clocks show the time of the first showing again: after 23 or 25
    hours where summer time begins or ends. A time that they show twice, or never, is the later of the two moments.
    """
    if unit == RepeatUnit.HOURS or not length:
        return first.astimezone(UTC) + timedelta(hours=length)
    local = first.astimezone(ZoneInfo(time_zone)) + timedelta(days=length)
    return max(local.replace(fold=0).astimezone(UTC), local.replace(fold=1).astimezone(UTC))


def numbered(starts: Iterable[datetime], *, unit: str, length: int, time_zone: str) -> list[tuple[datetime, int, bool]]:
    """Moments of showings in their order, each with the number of its run from 1 and whether it repeats."""
    found: list[tuple[datetime, int, bool]] = []
    number, ends = 0, datetime.min.replace(tzinfo=UTC)
    for start in sorted(starts):
        is_repeat = start < ends
        if not is_repeat:
            number += 1
            ends = end_of_run(start, unit=unit, length=length, time_zone=time_zone)
        found.append((start, number, is_repeat))
    return found
