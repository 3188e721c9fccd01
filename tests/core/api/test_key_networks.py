"""A key that is limited to addresses opens nothing from anywhere else, nor do the tokens that were made from it."""

from typing import Any

import pytest
from django.core.cache import cache

from mediaexchange.core.access_tokens import issue_token
from mediaexchange.core.keys import limit_key
from mediaexchange.core.models import ApiKey
from tests.conftest import Caller
from tests.factories import make_key

pytestmark = pytest.mark.django_db
INSIDE, OUTSIDE = "203.0.113.9", "198.51.100.9"


@pytest.fixture
def text(rts) -> str:
    cache.clear()
    text = make_key(rts)
    limit_key(ApiKey.objects.get(), ["203.0.113.0/24", "2001:db8::/32"])
    return text


def call(credential: str, address: str, language: str = "en") -> Any:
    caller = Caller(credential, language)
    return caller.client.get("/api/v1/me/", headers=caller.headers, REMOTE_ADDR=address)


def test_from_elsewhere_it_is_refused_with_the_reason_and_it_goes_on_from_there(text):
    refused = call(text, OUTSIDE)
    assert (refused.status_code, refused.json()["code"]) == (403, "address-not-allowed")
    assert call(text, OUTSIDE, "sr-Latn").json()["detail"] == (
        "Ovaj ključ ne sme da se koristi sa adrese sa koje zovete."
    )
    allowed = call(text, INSIDE)
    assert (allowed.status_code, allowed.json()["networks"]) == (200, ["203.0.113.0/24", "2001:db8::/32"])
    assert call(text, "2001:db8::7").status_code == 200


def test_so_are_its_tokens_and_the_address_that_gives_them_out(text):
    key = ApiKey.objects.get()
    token = issue_token(key, key.scopes)
    assert [call(token, address).status_code for address in (INSIDE, OUTSIDE)] == [200, 403]
    form = {"grant_type": "client_credentials", "client_id": text[:15], "client_secret": text}
    client = Caller().client
    answers = [client.post("/api/v1/tokens/", form_encoded(form), **sent(address)) for address in (INSIDE, OUTSIDE)]
    assert [answer.status_code for answer in answers] == [200, 400]
    assert answers[1].json()["error"] == "unauthorized_client"


def test_whoever_has_not_got_the_key_does_not_learn_that_it_is_limited(text):
    wrong = text[:-1] + ("0" if text[-1] != "0" else "1")
    assert call(wrong, OUTSIDE).json()["code"] == "authentication-failed"


def test_without_a_limit_it_opens_from_anywhere(text):
    limit_key(ApiKey.objects.get(), [])
    answer = call(text, OUTSIDE)
    assert (answer.status_code, answer.json()["networks"]) == (200, [])


def form_encoded(fields: dict[str, str]) -> str:
    return "&".join(f"{name}={value}" for name, value in fields.items())


def sent(address: str) -> dict[str, Any]:
    return {"content_type": "application/x-www-form-urlencoded", "REMOTE_ADDR": address}
