"""What part of a channel's weeks was made elsewhere, against its cap. Reads, never writes.

A week is Monday to Monday by the clocks of the channel's house. What is on air round the clock has as many minutes as
the week has, 167 or 169 hours where clocks change; a channel that pauses has the minutes it says. What overlaps on one
channel is counted once: a clip within a foreign programme adds nothing to it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.db.models import DateTimeField, DurationField, ExpressionWrapper, F, QuerySet, Value

from broadcasters.airing_times import week_bounds
from broadcasters.querysets import LONGEST_AIRING

if TYPE_CHECKING:
    from broadcasters.models import Channel

ROUND_THE_CLOCK = 7 * 24 * 60  # minutes a week, as channels say it
MOST_WEEKS = 106
YEARS = range(1950, 2200)  # of days that may be asked for
_MS = timedelta(milliseconds=1)
_WEEK = timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class ForeignShare:
    """What part of a channel's week was made elsewhere; ``cap_percent`` None means that no cap holds."""

    week_starts_on: date
    foreign_ms: int
    week_ms: int
    cap_percent: Decimal | None

    @property
    def iso_week(self) -> str:
        """ISO 8601: 2026-W53. The week belongs to the year of its Thursday."""
        year, week, _day = self.week_starts_on.isocalendar()
        return f"{year}-W{week:02}"

    @property
    def percent(self) -> Decimal:
        """Rounded half up to two places."""
        return (Decimal(100) * self.foreign_ms / self.week_ms).quantize(Decimal("0.01"), ROUND_HALF_UP)

    @property
    def is_over(self) -> bool:
        """Of the exact share: a rounded one could be the cap itself."""
        return self.cap_percent is not None and 100 * self.foreign_ms > self.cap_percent * self.week_ms


def shares_of(airings: QuerySet[Any], channel: "Channel", first: date, last: date) -> list[ForeignShare]:
    """Each week from the one round the first day to the one round the last; one query. Reads ``broadcaster``."""
    zone = ZoneInfo(channel.broadcaster.time_zone)
    monday = first - timedelta(days=first.weekday())
    weeks: list[tuple[datetime, datetime]] = []
    while monday <= last and len(weeks) < MOST_WEEKS:
        weeks.append(week_bounds(monday, zone))
        monday += _WEEK
    if not weeks:
        return []
    foreign_ones: QuerySet[Any] = foreign_between(airings, channel, weeks[0][0], weeks[-1][1])
    spans = _united(foreign_ones.values_list("started_at", "ended"))
    shares: list[ForeignShare] = []
    at = 0
    for begins, ends in weeks:
        while at and spans[at - 1][1] > begins:
            at -= 1
        foreign = timedelta()
        while at < len(spans) and spans[at][0] < ends:
            foreign += max(timedelta(), min(spans[at][1], ends) - max(spans[at][0], begins))
            at += 1
        shares.append(
            ForeignShare(
                week_starts_on=begins.astimezone(zone).date(),
                foreign_ms=foreign // _MS,
                week_ms=_week_ms(channel, begins, ends),
                cap_percent=channel.foreign_share_cap_percent,
            )
        )
    return shares


def foreign_between(airings: QuerySet[Any], channel: "Channel", begins: datetime, ends: datetime) -> QuerySet[Any]:
    """The foreign airings of a channel that were on air at some moment between these, with ``ended``."""
    lasting = ExpressionWrapper(F("duration_ms") * Value(_MS, DurationField()), DurationField())
    ended = ExpressionWrapper(F("started_at") + lasting, DateTimeField())
    foreign: QuerySet[Any] = airings.filter(channel=channel, is_joint=False).exclude(origin=channel.broadcaster_id)
    near = foreign.filter(started_at__lt=ends, started_at__gt=begins - LONGEST_AIRING)
    on_air: QuerySet[Any] = near.annotate(ended=ended).filter(ended__gt=begins)
    return on_air


def _united(spans: Iterable[tuple[datetime, datetime]]) -> Sequence[tuple[datetime, datetime]]:
    """The same time covered by spans that do not overlap, in order."""
    united: list[tuple[datetime, datetime]] = []
    for begins, ends in sorted(spans):
        if united and begins <= united[-1][1]:
            united[-1] = united[-1][0], max(united[-1][1], ends)
        else:
            united.append((begins, ends))
    return united


def _week_ms(channel: "Channel", begins: datetime, ends: datetime) -> int:
    if channel.weekly_minutes >= ROUND_THE_CLOCK:
        return (ends - begins) // _MS
    return channel.weekly_minutes * 60_000
