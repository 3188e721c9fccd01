"""One search: candidates from the index, narrowed in the same statement to what the reader may see, ranked, counted.

Ranked by where the words stand (in the name of something lasting, the headline, the card, the text), then by age.
Every step is bounded: see ``windows``.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any

from django.db import transaction
from django.db.models import BigIntegerField, CharField, QuerySet
from django.db.models.expressions import RawSQL

from mediaexchange.core.compiled import Compiled, compile_queryset, run
from mediaexchange.core.models import User
from mediaexchange.core.search.asking import Asked, Filters, filtering, period, together, undated
from mediaexchange.core.search.registry import SearchType, all_types, type_named
from mediaexchange.core.search.windows import Stage, stages

LIMITS = (1_000, 5_000, 20_000)  # dated candidates of each stage
_UNDATED_READ = 20_000  # undated candidates of which it is asked whether the reader sees them
_UNDATED_LIMIT = 300  # of those that the reader does see
_USER_MARK = 2**62 + 3
_NEVER, _ALWAYS = datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)
_FIRST_DAY = date(1900, 1, 1)
_NOTHING = "'d=none'"

# There is one good plan, by the index, whatever is asked: making it anew each time took longer than most searches.
_SETTINGS = """
SELECT set_config('plan_cache_mode', 'force_generic_plan', true), set_config('enable_seqscan', 'off', true),
       set_config('max_parallel_workers_per_gather', '0', true), set_config('jit', 'off', true)
"""
_SQL = """
WITH hit AS MATERIALIZED (
  (SELECT type, object_id, language, fresh_at, origin, kind, topics, words
     FROM (
       SELECT type, object_id, language, fresh_at, origin, kind, topics, words
         FROM core_searchentry WHERE words @@ %s::tsquery LIMIT %s
     ) AS subject
    WHERE {seen} LIMIT %s)
  UNION ALL
  (SELECT type, object_id, language, fresh_at, origin, kind, topics, words
     FROM core_searchentry
    WHERE words @@ %s::tsquery AND fresh_at >= %s AND fresh_at < %s
    ORDER BY fresh_at DESC, id DESC LIMIT %s)
), visible AS MATERIALIZED (
  SELECT subject.*, {whole} AS is_whole FROM (SELECT DISTINCT type, object_id FROM hit) AS subject WHERE {seen}
), seen AS MATERIALIZED (
  SELECT hit.*, visible.is_whole FROM hit JOIN visible USING (type, object_id) WHERE {given}
)
SELECT candidate.dated, candidate.lasting,
       seen.type, seen.object_id, seen.language, seen.fresh_at, seen.origin, seen.kind, seen.topics, seen.is_whole,
       unpacked.words @@ %s::tsquery, unpacked.words @@ %s::tsquery, unpacked.words @@ %s::tsquery
  FROM (
    SELECT count(*) FILTER (WHERE fresh_at IS NOT NULL), count(*) FILTER (WHERE fresh_at IS NULL) FROM hit
  ) AS candidate (dated, lasting)
  LEFT JOIN (seen CROSS JOIN LATERAL (SELECT seen.words || '' AS words OFFSET 0) AS unpacked) ON true
"""


@dataclass(frozen=True, slots=True)
class Found:
    """An entry that matches and may be seen. ``rank``: 4 name of something lasting, 3 headline, 2 card, 1 text."""

    type: str
    object_id: int
    language: str
    fresh_at: datetime | None
    origin: str
    kind: str
    topics: tuple[str, ...]
    rank: int
    is_whole: bool

    @property
    def order(self) -> tuple[int, float, str, int]:
        """Ascending is best first; no two records share it."""
        age = -self.fresh_at.timestamp() if self.fresh_at else 0.0
        return -self.rank, age, self.type, self.object_id


@dataclass(frozen=True, slots=True)
class Findings:
    """Records found, best first, each by its best entry; ``is_complete`` unless older ones were not looked at.

    ``stage`` is how far the search went: the next page of the same question begins there.
    """

    records: tuple[Found, ...]
    is_complete: bool
    stage: int
    facets: dict[str, Counter[str]] = field(default_factory=dict)


def find(
    asked: Asked,
    filters: Filters,
    reader: User,
    types: Sequence[SearchType],
    *,
    wanted: int = 1,
    stage: int = 0,
    prefer: str = "",
) -> Findings:
    """What the reader finds among these types; looks further back until ``wanted`` records are there.

    ``prefer`` is the stored language whose entry speaks for a record that was found in several.
    """
    allowed, known = [each.key for each in types], [each.key for each in all_types()]
    if not allowed or (filters.types and not set(filters.types) & set(allowed)):
        return Findings((), is_complete=True, stage=0)
    narrowing = filtering(filters, allowed, known)
    with transaction.atomic():
        run(_SETTINGS, ())
        if filters.until:  # what is newest says nothing of an older period
            tried = [Stage(limit, None) for limit in LIMITS]
        else:
            tried = stages(together(asked.matching(), narrowing), LIMITS)
        at = min(stage, len(tried) - 1)
        found, is_complete = _look(asked, filters, reader, narrowing, tried[at])
        while not is_complete and at < len(tried) - 1 and _records_in(found) < wanted:
            at += 1
            found, is_complete = _look(asked, filters, reader, narrowing, tried[at])
    records = _grouped(found, prefer)
    return Findings(tuple(records), is_complete, at, _facets(found, records))


def _records_in(found: Sequence[Found]) -> int:
    return len({(each.type, each.object_id) for each in found})


def _look(asked: Asked, filters: Filters, reader: User, narrowing: str, stage: Stage) -> tuple[list[Found], bool]:
    """Entries of one stage, and whether there can be no others."""
    whole_query = together(asked.matching(), asked.unwanted())
    card_query = together(asked.matching("AB"), asked.unwanted("AB"))
    # Without the second half, a reader of the card alone would learn from what is missing what the rest of it holds.
    either = f"{whole_query} | {card_query}" if asked.unwanted() else whole_query
    since, until = _bounds(filters)
    beginning = max(filter(None, (since, stage.since)), default=None)
    first_day = beginning.date() if beginning else _FIRST_DAY if filters.until else None
    days = period(first_day, filters.until, datetime.now(UTC).date())
    dated = together(either, narrowing, days)
    lasting = _NOTHING if filters.since or filters.until else together(either, narrowing, undated())
    seen, whole, given = _cases(tuple(each.key for each in all_types()))
    user = {"user": reader.pk or 0}
    parameters = [
        lasting, _UNDATED_READ, *_values(seen, user), _UNDATED_LIMIT,
        dated, beginning or _NEVER, until, stage.limit,
        *_values(whole, user), *_values(seen, user), *_values(given, user),
        whole_query, card_query, asked.matching("A"),
    ]  # fmt: skip
    rows = run(_SQL.format(seen=seen.sql, whole=whole.sql, given=given.sql), parameters)
    is_cut = rows[0][0] >= stage.limit or rows[0][1] >= _UNDATED_LIMIT
    was_narrowed = stage.since is not None and (since is None or stage.since > since)
    return _readable([row[2:] for row in rows if row[2] is not None], reader), not is_cut and not was_narrowed


def _bounds(filters: Filters) -> tuple[datetime | None, datetime]:
    since = datetime.combine(filters.since, time(), UTC) if filters.since else None
    until = datetime.combine(filters.until, time(), UTC) + timedelta(days=1) if filters.until else _ALWAYS
    return since, until


def _readable(rows: Sequence[tuple[Any, ...]], reader: User) -> list[Found]:
    """Entries that match in what the reader may read of them: all of it, or the card."""
    doubtful: dict[str, set[int]] = {}
    for key, object_id, *_facets, is_whole, _in_all, _in_card, _in_name in rows:
        if not is_whole:
            doubtful.setdefault(key, set()).add(object_id)
    granted = {key: type_named(key).wholes(reader, ids) for key, ids in doubtful.items()}
    found = []
    for key, object_id, language, fresh_at, origin, kind, topics, is_whole, in_all, in_card, in_name in rows:
        may_read = is_whole or object_id in granted[key]
        if not (in_card or (may_read and in_all)) or (may_read and not in_all):
            continue
        rank = (4 if fresh_at is None else 3) if in_name else 2 if in_card else 1
        found.append(Found(key, object_id, language, fresh_at, origin, kind, tuple(topics), rank, may_read))
    return found


def _grouped(found: Sequence[Found], prefer: str) -> list[Found]:
    """One a record: the entry in the preferred language if it matches, with the rank of the best one."""
    best: dict[tuple[str, int], Found] = {}
    for entry in sorted(found, key=lambda each: (each.language != prefer, -each.rank, each.language)):
        known = best.setdefault((entry.type, entry.object_id), entry)
        if known.rank < entry.rank:
            best[entry.type, entry.object_id] = replace(known, rank=entry.rank)
    return sorted(best.values(), key=lambda each: each.order)


def _facets(found: Sequence[Found], records: Sequence[Found]) -> dict[str, Counter[str]]:
    """How many of the records found are of which type, origin …; a record counts in each language that matches."""
    return {
        "type": Counter(each.type for each in records),
        "language": Counter(each.language for each in found if each.language),
        "origin": Counter(each.origin for each in records if each.origin),
        "kind": Counter(each.kind for each in records if each.kind),
        "topic": Counter(topic for each in records for topic in each.topics),
    }


@dataclass(frozen=True, slots=True)
class _Cases:
    """A condition by type, with its parts in the order in which their parameters stand in it."""

    sql: str
    parts: tuple[Compiled, ...]


def _values(cases: _Cases, user: dict[str, int]) -> Iterator[Any]:
    return (value for each in cases.parts for value in each.parameters(user))


def whoever_sees() -> "_Cases":
    """The condition on a row named ``subject`` with ``type`` and ``object_id``: the reader sees that record."""
    return _cases(tuple(each.key for each in all_types()))[0]


@cache
def _cases(keys: tuple[str, ...]) -> "tuple[_Cases, _Cases, _Cases]":
    """Whether the reader sees the record, whether surely all of it, and whether its text in the entry's language.

    Compiled once a process and set of types.
    """
    subject = RawSQL("subject.object_id", (), BigIntegerField())
    entry, language = RawSQL("hit.object_id", (), BigIntegerField()), RawSQL("hit.language", (), CharField())
    reader = User(pk=_USER_MARK)
    seen, whole, withheld = [], [], []
    for key in keys:
        seen.append((key, _compiled(type_named(key).seen(reader, subject))))
        if (rows := type_named(key).whole(reader, subject)) is not None:
            whole.append((key, _compiled(rows)))
        if (rows := type_named(key).withheld(reader, entry, language)) is not None:
            withheld.append((key, _compiled(rows)))
    return (
        _by_type(seen, "subject.type", "EXISTS", otherwise="FALSE"),
        _by_type(whole, "subject.type", "EXISTS", otherwise="TRUE"),
        _by_type(withheld, "hit.type", "NOT EXISTS", otherwise="TRUE"),
    )


def _compiled(rows: QuerySet[Any]) -> Compiled:
    ids = rows.order_by().values_list("pk")
    try:
        return compile_queryset(ids, {"user": _USER_MARK})
    except LookupError:  # the same for everybody
        return compile_queryset(ids, {})


def _by_type(parts: list[tuple[str, Compiled]], column: str, exists: str, *, otherwise: str) -> _Cases:
    """OFFSET 0 keeps the planner from reading all that a user may see for a few hits."""
    if not parts:
        return _Cases(otherwise, ())
    cases = " ".join(f"WHEN '{key}' THEN {exists} ({compiled.sql} OFFSET 0)" for key, compiled in parts)
    return _Cases(f"CASE {column} {cases} ELSE {otherwise} END", tuple(compiled for _key, compiled in parts))
