"""What could not become a story is kept whole, with the reason."""

from collections.abc import Sequence
from hashlib import sha256

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone

from mediaexchange.core.languages.normalise import normalise_text
from newsexchange.constants import FeedFormat, QuarantineReason, QuarantineStatus
from newsexchange.models import Feed, QuarantinedEntry
from newsexchange.parsing.base import Problem
from newsexchange.services.drafting import Draft
from newsexchange.services.intake import Intake, Outcome

_GUID_LENGTH = 1000


def quarantine(
    feed: Feed,
    problems: Sequence[Problem],
    *,
    content_type: str = "",
    format: str = "",
    document: bytes = b"",
    status: QuarantineStatus = QuarantineStatus.OPEN,
) -> None:
    """Keep each problem's payload (the whole document where it names no smaller piece). The same again is counted.

    What a rule leaves out is put aside at once: ``status`` is what nobody has to look at.
    """
    rows = {}
    resolved_at = None if status == QuarantineStatus.OPEN else timezone.now()
    for problem in problems:
        payload = problem.raw or document
        digest = sha256(payload + problem.guid.encode("utf-8", "replace")).hexdigest()
        rows[digest, problem.reason] = QuarantinedEntry(
            feed=feed,
            guid=normalise_text(problem.guid, "und")[:_GUID_LENGTH],
            reason=problem.reason,
            detail=normalise_text(problem.detail, "und"),
            payload=payload,
            payload_hash=digest,
            content_type=content_type[:200],
            format="" if format == FeedFormat.AUTO else format,
            status=status,
            resolved_at=resolved_at,
        )
    if not rows:
        return
    with transaction.atomic():
        known = QuarantinedEntry.objects.filter(feed=feed, payload_hash__in=[digest for digest, _reason in rows])
        known.update(times_seen=F("times_seen") + 1, last_seen_at=Now())
        QuarantinedEntry.objects.bulk_create(rows.values(), ignore_conflicts=True)


def refuse(intake: Intake, drafts: Sequence[Draft], reason: QuarantineReason, detail: str) -> list[Outcome]:
    """Quarantine drafts for one reason."""
    return refuse_each(intake, [(draft, detail) for draft in drafts], reason)


def refuse_each(
    intake: Intake, drafts: Sequence[tuple[Draft, str]], reason: QuarantineReason, result: str = "quarantined"
) -> list[Outcome]:
    """Quarantine drafts for one reason, each with its own detail."""
    is_left_out = reason == QuarantineReason.LEFT_OUT
    quarantine(
        intake.feed,
        [Problem(reason, detail, guid=draft.guid, raw=draft.entry.raw) for draft, detail in drafts],
        format=intake.format,
        status=QuarantineStatus.DISMISSED if is_left_out else QuarantineStatus.OPEN,
    )
    return [Outcome(result, draft.guid, reason=reason, detail=detail) for draft, detail in drafts]
