"""Many stories in four languages with their rows in the search index, made inside PostgreSQL from real parallel text.

A story's headline and text are paragraphs of the Universal Declaration of Human Rights. Words of known frequency are
added: every tenth story speaks of a mine, every hundredth of an observatory, every thousandth of two presidents, one in
fifty thousand of a mastodon.
"""

from dataclasses import dataclass
from typing import Any

import psycopg

from benchmarks.dataset import columns_of
from benchmarks.texts import paragraphs

LEVELS = (10, 100, 1_000, 50_000)  # every so many stories; each also holds the words of the levels before
_WORDS = {
    "sr": ("Рудник је отворен.", "Опсерваторија је затворена.", "Вучић и Токајев.", "Нађен је мастодонт."),
    "kk": ("Кеніш ашылды.", "Обсерватория жабылды.", "Вучич пен Тоқаев.", "Мастодонт табылды."),
    "ru": ("Шахта открыта.", "Обсерватория закрыта.", "Вучич и Токаев.", "Найден мастодонт."),
    "en": ("A colliery opens.", "The observatory closes.", "Vucic and Tokayev.", "A mastodon was found."),
}
_TITLE_WORDS = 9
_STEP = 10_000  # stories of one statement


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of text and its vector without what filters ask for; numbers count within its kind."""

    language: str
    kind: str
    number: int
    text: str
    words: str


def load(stories: int, superuser_url: str) -> str:
    """Fill an empty, migrated database; Django is set up for it already. Returns the reader's API key."""
    template, key = _template()
    parts = list(_parts())
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")  # no audit of made-up rows
        connection.execute("SET maintenance_work_mem = '1GB'")
        connection.execute(
            "CREATE TABLE bench_part (language text, kind text, number int, text text, words tsvector,"
            " PRIMARY KEY (kind, language, number))"
        )
        with connection.cursor().copy("COPY bench_part FROM STDIN") as copy:
            for part in parts:
                copy.write_row((part.language, part.kind, part.number, part.text, part.words))
        count = max(part.number for part in parts if part.kind == "body") + 1
        definition = _without_index(connection)
        for first in range(1, stories + 1, _STEP):
            _stories(connection, template, first, min(first + _STEP - 1, stories), count)
        _children(connection, template)
        for first in range(1, stories + 1, _STEP):
            _entries(connection, first, min(first + _STEP - 1, stories), count)
            if first % (_STEP * 10) == 1:
                print(f"  index rows of {first:,} stories", flush=True)
        print("  building the index …", flush=True)
        connection.execute(definition)
        connection.execute("DROP TABLE bench_part")
        connection.execute("VACUUM ANALYZE")
    return key


def _template() -> tuple[int, str]:
    from broadcasters.services.account import issue_api_key
    from mediaexchange.core.keys import SCOPES
    from newsexchange.models import Story
    from newsexchange.services.offer import offer_story
    from newsexchange.services.story import publish_story, save_story
    from tests.factories import make_broadcaster, make_user

    origin, reader = make_broadcaster("rts"), make_broadcaster("ptrc")
    text = {f"{field}_{language}": "–" for field in ("headline", "body") for language in _WORDS}
    story = Story(broadcaster=origin, language="sr-Cyrl", topics=["medtop:20000344"], slugline="bench", **text)
    editor = make_user(origin)
    save_story(story, actor=editor, changed=set())
    story = publish_story(story, actor=editor)
    offer_story(story, to=[reader], actor=None)
    _key, key = issue_api_key(reader, actor=None, name="bench", scopes=list(SCOPES))
    return story.pk, key


def _parts() -> list[Part]:
    """All pieces of text, analysed as the index analyses them."""
    from mediaexchange.core.search.indexing import rows_of
    from mediaexchange.core.search.registry import Document, Text, Weight

    wanted: list[tuple[str, str, int, str]] = []
    by_language = paragraphs()
    count = min(map(len, by_language.values()))
    for language, texts in by_language.items():
        texts = texts[:count]
        wanted += [
            (language, "title", number, " ".join(text.split()[:_TITLE_WORDS])) for number, text in enumerate(texts)
        ]
        wanted += [(language, "body", number, text) for number, text in enumerate(texts)]
        for level in range(len(LEVELS) + 1):
            wanted.append((language, "level", level, " ".join(_WORDS[language][:level])))
    weights: dict[str, Weight] = {"title": "A", "body": "D", "level": "D"}
    documents = [
        Document(number, language, (Text(weights[kind], text, language),)) for language, kind, number, text in wanted
    ]
    return [
        Part(language, kind, number, text, row.words)
        for (language, kind, number, text), row in zip(wanted, rows_of("story", documents), strict=True)
    ]


def _without_index(connection: psycopg.Connection[Any]) -> str:
    """Drop the index of words; returns the statement that makes it again."""
    row = connection.execute("SELECT pg_get_indexdef('core_search_words'::regclass)").fetchone()
    connection.execute("DROP INDEX core_search_words")
    assert row is not None
    return str(row[0])


_LEVEL = (
    "CASE "
    + " ".join(f"WHEN n % {every} = 0 THEN {level}" for level, every in sorted(enumerate(LEVELS, 1), reverse=True))
    + " ELSE 0 END"
)


def _piece(column: str, language: str, kind: str, number: str) -> str:
    return f"(SELECT {column} FROM bench_part WHERE kind = '{kind}' AND language = '{language}' AND number = {number})"


def _stories(connection: psycopg.Connection[Any], template: int, first: int, last: int, count: int) -> None:
    own = {
        "uid": "md5('search ' || n)::uuid",
        "source_guid": "'urn:searched:' || n",
        **dict.fromkeys(("versioned_at", "published_at"), "now() - n * interval '30 seconds'"),
        "embargoed_until": "CASE WHEN n % 50 = 1 THEN now() + interval '1 day' END",
    }
    for language in _WORDS:
        own[f"headline_{language}"] = _piece("text", language, "title", f"n % {count}")
        own[f"body_{language}"] = " || ' ' || ".join(
            (
                _piece("text", language, "body", f"n % {count}"),
                _piece("text", language, "body", f"n / {count} % {count}"),
                _piece("text", language, "level", _LEVEL),
            )
        )
    names = columns_of(connection, "newsexchange_story")
    values = ", ".join(own.get(name, f'template."{name}"') for name in names)
    listed = ", ".join(f'"{name}"' for name in names)
    connection.execute(
        f"INSERT INTO newsexchange_story ({listed}) SELECT {values}"
        f" FROM newsexchange_story template, generate_series({first}, {last}) n WHERE template.id = {template}"
    )


def _children(connection: psycopg.Connection[Any], template: int) -> None:
    for table, own in (
        ("newsexchange_edition", {}),
        ("newsexchange_offer", {"uid": "gen_random_uuid()"}),
    ):
        names = columns_of(connection, table)
        values = ", ".join(({"story_id": "s.id"} | own).get(name, f'template."{name}"') for name in names)
        listed = ", ".join(f'"{name}"' for name in names)
        connection.execute(
            f"INSERT INTO {table} ({listed}) SELECT {values} FROM {table} template, newsexchange_story s"
            f" WHERE template.story_id = {template} AND s.source_guid LIKE 'urn:searched:%'"
        )


def _entries(connection: psycopg.Connection[Any], first: int, last: int, count: int) -> None:
    for language in _WORDS:
        words = " || ".join(
            f"ts_delete({piece}, ARRAY['y=story', 'l={language}', 'd=0'])"
            for piece in (
                _piece("words", language, "title", f"n % {count}"),
                _piece("words", language, "body", f"n % {count}"),
                _piece("words", language, "body", f"n / {count} % {count}"),
                _piece("words", language, "level", _LEVEL),
            )
        )
        facets = "array_to_tsvector(ARRAY['y=story', 'l=" + language + "', 'o=rts', 'k=text', 't=medtop:20000344',"
        facets += " to_char(at, '\"d=\"YYYYMMDD'), to_char(at, '\"d=\"YYYYMM'), to_char(at, '\"d=\"YYYY')])"
        connection.execute(
            "INSERT INTO core_searchentry (type, object_id, language, words, fresh_at, origin, kind, topics)"
            f" SELECT 'story', id, '{language}', {words} || {facets}, published_at, 'rts', 'text',"
            " ARRAY['medtop:20000344'] FROM (SELECT id, published_at, published_at AT TIME ZONE 'UTC' AS at,"
            " substr(source_guid, 14)::int AS n FROM newsexchange_story WHERE source_guid LIKE 'urn:searched:%'"
            f" AND substr(source_guid, 14)::int BETWEEN {first} AND {last}) AS story"
        )
