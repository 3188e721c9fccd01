"""Places for files in tests: directories of the test's own, and a bucket that lives in this process."""

import errno
from pathlib import Path
from typing import IO, Any

from mediaexchange.core.stores import DiskStore


class FullDisk(DiskStore):
    """A disk with room for one piece."""

    def copy(self, content: IO[bytes], file: IO[bytes]) -> None:
        content.seek(0)
        file.write(content.read(16))
        raise OSError(errno.ENOSPC, "No space left on device")

    def take(self, name: str, path: Path) -> None:
        with path.open("rb") as content:
            self.put(name, content)


def disk_stores(settings: Any, path: Path, *, backend: str = "mediaexchange.core.stores.DiskStore") -> Path:
    """Let media, drops and uploads lie below this path."""
    settings.UPLOAD_FOLDER = str(path / "uploads")
    settings.STORAGES = settings.STORAGES | {
        name: {"BACKEND": backend, "OPTIONS": {"location": str(path / name)}} for name in ("media", "drops")
    }
    return path


def bucket_stores(settings: Any, *names: str) -> None:
    """Let these stores lie in a bucket; run it inside moto's ``mock_aws``, which makes S3 in this process."""
    settings.STORAGES = settings.STORAGES | {name: storage_of_bucket(name) for name in names}


def storage_of_bucket(prefix: str) -> dict[str, Any]:
    from mediaexchange.settings.storage import storage_of

    address = f"s3://key:secret@s3.amazonaws.com/exchange/{prefix}?region=eu-central-1"
    return storage_of("MEDIA_STORAGE_URL", address, default=Path("/nonexistent"))


def files_below(path: Path) -> list[str]:
    """Every file below, hidden ones too, by its path from here."""
    return sorted(str(item.relative_to(path)) for item in path.rglob("*") if item.is_file())
