"""Licences: what comes of an approved request. Revoking one ends its grants and closes every link at once."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from archive.constants import GrantStatus
from archive.models import FootageRequest, Grant, Licence, RequestLine
from archive.notifications import tell_of_ending
from archive.services.grant import Terms, close_grants, line_grant, place_grant, said_reason
from broadcasters.models import Broadcaster
from broadcasters.permissions import require
from mediaexchange.core.errors import ConflictError
from mediaexchange.core.models import User
from mediaexchange.core.outbox import record

WARNED_BEFORE = timedelta(days=30)
_AT_ONCE = 100


def issue_licence(
    asked: FootageRequest,
    approved: Sequence[RequestLine],
    *,
    actor: User,
    terms: Terms,
    further_terms: str = "",
    credit_line: str = "",
    is_clip_only: bool = True,
) -> Licence:
    """A licence with one counted grant for each approved line, in the caller's transaction, which holds the request
    and its items. Raises ConflictError "grant-conflict" for a line that an exclusive grant stands against."""
    licence = Licence.objects.create(
        number=_next_number(asked.holder),
        footage_request=asked,
        holder=asked.holder,
        licensee=asked.broadcaster,
        starts_at=terms.starts_at,
        ends_at=terms.ends_at,
        time_zone=terms.time_zone,
        terms=further_terms,
        credit_line=credit_line,
        is_clip_only=is_clip_only,
        created_by=actor,
    )
    for line in approved:
        counted = replace(terms, seconds=line.approved_seconds, runs=line.approved_runs)
        try:
            place_grant(line_grant(line, licence, terms=counted, actor=actor))
        except ConflictError as error:
            error.details["line"] = str(line.uid)
            raise
    _tell("licence.issued", licence, actor)
    return licence


@transaction.atomic
def revoke_licence(licence: Licence, *, actor: User | None, reason: str) -> Licence:
    """End a licence now, with its grants, deliveries and links. Safe to repeat: the first moment stays."""
    licence = Licence.objects.select_for_update(of=("self",), no_key=True).get(pk=licence.pk)
    require(actor, "archive.change_licence", licence.holder_id)
    if licence.status == GrantStatus.REVOKED:
        return licence
    reason = said_reason(reason)
    Licence.objects.filter(pk=licence.pk).update(status=GrantStatus.REVOKED, revoked_at=Now(), revocation_reason=reason)
    grants = Grant.objects.filter(licence=licence)
    list(grants.select_for_update(of=("self",), no_key=True).order_by("pk").values_list("pk", flat=True))
    close_grants(grants, reason=reason)
    licence.refresh_from_db()
    _tell("licence.revoked", licence, actor, reason=reason)
    return licence


@transaction.atomic
def announce_expiries() -> int:
    """Warn both houses of licences that end within thirty days; each once. Returns how many. Safe to repeat."""
    ending = Licence.objects.select_for_update(skip_locked=True, of=("self",), no_key=True).filter(
        status=GrantStatus.ACTIVE,
        expiry_announced_at__isnull=True,
        ends_at__gt=Now(),
        ends_at__lte=Now() + WARNED_BEFORE,
    )
    licences = list(ending.order_by("ends_at", "pk")[:_AT_ONCE])
    Licence.objects.filter(pk__in=[licence.pk for licence in licences]).update(expiry_announced_at=Now())
    for licence in licences:
        _tell("licence.expiring", licence, None, ends_at=licence.ends_at.isoformat(), time_zone=licence.time_zone)
        tell_of_ending(licence)
    return len(licences)


def _next_number(holder: Broadcaster) -> str:
    """Counted by holder and year of its calendar: "RTS-2026-0001". The holder's row is locked: no number twice."""
    Broadcaster.objects.select_for_update(no_key=True).get(pk=holder.pk)
    year = timezone.now().astimezone(ZoneInfo(holder.time_zone)).year
    beginning = f"{holder.slug.upper()[:24]}-{year}-"
    given = Licence.objects.filter(holder=holder, number__startswith=beginning).values_list("number", flat=True)
    last = max((int(number.removeprefix(beginning)) for number in given), default=0)
    return f"{beginning}{last + 1:04}"


def _tell(kind: str, licence: Licence, actor: User | None, **data: Any) -> None:
    record(
        kind, subject_type="licence", subject_uid=licence.uid, audience=[licence.holder_id, licence.licensee_id],
        actor=actor, number=licence.number, **data,
    )  # fmt: skip
