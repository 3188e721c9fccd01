"""Writing the index: what records say, as lexemes with their places, in the transaction that wrote the records."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson
from django.db import connection, transaction
from django.db.models import Model

from mediaexchange.core.languages.names import name_key
from mediaexchange.core.models import SearchEcho
from mediaexchange.core.search.analysis import Lexemes, analyse, name_lexemes, words_in
from mediaexchange.core.search.registry import Document, SearchType, all_types, type_named

MAX_WORDS = 6_000  # of one text; what comes after cannot be found
_MAX_BYTES = 900_000  # PostgreSQL holds a vector of a megabyte
MAX_LEXEME = 500  # characters; PostgreSQL takes 2 kB
_LAST_PLACE = 16_383
_BETWEEN = 20  # places between two texts of a record: no phrase spans them
UNDATED = "d=0"

_WRITE = """
WITH given AS (
  SELECT object_id, language, words::tsvector AS words, fresh_at, origin, kind, topics
    FROM json_to_recordset(%(rows)s::json) AS item (
           object_id bigint, language text, words text, fresh_at timestamptz, origin text, kind text, topics text[]
         )
), gone AS (
  DELETE FROM core_searchentry AS stored
   WHERE type = %(type)s AND object_id = ANY (%(ids)s)
     AND NOT EXISTS (
       SELECT FROM given WHERE given.object_id = stored.object_id AND given.language = stored.language
     )
)
INSERT INTO core_searchentry AS stored (type, object_id, language, words, fresh_at, origin, kind, topics)
SELECT %(type)s, given.* FROM given
    ON CONFLICT (type, object_id, language) DO UPDATE
   SET words = excluded.words, fresh_at = excluded.fresh_at, origin = excluded.origin, kind = excluded.kind,
       topics = excluded.topics
 WHERE (stored.fresh_at, stored.origin, stored.kind, stored.topics, stored.words)
       IS DISTINCT FROM (excluded.fresh_at, excluded.origin, excluded.kind, excluded.topics, excluded.words)
"""
_WRITE_NAMES = """
WITH given AS (
  SELECT * FROM json_to_recordset(%(rows)s::json) AS item (object_id bigint, text text, key text)
), gone AS (
  DELETE FROM core_searchname AS stored
   WHERE type = %(type)s AND object_id = ANY (%(ids)s)
     AND NOT EXISTS (
       SELECT FROM given
        WHERE given.object_id = stored.object_id AND given.text = stored.text AND given.key = stored.key
     )
)
INSERT INTO core_searchname (type, object_id, text, key)
SELECT %(type)s, given.* FROM given ON CONFLICT DO NOTHING
"""


@dataclass(frozen=True, slots=True)
class Row:
    """A row as it is stored; ``words`` is the text form of a tsvector. The order is that of the table's columns."""

    type: str
    object_id: int
    language: str
    words: str
    fresh_at: datetime | None
    origin: str
    kind: str
    topics: tuple[str, ...]


@transaction.atomic
def refresh(key: str, ids: Iterable[int]) -> None:
    """Bring the entries of these records up to what they say now, in the caller's transaction. Safe to repeat.

    Call it after the last row of a record is written. It locks the records, so that of two writers the second sees
    what the first one wrote.
    """
    search_type, wanted = type_named(key), sorted(set(ids))
    if not wanted:
        return
    rows = search_type.model._base_manager.filter(pk__in=wanted).order_by("pk")
    list(rows.select_for_update(of=("self",), no_key=True).values_list("pk", flat=True))
    write(search_type, wanted, search_type.objects(wanted))
    _leave_echoes(key, wanted)


def refresh_record(record: Model) -> None:
    """The same for one record of whatever model; nothing if such records cannot be searched."""
    for search_type in all_types():
        if search_type.model is type(record):
            refresh(search_type.key, [record.pk])


def refresh_written(key: str, records: Sequence[Any]) -> None:
    """The same for records that the caller has locked and written, and holds with all that they are made of."""
    if records:
        write(type_named(key), [record.pk for record in records], records)


def _leave_echoes(key: str, ids: Sequence[int]) -> None:
    """Note that these records have changed for every type whose entries repeat their words; see ``echoes``."""
    followers = [each.key for each in all_types() if each.repeats(key, ids) is not None]
    SearchEcho.objects.bulk_create(
        [SearchEcho(type=key, object_id=pk, follower=follower) for pk in ids for follower in followers],
        update_conflicts=True,
        unique_fields=["type", "object_id", "follower"],
        update_fields=["last_id", "changed_at"],
    )


def write(search_type: SearchType, ids: Sequence[int], records: Iterable[Any]) -> None:
    """Replace the entries of the records ``ids`` by those of ``records``; rows that say the same stay."""
    documents = [document for record in records for document in search_type.describe(record)]
    shared: dict[str, Any] = {"type": search_type.key, "ids": list(ids)}
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, shared | {"rows": as_json(rows_of(search_type.key, documents))})
        if search_type.has_names:
            cursor.execute(_WRITE_NAMES, shared | {"rows": names_as_json(names_of(documents))})


def as_json(rows: Iterable["Row"]) -> str:
    """Rows of one type as one value, without their type."""
    fields = [name for name in Row.__slots__ if name != "type"]
    return orjson.dumps([{name: getattr(row, name) for name in fields} for row in rows]).decode()


def names_as_json(names: Iterable[tuple[int, str, str]]) -> str:
    return orjson.dumps(
        [{"object_id": object_id, "text": text, "key": key} for object_id, text, key in sorted(names)]
    ).decode()


def rows_of(key: str, documents: Sequence[Document]) -> list[Row]:
    """The documents as rows. For bulk loading, ``COPY core_searchentry`` takes their fields in this order."""
    split = [[(text, words_in(text.words)[:MAX_WORDS]) for text in document.texts] for document in documents]
    by_language: dict[str, set[str]] = {}
    for texts in split:
        for text, words in texts:
            by_language.setdefault(text.language, set()).update(word.lower() for word in words)
    known = {language: analyse(words, language) for language, words in by_language.items()}
    return [
        Row(
            key,
            document.object_id,
            document.language,
            _vector(_places(texts, known), _facets(key, document)),
            document.fresh_at,
            document.origin,
            document.kind,
            document.topics,
        )
        for document, texts in zip(documents, split, strict=True)
    ]


def names_of(documents: Iterable[Document]) -> set[tuple[int, str, str]]:
    """(record's id, word of a name, its key): words long enough to be mistyped."""
    return {
        (document.object_id, word, key)
        for document in documents
        for name in document.names
        for word in words_in(name)
        if 3 < len(word) <= 100 and len(key := name_key(word)) > 2
    }


def _places(texts: list[tuple[Any, list[str]]], known: Mapping[str, Mapping[str, Lexemes]]) -> dict[str, list[str]]:
    """Lexeme → places with weights. A capital letter begins what may be a name."""
    places: dict[str, list[str]] = {}
    at = 0
    for text, words in texts:
        lexemes_of = known[text.language]
        weight = "" if text.weight == "D" else text.weight
        for word in words:
            at = min(at + 1, _LAST_PLACE)
            lower = word.lower()
            lexemes = lexemes_of.get(lower)
            if not lexemes:
                continue
            place = f"{at}{weight}"
            for lexeme in lexemes:
                places.setdefault(lexeme, []).append(place)
            if word[0] != lower[0]:
                for lexeme in _names(lower, text.language, lexemes):
                    places.setdefault(lexeme, []).append(place)
        at += _BETWEEN
    return places


_name_cache: dict[tuple[str, str], Lexemes] = {}


def _names(word: str, language: str, lexemes: Lexemes) -> Lexemes:
    found = _name_cache.get((word, language))
    if found is None:
        if len(_name_cache) > 30_000:
            _name_cache.clear()
        found = _name_cache[word, language] = name_lexemes(word, language, lexemes)
    return found


def day_lexemes(moment: datetime) -> tuple[str, str, str]:
    """The day, month and year of a moment in UTC: a period is asked for by few words of the coarsest kind that fits."""
    day = moment.astimezone(UTC).strftime("%Y%m%d")
    return f"d={day}", f"d={day[:6]}", f"d={day[:4]}"


def _facets(key: str, document: Document) -> list[str]:
    """What filters ask for, as words without a place."""
    facets = [f"y={key}", *(f"l={language}" for language in document.languages)]
    facets += day_lexemes(document.fresh_at) if document.fresh_at else (UNDATED,)
    facets += [f"o={document.origin}"] if document.origin else []
    facets += [f"k={document.kind}"] if document.kind else []
    facets += [f"t={topic}" for topic in document.topics]
    return facets


def _vector(places: Mapping[str, list[str]], facets: Iterable[str]) -> str:
    parts, size = [quoted(facet) for facet in dict.fromkeys(facets)], 0
    for lexeme, at in places.items():
        if len(lexeme) > MAX_LEXEME:
            continue
        size += 4 * len(lexeme) + 2 * len(at) + 8
        if size > _MAX_BYTES:
            break
        parts.append(f"{lexeme if lexeme.isalnum() else quoted(lexeme)}:{','.join(at)}")
    return " ".join(parts)


def quoted(lexeme: str) -> str:
    """A lexeme as PostgreSQL reads it back, in a vector and in a query."""
    escaped = lexeme.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"
