"""Building the index anew, batch by batch, and comparing it with what it should be.

Each batch is a transaction that also notes how far it came: a rebuilding that was killed goes on from there, and
meanwhile everything can be searched and written.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from django.db import connection, transaction
from django.db.models import Exists, OuterRef
from django.db.models.functions import Now

from mediaexchange.core.models import SearchEntry, SearchName, SearchRebuild
from mediaexchange.core.search.indexing import as_json, names_as_json, names_of, rows_of, write
from mediaexchange.core.search.registry import SearchType

BATCH = 200

_COMPARE = """
WITH given AS (
  SELECT object_id, language, words::tsvector AS words, fresh_at, origin, kind, topics
    FROM json_to_recordset(%(rows)s::json) AS item (
           object_id bigint, language text, words text, fresh_at timestamptz, origin text, kind text, topics text[]
         )
), named AS (
  SELECT * FROM json_to_recordset(%(names)s::json) AS item (object_id bigint, text text, key text)
)
SELECT coalesce(given.object_id, stored.object_id)
  FROM given
  FULL JOIN (SELECT * FROM core_searchentry WHERE type = %(type)s AND object_id = ANY (%(ids)s)) AS stored
       USING (object_id, language)
 WHERE given.object_id IS NULL OR stored.object_id IS NULL
    OR (stored.fresh_at, stored.origin, stored.kind, stored.topics, stored.words)
       IS DISTINCT FROM (given.fresh_at, given.origin, given.kind, given.topics::varchar(40)[], given.words)
 UNION
SELECT coalesce(named.object_id, stored.object_id)
  FROM named
  FULL JOIN (SELECT * FROM core_searchname WHERE type = %(type)s AND object_id = ANY (%(ids)s)) AS stored
       USING (object_id, text, key)
 WHERE named.object_id IS NULL OR stored.object_id IS NULL
"""


@dataclass(frozen=True, slots=True)
class Progress:
    """``done`` of about ``total`` records; ``wrong`` are those whose entries were not what they should be."""

    done: int
    total: int
    wrong: int = 0


def rebuild(search_type: SearchType) -> Iterator[Progress]:
    """Write every entry of this type, going on where an unfinished rebuilding stopped; then drop what has no record."""
    state = _begin(search_type)
    rows = search_type.model._base_manager.all()
    total, done = rows.count(), rows.filter(pk__lte=state.last_id).count()
    yield Progress(done, total)
    while ids := _next_batch(search_type, state.last_id):
        with transaction.atomic():
            locked = rows.filter(pk__in=ids).order_by("pk").select_for_update(of=("self",), no_key=True)
            list(locked.values_list("pk", flat=True))
            write(search_type, ids, search_type.objects(ids))
            state.last_id = ids[-1]
            state.save(update_fields=["last_id"])
        done += len(ids)
        yield Progress(min(done, total), total)
    _drop_orphans(search_type)
    SearchRebuild.objects.filter(pk=search_type.key).update(finished_at=Now())


def has_been_built(search_type: SearchType) -> bool:
    return SearchRebuild.objects.filter(pk=search_type.key, finished_at__isnull=False).exists()


def check(search_type: SearchType) -> Iterator[Progress]:
    """Compare every entry with what it should be, without writing; what changes meanwhile is looked at again."""
    rows = search_type.model._base_manager.all()
    total, done, last = rows.count(), 0, 0
    wrong = SearchEntry.objects.filter(_is_orphan(search_type), type=search_type.key).count()
    yield Progress(0, total, wrong)
    while ids := _next_batch(search_type, last):
        if suspects := _wrong(search_type, ids):
            with transaction.atomic():
                locked = rows.filter(pk__in=suspects).order_by("pk").select_for_update(of=("self",), no_key=True)
                list(locked.values_list("pk", flat=True))
                wrong += len(_wrong(search_type, suspects))
        last, done = ids[-1], done + len(ids)
        yield Progress(min(done, total), total, wrong)


def _begin(search_type: SearchType) -> SearchRebuild:
    state, _created = SearchRebuild.objects.get_or_create(pk=search_type.key)
    if state.finished_at is not None:
        SearchRebuild.objects.filter(pk=state.pk).update(last_id=0, started_at=Now(), finished_at=None)
        state.refresh_from_db()
    return state


def _next_batch(search_type: SearchType, last: int) -> list[int]:
    rows = search_type.model._base_manager.filter(pk__gt=last).order_by("pk")
    return list(rows.values_list("pk", flat=True)[:BATCH])


def _wrong(search_type: SearchType, ids: Sequence[int]) -> list[int]:
    documents = [document for record in search_type.objects(ids) for document in search_type.describe(record)]
    parameters: dict[str, Any] = {
        "type": search_type.key,
        "ids": list(ids),
        "rows": as_json(rows_of(search_type.key, documents)),
        "names": names_as_json(names_of(documents)) if search_type.has_names else orjson.dumps([]).decode(),
    }
    with connection.cursor() as cursor:
        cursor.execute(_COMPARE, parameters)
        return sorted({object_id for (object_id,) in cursor.fetchall()})


def _is_orphan(search_type: SearchType) -> Any:
    return ~Exists(search_type.model._base_manager.filter(pk=OuterRef("object_id")))


def _drop_orphans(search_type: SearchType) -> None:
    SearchEntry.objects.filter(_is_orphan(search_type), type=search_type.key).delete()
    SearchName.objects.filter(_is_orphan(search_type), type=search_type.key).delete()
