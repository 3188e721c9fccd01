import pytest

from tests.conftest import Caller
from tests.factories import make_key, make_story

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("path", "query", "status", "code"),
    [
        ("stories/", {"limit": "100000"}, 400, "bad-limit"),
        ("stories/", {"limit": "0"}, 400, "bad-limit"),
        ("stories/", {"limit": "²"}, 400, "bad-limit"),
        ("stories/", {"limit": "0000001009999"}, 400, "bad-limit"),
        ("changes/", {"wait": "00259999"}, 400, "bad-wait"),
        ("broadcasters/", {"cursor": "WyJcdTAwMDAiXQ"}, 400, "bad-cursor"),
        ("stories/", {"format": "xml"}, 400, "unknown-parameter"),
        ("stories/", {"cursor": "rubbish!"}, 400, "bad-cursor"),
        ("stories/", {"cursor": "WzEsMl0"}, 400, "bad-cursor"),
        ("stories/", {"colour": "red"}, 400, "unknown-parameter"),
        ("stories/", {"pubstatus": "lost"}, 400, "bad-filter"),
        ("stories/", {"lang": "tlh"}, 400, "unknown-language"),
        ("stories/", {"updated_since": "yesterday"}, 400, "bad-filter"),
        ("stories/", {"broadcaster": "a\0b"}, 400, "bad-parameter"),
        ("stories/not-a-uuid/", {}, 404, "not-found"),
        ("stories/7b0c6c40-0000-4000-8000-000000000000/", {}, 404, "not-found"),
        ("nothing/here/", {}, 404, "not-found"),
        ("changes/", {"after": "rubbish"}, 400, "bad-cursor"),
        ("changes/", {"after": "WyJ4Il0"}, 400, "bad-cursor"),
        ("changes/", {"wait": "3600"}, 400, "bad-wait"),
    ],
)
def test_bad_input_is_answered_with_problem_details(belgrade, path, query, status, code):
    response = belgrade.get(path, **query)
    assert (response.status_code, response.headers["Content-Type"]) == (status, "application/problem+json")
    problem = response.json()
    assert (problem["code"], problem["status"]) == (code, status)
    assert problem["request_id"] == response.headers["X-Request-ID"]


@pytest.mark.parametrize("body", ["{", "[]", "null", '{"a": NaN}', b"\xff\xfe"])
def test_malformed_json_is_a_problem_and_no_server_error(belgrade, rts, body):
    story = make_story(rts)
    response = belgrade.post(f"stories/{story.uid}/recall/", body)
    assert (response.status_code, response.json()["code"]) == (400, "malformed-json")


def test_invalid_values_are_pointed_at(belgrade, rts):
    story = make_story(rts)
    problem = belgrade.post(f"stories/{story.uid}/recall/", {"kind": "burn"}).json()
    assert {(error["pointer"], error["code"]) for error in problem["errors"]} == {
        ("#/kind", "invalid-choice"),
        ("#/reason", "required"),
    }


def test_without_a_key_the_answer_is_401_and_names_the_scheme(stranger):
    response = stranger.get("stories/")
    assert (response.status_code, response.json()["code"]) == (401, "not-authenticated")
    assert response.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_wrong_key_is_401_even_where_nothing_is_asked_for(db):
    for key in ("mx_123_wrong", "x", "mx_é_€", "mx_" + "a" * 5000):
        response = Caller(key.encode("utf-8").decode("latin-1")).get("stories/")
        assert (response.status_code, response.json()["code"]) == (401, "authentication-failed")


def test_a_key_without_the_scope_is_refused(rts):
    caller = Caller(make_key(rts, scopes=["feeds:read"]))
    response = caller.get("stories/")
    assert (response.status_code, response.json()["code"]) == (403, "forbidden")


def test_a_method_that_nobody_answers_to_is_a_problem(belgrade):
    response = belgrade.post("takes/")
    assert (response.status_code, response.json()["code"]) == (405, "method-not-allowed")


def test_a_problem_speaks_the_language_of_the_caller(belgrade):
    details = {}
    for language in ("en", "sr-Cyrl", "sr-Latn", "kk", "ru"):
        response = belgrade.get("nothing/", lang=language)
        assert response.headers["Content-Language"] == language
        details[language] = response.json()["detail"]
    assert len(set(details.values())) == 5


def test_an_address_is_the_same_without_its_final_slash(belgrade):
    assert belgrade.get("changes").json()["results"] == []
    assert belgrade.get("stories/7b0c6c40-0000-4000-8000-000000000000").status_code == 404
