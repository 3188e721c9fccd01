"""Uploads that survive a broken line, a killed server and a restarted machine.

The row says how much has come, and never more than the disk has. The last byte only marks the upload as to be checked;
``upload_check`` does the rest.
"""

import errno
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from archive.constants import Generation, UploadStatus
from archive.models import Item, Upload
from archive.services import upload_bytes
from archive.services.checksum import Declared
from archive.services.file import Claims, StoreError, clean_name, named_failures, too_large
from archive.services.quota import require_room
from archive.services.upload_bytes import Writer, locked
from broadcasters.models import Broadcaster
from broadcasters.permissions import require
from mediaexchange.core.bell import wake
from mediaexchange.core.errors import ConflictError, DomainError
from mediaexchange.core.models import User

LIFETIME = timedelta(days=7)  # after the last byte
MOST_UNDER_WAY = 500  # of one broadcaster
RECORD_SECONDS = 2.0  # what a killed server may cost
RECORD_BYTES = 64 * 1024 * 1024
CHECK_TASK = "archive.tasks.check_uploads"
_NO_SPACE = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_OPEN = (UploadStatus.RECEIVING, UploadStatus.REFUSED)

log = structlog.get_logger(__name__)


class UploadGoneError(DomainError):
    status = 410

    def __init__(self) -> None:
        super().__init__("upload-gone", _("The upload was given up or has expired. Begin again."))


class OffsetError(ConflictError):
    """``offset`` is where to go on."""

    def __init__(self, offset: int) -> None:
        super().__init__("wrong-offset", _("The upload goes on elsewhere; ask for its offset."), offset=offset)


class ChunkError(DomainError):
    """What was sent is not what its checksum says; nothing of it is kept (tus 1.0, checksum)."""

    status = 460

    def __init__(self, offset: int) -> None:
        text = _("What arrived does not have the checksum it was sent with. Send it again.")
        super().__init__("chunk-checksum-mismatch", text, offset=offset)


class NoRoomError(DomainError):
    """The disk is full. What had come before stays; later the upload can go on."""

    status = 507

    def __init__(self, **details: int) -> None:
        super().__init__("no-room", _("There is no room left for uploads at the moment."), **details)


@dataclass(frozen=True, slots=True)
class Announced:
    """What a client says of an upload before it sends a byte."""

    length_bytes: int
    claims: Claims
    item: Item | None = None
    generation: Generation = Generation.MASTER


@transaction.atomic
def create_upload(announced: Announced, *, broadcaster: Broadcaster, actor: User) -> Upload:
    """Raises ForbiddenError, TooLargeError, NoRoomError, DomainError for an empty file, a quota used up, another
    house's item."""
    require(actor, "archive.add_upload", broadcaster)
    item = announced.item
    if item is not None:
        require(actor, "archive.add_instantiation", broadcaster)
        if item.broadcaster_id != broadcaster.pk:
            raise DomainError("item-unknown", _("There is no such item."))
    if announced.length_bytes <= 0:
        raise DomainError("file-empty", _("The file is empty."))
    if announced.length_bytes > settings.MAX_MEDIA_BYTES:
        raise too_large()
    Broadcaster.objects.select_for_update(no_key=True).get(pk=broadcaster.pk)
    under_way = Upload.objects.filter(broadcaster=broadcaster, status__in=_OPEN)
    if under_way.count() >= MOST_UNDER_WAY:
        raise DomainError(
            "too-many", _("Too many uploads are under way; finish or cancel some."), maximum=MOST_UNDER_WAY
        )
    require_room(broadcaster, announced.length_bytes)
    with named_failures():
        if upload_bytes.free_bytes() < announced.length_bytes:
            raise NoRoomError
    claims = announced.claims
    return Upload.objects.create(
        broadcaster=broadcaster,
        item=item,
        generation=announced.generation,
        original_name=clean_name(claims.name),
        declared_type=claims.content_type[:200],
        declared_checksum=claims.declared_checksum[:200],
        length_bytes=announced.length_bytes,
        expires_at=timezone.now() + LIFETIME,
        created_by=actor,
    )


def offset_of(upload: Upload) -> int:
    """How much has come and is there. Raises UploadGoneError."""
    if upload.is_gone:
        raise UploadGoneError
    if upload.status != UploadStatus.RECEIVING:
        return upload.length_bytes
    with named_failures():
        return min(upload.offset_bytes, upload_bytes.size_of(upload.uid))


def append(
    upload: Upload,
    pieces: Iterator[bytes],
    *,
    actor: User,
    offset: int,
    size_bytes: int,
    checksum: Declared | None = None,
) -> int:
    """Write what comes, until it ends or breaks off; returns how far the upload has come. Memory does not grow.

    With a ``checksum`` all ``size_bytes`` count or none. When all has come, the check is rung for. Raises
    UploadLockedError, UploadGoneError, OffsetError, ChunkError, NoRoomError, StoreError, ForbiddenError, TooLargeError
    for more than was announced. Call it outside of a transaction; ``pieces`` must not raise.
    """
    require(actor, "archive.add_upload", upload.broadcaster_id)
    if upload.is_gone:
        raise UploadGoneError
    try:
        with locked(upload.uid, is_new=True) as descriptor:
            held = _append(upload, descriptor, pieces, offset=offset, size_bytes=size_bytes, checksum=checksum)
    except OSError as error:
        upload.refresh_from_db()
        raise _failure(error, upload.offset_bytes) from error
    if upload.status == UploadStatus.CHECKING:
        ring()
    return held


def _append(
    upload: Upload, descriptor: int, pieces: Iterator[bytes], *, offset: int, size_bytes: int, checksum: Declared | None
) -> int:
    upload.refresh_from_db()
    held = offset_of(upload)
    if offset != held:
        raise OffsetError(held)
    if upload.status != UploadStatus.RECEIVING:
        if size_bytes:
            raise OffsetError(held)
        return held  # the answer to the last part was lost on its way
    if offset + size_bytes > upload.length_bytes:
        raise too_large()
    if held < upload.offset_bytes:  # the disk has lost some
        _set_offset(upload, held)
    writer = Writer(descriptor, held, checksum.algorithm if checksum else "")
    recorded_at = time.monotonic()
    try:
        for piece in pieces:
            writer.write(piece)
            is_due = time.monotonic() - recorded_at > RECORD_SECONDS or writer.offset - writer.safe >= RECORD_BYTES
            if is_due and checksum is None:
                _set_offset(upload, writer.sync())
                recorded_at = time.monotonic()
        if checksum is not None and (writer.offset - held < size_bytes or writer.digest() != checksum.value):
            raise ChunkError(held)
        if upload.status == UploadStatus.RECEIVING:
            _set_offset(upload, writer.sync())
    except (OSError, DomainError):
        writer.cut()
        raise
    return upload.offset_bytes


def _set_offset(upload: Upload, offset: int) -> None:
    """Say how far the disk has it, and keep the upload alive. Raises UploadGoneError if it was given up meanwhile."""
    is_whole = offset == upload.length_bytes
    status = UploadStatus.CHECKING if is_whole else UploadStatus.RECEIVING
    told = Upload.objects.filter(pk=upload.pk, status=UploadStatus.RECEIVING, offset_bytes=upload.offset_bytes).update(
        offset_bytes=offset, status=status, expires_at=Now() + LIFETIME, changed_at=Now()
    )
    if not told:
        raise UploadGoneError
    upload.refresh_from_db(fields=["offset_bytes", "status", "expires_at", "changed_at"])


def _failure(error: OSError, offset: int) -> DomainError:
    log.error("upload.write-failed", errno=error.errno, error=str(error.strerror))
    if error.errno in _NO_SPACE:
        return NoRoomError(offset=offset)
    return StoreError("store-unreachable", _("Files cannot be stored at the moment."), offset=offset)


def end_upload(upload: Upload, *, actor: User) -> None:
    """Give an upload up, and throw its bytes away. Safe to repeat. Raises ConflictError while it is being checked and
    after it was stored, ForbiddenError."""
    require(actor, "archive.add_upload", upload.broadcaster_id)
    ended = Upload.objects.filter(pk=upload.pk, status__in=_OPEN).update(status=UploadStatus.ENDED, changed_at=Now())
    upload.refresh_from_db()
    if not ended and upload.status != UploadStatus.ENDED:
        raise ConflictError(
            "upload-closed", _("Everything has arrived; it cannot be cancelled any more."), current=upload.status
        )
    with named_failures():
        upload_bytes.remove(upload.uid)


def check_again(upload: Upload, *, actor: User) -> None:
    """Have refused content looked at once more, also where the same content was refused for good.

    Raises ConflictError for an upload that is not refused, UploadGoneError if its bytes are gone, ForbiddenError.
    """
    require(actor, "archive.change_upload", upload.broadcaster_id)
    with named_failures():
        is_there = upload_bytes.size_of(upload.uid) == upload.length_bytes
    if not is_there:
        raise UploadGoneError
    again = Upload.objects.filter(pk=upload.pk, status=UploadStatus.REFUSED).update(
        status=UploadStatus.CHECKING, refusal="", details={"again": True}, expires_at=Now() + LIFETIME, changed_at=Now()
    )
    upload.refresh_from_db()
    if not again:
        raise ConflictError("upload-not-refused", _("Only what was refused is checked again."), current=upload.status)
    transaction.on_commit(ring)


def ring() -> None:
    """Wake somebody who checks uploads; the timetable does it too."""
    wake(CHECK_TASK, queue="media")
