import hashlib
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from archive.constants import UploadStatus
from archive.models import Upload
from archive.services import upload as service
from archive.services import upload_bytes
from archive.services.upload_bytes import locked
from broadcasters.constants import Role
from mediaexchange.core.errors import DomainError
from tests.archive.factories import make_item, make_upload
from tests.archive.test_store_file import MP4
from tests.archive.tus import ADDRESS, Tus, checksum_of, encoded, upload_at
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def tus(rts):
    return Tus(rts)


def lying(address):
    return upload_bytes.path_of(upload_at(address).uid).read_bytes()


def test_the_server_says_what_it_speaks_to_anybody():
    answer = Tus().send("OPTIONS", ADDRESS, Tus_Resumable=None)
    assert answer.status_code == 204
    assert answer.headers["Tus-Version"] == "1.0.0"
    assert set(answer.headers["Tus-Extension"].split(",")) == {
        "creation", "creation-with-upload", "expiration", "checksum", "termination",
    }  # fmt: skip
    assert answer.headers["Tus-Checksum-Algorithm"] == "sha1,md5,sha256"
    assert int(answer.headers["Tus-Max-Size"]) > 1024**3


def test_an_upload_is_announced_sent_in_parts_and_then_waits_for_its_check(tus, rts):
    answer = tus.create(len(MP4), filename="снимак.mp4", filetype="video/mp4")
    assert answer.status_code == 201
    address = answer.headers["Location"]
    assert address.startswith("http://testserver/api/v1/uploads/")
    assert answer.headers["Tus-Resumable"] == "1.0.0"
    assert "GMT" in answer.headers["Upload-Expires"]
    assert tus.head(address).headers["Upload-Offset"] == "0"
    first = tus.patch(address, 0, MP4[:1000])
    assert (first.status_code, first.headers["Upload-Offset"], first.content) == (204, "1000", b"")
    head = tus.head(address)
    assert (head.status_code, head.headers["Upload-Offset"], head.headers["Upload-Length"]) == (
        200, "1000", str(len(MP4)),
    )  # fmt: skip
    assert head.headers["Cache-Control"] == "no-store"
    assert upload_at(address).status == UploadStatus.RECEIVING
    last = tus.patch(address, 1000, MP4[1000:])
    assert (last.status_code, last.headers["Upload-Offset"]) == (204, str(len(MP4)))
    upload = upload_at(address)
    assert (upload.status, upload.original_name, upload.broadcaster) == (UploadStatus.CHECKING, "снимак.mp4", rts)
    assert lying(address) == MP4


def test_an_upload_may_bring_its_first_bytes_when_it_is_announced(tus):
    answer = tus.create(len(MP4), MP4[:500])
    assert (answer.status_code, answer.headers["Upload-Offset"]) == (201, "500")
    assert tus.patch(answer.headers["Location"], 500, MP4[500:]).status_code == 204


def test_first_bytes_that_are_damaged_do_not_undo_the_announcement(tus):
    answer = tus.create(len(MP4), MP4[:500], headers={"Upload_Checksum": checksum_of(b"other")})
    assert (answer.status_code, answer.headers["Upload-Offset"]) == (201, "0")


def test_the_last_part_sent_again_is_answered_as_before(tus):
    address = tus.begin(10)
    tus.patch(address, 0, b"0123456789")
    again = tus.patch(address, 10, b"")
    assert (again.status_code, again.headers["Upload-Offset"]) == (204, "10")
    assert tus.patch(address, 0, b"0123456789").status_code == 409


@pytest.mark.parametrize("offset", [0, 4, 6])
def test_bytes_that_go_elsewhere_are_refused_with_the_place_to_go_on(tus, offset):
    address = tus.begin(10)
    tus.patch(address, 0, b"01234")
    answer = tus.patch(address, offset, b"xxxxx")
    assert (answer.status_code, answer.json()["code"], answer.headers["Upload-Offset"]) == (409, "wrong-offset", "5")
    assert lying(address) == b"01234"


def test_more_than_was_announced_is_refused_before_it_is_read(tus):
    address = tus.begin(10)
    assert tus.patch(address, 0, b"x" * 11).status_code == 413
    assert tus.head(address).headers["Upload-Offset"] == "0"


def test_a_file_larger_than_the_limit_is_refused(tus, settings):
    settings.MAX_MEDIA_BYTES = 1000
    answer = tus.create(1001)
    assert (answer.status_code, answer.json()["code"]) == (413, "file-too-large")
    assert answer.headers["Tus-Resumable"] == "1.0.0"


def test_an_empty_file_is_refused_with_the_reason(tus):
    answer = tus.create(0)
    assert (answer.status_code, answer.json()["code"]) == (422, "file-empty")


@pytest.mark.parametrize("algorithm", ["sha1", "md5", "sha256"])
def test_a_part_is_compared_with_its_checksum(tus, algorithm):
    address = tus.begin(10)
    wrong = tus.patch(address, 0, b"01234", Upload_Checksum=checksum_of(b"12345", algorithm))
    assert (wrong.status_code, wrong.json()["code"], wrong.headers["Upload-Offset"]) == (
        460, "chunk-checksum-mismatch", "0",
    )  # fmt: skip
    assert lying(address) == b""
    right = tus.patch(address, 0, b"01234", Upload_Checksum=checksum_of(b"01234", algorithm))
    assert (right.status_code, right.headers["Upload-Offset"]) == (204, "5")


def test_a_part_with_a_checksum_that_breaks_off_counts_for_nothing(rts):
    upload = make_upload(rts, length_bytes=10)
    with pytest.raises(service.ChunkError):
        service.append(
            upload, iter([b"0123"]), actor=make_user(rts), offset=0, size_bytes=10,
            checksum=service.Declared("md5", hashlib.md5(b"0123456789", usedforsecurity=False).hexdigest()),
        )  # fmt: skip
    assert (service.offset_of(upload), upload_bytes.size_of(upload.uid)) == (0, 0)


def test_a_part_without_a_checksum_that_breaks_off_counts_as_far_as_it_came(rts):
    upload = make_upload(rts, length_bytes=10)
    assert service.append(upload, iter([b"0123"]), actor=make_user(rts), offset=0, size_bytes=10) == 4
    assert (service.offset_of(upload), upload.offset_bytes) == (4, 4)


@pytest.mark.parametrize("version", [None, "0.2.2", "1.0.1", ""])
def test_another_version_of_the_protocol_is_412_and_nothing_happens(tus, version):
    address = tus.begin(10)
    for answer in (
        tus.create(10, headers={"Tus_Resumable": version or "x"}),
        tus.send("PATCH", address, b"01234", Upload_Offset=0, Tus_Resumable=version),
        tus.head(address, Tus_Resumable=version),
        tus.send("DELETE", address, Tus_Resumable=version),
    ):
        assert (answer.status_code, answer.headers["Tus-Version"]) == (412, "1.0.0")
    assert Upload.objects.get().offset_bytes == 0


@pytest.mark.parametrize("content_type", ["application/octet-stream", "text/plain", "application/json"])
def test_a_body_of_another_type_is_415(tus, content_type):
    address = tus.begin(10)
    assert tus.send("PATCH", address, b"01", Upload_Offset=0, Content_Type=content_type).status_code == 415


@pytest.mark.parametrize("offset", [None, "", "-1", "x", "1.0", "１", "9" * 30, "0x1"])
def test_an_offset_that_is_no_number_is_400(tus, offset):
    address = tus.begin(10)
    answer = tus.send("PATCH", address, b"01", Upload_Offset=offset)
    assert (answer.status_code, answer.json()["header"]) == (400, "Upload-Offset")


@pytest.mark.parametrize("length", ["", "-5", "ten", "1e3", "9" * 19])
def test_a_length_that_is_no_number_is_400(tus, length):
    assert tus.send("POST", ADDRESS, Upload_Length=length).status_code == 400
    assert not Upload.objects.exists()


NOT_UTF8, WITH_NUL = encoded(b"\xff\xfe"), encoded("a\0b")


@pytest.mark.parametrize(
    "metadata",
    [
        "filename !!!", "filename abc", f"filename {NOT_UTF8}", f"filename {WITH_NUL}",
        f"generation {encoded('golden')}", f"item {encoded('x')}", "filename =,===",
    ],
)  # fmt: skip
def test_metadata_that_cannot_be_understood_are_400(tus, metadata):
    answer = tus.send("POST", ADDRESS, Upload_Length=10, Upload_Metadata=metadata)
    assert (answer.status_code, answer.json()["code"]) == (400, "bad-header"), answer.content
    assert not Upload.objects.exists()


@pytest.mark.parametrize("header", [{"Upload_Defer_Length": 1}, {"Upload_Concat": "partial"}])
def test_extensions_that_are_not_spoken_are_refused(tus, header):
    assert tus.send("POST", ADDRESS, Upload_Length=10, **header).status_code == 400


@pytest.mark.parametrize("checksum", ["crc32 AAAA", "sha1", "sha1 !!", "md5 AAAA", "", "sha256  "])
def test_a_checksum_that_cannot_be_compared_is_400(tus, checksum):
    address = tus.begin(10)
    assert tus.patch(address, 0, b"01", Upload_Checksum=checksum).status_code == 400


def test_metadata_of_other_clients_and_odd_names_do_no_harm(tus):
    said = f"relativePath,filename {encoded('../../etc/sni‮mak.mp4')},x {encoded('y')},filetype"
    answer = tus.send("POST", ADDRESS, Upload_Length=10, Upload_Metadata=said)
    assert answer.status_code == 201
    assert Upload.objects.get().original_name == "snimak.mp4"


def test_a_checksum_of_the_whole_that_cannot_be_compared_is_refused_at_once(tus):
    answer = tus.create(10, checksum="crc32:1234")
    assert (answer.status_code, answer.json()["code"]) == (422, "checksum-unknown")


def test_two_connections_cannot_send_to_one_upload(tus):
    address = tus.begin(10)
    with locked(upload_at(address).uid, is_new=True):
        answer = tus.patch(address, 0, b"01234")
        assert (answer.status_code, answer.json()["code"]) == (423, "upload-locked")
        assert tus.head(address).status_code == 200  # asking needs no lock
    assert tus.patch(address, 0, b"01234").status_code == 204


def test_an_upload_that_was_cancelled_is_gone_with_its_bytes(tus, stores):
    address = tus.begin(10)
    tus.patch(address, 0, b"01234")
    assert tus.send("DELETE", address).status_code == 204
    assert list((stores / "uploads").iterdir()) == []
    for answer in (tus.head(address), tus.patch(address, 5, b"56789")):
        assert answer.status_code == 410
    assert tus.send("DELETE", address).status_code == 204
    assert upload_at(address).status == UploadStatus.ENDED
    assert list((stores / "uploads").iterdir()) == []


def test_cancelling_wins_over_a_connection_that_is_still_sending(rts):
    upload = make_upload(rts, length_bytes=10)
    actor = make_user(rts)

    def pieces():
        yield b"01234"
        service.end_upload(Upload.objects.get(pk=upload.pk), actor=actor)
        yield b"56789"

    with pytest.raises(service.UploadGoneError):
        service.append(upload, pieces(), actor=actor, offset=0, size_bytes=10)
    upload.refresh_from_db()
    assert (upload.status, upload_bytes.size_of(upload.uid)) == (UploadStatus.ENDED, 0)


def test_what_has_arrived_in_whole_is_not_cancelled_any_more(tus):
    address = tus.begin(10)
    tus.patch(address, 0, b"0123456789")
    answer = tus.send("DELETE", address)
    assert (answer.status_code, answer.json()["code"]) == (409, "upload-closed")


def test_an_upload_that_nobody_continued_in_time_is_gone(tus):
    address = tus.begin(10)
    Upload.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert tus.head(address).status_code == 410
    assert tus.patch(address, 0, b"01").status_code == 410


def test_every_part_puts_the_end_off(tus):
    address = tus.begin(10)
    Upload.objects.update(expires_at=timezone.now() + timedelta(minutes=1))
    answer = tus.patch(address, 0, b"01")
    assert upload_at(address).expires_at > timezone.now() + timedelta(days=6)
    assert "Upload-Expires" in answer.headers


def test_what_stands_behind_the_recorded_offset_does_not_count_and_is_cut_off(tus):
    """As a server leaves it that was killed between writing and recording."""
    address = tus.begin(10)
    tus.patch(address, 0, b"01234")
    with upload_bytes.path_of(upload_at(address).uid).open("ab") as file:
        file.write(b"XXX")
    assert tus.head(address).headers["Upload-Offset"] == "5"
    assert tus.patch(address, 5, b"5678").headers["Upload-Offset"] == "9"
    assert lying(address) == b"012345678"


def test_an_upload_goes_on_from_what_is_there_if_a_disk_has_lost_some(tus):
    address = tus.begin(10)
    tus.patch(address, 0, b"01234")
    path = upload_bytes.path_of(upload_at(address).uid)
    path.write_bytes(b"012")
    assert tus.head(address).headers["Upload-Offset"] == "3"
    assert tus.patch(address, 3, b"34").headers["Upload-Offset"] == "5"
    path.unlink()
    assert tus.head(address).headers["Upload-Offset"] == "0"
    assert tus.patch(address, 0, b"0123456789").status_code == 204


def test_a_part_is_recorded_while_it_comes(rts, monkeypatch):
    monkeypatch.setattr(service, "RECORD_BYTES", 3)
    upload, seen = make_upload(rts, length_bytes=10), []

    def pieces():
        for piece in (b"012", b"345", b"6"):
            yield piece
            seen.append(Upload.objects.get(pk=upload.pk).offset_bytes)

    service.append(upload, pieces(), actor=make_user(rts), offset=0, size_bytes=10)
    assert seen == [3, 6, 6]
    assert upload.offset_bytes == 7


def test_some_networks_say_the_method_in_a_header(tus):
    address = tus.begin(10)
    answer = tus.send("POST", address, b"01234", Upload_Offset=0, X_HTTP_Method_Override="PATCH")
    assert (answer.status_code, answer.headers["Upload-Offset"]) == (204, "5")
    assert tus.send("POST", address, X_HTTP_Method_Override="DELETE").status_code == 204


def test_another_houses_upload_does_not_exist(tus, ptrc, stores):
    address = tus.begin(10)
    tus.patch(address, 0, b"01234")
    other = Tus(ptrc)
    for method in ("GET", "HEAD", "DELETE"):
        assert other.send(method, address).status_code == 404, method
    assert other.patch(address, 5, b"xxxxx").status_code == 404
    assert other.send("POST", f"{address}check/").status_code == 404
    assert other.send("GET", ADDRESS).json()["results"] == []
    assert lying(address) == b"01234"


def test_without_an_account_nothing_but_what_is_spoken_is_told(tus):
    address = tus.begin(10)
    nobody = Tus()
    for method, where in (
        ("GET", ADDRESS),
        ("POST", ADDRESS),
        ("HEAD", address),
        ("PATCH", address),
        ("DELETE", address),
    ):
        assert nobody.send(method, where).status_code == 401


def test_a_key_that_only_reads_sends_nothing(rts, tus):
    address = tus.begin(10)
    reader = Tus(rts, scopes=["archive:read"])
    assert reader.create(10).status_code == 403
    assert reader.patch(address, 0, b"01").status_code == 403
    assert reader.send("DELETE", address).status_code == 403
    assert reader.send("GET", address).status_code == 200


def test_a_role_that_may_not_upload_is_refused_in_a_session_and_csrf_is_asked_for(rts):
    viewer, archivist = Tus(), Tus()
    viewer.client.force_login(make_user(rts, Role.VIEWER), backend="broadcasters.auth.RoleBackend")
    answer = viewer.create(10)
    assert (answer.status_code, answer.json()["code"]) == (403, "role-missing")
    archivist.client.handler.enforce_csrf_checks = True
    archivist.client.force_login(make_user(rts, Role.ARCHIVIST), backend="broadcasters.auth.RoleBackend")
    assert archivist.create(10).status_code == 403
    token = "a" * 32
    archivist.client.cookies["csrftoken"] = token
    answer = archivist.create(10, headers={"X_CSRFToken": token})
    assert answer.status_code == 201, answer.content


def test_an_upload_belongs_to_the_house_of_its_item(rts):
    item, archivist = make_item(rts), Tus()
    archivist.client.force_login(make_user(rts, Role.ARCHIVIST), backend="broadcasters.auth.RoleBackend")
    upload = upload_at(archivist.begin(10, item=str(item.uid), generation="preservation"))
    assert (upload.item, upload.generation, upload.broadcaster) == (item, "preservation", rts)


def test_another_houses_item_does_not_exist_for_an_upload(tus, ptrc):
    item = make_item(ptrc)
    answer = tus.create(10, item=str(item.uid))
    assert (answer.status_code, answer.json()["code"]) == (422, "item-unknown")
    assert tus.create(10, broadcaster="ptrc").json()["code"] == "broadcaster-unknown"


def test_who_may_not_change_an_items_files_uploads_none_for_it(rts):
    producer = Tus()
    producer.client.force_login(make_user(rts, Role.PRODUCER), backend="broadcasters.auth.RoleBackend")
    assert producer.create(10, item=str(make_item(rts).uid)).json()["code"] == "role-missing"
    assert producer.create(10).status_code == 201


def test_uploads_under_way_use_a_houses_room(tus, settings):
    settings.MEDIA_QUOTA_BYTES = 100
    address = tus.begin(60)
    answer = tus.create(50)
    assert (answer.status_code, answer.json()["code"]) == (422, "quota-exceeded")
    tus.send("DELETE", address)
    assert tus.create(50).status_code == 201


def test_a_disk_without_room_for_the_whole_is_507_before_a_byte_is_sent(tus, monkeypatch):
    monkeypatch.setattr(upload_bytes, "free_bytes", lambda: 9)
    answer = tus.create(10)
    assert (answer.status_code, answer.json()["code"]) == (507, "no-room")
    assert tus.create(9).status_code == 201


def test_a_disk_that_fills_up_is_507_and_nothing_is_lost(tus, monkeypatch):
    address = tus.begin(10)
    tus.patch(address, 0, b"01234")
    with ExitStack() as full:
        device = full.enter_context(Path("/dev/full").open("wb", buffering=0))
        real = upload_bytes.os.write
        write = lambda _descriptor, data: real(device.fileno(), data)  # noqa: E731
        full.enter_context(pytest.MonkeyPatch.context()).setattr(upload_bytes.os, "write", write)
        answer = tus.patch(address, 5, b"56789")
    assert (answer.status_code, answer.json()["code"], answer.headers["Upload-Offset"]) == (507, "no-room", "5")
    assert tus.head(address).headers["Upload-Offset"] == "5"
    assert tus.patch(address, 5, b"56789").status_code == 204
    assert lying(address) == b"0123456789"


def test_one_house_has_only_so_many_uploads_under_way(tus, monkeypatch):
    monkeypatch.setattr(service, "MOST_UNDER_WAY", 1)
    tus.begin(10)
    assert tus.create(10).json()["code"] == "too-many"


def test_own_uploads_are_listed_with_what_became_of_them(tus, rts):
    make_upload(rts, status="refused", refusal="checksum-mismatch", details={"declared": "md5:1", "found": "md5:2"})
    tus.begin(10, filename="a.mov")
    newest, refused = tus.send("GET", ADDRESS, Accept_Language="ru").json()["results"]
    assert (newest["original_name"], newest["length_bytes"], newest["offset_bytes"], newest["status"]) == (
        "a.mov", 10, 0, "receiving",
    )  # fmt: skip
    assert (refused["refusal"], refused["details"]) == ("checksum-mismatch", {"declared": "md5:1", "found": "md5:2"})
    assert refused["reason"]
    found = tus.send("GET", f"{ADDRESS}?status=refused").json()["results"]
    assert [row["uid"] for row in found] == [refused["uid"]]
    assert tus.send("GET", f"{ADDRESS}?colour=red").status_code == 400


def test_a_list_of_three_costs_what_a_list_of_one_costs(tus, rts):
    make_upload(rts, item=make_item(rts))
    tus.send("GET", ADDRESS)
    with CaptureQueriesContext(connection) as one:
        tus.send("GET", ADDRESS)
    for _number in range(2):
        make_upload(rts, item=make_item(rts))
    with CaptureQueriesContext(connection) as three:
        assert len(tus.send("GET", ADDRESS).json()["results"]) == 3
    assert len(one) == len(three)


def test_a_large_part_is_never_in_memory_as_a_whole(rts):
    """As much as a gigabyte would be: what is held is one piece."""
    import tracemalloc

    size, piece = 64 * 1024**2, b"x" * 256 * 1024
    upload = make_upload(rts, length_bytes=size)
    actor = make_user(rts)
    tracemalloc.start()
    try:
        service.append(upload, (piece for _ in range(256)), actor=actor, offset=0, size_bytes=size)
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert upload.offset_bytes == size
    assert peak < 4 * 1024**2


def test_a_store_that_is_out_of_reach_is_503(tus, settings, tmp_path):
    address = tus.begin(10)
    (tmp_path / "no-folder").write_text("")
    settings.UPLOAD_FOLDER = str(tmp_path / "no-folder" / "uploads")
    answer = tus.patch(address, 0, b"01")
    assert (answer.status_code, answer.json()["code"]) == (503, "store-unreachable")


def test_errors_of_the_service_name_their_codes(rts):
    with pytest.raises(DomainError, match="given up"):
        service.offset_of(make_upload(rts, status="ended"))
