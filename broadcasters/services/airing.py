"""What was broadcast, as the channel's own newsroom reports it."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from broadcasters.models import Airing, Broadcaster, Channel
from broadcasters.permissions import require
from broadcasters.querysets import LONGEST_AIRING
from mediaexchange.core.errors import DomainError
from mediaexchange.core.models import User
from mediaexchange.core.outbox import record

LONGEST_MS = LONGEST_AIRING // timedelta(milliseconds=1)
_CLOCKS_DIFFER = timedelta(minutes=5)


@transaction.atomic
def report_airing(
    channel: Channel,
    *,
    actor: User | None,
    started_at: datetime,
    duration_ms: int,
    origin: Broadcaster,
    title: str = "",
    language: str = "",
    subject_type: str = "",
    subject_uid: UUID | None = None,
) -> Airing:
    """Write down one broadcast on a channel of the actor's house. Safe to repeat: the same subject, channel and moment
    are the same airing.

    Without a title it is called by its subject's URN, or by the channel. Raises DomainError for what lasts no time or
    more than a day, and for what lies ahead: a plan is not an airing.
    """
    require(actor, "broadcasters.add_airing", channel.broadcaster_id)
    if not 0 < duration_ms <= LONGEST_MS:
        raise DomainError("airing-duration", _("An airing lasts more than nothing and at most a day."))
    if started_at > timezone.now() + _CLOCKS_DIFFER:
        raise DomainError("airing-in-the-future", _("Only what has been broadcast is reported."))
    Channel.objects.select_for_update(of=("self",), no_key=True).get(pk=channel.pk)
    same = Airing.objects.filter(
        channel=channel, started_at=started_at, origin=origin, subject_type=subject_type, subject_uid=subject_uid
    )
    if subject_uid is not None and (known := same.first()):
        return known
    airing = Airing.objects.create(
        channel=channel,
        started_at=started_at,
        duration_ms=duration_ms,
        origin=origin,
        language=language,
        title=title.strip() or (subject_urn(subject_uid) if subject_uid else channel.slug),
        subject_type=subject_type,
        subject_uid=subject_uid,
    )
    record(
        "airing.reported",
        subject_type="airing",
        subject_uid=airing.uid,
        audience=[channel.broadcaster_id, origin.pk],
        actor=actor,
        channel=channel.slug,
        started_at=started_at.isoformat(),
        duration_ms=duration_ms,
    )
    return airing


def forget_titles(subject_type: str, subject_uid: UUID) -> None:
    """Call the airings of a recalled subject by its URN: their titles may repeat its words. They still count."""
    Airing.objects.filter(subject_type=subject_type, subject_uid=subject_uid).update(title=subject_urn(subject_uid))


def subject_urn(uid: UUID) -> str:
    """RFC 9562 URN, the same in every language."""
    return f"urn:uuid:{uid}"
