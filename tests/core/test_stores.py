import errno
import io
import os
import warnings

import pytest
from django.core.exceptions import SuspiciousFileOperation, SuspiciousOperation

from archive.services.file import store_file
from mediaexchange.core.stores import DiskStore, drop_store, media_store
from tests.archive.test_store_file import MP4
from tests.factories import make_broadcaster
from tests.stores import FullDisk, bucket_stores, disk_stores, files_below


@pytest.fixture
def bucket(settings):
    """Media and drops in a bucket of an S3 that moto keeps in this process."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        import boto3
        from moto import mock_aws

        with mock_aws():
            s3 = boto3.client("s3", "eu-central-1", aws_access_key_id="key", aws_secret_access_key="secret")
            s3.create_bucket(Bucket="exchange", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
            bucket_stores(settings, "media", "drops")
            yield s3


@pytest.fixture(params=["disk", "bucket"])
def store(request, settings, tmp_path):
    """A store of each kind: the same is promised of both."""
    if request.param == "bucket":
        request.getfixturevalue("bucket")
    else:
        disk_stores(settings, tmp_path)
    return drop_store()


def read(store, name, *part):
    return b"".join(store.pieces(name, *part))


def test_what_is_put_can_be_read_in_whole_and_in_part(store):
    store.put("a/b.txt", io.BytesIO(b"0123456789"))
    assert read(store, "a/b.txt") == b"0123456789"
    assert read(store, "a/b.txt", 3) == b"3456789"
    assert read(store, "a/b.txt", 3, 4) == b"3456"
    assert read(store, "a/b.txt", 3, 0) == b""
    assert store.size("a/b.txt") == 10


def test_content_is_put_from_its_beginning_and_stays_open(store):
    content = io.BytesIO(b"0123456789")
    content.read(5)
    store.put("a", content)
    assert read(store, "a") == b"0123456789"
    assert not content.closed


def test_a_file_is_taken_in_whole_and_stays_where_it_was(store, tmp_path):
    path = tmp_path / "arrived"
    path.write_bytes(b"0123456789")
    for _again in range(2):
        store.take("a/b.txt", path)
        assert (read(store, "a/b.txt"), path.read_bytes(), store.names("a/")) == (
            b"0123456789", b"0123456789", ["a/b.txt"],
        )  # fmt: skip
    path.unlink()
    assert read(store, "a/b.txt", 3, 4) == b"3456"
    with pytest.raises(FileNotFoundError):
        store.take("a/c.txt", path)


@pytest.mark.parametrize("number", [errno.EXDEV, errno.EPERM, errno.EMLINK])
def test_a_file_from_another_disk_is_copied(tmp_path, monkeypatch, number):
    def no_link(*_paths):
        raise OSError(number, "not linked")

    path = tmp_path / "arrived"
    path.write_bytes(b"0123456789")
    store = DiskStore(location=str(tmp_path / "media"))
    monkeypatch.setattr(os, "link", no_link)
    store.take("a", path)
    path.write_bytes(b"changed")
    assert (read(store, "a"), files_below(tmp_path / "media")) == (b"0123456789", ["a"])


def test_a_file_that_cannot_be_taken_leaves_nothing(tmp_path, monkeypatch):
    def full(*_paths):
        raise OSError(errno.ENOSPC, "full")

    path = tmp_path / "arrived"
    path.write_bytes(b"0123456789")
    monkeypatch.setattr(os, "link", full)
    with pytest.raises(OSError, match="full"):
        DiskStore(location=str(tmp_path / "media")).take("a", path)
    assert files_below(tmp_path / "media") == []


def test_a_second_put_replaces(store):
    store.put("a", io.BytesIO(b"long content"))
    store.put("a", io.BytesIO(b"short"))
    assert (read(store, "a"), store.names("")) == (b"short", ["a"])


def test_names_are_listed_by_prefix(store):
    for name in ("in/one-en.json", "in/one.json", "in/two.json", "out/one.json"):
        store.put(name, io.BytesIO(b"x"))
    assert store.names("in/one") == ["in/one-en.json", "in/one.json"]
    assert store.names("nowhere/one") == []


def test_a_purge_takes_all_of_a_prefix_and_nothing_else(store):
    for name in ("in/one-en.json", "in/one.json", "in/two.json"):
        store.put(name, io.BytesIO(b"x"))
    assert store.purge("in/one") == 2
    assert store.purge("in/one") == 0
    assert store.names("in/") == ["in/two.json"]


def test_what_is_missing_is_known_before_the_first_piece(store):
    with pytest.raises(FileNotFoundError):
        store.pieces("missing")
    store.delete("missing")  # safe to repeat


def test_a_name_does_not_lead_out_of_the_store(store):
    with pytest.raises((SuspiciousFileOperation, SuspiciousOperation)):
        store.put("../outside", io.BytesIO(b"x"))


def test_a_reader_who_hangs_up_leaves_nothing_open(store):
    store.put("a", io.BytesIO(b"x" * 1000))
    pieces = store.pieces("a")
    pieces.close()
    assert list(pieces) == []


def test_a_full_disk_keeps_what_was_there_before(tmp_path):
    DiskStore(location=str(tmp_path)).put("a", io.BytesIO(b"old"))
    with pytest.raises(OSError) as full:
        FullDisk(location=str(tmp_path)).put("a", io.BytesIO(b"n" * 100))
    assert full.value.errno == errno.ENOSPC
    assert ((tmp_path / "a").read_bytes(), files_below(tmp_path)) == (b"old", ["a"])


def test_files_are_not_for_everybody_on_the_machine(tmp_path):
    DiskStore(location=str(tmp_path)).put("a/b", io.BytesIO(b"x"))
    assert (tmp_path / "a" / "b").stat().st_mode & 0o777 == 0o640
    assert (tmp_path / "a").stat().st_mode & 0o007 == 0


def test_a_purge_finds_what_a_killed_process_left_half(tmp_path):
    store = DiskStore(location=str(tmp_path))
    (tmp_path / ".one-en.json.0123").write_text("half")
    assert (store.names("one"), store.purge("one"), files_below(tmp_path)) == ([], 1, [])


@pytest.mark.django_db
def test_a_media_file_lies_in_the_bucket_under_its_hash(bucket):
    file = store_file(io.BytesIO(MP4), broadcaster=make_broadcaster(), actor=None, original_name="a.mp4")
    found = [item["Key"] for item in bucket.list_objects_v2(Bucket="exchange")["Contents"]]
    assert found == [f"media/{file.storage_name}"]
    assert read(media_store(), file.storage_name, 4, 4) == b"ftyp"


def test_a_bucket_that_is_not_there_fails_as_a_disk_would(bucket, settings):
    bucket.delete_bucket(Bucket="exchange")
    with pytest.raises(OSError) as failed:
        drop_store().put("a", io.BytesIO(b"x"))
    assert "secret" not in str(failed.value)
