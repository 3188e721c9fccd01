"""HTTP manners: conditional GET, compression, an illness that passes, and a real socket."""

import gzip
import http.client
import io
import threading
from contextlib import redirect_stderr
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
import pytest

from newsexchange.partner_feeds.catalog import FEEDS
from newsexchange.partner_feeds.server import PartnerFeedServer
from tests.newsexchange.partner_feeds.conftest import STARTED_AT, AskAt, newsrooms_started_at

WELL = [feed.path for feed in FEEDS if not feed.unwell_for_s]


@pytest.mark.parametrize("path", WELL)
def test_an_unchanged_feed_answers_304_to_either_condition(path: str, ask: AskAt) -> None:
    first = ask(path, 1)
    assert first.status == 200
    by_etag = ask(path, 10, if_none_match=first.headers["ETag"])
    by_date = ask(path, 10, if_modified_since=first.headers["Last-Modified"])
    assert (by_etag.status, by_etag.body) == (304, b"")
    assert (by_date.status, by_date.body) == (304, b"")


def test_a_changed_feed_is_sent_again(ask: AskAt) -> None:
    first = ask("/rts/vesti.rss", 1)
    for headers in (
        {"if_none_match": first.headers["ETag"]},
        {"if_modified_since": first.headers["Last-Modified"]},
    ):
        again = ask("/rts/vesti.rss", 15, **headers)
        assert again.status == 200
        assert again.headers["ETag"] != first.headers["ETag"]


def test_the_etag_decides_when_both_conditions_are_sent(ask: AskAt) -> None:
    first = ask("/rts/quiet.rss")
    answer = ask("/rts/quiet.rss", if_none_match='"other"', if_modified_since=first.headers["Last-Modified"])
    assert answer.status == 200


@pytest.mark.parametrize("since", ["yesterday", "", "Fri, 20 Nov 2026 99:00:00 GMT"])
def test_a_condition_that_is_no_date_is_ignored(since: str, ask: AskAt) -> None:
    assert ask("/rts/quiet.rss", if_modified_since=since).status == 200


def test_the_quiet_feed_never_changes_not_even_after_a_restart_on_the_same_day(ask: AskAt) -> None:
    etag = ask("/rts/quiet.rss").headers["ETag"]
    assert {ask("/rts/quiet.rss", hour * 3600, if_none_match=etag).status for hour in range(6)} == {304}
    restarted_at = STARTED_AT + timedelta(hours=2)
    restarted = newsrooms_started_at(restarted_at)
    assert restarted.respond("/rts/quiet.rss", {"if-none-match": etag}, restarted_at).status == 304


def test_the_unwell_feed_asks_for_patience_and_recovers(ask: AskAt) -> None:
    first = ask("/ptrc/unwell.rss", 0)
    assert (first.status, first.headers["Retry-After"]) == (503, "120")
    assert ask("/ptrc/unwell.rss", 90.5).headers["Retry-After"] == "30"
    assert ask("/ptrc/unwell.rss", 119).status == 503
    assert ask("/ptrc/unwell.rss", 120).status == 200


def test_retry_after_is_told_in_real_seconds() -> None:
    fast = newsrooms_started_at(STARTED_AT, speed=4.0)
    assert fast.respond("/ptrc/unwell.rss", {}, STARTED_AT).headers["Retry-After"] == "30"


@pytest.mark.parametrize(
    ("accepted", "compressed"), [("gzip, deflate", True), ("*", True), ("gzip;q=0", False), ("br", False), ("", False)]
)
def test_a_feed_is_compressed_for_those_who_accept_it(accepted: str, compressed: bool, ask: AskAt) -> None:
    plain, answer = ask("/rts/vesti.rss"), ask("/rts/vesti.rss", accept_encoding=accepted)
    assert (answer.headers.get("Content-Encoding") == "gzip") is compressed
    assert (gzip.decompress(answer.body) if compressed else answer.body) == plain.body
    assert answer.headers["ETag"] == plain.headers["ETag"]


def test_the_index_lists_every_feed(ask: AskAt) -> None:
    listed = orjson.loads(ask("/").body)["feeds"]
    assert [entry["url"] for entry in listed] == ["http://127.0.0.1:8099" + feed.path for feed in FEEDS]
    assert {entry["broadcaster"] for entry in listed} == {"rts", "rtv", "ptrc"}
    assert {entry["format"] for entry in listed} == {"rss", "atom", "jsonfeed", "newsml-g2", "ninjs"}


def test_an_unknown_path_is_404(ask: AskAt) -> None:
    assert ask("/rts/nothing.rss").status == 404


def test_the_server_answers_on_a_socket_and_logs_one_line_per_request() -> None:
    clock = [datetime(2026, 11, 20, 14, 3, 7, tzinfo=UTC)]
    log = io.StringIO()
    with redirect_stderr(log), PartnerFeedServer("127.0.0.1", 0, now=lambda: clock[0]) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        connection = http.client.HTTPConnection("127.0.0.1", int(server.server_address[1]), timeout=5)
        try:
            answers = []
            for method, headers, second in (("GET", {}, 0), ("HEAD", {}, 1), ("GET", {"If-None-Match": "*"}, 2)):
                clock[0] = STARTED_AT + timedelta(seconds=second)
                connection.request(method, "/rts/vesti.rss?from=test", headers=headers)
                answer = connection.getresponse()
                answers.append((answer.status, len(answer.read()) > 0))
        finally:
            connection.close()
            server.shutdown()
            thread.join()
    assert answers == [(200, True), (200, False), (304, False)]
    assert len(log.getvalue().splitlines()) == 3


def test_the_plot_begins_with_the_first_question_for_a_feed_and_not_before() -> None:
    clock = [STARTED_AT]
    with PartnerFeedServer("127.0.0.1", 0, now=lambda: clock[0]) as server:
        late = STARTED_AT + timedelta(seconds=60)
        assert server.newsrooms_for("/", late).timeline.started_at == STARTED_AT
        asked = server.newsrooms_for("/ptrc/kazakh.newsml", late)
        assert asked.timeline.started_at == late
        assert server.newsrooms_for("/rts/vesti.rss", late + timedelta(seconds=35)) is asked


def test_a_restarted_server_goes_on_with_the_plot_instead_of_telling_new_stories(tmp_path: Path) -> None:
    began, later = tmp_path / "began", STARTED_AT + timedelta(days=2)
    with PartnerFeedServer("127.0.0.1", 0, began_file=began, now=lambda: STARTED_AT) as server:
        assert not began.exists()
        first = server.newsrooms_for("/rts/vesti.rss", STARTED_AT).timeline
    with PartnerFeedServer("127.0.0.1", 0, began_file=began, now=lambda: later) as server:
        again = server.newsrooms_for("/rts/vesti.rss", later).timeline
    told = {item.guid for item in first.items("/rts/vesti.rss", STARTED_AT)}
    assert again.started_at == STARTED_AT
    assert told
    assert told <= {item.guid for item in again.items("/rts/vesti.rss", STARTED_AT + timedelta(minutes=1))}
