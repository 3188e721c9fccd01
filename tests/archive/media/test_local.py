"""Paths for what lies in the store, and what is left of killed workers."""

import os
import time

import pytest

from archive.media.local import forget_leftovers, local_copy, work_folder
from mediaexchange.core.stores import media_store


def test_on_a_disk_the_file_itself_is_given_and_what_is_missing_is_an_error(stores, tmp_path):
    (tmp_path / "content").write_bytes(b"reel")
    with (tmp_path / "content").open("rb") as content:
        media_store().put("a/b", content)
    with local_copy("a/b") as path:
        assert path == stores / "media" / "a" / "b"
    with pytest.raises(FileNotFoundError), local_copy("a/c"):
        pass


def test_what_a_killed_worker_left_behind_is_removed_after_a_day(settings, tmp_path):
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    with work_folder() as folder:
        (folder / "proxy.mp4").write_bytes(b"being made")
        for age_s, count in ((0, 0), (25 * 3600, 1)):
            os.utime(folder, (time.time() - age_s,) * 2)
            assert forget_leftovers() == count
        assert list(tmp_path.iterdir()) == []
        folder.mkdir()  # for the manager's own clearing up
