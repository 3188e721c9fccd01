import datetime
import email.utils
import gzip
from types import SimpleNamespace

import pytest

from mediaexchange.core.outgoing import configuration
from mediaexchange.core.outgoing.client import fetch
from mediaexchange.core.outgoing.errors import (
    BrokenResponseError,
    RefusedUrlError,
)
from tests.core.outgoing.conftest import ClientFor, Serve
from tests.core.outgoing.loopback import answers, says

FEED = "<rss><title>Алматы</title></rss>".encode()


def test_a_document_arrives_with_what_is_needed_to_ask_again(serve: Serve, client_for: ClientFor) -> None:
    server = serve(
        answers(
            FEED,
            headers=[
                'ETag: W/"a b"',
                "Last-Modified: yesterday",
                "Content-Type: text/xml; charset=utf-8",
                "Set-Cookie: a=b",
            ],
        )
    )
    fetched = client_for(server).fetch(server.url("/feed?key=ж#part"))
    assert (fetched.status, fetched.body, fetched.not_modified) == (200, FEED, False)
    assert (fetched.etag, fetched.last_modified) == ('W/"a b"', "yesterday")
    assert fetched.content_type == "text/xml; charset=utf-8"
    assert fetched.url_final == server.url("/feed?key=%D0%B6")
    assert fetched.permanent_redirect_to is None
    assert "set-cookie" not in fetched.headers
    assert server.requests[0].startswith("GET /feed?key=%D0%B6 HTTP/1.1\r\n")


def test_a_request_says_who_asks_and_what_it_can_read(serve: Serve, client_for: ClientFor) -> None:
    server = serve(answers(FEED))
    client_for(server).fetch(server.url(), headers={"Accept": "text/xml"})
    lines = set(server.requests[0].split("\r\n"))
    assert {f"Host: {server.pair}", "User-Agent: mediaexchange-test", "Accept: text/xml"} <= lines
    assert {"Accept-Encoding: gzip, deflate", "Connection: close"} <= lines
    assert "cookie" not in server.requests[0].lower()


def test_the_environment_and_netrc_change_nothing(
    serve: Serve, client_for: ClientFor, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    netrc = tmp_path_factory.mktemp("home") / "netrc"
    netrc.write_text("machine 127.0.0.1 login zhanar password secret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1/")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1/")
    server = serve(answers(FEED))
    assert client_for(server).fetch(server.url()).body == FEED
    assert "authorization" not in server.requests[0].lower()


def test_validators_go_back_exactly_as_they_came(serve: Serve, client_for: ClientFor) -> None:
    server = serve(
        answers(FEED, headers=["ETag: W/unquoted \xe9", "Last-Modified: 1 Brumaire"]),
        says(b"HTTP/1.1 304 Same\r\n\r\n"),
    )
    client = client_for(server)
    first = client.fetch(server.url())
    second = client.fetch(server.url(), etag=first.etag, last_modified=first.last_modified)
    assert second.not_modified
    assert "If-None-Match: W/unquoted \xe9\r\n" in server.requests[1]
    assert "If-Modified-Since: 1 Brumaire\r\n" in server.requests[1]


def test_a_304_with_a_body_has_no_body(serve: Serve, client_for: ClientFor) -> None:
    server = serve(answers(b"not asked for", status="304 Not Modified", headers=["Content-Encoding: gzip"]))
    fetched = client_for(server).fetch(server.url(), etag='"1"')
    assert (fetched.status, fetched.not_modified, fetched.body) == (304, True, b"")


def test_a_304_to_a_first_request_is_an_error(serve: Serve, client_for: ClientFor) -> None:
    server = serve(answers(status="304 Not Modified"))
    with pytest.raises(BrokenResponseError):
        client_for(server).fetch(server.url())


@pytest.mark.parametrize("header", ["Host", "Connection", "Content-Length", "Accept-Encoding", "Two Words", "Colon:"])
def test_headers_that_belong_to_the_transport_cannot_be_set(header: str, client_for: ClientFor) -> None:
    with pytest.raises(ValueError, match="cannot be sent"):
        client_for().fetch("http://example.com/", headers={header: "x"})


@pytest.mark.parametrize("value", ["a\r\nX-Injected: 1", "a\nb", "a\0b", "ж"])
def test_a_header_cannot_carry_another(value: str, client_for: ClientFor) -> None:
    with pytest.raises(ValueError, match="cannot be sent"):
        client_for().fetch("http://example.com/", etag=value)


def test_a_compressed_document_is_unpacked(serve: Serve, client_for: ClientFor) -> None:
    server = serve(answers(gzip.compress(FEED), headers=["Content-Encoding: gzip"]))
    assert client_for(server).fetch(server.url()).body == FEED


def test_a_chunked_document_is_joined(serve: Serve, client_for: ClientFor) -> None:
    server = serve(
        says(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n4;x=y\r\ndefg\r\n0\r\nA: b\r\n\r\n")
    )
    assert client_for(server).fetch(server.url()).body == b"abcdefg"


@pytest.mark.parametrize("status", ["404 Not Found", "410 Gone", "429 Slow down", "500 Oops", "503 Later"])
def test_a_refusal_of_the_server_is_a_result_with_a_short_body(
    status: str, serve: Serve, client_for: ClientFor
) -> None:
    server = serve(answers(b"x" * 100_000, status=status, headers=["Retry-After: 120"]))
    fetched = client_for(server).fetch(server.url())
    assert fetched.status == int(status[:3])
    assert len(fetched.body) == 4096
    assert fetched.retry_after == datetime.timedelta(seconds=120)
    assert not fetched.is_success


def test_a_broken_error_page_does_not_hide_its_status(serve: Serve, client_for: ClientFor) -> None:
    server = serve(says(b"HTTP/1.1 503 Later\r\nContent-Length: 100\r\nContent-Encoding: gzip\r\n\r\nno"))
    fetched = client_for(server).fetch(server.url())
    assert (fetched.status, fetched.body) == (503, b"")


def test_a_date_in_retry_after_becomes_a_delay(serve: Serve, client_for: ClientFor) -> None:
    until = datetime.datetime.now(datetime.UTC) + datetime.timedelta(hours=1)
    server = serve(
        answers(status="429 Slow", headers=[f"Retry-After: {email.utils.format_datetime(until, usegmt=True)}"])
    )
    delay = client_for(server).fetch(server.url()).retry_after
    assert delay is not None
    assert datetime.timedelta(minutes=59) < delay <= datetime.timedelta(hours=1)


def test_fetch_reads_the_settings_at_each_call(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    server = serve(answers(FEED))
    monkeypatch.setattr(configuration, "user_agent", lambda: "MediaExchange/1.0 (+https://example.com/bot)")
    monkeypatch.setattr(configuration, "allowed_addresses", frozenset)
    with pytest.raises(RefusedUrlError):
        fetch(server.url())
    monkeypatch.setattr(configuration, "allowed_addresses", lambda: frozenset({server.pair}))
    assert fetch(server.url()).body == FEED
    assert "User-Agent: MediaExchange/1.0 (+https://example.com/bot)\r\n" in server.requests[0]


def test_without_settings_nothing_on_loopback_is_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(configuration, "settings", SimpleNamespace())
    assert configuration.allowed_addresses() == frozenset()
    assert configuration.user_agent() == "mediaexchange"


def test_the_settings_have_these_names(monkeypatch: pytest.MonkeyPatch) -> None:
    stored = SimpleNamespace(OUTGOING_ALLOWED_ADDRESSES=("127.0.0.1:8001",), OUTGOING_USER_AGENT="A/1")
    monkeypatch.setattr(configuration, "settings", stored)
    assert configuration.allowed_addresses() == {"127.0.0.1:8001"}
    assert configuration.user_agent() == "A/1"


def test_a_key_in_a_url_does_not_reach_the_log(
    serve: Serve, client_for: ClientFor, caplog: pytest.LogCaptureFixture
) -> None:
    server = serve(says(b"HTTP/1.1 200 OK\r\nno colon here\r\nContent-Length: 4\r\n\r\nfeed"))
    client_for(server).fetch(server.url("/feed?key=hidden"))
    assert "hidden" not in caplog.text
