import hashlib
import io

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from archive.models import MediaFile
from mediaexchange.core.errors import DomainError
from mediaexchange.core.models import OutboxEvent
from newsexchange.api.media import Whole
from newsexchange.models import Rendition
from newsexchange.services.bounds import MOST
from newsexchange.services.media import attach_file
from newsexchange.services.recall import recall_story
from tests.archive.test_store_file import MP4, PNG
from tests.factories import make_embargoed_story, make_key, make_story, make_user, offer
from tests.stores import disk_stores, files_below

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def stores(tmp_path, settings):
    return disk_stores(settings, tmp_path)


def attach(story, content=MP4, **said):
    return attach_file(story, io.BytesIO(content), actor=make_user(story.broadcaster), **said)


@pytest.fixture
def send(rts):
    """RTS's developer sends raw bytes."""
    cache.clear()
    client = Client(raise_request_exception=False)
    headers = {"authorization": f"Bearer {make_key(rts)}"}

    def send(story, content=MP4, content_type="video/mp4", **query):
        address = f"/api/v1/stories/{story.uid}/media/"
        return client.post(address, content, content_type=content_type, headers=headers, query_params=query)

    send.client, send.headers = client, headers
    return send


def test_raw_bytes_become_a_rendition_and_a_new_version(send, rts, stores):
    story = make_story(rts)
    response = send(story, name="снимак.mp4", rel="web", title="Снимак", language="sr-Cyrl")
    assert response.status_code == 201, response.content
    medium = response.json()
    assert (medium["rel"], medium["title"], medium["content_type"], medium["size_bytes"]) == (
        "web", "Снимак", "video/mp4", len(MP4),
    )  # fmt: skip
    assert medium["checksum"] == f"sha256:{hashlib.sha256(MP4).hexdigest()}"
    assert medium["url"].startswith("http://testserver/media/")
    story.refresh_from_db()
    assert story.version == 2
    assert story.versions.first().snapshot["renditions"][0]["uid"] == medium["uid"]
    assert OutboxEvent.objects.filter(subject_uid=story.uid, kind="story.updated").count() == 1
    assert MediaFile.objects.get().original_name == "снимак.mp4"


def test_a_form_with_a_file_does_the_same(send, rts):
    story = make_story(rts)
    upload = SimpleUploadedFile("photo.png", PNG, content_type="image/png")
    response = send.client.post(
        f"/api/v1/stories/{story.uid}/media/", {"file": upload, "rel": "thumbnail"}, headers=send.headers
    )
    assert response.status_code == 201, response.content
    assert (response.json()["rel"], response.json()["width"], response.json()["height"]) == ("thumbnail", 640, 480)
    assert MediaFile.objects.get().original_name == "photo.png"


def test_the_same_file_again_changes_nothing(send, rts):
    story = make_story(rts)
    first, again = send(story).json(), send(story).json()
    assert first["uid"] == again["uid"]
    story.refresh_from_db()
    assert story.version == 2


def test_an_upload_with_the_wrong_checksum_is_refused_with_the_reason(send, rts, stores):
    story = make_story(rts)
    response = send(story, checksum="sha256:" + "0" * 64)
    assert (response.status_code, response.json()["code"]) == (422, "checksum-mismatch")
    assert response.json()["found"].endswith(hashlib.sha256(MP4).hexdigest())
    assert (Rendition.objects.count(), files_below(stores)) == (0, [])


def test_an_upload_larger_than_the_limit_is_refused_before_it_is_read(send, rts, settings):
    settings.MAX_MEDIA_BYTES = 0
    story = make_story(rts)
    response = send(story, b"\0" * (1024 * 1024 + 1))
    assert (response.status_code, response.json()["code"]) == (413, "file-too-large")


def test_an_upload_that_ends_too_early_is_not_a_file(rts, stores):
    story = make_story(rts)
    with pytest.raises(DomainError) as refused:
        attach_file(story, Whole(io.BytesIO(MP4), len(MP4) + 1), actor=make_user(rts))
    assert refused.value.code == "upload-cut-short"
    assert (Rendition.objects.count(), files_below(stores)) == (0, [])


def test_no_file_is_an_error_with_a_pointer(send, rts):
    response = send(make_story(rts), b"")
    assert (response.status_code, response.json()["errors"][0]["pointer"]) == (400, "#/file")


def test_a_full_disk_is_told_and_leaves_nothing(send, rts, settings, stores):
    disk_stores(settings, stores, backend="tests.stores.FullDisk")
    story = make_story(rts)
    response = send(story)
    assert (response.status_code, response.json()["code"]) == (503, "store-full")
    story.refresh_from_db()
    assert (story.version, Rendition.objects.count(), files_below(stores)) == (1, 0, [])


def test_a_partner_cannot_attach_files_to_a_story_it_only_sees(astana, rts, ptrc):
    story = make_story(rts)
    address = f"stories/{story.uid}/media/"
    assert astana.post(address, {}).status_code == 404
    offer(story, ptrc)
    assert astana.post(address, {}).status_code == 403


def test_a_key_that_only_reads_uploads_nothing(rts):
    story = make_story(rts)
    headers = {"authorization": f"Bearer {make_key(rts, ['stories:read'])}"}
    address = f"/api/v1/stories/{story.uid}/media/"
    response = Client().post(address, MP4, content_type="video/mp4", headers=headers)
    assert response.status_code == 403


def test_files_are_listed_with_links_that_end(astana, rts, ptrc):
    story = make_story(rts, renditions=[{"href": "https://media.example.org/a.mp4", "rel": "original"}])
    attach(story, rel="web")
    offer(story, ptrc)
    answer = astana.get(f"stories/{story.uid}/media/")
    assert answer.headers["Cache-Control"].startswith("private")
    remote, ours = answer.json()["results"]
    assert (remote["href"], remote["url"], remote["url_expires_at"]) == ("https://media.example.org/a.mp4", None, None)
    assert ours["url"]
    ends_in = timezone.datetime.fromisoformat(ours["url_expires_at"]) - timezone.now()
    assert 0 < ends_in.total_seconds() <= 300


def test_a_foreign_an_embargoed_and_a_killed_story_have_no_media(astana, rts, ptrc):
    foreign, embargoed, killed = make_story(rts), make_embargoed_story(rts), make_story(rts)
    for story in (foreign, embargoed, killed):
        attach(story)
    offer(embargoed, ptrc)
    offer(killed, ptrc)
    recall_story(killed, actor=None, kind="kill", reason="wrong")
    for story in (foreign, embargoed, killed):
        assert astana.get(f"stories/{story.uid}/media/").status_code == 404


def test_a_story_barred_at_home_gives_reasons_and_no_links(astana, rts, ptrc):
    story = make_story(rts, restrictions=[{"territories": ["KZ"], "is_barred": True}])
    attach(story)
    offer(story, ptrc)
    answer = astana.get(f"stories/{story.uid}/media/")
    assert (answer.status_code, answer.json()["code"]) == (403, "use-refused")
    assert answer.json()["reasons"]


def test_an_earlier_version_lists_the_files_it_had(astana, rts, ptrc):
    story = make_story(rts)
    offer(story, ptrc)
    first = attach(story, rel="web")
    story.refresh_from_db()
    attach(story, PNG, rel="thumbnail")
    address = f"stories/{story.uid}/media/"
    assert [item["uid"] for item in astana.get(address, version=2).json()["results"]] == [str(first.uid)]
    assert len(astana.get(address).json()["results"]) == 2
    assert astana.get(address, version=1).json()["results"] == []
    assert astana.get(address, version=9).status_code == 404
    assert astana.get(address, version="x").status_code == 400


def test_the_number_of_queries_does_not_grow_with_the_files(astana, rts, ptrc):
    story = make_story(rts)
    offer(story, ptrc)
    address = f"stories/{story.uid}/media/"
    astana.get(address)  # notes that the key is used
    counts = []
    for content in (MP4, MP4 + b"1", MP4 + b"2"):
        attach(story, content)
        with CaptureQueriesContext(connection) as queries:
            assert astana.get(address).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[2]


def test_a_story_takes_no_more_files_than_the_bound_and_stores_none_of_the_rest(send, rts, stores, monkeypatch):
    monkeypatch.setitem(MOST, Rendition, 1)
    story = make_story(rts)
    assert send(story).status_code == 201
    refused = send(story, PNG, "image/png")
    assert (refused.status_code, refused.json()["code"]) == (422, "too-many")
    assert MediaFile.objects.count() == 1
    story.refresh_from_db()
    assert story.version == 2
    same = f"sha256:{hashlib.sha256(MP4).hexdigest()}"
    assert send(story, checksum=same).status_code == 201
