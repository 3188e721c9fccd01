import pytest

from mediaexchange.core.models import OutboxEvent
from newsexchange.constants import VersionKind
from newsexchange.models import Story, StoryVersion
from tests.factories import make_broadcaster, make_key, make_story, offer

pytestmark = pytest.mark.django_db
DRAFT = {"language": "sr-Cyrl", "texts": {"sr-Cyrl": {"headline": "Мост је отворен"}}, "topics": ["medtop:04000000"]}


def test_a_draft_is_written_changed_published_and_offered_by_api(belgrade, astana, rts, ptrc):
    written = belgrade.post("stories/", DRAFT)
    assert (written.status_code, written.json()["status"], written.json()["version"]) == (201, "draft", 0)
    path = written.headers["Location"].partition("/api/v1/")[2]
    changed = belgrade.send("PATCH", path, {"texts": {"en": {"headline": "Bridge"}}}, If_Match=written.headers["ETag"])
    assert changed.status_code == 200
    assert set(changed.json()["languages"]) == {"sr-Cyrl", "sr-Latn", "en"}
    published = belgrade.post(f"{path}publish/")
    assert (published.json()["status"], published.json()["version"]) == ("published", 1)
    belgrade.post(f"{path}offer/", {"to": ["ptrc"]})
    assert astana.get(path).json()["headline"] == "Bridge"
    assert belgrade.post(f"{path}publish/").json()["version"] == 1


def test_a_draft_is_nobody_elses_and_in_no_list_unless_asked_for(belgrade, astana, rts, ptrc):
    path = f"stories/{belgrade.post('stories/', DRAFT).json()['uid']}/"
    assert belgrade.get("stories/").json()["results"] == []
    assert len(belgrade.get("stories/", status="draft").json()["results"]) == 1
    assert astana.get("stories/", status="draft").json()["results"] == []
    for response in (astana.get(path), astana.post(f"{path}publish/"), astana.send("PATCH", path, {}, If_Match="*")):
        assert response.status_code == 404


def test_a_change_must_say_what_was_read_and_loses_against_a_newer_one(belgrade, rts):
    path = f"stories/{make_story(rts).uid}/"
    seen = belgrade.get(path).headers["ETag"]
    missing = belgrade.send("PATCH", path, {"urgency": 2})
    assert (missing.status_code, missing.json()["code"]) == (428, "precondition-required")
    assert belgrade.send("PATCH", path, {"urgency": 2}, If_Match=f"W/{seen}").status_code == 200
    late = belgrade.send("PATCH", path, {"urgency": 3}, If_Match=seen)
    assert (late.status_code, late.json()["code"]) == (412, "precondition-failed")
    assert Story.objects.get().urgency == 2
    assert belgrade.send("PATCH", path, {"urgency": 3}, If_Match='"2"').status_code == 200
    assert belgrade.send("PATCH", path, {"urgency": 4}, If_Match="*").status_code == 200


def test_two_saves_of_a_draft_are_told_apart_though_it_has_no_version(belgrade, rts):
    written = belgrade.post("stories/", DRAFT)
    path, seen = f"stories/{written.json()['uid']}/", written.headers["ETag"]
    assert belgrade.send("PATCH", path, {"slugline": "bridge"}, If_Match=seen).json()["slugline"] == "bridge"
    assert belgrade.send("PATCH", path, {"slugline": "most"}, If_Match=seen).status_code == 412


def test_saying_again_what_it_says_makes_no_new_version(belgrade, rts):
    path = f"stories/{make_story(rts).uid}/"
    same = belgrade.send("PATCH", path, {"texts": {"en": {"headline": "A new library opens"}}}, If_Match="*")
    assert (same.status_code, same.json()["version"]) == (200, 1)


def test_saying_a_text_without_columns_again_makes_no_new_version(belgrade, rts):
    story = make_story(rts, language="hu")
    path, texts = f"stories/{story.uid}/", {"hu": {"headline": "Új könyvtár", "body": "<p>Szöveg</p>"}}
    assert belgrade.send("PATCH", path, {"texts": texts}, If_Match="*").json()["version"] == 2
    story.editions.update(is_stale=False)
    for given in (texts, {"hu": {"headline": " Új könyvtár"}}, {"mk": {"summary": "<p>.</p>", "body": "<p></p>"}}):
        same = belgrade.send("PATCH", path, {"texts": given}, If_Match="*")
        assert (same.status_code, same.json()["version"]) == (200, 2), given
    assert not story.editions.filter(is_stale=True).exists()


def test_a_published_story_is_not_left_without_words(belgrade, rts):
    story = make_story(rts, headline_en="", body_en="")
    path, nothing = f"stories/{story.uid}/", {"headline": "", "body": ""}
    for empty in (nothing, {"headline": " ", "body": "<p></p>"}, {"headline": "", "body": "<p>&nbsp;</p>"}):
        refused = belgrade.send("PATCH", path, {"texts": {"sr": empty}}, If_Match="*")
        assert (refused.status_code, refused.json()["code"]) == (422, "no-text"), empty
    story.refresh_from_db()
    assert (story.version, story.headline_sr) == (1, "Отворена нова библиотека")
    moved = belgrade.send("PATCH", path, {"texts": {"sr": nothing, "hu": {"headline": "Könyvtár"}}}, If_Match="*")
    assert moved.status_code == 200
    refused = belgrade.send("PATCH", path, {"texts": {"hu": nothing}}, If_Match="*")
    assert (refused.status_code, refused.json()["code"]) == (422, "no-text")


def test_a_correction_says_what_was_wrong_and_travels_the_same_road(belgrade, astana, rts, ptrc):
    story = make_story(rts)
    offer(story, ptrc)
    cursor = astana.get("changes/").json()["cursor"]
    body = {"texts": {"en": {"headline": "A new museum opens"}}, "note": "It is a museum."}
    path = f"stories/{story.uid}/correct/"
    assert belgrade.send("POST", path, body | {"note": ""}, If_Match="*").status_code == 400
    assert belgrade.send("POST", path, body).status_code == 428
    assert belgrade.send("POST", path, {"note": "nothing"}, If_Match="*").json()["code"] == "nothing-changed"
    assert belgrade.send("POST", path, body, If_Match='"1"').json()["version"] == 2
    (change,) = astana.get("changes/", after=cursor).json()["results"]
    assert (change["kind"], change["version"]) == ("story.corrected", 2)
    newest, first = astana.get(f"stories/{story.uid}/versions/").json()["results"]
    assert (newest["kind"], newest["note"]) == (VersionKind.CORRECTION, "It is a museum.")
    assert astana.get(first["url"]).json()["snapshot"]["headline_en"] == "A new library opens"


def test_errors_point_into_what_was_sent_in_the_callers_language(rts):
    from tests.conftest import Caller

    caller = Caller(make_key(rts), language="sr-Latn")
    body = {
        "texts": {"sr-Latn": {"headline": "x" * 501, "lead": "?"}, "sr-Cyrl": {}},
        "topics": ["sport"],
        "urgency": 12,
        "colour": "red",
    }
    problem = caller.post("stories/", body)
    assert problem.status_code == 400
    assert problem.headers["Content-Language"] == "sr-Latn"
    assert [error["pointer"] for error in problem.json()["errors"]] == ["#/colour"]
    del body["colour"]
    pointers = {error["pointer"] for error in caller.post("stories/", body).json()["errors"]}
    assert {"#/topics/0", "#/urgency", "#/texts/sr-Latn/lead"} <= pointers


def test_a_translation_is_put_declared_and_turns_stale_with_its_original(belgrade, astana, rts, ptrc):
    story = make_story(rts)
    offer(story, ptrc)
    path = f"stories/{story.uid}/"
    put = belgrade.send(
        "PUT",
        f"{path}editions/kk/",
        {"headline": "Жаңа кітапхана", "ai_use": "translation", "ai_tool": "NLLB", "is_reviewed": True},
        If_Match='"1"',
    )
    assert put.status_code == 200, put.json()
    assert (put.json()["origin"], put.json()["is_stale"], put.json()["translated_from_version"]) == ("human", False, 1)
    assert put.json()["is_reviewed"]
    read = astana.get(path, lang="kk").json()
    assert (read["headline"], read["text_origin"], read["version"]) == ("Жаңа кітапхана", "human", 2)
    belgrade.send("PATCH", path, {"texts": {"sr": {"headline": "Отворен музеј"}}}, If_Match='"2"')
    assert astana.get(path, lang="kk").json()["text_is_stale"] is True
    outdated = {"headline": "Жаңа кітапхана!", "translated_from_version": 2}
    assert belgrade.send("PUT", f"{path}editions/kk/", outdated, If_Match='"3"').json()["is_stale"] is True
    fresh = {"headline": "Жаңа мұражай", "translated_from_version": 3}
    assert belgrade.send("PUT", f"{path}editions/kk/", fresh, If_Match='"4"').json()["is_stale"] is False
    stale = {row["language"]: row["is_stale"] for row in astana.get(f"{path}editions/").json()}
    assert stale == {"sr": False, "en": True, "kk": False}


def test_a_tag_that_is_too_long_is_refused_wherever_it_is_sent(belgrade, rts):
    tag = "hu-" + "-".join(["variant1"] * 4)
    path, text = f"stories/{make_story(rts).uid}/", {"headline": "Könyvtár"}
    refused = belgrade.send("PUT", f"{path}editions/{tag}/", text, If_Match="*")
    assert (refused.status_code, refused.json()["code"]) == (422, "unknown-language")
    assert belgrade.send("PATCH", path, {"texts": {tag: text}}, If_Match="*").status_code == 400
    assert belgrade.send("PUT", f"{path}editions/{tag[:35]}/", text, If_Match="*").status_code == 200
    bulk = belgrade.post("stories/bulk/", {"stories": [DRAFT, {"texts": {tag: text}}, DRAFT]})
    assert [row["status"] for row in bulk.json()["results"]] == [201, 400, 201]


def test_a_language_without_columns_is_an_edition_like_any_other(belgrade, rts):
    story = make_story(rts)
    path = f"stories/{story.uid}/"
    put = belgrade.send(
        "PUT", f"{path}editions/hu/", {"headline": "Új könyvtár", "body": "<p>Szöveg</p>"}, If_Match="*"
    )
    assert put.status_code == 200, put.json()
    assert "hu" in belgrade.get(path).json()["languages"]
    changed = belgrade.send("PATCH", path, {"texts": {"hu": {"headline": "Könyvtár"}}}, If_Match="*")
    assert changed.json()["version"] == 3
    everything = belgrade.get(path, translations="all").json()["translations"]
    assert everything["hu"] == {
        "headline": "Könyvtár", "summary": "", "body": "<p>Szöveg</p>", "origin": "human", "is_stale": False,
    }  # fmt: skip
    assert set(everything) == {"sr-Cyrl", "sr-Latn", "en", "hu"}
    refused = belgrade.send("PUT", f"{path}editions/xx_yy/", {"headline": "?"}, If_Match="*")
    assert (refused.status_code, refused.json()["code"]) == (422, "unknown-language")
    empty = belgrade.send("PUT", f"{path}editions/hu/", {"body": "<p></p>"}, If_Match="*")
    assert (empty.status_code, empty.json()["code"]) == (422, "edition-empty")


def test_many_at_once_and_each_on_its_own(belgrade, astana, rts, ptrc):
    items = [
        DRAFT,
        DRAFT | {"urgency": 99},
        DRAFT | {"publish": True, "offer_to": ["ptrc"]},
        DRAFT | {"offer_to": ["ptrc"]},
        {"publish": True},
    ]
    answer = belgrade.post("stories/bulk/", {"stories": items})
    assert answer.status_code == 200
    results = answer.json()["results"]
    assert [row["status"] for row in results] == [201, 400, 201, 409, 422]
    assert [row["index"] for row in results] == [0, 1, 2, 3, 4]
    assert results[1]["errors"][0]["pointer"] == "#/urgency"
    assert (results[3]["code"], results[4]["code"]) == ("story-not-usable", "no-text")
    assert Story.objects.count() == 2  # what was refused left nothing behind
    assert [row["uid"] for row in astana.get("stories/").json()["results"]] == [results[2]["uid"]]
    assert belgrade.post("stories/bulk/", {"stories": [DRAFT] * 101}).status_code == 400
    assert belgrade.post("stories/bulk/", {"stories": []}).status_code == 400


def test_whoever_may_only_read_writes_nothing(rts):
    from tests.conftest import Caller

    reader = Caller(make_key(rts, ["stories:read"]))
    story = make_story(rts)
    for method, path in (
        ("POST", "stories/"), ("POST", "stories/bulk/"), ("PATCH", f"stories/{story.uid}/"),
        ("PUT", f"stories/{story.uid}/editions/en/"), ("POST", f"stories/{story.uid}/correct/"),
    ):  # fmt: skip
        assert reader.send(method, path, {}, If_Match="*").status_code == 403, path


def test_a_partner_changes_nothing_of_what_it_was_offered(belgrade, astana, rts, ptrc):
    story = make_story(rts)
    offer(story, ptrc)
    for method, path in (("PATCH", ""), ("PUT", "editions/kk/"), ("POST", "correct/"), ("POST", "publish/")):
        assert astana.send(method, f"stories/{story.uid}/{path}", {}, If_Match="*").status_code == 403, path
    assert StoryVersion.objects.count() == 1


def test_a_killed_story_is_not_changed_any_more(belgrade, rts):
    story = make_story(rts)
    belgrade.post(f"stories/{story.uid}/recall/", {"kind": "kill", "reason": "x"})
    answer = belgrade.send("PATCH", f"stories/{story.uid}/", {"urgency": 1}, If_Match="*")
    assert (answer.status_code, answer.json()["code"]) == (409, "story-canceled")


def test_the_story_is_written_for_the_house_that_was_named(rts):
    """An account that belongs to one house cannot write for another."""
    from tests.conftest import Caller

    make_broadcaster("rtv")
    caller = Caller(make_key(rts))
    refused = caller.post("stories/", DRAFT | {"broadcaster": "rtv"})
    assert (refused.status_code, refused.json()["code"]) == (403, "role-missing")
    assert caller.post("stories/", DRAFT | {"broadcaster": "rts"}).json()["broadcaster"]["slug"] == "rts"
    assert not OutboxEvent.objects.exists()  # drafts are told to nobody


def test_a_key_that_may_write_stories_but_not_offers_offers_none_in_bulk_either(client, rts, ptrc):
    headers = {"Authorization": f"Bearer {make_key(rts, ['stories:read', 'stories:write'])}"}
    items = [DRAFT | {"publish": True, "offer_to": ["ptrc"]}, DRAFT]
    answer = client.post("/api/v1/stories/bulk/", {"stories": items}, content_type="application/json", headers=headers)
    assert [(row["status"], row.get("code")) for row in answer.json()["results"]] == [(403, "forbidden"), (201, None)]
    assert Story.objects.get().status == "draft"
