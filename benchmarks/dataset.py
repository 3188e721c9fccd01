"""The data set: one real story in four languages, multiplied inside PostgreSQL. Deterministic but for the clock.

Every copy has a text of its own (its number stands in headline and body), is offered to the reader's broadcaster, and
one in fifty is under embargo. Documents are the template's with identity and number replaced, as rendering would.
"""

from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql

PARAGRAPHS = 12
_SENTENCES = {
    "sr": "Возови на новој прузи полазе сваког сата, а карте су у продаји од јуче.",
    "kk": "Жаңа теміржолда пойыздар сағат сайын жүреді, билеттер кешеден бері сатылуда.",
    "ru": "Поезда на новой линии отправляются каждый час, билеты продают со вчерашнего дня.",
    "en": "Trains on the new line leave every hour, and tickets have been on sale since yesterday.",
}
_HEADLINES = {
    "sr": "Нова пруга отворена 7777777",
    "kk": "Жаңа теміржол ашылды 7777777",
    "ru": "Открыта новая линия 7777777",
    "en": "A new line opens 7777777",
}
_MARK = "7777777"  # stands where a copy has its own number


@dataclass(frozen=True, slots=True)
class Dataset:
    """``cursors`` are moments (ISO 8601) to page from; ``uids`` are stories that the reader sees."""

    stories: int
    key: str
    uids: list[str]
    cursors: list[tuple[str, int]]
    deep: tuple[str, int]


def load(stories: int, superuser_url: str) -> Dataset:
    """Fill an empty, migrated database; Django is set up for it already. About a minute for 100,000 stories."""
    template_id, key = _template()
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")  # no audit of made-up rows
        _multiply_stories(connection, template_id, stories)
        _multiply_children(connection, template_id)
        # As for a partner who has read them before: the first reading of a story writes a receipt.
        connection.execute(
            "INSERT INTO newsexchange_receipt (story_id, broadcaster_id, road, first_version, last_version)"
            " SELECT story_id, to_broadcaster_id, 'api', 1, 1 FROM newsexchange_offer"
        )
        connection.execute("VACUUM ANALYZE")
        return _sample(connection, stories, key)


def _template() -> tuple[int, str]:
    from django.db import transaction

    from broadcasters.models import Broadcaster
    from broadcasters.services.account import issue_api_key
    from mediaexchange.core.keys import SCOPES
    from newsexchange.models import Story
    from newsexchange.services.documents import render_documents
    from newsexchange.services.offer import offer_story
    from newsexchange.services.story import publish_story, save_story
    from tests.factories import make_broadcaster, make_user

    origin, reader = make_broadcaster("rts"), make_broadcaster("ptrc")
    editor = make_user(origin)
    text = {}
    for language, sentence in _SENTENCES.items():
        text[f"headline_{language}"] = _HEADLINES[language]
        text[f"summary_{language}"] = f"<p>{sentence}</p>"
        text[f"body_{language}"] = f"<p>{sentence} {_MARK}</p>" * PARAGRAPHS
    story = Story(
        broadcaster=origin, language="sr-Cyrl", topics=["medtop:20000344"], urgency=5, slugline="railway", **text
    )
    save_story(story, actor=editor, changed=set())
    story = publish_story(story, actor=editor)
    offer_story(story, to=[reader], actor=None)
    with transaction.atomic():
        render_documents([Story.objects.get(pk=story.pk)])
    _key, key = issue_api_key(Broadcaster.objects.get(slug="ptrc"), actor=None, name="bench", scopes=list(SCOPES))
    return story.pk, key


def columns_of(connection: psycopg.Connection[Any], table: str) -> list[str]:
    rows = connection.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND column_name <> 'id'"
        " ORDER BY ordinal_position",
        [table],
    )
    return [name for (name,) in rows]


def _multiply_stories(connection: psycopg.Connection[Any], template: int, stories: int) -> None:
    own: dict[str, str] = {
        "uid": "md5(n::text)::uuid",
        "source_guid": "'urn:copy:' || n",
        "versioned_at": "now() - n * interval '30 seconds'",
        "published_at": "now() - n * interval '30 seconds'",
        "embargoed_until": "CASE WHEN n %% 50 = 0 THEN now() + interval '1 day' END",
    }
    columns = columns_of(connection, "newsexchange_story")
    for name in columns:
        if name.startswith(("headline", "body")):
            own[name] = f"replace({name}, '{_MARK}', n::text)"
    _insert(connection, "newsexchange_story", columns, own, "template.id = %s", [template, stories])


def _insert(
    connection: psycopg.Connection[Any],
    table: str,
    columns: list[str],
    own: dict[str, str],
    condition: str,
    parameters: list[int],
) -> None:
    statement = sql.SQL(
        "INSERT INTO {table} ({columns}) SELECT {values} FROM {table} template, generate_series(1, {count}) n WHERE "
        + condition
    ).format(
        table=sql.Identifier(table),
        columns=sql.SQL(", ").join(map(sql.Identifier, columns)),
        values=sql.SQL(", ").join(
            sql.SQL(own[name]) if name in own else sql.Identifier("template", name) for name in columns
        ),
        count=sql.Literal(parameters[1]),
    )
    connection.execute(statement, parameters[:1])


def _multiply_children(connection: psycopg.Connection[Any], template: int) -> None:
    """Editions, the offer and the stored documents of every copy, one statement a table."""
    (uid,) = connection.execute("SELECT uid::text FROM newsexchange_story WHERE id = %s", [template]).fetchone() or (
        "",
    )
    texts = {
        "newsexchange_edition": {},
        "newsexchange_offer": {"uid": "gen_random_uuid()"},
        "newsexchange_storydocument": {
            "content": f"replace(replace(template.content, '{_MARK}', substr(s.source_guid, 10)), '{uid}', s.uid::text)"
        },
        "newsexchange_storyversion": {"snapshot": "'{}'::jsonb"},
    }
    for table, own in texts.items():
        columns = columns_of(connection, table)
        values = own | {"story_id": "s.id"}
        statement = sql.SQL(
            "INSERT INTO {table} ({columns}) SELECT {values} FROM {table} template, newsexchange_story s"
            " WHERE template.story_id = %s AND s.source_guid LIKE 'urn:copy:%%'"
        ).format(
            table=sql.Identifier(table),
            columns=sql.SQL(", ").join(map(sql.Identifier, columns)),
            values=sql.SQL(", ").join(
                sql.SQL(values[name].replace("%", "%%")) if name in values else sql.Identifier("template", name)
                for name in columns
            ),
        )
        connection.execute(statement, [template])


def _sample(connection: psycopg.Connection[Any], stories: int, key: str) -> Dataset:
    step = max(stories // 500, 1)
    seen = connection.execute(
        "SELECT uid::text FROM newsexchange_story WHERE embargoed_until IS NULL AND source_guid LIKE 'urn:copy:%%'"
        " AND id %% %s = least(%s - 1, 3) LIMIT 500",
        [step, step],
    ).fetchall()
    starts = connection.execute(
        "SELECT published_at::text, id FROM newsexchange_story ORDER BY published_at DESC, id DESC LIMIT 1000"
    ).fetchall()
    (deep,) = connection.execute(
        "SELECT published_at::text, id FROM newsexchange_story ORDER BY published_at DESC, id DESC OFFSET %s LIMIT 1",
        [int(stories * 0.9)],
    ).fetchall()
    return Dataset(stories, key, [uid for (uid,) in seen], starts[::20], deep)
