"""The newsrooms' web manners without a socket: conditional GET, compression, and an illness that passes."""

import gzip
import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus
from typing import Protocol

import orjson

from newsexchange.partner_feeds import atom, jsonfeed, newsml_g2, ninjs, rss
from newsexchange.partner_feeds.catalog import FEEDS, PartnerFeed, feed_at
from newsexchange.partner_feeds.story_files import StoryShelf
from newsexchange.partner_feeds.timeline import Item, Timeline


class Renderer(Protocol):
    """A format module: turns the items of a feed into a document."""

    CONTENT_TYPE: str

    def render(self, feed: PartnerFeed, items: Sequence[Item], *, url: str, modified_at: datetime) -> bytes:
        """``url`` is the feed's own address; the document depends on the arguments only, never on the clock."""


RENDERERS: dict[str, Renderer] = {
    "rss": rss,
    "atom": atom,
    "jsonfeed": jsonfeed,
    "newsml-g2": newsml_g2,
    "ninjs": ninjs,
}


@dataclass(frozen=True, slots=True)
class Response:
    """What goes back on the wire."""

    status: HTTPStatus
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Newsrooms:
    """The three newsrooms as one web application; everything it says follows from the request and the clock."""

    shelf: StoryShelf
    timeline: Timeline
    base_url: str

    def respond(self, path: str, request_headers: Mapping[str, str], now: datetime) -> Response:
        """Answer a GET. Header names are looked up in lower case."""
        if path == "/":
            return Response(HTTPStatus.OK, {"Content-Type": "application/json; charset=utf-8"}, self._index())
        feed = feed_at(path)
        if feed is None:
            return Response(HTTPStatus.NOT_FOUND, {"Content-Type": "text/plain; charset=utf-8"}, b"No such feed.\n")
        if (unwell_for_s := self._unwell_for_s(feed, now)) > 0:
            return Response(HTTPStatus.SERVICE_UNAVAILABLE, {"Retry-After": str(unwell_for_s)})
        return self._feed(feed, request_headers, now)

    def _index(self) -> bytes:
        listing = [
            {
                "url": self.base_url + feed.path,
                "format": feed.format,
                "language": feed.language_bcp47,
                "broadcaster": feed.broadcaster_slug,
                "name": feed.name,
                "is_open": feed.is_open,
            }
            for feed in FEEDS
        ]
        return orjson.dumps({"feeds": listing}, option=orjson.OPT_INDENT_2)

    def _unwell_for_s(self, feed: PartnerFeed, now: datetime) -> int:
        """Real seconds until the feed recovers; zero or less when it is well."""
        return math.ceil((feed.unwell_for_s - self.timeline.elapsed_s(now)) / self.timeline.speed)

    def _feed(self, feed: PartnerFeed, request_headers: Mapping[str, str], now: datetime) -> Response:
        items = self.timeline.items(feed.path, now)
        modified_at = max((item.updated_at for item in items), default=self.timeline.started_at)
        body = self._render(feed, items, modified_at)
        headers = {
            # Weak, because the compressed and the plain form share it (RFC 9110, section 8.8.1).
            "ETag": f'W/"{hashlib.sha256(body).hexdigest()[:32]}"',
            "Last-Modified": format_datetime(modified_at, usegmt=True),
            "Cache-Control": "no-cache",
            "Vary": "Accept-Encoding",
        }
        if _is_unchanged(request_headers, headers["ETag"], modified_at):
            return Response(HTTPStatus.NOT_MODIFIED, headers)
        headers["Content-Type"] = RENDERERS[feed.format].CONTENT_TYPE
        if _accepts_gzip(request_headers.get("accept-encoding", "")):
            headers["Content-Encoding"] = "gzip"
            body = gzip.compress(body, mtime=0)
        return Response(HTTPStatus.OK, headers, body)

    def _render(self, feed: PartnerFeed, items: Sequence[Item], modified_at: datetime) -> bytes:
        url = self.base_url + feed.path
        if malformed := self.shelf.malformed.get(feed.path):
            return rss.render(feed, items, url=url, modified_at=modified_at, malformed=malformed)
        return RENDERERS[feed.format].render(feed, items, url=url, modified_at=modified_at)


def _is_unchanged(request_headers: Mapping[str, str], etag: str, modified_at: datetime) -> bool:
    """RFC 9110, section 13.2.2: If-Modified-Since counts only in the absence of If-None-Match."""
    if (wanted := request_headers.get("if-none-match")) is not None:
        tags = {tag.strip().removeprefix("W/") for tag in wanted.split(",")}
        return "*" in tags or etag.removeprefix("W/") in tags
    if (since := request_headers.get("if-modified-since")) is None:
        return False
    try:
        return modified_at <= parsedate_to_datetime(since)
    except (ValueError, TypeError):  # not a date, or a date without a zone: as if the header were absent
        return False


def _accepts_gzip(accept_encoding: str) -> bool:
    for choice in accept_encoding.lower().split(","):
        name, _, parameter = choice.partition(";")
        if name.strip() in {"gzip", "*"}:
            return parameter.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    return False
