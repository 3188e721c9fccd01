"""The client of many small posts, against servers that misbehave."""

import asyncio
import datetime
import time

import pytest

from mediaexchange.core.outgoing.courier import Answer, Courier
from mediaexchange.core.outgoing.errors import (
    BrokenResponseError,
    ConnectionFailedError,
    DeadlineExceededError,
    NameNotFoundError,
    OutgoingError,
    RefusedAddressError,
    RefusedUrlError,
    TlsError,
)
from mediaexchange.core.outgoing.guard import AddressGuard
from tests.core.outgoing.loopback import LoopbackServer, after, answers, redirects, resets, says
from tests.core.outgoing.test_tls import authority  # noqa: F401 — a fixture


def post(url: str, *allowed: str, timeout: float = 5.0, resolver=None, times: int = 1, **options) -> Answer:
    async def run() -> Answer:
        if resolver is not None:
            options["resolver"] = resolver
        async with Courier(AddressGuard(allowed), **options) as courier:
            for _ in range(times):
                answer = await courier.post(
                    url, b'{"a":1}', headers={"Content-Type": "application/json"}, timeout=timeout
                )
            return answer

    return asyncio.run(run())


def test_it_posts_the_body_and_its_own_name_and_no_cookies(serve):
    server = serve(answers(headers=["Set-Cookie: a=1"]))
    assert post(server.url("/in?x=%20y"), server.pair, times=2).status == 200
    first, second = server.requests
    assert first.startswith("POST /in?x=%20y HTTP/1.1\r\n")
    assert "User-Agent: mediaexchange" in first
    assert "cookie" not in second.lower()


@pytest.mark.parametrize("status", ["301 Moved Permanently", "302 Found", "307 Temporary Redirect", "308 Permanent"])
def test_a_redirect_is_an_answer(serve, status):
    inside = serve(answers())
    server = serve(redirects(inside.url(), status))
    assert post(server.url(), server.pair, inside.pair).status == int(status[:3])
    assert inside.requests == []


def test_the_answer_says_when_to_come_again_and_nothing_else(serve):
    server = serve(answers(b"a secret of theirs", status="503 Busy", headers=["Retry-After: 90"]))
    answer = post(server.url(), server.pair)
    assert (answer.status, answer.is_success, answer.retry_after) == (503, False, datetime.timedelta(seconds=90))
    assert "secret" not in repr(answer)


def test_a_head_that_never_ends_is_left_at_the_deadline(serve):
    server = serve()
    server.play(server.drip(b"HTTP/1.1 200 OK\r\n", b"X", every=0.05))
    started = time.monotonic()
    with pytest.raises(DeadlineExceededError):
        post(server.url(), server.pair, timeout=0.6)
    assert time.monotonic() - started < 3


def test_an_answer_after_the_deadline_is_none(serve):
    server = serve(after(1.5, answers()))
    with pytest.raises(DeadlineExceededError):
        post(server.url(), server.pair, timeout=0.5)


def test_a_body_that_never_ends_costs_nothing(serve):
    server = serve()
    server.play(server.drip(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n", b"x", every=0.05))
    started = time.monotonic()
    assert post(server.url(), server.pair).is_success
    assert time.monotonic() - started < 2


@pytest.mark.parametrize(
    ("script", "error"),
    [
        (resets, ConnectionFailedError),
        (says(b""), ConnectionFailedError),
        (says(b"EHLO desk\r\n\r\n"), BrokenResponseError),
        (says(b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n"), BrokenResponseError),
    ],
)
def test_a_broken_answer_is_named_without_quoting_it(serve, script, error):
    server = serve(script)
    with pytest.raises(error) as caught:
        post(server.url(), server.pair)
    assert "desk" not in caught.value.detail


def test_a_kept_connection_that_was_closed_is_replaced_once(serve):
    keeps = says(b"HTTP/1.1 204 No Content\r\n\r\n")  # promises to stay, and goes
    server = serve(keeps)
    assert post(server.url(), server.pair, times=3).status == 204


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1/", "http://10.0.0.1/", "http://169.254.169.254/", "http://[::1]/", "http://2130706433/"],
)
def test_an_address_inside_is_refused(url):
    with pytest.raises(RefusedAddressError):
        post(url)


@pytest.mark.parametrize("url", ["http://desk.example:8080/", "http://a:b@desk.example/", "file:///etc/passwd"])
def test_a_bad_url_is_refused(url):
    with pytest.raises(RefusedUrlError):
        post(url)


@pytest.mark.parametrize("inside", [["127.0.0.1"], ["93.184.215.14", "10.0.0.1"], ["::ffff:127.0.0.1"]])
def test_a_name_that_leads_inside_is_refused(inside):
    with pytest.raises(RefusedAddressError):
        post("http://desk.example/", resolver=lambda host: inside)


def test_the_connection_goes_to_the_address_that_was_checked(serve):
    server = serve(answers())
    asked = []

    def resolver(host: str) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["10.0.0.1"]

    url = server.url(host="desk.example")
    assert post(url, f"desk.example:{server.port}", resolver=resolver).is_success
    assert asked == ["desk.example"]
    assert f"Host: desk.example:{server.port}" in server.requests[0]


def test_a_name_nobody_knows_is_no_accident_of_ours():
    def resolver(host: str) -> list[str]:
        raise OSError(host)

    with pytest.raises(NameNotFoundError):
        post("http://desk.example/", resolver=resolver)


def test_a_certificate_is_verified(authority):  # noqa: F811
    with LoopbackServer(answers(), tls=authority.server_context("127.0.0.1")) as server:
        url = server.url(scheme="https")
        assert post(url, server.pair, ca_file=str(authority.ca_file)).is_success
        with pytest.raises(TlsError):
            post(url, server.pair)


@pytest.mark.parametrize(("host", "days"), [("other.example", 1), ("127.0.0.1", -1)])
def test_a_certificate_for_another_or_past_its_time_is_refused(authority, host, days):  # noqa: F811
    with (
        LoopbackServer(answers(), tls=authority.server_context(host, days=days)) as server,
        pytest.raises(TlsError),
    ):
        post(server.url(scheme="https"), server.pair, ca_file=str(authority.ca_file))


def test_what_speaks_no_tls_is_named_so(serve):
    server = serve(answers())
    server.greet(b"HTTP/1.1 400 Bad Request\r\n\r\n")
    with pytest.raises(TlsError):
        post(server.url(scheme="https"), server.pair)


def test_a_closed_port_is_no_answer(serve):
    server = serve(answers())
    server.stop()
    with pytest.raises(OutgoingError, match="cannot be reached"):
        post(server.url(), server.pair)
