"""Who sees what of the archive.

A house sees all of its own. Others see a published item's record, once its embargo is over, if it is for everyone or
if both houses are parties to one archive module that has begun and not ended. Footage itself is another question:
``rights``.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, F, Model, OuterRef, Q, Subquery
from django.db.models.functions import Now

from archive.constants import (
    MASTERS,
    READABLE_STATES,
    Access,
    FileStatus,
    ItemStatus,
    PremisOutcome,
    PremisType,
    StepKind,
    StepStatus,
)
from broadcasters.constants import Area
from broadcasters.querysets import NamedQuerySet, member_ids

if TYPE_CHECKING:
    from archive.models import Item, Step
    from mediaexchange.core.models import User

M = TypeVar("M", bound=Model)
Viewer = "User | AnonymousUser"


class HouseQuerySet(NamedQuerySet[M]):
    """Rows that only their own house sees."""

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        return self.filter(broadcaster__in=member_ids(user))


class MediaFileQuerySet(HouseQuerySet[M]):
    """Partners reach a file through what holds it, never through the file itself."""

    def ready(self) -> Self:
        return self.filter(status=FileStatus.READY)

    def damaged(self) -> Self:
        """Files whose last fixity check failed: changed in the store, or missing there."""
        from archive.models import PreservationEvent

        checks = PreservationEvent.objects.filter(file=OuterRef("pk"), kind=PremisType.FIXITY_CHECK)
        last = Subquery(checks.order_by("-at", "-pk").values("outcome")[:1])
        return self.alias(last_check=last).filter(last_check=PremisOutcome.FAILURE)

    def due_for_fixity(self, every: timedelta) -> Self:
        """Files that were not read again for so long: masters first, then whatever was read longest ago."""
        from archive.models import Instantiation

        is_master = Exists(Instantiation.objects.filter(file=OuterRef("pk"), generation__in=MASTERS))
        due = self.ready().filter(Q(checked_at__isnull=True) | Q(checked_at__lt=Now() - every))
        return due.order_by(is_master.desc(), F("checked_at").asc(nulls_first=True), "pk")


@dataclass(frozen=True, slots=True)
class Narrowing:
    """A condition, and queries from an index that together give the ids of all items of which it can be true.

    They may give more, and some twice. Without any, the condition has no index. ``is_inverted`` for an index that can
    only give all rows of a value at once.
    """

    condition: Q
    among: tuple["models.QuerySet[Any]", ...] = ()
    is_inverted: bool = False


class ItemQuerySet(models.QuerySet[M]):
    narrowings: tuple[Narrowing, ...] = ()

    def _clone(self) -> Self:
        clone: Self = super()._clone()  # type: ignore[misc]
        clone.narrowings = self.narrowings
        return clone

    def narrowed(self, narrowing: Narrowing) -> Self:
        """Filtered, and keeping in mind how few it may be: see ``archive.bounded``."""
        narrowed = self.filter(narrowing.condition)
        narrowed.narrowings = (*self.narrowings, narrowing) if narrowing.among else self.narrowings
        return narrowed

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """The records that the user reads; an account that belongs to nobody reads none."""
        own = Q(broadcaster__in=member_ids(user))
        shared = Q(access=Access.PARTNERS, broadcaster__in=partner_ids(user))
        return self.filter(own | _open() & (shared | Q(access=Access.PUBLIC) & Q(Exists(member_ids(user)))))

    def public(self) -> Self:
        """What somebody without an account may read."""
        return self.filter(_open(), access=Access.PUBLIC)

    def own(self, user: "User | AnonymousUser") -> Self:
        return self.filter(broadcaster__in=member_ids(user))

    def once_read_by(self, user: "User | AnonymousUser") -> Self:
        """What this reader may ever have read, by the widest circle that a record was open to: its going is told."""
        if not user.is_authenticated:
            return self.filter(widest_access=Access.PUBLIC)
        shared = Q(widest_access=Access.PARTNERS, broadcaster__in=partner_ids(user))
        return self.filter(shared | Q(widest_access=Access.PUBLIC) & Q(Exists(member_ids(user))))

    def cleared_for(
        self, user: "User | AnonymousUser", *, platform: str = "", territory: str = "", at: datetime | None = None
    ) -> Self:
        """Items that one of the user's broadcasters may use, as ``archive.rights.may_use`` says of each of them."""
        from archive.rights import is_cleared
        from broadcasters.models import Broadcaster

        cleared = Q(pk__in=[])
        for house in Broadcaster.objects.of(user).order_by("pk"):
            cleared |= is_cleared(house, platform=platform, territory=territory, at=at)
        return self.filter(cleared)


def readers_of(item: "Item") -> set[int]:
    """Ids of the broadcasters that read the item's record as it stands, by the database's clock: its own and others."""
    from archive.models import Item
    from broadcasters.models import Broadcaster, Module

    house = {item.broadcaster_id}
    is_open = item.status == ItemStatus.PUBLISHED and item.access != Access.HOUSE
    if not is_open or not Item.objects.filter(_open(), pk=item.pk).exists():
        return house
    active: Any = Broadcaster.objects.filter(is_active=True)
    if item.access == Access.PARTNERS:
        parties = Module.parties.through.objects
        shared = parties.filter(
            broadcaster=item.broadcaster_id, module__area=Area.ARCHIVE, module__state__in=READABLE_STATES
        )
        active = active.filter(pk__in=parties.filter(module__in=shared.values("module")).values("broadcaster"))
    return house | set(active.values_list("pk", flat=True))


def _open() -> Q:
    """Published and free of embargo, by the database's clock."""
    return Q(status=ItemStatus.PUBLISHED) & (Q(embargoed_until__isnull=True) | Q(embargoed_until__lte=Now()))


def partner_ids(user: "User | AnonymousUser") -> models.QuerySet[Any]:
    """Ids of the houses that share an archive module with one of the user's, and of that house too.

    A sub-query that asks nothing of the item: PostgreSQL answers it once, not for each row.
    """
    from broadcasters.models import Module

    parties = Module.parties.through.objects
    mine = parties.filter(broadcaster__in=member_ids(user)).values("module")
    shared = parties.filter(module__area=Area.ARCHIVE, module__state__in=READABLE_STATES, module__in=mine)
    return shared.values("broadcaster_id")


class ItemPartQuerySet(models.QuerySet[M]):
    """What hangs on an item: seen by whoever sees the item."""

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        from archive.models import Item

        return self.filter(item__in=Item.objects.visible_to(user))


class InstantiationPartQuerySet(models.QuerySet[M]):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        from archive.models import Item

        return self.filter(instantiation__item__in=Item.objects.visible_to(user))


class FilePartQuerySet(models.QuerySet[M]):
    """What was made of a file and happened to it: seen by its house."""

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        return self.filter(file__broadcaster__in=member_ids(user))


# What must have been done before a step can be. Pictures of a recording are taken from its proxy.
_NEEDS: dict[str, tuple[str, ...]] = {
    StepKind.CHECKSUM: (StepKind.PROBE,),
    StepKind.PROBE: (StepKind.PROXY, StepKind.WAVEFORM, StepKind.LOUDNESS),
    StepKind.PROXY: (StepKind.WATERMARK, StepKind.POSTER, StepKind.KEYFRAMES, StepKind.SPRITE, StepKind.HLS),
}


class StepQuerySet(FilePartQuerySet[M]):
    def due(self) -> Self:
        """Steps whose time has come and which nobody is at, with all that they need done."""
        waits = Q(status=StepStatus.WAITING, due_at__lte=Now()) | Q(status=StepStatus.RUNNING, leased_until__lt=Now())
        done = [StepStatus.DONE, StepStatus.SKIPPED]
        blocked = Q()
        for earlier, later in _NEEDS.items():
            undone = self.model._default_manager.filter(file=OuterRef("file"), kind=earlier).exclude(status__in=done)
            blocked |= Q(kind__in=later) & Q(Exists(undone))
        return self.filter(waits).exclude(blocked)

    def that_need(self, step: "Step") -> Self:
        """Steps of the same file that wait for this one, or for one that waits for it."""
        found, open_kinds = set[str](), [step.kind]
        while open_kinds:
            later = _NEEDS.get(open_kinds.pop(), ())
            found.update(later)
            open_kinds.extend(later)
        return self.filter(file=step.file_id, kind__in=found, status=StepStatus.WAITING)


class GrantQuerySet(models.QuerySet[M]):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """Grants on one's own items, and those given to one's own house by name or with all partners."""
        from archive.models import Item

        houses = member_ids(user)
        to_all = Q(grantee__isnull=True, item__in=Item.objects.visible_to(user))
        return self.filter(Q(item__broadcaster__in=houses) | Q(grantee__in=houses) | to_all)


class GrantPartQuerySet(models.QuerySet[M]):
    """Uses and deliveries: seen by the holder and the house whose they are, never by a third."""

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        houses = member_ids(user)
        return self.filter(Q(grant__item__broadcaster__in=houses) | Q(broadcaster__in=houses))


class DeliveryPartQuerySet(models.QuerySet[M]):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        houses = member_ids(user)
        return self.filter(Q(delivery__grant__item__broadcaster__in=houses) | Q(delivery__broadcaster__in=houses))


class RequestQuerySet(models.QuerySet[M]):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        houses = member_ids(user)
        return self.filter(Q(broadcaster__in=houses) | Q(holder__in=houses))


class RequestPartQuerySet(models.QuerySet[M]):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        houses = member_ids(user)
        return self.filter(Q(footage_request__broadcaster__in=houses) | Q(footage_request__holder__in=houses))


class LicenceQuerySet(models.QuerySet[M]):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        houses = member_ids(user)
        return self.filter(Q(holder__in=houses) | Q(licensee__in=houses))


class ImportPartQuerySet(models.QuerySet[M]):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        return self.filter(catalogue_import__broadcaster__in=member_ids(user))
