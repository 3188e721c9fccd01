"""Taking a file into the store: received piece by piece, checked, and only then given a name made from its content."""

import errno
import hashlib
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Protocol

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from archive.constants import FileRefusal, FileStatus
from archive.errors import FileRefusedError
from archive.models import MediaFile
from archive.services.checksum import Declared, parse_checksum
from archive.services.picture import MAX_PIXELS, size_of
from archive.services.probe import technical_of
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
    declared = parse_checksum(declared_checksum)
    with named_failures(), tempfile.NamedTemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR, prefix="media-") as held:
        received = _receive(stream, held, declared)
        _check_declarations(received, declared, declared_type)
        file = _register(received, broadcaster, actor, original_name, declared_checksum)
        if file.status == FileStatus.READY:
            return file
        try:
            technical = _technical(held, file.content_type)
            media_store().put(file.storage_name, held)
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


class _Received:
    """What is known of a file once all of it has been seen."""

    def __init__(self, sha256: str, declared: str, size_bytes: int, content_type: str) -> None:
        self.sha256, self.declared, self.size_bytes, self.content_type = sha256, declared, size_bytes, content_type


def _receive(stream: Readable, held: IO[bytes], declared: Declared | None) -> _Received:
    """To a temporary file, hashing on the way, and never more than one file may have."""
    digest, size, beginning = hashlib.sha256(), 0, b""
    other = hashlib.new(declared.algorithm, usedforsecurity=False) if declared else None
    while piece := stream.read(PIECE_BYTES):
        size += len(piece)
        if size > settings.MAX_MEDIA_BYTES:
            raise TooLargeError(
                "file-too-large",
                _("The file is larger than %(limit)d MiB.") % {"limit": settings.MAX_MEDIA_BYTES // 1024**2},
            )
        if len(beginning) < SNIFFED_BYTES:
            beginning += piece[: SNIFFED_BYTES - len(beginning)]
        digest.update(piece)
        if other is not None:
            other.update(piece)
        held.write(piece)
    held.flush()
    if not size:
        raise DomainError("file-empty", _("The file is empty."))
    content_type = content_type_of(beginning, is_whole=size <= SNIFFED_BYTES)
    return _Received(digest.hexdigest(), other.hexdigest() if other else "", size, content_type)


def _check_declarations(received: _Received, declared: Declared | None, declared_type: str) -> None:
    if declared is not None and received.declared != declared.value:
        raise DomainError(
            "checksum-mismatch",
            _("The file does not have the checksum it was announced with."),
            declared=f"{declared.algorithm}:{declared.value}",
            found=f"{declared.algorithm}:{received.declared}",
        )
    if not received.content_type:
        raise DomainError("file-type-unknown", _("The content is of no kind that is kept here."))
    if not agrees(declared_type, received.content_type):
        raise DomainError(
            "file-type-mismatch",
            _("The content is not what it was announced as."),
            declared=declared_type[:100],
            found=received.content_type,
        )


@transaction.atomic
def _register(
    received: _Received, broadcaster: Broadcaster, actor: User | None, original_name: str, declared_checksum: str
) -> MediaFile:
    """The row of this content, waiting unless it is ready. The broadcaster's row is locked: its quota is counted."""
    Broadcaster.objects.select_for_update(no_key=True).get(pk=broadcaster.pk)
    files = MediaFile.objects.filter(broadcaster=broadcaster)
    if known := files.filter(sha256=received.sha256).first():
        if known.status == FileStatus.REFUSED:
            raise DomainError("file-refused", FileRefusal(known.refusal).label, reason=known.refusal)
        return known
    used = files.exclude(status=FileStatus.REFUSED).aggregate(total=Sum("size_bytes"))["total"] or 0
    if used + received.size_bytes > settings.MEDIA_QUOTA_BYTES:
        raise DomainError("quota-exceeded", _("The broadcaster's room for files is used up."))
    return MediaFile.objects.create(
        broadcaster=broadcaster,
        sha256=received.sha256,
        size_bytes=received.size_bytes,
        content_type=received.content_type,
        original_name=clean_name(original_name),
        declared_checksum=declared_checksum[:200],
        created_by=actor,
    )


def _technical(held: IO[bytes], content_type: str) -> dict[str, Any]:
    if content_type.startswith("image/"):
        size = size_of(held, content_type)
        if size is not None and size[0] * size[1] > MAX_PIXELS:
            raise FileRefusedError(FileRefusal.TOO_MANY_PIXELS)
        return {} if size is None else {"width": size[0], "height": size[1]}
    return technical_of(Path(held.name)) if content_type.startswith(_RECORDED) else {}


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
