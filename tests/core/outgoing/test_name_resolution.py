import time

import pytest

from mediaexchange.core.outgoing.client import Client
from mediaexchange.core.outgoing.errors import (
    ConnectionFailedError,
    DeadlineExceededError,
    RefusedAddressError,
)
from mediaexchange.core.outgoing.guard import AddressGuard
from tests.core.outgoing.conftest import Serve
from tests.core.outgoing.loopback import answers, redirects

FEED = "<rss><title>Алматы</title></rss>".encode()


def test_a_name_whose_address_changes_after_the_check_gets_nowhere(serve: Serve) -> None:
    server = serve(answers(b"not the address that was checked"))
    answers_of_dns = iter([["::1"], ["127.0.0.1"], ["127.0.0.1"]])
    guard = AddressGuard([f"rebinding.test:{server.port}"])
    client = Client(guard, user_agent="t", resolver=lambda host: next(answers_of_dns))
    with pytest.raises(ConnectionFailedError):
        client.fetch(server.url(host="rebinding.test"))
    assert server.requests == []
    assert len(list(answers_of_dns)) == 2


def test_the_name_is_resolved_once_per_hop_and_the_checked_address_is_used(serve: Serve) -> None:
    server = serve(redirects("/b"), answers(FEED))
    asked = []

    def resolver(host: str) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"]

    client = Client(AddressGuard([f"feeds.test:{server.port}"]), user_agent="t", resolver=resolver)
    assert client.fetch(server.url(host="feeds.test.")).body == FEED
    assert asked == ["feeds.test", "feeds.test"]
    assert f"Host: feeds.test:{server.port}\r\n" in server.requests[0]


def test_a_name_that_moves_inside_between_two_hops_is_refused(serve: Serve) -> None:
    server = serve(redirects("/b"), answers(b"inside"))
    answers_of_dns = iter([["127.0.0.1"], ["10.0.0.1"]])
    guard = AddressGuard([f"feeds.test:{server.port}"])
    client = Client(guard, user_agent="t", resolver=lambda host: next(answers_of_dns))
    with pytest.raises(RefusedAddressError):
        client.fetch(server.url(host="feeds.test"))
    assert len(server.requests) == 1


@pytest.mark.parametrize("answer", [["::ffff:127.0.0.1"], ["8.8.8.8", "::1"], ["fe80::1%2"], ["169.254.169.254"]])
def test_an_inner_answer_of_the_name_server_is_refused(answer: list[str]) -> None:
    client = Client(AddressGuard(), user_agent="t", resolver=lambda host: answer)
    with pytest.raises(RefusedAddressError):
        client.fetch("http://innocent.example/")


def test_a_dead_address_does_not_hide_a_living_one(serve: Serve) -> None:
    server = serve(answers(FEED))
    guard = AddressGuard([f"feeds.test:{server.port}"])
    client = Client(guard, user_agent="t", resolver=lambda host: ["::1", "127.0.0.1"])
    assert client.fetch(server.url(host="feeds.test")).body == FEED


def test_an_unknown_name_has_its_own_code() -> None:
    def resolver(host: str) -> list[str]:
        raise OSError(-2, "Name or service not known")

    with pytest.raises(ConnectionFailedError) as failure:
        Client(AddressGuard(), user_agent="t", resolver=resolver).fetch("http://nowhere.example/?key=hidden")
    assert failure.value.code == "name-not-found"
    assert "hidden" not in failure.value.detail


def test_a_name_server_that_hangs_meets_the_deadline() -> None:
    def resolver(host: str) -> list[str]:
        time.sleep(1)
        return ["8.8.8.8"]

    started_at = time.monotonic()
    with pytest.raises(DeadlineExceededError):
        Client(AddressGuard(), user_agent="t", resolver=resolver).fetch("http://slow.example/", timeout=0.1)
    assert time.monotonic() - started_at < 0.6
