"""OAuth 2 client credentials: a key is exchanged for a token, and the token is that key for a quarter of an hour."""

import base64
import logging
from datetime import timedelta
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.core import signing
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from drf_spectacular.generators import SchemaGenerator

from mediaexchange.core.keys import SCOPES, revoke_key
from mediaexchange.core.models import ApiKey, AuditEntry, IdempotencyRecord, User
from tests.conftest import Caller
from tests.factories import make_key, make_story

pytestmark = pytest.mark.django_db
GRANT = "grant_type=client_credentials"
FORM = "application/x-www-form-urlencoded"


class OAuthClient:
    """A partner's program that knows the RFC, and one key."""

    def __init__(self, key: str) -> None:
        self.key, self.id, self.http = key, key[:15], Client(raise_request_exception=False)

    def send(self, body: Any, content_type: str = FORM, **headers: str) -> Any:
        return self.http.post("/api/v1/tokens/", body, content_type=content_type, headers=headers)

    def post(self, **fields: str) -> Any:
        """client_secret_post."""
        given = {"client_id": self.id, "client_secret": self.key} | fields
        return self.send("&".join([GRANT, *(f"{name}={value}" for name, value in given.items())]))

    def basic(self, body: str = GRANT, name: str = "", secret: str = "") -> Any:
        """client_secret_basic."""
        both = f"{name or self.id}:{secret or self.key}"
        return self.send(body, authorization=f"Basic {base64.b64encode(both.encode()).decode()}")

    def token(self, **fields: str) -> str:
        return self.post(**fields).json()["access_token"]


@pytest.fixture
def partner(rts) -> OAuthClient:
    cache.clear()
    return OAuthClient(make_key(rts))


def refused(response: Any) -> tuple[int, str]:
    """Status and error of a refusal in the form that RFC 6749 §5.2 asks for."""
    body = response.json()
    assert set(body) == {"error", "error_description"}
    assert all(" " <= letter <= "~" and letter not in '"\\' for letter in body["error_description"])
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Content-Type"] == "application/json"
    return response.status_code, body["error"]


def test_a_key_is_exchanged_for_a_token_by_basic_and_by_form(partner):
    for response in (partner.basic(), partner.post()):
        assert response.status_code == 200
        assert (response.headers["Cache-Control"], response.headers["Pragma"]) == ("no-store", "no-cache")
        body = response.json()
        assert (body["token_type"], body["expires_in"], body["scope"]) == ("Bearer", 900, " ".join(sorted(SCOPES)))
        me = Caller(body["access_token"]).get("me/").json()
        assert (me["username"], me["scopes"]) == ("api-rts", sorted(SCOPES))


def test_a_client_may_be_called_by_whatever_people_copy(partner):
    prefix, secret = partner.id.removeprefix("mx_"), partner.key[16:]
    for name in (prefix, f"{partner.id}_", f"{partner.id}_…"):
        assert partner.basic(name=name).status_code == 200
    assert partner.basic(secret=secret).status_code == 200
    assert partner.post(client_secret=f"{secret}%0A").status_code == 200
    assert partner.basic(f"{GRANT}&client_id={partner.id}").status_code == 200
    assert refused(partner.basic(name=partner.key)) == (401, "invalid_client")


def test_a_token_does_what_its_key_does_and_writes_as_its_account(partner, rts):
    story, caller = make_story(rts, published=False), Caller(partner.token())
    assert caller.send("POST", f"stories/{story.uid}/publish/", Idempotency_Key="1").status_code == 200
    account = User.objects.get(username="api-rts")
    assert AuditEntry.objects.filter(table_name="newsexchange_story").latest("pk").actor_id == account.pk
    assert IdempotencyRecord.objects.get().user == account
    again = Caller(partner.key).send("POST", f"stories/{story.uid}/publish/", Idempotency_Key="1")
    assert again.headers["Idempotency-Replayed"] == "true"


def test_token_and_key_share_one_limit_and_one_last_use(partner, settings):
    settings.API_RATE = (2, 60)
    ApiKey.objects.update(last_used_at=None)
    caller = Caller(partner.token())
    ApiKey.objects.update(last_used_at=None)
    assert caller.get("me/").status_code == 200
    assert ApiKey.objects.get().last_used_at is not None
    assert Caller(partner.key).get("me/").status_code == 200
    assert caller.get("me/").status_code == 429


def test_a_scope_narrows_the_token_and_never_widens_it(rts):
    partner = OAuthClient(make_key(rts, scopes=["stories:read", "offers:read"]))
    narrowed = partner.post(scope="stories:read").json()
    caller = Caller(narrowed["access_token"])
    assert narrowed["scope"] == "stories:read"
    assert caller.get("me/").json()["scopes"] == ["stories:read"]
    assert (caller.get("stories/").status_code, caller.get("offers/").status_code) == (200, 403)
    for scope in ("stories:write", "stories:read+stories:write", "everything", "%00", "%22"):
        assert refused(partner.post(scope=scope)) == (400, "invalid_scope")
    assert partner.post(scope="").json()["scope"] == "offers:read stories:read"


def test_a_scope_that_the_key_loses_is_lost_to_its_tokens(partner):
    caller = Caller(partner.token())
    ApiKey.objects.update(scopes=["offers:read"])
    assert caller.get("stories/").status_code == 403
    assert ApiKey.objects.get().scopes == ["offers:read"]


@pytest.mark.parametrize("end", ["revoked", "expired", "account"])
def test_what_ends_a_key_ends_its_live_tokens_at_once(partner, end):
    caller = Caller(partner.token())
    assert caller.get("me/").status_code == 200
    if end == "revoked":
        revoke_key(ApiKey.objects.get())
    elif end == "expired":
        ApiKey.objects.update(expires_at=timezone.now())
    else:
        User.objects.filter(username="api-rts").update(is_active=False)
    assert caller.get("me/").status_code == 401
    assert refused(partner.post()) == (401, "invalid_client")


def test_a_token_ends_after_a_quarter_of_an_hour(partner, time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    caller = Caller(partner.token())
    time_machine.shift(timedelta(seconds=899))
    assert caller.get("me/").status_code == 200
    time_machine.shift(timedelta(seconds=2))
    response = caller.get("me/")
    assert (response.status_code, response.json()["code"]) == (401, "authentication-failed")
    assert response.headers["WWW-Authenticate"] == 'Bearer realm="mediaexchange", error="invalid_token"'


def test_forged_and_damaged_tokens_are_refused_like_bad_keys(partner):
    token = partner.token()
    body, _stamp, signature = token.removeprefix("mxt_").split(".")
    wider = signing.b64_encode(b'{"key":"x","scopes":["stories:write"]}').decode()
    elsewhere = signing.TimestampSigner(salt="archive.link", sep=".").sign_object({"key": partner.id, "scopes": []})
    damaged = (
        f"{token[:-1]}{'A' if token[-1] != 'A' else 'B'}", token[:-1], f"mxt_{wider}.{_stamp}.{signature}",
        f"mxt_{body}.zzzzzz.{signature}", f"mxt_{elsewhere}", "mxt_", "mxt_a.b.c", "mxt_" + "x" * 5000, "mxt_é.€",
        token.removeprefix("mxt_"),
    )  # fmt: skip
    bad_key = Caller("mx_123_wrong").get("stories/")
    for text in damaged:
        response = Caller(text.encode().decode("latin-1")).get("stories/")
        assert response.status_code == 401, text
        assert response.json() | {"request_id": ""} == bad_key.json() | {"request_id": ""}
        assert response.headers["WWW-Authenticate"] == bad_key.headers["WWW-Authenticate"]


def test_who_brings_nothing_is_challenged_without_an_error(stranger):
    assert stranger.get("stories/").headers["WWW-Authenticate"] == 'Bearer realm="mediaexchange"'


def test_unknown_clients_and_wrong_secrets_are_one_answer(partner, rts):
    other = OAuthClient(make_key(rts))
    answers = [
        partner.basic(secret="wrong"), partner.basic(name="mx_0123456789ab"), partner.post(client_secret=other.key),
        partner.post(client_secret=""),
    ]  # fmt: skip
    for response in answers:
        assert refused(response) == (401, "invalid_client")
        assert response.headers["WWW-Authenticate"].startswith("Basic ")
    assert len({response.content for response in answers}) == 1


def test_a_token_gets_no_other_token(partner):
    token = partner.token()
    assert refused(partner.send(GRANT, authorization=f"Bearer {token}")) == (401, "invalid_client")
    assert refused(partner.send(GRANT, authorization=f"Bearer {partner.key}")) == (401, "invalid_client")
    assert refused(partner.post(client_secret=token)) == (401, "invalid_client")
    assert refused(partner.basic(name=token, secret=token)) == (401, "invalid_client")


@pytest.mark.parametrize(
    ("body", "answer"),
    [
        ("", (400, "invalid_request")),
        ("scope=stories:read", (400, "invalid_request")),
        ("grant_type=", (400, "invalid_request")),
        (f"{GRANT}&{GRANT}", (400, "invalid_request")),
        (b"grant_type=\xff\xfe", (400, "invalid_request")),
        (f"{GRANT}&client_id=%ff", (400, "invalid_request")),
        (f"{GRANT}&{'x' * 20_000}", (400, "invalid_request")),
        (f"{GRANT}{''.join(f'&x{number}=1' for number in range(200))}", (400, "invalid_request")),
        ("grant_type=password&username=x&password=y", (400, "unsupported_grant_type")),
        ("grant_type=client%00credentials", (400, "unsupported_grant_type")),
        (GRANT, (401, "invalid_client")),
        (f"{GRANT}&client_id=mx_%000123456789a&client_secret=%00", (401, "invalid_client")),
        (f"{GRANT}&client_id=mx_0123456789ab&client_secret=%00", (401, "invalid_client")),
        (f"{GRANT}&client_id={'1' * 9000}&client_secret=x", (401, "invalid_client")),
        (f"{GRANT}&client_id=mx_١٢٣٤٥٦٧٨٩٠١٢&client_secret=x", (401, "invalid_client")),
    ],
    ids=lambda value: str(value)[:40],
)
def test_rubbish_is_refused_by_the_words_of_the_rfc(partner, body, answer):
    assert refused(partner.send(body)) == answer


def test_only_forms_are_read_and_only_one_way_of_saying_who_one_is(partner):
    assert refused(partner.send({"grant_type": "client_credentials"}, "application/json")) == (400, "invalid_request")
    assert refused(partner.send(b"{", "application/json")) == (400, "invalid_request")
    assert refused(partner.basic(f"{GRANT}&client_secret=x")) == (400, "invalid_request")
    for header in ("Basic", "Basic é", "Basic ====", "Basic AAAA", "Digest x", "Basic " + "A" * 9000):
        assert refused(partner.send(GRANT, authorization=header.encode().decode("latin-1"))) == (401, "invalid_client")
    query = f"{GRANT}&client_id={partner.id}&client_secret={partner.key}"
    assert refused(partner.http.post(f"/api/v1/tokens/?{query}")) == (400, "invalid_request")
    assert partner.http.get(f"/api/v1/tokens/?{query}").status_code == 405


def test_the_answer_is_json_whatever_the_client_accepts(partner):
    given = f"{GRANT}&client_id={partner.id}&client_secret={partner.key}"
    assert partner.send(given, accept="text/html").status_code == 200
    assert partner.http.post("/api/v1/tokens", given, content_type=FORM).status_code == 200


def test_guessing_locks_the_client_for_that_address_and_keeps_no_secret(partner, settings, caplog):
    settings.AXES_ENABLED, settings.AXES_FAILURE_LIMIT = True, 2
    caplog.set_level(logging.DEBUG)
    wrong = partner.key[:-8] + "00000000"
    assert refused(partner.post(client_secret=wrong, password=wrong)) == (401, "invalid_client")
    assert refused(partner.basic(secret=wrong)) == (401, "invalid_client")
    locked = partner.post()
    assert refused(locked) == (429, "invalid_client")
    assert locked.headers["Retry-After"] == "900"
    partner.http.defaults["REMOTE_ADDR"] = "192.0.2.7"
    assert partner.post().status_code == 200
    assert AccessAttempt.objects.get().username == partner.id
    kept = caplog.text + "".join(str(row) for row in AccessAttempt.objects.values())
    assert wrong[16:40] not in kept
    assert Caller(partner.key).get("me/").status_code == 200


def test_the_token_endpoint_has_the_limit_of_calls_without_a_key(partner, settings):
    settings.API_RATE = (2, 60)
    assert [partner.post().status_code for _ in range(3)] == [200, 200, 429]


def test_metadata_lead_an_oauth_library_to_the_token_endpoint(partner, settings):
    settings.PUBLIC_URL = "https://exchange.example"
    found = partner.http.get("/.well-known/oauth-authorization-server").json()
    assert found["issuer"] == "https://exchange.example"
    assert found["token_endpoint"] == "https://exchange.example/api/v1/tokens/"
    assert found["grant_types_supported"] == ["client_credentials"]
    assert found["scopes_supported"] == sorted(SCOPES)
    assert set(found["token_endpoint_auth_methods_supported"]) == {"client_secret_basic", "client_secret_post"}


def test_the_schema_names_the_flow_and_the_scope_of_each_operation(db):
    schema = SchemaGenerator().get_schema(public=True)
    flow = schema["components"]["securitySchemes"]["oauth2"]["flows"]["clientCredentials"]
    assert flow["tokenUrl"] == "/api/v1/tokens/"
    assert set(flow["scopes"]) == set(SCOPES)
    asked = [
        scope
        for operations in schema["paths"].values()
        for operation in operations.values()
        for way in operation.get("security", ())
        for scope in way.get("oauth2", ())
    ]
    assert set(asked) <= set(SCOPES)
    assert {"oauth2": ["stories:read"]} in schema["paths"]["/api/v1/stories/"]["get"]["security"]
    assert {"oauth2": ["stories:write"]} in schema["paths"]["/api/v1/stories/"]["post"]["security"]
