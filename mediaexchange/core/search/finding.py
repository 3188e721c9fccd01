"""One search: candidates from the index, narrowed inside the database to what the reader may see, ranked, counted.

Each type that is among the candidates has a short statement of its own: one for all types together costs more to begin
than most searches to end.

Ranked by where the words stand (in the name of something lasting, the headline, the card, the text), then by age.
Every step is bounded: see ``windows``.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import chain
from typing import Any, NamedTuple

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

_Row = tuple[int, str, float | None, str, str, list[str], bool, bool, bool, bool, bool]

# There is one good plan, by the index, whatever is asked: making it anew each time took longer than most searches.
_SETTINGS = """
SELECT set_config('plan_cache_mode', 'force_generic_plan', true), set_config('enable_seqscan', 'off', true),
       set_config('max_parallel_workers_per_gather', '0', true), set_config('jit', 'off', true)
"""
_CANDIDATES = """
SELECT type, is_dated, array_agg(id)
  FROM (
    (SELECT type, false AS is_dated, id FROM core_searchentry WHERE words @@ %s::tsquery LIMIT %s)
    UNION ALL
    (SELECT type, true, id
       FROM core_searchentry
      WHERE words @@ %s::tsquery AND fresh_at >= %s AND fresh_at < %s
      ORDER BY fresh_at DESC, id DESC LIMIT %s)
  ) AS hit
 GROUP BY type, is_dated
"""
_VISIBLE = """
WITH hit AS MATERIALIZED (
  SELECT object_id, language, fresh_at, origin, kind, topics, words FROM core_searchentry WHERE id = ANY (%s)
), visible AS MATERIALIZED (
  SELECT subject.object_id, {whole} AS is_whole
    FROM (SELECT DISTINCT object_id FROM hit) AS subject WHERE {seen} LIMIT %s
)
SELECT object_id, hit.language, extract(epoch FROM hit.fresh_at)::float8, hit.origin, hit.kind, hit.topics,
       visible.is_whole, {given},
       unpacked.words @@ %s::tsquery, unpacked.words @@ %s::tsquery, unpacked.words @@ %s::tsquery
  FROM hit JOIN visible USING (object_id) CROSS JOIN LATERAL (SELECT hit.words || '' AS words OFFSET 0) AS unpacked
"""
_AMONG = "SELECT object_id FROM unnest(%s::bigint[]) AS subject (object_id) WHERE {seen}"


class Found(NamedTuple):
    """An entry that matches and may be seen. ``rank``: 4 name of something lasting, 3 headline, 2 card, 1 text.

    ``since`` is the moment from which its age is counted, in seconds of Unix time; None for what does not age.
    """

    type: str
    object_id: int
    language: str
    since: float | None
    origin: str
    kind: str
    topics: list[str]
    rank: int
    is_whole: bool

    @property
    def order(self) -> tuple[int, float, str, int]:
        """Ascending is best first; no two records share it."""
        return -self.rank, -(self.since or 0.0), self.type, self.object_id

    @property
    def fresh_at(self) -> datetime | None:
        return None if self.since is None else datetime.fromtimestamp(self.since, UTC)


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
    known = {each.key for each in all_types()}  # an app that is gone may have left entries
    candidates = run(_CANDIDATES, [lasting, _UNDATED_READ, dated, beginning or _NEVER, until, stage.limit])
    ranks = [whole_query, card_query, asked.matching("A")]
    found: list[Found] = []
    dated_read, is_cut = 0, False
    for key, is_dated, ids in candidates:
        dated_read += len(ids) if is_dated else 0
        if key not in known:
            continue
        rows = _visible(key, ids, reader, None if is_dated else _UNDATED_LIMIT, ranks)
        is_cut |= not is_dated and len({object_id for object_id, *_rest in rows}) >= _UNDATED_LIMIT
        found += _readable(key, rows, reader)
    was_narrowed = stage.since is not None and (since is None or stage.since > since)
    return found, not is_cut and dated_read < stage.limit and not was_narrowed


def _visible(key: str, ids: list[int], reader: User, limit: int | None, ranks: list[str]) -> list[_Row]:
    """Of these entries of one type those whose records the reader sees, ``limit`` records at most.

    Of each its record, language, moment, origin, kind and topics; whether the reader surely may read all of it, and
    this text; and whether the words asked for stand in all of it, on its card, in its name.
    """
    rule, user = _rule(type_named(key)), {"user": reader.pk or 0}
    whole, seen, given = (each.parameters(user) for each in (rule.whole, rule.seen, rule.given))
    sql = _VISIBLE.format(whole=rule.whole.sql, seen=rule.seen.sql, given=rule.given.sql)
    return run(sql, [ids, *whole, *seen, limit, *given, *ranks])


def visible_ids(key: str, ids: Collection[int], reader: User) -> set[int]:
    """Those of these records of one type that the reader sees."""
    seen = _rule(type_named(key)).seen
    rows = run(_AMONG.format(seen=seen.sql), [list(ids), *seen.parameters({"user": reader.pk or 0})])
    return {object_id for (object_id,) in rows}


def _bounds(filters: Filters) -> tuple[datetime | None, datetime]:
    since = datetime.combine(filters.since, time(), UTC) if filters.since else None
    until = datetime.combine(filters.until, time(), UTC) + timedelta(days=1) if filters.until else _ALWAYS
    return since, until


def _readable(key: str, rows: Sequence[_Row], reader: User) -> Iterator[Found]:
    """Entries that match in what the reader may read of them: all of it, or the card."""
    doubtful = {object_id for object_id, *_said, is_whole, _given, _all, _card, _name in rows if not is_whole}
    granted = type_named(key).wholes(reader, doubtful) if doubtful else set()
    for object_id, language, since, origin, kind, topics, is_whole, is_given, in_all, in_card, in_name in rows:
        may_read = is_whole or object_id in granted
        if is_given and (in_all if may_read else in_card):
            rank = (4 if since is None else 3) if in_name else 2 if in_card else 1
            yield Found(key, object_id, language, since, origin, kind, topics, rank, may_read)


def _grouped(found: Iterable[Found], prefer: str) -> list[Found]:
    """One a record: the entry in the preferred language if it matches, with the rank of the best one."""
    of_record: dict[tuple[str, int], list[Found]] = {}
    for entry in found:
        of_record.setdefault((entry.type, entry.object_id), []).append(entry)
    records = []
    for entries in of_record.values():
        entry = entries[0]
        if len(entries) > 1:
            entry = min(entries, key=lambda each: (each.language != prefer, -each.rank, each.language))
            entry = entry._replace(rank=max(each.rank for each in entries))
        records.append(entry)
    return sorted(records, key=lambda each: each.order)


def _facets(found: Sequence[Found], records: Sequence[Found]) -> dict[str, Counter[str]]:
    """How many of the records found are of which type, origin …; a record counts in each language that matches."""
    return {
        "type": Counter(each.type for each in records),
        "language": Counter(each.language for each in found if each.language),
        "origin": Counter(each.origin for each in records if each.origin),
        "kind": Counter(each.kind for each in records if each.kind),
        "topic": Counter(chain.from_iterable(each.topics for each in records)),
    }


@dataclass(frozen=True, slots=True)
class _Rule:
    """Conditions on a row ``subject``: the reader sees the record, surely all of it; on ``hit``: its text is given."""

    seen: Compiled
    whole: Compiled
    given: Compiled


_ALWAYS_TRUE = Compiled("TRUE", (), ())


@cache
def _rule(search_type: SearchType) -> _Rule:
    """Compiled once a process and type."""
    subject = RawSQL("subject.object_id", (), BigIntegerField())
    entry, language = RawSQL("hit.object_id", (), BigIntegerField()), RawSQL("hit.language", (), CharField())
    reader = User(pk=_USER_MARK)
    whole, withheld = search_type.whole(reader, subject), search_type.withheld(reader, entry, language)
    return _Rule(
        seen=_compiled(search_type.seen(reader, subject), "EXISTS"),
        whole=_ALWAYS_TRUE if whole is None else _compiled(whole, "EXISTS"),
        given=_ALWAYS_TRUE if withheld is None else _compiled(withheld, "NOT EXISTS"),
    )


def _compiled(rows: QuerySet[Any], exists: str) -> Compiled:
    """OFFSET 0 keeps the planner from reading all that a user may see for a few hits."""
    ids = rows.order_by().values_list("pk")
    try:
        condition = compile_queryset(ids, {"user": _USER_MARK})
    except LookupError:  # the same for everybody
        condition = compile_queryset(ids, {})
    return replace(condition, sql=f"{exists} ({condition.sql} OFFSET 0)")
