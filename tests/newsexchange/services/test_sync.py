import gzip
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.utils import timezone

from newsexchange.models import Feed, Story
from newsexchange.services.sync import lease_due_feeds, lease_feed, sync_feed
from newsexchange.tasks import sync_due_feeds
from tests.factories import make_feed

RSS = (
    '<rss version="2.0"><channel><title>t</title><item><guid>a</guid><title>Отворена библиотека</title></item>'
    "</channel></rss>"
).encode()


class Answers(BaseHTTPRequestHandler):
    """Answers with what the test last told the server to."""

    def do_GET(self):
        self.server.requests.append(dict(self.headers))
        status, headers, body = self.server.answer
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


@pytest.fixture
def server(settings):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    server.requests, server.answer = [], (200, {}, RSS)
    settings.OUTGOING_ALLOWED_ADDRESSES = (f"127.0.0.1:{server.server_port}",)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def feed(server, db):
    return make_feed(url=f"http://127.0.0.1:{server.server_port}/feed")


def sync(feed):
    result = sync_feed(feed.pk, lease_feed(feed))
    feed.refresh_from_db()
    return result


def test_a_feed_is_stored_and_the_validators_are_kept_as_sent(server, feed):
    server.answer = (200, {"ETag": 'W/"x"', "Last-Modified": "yesterday, roughly"}, RSS)
    assert [outcome.result for outcome in sync(feed).outcomes] == ["created"]
    assert (feed.etag, feed.last_modified, feed.health) == ('W/"x"', "yesterday, roughly", "healthy")
    server.answer = (304, {}, b"")
    assert sync(feed).status == 304
    assert server.requests[-1]["If-None-Match"] == 'W/"x"'
    assert Story.objects.count() == 1


def test_the_same_bytes_are_not_parsed_again(server, feed):
    sync(feed)
    assert sync(feed).outcomes == ()


def test_a_compressed_feed_is_read(server, feed):
    server.answer = (
        200,
        {"Content-Encoding": "gzip", "Content-Length": str(len(gzip.compress(RSS)))},
        gzip.compress(RSS),
    )
    assert [outcome.result for outcome in sync(feed).outcomes] == ["created"]


def test_a_failing_feed_backs_off_and_says_why(server, feed):
    server.answer = (503, {"Retry-After": "7200"}, b"")
    assert sync(feed).error == "http-503"
    assert (feed.health, feed.failures, feed.last_error) == ("failing", 1, "HTTP 503")
    assert feed.next_sync_at > timezone.now() + timedelta(minutes=110)
    server.answer = (200, {}, RSS)
    sync(feed)
    assert (feed.health, feed.failures, feed.last_error) == ("healthy", 0, "")


def test_a_feed_is_gone_only_after_two_weeks_of_saying_so(server, feed):
    server.answer = (410, {}, b"")
    sync(feed)
    assert feed.is_active
    Feed.objects.filter(pk=feed.pk).update(gone_since=timezone.now() - timedelta(days=15))
    feed.refresh_from_db()
    sync(feed)
    assert not feed.is_active


def test_a_permanent_redirect_is_believed_after_two_weeks(server, feed):
    other = f"http://127.0.0.1:{server.server_port}/other"

    def redirecting(handler):
        moved = handler.path == "/feed"
        handler.send_response(301 if moved else 200)
        handler.send_header("Location", other) if moved else None
        handler.send_header("Content-Length", "0" if moved else str(len(RSS)))
        handler.end_headers()
        handler.wfile.write(b"" if moved else RSS)

    server.RequestHandlerClass = type("Moved", (Answers,), {"do_GET": redirecting})
    sync(feed)
    assert (feed.url.endswith("/feed"), feed.redirect_url) == (True, other)
    Feed.objects.filter(pk=feed.pk).update(redirect_since=timezone.now() - timedelta(days=15))
    feed.refresh_from_db()
    sync(feed)
    assert (feed.url, feed.redirect_url) == (other, "")


def test_an_address_inside_the_network_is_refused_and_shown(db):
    feed = make_feed(url="http://127.0.0.1:9/feed")
    assert sync(feed).error.startswith("refused")
    assert feed.health == "failing"


def test_a_leased_feed_is_not_leased_again_and_a_lost_lease_writes_nothing(server, feed):
    (leased,) = lease_due_feeds(10)
    assert lease_due_feeds(10) == []
    assert lease_feed(feed) is None
    Feed.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    (again,) = lease_due_feeds(10)
    assert sync_feed(*leased).error == "lease-lost"
    assert Story.objects.count() == 0
    assert [outcome.result for outcome in sync_feed(*again).outcomes] == ["created"]


def test_due_feeds_are_handed_out_in_chunks(db, monkeypatch):
    for number in range(7):
        make_feed(url=f"https://example.org/{number}")
    make_feed(url="https://example.org/sleeping", is_active=False)
    make_feed(url="")
    chunks = []
    monkeypatch.setattr("newsexchange.tasks.sync_leased_feeds.delay", chunks.append)
    sync_due_feeds()
    assert [len(chunk) for chunk in chunks] == [5, 2]
