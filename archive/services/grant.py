"""Grants: leave to use footage, given and taken back. The database refuses what an exclusive grant excludes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from psycopg.types.range import Range

from archive.constants import DeliveryStatus, GrantStatus
from archive.models import FootageDelivery, Grant, Item, Licence, RequestLine, Segment, UnderlyingRight
from archive.models.base import scope_errors
from archive.rights_rules import WHOLE, Part, Question, overlaps, part_of_right, right_bars
from broadcasters.models import Broadcaster
from broadcasters.permissions import require
from mediaexchange.core.errors import ConflictError, DomainError
from mediaexchange.core.models import User
from mediaexchange.core.outbox import record
from mediaexchange.core.rights import words
from mediaexchange.core.rights.terms import PLATFORMS, Statement
from mediaexchange.core.rights.territories import CODES, members

_EXCLUSION = "archive_grant_exclusive"
_LEAST = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Terms:
    """What a grant allows. Empty lists are no limit; the period holds its first instant and not its last."""

    starts_at: datetime
    ends_at: datetime
    time_zone: str
    territories: Sequence[str] = ()
    is_elsewhere: bool = False
    platforms: Sequence[str] = ()
    languages: Sequence[str] = ()
    runs: int | None = None
    repeat_hours: int = 0
    seconds: int | None = None
    is_exclusive: bool = False
    embargoed_until: datetime | None = None
    holdback_until: datetime | None = None
    holdback_platforms: Sequence[str] = field(default=())
    note: str = ""


@transaction.atomic
def create_grant(
    item: Item, *, actor: User | None, terms: Terms, grantee: Broadcaster | None = None, segment: Segment | None = None
) -> Grant:
    """Grant the use of an own item, or of one stretch of it, to one partner or, without ``grantee``, to all.

    Raises ConflictError "grant-conflict" if an exclusive grant stands against it, "rights-uncleared" with the reasons
    if rights of others do; DomainError for terms that cannot be.
    """
    item = locked_items([item.pk])[item.pk]
    require(actor, "archive.add_grant", item.broadcaster_id)
    _check(item, segment, grantee, terms)
    refuse_uncleared([(item, segment)], terms)
    grant = place_grant(Grant(item=item, segment=segment, grantee=grantee, created_by=actor, **columns(terms)))
    _tell("grant.created", grant, actor)
    return grant


def place_grant(grant: Grant) -> Grant:
    """Store it unless another stands against it. Raises ConflictError "grant-conflict" with the other's window.

    The item's row is locked: two that exclude each other would otherwise wait for one another.
    """
    try:
        with transaction.atomic():
            grant.save()
    except IntegrityError as error:
        if getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") != _EXCLUSION:
            raise
        raise _conflict(grant) from error
    return grant


@transaction.atomic
def revoke_grant(grant: Grant, *, actor: User | None, reason: str) -> Grant:
    """End a grant now, with everything that was delivered under it. Safe to repeat: the first moment stays."""
    grant = Grant.objects.select_for_update(of=("self",), no_key=True).select_related("item").get(pk=grant.pk)
    require(actor, "archive.change_grant", grant.item.broadcaster_id)
    if grant.status == GrantStatus.REVOKED:
        return grant
    close_grants(Grant.objects.filter(pk=grant.pk), reason=said_reason(reason))
    grant.refresh_from_db()
    _tell("grant.revoked", grant, actor, reason=reason)
    return grant


def close_grants(grants: Any, *, reason: str) -> None:
    """Revoke these grants and what hangs on them, in the caller's transaction. Links ask again when they are opened."""
    FootageDelivery.objects.filter(
        grant__in=grants, status__in=(DeliveryStatus.WAITING, DeliveryStatus.READY, DeliveryStatus.FAILED)
    ).update(status=DeliveryStatus.REVOKED, lease_token=None, leased_until=None)
    grants.filter(status=GrantStatus.ACTIVE).update(
        status=GrantStatus.REVOKED, revoked_at=Now(), revocation_reason=reason
    )


def said_reason(reason: str) -> str:
    """Raises DomainError for none."""
    if not reason.strip():
        raise DomainError("reason-missing", _("Say why."))
    return reason.strip()


def locked_items(ids: Sequence[int]) -> dict[int, Item]:
    """The items by their ids, locked in one order against other grants."""
    rows = Item.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=set(ids))
    return {item.pk: item for item in rows.select_related("broadcaster").order_by("pk")}


def columns(terms: Terms) -> dict[str, Any]:
    """The terms as a grant's columns."""
    return {
        "period": Range(terms.starts_at, terms.ends_at),
        "time_zone": terms.time_zone,
        "territories": list(terms.territories),
        "is_elsewhere": terms.is_elsewhere,
        "platforms": list(terms.platforms),
        "languages": list(terms.languages),
        "runs": terms.runs,
        "repeat_hours": terms.repeat_hours,
        "seconds": terms.seconds,
        "is_exclusive": terms.is_exclusive,
        "embargoed_until": terms.embargoed_until,
        "holdback_until": terms.holdback_until,
        "holdback_platforms": list(terms.holdback_platforms),
        "note": terms.note,
    }


def refuse_uncleared(wanted: Sequence[tuple[Item, Segment | None]], terms: Terms) -> None:
    """Raises ConflictError "rights-uncleared" if rights of others do not allow all that is granted, for all its time.

    ``lines`` of the error has, for each that is wanted and in the same order, the reasons; empty where there are none.
    """
    rights: dict[int, list[UnderlyingRight]] = {}
    for right in UnderlyingRight.objects.filter(item__in={item.pk for item, _segment in wanted}).select_related(
        "segment"
    ):
        rights.setdefault(right.item_id, []).append(right)
    question = Question(
        territories=territories_meant(terms.territories, terms.is_elsewhere),
        platforms=tuple(terms.platforms) or PLATFORMS,
        at=terms.ends_at - _LEAST,
    )
    zone = ZoneInfo(terms.time_zone)
    lines: list[list[dict[str, Any]]] = []
    for item, segment in wanted:
        part: Part = (segment.in_ms, segment.out_ms) if segment else WHOLE
        there = [right for right in rights.get(item.pk, ()) if overlaps(part_of_right(right), part)]
        lines.append(words.said(right_bars(there, question), zone))
    if any(lines):
        reasons = [reason for line in lines for reason in line]
        unique = [reason for place, reason in enumerate(reasons) if reason not in reasons[:place]]
        raise ConflictError("rights-uncleared", _("Rights of others stand against it."), reasons=unique, lines=lines)


def territories_meant(names: Sequence[str], is_elsewhere: bool) -> frozenset[str]:
    """The codes; none named is the whole world."""
    named = frozenset().union(*(members(name) for name in names))
    return CODES - named if is_elsewhere and named else named or CODES


def check_scope(territories: Sequence[str], platforms: Sequence[str], *, is_elsewhere: bool = False) -> None:
    """Raises DomainError for places and platforms that do not exist."""
    if errors := scope_errors(territories, platforms, is_elsewhere=is_elsewhere):
        field_name, message = next(iter(errors.items()))
        raise DomainError("bad-scope", message, field=field_name)


def _check(item: Item, segment: Segment | None, grantee: Broadcaster | None, terms: Terms) -> None:
    check_scope(terms.territories, [*terms.platforms, *terms.holdback_platforms], is_elsewhere=terms.is_elsewhere)
    if segment is not None and segment.item_id != item.pk:
        raise DomainError("foreign-segment", _("The segment belongs to another item."))
    if terms.ends_at <= terms.starts_at:
        raise DomainError("period-empty", _("The last day comes before the first."))
    if terms.ends_at <= timezone.now():
        raise DomainError("period-over", _("The period is over."))
    if grantee is not None and grantee.pk == item.broadcaster_id:
        raise DomainError("granted-to-oneself", _("A house needs no grant for its own footage."))
    if grantee is None and (terms.is_exclusive or terms.runs is not None or terms.seconds is not None):
        raise DomainError("grantee-missing", _("What is exclusive or counted is granted to one house; name it."))


def _conflict(grant: Grant) -> ConflictError:
    """Says when and where the other one holds, and to nobody whose it is."""
    here = Q(part__overlap=grant.part, period__overlap=grant.period, lane__overlap=grant.lane)
    there = Q(territory_numbers__overlap=grant.territory_numbers, platform_numbers__overlap=grant.platform_numbers)
    others = Grant.objects.filter(here, there, item=grant.item_id, status=GrantStatus.ACTIVE)
    other = others.exclude(grantee_number=grant.grantee_number).order_by("pk").first()
    if other is None:  # gone since
        return ConflictError(
            "grant-conflict", _("Another grant for the same time, territory and platform stood against it.")
        )
    window = {
        "starts_at": other.period.lower.isoformat() if other.period.lower else None,
        "ends_at": other.period.upper.isoformat() if other.period.upper else None,
    }
    known = {name: moment for name, moment in window.items() if moment}
    about = Statement("grant-stands", {"time_zone": other.time_zone, "platforms": other.platforms} | known)
    return ConflictError(
        "grant-conflict",
        _("Another grant for the same time, territory and platform stands against it."),
        reasons=words.said([about], ZoneInfo(other.time_zone)),
        window=window,
        territories=other.territories,
        is_elsewhere=other.is_elsewhere,
        platforms=other.platforms,
        is_exclusive=other.is_exclusive,
    )


def _tell(kind: str, grant: Grant, actor: User | None, **data: Any) -> None:
    houses = [grant.item.broadcaster_id, *([grant.grantee_id] if grant.grantee_id else [])]
    record(
        kind, subject_type="grant", subject_uid=grant.uid, audience=houses, actor=actor,
        item=str(grant.item.uid), **data,
    )  # fmt: skip


def line_grant(line: RequestLine, licence: Licence, *, terms: Terms, actor: User | None) -> Grant:
    """The grant that an approved line of a request becomes."""
    return Grant(
        item_id=line.item_id,
        segment=line.segment,
        grantee=licence.licensee,
        licence=licence,
        request_line=line,
        created_by=actor,
        **columns(terms),
    )
