"""Uses of granted footage: counted under the grant's lock, never past what was granted, taken back when wrong.

A run begins with a showing and goes on for the grant's repeat hours of elapsed time; what is shown meanwhile repeats
it. Of seconds a run counts its longest showing: a repeat costs nothing that was shown before.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from archive.models import Grant, GrantUse
from archive.rights_rules import seconds_left
from archive.services.grant import said_reason
from broadcasters.models import Broadcaster
from broadcasters.permissions import require
from mediaexchange.core.errors import ConflictError, DomainError
from mediaexchange.core.models import User
from mediaexchange.core.outbox import record
from mediaexchange.core.rights import words
from mediaexchange.core.rights.terms import PLATFORMS, Statement

_CLOCKS_DIFFER = timedelta(minutes=5)


@transaction.atomic
def report_footage_use(
    grant: Grant,
    *,
    actor: User | None,
    broadcaster: Broadcaster,
    started_at: datetime,
    used_ms: int,
    platform: str,
    note: str = "",
) -> GrantUse:
    """Report a showing, also long after it. Safe to repeat: the same moment and platform is the same use.

    Raises ConflictError "seconds-used-up" or "runs-used-up" for what would pass the limit, "use-not-granted" with the
    reason for a showing outside of period, platforms or before the grant was revoked; DomainError for the future.
    """
    grant = _locked(grant)
    require(actor, "archive.add_grantuse", broadcaster)
    if grant.grantee_id not in (None, broadcaster.pk):
        raise DomainError("foreign-grant", _("The footage was granted to another house."))
    if used_ms < 1:
        raise DomainError("nothing-used", _("A use lasts some time."))
    started_at = started_at.astimezone(UTC)
    if started_at > timezone.now() + _CLOCKS_DIFFER:
        raise DomainError("use-in-the-future", _("Only what has happened is reported."))
    uses = list(grant.uses.filter(taken_back_at__isnull=True).order_by("started_at", "pk"))
    for known in uses:
        if (known.broadcaster_id, known.started_at, known.platform) == (broadcaster.pk, started_at, platform):
            if known.used_ms != used_ms:
                raise ConflictError("use-known", _("This showing was reported with another length; take that back."))
            return known
    _refuse_outside(grant, started_at, platform)
    use = GrantUse(
        grant=grant, broadcaster=broadcaster, started_at=started_at, used_ms=used_ms, platform=platform, note=note,
        reported_by=actor,
    )  # fmt: skip
    _count(grant, [*uses, use])
    use.save()
    _tell("footage.used", grant, use, actor)
    return use


@transaction.atomic
def take_back_use(use: GrantUse, *, actor: User | None, reason: str) -> GrantUse:
    """Take back what was reported wrongly: it stays and counts no longer. Safe to repeat.

    Raises ConflictError if the showings that are left, counted afresh, would pass what was granted.
    """
    grant = _locked(use.grant)
    use = GrantUse.objects.select_related("broadcaster").get(pk=use.pk)
    require(actor, "archive.add_grantuse", use.broadcaster_id)
    if use.taken_back_at is not None:
        return use
    GrantUse.objects.filter(pk=use.pk).update(
        taken_back_at=Now(), taken_back_reason=said_reason(reason)[:300], taken_back_by=actor
    )
    _count(grant, list(grant.uses.filter(taken_back_at__isnull=True).order_by("started_at", "pk")))
    use.refresh_from_db()
    _tell("footage.use-taken-back", grant, use, actor)
    return use


def runs_of(uses: Sequence[GrantUse], repeat_hours: int) -> list[list[GrantUse]]:
    """Showings by run, the first of each beginning it. Hours are elapsed time, whatever the clocks do meanwhile."""
    runs: list[list[GrantUse]] = []
    window = timedelta(hours=repeat_hours)
    for use in sorted(uses, key=lambda each: each.started_at):
        if runs and use.started_at < runs[-1][0].started_at.astimezone(UTC) + window:
            runs[-1].append(use)
        else:
            runs.append([use])
    return runs


def _count(grant: Grant, uses: Sequence[GrantUse]) -> None:
    """Count all showings afresh, for one that is reported late may begin a run that others repeat."""
    runs = runs_of(uses, grant.repeat_hours)
    used_ms = sum(max(use.used_ms for use in run) for run in runs)
    if grant.seconds is not None and used_ms > grant.seconds * 1000:
        left = seconds_left(grant)
        raise ConflictError(
            "seconds-used-up",
            _("%(seconds)d s are granted, %(left)d s of them are left: this showing is too long.")
            % {"seconds": grant.seconds, "left": left},
            granted_seconds=grant.seconds,
            left_seconds=left,
        )
    if grant.runs is not None and len(runs) > grant.runs:
        raise ConflictError(
            "runs-used-up",
            _("All runs are used up: %(runs)d.") % {"runs": grant.runs},
            granted_runs=grant.runs,
            used_runs=grant.runs_used,
        )
    for run in runs:
        for place, use in enumerate(run):
            if use.is_repeat != bool(place):
                use.is_repeat = bool(place)
                GrantUse.objects.filter(pk=use.pk).update(is_repeat=use.is_repeat)
    Grant.objects.filter(pk=grant.pk).update(runs_used=len(runs), used_ms=used_ms)


def _refuse_outside(grant: Grant, started_at: datetime, platform: str) -> None:
    """Raises ConflictError "use-not-granted" with what stood against the showing when it happened."""
    if platform not in PLATFORMS:
        raise DomainError("unknown-platform", _("There is no such platform."), platform=platform[:60])
    zone: dict[str, object] = {"time_zone": grant.time_zone}
    bars = []
    if PLATFORMS.index(platform) not in grant.platform_numbers:
        bars.append(Statement("platform-not-granted", {"platforms": grant.platforms}))
    if grant.period.lower and started_at < grant.period.lower:
        bars.append(Statement("not-started", zone | {"starts_at": grant.period.lower.isoformat()}))
    if grant.period.upper and started_at >= grant.period.upper:
        bars.append(Statement("ended", zone | {"ends_at": grant.period.upper.isoformat()}))
    if grant.revoked_at and started_at >= grant.revoked_at:
        bars.append(Statement("revoked", zone | {"ends_at": grant.revoked_at.isoformat()}))
    if grant.embargoed_until and started_at < grant.embargoed_until:
        bars.append(Statement("grant-embargo", zone | {"ends_at": grant.embargoed_until.isoformat()}))
    held = not grant.holdback_platforms or platform in grant.holdback_platforms
    if grant.holdback_until and started_at < grant.holdback_until and held:
        bars.append(Statement("holdback", zone | {"ends_at": grant.holdback_until.isoformat()}))
    if bars:
        raise ConflictError(
            "use-not-granted",
            _("The grant did not allow this showing."),
            reasons=words.said(bars, ZoneInfo(grant.time_zone)),
        )


def _locked(grant: Grant) -> Grant:
    locked = Grant.objects.select_for_update(of=("self",), no_key=True)
    return locked.select_related("item").get(pk=grant.pk)


def _tell(kind: str, grant: Grant, use: GrantUse, actor: User | None) -> None:
    record(
        kind, subject_type="footage-use", subject_uid=use.uid,
        audience=[grant.item.broadcaster_id, use.broadcaster_id], actor=actor, grant=str(grant.uid),
        item=str(grant.item.uid), used_ms=use.used_ms,
    )  # fmt: skip
