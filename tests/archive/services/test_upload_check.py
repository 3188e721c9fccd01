import hashlib
import os
from datetime import timedelta

import pytest
from django.utils import timezone, translation

from archive.constants import FileStatus, UploadRefusal, UploadStatus
from archive.models import Instantiation, MediaFile, Step, Upload
from archive.services import file as file_service
from archive.services import upload_bytes, upload_check
from archive.services.upload import UploadGoneError, append, check_again, end_upload
from archive.services.upload_bytes import locked
from archive.services.upload_check import check_uploads, purge_uploads
from archive.tasks import check_uploads as check_task
from broadcasters.constants import Role
from broadcasters.models import Membership
from mediaexchange.core.errors import ConflictError, ForbiddenError
from mediaexchange.core.models import AuditEntry
from mediaexchange.core.stores import media_store
from tests.archive.factories import PNG, make_item, make_upload
from tests.factories import make_broadcaster, make_user
from tests.stores import disk_stores, files_below

pytestmark = pytest.mark.django_db
NOISE = b"\x7fELF\2\1\1" + bytes(64)
TEXT = "Титл: снимак из 1961. године\n".encode() * 10


@pytest.fixture
def archivist(rts):
    return make_user(rts, Role.ARCHIVIST)


def arrived(actor, content=TEXT, **fields):
    """An upload of which every byte has come."""
    broadcaster = fields.pop("broadcaster", None) or make_broadcaster("rts")
    upload = make_upload(
        broadcaster, **{"length_bytes": len(content), "created_by": actor, "original_name": "a.txt"} | fields
    )
    append(upload, iter([content]), actor=actor, offset=0, size_bytes=len(content))
    assert upload.status == UploadStatus.CHECKING
    return upload


def checked(upload):
    upload_check.check_upload(upload)
    upload.refresh_from_db()
    return upload


def test_what_has_arrived_is_taken_into_the_store_and_into_its_item(archivist, rts, stores):
    item = make_item(rts)
    upload = checked(arrived(archivist, PNG, item=item, generation="preservation", original_name="фото.png"))
    assert (upload.status, upload.refusal, upload.details) == (UploadStatus.DONE, "", {})
    file = upload.file
    assert (file.status, file.content_type, file.sha256, file.original_name, file.created_by) == (
        FileStatus.READY, "image/png", hashlib.sha256(PNG).hexdigest(), "фото.png", archivist,
    )  # fmt: skip
    instantiation = Instantiation.objects.get(item=item)
    assert (instantiation.file, instantiation.generation) == (file, "preservation")
    assert Step.objects.filter(file=file).exists()
    assert b"".join(media_store().pieces(file.storage_name)) == PNG
    assert files_below(stores / "uploads") == []


def test_a_file_is_not_copied_on_its_way_into_a_store_on_the_same_disk(archivist):
    upload = arrived(archivist)
    number = upload_bytes.path_of(upload.uid).stat().st_ino
    file = checked(upload).file
    path = media_store().path(file.storage_name)
    assert os.stat(path).st_ino == number
    assert os.stat(path).st_mode & 0o777 == 0o640


def test_an_upload_without_an_item_is_a_file_of_the_house(archivist):
    upload = checked(arrived(archivist))
    assert (upload.status, Instantiation.objects.count()) == (UploadStatus.DONE, 0)
    assert Step.objects.filter(file=upload.file).exists()


def test_who_brought_it_stands_in_the_audit_trail(archivist):
    upload = checked(arrived(archivist))
    entry = AuditEntry.objects.filter(table_name="archive_mediafile", row_pk=str(upload.file_id)).first()
    assert entry.actor_id == archivist.pk


@pytest.mark.parametrize(
    ("content", "said", "refusal"),
    [
        (NOISE, {}, UploadRefusal.TYPE_UNKNOWN),
        (PNG, {"declared_type": "video/mp4"}, UploadRefusal.TYPE_MISMATCH),
        (TEXT, {"declared_checksum": "md5:" + "0" * 32}, UploadRefusal.CHECKSUM),
        (b"\x1a\x45\xdf\xa3" + bytes(500), {}, UploadRefusal.UNREADABLE),
    ],
)
def test_refused_content_says_why_and_its_bytes_stay_until_it_expires(archivist, stores, content, said, refusal):
    upload = checked(arrived(archivist, content, **said))
    assert (upload.status, upload.refusal, upload.file) == (UploadStatus.REFUSED, refusal.value, None)
    assert files_below(stores / "uploads") == [upload.uid.hex]
    assert files_below(stores / "media") == []
    told = set()
    for language in ("sr", "ru", "en"):
        with translation.override(language):
            told.add(str(upload.reason))
    assert all(told)


def test_what_was_declared_and_found_is_told_with_the_refusal(archivist):
    upload = checked(arrived(archivist, declared_checksum="md5:" + "0" * 32))
    found = hashlib.md5(TEXT, usedforsecurity=False).hexdigest()
    assert upload.details == {"declared": "md5:" + "0" * 32, "found": f"md5:{found}"}


def test_an_archivist_has_refused_content_looked_at_again(archivist, monkeypatch):
    """A recording that an older program could not read: refused for good, until a person asks again."""

    def say_no(_path):
        raise file_service.FileRefusedError(file_service.FileRefusal.UNREADABLE)

    content = b"\x1a\x45\xdf\xa3" + bytes(500)
    with monkeypatch.context() as older:
        older.setattr(file_service, "technical_of", say_no)
        upload = checked(arrived(archivist, content))
    assert upload.refusal == "file-unreadable"
    monkeypatch.setattr(file_service, "technical_of", lambda _path: {"duration_ms": 1000})
    same = checked(arrived(archivist, content))
    assert (same.status, same.refusal) == (UploadStatus.REFUSED, "file-unreadable")
    check_again(upload, actor=archivist)
    assert checked(upload).status == UploadStatus.DONE
    assert MediaFile.objects.get().status == FileStatus.READY


def test_only_those_who_may_have_it_checked_again_and_only_what_was_refused(archivist, rts):
    upload = arrived(archivist, NOISE)
    with pytest.raises(ConflictError):
        check_again(upload, actor=archivist)
    checked(upload)
    with pytest.raises(ForbiddenError):
        check_again(upload, actor=make_user(rts, Role.PRODUCER))
    upload_bytes.remove(upload.uid)
    with pytest.raises(UploadGoneError):
        check_again(upload, actor=archivist)


def test_refused_content_may_be_thrown_away(archivist, stores):
    upload = checked(arrived(archivist, NOISE))
    end_upload(upload, actor=archivist)
    assert (upload.status, files_below(stores / "uploads")) == (UploadStatus.ENDED, [])


def test_whoever_lost_their_role_adds_nothing_to_an_item(archivist, rts):
    upload = arrived(archivist, item=make_item(rts))
    Membership.objects.filter(user=archivist).update(role=Role.VIEWER)
    upload = Upload.objects.get(pk=upload.pk)
    assert (checked(upload).refusal, Instantiation.objects.count()) == ("role-missing", 0)


def test_an_upload_whose_item_was_deleted_is_kept_as_a_file(archivist, rts):
    item = make_item(rts)
    upload = arrived(archivist, item=item)
    item.delete()
    assert checked(Upload.objects.get(pk=upload.pk)).status == UploadStatus.DONE


class KilledError(BaseException):
    """What kill -9 leaves behind: nothing is tidied up."""


def killed_at(monkeypatch, place, name):
    def die(*_arguments, **_values):
        raise KilledError

    monkeypatch.setattr(place, name, die)


@pytest.mark.parametrize(
    ("place", "name"),
    [
        (file_service, "_register"),
        (file_service, "_technical"),
        (file_service, "_close"),
        (upload_check, "_finish"),
        (upload_check, "attach_file"),
        (upload_bytes, "remove"),
    ],
)
def test_a_check_that_was_killed_anywhere_is_done_again_and_comes_to_the_same(
    archivist, rts, stores, monkeypatch, place, name
):
    upload = arrived(archivist, PNG, item=make_item(rts))
    with monkeypatch.context() as context:
        killed_at(context, place, name)
        with pytest.raises(KilledError):
            upload_check.check_upload(upload)
    check_task()
    upload.refresh_from_db()
    assert upload.status == UploadStatus.DONE
    assert (MediaFile.objects.get().status, Instantiation.objects.get().file) == (FileStatus.READY, upload.file)
    assert len(files_below(stores / "media")) == 1


def test_bytes_that_a_killed_check_left_behind_are_purged(archivist, stores, monkeypatch):
    upload = arrived(archivist)
    with monkeypatch.context() as context:
        killed_at(context, upload_bytes, "remove")
        with pytest.raises(KilledError):
            upload_check.check_upload(upload)
    path = upload_bytes.path_of(upload.uid)
    assert (purge_uploads(), path.exists()) == (0, True)  # somebody may be at it
    os.utime(path, (0, 0))
    assert (purge_uploads(), path.exists()) == (1, False)


def test_a_check_that_always_breaks_off_is_given_up_and_holds_up_no_other(archivist, monkeypatch):
    deadly = arrived(archivist, PNG)
    for _attempt in range(upload_check.MOST_ATTEMPTS):
        with monkeypatch.context() as context:
            killed_at(context, upload_check, "store_path")
            with pytest.raises(KilledError):
                upload_check.check_upload(deadly)
    other = arrived(archivist, TEXT)
    assert check_uploads() == 2
    deadly.refresh_from_db()
    other.refresh_from_db()
    assert (deadly.status, deadly.refusal) == (UploadStatus.REFUSED, UploadRefusal.BROKE_OFF.value)
    assert other.status == UploadStatus.DONE


def test_two_who_check_the_same_do_it_once(archivist):
    upload = arrived(archivist)
    with locked(upload.uid):
        assert upload_check.check_upload(upload) is False
    assert upload_check.check_upload(upload) is True
    assert upload_check.check_upload(Upload.objects.get(pk=upload.pk)) is True  # its bytes are gone: nothing to do
    upload.refresh_from_db()
    assert upload.status == UploadStatus.DONE


def test_a_full_store_loses_nothing_and_is_tried_again_later(archivist, settings, stores):
    upload = arrived(archivist)
    disk_stores(settings, stores, backend="tests.stores.FullDisk")
    assert checked(upload).status == UploadStatus.CHECKING
    assert (files_below(stores / "media"), MediaFile.objects.count()) == ([], 0)
    assert check_uploads() == 0  # not before its time
    disk_stores(settings, stores)
    upload.details["due_at"] = (timezone.now() - timedelta(seconds=1)).isoformat()
    upload.save(update_fields=["details"])
    assert check_uploads() == 1
    upload.refresh_from_db()
    assert (upload.status, upload.details) == (UploadStatus.DONE, {})


def test_what_a_disk_has_lost_may_be_sent_again(archivist):
    upload = arrived(archivist)
    upload_bytes.path_of(upload.uid).write_bytes(TEXT[:5])
    assert (checked(upload).status, upload.offset_bytes) == (UploadStatus.RECEIVING, 5)
    append(upload, iter([TEXT[5:]]), actor=archivist, offset=5, size_bytes=len(TEXT) - 5)
    assert checked(upload).status == UploadStatus.DONE
    lost = arrived(archivist, PNG)
    upload_bytes.remove(lost.uid)
    assert (checked(lost).status, lost.offset_bytes) == (UploadStatus.RECEIVING, 0)


def test_a_file_counts_once_in_a_houses_room(archivist, settings):
    settings.MEDIA_QUOTA_BYTES = len(TEXT) + 100
    assert checked(arrived(archivist)).status == UploadStatus.DONE
    refused = checked(arrived(archivist, TEXT + b"x" * 101))
    assert (refused.status, refused.refusal) == (UploadStatus.REFUSED, "quota-exceeded")


def test_uploads_that_nobody_continued_end_with_their_bytes(archivist, rts, stores):
    late, refused, alive = make_upload(rts), checked(arrived(archivist, NOISE)), make_upload(rts)
    for upload in (late, alive):
        append(upload, iter([b"01"]), actor=archivist, offset=0, size_bytes=2)
    Upload.objects.exclude(pk=alive.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    for name in os.listdir(stores / "uploads"):
        os.utime(stores / "uploads" / name, (0, 0))
    (stores / "uploads" / "notes.txt").write_text("not ours")
    assert purge_uploads() == 2
    assert files_below(stores / "uploads") == [alive.uid.hex, "notes.txt"]
    statuses = {upload.pk: upload.status for upload in Upload.objects.all()}
    assert statuses == {late.pk: "ended", refused.pk: "ended", alive.pk: "receiving"}


def test_an_upload_that_waits_for_its_check_never_expires(archivist):
    upload = arrived(archivist)
    Upload.objects.update(expires_at=timezone.now() - timedelta(days=1))
    os.utime(upload_bytes.path_of(upload.uid), (0, 0))
    purge_uploads()
    assert checked(upload).status == UploadStatus.DONE


def test_the_store_is_only_asked_for_content_that_was_found_to_be_right(archivist, monkeypatch):
    asked = []
    monkeypatch.setattr(file_service, "media_store", lambda: asked.append(1))
    checked(arrived(archivist, NOISE))
    checked(arrived(archivist, declared_checksum="md5:" + "0" * 32))
    assert asked == []


def test_a_person_is_told_a_code_that_nobody_knows_as_it_is(rts):
    assert make_upload(rts, status="refused", refusal="something-new").reason == "something-new"
