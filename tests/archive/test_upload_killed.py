"""Uploads to a real server that is killed, stalled, or has a full disk."""

import hashlib
import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache

from archive.models import MediaFile, Upload
from archive.services import upload_bytes
from archive.services.upload import append
from archive.services.upload_check import check_uploads
from mediaexchange.core.models import User
from mediaexchange.core.stores import media_store
from tests.archive.upload_server import Sender, UploadServer
from tests.factories import make_broadcaster, make_key
from tests.stores import files_below

pytestmark = pytest.mark.django_db(transaction=True)
MEGABYTE = 1024 * 1024
CONTENT = (b"caption of a reel\n" * (MEGABYTE // 18 + 1))[:MEGABYTE] * 24


@pytest.fixture
def key(stores: Any) -> str:
    cache.clear()
    return make_key(make_broadcaster("rts"))


def recorded() -> int:
    return Upload.objects.get().offset_bytes


def slowly(content: bytes) -> Iterator[bytes]:
    """As a line that is slower than the server records."""
    yield content[: len(content) // 2]
    time.sleep(2.2)
    yield content[len(content) // 2 :]


def test_an_upload_survives_kill_9_in_its_middle_and_the_store_never_shows_a_half(key, tmp_path):
    with UploadServer(tmp_path) as server:
        sender = Sender(server, key)
        path = sender.begin(len(CONTENT), filename="снимак.txt", filetype="text/plain")
        assert sender.patch(path, 0, CONTENT[: 8 * MEGABYTE]).status == 204
        rest = len(CONTENT) - 8 * MEGABYTE
        broken = sender.start_patch(path, 8 * MEGABYTE, rest, slowly(CONTENT[8 * MEGABYTE : 16 * MEGABYTE]))
        ends_at = time.monotonic() + 20
        while recorded() <= 8 * MEGABYTE and time.monotonic() < ends_at:
            time.sleep(0.05)
        server.kill()
        broken.close()
        assert 8 * MEGABYTE < recorded() < len(CONTENT)
        assert upload_bytes.size_of(Upload.objects.get().uid) >= recorded()
        assert files_below(tmp_path / "media") == []

        server.start()
        offset = sender.offset(path)
        assert offset == recorded()
        assert sender.patch(path, offset, CONTENT[offset:]).status == 204
        assert json.loads(sender.ask("GET", path).said)["status"] == "checking"  # type: ignore[attr-defined]
    assert files_below(tmp_path / "media") == []
    assert check_uploads() == 1
    file = MediaFile.objects.get()
    assert (file.sha256, file.size_bytes) == (hashlib.sha256(CONTENT).hexdigest(), len(CONTENT))
    assert b"".join(media_store().pieces(file.storage_name)) == CONTENT
    assert (len(files_below(tmp_path / "media")), files_below(tmp_path / "uploads")) == (1, [])


def test_a_disk_that_has_room_for_4_mb_gives_507_and_loses_nothing(key, tmp_path):
    content = CONTENT[: 6 * MEGABYTE]
    with UploadServer(tmp_path, file_bytes=4 * MEGABYTE) as server:
        sender = Sender(server, key)
        path = sender.begin(len(content), filename="a.txt")
        assert sender.patch(path, 0, content[: 3 * MEGABYTE]).status == 204
        full = sender.patch(path, 3 * MEGABYTE, content[3 * MEGABYTE :])
        assert (full.status, full.headers["Upload-Offset"]) == (507, str(3 * MEGABYTE))
        assert json.loads(full.said)["code"] == "no-room"  # type: ignore[attr-defined]
        assert sender.offset(path) == 3 * MEGABYTE
        assert upload_bytes.size_of(Upload.objects.get().uid) == 3 * MEGABYTE  # nothing half is left on the full disk
        assert sender.ask("GET", "/health/ready").status == 200
    upload, rest = Upload.objects.get(), content[3 * MEGABYTE :]  # and once there is room again
    append(upload, iter([rest]), actor=User.objects.get(), offset=3 * MEGABYTE, size_bytes=len(rest))
    assert check_uploads() == 1
    assert MediaFile.objects.get().sha256 == hashlib.sha256(content).hexdigest()


def test_two_connections_to_a_real_server_exclude_each_other_and_a_broken_one_lets_go(key, tmp_path):
    with UploadServer(tmp_path) as server:
        sender = Sender(server, key)
        path = sender.begin(2 * MEGABYTE)
        first = sender.start_patch(path, 0, 2 * MEGABYTE, [CONTENT[:MEGABYTE]])
        ends_at = time.monotonic() + 10
        while upload_bytes.size_of(Upload.objects.get().uid) == 0 and time.monotonic() < ends_at:
            time.sleep(0.02)
        assert sender.patch(path, 0, CONTENT[:MEGABYTE]).status == 423
        first.close()
        while recorded() < MEGABYTE and time.monotonic() < ends_at:
            time.sleep(0.02)
        assert sender.offset(path) == MEGABYTE
        assert sender.patch(path, MEGABYTE, CONTENT[MEGABYTE : 2 * MEGABYTE]).status == 204
