import hashlib
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from archive.models import MediaFile
from newsexchange.constants import MEDIA_FETCH_ATTEMPTS
from newsexchange.formats import api
from newsexchange.models import Rendition, Story
from newsexchange.parsing.base import Entry
from newsexchange.parsing.base import Rendition as SaidRendition
from newsexchange.services.documents import document_of
from newsexchange.services.dopesheet import write_dopesheets
from newsexchange.services.media_fetch import fetch_rendition, lease_due_renditions
from newsexchange.services.recall import recall_story
from tests.archive.test_store_file import MP4, PNG
from tests.core.outgoing.conftest import serve  # noqa: F401 — a fixture
from tests.core.outgoing.loopback import answers
from tests.factories import make_feed, make_story
from tests.stores import disk_stores, files_below

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def stores(tmp_path, settings):
    return disk_stores(settings, tmp_path)


@pytest.fixture
def partner(serve, settings):  # noqa: F811 — that fixture
    """A partner's media server; it gives ``MP4`` unless told otherwise."""
    server = serve(answers(MP4, headers=["Content-Type: video/mp4"]))
    settings.OUTGOING_ALLOWED_ADDRESSES = (server.pair,)
    return server


def make_remote(partner, *, fetches_media=True, **rendition):
    story = make_story(renditions=[{"href": partner.url("/clip.mp4?token=x"), **rendition}])
    feed = make_feed(story.broadcaster, fetches_media=fetches_media)
    Story.objects.filter(pk=story.pk).update(feed=feed, source_guid=str(story.uid))
    story.refresh_from_db()
    return story.renditions.get()


def fetch_all():
    return [fetch_rendition(pk, token) for pk, token in lease_due_renditions(10)]


def test_a_remote_file_becomes_our_verified_copy(partner):
    sha256 = hashlib.sha256(MP4).hexdigest()
    rendition = make_remote(partner, checksum=f"sha256:{sha256}")
    assert fetch_all() == [""]
    rendition.refresh_from_db()
    assert (rendition.file.sha256, rendition.content_type, rendition.size_bytes) == (sha256, "video/mp4", len(MP4))
    assert rendition.file.original_name == "clip.mp4"
    assert fetch_all() == []


def test_documents_name_the_copy_without_a_new_version(partner):
    rendition = make_remote(partner)
    story = rendition.story
    assert b'"file"' not in document_of(story, api.DETAIL, "en").content
    fetch_all()
    rendition.refresh_from_db()
    assert str(rendition.file.uid).encode() in document_of(story, api.DETAIL, "en").content
    story.refresh_from_db()
    assert story.version == 1


def test_nothing_is_fetched_for_feeds_that_do_not_ask_for_it(partner):
    make_remote(partner, fetches_media=False)
    assert (fetch_all(), partner.requests) == ([], [])


def test_nothing_is_fetched_of_a_recalled_story(partner):
    recall_story(make_remote(partner).story, actor=None, kind="withhold", reason="wrong")
    assert (fetch_all(), partner.requests) == ([], [])


@pytest.mark.parametrize(
    ("script", "checksum", "error"),
    [
        (answers(b"gone", status="404 Not Found"), "", "http-404"),
        (answers(MP4), "md5:" + "0" * 32, "checksum-mismatch"),
        (answers(b"\x7fELF" + bytes(100)), "", "file-type-unknown"),
        (answers(b""), "", "file-empty"),
    ],
)
def test_a_failure_stands_in_the_row_and_is_tried_again_later(script, checksum, error, partner, stores):
    partner.play(script)
    rendition = make_remote(partner, checksum=checksum)
    assert fetch_all() == [error]
    rendition.refresh_from_db()
    assert (rendition.file, rendition.fetch_failures, rendition.fetch_error) == (None, 1, error)
    assert timedelta(minutes=3) < rendition.fetch_due_at - timezone.now() < timedelta(minutes=7)
    assert (fetch_all(), files_below(stores), MediaFile.objects.count()) == ([], [], 0)
    partner.play(answers(MP4))
    Rendition.objects.update(fetch_due_at=timezone.now(), checksum="")
    assert fetch_all() == [""]


def test_waits_grow_and_end(partner):
    partner.play(answers(status="500 Internal Server Error"))
    rendition = make_remote(partner)
    waits = []
    for _attempt in range(MEDIA_FETCH_ATTEMPTS):
        Rendition.objects.update(fetch_due_at=timezone.now())
        assert fetch_all() == ["http-500"]
        rendition.refresh_from_db()
        waits.append(rendition.fetch_due_at - timezone.now())
    assert waits[2] > waits[0]
    assert max(waits) < timedelta(hours=24 * 1.2)
    Rendition.objects.update(fetch_due_at=timezone.now())
    assert fetch_all() == []


def test_an_address_inside_our_network_is_never_asked(partner, settings):
    settings.OUTGOING_ALLOWED_ADDRESSES = ()
    make_remote(partner)
    (error,) = fetch_all()
    assert error.startswith("refused")
    assert partner.requests == []


def test_two_workers_do_not_fetch_the_same_file(partner):
    make_remote(partner)
    assert len(lease_due_renditions(10)) == 1
    assert lease_due_renditions(10) == []


def test_without_the_lease_nothing_is_fetched(partner):
    rendition = make_remote(partner)
    lease_due_renditions(10)
    assert fetch_rendition(rendition.pk, uuid4()) == "lease-lost"
    assert partner.requests == []


def test_a_full_disk_is_tried_again(partner, settings, stores):
    disk_stores(settings, stores, backend="tests.stores.FullDisk")
    make_remote(partner)
    assert fetch_all() == ["store-full"]
    assert (files_below(stores), MediaFile.objects.count()) == ([], 0)


def test_a_feed_that_names_the_file_again_unchanged_keeps_its_copy_and_identity(partner):
    rendition = make_remote(partner, from_feed=True)
    fetch_all()
    copy = Rendition.objects.get().file
    said = SaidRendition(href=rendition.href, title="A new title")
    write_dopesheets([(rendition.story, Entry(guid="x", renditions=(said,)))])
    again = Rendition.objects.get()
    assert (again.uid, again.file, again.title) == (rendition.uid, copy, "A new title")
    other = SaidRendition(href=rendition.href, checksum="md5:" + "0" * 32)
    write_dopesheets([(rendition.story, Entry(guid="x", renditions=(other,)))])
    assert Rendition.objects.get().file is None  # announced as something else: to be fetched again


def test_a_picture_behind_the_address_of_a_video_is_not_taken_for_one(partner):
    partner.play(answers(PNG))
    make_remote(partner, content_type="video/mp4")
    assert fetch_all() == ["file-type-mismatch"]
