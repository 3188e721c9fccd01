"""What becomes of an upload once everything has come: looked at, taken into the store, made part of its item.

The row is the obligation, the kernel's lock on its bytes says who is at it. Killed anywhere, it is done again from the
beginning, and comes to the same.
"""

import os
import time
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from archive.constants import UploadRefusal, UploadStatus
from archive.models import MediaFile, Upload
from archive.services import upload_bytes
from archive.services.attachment import attach_file
from archive.services.file import Claims, StoreError, named_failures, store_path
from archive.services.pipeline import start_pipeline
from archive.services.upload import LIFETIME
from archive.services.upload_bytes import UploadLockedError, locked
from mediaexchange.core.context import acting
from mediaexchange.core.errors import DomainError

MOST_ATTEMPTS = 5  # that broke off: killed, out of memory, out of time
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)
ORPHANED_SECONDS = 3600
_LYING = (UploadStatus.RECEIVING, UploadStatus.CHECKING, UploadStatus.REFUSED)

log = structlog.get_logger(__name__)


def check_uploads(seconds: float = 240) -> int:
    """Check what waits, one after the other, for about so long; returns how many were looked at."""
    ends_at, checked = time.monotonic() + seconds, 0
    waiting = Upload.objects.filter(status=UploadStatus.CHECKING).order_by("pk")
    for upload in waiting.iterator(chunk_size=100):
        if time.monotonic() > ends_at:
            break
        if _is_due(upload):
            checked += check_upload(upload)
    return checked


def check_upload(upload: Upload) -> bool:
    """Whether it was looked at: not if somebody else is at it or has been. What was refused is said in the row."""
    try:
        with locked(upload.uid) as descriptor:
            upload.refresh_from_db()
            if upload.status != UploadStatus.CHECKING:
                return False
            size = os.fstat(descriptor).st_size
            if size != upload.length_bytes:
                _lose(upload, size)
                return True
            _check(upload)
    except UploadLockedError:
        return False
    except FileNotFoundError:
        _lose(upload, 0)
    except OSError as error:
        _wait(upload, f"errno-{error.errno}")
    if upload.status == UploadStatus.DONE:
        upload_bytes.remove(upload.uid)
    return True


def _lose(upload: Upload, size: int) -> None:
    """A disk has not all that it said it had: the client may send it again."""
    log.error("upload.bytes-lost", upload=str(upload.uid), expected=upload.length_bytes, found=size)
    _change(upload, status=UploadStatus.RECEIVING, offset_bytes=min(size, upload.length_bytes))


def _check(upload: Upload) -> None:
    attempts = upload.details.get("attempts", 0)
    if attempts >= MOST_ATTEMPTS:
        _refuse(upload, UploadRefusal.BROKE_OFF.value, {})
        return
    is_again = bool(upload.details.get("again"))
    _change(upload, details={**upload.details, "attempts": attempts + 1})
    actor = upload.created_by
    claims = Claims(upload.original_name, upload.declared_type, upload.declared_checksum)
    with acting(actor.pk if actor else None):
        try:
            file = store_path(
                upload_bytes.path_of(upload.uid), claims,
                broadcaster=upload.broadcaster, actor=actor, upload=upload, is_again=is_again,
            )  # fmt: skip
            _finish(upload, file)
        except StoreError as error:
            _wait(upload, error.code)
        except DomainError as error:
            _refuse(upload, str(error.details.get("reason", error.code)), error.details)


@transaction.atomic
def _finish(upload: Upload, file: MediaFile) -> None:
    """File, item and pipeline in one transaction with the end of the upload."""
    locked_row = Upload.objects.select_for_update(of=("self",), no_key=True).select_related("item").get(pk=upload.pk)
    if locked_row.status != UploadStatus.CHECKING:
        return
    if locked_row.item is not None:
        attach_file(locked_row.item, file, actor=upload.created_by, generation=locked_row.generation)
    else:
        start_pipeline(file)
    _change(upload, status=UploadStatus.DONE, file=file, refusal="", details={})


def _refuse(upload: Upload, code: str, details: dict[str, Any]) -> None:
    """Its bytes stay until it expires, so that somebody can have them looked at again."""
    log.info("upload.refused", upload=str(upload.uid), reason=code)
    said = {name: value for name, value in details.items() if isinstance(value, str | int)}
    _change(upload, status=UploadStatus.REFUSED, refusal=code[:40], details=said, expires_at=Now() + LIFETIME)


def _wait(upload: Upload, error: str) -> None:
    """The store is full or out of reach: nothing is lost, and it is tried again ever later."""
    failures = upload.details.get("failures", 0) + 1
    wait = min(FIRST_WAIT * 2 ** min(failures - 1, 10), LONGEST_WAIT)
    log.warning("upload.not-stored", upload=str(upload.uid), error=error, failures=failures)
    details = {name: value for name, value in upload.details.items() if name != "attempts"}
    _change(upload, details={**details, "failures": failures, "due_at": (timezone.now() + wait).isoformat()})


def _change(upload: Upload, **values: Any) -> None:
    """Only while it is being checked: whoever ended it meanwhile has the last word."""
    Upload.objects.filter(pk=upload.pk, status=UploadStatus.CHECKING).update(**values, changed_at=Now())
    upload.refresh_from_db()


def _is_due(upload: Upload) -> bool:
    due_at = upload.details.get("due_at")
    return due_at is None or datetime.fromisoformat(due_at) <= timezone.now()


def purge_uploads() -> int:
    """Give up what has expired and throw away bytes that no upload needs any more; returns how many files that were."""
    expired = Upload.objects.filter(status__in=(UploadStatus.RECEIVING, UploadStatus.REFUSED), expires_at__lte=Now())
    for upload in expired.iterator(chunk_size=100):
        still = Upload.objects.filter(pk=upload.pk, status=upload.status, expires_at__lte=Now())
        still.update(status=UploadStatus.ENDED, changed_at=Now())
    with named_failures():
        lying = {uid.hex for uid in Upload.objects.filter(status__in=_LYING).values_list("uid", flat=True).iterator()}
        gone = upload_bytes.leftovers(lying, before=time.time() - ORPHANED_SECONDS)
        for uid in gone:
            upload_bytes.remove(uid)
    return len(gone)
