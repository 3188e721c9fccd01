import pytest

from mediaexchange.core.outgoing.errors import (
    BrokenResponseError,
    RefusedError,
    RefusedUrlError,
    TooManyRedirectsError,
)
from tests.core.outgoing.conftest import ClientFor, Serve
from tests.core.outgoing.loopback import answers, redirects

FEED = "<rss><title>Алматы</title></rss>".encode()


def test_permanent_redirects_all_the_way_are_reported(serve: Serve, client_for: ClientFor) -> None:
    end = serve(answers(FEED))
    start = serve(redirects("/b", "301 Moved"), redirects(end.url("/c"), "308 Moved"))
    fetched = client_for(start, end).fetch(start.url())
    assert fetched.body == FEED
    assert fetched.permanent_redirect_to == fetched.url_final == end.url("/c")


def test_one_temporary_hop_makes_the_move_temporary(serve: Serve, client_for: ClientFor) -> None:
    server = serve(redirects("/b", "301 Moved"), redirects("/c", "302 Found"), answers(FEED))
    fetched = client_for(server).fetch(server.url())
    assert (fetched.url_final, fetched.permanent_redirect_to) == (server.url("/c"), None)


def test_a_permanent_redirect_to_an_error_is_not_believed(serve: Serve, client_for: ClientFor) -> None:
    server = serve(redirects("/b", "301 Moved"), answers(status="404 Not Found"))
    fetched = client_for(server).fetch(server.url())
    assert (fetched.status, fetched.permanent_redirect_to) == (404, None)


def test_three_redirects_are_followed_and_a_fourth_is_not(serve: Serve, client_for: ClientFor) -> None:
    three = serve(redirects("/1"), redirects("/2"), redirects("/3"), answers(FEED))
    assert client_for(three).fetch(three.url()).body == FEED
    four = serve(redirects("/1"), redirects("/2"), redirects("/3"), redirects("/4"), answers(FEED))
    with pytest.raises(TooManyRedirectsError):
        client_for(four).fetch(four.url())
    assert len(four.requests) == 4


def test_a_redirect_to_itself_is_noticed_at_once(serve: Serve, client_for: ClientFor) -> None:
    server = serve(redirects("/feed"))
    with pytest.raises(TooManyRedirectsError):
        client_for(server).fetch(server.url("/feed"))
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "location",
    [
        "http://127.0.0.1/",
        "http://127.0.0.1:22/",
        "http://localhost/",
        "http://2130706433/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://169.254.169.254/latest/meta-data/",
        "http://0xA9FEA9FE/",
        "http://10.0.0.1/",
        "//192.168.0.1/",
        "file:///etc/passwd",
        "gopher://127.0.0.1:6379/_FLUSHALL",
        "ftp://example.com/",
        "http://user:secret@example.com/",
        "http://example.com:6379/",
        "http://example.com\\@127.0.0.1/",
        "http://[",
    ],
)
def test_a_redirect_leads_no_further_than_a_first_url(location: str, serve: Serve, client_for: ClientFor) -> None:
    server = serve(redirects(location))
    with pytest.raises(RefusedError):
        client_for(server).fetch(server.url())


def test_a_redirect_to_another_server_on_loopback_is_refused(serve: Serve, client_for: ClientFor) -> None:
    inside = serve(answers(b"inside"))
    outside = serve(redirects(inside.url()))
    with pytest.raises(RefusedUrlError):
        client_for(outside).fetch(outside.url())
    assert inside.requests == []


def test_two_different_locations_are_an_error(serve: Serve, client_for: ClientFor) -> None:
    server = serve(answers(status="302 Found", headers=["Location: /a", "Location: /b"]))
    with pytest.raises(BrokenResponseError):
        client_for(server).fetch(server.url())


def test_a_redirect_without_a_location_is_a_result(serve: Serve, client_for: ClientFor) -> None:
    server = serve(answers(status="302 Found"))
    assert client_for(server).fetch(server.url()).status == 302


def test_credentials_stay_with_the_origin_they_were_meant_for(serve: Serve, client_for: ClientFor) -> None:
    other = serve(answers(FEED))
    server = serve(redirects("/b"), redirects(other.url()))
    client_for(server, other).fetch(
        server.url(),
        etag='"1"',
        headers={"Authorization": "Bearer s3cret", "X-Api-Key": "s3cret", "Accept": "text/xml"},
    )
    assert [request.count("s3cret") for request in server.requests] == [2, 2]
    assert "s3cret" not in other.requests[0]
    assert "Accept: text/xml" in other.requests[0]
    assert 'If-None-Match: "1"' in other.requests[0]
