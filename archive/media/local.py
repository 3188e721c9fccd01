"""A path for what lies in the store, for programs that can only open files."""

import contextlib
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from mediaexchange.core.stores import DiskStore, media_store

_WORK, _COPY = "mediaexchange-work-", "mediaexchange-copy-"
_LEFT_S = 24 * 3600  # no step takes so long


@contextmanager
def local_copy(name: str, *, on_piece: Callable[[int], None] | None = None) -> Iterator[Path]:
    """The file itself where the store is a disk, else a copy that is gone afterwards. Read it, never write it.

    ``on_piece`` is told how many bytes each piece had that was copied. Raises OSError; FileNotFoundError for what is
    not there.
    """
    store = media_store()
    if isinstance(store, DiskStore):
        path = Path(store.path(name))
        path.stat()
        yield path
        return
    with tempfile.NamedTemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR, prefix=_COPY) as held:
        for piece in store.pieces(name):
            held.write(piece)
            if on_piece is not None:
                on_piece(len(piece))
        held.flush()
        yield Path(held.name)


@contextmanager
def work_folder() -> Iterator[Path]:
    """A directory for what is being made; gone afterwards, with everything in it."""
    with tempfile.TemporaryDirectory(dir=settings.FILE_UPLOAD_TEMP_DIR, prefix=_WORK) as folder:
        yield Path(folder)


def forget_leftovers() -> int:
    """Remove what killed workers left behind in the place for temporary files; returns how much there was."""
    place, count = Path(settings.FILE_UPLOAD_TEMP_DIR or tempfile.gettempdir()), 0
    for left in (path for prefix in (_WORK, _COPY) for path in place.glob(f"{prefix}*")):
        with contextlib.suppress(FileNotFoundError, PermissionError):  # another worker's machine, another user
            if time.time() - left.stat().st_mtime < _LEFT_S:
                continue
            if left.is_dir():
                shutil.rmtree(left)
            else:
                left.unlink()
            count += 1
    return count
