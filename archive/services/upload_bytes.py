"""Where uploads lie until all of them has come: one file each, locked by whoever writes to it or reads it for good.

The lock is the kernel's (flock): it ends with its process, however that ends. What counts of a file is what its row
says: that is written after the disk has the bytes, and what lies behind it is cut off before more is written.
"""

import fcntl
import hashlib
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from mediaexchange.core.errors import DomainError
from mediaexchange.core.stores import sync

_MODE, _FOLDER_MODE = 0o640, 0o750


class UploadLockedError(DomainError):
    """Another request writes to this upload."""

    status = 423

    def __init__(self) -> None:
        super().__init__("upload-locked", _("Another connection is sending to this upload. Try again in a moment."))


def folder() -> Path:
    """Made when it is first needed. All web processes and the workers of the queue “media” must see the same one."""
    path = Path(settings.UPLOAD_FOLDER)
    path.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
    return path


def path_of(uid: UUID) -> Path:
    return Path(settings.UPLOAD_FOLDER) / uid.hex


def size_of(uid: UUID) -> int:
    """How many bytes lie there; 0 for a file that was never begun or is lost."""
    try:
        return path_of(uid).stat().st_size
    except FileNotFoundError:
        return 0


def free_bytes() -> int:
    """What an ordinary account may still write to the disk of uploads."""
    state = os.statvfs(folder())
    return state.f_bavail * state.f_frsize


def remove(uid: UUID) -> None:
    """Safe to repeat. Whoever is writing to it writes to nothing, and finds that out when it says how far it is."""
    path_of(uid).unlink(missing_ok=True)


@contextmanager
def locked(uid: UUID, *, is_new: bool = False) -> Iterator[int]:
    """The file's descriptor, for reading and writing, with nobody else at it. ``is_new`` makes it where it is missing.

    Raises UploadLockedError, FileNotFoundError.
    """
    path = path_of(uid)
    if is_new and not path.exists():
        folder()
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, _MODE))
        sync(path.parent)
    descriptor = os.open(path, os.O_RDWR)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UploadLockedError from None
        yield descriptor
    finally:
        os.close(descriptor)  # and with it the lock


class Writer:
    """Appends at ``offset``. ``safe`` is how far the disk has it: only that may be told to anybody."""

    def __init__(self, descriptor: int, offset: int, algorithm: str = "") -> None:
        self.offset = self.safe = offset
        self._descriptor = descriptor
        self._digest = hashlib.new(algorithm, usedforsecurity=False) if algorithm else None
        self.cut()

    def write(self, piece: bytes) -> None:
        """Raises OSError; then nothing behind ``safe`` counts."""
        left = memoryview(piece)
        while left:
            written = os.write(self._descriptor, left)
            self.offset += written
            left = left[written:]
        if self._digest is not None:
            self._digest.update(piece)

    def sync(self) -> int:
        """Bring everything to the disk; returns how far it reaches now. Raises OSError."""
        os.fdatasync(self._descriptor)
        self.safe = self.offset
        return self.safe

    def cut(self) -> None:
        """Back to what is safe: the rest is thrown away, and its room is free again."""
        os.ftruncate(self._descriptor, self.safe)
        os.lseek(self._descriptor, self.safe, os.SEEK_SET)
        self.offset = self.safe

    def digest(self) -> str:
        """Of what this writer has written, in lower-case hexadecimal; "" if no algorithm was named."""
        return self._digest.hexdigest() if self._digest is not None else ""


def leftovers(known: Iterable[str], before: float) -> list[UUID]:
    """Files that no upload of these (hexadecimal uids) owns, and that nobody has written to since ``before``."""
    owned, found = set(known), []
    for entry in os.scandir(folder()):
        with suppress(ValueError, FileNotFoundError):
            if entry.name not in owned and entry.stat().st_mtime < before:
                found.append(UUID(entry.name))
    return found
