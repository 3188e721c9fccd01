"""What was broadcast, as the channel's own newsroom reports it."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from broadcasters.airing_constants import LogStatus
from broadcasters.models import Airing, AiringImport, AiringImportRow, Broadcaster, Channel
from broadcasters.parsing.base import Code
from broadcasters.permissions import require
from broadcasters.querysets import LONGEST_AIRING
from broadcasters.titles import programme_key, subject_key
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
    is_joint: bool = False,
) -> Airing:
    """Write down one broadcast on a channel of the actor's house. Safe to repeat: the same channel and moment with the
    same subject, or the same title, are the same airing. One that a log brought learns what it was.

    Without a title it is called by its subject's URN, or by the channel. ``is_joint`` says that the channel's house
    made it together with the origin. Raises DomainError for what lasts no time or more than a day, and for what lies
    ahead: a plan is not an airing.
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
    title = title.strip() or (subject_urn(subject_uid) if subject_uid else channel.slug)
    key = programme_key(title)
    there = Airing.objects.filter(channel=channel, started_at=started_at, programme_key=key).first()
    if there is not None and subject_uid is None:
        return there
    if there is not None and there.subject_uid is None and subject_uid is not None:
        return name_subject(there, origin=origin, subject_type=subject_type, subject_uid=subject_uid, is_joint=is_joint)
    airing = Airing.objects.create(
        channel=channel,
        started_at=started_at,
        duration_ms=duration_ms,
        origin=origin,
        language=language,
        is_joint=is_joint,
        title=title,
        programme_key=key if there is None or subject_uid is None else subject_key(subject_type, subject_uid),
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


def name_subject(
    airing: Airing, *, origin: Broadcaster, subject_type: str, subject_uid: UUID, is_joint: bool = False
) -> Airing:
    """Say what an airing was that nobody knew; the caller has asked whether the actor may."""
    airing.subject_type, airing.subject_uid = subject_type, subject_uid
    airing.origin, airing.is_joint = origin, is_joint
    airing.save(update_fields=["subject_type", "subject_uid", "origin", "is_joint"])
    return airing


def forget_titles(subject_type: str, subject_uid: UUID) -> None:
    """Call the airings of a recalled subject by its URN: their titles may repeat its words, and so may the rows of logs
    that brought them, and workbooks that are still kept. They still count."""
    Airing.objects.filter(subject_type=subject_type, subject_uid=subject_uid).update(title=subject_urn(subject_uid))
    rows = AiringImportRow.objects.filter(airing__subject_type=subject_type, airing__subject_uid=subject_uid)
    AiringImport.objects.filter(rows__in=rows, content__isnull=False).exclude(status=LogStatus.READING).update(
        content=None
    )
    rows.update(cells=[], values={}, problems=[{"code": Code.TITLE_FORGOTTEN, "where": "", "value": ""}])


def subject_urn(uid: UUID) -> str:
    """RFC 9562 URN, the same in every language."""
    return f"urn:uuid:{uid}"
