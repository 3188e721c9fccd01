from datetime import timedelta

import pytest
from django.utils import timezone
from redis import Redis

from broadcasters.constants import Role
from newsexchange.constants import Road
from newsexchange.models import Receipt, Story, StoryVersion
from newsexchange.services.recall import recall_story, restore_story
from newsexchange.services.receipt import note_receipts
from newsexchange.services.story import save_story
from tests.factories import make_broadcaster, make_story, make_user, offer

pytestmark = pytest.mark.django_db


def uids(response):
    return [row["uid"] for row in response.json()["results"]]


def test_reading_a_detail_or_its_versions_is_a_receipt_and_a_list_is_none(belgrade, astana, rts, ptrc):
    story, other = make_story(rts), make_story(rts)
    offer(story, ptrc)
    offer(other, ptrc)
    astana.get("stories/")
    belgrade.get(f"stories/{story.uid}/")
    assert not Receipt.objects.exists()
    astana.get(f"stories/{story.uid}/")
    astana.get(f"stories/{other.uid}/versions/")
    found = set(Receipt.objects.values_list("story_id", "broadcaster__slug", "road"))
    assert found == {(story.pk, "ptrc", "api"), (other.pk, "ptrc", "api")}


def test_reading_again_writes_nothing(astana, rts, ptrc):
    story = make_story(rts)
    offer(story, ptrc)
    astana.get(f"stories/{story.uid}/")
    before = Receipt.objects.get().last_at
    astana.get(f"stories/{story.uid}/")
    assert Receipt.objects.get().last_at == before


def test_a_detail_that_has_not_changed_is_304(belgrade, rts):
    story = make_story(rts)
    path = f"/api/v1/stories/{story.uid}/"
    first = belgrade.get(path)
    assert first.headers["Last-Modified"]
    belgrade.headers["If-None-Match"] = first.headers["ETag"]
    unchanged = belgrade.get(path)
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    assert belgrade.get(path, lang="kk").status_code == 200  # another representation
    assert belgrade.get(path, fields="uid").status_code == 200
    story.headline_en = "A new library opens today"
    save_story(story, actor=make_user(rts), changed={"headline_en"})
    changed = belgrade.get(path)
    assert changed.status_code == 200
    assert changed.headers["ETag"] != first.headers["ETag"]


def test_only_the_fields_asked_for_are_given(belgrade, rts):
    story = make_story(rts)
    assert belgrade.get("stories/", fields="uid,headline").json()["results"] == [
        {"uid": str(story.uid), "headline": "A new library opens"}
    ]
    assert set(belgrade.get(f"stories/{story.uid}/", fields="uid,body").json()) == {"uid", "body"}
    assert set(belgrade.get("broadcasters/rts/", fields="slug").json()) == {"slug"}
    for path in ("stories/", f"stories/{story.uid}/", "offers/"):
        refused = belgrade.get(path, fields="uid,colour")
        assert (refused.status_code, refused.json()["code"]) == (400, "unknown-field")
    assert belgrade.get("stories/", fields="body").status_code == 400  # a card has none


def test_every_language_is_given_if_asked_for(belgrade, rts):
    story = make_story(rts)
    (card,) = belgrade.get("stories/", translations="all", fields="uid").json()["results"]
    assert set(card) == {"uid", "translations"}
    assert card["translations"]["sr-Latn"] == {
        "headline": "Otvorena nova biblioteka", "summary": "", "origin": "transliterated", "is_stale": False,
    }  # fmt: skip
    whole = belgrade.get(f"stories/{story.uid}/", translations="all").json()
    assert set(whole["translations"]) == {"sr-Cyrl", "sr-Latn", "en"}
    assert "reading room" in whole["translations"]["en"]["body"]
    assert belgrade.get("stories/", translations="some").status_code == 400


def test_what_was_written_in_latin_is_original_there_and_transliterated_in_cyrillic(belgrade, rts):
    story = make_story(rts)
    story.editions.filter(language="sr").update(script="Latn")
    said = belgrade.get(f"stories/{story.uid}/", translations="all").json()["translations"]
    origins = {tag: text["origin"] for tag, text in said.items()}
    assert (origins["sr-Latn"], origins["sr-Cyrl"]) == ("original", "transliterated")


def test_stories_are_counted_only_if_asked_and_only_to_a_thousand(belgrade, rts, monkeypatch):
    for _ in range(3):
        make_story(rts)
    assert set(belgrade.get("stories/").json()) == {"results", "next"}
    counted = belgrade.get("stories/", count="exact-capped", limit=1).json()
    assert (counted["count"], counted["count_is_capped"]) == (3, False)
    monkeypatch.setattr("mediaexchange.core.api.pagination.CAP", 2)
    capped = belgrade.get("stories/", count="exact-capped", limit=1).json()
    assert (capped["count"], capped["count_is_capped"]) == (2, True)
    assert belgrade.get("stories/", count="exact").status_code == 400


def test_a_story_updated_while_pages_are_turned_is_neither_lost_nor_repeated(belgrade, rts):
    stories = [make_story(rts) for _ in range(4)]
    first = belgrade.get("stories/", limit=2).json()
    oldest = stories[0]
    oldest.headline_en = "Changed meanwhile"
    save_story(oldest, actor=make_user(rts), changed={"headline_en"})
    second = belgrade.get(first["next"]).json()
    seen = [row["uid"] for page in (first, second) for row in page["results"]]
    assert seen == [str(story.uid) for story in reversed(stories)]
    assert second["next"] is None
    newest_first = belgrade.get("stories/", ordering="-versioned_at")
    assert uids(newest_first)[0] == str(oldest.uid)
    assert belgrade.get("stories/", ordering="headline").status_code == 400


def test_versions_are_listed_page_by_page_without_their_texts_and_each_is_read_whole(
    belgrade, rts, django_assert_max_num_queries
):
    story = make_story(rts)
    Story.objects.filter(pk=story.pk).update(version=30)
    StoryVersion.objects.bulk_create(
        StoryVersion(story=story, version=number, snapshot={"urgency": 5}) for number in range(2, 31)
    )
    with django_assert_max_num_queries(12):
        first = belgrade.get(f"stories/{story.uid}/versions/").json()
    second = belgrade.get(first["next"]).json()
    rows = first["results"] + second["results"]
    assert ([row["version"] for row in rows], len(first["results"])) == (list(range(30, 0, -1)), 20)
    assert second["next"] is None
    assert set(rows[0]) == {"version", "kind", "published_at", "note", "url"}
    whole = belgrade.get(rows[-1]["url"]).json()
    assert (whole["version"], whole["snapshot"]["headline_en"]) == (1, "A new library opens")
    assert len(belgrade.get(f"stories/{story.uid}/versions/", limit=5).json()["results"]) == 5
    sparse = belgrade.get(f"stories/{story.uid}/versions/", fields="version", limit=1, count="exact-capped").json()
    assert (sparse["results"], sparse["count"]) == ([{"version": 30}], 30)
    for query in ({"limit": 101}, {"fields": "snapshot"}, {"cursor": "x"}, {"unknown": "1"}):
        assert belgrade.get(f"stories/{story.uid}/versions/", **query).status_code == 400, query


def test_a_version_that_is_not_there_to_be_read_is_not_found(belgrade, astana, rts, ptrc):
    story = make_story(rts)
    offer(story, ptrc)
    path = f"stories/{story.uid}/versions/"
    assert astana.get(path + "1/").json()["snapshot"]["headline_en"] == "A new library opens"
    for number in (0, 2, 2**31, 10**12):
        assert astana.get(f"{path}{number}/").status_code == 404
    recall_story(story, actor=None, kind="withhold", reason="x")
    assert astana.get(path + "1/").status_code == 404
    assert belgrade.get(path + "1/").status_code == 200
    restore_story(story, actor=None)
    assert astana.get(path + "1/").status_code == 404
    assert astana.get(path + "3/").status_code == 200


def test_the_origin_sees_by_which_roads_a_recalled_story_went_and_others_do_not(belgrade, astana, rts, ptrc):
    rtv = make_broadcaster("rtv")
    story = make_story(rts)
    offer(story, ptrc, rtv)
    astana.get(f"stories/{story.uid}/")
    note_receipts([story.pk], [ptrc.pk], Road.WEBHOOK)
    recall = belgrade.post(f"stories/{story.uid}/recall/", {"kind": "kill", "reason": "x"}).json()
    recipients = {row["broadcaster"]: row for row in belgrade.get(f"recalls/{recall['uid']}/").json()["recipients"]}
    assert [road["road"] for road in recipients["ptrc"]["roads"]] == ["api", "webhook"]
    assert recipients["rtv"]["roads"] == []
    assert not recipients["ptrc"]["is_overdue"]
    theirs = astana.get(f"recalls/{recall['uid']}/").json()
    assert theirs["recipients"] is None
    assert theirs["reason"] == "x"


def test_an_expired_story_leaves_everybody_elses_view_and_its_end_is_told_once(belgrade, astana, rts, ptrc):
    from newsexchange.services.story import tell_expired

    story = make_story(rts, expires_at=timezone.now() + timedelta(hours=1))
    unread = make_story(rts, expires_at=timezone.now() + timedelta(hours=1), is_held=True)
    offer(story, ptrc)
    offer(unread, ptrc)
    cursor = astana.get("changes/").json()["cursor"]
    own_cursor = belgrade.get("changes/").json()["cursor"]
    assert tell_expired() == 0
    Story.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert astana.get(f"stories/{story.uid}/").status_code == 404
    assert belgrade.get(f"stories/{story.uid}/").status_code == 200
    assert tell_expired() == 2
    assert tell_expired() == 0
    (change,) = astana.get("changes/", after=cursor).json()["results"]
    assert (change["kind"], change["uid"], change["is_retraction"]) == ("story.expired", str(story.uid), True)
    assert belgrade.get("changes/", after=own_cursor).json()["results"] == []
    refused = belgrade.post(f"stories/{story.uid}/offer/", {"to": ["ptrc"]})
    assert (refused.status_code, refused.json()["code"]) == (409, "story-expired")
    story.refresh_from_db()
    story.expires_at = timezone.now() + timedelta(hours=1)
    save_story(story, actor=make_user(rts), changed={"expires_at"})
    assert astana.get(f"stories/{story.uid}/").status_code == 200
    Story.objects.filter(pk=story.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert tell_expired() == 1


def test_answers_say_how_much_may_still_be_asked(belgrade, rts, settings):
    settings.API_RATE = (2, 60)
    answers = [belgrade.get("stories/") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert [answer.headers["RateLimit"].partition(";t=")[0] for answer in answers] == [
        '"calls";r=1', '"calls";r=0', '"calls";r=0',
    ]  # fmt: skip
    assert answers[0].headers["RateLimit-Policy"] == '"calls";q=2;w=60'
    assert int(answers[2].headers["Retry-After"]) > 0


@pytest.mark.parametrize("kind", ["list", "detail"])
def test_what_was_rendered_is_read_with_two_statements_and_one_word_to_redis(
    belgrade, rts, kind, django_assert_num_queries, monkeypatch
):
    story = make_story(rts)
    path = "stories/" if kind == "list" else f"stories/{story.uid}/"
    for _ in range(2):  # the first reading renders, and notes that the key is in use
        assert belgrade.get(path).status_code == 200
    sent = []
    send = Redis.execute_command
    monkeypatch.setattr(
        Redis, "execute_command", lambda self, *words, **options: sent.append(words) or send(self, *words, **options)
    )
    with django_assert_num_queries(2):  # the key with its account; the stories with their documents
        answer = belgrade.get(path)
    assert answer.status_code == 200
    assert [words[0] for words in sent] == ["INCRBY"]


def test_a_caller_with_a_key_is_not_looked_up_in_a_session(belgrade, rts, client):
    make_story(rts)
    client.force_login(make_user(rts, Role.EDITOR))
    signed_in = client.get("/api/v1/stories/")
    wrong_key = client.get("/api/v1/stories/", headers={"Authorization": "Bearer mx_wrong"})
    other_scheme = client.get("/api/v1/stories/", headers={"Authorization": "Basic Zm9vOmJhcg=="})
    assert [signed_in.status_code, wrong_key.status_code, other_scheme.status_code] == [200, 401, 200]


@pytest.mark.parametrize(
    ("accept", "status"),
    [("", 200), ("*/*", 200), ("application/json", 200), ("text/html;q=0.9, application/*;q=0.1", 200),
     ("text/html", 406)],
)  # fmt: skip
def test_who_takes_no_json_is_told_so(belgrade, rts, accept, status):
    make_story(rts)
    assert belgrade.client.get("/api/v1/stories/", headers=belgrade.headers | {"Accept": accept}).status_code == status
