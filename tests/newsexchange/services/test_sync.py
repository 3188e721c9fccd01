import gzip
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from uuid import uuid4

import pytest
from django.utils import timezone

from mediaexchange.core.outgoing.fetched import Fetched
from newsexchange.models import Feed, Story
from newsexchange.services.feed_visit import finish_quietly
from newsexchange.services.sync import lease_due_feeds, lease_feed, sync_feed, sync_feeds
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


@pytest.mark.parametrize("number", [1, 3])
def test_what_crashes_one_fetch_is_that_feeds_failure_alone(server, db, monkeypatch, number):
    feeds = [make_feed(url=f"http://127.0.0.1:{server.server_port}/{each}") for each in range(number)]
    monkeypatch.setattr("newsexchange.services.sync_auth.b64encode", lambda _: 1 / 0)
    Feed.objects.filter(pk=feeds[0].pk).update(auth_kind="basic", auth_name="rts", auth_secret="tajna")
    sync_feeds([(feed.pk, lease_feed(feed)) for feed in feeds])
    for feed in feeds:
        feed.refresh_from_db()
    assert [feed.failures for feed in feeds] == [1] + [0] * (number - 1)
    assert feeds[0].last_error == "outgoing-failed: internal: ZeroDivisionError"
    assert Story.objects.count() == number - 1


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
    for number in range(22):
        make_feed(url=f"https://host{number}.example.org/feed")
    make_feed(url="https://example.org/sleeping", is_active=False)
    make_feed(url="")
    chunks = []
    monkeypatch.setattr("newsexchange.tasks.sync_leased_feeds.delay", chunks.append)
    sync_due_feeds()
    assert [len(chunk) for chunk in chunks] == [20, 2]


def test_of_one_host_two_feeds_are_fetched_at_a_time_and_nobody_else_waits_for_them(db):
    same = [
        make_feed(url=f"https://{host}/{number}") for number, host in enumerate(("EXAMPLE.org", "example.org:443") * 3)
    ]
    other = make_feed(url="http://user.example.net/feed")
    first = dict(lease_due_feeds(50))
    assert set(first) == {same[0].pk, same[1].pk, other.pk}
    assert lease_due_feeds(50) == []
    Feed.objects.filter(pk=same[0].pk).update(leased_until=None, next_sync_at=timezone.now() + timedelta(hours=1))
    assert [pk for pk, _token in lease_due_feeds(50)] == [same[2].pk]


def test_a_stopped_worker_loses_its_lease_and_its_late_quiet_visit_writes_nothing(server, feed):
    sync(feed)
    token = lease_feed(feed)
    Feed.objects.filter(pk=feed.pk).update(lease_token=uuid4())
    before = Feed.objects.values().get()
    assert sync_feed(feed.pk, token).error == "lease-lost"
    feed.refresh_from_db()
    answer = Fetched(status=304, url_final=feed.url, headers={}, body=b"", elapsed_ms=1)
    finish_quietly([(feed, token, answer)])
    assert Feed.objects.values().get() == before


def test_feeds_of_a_chunk_are_fetched_side_by_side_and_quiet_ones_written_down_at_once(
    server, db, django_assert_max_num_queries
):
    address = f"http://127.0.0.1:{server.server_port}/feed"
    feeds = [make_feed(url=f"{address}/{number}") for number in range(6)]
    sync_feeds([(feed.pk, lease_feed(feed)) for feed in feeds])
    assert Story.objects.count() == 6
    Feed.objects.update(failures=0, current_interval=timedelta(minutes=20))
    leased = [(feed.pk, lease_feed(feed)) for feed in feeds]
    with django_assert_max_num_queries(3):
        results = sync_feeds(leased)
    assert [result.outcomes for result in results] == [()] * 6
    for feed in feeds:
        feed.refresh_from_db()
        assert (feed.lease_token, feed.current_interval) == (None, timedelta(minutes=30))
        assert timedelta(minutes=26) < feed.next_sync_at - timezone.now() < timedelta(minutes=34)


@pytest.mark.parametrize(
    ("kind", "name", "header", "value"),
    [
        ("basic", "rts", "Authorization", "Basic cnRzOnTDoWpuYQ=="),
        ("bearer", "", "Authorization", "Bearer tájna"),
        ("header", "X-Api-Key", "X-Api-Key", "tájna"),
    ],
)
def test_credentials_are_sent_to_the_feeds_own_origin(server, feed, kind, name, header, value):
    Feed.objects.update(auth_kind=kind, auth_name=name, auth_secret="tájna")
    sync(feed)
    assert server.requests[-1][header] == value


def test_credentials_stay_behind_when_a_feed_redirects_elsewhere_and_its_address_does_not_move(server, feed, settings):
    other = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    other.requests, other.answer = [], (200, {}, RSS)
    threading.Thread(target=other.serve_forever, daemon=True).start()
    settings.OUTGOING_ALLOWED_ADDRESSES = (*settings.OUTGOING_ALLOWED_ADDRESSES, f"127.0.0.1:{other.server_port}")
    address = feed.url
    Feed.objects.update(auth_kind="bearer", auth_secret="tajna")
    server.answer = (301, {"Location": f"http://127.0.0.1:{other.server_port}/feed"}, b"")
    sync(feed)
    Feed.objects.update(
        redirect_url=f"http://127.0.0.1:{other.server_port}/feed", redirect_since=timezone.now() - timedelta(days=20)
    )
    sync(feed)
    other.shutdown()
    other.server_close()
    assert server.requests[-1]["Authorization"] == "Bearer tajna"
    assert [request.get("Authorization") for request in other.requests] == [None, None]
    assert feed.url == address


def test_credentials_that_make_no_header_are_a_failure_that_names_no_secret(server, feed):
    Feed.objects.update(auth_kind="header", auth_name="Bad header", auth_secret="tajna")
    assert sync(feed).error == "bad-credentials"
    assert "tajna" not in feed.last_error
    assert server.requests == []


@pytest.mark.parametrize("number", [1, 3])
def test_feeds_with_nothing_new_cost_two_statements_however_many_they_are(
    server, db, django_assert_num_queries, number
):
    server.answer = (304, {}, b"")
    feeds = [make_feed(url=f"http://127.0.0.1:{server.server_port}/{each}", etag='"v"') for each in range(number)]
    leased = [(feed.pk, lease_feed(feed)) for feed in feeds]
    with django_assert_num_queries(2):
        results = sync_feeds(leased)
    assert [result.status for result in results] == [304] * number
