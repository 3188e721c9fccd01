"""Fixity: what lies in the store is read again, a slice each day, and compared with what was received.

Masters come first, and among them what was read longest ago. What is not due yet waits, so that in the end every file
has its turn.
"""

import hashlib
from collections.abc import Callable
from datetime import timedelta

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now

from archive.constants import PremisOutcome, PremisType
from archive.models import MediaFile, PreservationEvent
from archive.notifications import tell_of_damage
from mediaexchange.core.outbox import record
from mediaexchange.core.stores import media_store

AGENT = "mediaexchange fixity, Python hashlib"
_AT_ONCE = 50

log = structlog.get_logger(__name__)


def check_slice(*, max_bytes: int | None = None) -> tuple[int, int]:
    """Read what is due until the day's bytes are used up; returns how many files were checked, and how many failed.

    A store that is out of reach ends the slice: nothing is said of files that could not be asked for.
    """
    left = settings.FIXITY_BYTES if max_bytes is None else max_bytes
    checked = failed = 0
    while left > 0:
        due = list(MediaFile.objects.due_for_fixity(timedelta(days=settings.FIXITY_DAYS))[:_AT_ONCE])
        for file in due:
            if left <= 0:
                break
            left -= max(1, file.size_bytes)
            try:
                failed += not check_file(file)
            except OSError as error:
                log.error("fixity.store-failed", error=str(error.strerror))
                return checked, failed
            checked += 1
        if len(due) < _AT_ONCE:
            break
    log.info("fixity.slice", checked=checked, failed=failed)
    return checked, failed


def check_file(file: MediaFile) -> bool:
    """Whether its bytes are those that were received. Keeps the event, and tells the house if not. Raises OSError."""
    try:
        found = digest_of(file)
    except FileNotFoundError:
        found = ""
    with transaction.atomic():
        keep_fixity(file, found)
    return found == file.sha256


def digest_of(file: MediaFile, *, on_percent: Callable[[int], None] | None = None) -> str:
    """SHA-256 of what lies in the store. Raises OSError; FileNotFoundError if nothing does."""
    digest, seen = hashlib.sha256(), 0
    for piece in media_store().pieces(file.storage_name):
        digest.update(piece)
        seen += len(piece)
        if on_percent is not None:
            on_percent(min(99, seen * 100 // max(1, file.size_bytes)))
    return digest.hexdigest()


def keep_fixity(file: MediaFile, found: str) -> None:
    """In a transaction: the event, when it was, and for a damaged or missing file an alarm. ``found`` "" is missing."""
    is_right = found == file.sha256
    outcome = PremisOutcome.SUCCESS if is_right else PremisOutcome.FAILURE
    detail = {"algorithm": "SHA-256", "expected": file.sha256, "found": found or None}
    event = PreservationEvent.objects.create(
        file=file, kind=PremisType.FIXITY_CHECK, outcome=outcome, detail=detail, agent=AGENT
    )
    MediaFile.objects.filter(pk=file.pk).update(checked_at=Now())
    if is_right:
        return
    log.error("fixity.failed", file=str(file.uid), is_missing=not found, expected=file.sha256, found=found)
    record(
        "file.fixity-failed",
        subject_type="file",
        subject_uid=file.uid,
        audience=[file.broadcaster_id],
        actor=None,
        is_missing=not found,
        found=found,
    )
    tell_of_damage(file, event_id=event.pk)
