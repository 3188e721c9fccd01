"""How far back to look first: a word that many texts hold is looked for among the newest of them only.

All figures are the planner's own. They decide how much is read at once, never what is found.
"""

import time
from dataclasses import dataclass
from datetime import UTC, datetime

import orjson
from django.db import connection

_REMEMBERED_SECONDS = 60.0
_PROBED = 20_000  # expected hits, up to which it is cheaper to look than to believe


@dataclass(frozen=True, slots=True)
class Stage:
    """At most ``limit`` dated entries, newest first, not older than ``since`` (None: whatever their age)."""

    limit: int
    since: datetime | None


@dataclass(frozen=True, slots=True)
class _Statistics:
    """``entries`` in the index; ``moments`` divide the dated ones into equally many, oldest first."""

    entries: float
    moments: tuple[datetime, ...]
    read_at: float


_statistics: _Statistics | None = None


def stages(query: str, limits: tuple[int, ...]) -> list[Stage]:
    """What to try in turn until enough is found. For a rare word there is one stage that sees everything."""
    expected = _expected(query)
    if expected <= 2 * limits[0] or (expected <= _PROBED and _is_rare(query, 2 * limits[0])):
        return [Stage(limit, None) for limit in limits]
    statistics = _current()
    return [Stage(limit, _since(statistics, 1.5 * limit / expected)) for limit in limits]


def _is_rare(query: str, limit: int) -> bool:
    """The truth about a word that the planner has no figures of: it takes those for far more frequent than they are."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM (SELECT FROM core_searchentry WHERE words @@ %s::tsquery LIMIT %s) AS hit",
            [query, limit + 1],
        )
        ((count,),) = cursor.fetchall()
    return bool(count <= limit)


def _expected(query: str) -> float:
    """How many entries the planner thinks match."""
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (FORMAT JSON) SELECT FROM core_searchentry WHERE words @@ %s::tsquery", [query])
        ((plan,),) = cursor.fetchall()
    if isinstance(plan, str | bytes):
        plan = orjson.loads(plan)
    return float(plan[0]["Plan"]["Plan Rows"])


def _current() -> _Statistics:
    global _statistics
    if _statistics is None or time.monotonic() - _statistics.read_at > _REMEMBERED_SECONDS:
        _statistics = _read()
    return _statistics


def _read() -> _Statistics:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT greatest(reltuples, 0), (SELECT histogram_bounds::text::timestamptz[] FROM pg_stats"
            " WHERE schemaname = current_schema AND tablename = 'core_searchentry' AND attname = 'fresh_at')"
            " FROM pg_class WHERE oid = 'core_searchentry'::regclass"
        )
        ((entries, moments),) = cursor.fetchall()
    return _Statistics(entries, tuple(moments or ()), time.monotonic())


def _since(statistics: _Statistics, share: float) -> datetime | None:
    """The moment from which on about this share of the dated entries lies; None if that is nearly all or unknown."""
    moments = statistics.moments
    if share >= 1 or len(moments) < 2:
        return None
    place = (1 - share) * (len(moments) - 1)
    before = int(place)
    older, newer = moments[before], moments[min(before + 1, len(moments) - 1)]
    return (older + (newer - older) * (place - before)).astimezone(UTC)
