import json
from datetime import timedelta

import pytest
from django.utils import timezone

from newsexchange.models import Offer, Restriction, Take
from tests.factories import make_story, offer

pytestmark = pytest.mark.django_db

BARRED = {"territories": ["KZ"], "is_barred": True}


def put(caller, path, body):
    content = json.dumps(body)
    return caller.client.put(f"/api/v1/{path}", content, content_type="application/json", headers=caller.headers)


@pytest.fixture
def barred(rts, ptrc):
    story = make_story(rts, restrictions=[BARRED], shots=[{"description": {"en": "The hall"}}])
    offer(story, ptrc)
    return story


def test_why_not_is_answered_in_the_callers_language(astana, barred):
    answer = astana.get(f"stories/{barred.uid}/usability/").json()
    assert (answer["usable"], answer["broadcaster"]) == (False, "ptrc")
    assert [(reason["code"], reason["message"]) for reason in answer["reasons"]] == [
        ("barred", "Use is barred in: Kazakhstan.")
    ]
    assert "Қазақстан" in astana.get(f"stories/{barred.uid}/usability/", lang="kk").json()["reasons"][0]["message"]


def test_it_may_be_asked_about_another_territory_platform_and_moment(astana, rts, ptrc):
    starts_at = timezone.now() + timedelta(days=1)
    story = make_story(rts, restrictions=[BARRED | {"platforms": ["web"], "starts_at": starts_at}])
    offer(story, ptrc)
    path = f"stories/{story.uid}/usability/"
    assert astana.get(path, platform="web").json()["usable"]
    assert not astana.get(path, platform="web", at=starts_at.isoformat()).json()["usable"]
    assert astana.get(path, platform="television", at=starts_at.isoformat()).json()["usable"]
    assert astana.get(path, platform="web", territory="CN", at=starts_at.isoformat()).json()["usable"]


@pytest.mark.parametrize(("name", "value"), [("platform", "pigeon"), ("territory", "ZZ"), ("at", "noon"), ("why", "1")])
def test_a_question_that_means_nothing_is_a_bad_request(astana, barred, name, value):
    assert astana.get(f"stories/{barred.uid}/usability/", **{name: value}).status_code == 400


def test_what_may_not_be_used_at_all_is_a_card_with_reasons_and_nothing_else(astana, belgrade, barred):
    (card,) = astana.get("stories/").json()["results"]
    assert card["headline"] == "A new library opens"
    for path in ("", "versions/", "versions/1/", "documents/ninjs-3.1/", "media/"):
        response = astana.get(f"stories/{barred.uid}/{path}")
        assert (response.status_code, response.json().get("code")) == (403, "use-refused"), path
        assert response.json()["reasons"][0]["message"] == "Use is barred in: Kazakhstan."
        assert "reading room" not in response.content.decode()
        assert "The hall" not in response.content.decode()
    assert astana.get(f"stories/{barred.uid}/").json()["card"]["headline"] == "A new library opens"
    assert belgrade.get(f"stories/{barred.uid}/").status_code == 200


def test_a_story_barred_in_kazakhstan_cannot_be_taken_there_and_says_why(astana, barred):
    refused = astana.post(f"offers/{Offer.objects.get().uid}/take/", {"accepts_credit": True})
    assert (refused.status_code, refused.json()["code"]) == (403, "use-refused")
    assert refused.json()["reasons"][0]["code"] == "barred"
    assert not Take.objects.exists()


def test_what_was_accepted_is_kept_on_the_take(astana, rts, ptrc):
    story = make_story(rts, credit="RTS", restrictions=[{"max_seconds": 120, "no_archive": True}])
    offer(story, ptrc)
    taken = astana.post(f"offers/{Offer.objects.get().uid}/take/", {"accepts_credit": True})
    assert taken.status_code == 201
    codes = [condition["code"] for condition in Take.objects.get().conditions]
    assert codes == ["credit", "max-seconds", "no-archive"]


def test_the_list_can_be_narrowed_to_what_may_be_used_in_a_territory_on_a_platform(astana, rts, ptrc, barred):
    free, on_air = make_story(rts), make_story(rts, restrictions=[{"no_online": True}])
    offer(free, ptrc)
    offer(on_air, ptrc)

    def listed(**query):
        return {row["uid"] for row in astana.get("stories/", **query).json()["results"]}

    assert listed(usable_in="KZ") == {str(free.uid), str(on_air.uid)}
    assert listed(usable_in="kz", platform="web") == {str(free.uid)}
    assert listed(platform="web") == {str(free.uid)}
    assert listed(usable_in="CN") == {str(free.uid), str(on_air.uid), str(barred.uid)}
    assert astana.get("stories/", usable_in="ZZ").status_code == 400


def test_the_origin_sets_adds_and_lifts_restrictions(belgrade, astana, rts, ptrc):
    story = make_story(rts)
    offer(story, ptrc)
    path = f"stories/{story.uid}/restrictions/"
    answer = put(belgrade, path, {"restrictions": [BARRED]})
    assert (answer.status_code, answer.json()["restrictions"]) == (200, [BARRED])
    assert astana.get(f"stories/{story.uid}/").status_code == 403
    assert belgrade.post(path, {"restrictions": [{"no_edit": True}]}).json()["restrictions"] == [
        BARRED,
        {"no_edit": True},
    ]
    assert astana.get(path).json()["restrictions"][0] == BARRED
    put(belgrade, path, {"restrictions": []})
    assert astana.get(f"stories/{story.uid}/").status_code == 200
    assert put(astana, path, {"restrictions": []}).status_code == 403


def test_errors_point_at_the_row_and_field(belgrade, rts):
    story = make_story(rts)
    body = {"restrictions": [{"no_edit": True}, {"territories": ["ZZ"], "is_barred": True}]}
    refused = put(belgrade, f"stories/{story.uid}/restrictions/", body)
    assert refused.status_code == 400
    assert refused.json()["errors"][0]["pointer"] == "#/restrictions/1/territories"
    unknown = put(belgrade, f"stories/{story.uid}/restrictions/", {"restrictions": [{"is_bared": True}]})
    assert unknown.json()["errors"][0]["pointer"] == "#/restrictions/0/is_bared"


def test_texts_without_a_word_on_ai_are_in_no_version_and_no_detail(astana, belgrade, rts, ptrc):
    story = make_story(rts, published=False)
    story.editions.filter(language="en").update(origin="machine")
    story.refresh_from_db()
    from newsexchange.services.story import publish_story

    publish_story(story, actor=None)
    offer(story, ptrc)
    detail = astana.get(f"stories/{story.uid}/").json()
    assert (detail["language"], detail["withheld_languages"]) == ("sr-Cyrl", ["en"])
    assert "reading room" not in astana.get(f"stories/{story.uid}/versions/1/").content.decode()
    assert "reading room" in belgrade.get(f"stories/{story.uid}/versions/1/").content.decode()


def test_a_story_has_so_many_restrictions_and_no_more_however_they_are_added(belgrade, rts):
    story = make_story(rts, restrictions=[{"max_seconds": number} for number in range(1, 190)])
    path = f"stories/{story.uid}/restrictions/"
    full = [{"max_seconds": number} for number in range(1000, 1011)]
    assert belgrade.post(path, {"restrictions": full}).status_code == 200
    refused = belgrade.post(path, {"restrictions": [{"max_seconds": 5000}]})
    assert (refused.status_code, refused.json()["code"], refused.json()["limit"]) == (422, "too-many", 200)
    assert "200" in refused.json()["detail"]
    assert belgrade.post(path, {"restrictions": full}).status_code == 200  # nothing new
    assert Restriction.objects.filter(story=story).count() == 200
    assert put(belgrade, path, {"restrictions": full}).status_code == 200
    assert Restriction.objects.filter(story=story).count() == 11
