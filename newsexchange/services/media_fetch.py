"""Fetching the media files that feeds name: our own verified copy, so that a link of ours never leads to a stranger.

The rendition's row is the obligation: when it is due, who is at it, how often it failed.
"""

import random
import tempfile
from datetime import timedelta
from uuid import UUID, uuid4

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from archive.models import MediaFile
from archive.services.file import named_failures, store_file
from mediaexchange.core.errors import DomainError
from mediaexchange.core.outgoing.client import DOWNLOAD_SECONDS, download_to
from mediaexchange.core.outgoing.errors import OutgoingError
from newsexchange.constants import MEDIA_FETCH_ATTEMPTS
from newsexchange.models import Rendition, Story, StoryDocument
from newsexchange.services.media import file_values

LEASE = timedelta(seconds=DOWNLOAD_SECONDS) + timedelta(minutes=8)  # and what checking and storing may take
FIRST_WAIT = timedelta(minutes=5)
LONGEST_WAIT = timedelta(hours=24)

log = structlog.get_logger(__name__)


@transaction.atomic
def lease_due_renditions(limit: int) -> list[tuple[int, UUID]]:
    """Claim remote files whose time has come; returns (id, lease token)."""
    due = Rendition.objects.due_for_fetching().select_for_update(skip_locked=True, of=("self",), no_key=True)
    leased = []
    for rendition in due.order_by(F("fetch_due_at").asc(nulls_first=True), "pk")[:limit]:
        token = uuid4()
        Rendition.objects.filter(pk=rendition.pk).update(fetch_token=token, fetch_leased_until=Now() + LEASE)
        leased.append((rendition.pk, token))
    return leased


def fetch_rendition(rendition_id: int, token: UUID) -> str:
    """Fetch one file, compare it with what its feed declared, keep it. Returns the error, "" if there was none.

    Without a valid lease nothing is fetched and nothing written.
    """
    mine = Rendition.objects.filter(pk=rendition_id, fetch_token=token)
    if not mine.update(fetch_leased_until=Now() + LEASE):
        return "lease-lost"
    rendition = mine.select_related("story__broadcaster").get()
    try:
        file = _fetched(rendition)
    except OutgoingError as error:
        return _fail(rendition, token, f"{error.code}: {error.detail}")
    except DomainError as error:
        return _fail(rendition, token, error.code)
    _keep(rendition, token, file)
    return ""


def _fetched(rendition: Rendition) -> MediaFile:
    with named_failures(), tempfile.TemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR) as held:
        fetched = download_to(held, rendition.href, max_bytes=settings.MAX_MEDIA_BYTES)
        if not fetched.is_success:
            raise DomainError(f"http-{fetched.status}", f"HTTP {fetched.status}")
        held.seek(0)
        return store_file(
            held,
            broadcaster=rendition.story.broadcaster,
            actor=None,
            original_name=rendition.href.partition("?")[0],
            declared_checksum=rendition.checksum,
            declared_type=rendition.content_type,
        )


@transaction.atomic
def _keep(rendition: Rendition, token: UUID, file: MediaFile) -> None:
    """Under the story's lock, like everything that changes what its documents say. The feed may have been read again
    meanwhile: the row is another one then, with the same uid."""
    Story.objects.select_for_update(of=("self",), no_key=True).get(pk=rendition.story_id)
    facts = {name: value for name, value in file_values(file).items() if value is not None and name != "checksum"}
    kept = Rendition.objects.filter(uid=rendition.uid, fetch_token=token).update(
        file=file, fetch_error="", fetch_token=None, fetch_leased_until=None, **facts
    )
    if kept:
        StoryDocument.objects.filter(story=rendition.story_id).delete()  # rendered again when next read
    log.info("media.fetched", rendition=str(rendition.uid), bytes=file.size_bytes, is_late=not kept)


def _fail(rendition: Rendition, token: UUID, error: str) -> str:
    """Try again ever later, and not for ever."""
    wait = min(FIRST_WAIT * 2 ** min(rendition.fetch_failures, 10), LONGEST_WAIT)
    wait *= random.uniform(0.8, 1.2)  # noqa: S311 — spreads load, keeps no secret
    Rendition.objects.filter(uid=rendition.uid, fetch_token=token).update(
        fetch_due_at=Now() + wait,
        fetch_failures=F("fetch_failures") + 1,
        fetch_error=error[:300],
        fetch_token=None,
        fetch_leased_until=None,
    )
    is_last = rendition.fetch_failures + 1 >= MEDIA_FETCH_ATTEMPTS
    log.warning("media.fetch-failed", rendition=str(rendition.uid), error=error, is_last=is_last)
    return error
