"""What staff do about quarantined entries: send them through again, or put them aside."""

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from broadcasters.permissions import require
from mediaexchange.core.errors import ConflictError
from mediaexchange.core.models import User
from newsexchange.constants import FeedFormat, QuarantineReason, QuarantineStatus
from newsexchange.models import QuarantinedEntry
from newsexchange.services.ingest import ingest_document
from newsexchange.services.intake import Outcome


def replay_entry(entry: QuarantinedEntry, *, actor: User) -> list[Outcome]:
    """Send the payload through the pipeline again, as if it had just come in; resolved if nothing is refused now.

    Raises ConflictError, with the reason, if it is refused again; the entry then stays where it is.
    """
    require(actor, "newsexchange.replay_quarantinedentry", entry.feed.broadcaster_id)
    outcomes = ingest_document(
        entry.feed,
        bytes(entry.payload),
        content_type=entry.content_type,
        format=entry.format or FeedFormat.AUTO,
        lets_all_in=True,
    )
    refused = [outcome for outcome in outcomes if outcome.result in ("quarantined", "empty")]
    if refused:
        raise ConflictError(
            "refused-again",
            _("Refused again: %(reason)s") % {"reason": QuarantineReason(refused[0].reason).label},
            current=entry.status,
            wanted=str(QuarantineStatus.REPLAYED),
            reason=refused[0].reason,
        )
    _resolve(entry, QuarantineStatus.REPLAYED, actor)
    return outcomes


def dismiss_entry(entry: QuarantinedEntry, *, actor: User) -> None:
    """Put an entry aside; its payload stays and it can still be replayed. Safe to repeat."""
    require(actor, "newsexchange.replay_quarantinedentry", entry.feed.broadcaster_id)
    _resolve(entry, QuarantineStatus.DISMISSED, actor)


@transaction.atomic
def _resolve(entry: QuarantinedEntry, status: QuarantineStatus, actor: User) -> None:
    QuarantinedEntry.objects.filter(pk=entry.pk).update(status=status, resolved_by=actor, resolved_at=Now())
    entry.refresh_from_db(fields=["status", "resolved_at"])
