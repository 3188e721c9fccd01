import hashlib
import io
import struct

import pytest
from django.utils import translation

from archive.constants import FileRefusal, FileStatus
from archive.media import binaries
from archive.models import MediaFile
from archive.services.file import StoreError, TooLargeError, clean_name, store_file
from broadcasters.constants import Role
from mediaexchange.core.errors import DomainError, ForbiddenError
from mediaexchange.core.stores import media_store
from tests.archive.factories import MP4
from tests.factories import make_broadcaster, make_user
from tests.stores import disk_stores, files_below

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", 640, 480) + b"\x08\x02\0\0\0"


def keep(content=MP4, **values):
    broadcaster = values.pop("broadcaster", None) or make_broadcaster()
    defaults = {"broadcaster": broadcaster, "actor": None, "original_name": "clip.mp4"}
    return store_file(io.BytesIO(content), **defaults | values)


def test_a_file_lies_under_its_hash_with_what_it_turned_out_to_be(stores):
    file = keep()
    sha256 = hashlib.sha256(MP4).hexdigest()
    assert (file.status, file.sha256, file.size_bytes, file.content_type) == (
        FileStatus.READY, sha256, len(MP4), "video/mp4",
    )  # fmt: skip
    assert files_below(stores / "media") == [f"media/{sha256[:2]}/{sha256[2:4]}/{sha256}"]
    assert b"".join(media_store().pieces(file.storage_name)) == MP4


def test_the_same_content_again_is_the_same_row():
    first, again = keep(), keep(original_name="other.mp4")
    assert first == again
    assert MediaFile.objects.count() == 1


def test_another_broadcaster_has_a_row_of_its_own():
    assert keep() != keep(broadcaster=make_broadcaster("ptrc"))


@pytest.mark.parametrize("algorithm", ["sha256", "sha1", "md5"])
def test_a_declared_checksum_is_compared(algorithm):
    right = hashlib.new(algorithm, MP4, usedforsecurity=False).hexdigest()
    wrong = hashlib.new(algorithm, b"other", usedforsecurity=False).hexdigest()
    assert keep(declared_checksum=f"{algorithm}:{right.upper()}").status == FileStatus.READY
    with pytest.raises(DomainError) as refused:
        keep(declared_checksum=f"{algorithm}:{wrong}")
    assert refused.value.code == "checksum-mismatch"
    assert refused.value.details["found"] == f"{algorithm}:{right}"


def test_nothing_is_kept_of_a_file_with_the_wrong_checksum(stores):
    with pytest.raises(DomainError, match="checksum"):
        keep(declared_checksum="md5:" + "0" * 32)
    assert (files_below(stores), MediaFile.objects.count()) == ([], 0)


def test_a_checksum_that_cannot_be_compared_is_refused():
    with pytest.raises(DomainError) as refused:
        keep(declared_checksum="crc32:1234")
    assert refused.value.code == "checksum-unknown"


@pytest.mark.parametrize(
    "content", [b"\x7fELF\2\1\1" + bytes(64), b"MZ\x90\0" + bytes(64), bytes(100), b"PK\x03\x04zip"]
)
def test_programs_archives_and_noise_are_refused(content, stores):
    with pytest.raises(DomainError) as refused:
        keep(content)
    assert refused.value.code == "file-type-unknown"
    assert files_below(stores) == []


def test_a_picture_that_was_announced_as_a_video_is_refused():
    with pytest.raises(DomainError) as refused:
        keep(PNG, declared_type="video/mp4")
    assert (refused.value.code, refused.value.details["found"]) == ("file-type-mismatch", "image/png")


def test_the_size_of_a_picture_is_read_from_its_header():
    assert keep(PNG).technical == {"width": 640, "height": 480}


def test_a_picture_with_too_many_pixels_is_refused_now_and_again(stores):
    bomb = PNG.replace(struct.pack(">II", 640, 480), struct.pack(">II", 60000, 60000))
    for _time in range(2):
        with pytest.raises(DomainError, match="pixels"):
            keep(bomb)
    assert MediaFile.objects.get().status == FileStatus.REFUSED
    assert files_below(stores) == []


def test_a_file_above_the_limit_is_refused(settings, stores):
    settings.MAX_MEDIA_BYTES = 1000
    with pytest.raises(TooLargeError):
        keep()
    assert files_below(stores) == []


def test_a_broadcaster_cannot_use_more_than_its_room(settings):
    settings.MEDIA_QUOTA_BYTES = len(MP4) + 10
    keep()
    with pytest.raises(DomainError) as refused:
        keep(MP4 + b"more")
    assert refused.value.code == "quota-exceeded"
    assert keep().status == FileStatus.READY  # the same content needs no room
    assert keep(MP4 + b"more", broadcaster=make_broadcaster("ptrc")).status == FileStatus.READY


def test_an_empty_file_is_refused():
    with pytest.raises(DomainError) as refused:
        keep(b"")
    assert refused.value.code == "file-empty"


def test_a_full_disk_leaves_nothing_half_stored(settings, stores):
    disk_stores(settings, stores, backend="tests.stores.FullDisk")
    with pytest.raises(StoreError) as refused:
        keep()
    assert (refused.value.code, refused.value.status) == ("store-full", 503)
    assert (files_below(stores), MediaFile.objects.count()) == ([], 0)
    disk_stores(settings, stores)
    assert keep().status == FileStatus.READY


def test_a_row_left_waiting_by_a_killed_process_is_finished_by_the_next_upload():
    sha256 = hashlib.sha256(MP4).hexdigest()
    left = MediaFile.objects.create(
        broadcaster=make_broadcaster(), sha256=sha256, size_bytes=len(MP4), content_type="video/mp4"
    )
    assert (keep(), MediaFile.objects.get().status) == (left, FileStatus.READY)


def test_nobody_stores_files_for_another_house():
    with pytest.raises(ForbiddenError):
        keep(actor=make_user(make_broadcaster("ptrc"), Role.EDITOR))


class Endless:
    """Remembers how much was asked for at once."""

    def __init__(self, amount):
        self.left, self.largest = amount, 0

    def read(self, size=-1):
        self.largest = max(self.largest, size)
        given, self.left = min(size, self.left), self.left - min(size, self.left)
        return b"a" * given


def test_a_large_file_is_never_in_memory_as_a_whole():
    stream = Endless(3 * 1024 * 1024)
    file = store_file(stream, broadcaster=make_broadcaster(), actor=None, original_name="a.txt")
    assert (file.content_type, file.size_bytes) == ("text/plain", 3 * 1024 * 1024)
    assert 0 < stream.largest <= 256 * 1024


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\clips\\снимак.mp4", "снимак.mp4"),
        ("a\r\nX: y\u202e4pm.exe", "aX: y4pm.exe"),
    ],
)
def test_a_name_is_only_shown_and_has_no_folders(name, shown):
    assert clean_name(name) == shown


@pytest.fixture
def ffprobe(tmp_path, monkeypatch):
    """An ffprobe of the test's own."""

    def say(script):
        program = tmp_path / "ffprobe"
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)
        monkeypatch.setattr(binaries, "ffprobe", lambda: str(program))

    return say


def test_what_is_installed_on_the_system_is_not_asked(monkeypatch):
    monkeypatch.setenv("PATH", "/nonexistent")
    assert keep().technical["streams"][0]["codec_name"] == "h264"


def test_what_ffprobe_says_is_kept(ffprobe):
    ffprobe(
        """echo '{"streams": [{"codec_type": "video", "codec_name": "h264", "width": 1920, "height": 1080,"""
        """ "r_frame_rate": "25/1", "tags": {"a": "b"}}], "format": {"format_name": "mov", "duration": "12.345"}}'"""
    )
    technical = keep().technical
    assert technical["duration_ms"] == 12345
    assert technical["streams"] == [
        {"codec_type": "video", "codec_name": "h264", "width": 1920, "height": 1080, "r_frame_rate": "25/1"}
    ]


def test_a_recording_that_ffprobe_cannot_read_is_refused(ffprobe, stores):
    ffprobe("exit 1")
    with pytest.raises(DomainError) as refused:
        keep()
    assert refused.value.code == "file-unreadable"
    assert MediaFile.objects.get().status == FileStatus.REFUSED
    assert files_below(stores / "media") == []


def test_the_probe_runs_under_limits_and_without_our_environment(ffprobe, tmp_path, monkeypatch):
    monkeypatch.setenv("SECRET_OF_OURS", "kanarinac")
    ffprobe(
        'echo "{\\"streams\\": [{\\"codec_name\\": \\"$(ulimit -t) $(ulimit -v) $(ulimit -f) $SECRET_OF_OURS\\"}]}"'
    )
    assert keep().technical["streams"] == [{"codec_name": "46 1048576 0 "}]


def test_why_a_file_was_refused_is_told_in_the_language_of_who_asks(ffprobe):
    ffprobe("exit 1")
    told = []
    for language in ("sr", "ru", "en"):
        with translation.override(language):
            with pytest.raises(DomainError) as refused:
                keep()
            told.append(str(refused.value))
    assert MediaFile.objects.get().refusal == FileRefusal.UNREADABLE
    assert len(set(told)) == 3
    assert told[2] == "The recording cannot be read."
