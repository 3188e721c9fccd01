from datetime import timedelta
from urllib.parse import quote

import pytest
import time_machine
from django.core import signing
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from broadcasters.models import Membership
from mediaexchange.core.keys import revoke_key
from mediaexchange.core.models import ApiKey
from newsexchange.constants import Road
from newsexchange.models import Receipt, Restriction, Story
from newsexchange.services.offer import withdraw_offer
from newsexchange.services.recall import recall_story
from tests.archive.test_store_file import MP4, PNG
from tests.factories import make_story, make_user, offer
from tests.newsexchange.api.test_media import attach
from tests.stores import disk_stores

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def stores(tmp_path, settings):
    return disk_stores(settings, tmp_path)


@pytest.fixture
def story(rts, ptrc):
    story = make_story(rts)
    attach(story, original_name="снимак.mp4")
    offer(story, ptrc)
    return story


@pytest.fixture
def link(astana, story):
    """A fresh link that Astana was given."""
    return astana.get(f"stories/{story.uid}/media/").json()["results"][0]["url"]


def fetch(link, **headers):
    """The answer, read to its end: ``body`` holds it."""
    response = Client(raise_request_exception=False).get(link, headers=headers)
    response.body = b"".join(response.streaming_content) if response.streaming else response.content
    return response


def test_a_link_gives_the_file_to_be_saved_and_to_no_cache(link, story, ptrc):
    response = fetch(link)
    assert (response.status_code, response.body) == (200, MP4)
    assert response.headers["Content-Type"] == "video/mp4"
    assert response.headers["Content-Length"] == str(len(MP4))
    assert response.headers["Content-Disposition"] == f"attachment; filename*=utf-8''{quote('снимак.mp4')}"
    assert response.headers["Cache-Control"] == "private, no-store"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response.headers["Content-Security-Policy"]
    assert Receipt.objects.filter(story=story, broadcaster=ptrc, road=Road.MEDIA).count() == 1


def test_the_head_of_a_link_has_the_length_and_no_receipt(link):
    response = Client().head(link)
    assert (response.status_code, response.headers["Content-Length"], response.content) == (200, str(len(MP4)), b"")
    assert response.headers["Accept-Ranges"] == "bytes"
    assert not Receipt.objects.filter(road=Road.MEDIA).exists()


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [("bytes=0-9", 0, 9), ("bytes=100-", 100, None), ("bytes=-7", len(MP4) - 7, None), (f"bytes=5-{10**9}", 5, None)],
)
def test_a_range_is_a_part(link, asked, first, last):
    end = len(MP4) - 1 if last is None else last
    response = fetch(link, range=asked)
    assert (response.status_code, response.body) == (206, MP4[first : end + 1])
    assert response.headers["Content-Range"] == f"bytes {first}-{end}/{len(MP4)}"
    assert response.headers["Content-Length"] == str(end - first + 1)


@pytest.mark.parametrize("asked", [f"bytes={len(MP4)}-", "bytes=-0"])
def test_a_range_behind_the_end_is_416_with_the_size(link, asked):
    response = fetch(link, range=asked)
    assert (response.status_code, response.headers["Content-Range"]) == (416, f"bytes */{len(MP4)}")
    assert response.json()["code"] == "range-not-satisfiable"


@pytest.mark.parametrize("asked", ["bytes=0-1,5-6", "pages=1-2", "bytes=9-5", "bytes=x-"])
def test_what_is_no_single_range_is_answered_with_the_whole(link, asked):
    response = fetch(link, range=asked)
    assert (response.status_code, response.body) == (200, MP4)


def test_a_range_of_another_state_of_the_file_is_answered_with_the_whole(link):
    etag = fetch(link).headers["ETag"]
    assert fetch(link, range="bytes=0-9", **{"if-range": etag}).status_code == 206
    for other in ('"other"', f"W/{etag}", "Sun, 22 Nov 2026 06:00:00 GMT"):
        assert fetch(link, range="bytes=0-9", **{"if-range": other}).status_code == 200


def test_a_file_that_did_not_change_is_not_sent_again(link):
    etag = fetch(link).headers["ETag"]
    assert fetch(link, **{"if-none-match": etag}).status_code == 304


def test_a_link_ends_after_five_minutes(astana, story):
    with time_machine.travel(timezone.now() - timedelta(minutes=5, seconds=2)):
        old = astana.get(f"stories/{story.uid}/media/").json()["results"][0]["url"]
    cache.clear()
    response = fetch(old)
    assert (response.status_code, response.json()["code"]) == (410, "link-expired")
    assert response.headers["Content-Type"] == "application/problem+json"


def test_a_link_that_somebody_changed_or_made_up_is_404(link):
    token = link.rpartition("/")[2]
    body, rest = token.split(":", 1)
    forged = signing.dumps({"s": "x"}, salt="another")
    for wrong in (f"{body[:-2]}AA:{rest}", token[:-1], forged, "x", "a:b:c"):
        response = fetch(f"/media/{wrong}")
        assert (response.status_code, response.json()["code"]) == (404, "not-found"), wrong


def close_by_embargo(story):
    Story.objects.filter(pk=story.pk).update(embargoed_until=timezone.now() + timedelta(hours=1))


def close_by_kill(story):
    recall_story(story, actor=None, kind="kill", reason="wrong picture")


def close_by_withdrawal(story):
    withdraw_offer(story.offers.get(), actor=make_user(story.broadcaster))


def close_by_revoked_key(_story):
    for key in ApiKey.objects.filter(user__username="api-ptrc"):
        revoke_key(key)


def close_by_ended_membership(_story):
    Membership.objects.filter(user__username="api-ptrc").delete()


@pytest.mark.parametrize(
    "close", [close_by_embargo, close_by_kill, close_by_withdrawal, close_by_revoked_key, close_by_ended_membership]
)
def test_what_closes_between_link_and_use_closes_the_link(close, link, story):
    assert fetch(link).status_code == 200
    close(story)
    response = fetch(link)
    assert (response.status_code, response.json()["code"]) == (404, "not-found")
    assert fetch(link, range="bytes=0-9").status_code == 404
    assert Client().head(link).status_code == 404


def test_a_right_that_ends_between_link_and_use_refuses_with_reasons(link, story):
    Restriction.objects.create(story=story, territories=["KZ"], is_barred=True)
    response = fetch(link)
    assert (response.status_code, response.json()["code"]) == (403, "use-refused")


def test_a_link_to_an_earlier_version_dies_with_its_recall(astana, rts, ptrc):
    story = make_story(rts)
    offer(story, ptrc)
    attach(story)
    story.refresh_from_db()
    attach(story, PNG)
    old = astana.get(f"stories/{story.uid}/media/", version=2).json()["results"][0]["url"]
    assert fetch(old).body == MP4
    recall_story(story, actor=None, kind="withhold", reason="being checked")
    assert fetch(old).status_code == 404


def test_nothing_is_written_through_a_link(link):
    assert Client().post(link).status_code == 405


def test_bytes_that_are_lost_are_a_failure_of_ours(link, stores):
    for path in (stores / "media").rglob("*"):
        if path.is_file():
            path.unlink()
    response = fetch(link)
    assert (response.status_code, response.json()["code"]) == (503, "store-unreachable")
