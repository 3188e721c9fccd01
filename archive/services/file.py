"""Taking a file into the store: received piece by piece, checked, and only then given a name made from its content."""

import errno
import hashlib
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Protocol

import structlog
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from archive.constants import FileRefusal, FileStatus, UploadRefusal
from archive.errors import FileRefusedError
from archive.media.probe import technical_of
from archive.models import MediaFile, Upload
from archive.services.checksum import Declared, parse_checksum
from archive.services.picture import MAX_PIXELS, size_of
from archive.services.quota import require_room
from archive.services.sniff import SNIFFED_BYTES, agrees, content_type_of
from broadcasters.models import Broadcaster
from broadcasters.permissions import require
from mediaexchange.core.errors import DomainError
from mediaexchange.core.models import User
from mediaexchange.core.stores import media_store

PIECE_BYTES = 256 * 1024
_RECORDED = ("audio/", "video/", "application/mxf")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_NO_SPACE = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}

log = structlog.get_logger(__name__)


class Readable(Protocol):
    def read(self, size: int = ..., /) -> bytes: ...


class StoreError(DomainError):
    """The store is full or out of reach: nothing was kept, and later it may work."""

    status = 503


class TooLargeError(DomainError):
    status = 413


@dataclass(frozen=True, slots=True)
class Claims:
    """What whoever brings a file says of it. Raises DomainError for a checksum that cannot be compared."""

    name: str
    content_type: str = ""
    declared_checksum: str = ""
    checksum: Declared | None = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "checksum", parse_checksum(self.declared_checksum))


@dataclass(frozen=True, slots=True)
class Found:
    """What is known of a file once all of it has been seen. ``declared`` is its digest by the declared algorithm."""

    sha256: str
    declared: str
    size_bytes: int
    content_type: str


def store_file(
    stream: Readable,
    *,
    broadcaster: Broadcaster,
    actor: User | None,
    original_name: str,
    declared_checksum: str = "",
    declared_type: str = "",
) -> MediaFile:
    """Receive a file for a broadcaster and return its ready row; the same content again is the same row.

    ``declared_checksum`` is "algorithm:value" (sha256, sha1, md5). Nothing is kept of what is refused, but for content
    that cannot be read: its row says why, so that the same is refused again. Raises DomainError, TooLargeError,
    StoreError, ForbiddenError. Call it outside of a transaction.
    """
    require(actor, "archive.add_mediafile", broadcaster)
    claims = Claims(original_name, declared_type, declared_checksum)
    with named_failures(), tempfile.NamedTemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR, prefix="media-") as held:
        found = _examined(stream, claims.checksum, held)
        held.flush()
        return _keep(Path(held.name), found, claims, broadcaster, actor)


def store_path(
    path: Path, claims: Claims, *, broadcaster: Broadcaster, actor: User | None, upload: Upload | None = None,
    is_again: bool = False,
) -> MediaFile:  # fmt: skip
    """The same for a file that lies here in whole and that nobody writes to any more. It stays where it is.

    ``upload`` is the one whose room it has already; ``is_again`` gives content that was refused another chance. Safe to
    repeat, whenever it was killed. Raises what ``store_file`` raises.
    """
    require(actor, "archive.add_mediafile", broadcaster)
    with named_failures(), path.open("rb") as stream:
        found = _examined(stream, claims.checksum)
        return _keep(path, found, claims, broadcaster, actor, upload=upload, is_again=is_again)


def _keep(
    path: Path, found: Found, claims: Claims, broadcaster: Broadcaster, actor: User | None, *,
    upload: Upload | None = None, is_again: bool = False,
) -> MediaFile:  # fmt: skip
    _compare(found, claims)
    file = _register(found, claims, broadcaster, actor, upload=upload, is_again=is_again)
    if file.status == FileStatus.READY:
        return file
    try:
        technical = _technical(path, file.content_type)
        media_store().take(file.storage_name, path)
    except FileRefusedError as error:
        _close(file, status=FileStatus.REFUSED, refusal=error.refusal)
        raise
    except OSError:
        MediaFile.objects.filter(pk=file.pk, status=FileStatus.WAITING).delete()
        raise
    return _close(file, status=FileStatus.READY, technical=technical)


@contextmanager
def named_failures() -> Iterator[None]:
    """What disks and buckets raise, as errors that a caller can be told of."""
    try:
        yield
    except OSError as error:
        log.error("media.store-failed", errno=error.errno, error=str(error.strerror))
        if error.errno in _NO_SPACE:
            raise StoreError("store-full", _("There is no room left for files. Nothing was kept.")) from error
        raise StoreError("store-unreachable", _("Files cannot be stored at the moment.")) from error


def _examined(stream: Readable, declared: Declared | None, copy: IO[bytes] | None = None) -> Found:
    """Hashed from the beginning to the end, written to ``copy`` on the way, and never more than one file may have."""
    digest, size, beginning = hashlib.sha256(), 0, b""
    other = hashlib.new(declared.algorithm, usedforsecurity=False) if declared else None
    while piece := stream.read(PIECE_BYTES):
        size += len(piece)
        if size > settings.MAX_MEDIA_BYTES:
            raise too_large()
        if len(beginning) < SNIFFED_BYTES:
            beginning += piece[: SNIFFED_BYTES - len(beginning)]
        digest.update(piece)
        if other is not None:
            other.update(piece)
        if copy is not None:
            copy.write(piece)
    if not size:
        raise DomainError("file-empty", _("The file is empty."))
    content_type = content_type_of(beginning, is_whole=size <= SNIFFED_BYTES)
    return Found(digest.hexdigest(), other.hexdigest() if other else "", size, content_type)


def too_large() -> TooLargeError:
    return TooLargeError(
        "file-too-large",
        _("The file is larger than %(limit)d MiB.") % {"limit": settings.MAX_MEDIA_BYTES // 1024**2},
    )


def _compare(found: Found, claims: Claims) -> None:
    declared = claims.checksum
    if declared is not None and found.declared != declared.value:
        raise _refused(
            UploadRefusal.CHECKSUM,
            declared=f"{declared.algorithm}:{declared.value}",
            found=f"{declared.algorithm}:{found.declared}",
        )
    if not found.content_type:
        raise _refused(UploadRefusal.TYPE_UNKNOWN)
    if not agrees(claims.content_type, found.content_type):
        raise _refused(UploadRefusal.TYPE_MISMATCH, declared=claims.content_type[:100], found=found.content_type)


def _refused(refusal: UploadRefusal, **details: str) -> DomainError:
    return DomainError(refusal.value, refusal.label, **details)


@transaction.atomic
def _register(
    found: Found, claims: Claims, broadcaster: Broadcaster, actor: User | None, *, upload: Upload | None, is_again: bool
) -> MediaFile:
    """The row of this content, waiting unless it is ready. The broadcaster's row is locked: its quota is counted."""
    Broadcaster.objects.select_for_update(no_key=True).get(pk=broadcaster.pk)
    known = MediaFile.objects.filter(broadcaster=broadcaster, sha256=found.sha256).first()
    if known is not None and known.status == FileStatus.REFUSED:
        if not is_again:
            raise DomainError("file-refused", FileRefusal(known.refusal).label, reason=known.refusal)
        known.status, known.refusal = FileStatus.WAITING, ""
        known.save(update_fields=["status", "refusal"])
    if known is not None:
        return known
    require_room(broadcaster, found.size_bytes, besides=upload)
    return MediaFile.objects.create(
        broadcaster=broadcaster,
        sha256=found.sha256,
        size_bytes=found.size_bytes,
        content_type=found.content_type,
        original_name=clean_name(claims.name),
        declared_checksum=claims.declared_checksum[:200],
        created_by=actor,
    )


def _technical(path: Path, content_type: str) -> dict[str, Any]:
    if content_type.startswith("image/"):
        with path.open("rb") as picture:
            size = size_of(picture, content_type)
        if size is not None and size[0] * size[1] > MAX_PIXELS:
            raise FileRefusedError(FileRefusal.TOO_MANY_PIXELS)
        return {} if size is None else {"width": size[0], "height": size[1]}
    return technical_of(path) if content_type.startswith(_RECORDED) else {}


def _close(file: MediaFile, **changes: Any) -> MediaFile:
    """Two who bring the same at once both come here and say the same."""
    MediaFile.objects.filter(pk=file.pk, status=FileStatus.WAITING).update(**changes)
    closed = MediaFile.objects.filter(pk=file.pk).first()
    if closed is None:  # the other one failed meanwhile and took the row with it
        raise StoreError("store-unreachable", _("Files cannot be stored at the moment."))
    return closed


def clean_name(name: str) -> str:
    """The last part of a name, for showing: without folders, control characters and changes of direction."""
    last = re.split(r"[/\\]", name)[-1]
    return _UNPRINTABLE.sub("", last).strip()[:255]
