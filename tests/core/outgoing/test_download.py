import io
import tempfile

import pytest

from mediaexchange.core.outgoing.client import download_to
from mediaexchange.core.outgoing.errors import (
    DeadlineExceededError,
    OutgoingError,
    RefusedAddressError,
    TooLargeError,
    TooManyRedirectsError,
)
from tests.core.outgoing.conftest import ClientFor, Serve
from tests.core.outgoing.loopback import answers, says

VIDEO = bytes(range(256)) * 2048


def test_a_large_document_goes_to_the_file_and_not_into_memory(serve: Serve, client_for: ClientFor) -> None:
    server = serve(answers(VIDEO, headers=["Content-Type: video/mp4"]))
    with tempfile.TemporaryFile() as file:
        fetched = client_for(server).download_to(file, server.url("/a.mp4"))
        file.seek(0)
        assert file.read() == VIDEO
    assert (fetched.status, fetched.body, fetched.content_type) == (200, b"", "video/mp4")


def test_pieces_are_small(serve: Serve, client_for: ClientFor) -> None:
    sizes = []

    class Watched(io.BytesIO):
        def write(self, piece, /):
            sizes.append(len(piece))
            return super().write(piece)

    server = serve(answers(VIDEO))
    client_for(server).download_to(Watched(), server.url())
    assert sum(sizes) == len(VIDEO)
    assert max(sizes) <= 64 * 1024


def test_an_error_page_is_not_written_to_the_file(serve: Serve, client_for: ClientFor) -> None:
    server = serve(answers(b"gone", status="404 Not Found"))
    file = io.BytesIO()
    assert client_for(server).download_to(file, server.url()).status == 404
    assert file.getvalue() == b""


def test_a_file_above_the_cap_is_left(serve: Serve, client_for: ClientFor) -> None:
    server = serve(answers(VIDEO))
    with pytest.raises(TooLargeError):
        client_for(server).download_to(io.BytesIO(), server.url(), max_bytes=1000)


def test_an_endless_file_is_left_at_the_cap(serve: Serve, client_for: ClientFor) -> None:
    server = serve()
    server.play(server.drip(b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 600, every=0.001))
    file = io.BytesIO()
    with pytest.raises(TooLargeError):
        client_for(server).download_to(file, server.url(), max_bytes=5000)
    assert len(file.getvalue()) <= 5000


def test_a_dripping_file_meets_the_deadline(serve: Serve, client_for: ClientFor) -> None:
    server = serve()
    server.play(server.drip(b"HTTP/1.1 200 OK\r\n\r\n", b"x", every=0.01))
    with pytest.raises(DeadlineExceededError):
        client_for(server).download_to(io.BytesIO(), server.url(), timeout=0.3)


def test_half_a_file_is_an_error(serve: Serve, client_for: ClientFor) -> None:
    server = serve(says(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"))
    with pytest.raises(OutgoingError):
        client_for(server).download_to(io.BytesIO(), server.url())


def test_redirects_are_guarded_like_the_first_address(serve: Serve, client_for: ClientFor) -> None:
    inside = serve(answers(b"secret"))
    server = serve(answers(status="302 Found", headers=[f"Location: {inside.url()}"]))
    file = io.BytesIO()
    with pytest.raises(OutgoingError) as refused:
        client_for(server).download_to(file, server.url())
    assert not isinstance(refused.value, TooManyRedirectsError)
    assert (inside.requests, file.getvalue()) == ([], b"")


def test_the_projects_settings_guard_it_too() -> None:
    with pytest.raises(RefusedAddressError):
        download_to(io.BytesIO(), "http://127.0.0.1/a.mp4")
