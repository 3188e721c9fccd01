"""A dump of this very database is restored beside it and looked at; what is not whole is named."""

import hashlib
import io
import subprocess

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from archive.constants import FileStatus
from archive.models import MediaFile
from mediaexchange.core.stores import media_store
from mediaexchange.core.trail.sealing import seal_entries
from mediaexchange.launcher.accounts import server_account
from mediaexchange.launcher.binaries import postgres_binaries
from tests.factories import make_broadcaster, make_story

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def dump(tmp_path, monkeypatch, settings):
    """A dump of a story and of one media file, whose bytes lie in a store that other processes find as well."""
    store = tmp_path / "media"
    store.mkdir()
    monkeypatch.setenv("MEDIA_STORAGE_URL", store.as_uri())
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "mediaexchange.settings.development")
    media = {**settings.STORAGES["media"], "OPTIONS": {"location": str(store)}}
    settings.STORAGES = {**settings.STORAGES, "media": media}
    rts = make_broadcaster("rts")
    make_story(rts)
    content = b"a recording"
    file = MediaFile.objects.create(
        broadcaster=rts,
        sha256=hashlib.sha256(content).hexdigest(),
        size_bytes=len(content),
        content_type="video/mp4",
        status=FileStatus.READY,
    )
    media_store().put(file.storage_name, io.BytesIO(content))
    seal_entries()
    return dumped(tmp_path)


def dumped(folder, *options):
    path = folder / "exchange.dump"
    subprocess.run(
        [
            str(postgres_binaries(server_account(folder)) / "pg_dump"),
            *options,
            "--format=custom",
            f"--file={path}",
            f"--host={connection.settings_dict['OPTIONS']['host']}",
            "--port=5432",
            "--username=mediaexchange",
            str(connection.settings_dict["NAME"]),
        ],
        check=True,
    )
    return path


def failed_drill(dump) -> tuple[str, str]:
    """What it said, and the error with which it ended."""
    said = io.StringIO()
    with pytest.raises(CommandError) as caught:
        call_command("restore_drill", str(dump), stdout=said)
    assert caught.value.returncode == 1
    return said.getvalue(), str(caught.value)


def test_a_whole_dump_is_restored_and_one_whose_media_are_gone_is_not_whole(dump):
    whole = io.StringIO()
    call_command("restore_drill", str(dump), stdout=whole)
    said = whole.getvalue()
    assert "newest change: none" not in said
    assert "upgrade to the installed code: well" in said
    assert "audit trail: well" in said
    assert "  head: " in said
    assert "  read: 1 of 1, wrong: 0" in said
    assert "The dump can be restored and is whole" in said
    file = MediaFile.objects.get()
    media_store().delete(file.storage_name)
    said, error = failed_drill(dump)
    assert error == "Restored, but not whole: media files."
    assert f"  {file.storage_name}: missing" in said
    assert "audit trail: well" in said


def test_a_dump_that_ends_early_is_no_dump(dump, tmp_path):
    cut = tmp_path / "cut.dump"
    cut.write_bytes(dump.read_bytes()[: dump.stat().st_size // 2])
    said, error = failed_drill(cut)
    assert f"{cut} cannot be restored" in error
    assert "well" not in said
    with pytest.raises(CommandError, match="There is no"):
        call_command("restore_drill", str(tmp_path / "none.dump"))


def test_a_dump_of_something_else_is_no_dump_of_an_exchange(tmp_path):
    _said, error = failed_drill(dumped(tmp_path, "--table=django_migrations"))
    assert "is no dump of an exchange" in error


def test_media_are_compared_with_their_checksums(dump):
    file = MediaFile.objects.get()
    media_store().put(file.storage_name, io.BytesIO(b"another recording"))
    said = io.StringIO()
    with pytest.raises(CommandError, match="missing or damaged: 1"):
        call_command("check_media", stdout=said)
    assert f"{file.storage_name}: damaged" in said.getvalue()
    with pytest.raises(CommandError, match="a whole number"):
        call_command("check_media", "--sample=many")
