"""Derivatives in the store. Each has a name of its own, never used again: who reads an old one reads no new one."""

import contextlib
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

from django.db import transaction

from archive.constants import StepKind
from archive.media.made import Made
from archive.models import Derivative, MediaFile
from mediaexchange.core.stores import PIECE_BYTES, media_store


@dataclass(frozen=True, slots=True)
class Stored:
    """Lies in the store, but no row tells of it yet."""

    file: MediaFile
    kind: StepKind
    made: Made
    name: str
    size_bytes: int
    sha256: str

    def save_row(self) -> None:
        """In the caller's transaction: from its end on this is the derivative."""
        facts = dict(self.made.facts) | ({"names": list(self.made.names)} if self.made.is_folder else {})
        Derivative.objects.update_or_create(
            file=self.file,
            kind=self.kind,
            defaults={
                "storage_name": self.name,
                "content_type": self.made.content_type,
                "size_bytes": self.size_bytes,
                "sha256": self.sha256,
                "facts": facts,
            },
        )


def store_derivative(file: MediaFile, kind: StepKind, made: Made, folder: Path) -> Stored:
    """Put what was made into the store; nothing stays if a part of it fails. Raises OSError."""
    name = f"{_begin(file, kind)}{uuid4().hex}"
    if not made.is_folder:
        name += Path(made.names[0]).suffix
    size_bytes, digest = 0, ""
    try:
        for part in made.names:
            path = folder / part
            with path.open("rb") as content:
                media_store().put(f"{name}/{part}" if made.is_folder else name, content)
                if not made.is_folder:
                    digest = _digest(path)
            size_bytes += path.stat().st_size
    except OSError:
        with contextlib.suppress(OSError):
            forget(name)
        raise
    return Stored(file, kind, made, name, size_bytes, digest)


def others_of(file: MediaFile, kind: StepKind, stored: Stored | None) -> list[str]:
    """Names in the store of what this step made before: the derivative until now, and what killed workers left."""
    begin = _begin(file, kind)
    folder = begin.rpartition("/")[0]
    found = {name.removeprefix(f"{folder}/").partition("/")[0] for name in media_store().names(begin)}
    return sorted(f"{folder}/{name}" for name in found if stored is None or f"{folder}/{name}" != stored.name)


def forget(name: str) -> None:
    """Take a file or folder of ours out of the store. Safe to repeat."""
    if "." not in name.rpartition("/")[2]:  # a folder: files have an ending
        media_store().purge(f"{name}/")
    media_store().delete(name)


def remove_derivatives(file: MediaFile) -> int:
    """Take all that was made of the file out of rows and store; returns how many rows. Its steps stay as they are."""
    names = [name for kind in StepKind for name in others_of(file, kind, None)]
    with transaction.atomic():
        count, _by_model = Derivative.objects.filter(file=file).delete()
    for name in names:
        forget(name)
    return count


def _begin(file: MediaFile, kind: StepKind) -> str:
    return f"derivatives/{str(file.uid)[:2]}/{file.uid}/{kind.value}-"


def _digest(path: Path) -> str:
    digest = sha256()
    with path.open("rb") as content:
        while piece := content.read(PIECE_BYTES):
            digest.update(piece)
    return digest.hexdigest()
