"""Archive footage in productions: what is used, and on what ground."""

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from psycopg.types.range import Range

from archive.constants import GrantStatus
from archive.models import Grant, Item, Segment
from broadcasters.permissions import may, require
from mediaexchange.core.errors import ConflictError, DomainError
from mediaexchange.core.models import User
from mediaexchange.core.outbox import record
from productions.models import ArchiveUse, Production
from productions.notifications import USE_UNCLEARED, tell_partners
from productions.services.production import lock_production, partner_ids, require_partner
from productions.services.review import require_open

ADD, CHANGE, DELETE = (f"productions.{verb}_archiveuse" for verb in ("add", "change", "delete"))
CONTRIBUTE = "archive.add_grant"  # whoever may license footage of the house may also bring it in
MOST_AT_ONCE = 100
Stretch = tuple[int | None, int | None]


@transaction.atomic
def add_use(
    production: Production,
    *,
    actor: User | None,
    item: Item,
    segment: Segment | None = None,
    in_ms: int | None = None,
    out_ms: int | None = None,
    grant: Grant | None = None,
    place: str = "",
) -> ArchiveUse:
    """Write down that footage is used. Without a grant, the one that fits best is taken, if there is one.

    Raises DomainError for a stretch that cannot be and for a grant to others, ConflictError, ForbiddenError.
    """
    stored = lock_production(production)
    require_partner(actor, ADD, stored)
    require_open(stored)
    use = ArchiveUse(production=stored, item=item, segment=segment, in_ms=in_ms, out_ms=out_ms, created_by=actor)
    _set_stretch(use)
    use.grant = grant or fitting_grant(use)
    use.place = place.strip()[:200]
    _check_grant(use)
    use.save()
    use.refresh_from_db(fields=["created_at"])
    _tell("archive-use.added", use, actor)
    return use


@transaction.atomic
def change_use(
    use: ArchiveUse,
    *,
    actor: User | None,
    segment: Segment | None,
    in_ms: int | None,
    out_ms: int | None,
    grant: Grant | None,
    place: str = "",
) -> ArchiveUse:
    """Use another stretch of the item, or under another grant; None is none. Raises like ``add_use``.

    A segment without ends says its own. What goes beyond the stretch that the holder contributed is contributed no
    more, unless the actor brings in footage of that house.
    """
    made = _locked(use)
    require_partner(actor, CHANGE, made.production)
    require_open(made.production)
    before, segment_before = (made.in_ms, made.out_ms), made.segment
    made.segment, made.in_ms, made.out_ms, made.place = segment, in_ms, out_ms, place.strip()[:200]
    if (segment_before, before) != (made.segment, (made.in_ms, made.out_ms)):
        _set_stretch(made)
    made.grant = grant
    is_beyond = not _lies_within((made.in_ms, made.out_ms), before)
    if grant is not None or (is_beyond and not _may_contribute(actor, made.item.broadcaster_id)):
        made.is_contributed, made.contributed_by = False, None
    _check_grant(made)
    made.uncleared_told_at = None
    made.save()
    _tell("archive-use.changed", made, actor)
    return made


@transaction.atomic
def contribute_use(use: ArchiveUse, *, actor: User | None) -> ArchiveUse:
    """The holder brings the footage in as a partner: it needs no licence. Rights of others have to be cleared still.

    Safe to repeat. Raises DomainError for a holder that is no partner, ForbiddenError for people of other houses.
    """
    made = _locked(use)
    holder = made.item.broadcaster_id
    require(actor, CONTRIBUTE, holder)
    if holder not in partner_ids(made.production):
        raise DomainError("not-a-partner", _("Only partners of the production bring footage in; others license it."))
    if not made.is_contributed:
        made.is_contributed, made.contributed_by, made.grant = True, actor, None
        made.save(update_fields=["is_contributed", "contributed_by", "grant"])
        _tell("archive-use.contributed", made, actor)
    return made


@transaction.atomic
def remove_use(use: ArchiveUse, *, actor: User | None) -> None:
    """It is in the production no longer. The audit trail keeps it. Safe to repeat. Raises ForbiddenError."""
    production = lock_production(use.production)
    require_partner(actor, DELETE, production)
    require_open(production)
    found = ArchiveUse.objects.select_for_update(of=("self",), no_key=True).filter(pk=use.pk).first()
    if found is not None:
        found.production = production
        _tell("archive-use.removed", found, actor)
        found.delete()


def fitting_grant(use: ArchiveUse) -> Grant | None:
    """A standing grant to a partner that covers the stretch: the one that lasts longest."""
    houses = Q(grantee__in=partner_ids(use.production))
    standing = Grant.objects.filter(houses, item=use.item, status=GrantStatus.ACTIVE, period__contains=Now())
    covering = standing.filter(part__contains=Range(use.in_ms, use.out_ms))
    return covering.order_by("-period__endswith", "pk").first()


@transaction.atomic
def announce_uncleared() -> int:
    """Tell the partners of footage that is cleared no longer, once until it is cleared again. Returns how many."""
    open_ones = ArchiveUse.objects.filter(production__stage__is_closed=False)
    mended = open_ones.filter(uncleared_told_at__isnull=False).cleared()
    ArchiveUse.objects.filter(pk__in=list(mended.values_list("pk", flat=True)[:MOST_AT_ONCE])).update(
        uncleared_told_at=None
    )
    lapsed = open_ones.filter(uncleared_told_at__isnull=True).filter(Q(grant__isnull=False) | Q(is_contributed=True))
    ids = list(lapsed.cleared(False).order_by("pk").values_list("pk", flat=True)[:MOST_AT_ONCE])
    locked = ArchiveUse.objects.select_for_update(skip_locked=True, of=("self",), no_key=True)
    uses = list(locked.filter(pk__in=ids, uncleared_told_at__isnull=True).select_related("production", "item"))
    ArchiveUse.objects.filter(pk__in=[use.pk for use in uses]).update(uncleared_told_at=Now())
    for use in uses:
        use.refresh_from_db(fields=["uncleared_told_at"])
        told_at = use.uncleared_told_at.isoformat() if use.uncleared_told_at else ""
        tell_partners(USE_UNCLEARED, use.production, subject=use, actor=None, key=told_at)
        _tell("archive-use.uncleared", use, None)
    return len(uses)


def _locked(use: ArchiveUse) -> ArchiveUse:
    production = lock_production(use.production)
    locked = ArchiveUse.objects.select_for_update(of=("self",), no_key=True)
    made = locked.select_related("item", "grant__licence").get(pk=use.pk)
    made.production = production
    return made


def _set_stretch(use: ArchiveUse) -> None:
    """A segment says its own stretch; a stretch has two ends."""
    if use.segment is not None:
        if use.segment.item_id != use.item_id:
            raise DomainError("foreign-segment", _("The segment belongs to another item."))
        own = use.segment.in_ms, use.segment.out_ms
        if use.in_ms is None and use.out_ms is None:
            use.in_ms, use.out_ms = own
        if not _lies_within((use.in_ms, use.out_ms), own):
            raise DomainError("beyond-segment", _("The stretch lies outside of the segment."))
    if (use.in_ms is None) != (use.out_ms is None):
        raise DomainError("bad-stretch", _("Say both where the stretch begins and where it ends."))
    if use.in_ms is not None and use.out_ms is not None and use.out_ms <= use.in_ms:
        raise DomainError("bad-stretch", _("The stretch ends after it has begun."))


def _lies_within(part: Stretch, whole: Stretch) -> bool:
    """Whether one stretch is all in the other; without ends it is the whole item."""
    (begins, ends), (first, last) = part, whole
    return (begins or 0) >= (first or 0) and (last is None or (ends is not None and ends <= last))


def _may_contribute(actor: User | None, holder: int) -> bool:
    return actor is None or may(actor, CONTRIBUTE, holder)


def _check_grant(use: ArchiveUse) -> None:
    """A grant to whoever is no partner, or on another item, is a mistake and no gap. Others are told as bars."""
    if use.grant is None:
        return
    if use.grant.item_id != use.item_id:
        raise DomainError("foreign-grant", _("The licence is for another item."))
    if use.grant.grantee_id is not None and use.grant.grantee_id not in partner_ids(use.production):
        raise ConflictError("grant-to-another", _("The footage is licensed to a house that is no partner."))


def _tell(kind: str, use: ArchiveUse, actor: User | None) -> None:
    record(
        kind, subject_type="archive-use", subject_uid=use.uid, audience=partner_ids(use.production), actor=actor,
        production=str(use.production.uid), item=str(use.item.uid),
    )  # fmt: skip
