"""What could not become a story is kept whole, with the reason."""

from collections.abc import Sequence
from hashlib import sha256

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from mediaexchange.core.languages.normalise import normalise_text
from newsexchange.constants import FeedFormat
from newsexchange.models import Feed, QuarantinedEntry
from newsexchange.parsing.base import Problem

_GUID_LENGTH = 1000


def quarantine(
    feed: Feed, problems: Sequence[Problem], *, content_type: str = "", format: str = "", document: bytes = b""
) -> None:
    """Keep each problem's payload (the whole document where it names no smaller piece). The same again is counted."""
    rows = {}
    for problem in problems:
        payload = problem.raw or document
        digest = sha256(payload + problem.guid.encode()).hexdigest()
        rows[digest, problem.reason] = QuarantinedEntry(
            feed=feed,
            guid=normalise_text(problem.guid, "und")[:_GUID_LENGTH],
            reason=problem.reason,
            detail=normalise_text(problem.detail, "und"),
            payload=payload,
            payload_hash=digest,
            content_type=content_type[:200],
            format="" if format == FeedFormat.AUTO else format,
        )
    if not rows:
        return
    with transaction.atomic():
        known = QuarantinedEntry.objects.filter(feed=feed, payload_hash__in=[digest for digest, _reason in rows])
        known.update(times_seen=F("times_seen") + 1, last_seen_at=Now())
        QuarantinedEntry.objects.bulk_create(rows.values(), ignore_conflicts=True)
