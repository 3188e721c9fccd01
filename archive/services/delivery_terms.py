"""What may be delivered under a grant: whether at all, from which file, which stretch."""

from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from archive.constants import Access, Clearance, Generation, GrantStatus, InstantiationKind, ItemStatus
from archive.models import Grant, Instantiation, MediaFile, UnderlyingRight
from archive.rights import shared_modules
from archive.rights_rules import Part, is_inside, overlaps, part_of_grant, part_of_right
from archive.services.sharing import refuse_paused
from broadcasters.models import Broadcaster
from mediaexchange.core.errors import ConflictError, DomainError, ForbiddenError
from mediaexchange.core.rights import words
from mediaexchange.core.rights.terms import Statement

# What is given away: made for broadcast before what is kept, kept before made for looking at.
_PREFERRED = (
    Generation.BROADCAST, Generation.MEZZANINE, Generation.MASTER, Generation.PRESERVATION, Generation.ORIGINAL,
    Generation.COPY, Generation.ACCESS,
)  # fmt: skip


class DeliveryRefusedError(ForbiddenError):
    """A delivery is seen, and not given out now."""


def refuse_delivery(grant: Grant, broadcaster: Broadcaster) -> None:
    """Raises DeliveryRefusedError "delivery-refused" with all reasons, ConflictError "module-paused".

    Asked when a delivery is ordered and again whenever its link is opened. Reads ``grant.item``.
    """
    if grant.grantee_id not in (None, broadcaster.pk):
        raise DomainError("foreign-grant", _("The footage was granted to another house."))
    item = grant.item
    modules = shared_modules([item.broadcaster_id], broadcaster)[item.broadcaster_id]
    if modules and not any(module.is_running for module in modules):
        refuse_paused(modules[0])
    if bars := [*_bars(grant), *([Statement("not-shared")] if _is_not_shared(grant, bool(modules)) else [])]:
        reasons = words.said(bars, ZoneInfo(grant.time_zone))
        raise DeliveryRefusedError("delivery-refused", _("The footage is not delivered now."), reasons=reasons)


def _is_not_shared(grant: Grant, has_module: bool) -> bool:
    """What is granted to one house needs a module; what is granted to all, that the house is one of them."""
    if grant.grantee_id is None and grant.item.access == Access.PUBLIC:
        return False
    return not has_module or (grant.grantee_id is None and grant.item.access == Access.HOUSE)


def _bars(grant: Grant) -> list[Statement]:
    at, zone = timezone.now(), {"time_zone": grant.time_zone}
    bars = []
    if grant.item.status != ItemStatus.PUBLISHED:
        bars.append(Statement("not-published"))
    if grant.item.embargoed_until and grant.item.embargoed_until > at:
        bars.append(Statement("footage-embargo", {"ends_at": grant.item.embargoed_until.isoformat()}))
    if grant.status == GrantStatus.REVOKED or (grant.licence and grant.licence.status == GrantStatus.REVOKED):
        bars.append(Statement("revoked", {"note": grant.revocation_reason} if grant.revocation_reason else {}))
    if grant.period.lower and grant.period.lower > at:
        bars.append(Statement("not-started", zone | {"starts_at": grant.period.lower.isoformat()}))
    if grant.period.upper and grant.period.upper <= at:
        bars.append(Statement("ended", zone | {"ends_at": grant.period.upper.isoformat()}))
    if grant.embargoed_until and grant.embargoed_until > at:
        bars.append(Statement("grant-embargo", zone | {"ends_at": grant.embargoed_until.isoformat()}))
    rights = UnderlyingRight.objects.filter(item=grant.item_id).exclude(clearance=Clearance.CLEARED)
    for right in rights.select_related("segment").order_by("pk"):
        if overlaps(part_of_right(right), part_of_grant(grant)):
            code = "clearance-refused" if right.clearance == Clearance.REFUSED else f"uncleared-{right.kind}"
            bars.append(Statement(code, {"right": right.kind}))
    return bars


def source_of(grant: Grant) -> MediaFile:
    """The file that is delivered from. Raises DomainError "no-file" if no ready one is of the item."""
    if grant.segment and grant.segment.instantiation and (file := grant.segment.instantiation.file) and file.is_ready:
        return file
    held = Instantiation.objects.filter(
        item=grant.item_id, kind=InstantiationKind.DIGITAL, file__isnull=False
    ).select_related("file")
    ready = [each for each in held.order_by("pk") if each.file and each.file.is_ready]
    if not ready:
        raise DomainError("no-file", _("There is no file of this footage in the store."))
    chosen = min(ready, key=lambda each: _PREFERRED.index(Generation(each.generation)))
    if chosen.file is None:
        raise TypeError("Chosen among those that have a file.")
    return chosen.file


def stretch_of(grant: Grant, file: MediaFile, in_ms: int | None, out_ms: int | None) -> tuple[int, int] | None:
    """What is cut, in ms of the item; None for the whole file.

    Raises DomainError for a stretch that is not granted, or is longer than the granted seconds.
    """
    granted = part_of_grant(grant)
    if file.content_type.startswith("image/"):
        return None
    is_clip_only = grant.licence is not None and grant.licence.is_clip_only
    if in_ms is None and out_ms is None:
        if granted == (None, None) and not (is_clip_only and grant.seconds is not None):
            return None
        starts, ends = granted[0] or 0, granted[1]
        most = None if grant.seconds is None or not is_clip_only else starts + grant.seconds * 1000
        until = min(each for each in (ends, most, _length(file)) if each is not None)
        return starts, until
    wanted: Part = (in_ms or 0, out_ms)
    if out_ms is None or out_ms <= (in_ms or 0):
        raise DomainError("stretch-empty", _("A stretch ends after it begins."))
    if not is_inside(wanted, granted):
        raise DomainError("stretch-not-granted", _("This stretch lies outside of what is granted."))
    if is_clip_only and grant.seconds is not None and out_ms - (in_ms or 0) > grant.seconds * 1000:
        raise ConflictError(
            "stretch-too-long",
            _("At most %(seconds)d s are granted.") % {"seconds": grant.seconds},
            granted_seconds=grant.seconds,
        )
    return in_ms or 0, out_ms


def _length(file: MediaFile) -> int | None:
    return file.instantiations.filter(duration_ms__isnull=False).values_list("duration_ms", flat=True).first()
