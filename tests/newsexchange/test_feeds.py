import json
from datetime import timedelta

import pytest
from django.utils import timezone

from newsexchange.models import Story
from newsexchange.parsing.registry import parse
from newsexchange.services.recall import recall_story
from tests.factories import make_broadcaster, make_embargoed_story, make_story

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("extension", ["rss", "atom", "json"])
def test_an_open_feed_is_read_back_by_our_own_parsers(stranger, rts, extension):
    story = make_story(rts, is_open=True)
    response = stranger.get(f"/feeds/rts/sr-Latn.{extension}")
    (entry,) = parse(response.content, content_type=response.headers["Content-Type"]).entries
    assert (entry.guid, entry.headline) == (f"urn:uuid:{story.uid}", "Otvorena nova biblioteka")


def test_only_what_is_open_and_unrestricted_is_in_it(stranger, rts):
    shown = make_story(rts, is_open=True)
    make_story(rts)
    make_story(rts, is_open=True, usage_terms="Not in Kazakhstan")
    make_embargoed_story(rts, is_open=True)
    make_story(rts, is_open=True, published=False)
    held = make_story(rts, is_open=True, is_held=True)
    killed = make_story(rts, is_open=True)
    recall_story(killed, actor=None, kind="kill", reason="x")
    items = json.loads(stranger.get("/feeds/rts/en.json").content)["items"]
    assert [item["id"] for item in items] == [f"urn:uuid:{shown.uid}"]
    assert held.is_under_embargo()


def test_a_story_appears_the_moment_its_embargo_ends(stranger, rts):
    story = make_embargoed_story(rts, is_open=True)
    Story.objects.filter(pk=story.pk).update(embargoed_until=timezone.now() - timedelta(seconds=1))
    assert str(story.uid) in stranger.get("/feeds/rts/en.rss").content.decode()


def test_an_unchanged_feed_is_answered_304(stranger, rts):
    make_story(rts, is_open=True)
    first = stranger.get("/feeds/rts/en.atom")
    again = stranger.client.get("/feeds/rts/en.atom", headers={"if-none-match": first.headers["ETag"]})
    assert (first.status_code, again.status_code) == (200, 304)


def test_a_topic_narrows_the_feed_and_rubbish_is_refused(stranger, rts):
    story = make_story(rts, is_open=True, topics=["medtop:01000000"])
    make_story(rts, is_open=True)
    items = json.loads(stranger.get("/feeds/rts/en.json", topic="medtop:01000000").content)["items"]
    assert [item["id"] for item in items] == [f"urn:uuid:{story.uid}"]
    assert stranger.get("/feeds/rts/en.json", topic="'; DROP").status_code == 400


@pytest.mark.parametrize("path", ["nobody/en.rss", "rts/de.rss", "rts/en.exe", "rts/EN.rss2"])
def test_a_feed_that_is_not_there_is_404(stranger, rts, path):
    make_broadcaster("rts")
    assert stranger.get(f"/feeds/{path}").status_code == 404
