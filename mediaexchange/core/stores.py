"""Where files lie: a local disk or an S3 bucket, with the same deeds and the same errors.

``put`` is all or nothing and replaces; ``take`` does the same with a file that nobody will change any more, which stays
where it is; ``pieces`` reads a part without fetching the rest; ``names`` lists by prefix;
``purge`` removes by prefix, also what a killed process left unfinished, and returns how much there was.
Everything that goes wrong is an OSError: FileNotFoundError for what is not there, ENOSPC for a full disk.
"""

import contextlib
import errno
import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, Protocol, cast
from uuid import uuid4

from django.core.files.storage import FileSystemStorage, storages

PIECE_BYTES = 256 * 1024
_HIDDEN = "."  # what is being written: no list shows it
# Another file system, one without links, or a file that is somebody else's: then it is copied.
_NO_LINKS = {errno.EXDEV, errno.EPERM, errno.EMLINK, errno.ENOTSUP, errno.ENOSYS}


class Store(Protocol):
    def put(self, name: str, content: IO[bytes]) -> None: ...

    def take(self, name: str, path: Path) -> None: ...

    def pieces(self, name: str, start: int = 0, length: int | None = None) -> Iterator[bytes]: ...

    def names(self, prefix: str) -> list[str]: ...

    def size(self, name: str) -> int: ...

    def delete(self, name: str) -> None: ...

    def purge(self, prefix: str) -> int: ...


def media_store() -> Store:
    """Where media files lie, under names made from their content."""
    return cast("Store", storages["media"])


def drop_store() -> Store:
    """Where documents are left for subscribers, in a folder for each subscription."""
    return cast("Store", storages["drops"])


class DiskStore(FileSystemStorage):
    """Files below one directory, readable by the service and its group alone."""

    def __init__(self, location: str, **options: Any) -> None:
        super().__init__(location=location, file_permissions_mode=0o640, directory_permissions_mode=0o750, **options)

    def put(self, name: str, content: IO[bytes]) -> None:
        """Written beside its place, brought to the disk, and only then given its name."""
        with self._appearing(name) as unfinished:
            descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o640)
            with os.fdopen(descriptor, "wb") as file:
                self.copy(content, file)
                file.flush()
                os.fsync(file.fileno())

    def take(self, name: str, path: Path) -> None:
        """The file gets a second name here, without being copied, where both places are on one file system."""
        try:
            with self._appearing(name) as unfinished:
                os.link(path, unfinished)
                unfinished.chmod(0o640)
                sync(unfinished)
        except OSError as error:
            if error.errno not in _NO_LINKS:
                raise
            with path.open("rb") as content:
                self.put(name, content)

    @contextlib.contextmanager
    def _appearing(self, name: str) -> Iterator[Path]:
        """A path beside the place of ``name``; what is made there appears under the name, or is gone."""
        path = Path(self.path(name))
        is_new = not path.parent.exists()
        path.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
        unfinished = path.with_name(f"{_HIDDEN}{path.name}.{uuid4().hex}")
        try:
            yield unfinished
            os.replace(unfinished, path)
            sync(path.parent)  # the name is on the disk only when its folder is
            for folder in path.parent.parents if is_new else ():
                sync(folder)
                if folder == Path(self.location):
                    break
        finally:
            with contextlib.suppress(FileNotFoundError):
                unfinished.unlink()  # it stays behind too where the very file stood there under both names

    def copy(self, content: IO[bytes], file: IO[bytes]) -> None:
        """From the beginning of one to the end of the other, piece by piece."""
        content.seek(0)
        while piece := content.read(PIECE_BYTES):
            file.write(piece)

    def pieces(self, name: str, start: int = 0, length: int | None = None) -> Iterator[bytes]:
        # Opened now and not at the first piece: what is missing must be known before an answer begins.
        file = Path(self.path(name)).open("rb")  # noqa: SIM115 — closed by whoever reads to the end or gives up
        file.seek(start)
        return Pieces(file, length)

    def names(self, prefix: str) -> list[str]:
        return [name for name in self._found(prefix) if not name.rpartition("/")[2].startswith(_HIDDEN)]

    def purge(self, prefix: str) -> int:
        found = self._found(prefix)
        for name in found:
            self.delete(name)
        return len(found)

    def _found(self, prefix: str) -> list[str]:
        """Files whose names begin so, those that are being written too."""
        folder, _slash, beginning = prefix.rpartition("/")
        try:
            found = os.listdir(self.path(folder))
        except FileNotFoundError:
            return []
        wanted = sorted(name for name in found if name.removeprefix(_HIDDEN).startswith(beginning))
        return [f"{folder}/{name}" if folder else name for name in wanted]


def sync(path: Path) -> None:
    """Bring a file, or the names in a folder, to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class Pieces(Iterator[bytes]):
    """The next ``length`` bytes of an open file, or all that are left. ``close`` works before the first piece too,
    which a generator's would not: a reader who hangs up early must leave no file open."""

    def __init__(self, file: IO[bytes], length: int | None) -> None:
        self._file, self._left = file, length

    def __next__(self) -> bytes:
        piece = b"" if self._left == 0 else self._file.read(min(PIECE_BYTES, self._left or PIECE_BYTES))
        if not piece:
            self.close()
            raise StopIteration
        if self._left is not None:
            self._left -= len(piece)
        return piece

    def close(self) -> None:
        """Safe to repeat."""
        self._file.close()
        self._left = 0
