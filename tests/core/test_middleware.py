"""Whose request it is: behind proxies that are trusted the visitor's, and nobody says by themselves who they are."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from mediaexchange.core.middleware import VisitorAddressMiddleware

VISITOR, PROXY, OUTER = "203.0.113.9", "10.1.2.3", "10.1.9.9"


def address_counted(peer: str, forwarded: str) -> str:
    seen: list[str] = []

    def answer(request: HttpRequest) -> HttpResponse:
        seen.append(request.META["REMOTE_ADDR"])
        return HttpResponse()

    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    VisitorAddressMiddleware(answer)(RequestFactory().get("/", REMOTE_ADDR=peer, headers=headers))
    return seen.pop()


@pytest.mark.parametrize(
    ("peer", "forwarded", "counted"),
    [
        (PROXY, VISITOR, VISITOR),
        (PROXY, f"198.51.100.1, {VISITOR}", VISITOR),  # what stands before is what the visitor said
        (PROXY, f"{VISITOR}, {OUTER}", VISITOR),  # two proxies
        (PROXY, "2001:db8::7", "2001:db8::7"),
        (PROXY, "", PROXY),
        (PROXY, "unknown", PROXY),
        (PROXY, f"{VISITOR}, <script>", PROXY),
        (VISITOR, "198.51.100.1", VISITOR),  # no proxy of ours: not believed
        ("", VISITOR, ""),
    ],
)
def test_the_address_behind_trusted_proxies_is_counted(settings, peer: str, forwarded: str, counted: str) -> None:
    settings.TRUSTED_PROXIES = ["127.0.0.1", "10.1.0.0/16"]
    assert address_counted(peer, forwarded) == counted


def test_a_star_trusts_whoever_connects_and_nothing_that_stands_before(settings) -> None:
    settings.TRUSTED_PROXIES = ["*"]
    assert address_counted(PROXY, f"198.51.100.1, {VISITOR}") == VISITOR
    assert address_counted(PROXY, "") == PROXY


@pytest.mark.parametrize(("peer", "status"), [(PROXY, 401), (VISITOR, 301)])
@pytest.mark.django_db
def test_only_a_trusted_proxy_says_that_a_request_came_encrypted(settings, peer: str, status: int) -> None:
    settings.TRUSTED_PROXIES = [PROXY]
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    answer = Client().get("/api/v1/me/", REMOTE_ADDR=peer, headers={"X-Forwarded-Proto": "https"})
    assert answer.status_code == status
