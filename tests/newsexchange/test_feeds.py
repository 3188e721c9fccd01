import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from lxml import etree

from newsexchange.models import Edition, Story
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


HUB = "https://hub.example.org/"


@pytest.mark.parametrize("extension", ["rss", "atom", "json"])
def test_a_feed_names_the_hub_in_its_header_and_in_itself(stranger, rts, settings, extension):
    make_story(rts, is_open=True)
    assert "Link" not in stranger.get(f"/feeds/rts/en.{extension}").headers
    settings.WEBSUB_HUB_URL, settings.PUBLIC_URL = HUB, "https://exchange.example.org"
    response = stranger.get(f"/feeds/rts/en.{extension}", topic="medtop:01000000")
    own = f"https://exchange.example.org/feeds/rts/en.{extension}?topic=medtop%3A01000000"
    assert response.headers["Link"] == f'<{HUB}>; rel="hub", <{own}>; rel="self"'
    if extension == "json":
        document = json.loads(response.content)
        assert (document["hubs"], document["feed_url"]) == ([{"type": "WebSub", "url": HUB}], own)
    else:
        links = etree.fromstring(response.content).iterfind(".//{http://www.w3.org/2005/Atom}link")
        assert {(link.get("rel"), link.get("href")) for link in links} >= {("hub", HUB), ("self", own)}


def test_restricted_stories_and_undeclared_machine_translations_stay_out(stranger, rts):
    restricted = make_story(rts, is_open=True, restrictions=[{"no_archive": True}])
    undeclared = make_story(rts, is_open=True)
    Edition.objects.filter(story=undeclared, language="en").update(origin="machine", ai_use="")
    assert json.loads(stranger.get("/feeds/rts/en.json").content)["items"] == []
    items = json.loads(stranger.get("/feeds/rts/sr-Cyrl.json").content)["items"]
    assert [item["id"] for item in items] == [f"urn:uuid:{undeclared.uid}"]
    assert restricted.restrictions.count() == 1


@pytest.mark.parametrize("extension", ["rss", "atom", "json"])
def test_files_that_anybody_can_fetch_come_as_enclosures(stranger, rts, extension):
    files = [
        {"href": "https://example.org/снимак.mp4", "content_type": "video/mp4", "size_bytes": 7, "duration_ms": 9500},
        {"href": "ftp://example.org/b.mov"},
        {"href": "https://example.org/c.jpg", "content_type": "image/jpeg"},
    ]
    make_story(rts, is_open=True, renditions=files)
    response = stranger.get(f"/feeds/rts/en.{extension}")
    (entry,) = parse(response.content, content_type=response.headers["Content-Type"]).entries
    found = [item.href for item in entry.renditions]
    expected = ["https://example.org/%D1%81%D0%BD%D0%B8%D0%BC%D0%B0%D0%BA.mp4", "https://example.org/c.jpg"]
    assert found == expected[: 1 if extension == "rss" else 2]
    assert entry.renditions[0].size_bytes == 7


def test_a_feed_asks_the_database_as_often_for_three_stories_as_for_one(stranger, rts):
    counts = []
    for _story in range(3):
        make_story(rts, is_open=True, renditions=[{"href": "https://example.org/a.mp4"}])
        with CaptureQueriesContext(connection) as queries:
            stranger.get("/feeds/rts/en.json")
        counts.append(len(queries))
    assert counts[0] == counts[2]
