"""The ceiling: an ASGI application without a framework; PostgreSQL builds the JSON, asyncpg carries it.

No authentication, no access rules, no embargo, one fixed order of fallback: less than any real application does.
"""

import os
from typing import Any
from urllib.parse import parse_qs, urlsplit

import asyncpg

_COLUMNS = {"sr": "sr", "sr-Latn": "sr", "kk": "kk", "ru": "ru", "en": "en"}
_CARD = """
jsonb_build_object(
    'uid', s.uid, 'version', s.version, 'status', s.status, 'pubstatus', s.pubstatus, 'broadcaster', b.slug,
    'headline', s.headline_{0}, 'summary', s.summary_{0}, 'slugline', s.slugline, 'topics', s.topics,
    'urgency', s.urgency, 'embargoed_until', s.embargoed_until, 'published_at', s.published_at,
    'versioned_at', s.versioned_at{1})
"""
_MORE = """, 'body', s.body_{0}, 'byline', s.byline, 'dateline_place', s.dateline_place, 'credit', s.credit,
    'usage_terms', s.usage_terms, 'keywords', s.keywords, 'editors_note', s.editors_note"""
_FROM = "FROM newsexchange_story s JOIN broadcasters_broadcaster b ON b.id = s.broadcaster_id"

LIST = {
    column: f"""SELECT coalesce(jsonb_agg(card), '[]')::text FROM (
        SELECT {_CARD.format(column, "")} AS card {_FROM}
        WHERE s.status = 'published' AND (s.versioned_at, s.id) < ($1, 9223372036854775807)
        ORDER BY s.versioned_at DESC, s.id DESC LIMIT 20) page"""
    for column in set(_COLUMNS.values())
}
DETAIL = {
    column: f"SELECT ({_CARD.format(column, _MORE.format(column))})::text {_FROM} WHERE s.uid = $1::uuid"
    for column in set(_COLUMNS.values())
}
_pools: dict[str, Any] = {}


async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
    if scope["type"] == "lifespan":
        await receive()
        url = urlsplit(os.environ["DATABASE_URL"])
        host = parse_qs(url.query).get("host", [url.hostname])[0]
        address = {"host": host, "port": url.port or 5432, "user": url.username, "database": url.path.strip("/")}
        _pools["own"] = await asyncpg.create_pool(**address, min_size=4, max_size=4)
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})
        return
    language = dict(scope["headers"]).get(b"accept-language", b"en").decode()
    column = _COLUMNS.get(language, "en")
    if scope["path"] == "/list/":
        before = parse_qs(scope["query_string"].decode())["before"][0]
        text = await _pools["own"].fetchval(LIST[column].replace("$1", "$1::text::timestamptz"), before)
    else:
        text = await _pools["own"].fetchval(DETAIL[column], scope["path"].strip("/").rpartition("/")[2])
    body = text.encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})
