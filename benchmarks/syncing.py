"""A feed for the first time, again unchanged, and with a tenth edited: read safely, sanitised, stored."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from benchmarks.report import Goal, Report

OURS, PEER = "media exchange", "feedparser + update_or_create"
FEEDS = 200  # asked in the scenario in which nothing is new

GOALS = [
    Goal("feed, first time", OURS, PEER, 10, "feed sync, first time: against feedparser + update_or_create"),
    Goal("feed, unchanged", OURS, PEER, 50, "feed sync, read again unchanged"),
    Goal("feed, a tenth edited", OURS, PEER, 25, "feed sync, a tenth edited"),
]
_ITEM = """<item><guid isPermaLink="false">urn:bench:{feed}:{number}</guid><title>Воз {number} полази {edition}</title>
<link>https://news.example/{number}</link><pubDate>Sat, 21 Nov 2026 10:{minute:02d}:00 +0100</pubDate>
<description>&lt;p&gt;Возови на новој прузи полазе &lt;b&gt;сваког сата&lt;/b&gt;. {number}&lt;/p&gt;</description>
<content:encoded><![CDATA[{body}]]></content:encoded></item>"""
_BODY = "<p>Карте су у продаји од <a href='https://news.example/karte'>јуче</a>, а први воз полази у зору.</p>" * 8


def feed_document(feed: int, entries: int, edited: int = 0, visit: int = 0) -> bytes:
    """RSS 2.0 with so many entries, of which the first ``edited`` differ from the document with none.

    The channel tells each ``visit`` another date: no two visits bring the same bytes.
    """
    items = "".join(
        _ITEM.format(feed=feed, number=number, minute=number % 60, body=_BODY, edition=edited if number < edited else 0)
        for number in range(entries)
    )
    head = '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Вести</title>'
    head += f"<lastBuildDate>Sat, 21 Nov 2026 11:00:{visit:02d} +0100</lastBuildDate>"
    return f'<?xml version="1.0" encoding="utf-8"?>{head}{items}</channel></rss>'.encode()


def measure(report: Report, *, rounds: int, entries: int) -> None:
    from benchmarks.peers import feed_reader
    from newsexchange.models import Feed
    from newsexchange.services.ingest import ingest_document
    from tests.factories import make_broadcaster, make_feed

    feed_reader.make_table()
    broadcaster = make_broadcaster("rts")
    ingest_document(make_feed(broadcaster), feed_document(9999, 3))  # starts the sandboxed child
    for number in range(rounds):
        first = feed_document(number, entries)
        again = feed_document(number, entries, visit=1)
        edited = feed_document(number, entries, edited=entries // 10, visit=2)
        feed = make_feed(broadcaster, language="sr-Cyrl")
        contenders: list[tuple[str, Callable[[bytes], int]]] = [
            (OURS, lambda payload, pk=feed.pk: _stored(ingest_document(Feed.objects.get(pk=pk), payload))),  # type: ignore[misc]
            (PEER, lambda payload, number=number: feed_reader.sync(number, payload)),  # type: ignore[misc]
        ]
        for scenario, payload in (
            ("feed, first time", first),
            ("feed, unchanged", again),
            ("feed, a tenth edited", edited),
        ):
            for name, sync in contenders:
                started = time.perf_counter()
                if (stored := sync(payload)) != entries:
                    raise RuntimeError(f"{name} read {stored} of {entries} entries")
                report.add(scenario, name, "entries/s", entries / (time.perf_counter() - started))
    _nothing_new(report, rounds)


def _stored(outcomes: list[Any]) -> int:
    return sum(outcome.result in ("created", "updated", "unchanged") for outcome in outcomes)


def _nothing_new(report: Report, rounds: int) -> None:
    """Feeds of many hosts that answer 304, each with its request over loopback, lease and bookkeeping.

    Leased and handed out in chunks as the tasks do, in one process and without a broker between.
    """
    from django.test import override_settings

    from newsexchange.models import Feed
    from newsexchange.services.sync import lease_due_feeds, sync_feeds
    from newsexchange.tasks import BATCH, CHUNK
    from tests.factories import make_broadcaster, make_feed

    broadcaster = make_broadcaster("rts")
    hosts = [f"127.0.0.{number + 1}" for number in range(FEEDS)]
    with _not_modified() as port, override_settings(OUTGOING_ALLOWED_ADDRESSES=[f"{host}:{port}" for host in hosts]):
        for host in hosts:
            make_feed(broadcaster, url=f"http://{host}:{port}/feed", etag='"same"', content_hash="0" * 64)
        for _round in range(rounds):
            Feed.objects.exclude(url="").update(next_sync_at="2026-01-01T00:00Z", leased_until=None, lease_token=None)
            started = time.perf_counter()
            done = 0
            while leased := lease_due_feeds(BATCH):
                for start in range(0, len(leased), CHUNK):
                    done += sum(result.status == 304 for result in sync_feeds(leased[start : start + CHUNK]))
            if done != FEEDS:
                raise RuntimeError(f"{done} of {FEEDS} feeds answered 304")
            report.add("feeds that answer 304", OURS, "feeds/s", done / (time.perf_counter() - started))


_SERVER = """
import http.server

class Same(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.send_response(304)
        self.end_headers()

    def log_message(self, *_):
        pass

class Server(http.server.ThreadingHTTPServer):
    request_queue_size = 128

server = Server(("0.0.0.0", 0), Same)
print(server.server_address[1], flush=True)
server.serve_forever()
"""


@contextmanager
def _not_modified() -> Iterator[int]:
    """A server on every address of the loopback network, each a host of its own; in another process, as feeds are."""
    process = subprocess.Popen([sys.executable, "-c", _SERVER], stdout=subprocess.PIPE, text=True)
    try:
        yield int(process.stdout.readline()) if process.stdout else 0
    finally:
        process.kill()
        process.communicate()
