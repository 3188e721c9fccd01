import json

import pytest

from newsexchange.constants import Road
from newsexchange.models import Edition, Receipt
from newsexchange.parsing.registry import parse
from newsexchange.services.recall import recall_story
from tests.factories import make_embargoed_story, make_story, offer

pytestmark = pytest.mark.django_db
FORMATS = {
    "ninjs-3.1": "application/json",
    "ninjs-2.2": "application/json",
    "newsml-g2": "application/vnd.iptc.g2.newsitem+xml",
    "newsml-g2-message": "application/vnd.iptc.g2.newsmessage+xml",
    "dopesheet-text": "text/plain; charset=utf-8",
    "dopesheet-pdf": "application/pdf",
}


def address(story, document="", **query):
    lang = f"?lang={query['lang']}" if query else ""
    return f"stories/{story.uid}/documents/{document}{'/' if document else ''}{lang}"


def test_the_documents_of_a_story_are_listed_by_format_and_language(belgrade, rts):
    story = make_story(rts)
    answer = belgrade.get(address(story)).json()
    assert [item["format"] for item in answer["results"]] == list(FORMATS)
    languages = answer["results"][0]["languages"]
    assert [(row["language"], row["text_language"], row["text_origin"]) for row in languages] == [
        ("sr-Cyrl", "sr-Cyrl", "original"), ("sr-Latn", "sr-Latn", "transliterated"), ("kk", "en", "human"),
        ("ru", "en", "human"), ("en", "en", "human"),
    ]  # fmt: skip
    assert belgrade.get(languages[1]["url"]).headers["Content-Language"] == "sr-Latn"


@pytest.mark.parametrize("document", FORMATS)
def test_each_document_comes_with_its_type_name_and_language(belgrade, rts, document):
    story = make_story(rts)
    response = belgrade.get(address(story, document, lang="sr-Latn"))
    assert response.status_code == 200
    assert response.headers["Content-Type"] == FORMATS[document]
    assert response.headers["Content-Language"] == "sr-Latn"
    assert f"{story.uid}-v1-sr-Latn." in response.headers["Content-Disposition"]
    assert (response.headers["Text-Origin"], response.headers["Text-Stale"]) == ("transliterated", "false")


def test_an_unchanged_document_is_answered_304_and_languages_differ(belgrade, rts):
    story = make_story(rts)
    first = belgrade.get(address(story, "newsml-g2", lang="en"))
    tag = {**belgrade.headers, "if-none-match": first.headers["ETag"]}
    assert belgrade.client.get(f"/api/v1/{address(story, 'newsml-g2', lang='en')}", headers=tag).status_code == 304
    assert belgrade.client.get(f"/api/v1/{address(story, 'newsml-g2', lang='sr')}", headers=tag).status_code == 200


def test_a_format_that_nobody_writes_is_404_with_problem_details(belgrade, rts):
    response = belgrade.get(address(make_story(rts), "nitf"))
    assert (response.status_code, response.headers["Content-Type"]) == (404, "application/problem+json")


def test_a_stale_machine_translation_says_so(belgrade, rts):
    story = make_story(rts)
    Edition.objects.filter(story=story, language="en").update(
        origin="machine", ai_use="translation", ai_label="Translated by a machine", is_stale=True
    )
    response = belgrade.get(address(story, "ninjs-3.1", lang="en"))
    assert (response.headers["Text-Origin"], response.headers["Text-Stale"]) == ("machine", "true")
    document = response.json()
    assert {"machine", "stale"} <= {genre["literal"] for genre in document["genres"]}
    assert "Translated by a machine" in {trust.get("title") for trust in document["trustIndicators"]}


def test_a_partner_fetches_what_is_offered_and_a_receipt_is_noted(astana, rts, ptrc):
    story = make_story(rts)
    assert astana.get(address(story, "ninjs-3.1")).status_code == 404
    offer(story, ptrc)
    assert astana.get(address(story, "ninjs-3.1")).status_code == 200
    assert Receipt.objects.filter(story=story, broadcaster=ptrc, road=Road.DOCUMENT).exists()


def test_a_partner_gets_no_document_of_what_it_must_not_use(astana, belgrade, rts, ptrc):
    story = make_story(rts, restrictions=[{"is_barred": True, "territories": ["KZ"]}])
    offer(story, ptrc)
    refused = astana.get(address(story, "dopesheet-text"))
    assert (refused.status_code, refused.json()["code"]) == (403, "use-refused")
    assert belgrade.get(address(story, "dopesheet-text")).status_code == 200
    assert not Receipt.objects.filter(story=story, road=Road.DOCUMENT).exists()


def test_a_text_that_no_ai_declaration_covers_is_in_no_document(astana, rts, ptrc):
    story = make_story(rts)
    Edition.objects.filter(story=story, language="en").update(origin="machine", ai_use="")
    offer(story, ptrc)
    response = astana.get(address(story, "ninjs-3.1", lang="en"))
    assert response.headers["Content-Language"] != "en"
    assert b"A new library opens" not in response.content


def test_documents_vanish_with_a_recall_and_wait_for_an_embargo(astana, rts, ptrc):
    killed, embargoed = make_story(rts), make_embargoed_story(rts)
    offer(killed, ptrc)
    offer(embargoed, ptrc)
    assert astana.get(address(killed, "ninjs-3.1")).status_code == 200
    recall_story(killed, actor=None, kind="kill", reason="x")
    for story in (killed, embargoed):
        for document in (*FORMATS, ""):
            assert astana.get(address(story, document)).status_code == 404


def test_what_is_fetched_can_be_read_as_it_stands(belgrade, rts):
    story = make_story(rts)
    for document in ("ninjs-3.1", "ninjs-2.2", "newsml-g2", "newsml-g2-message"):
        response = belgrade.get(address(story, document, lang="en"))
        (entry,) = parse(response.content, content_type=response.headers["Content-Type"]).entries
        assert (entry.guid, entry.headline) == (f"urn:uuid:{story.uid}", "A new library opens")
    assert json.loads(belgrade.get(address(story, "ninjs-2.2", lang="en")).content)["standard"]["version"] == "2.2"
