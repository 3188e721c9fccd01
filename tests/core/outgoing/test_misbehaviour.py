import gzip
import socket
import time

import pytest

from mediaexchange.core.outgoing.errors import (
    BadEncodingError,
    BrokenResponseError,
    ConnectionFailedError,
    DeadlineExceededError,
    TooLargeError,
)
from tests.core.outgoing.conftest import ClientFor, Serve
from tests.core.outgoing.loopback import Script, after, answers, redirects, resets, says

FEED = "<rss><title>Алматы</title></rss>".encode()


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
    ],
)
def test_silence_meets_the_deadline(sent: bytes, serve: Serve, client_for: ClientFor) -> None:
    server = serve()
    server.play(server.drip(sent, b"", every=0.5))
    started_at = time.monotonic()
    with pytest.raises(DeadlineExceededError):
        client_for(server).fetch(server.url(), timeout=0.3)
    assert time.monotonic() - started_at < 0.6


@pytest.mark.parametrize(
    ("head", "piece"),
    [
        (b"", b"H"),
        (b"HTTP/1.1 200 OK\r\nX-Slow: ", b"x"),
        (b"HTTP/1.1 200 OK\r\n", b"X-Slow: x\r\n"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n", b"x"),
        (b"HTTP/1.1 200 OK\r\n\r\n", b"x"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", b"X-Trailer: x\r\n"),
    ],
)
def test_a_dripping_server_meets_the_deadline(head: bytes, piece: bytes, serve: Serve, client_for: ClientFor) -> None:
    server = serve()
    server.play(server.drip(head, piece, every=0.02))
    started_at = time.monotonic()
    with pytest.raises(DeadlineExceededError):
        client_for(server).fetch(server.url(), timeout=0.3)
    assert time.monotonic() - started_at < 0.6


def test_the_deadline_covers_all_redirects_together(serve: Serve, client_for: ClientFor) -> None:
    server = serve(*(after(0.15, redirects(f"/{number}")) for number in range(3)), answers(FEED))
    with pytest.raises(DeadlineExceededError):
        client_for(server).fetch(server.url(), timeout=0.35)


@pytest.mark.parametrize(
    "head",
    [b"HTTP/1.1 200 OK\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n"],
)
def test_an_endless_body_is_left_at_the_cap(head: bytes, serve: Serve, client_for: ClientFor) -> None:
    server = serve()
    server.play(server.drip(head, b"x" * 65536, every=0))
    with pytest.raises(TooLargeError):
        client_for(server).fetch(server.url(), timeout=5, max_bytes=1_000_000)


def test_a_body_that_announces_too_much_is_not_even_awaited(serve: Serve, client_for: ClientFor) -> None:
    server = serve()
    server.play(server.drip(b"HTTP/1.1 200 OK\r\nContent-Length: 15728641\r\n\r\n", b"", every=0.5))
    with pytest.raises(TooLargeError):
        client_for(server).fetch(server.url(), timeout=0.5)


def test_endless_headers_are_an_error(serve: Serve, client_for: ClientFor) -> None:
    server = serve()
    server.play(server.drip(b"HTTP/1.1 200 OK\r\n", b"X-More: x\r\n" * 100, every=0))
    with pytest.raises(BrokenResponseError):
        client_for(server).fetch(server.url(), timeout=5)


def test_a_bomb_on_the_wire_is_refused(serve: Serve, client_for: ClientFor) -> None:
    bomb = gzip.compress(gzip.compress(b"\0" * 50_000_000))
    server = serve(answers(bomb, headers=["Content-Encoding: gzip, gzip"]))
    with pytest.raises(TooLargeError):
        client_for(server).fetch(server.url())


@pytest.mark.parametrize(
    "header", ["Content-Encoding: br", "Content-Encoding: gzip,gzip,gzip,gzip", "Transfer-Encoding: gzip, chunked"]
)
def test_codings_that_were_not_offered_are_refused(header: str, serve: Serve, client_for: ClientFor) -> None:
    server = serve(answers(gzip.compress(FEED), headers=[header]))
    with pytest.raises(BadEncodingError):
        client_for(server).fetch(server.url())


@pytest.mark.parametrize(
    "sent",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf",
        b"HTTP/1.1 200 OK\r\nContent-Length: 4, 5\r\n\r\nhalf",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n8\r\nhalf",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nrubbish\r\nhalf",
        b"HTTP/1.1 206 Partial\r\nContent-Length: 4\r\n\r\nhalf",
        b"HTTP/1.1 103 Early\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.2 secret-banner\r\n",
        b"HTTP/1.1 999999 OK\r\n\r\n",
    ],
)
def test_half_a_document_is_an_error_that_quotes_nothing(sent: bytes, serve: Serve, client_for: ClientFor) -> None:
    server = serve(says(sent))
    with pytest.raises(BrokenResponseError) as failure:
        client_for(server).fetch(server.url())
    assert "half" not in failure.value.detail
    assert "secret" not in failure.value.detail


def test_a_compressed_document_cut_without_a_length_is_an_error(serve: Serve, client_for: ClientFor) -> None:
    server = serve(says(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + gzip.compress(FEED)[:-4]))
    with pytest.raises(BadEncodingError):
        client_for(server).fetch(server.url())


def test_more_than_the_promised_length_is_not_read(serve: Serve, client_for: ClientFor) -> None:
    server = serve(says(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfeedHTTP/1.1 200 OK"))
    assert client_for(server).fetch(server.url()).body == b"feed"


@pytest.mark.parametrize("script", [resets, says(b"")])
def test_a_connection_that_breaks_before_an_answer_has_failed(
    script: Script, serve: Serve, client_for: ClientFor
) -> None:
    server = serve(script)
    with pytest.raises(ConnectionFailedError):
        client_for(server).fetch(server.url())


def test_a_connection_that_breaks_within_a_body_is_an_error(serve: Serve, client_for: ClientFor) -> None:
    def script(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\nhalf")
        after(0.05, resets)(connection)

    server = serve(script)
    with pytest.raises(BrokenResponseError):
        client_for(server).fetch(server.url())


def test_a_closed_port_is_a_failed_connection(serve: Serve, client_for: ClientFor) -> None:
    server = serve(answers())
    server.stop()
    with pytest.raises(ConnectionFailedError):
        client_for(server).fetch(server.url())
