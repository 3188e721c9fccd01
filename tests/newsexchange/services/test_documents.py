"""Rendering: once for each version, language and format, never in the way of storing, and never left over."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from newsexchange.formats.registry import DOCUMENTS
from newsexchange.models import DueRendering, Story, StoryDocument
from newsexchange.services.documents import document_of, documents_of, render_due
from newsexchange.services.ingest import ingest_document
from newsexchange.services.recall import recall_story
from newsexchange.services.story import save_story
from tests.factories import make_feed, make_story, make_user

pytestmark = pytest.mark.django_db
RSS = """<rss version="2.0"><channel><title>x</title>
<item><guid>{guid}</guid><title>Отворена библиотека</title><description>{text}</description></item></channel></rss>"""


def arrive(feed, guid="a", text="Љубитељи књига"):
    (outcome,) = ingest_document(feed, RSS.format(guid=guid, text=text).encode())
    return Story.objects.get(uid=outcome.uid)


def test_what_a_feed_brings_is_stored_without_rendering_and_rendered_by_a_task(rts):
    story = arrive(make_feed(rts))
    assert not StoryDocument.objects.filter(story=story).exists()
    assert DueRendering.objects.filter(story=story).exists()
    assert render_due() == 1
    assert set(StoryDocument.objects.filter(story=story).values_list("format", "language")) == {
        (view, language) for view in ("card", "detail") for language in ("sr", "sr-latn", "kk", "ru", "en")
    }
    assert (render_due(), DueRendering.objects.count()) == (0, 0)


def test_whoever_reads_before_the_task_renders_what_they_read(rts):
    story = arrive(make_feed(rts))
    (card,) = documents_of([story.pk], "card", "sr-latn", reader=make_user(rts))
    assert "Otvorena biblioteka" in card
    assert StoryDocument.objects.filter(story=story).count() == 1


def test_what_a_person_saves_is_rendered_at_once(rts):
    story = make_story(rts)
    assert StoryDocument.objects.filter(story=story, format="card").count() == 5
    assert not DueRendering.objects.filter(story=story).exists()


@pytest.mark.parametrize("format", DOCUMENTS)
def test_a_document_is_rendered_once_and_then_read(rts, format):
    story = make_story(rts)
    first = document_of(story, format, "kk")
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert document_of(story, format, "kk") == first
    assert len(queries) == 1


@pytest.mark.parametrize("format", DOCUMENTS)
def test_the_same_version_gives_the_same_bytes(rts, format):
    story = make_story(rts)
    first = document_of(story, format, "en")
    StoryDocument.objects.all().delete()
    assert document_of(story, format, "en") == first


def test_a_new_version_leaves_nothing_of_the_old_one(rts):
    story = make_story(rts)
    assert b"A new library opens" in document_of(story, "ninjs-3.1", "en").content
    story.headline_en = "An old library closes"
    save_story(story, actor=make_user(rts), changed={"headline_en"})
    assert not StoryDocument.objects.filter(story=story, version=1).exists()
    renewed = document_of(story, "ninjs-3.1", "en")
    assert b"An old library closes" in renewed.content
    assert renewed.version == 2


def test_a_recall_purges_every_document_of_what_partners_read(rts):
    story = make_story(rts)
    for format in DOCUMENTS:
        document_of(story, format, "en")
    recall_story(story, actor=None, kind="kill", reason="wrong")
    assert not StoryDocument.objects.filter(story=story, version__lt=2).exists()


def test_a_document_left_over_from_an_older_version_is_never_given_out(rts):
    story = make_story(rts)
    document_of(story, "dopesheet-text", "en")
    Story.objects.filter(pk=story.pk).update(version=2, headline_en="Corrected")
    assert b"Corrected" in document_of(story, "dopesheet-text", "en").content


def test_a_reader_who_lost_sight_of_a_story_gets_no_document(rts, ptrc):
    story = make_story(rts)
    with pytest.raises(Story.DoesNotExist):
        document_of(story, "ninjs-3.1", "en", reader=make_user(ptrc))
    assert not StoryDocument.objects.filter(story=story, format="ninjs-3.1").exists()


def test_a_draft_is_rendered_as_it_stands_and_never_stored(rts):
    story = make_story(rts, published=False)
    assert documents_of([story.pk], "detail", "en", reader=make_user(rts))
    Story.objects.filter(pk=story.pk).update(headline_en="Still being written")
    (detail,) = documents_of([story.pk], "detail", "en", reader=make_user(rts))
    assert "Still being written" in detail
    assert not StoryDocument.objects.filter(story=story).exists()
