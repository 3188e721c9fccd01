import json

import pytest

from newsexchange.services.documents import document_of
from tests.factories import make_story
from tests.newsexchange.formats.stories import EVERYTHING

pytestmark = pytest.mark.django_db


def document(story, language="en", format="ninjs-3.1"):
    return json.loads(document_of(story, format, language).content)


def test_there_is_one_document_for_each_shown_language():
    story = make_story(**EVERYTHING)
    assert {language: document(story, language)["language"] for language in ("sr", "sr-latn", "kk", "ru", "en")} == {
        "sr": "sr-Cyrl", "sr-latn": "sr-Latn", "kk": "kk", "ru": "ru", "en": "en",
    }  # fmt: skip
    assert document(story, "sr-latn")["headlines"][0]["value"] == "Otvorena nova biblioteka"


def test_a_document_says_only_what_is_known():
    said = document(make_story())
    assert not {
        "urgency",
        "edNote",
        "renditions",
        "rightsInfo",
        "embargoedUntil",
        "expires",
        "digitalSourceType",
    } & set(said)


def test_readers_who_do_not_know_our_terms_find_rights_and_shots_in_words():
    said = document(make_story(**EVERYTHING))
    assert said["usageTerms"].startswith("Do not archive\n")
    assert "No online use." in said["usageTerms"]
    assert "Shot 2: " in said["usageTerms"]
    bodies = {body["role"]: body["value"] for body in said["bodies"]}
    assert "00:00:00–00:00:01.500" in bodies["shotlist"]
    assert "Ана Анић" in bodies["shotlist"]


def test_a_hold_without_an_end_keeps_those_waiting_who_do_not_know_it():
    assert document(make_story(is_held=True))["embargoedUntil"].startswith("2199-")
    assert document(make_story(is_held=True), format="ninjs-2.2")["embargoed"].startswith("2199-")


def test_restrictions_are_odrl_under_the_name_of_its_language():
    rights = document(make_story(**EVERYTHING))["rightsInfo"]
    assert rights["langId"] == "http://www.w3.org/ns/odrl/2/"
    policies = json.loads(rights["encodedRights"])["@graph"]
    assert sorted(policy["target"].partition("#")[2] for policy in policies) == ["", "shot-2"]
    assert {"archive", "modify", "sell"} <= {rule["action"] for policy in policies for rule in policy["prohibition"]}


def test_owner_genre_and_identity_of_the_exchange_are_machine_readable(settings):
    settings.EXCHANGE_URI = "urn:example:exchange"
    said = document(make_story(**EVERYTHING))
    assert "public service media" in {trust["title"] for trust in said["trustIndicators"]}
    assert [genre["literal"] for genre in said["genres"]] == ["human"]
    terms = json.loads(next(body["value"] for body in said["bodies"] if body["role"] == "exchange-terms"))
    assert [hop["by"] for hop in terms["hops"]] == ["urn:example:agency", "urn:example:exchange"]
    assert terms["languages"] == ["sr-Cyrl", "sr-Latn", "kk", "ru", "en"]
