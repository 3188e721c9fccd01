"""Questions about many milestones, windows and showings."""

from datetime import datetime
from typing import TYPE_CHECKING, Self, TypeVar

from django.db.models import F, Model, Q
from django.db.models.functions import Now

from archive.models.rights import territory_numbers
from broadcasters.querysets import member_ids
from mediaexchange.core.rights.terms import PLATFORMS
from mediaexchange.core.rights.territories import CODES
from productions.querysets import ProductionPartQuerySet

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from mediaexchange.core.models import User
    from productions.models import Window

M = TypeVar("M", bound=Model)


class MilestoneQuerySet(ProductionPartQuerySet[M]):
    def owned_by(self, user: "User | AnonymousUser") -> Self:
        """Those that a house of the user owes."""
        return self.filter(owner__broadcaster__in=member_ids(user))

    def late(self) -> Self:
        """Owed after their time, by the database's clock."""
        return self.filter(done_at__isnull=True, is_cancelled=False, ends_at__lte=Now())

    def late_untold(self) -> Self:
        """Late, and nobody was told of it since they were last moved."""
        told = Q(told_late_for__isnull=True) | ~Q(told_late_for=F("ends_at"))
        return self.late().filter(told, production__stage__is_closed=False)


class BaselineMilestoneQuerySet(ProductionPartQuerySet[M]):
    production_path = "baseline__production"


class WindowQuerySet(ProductionPartQuerySet[M]):
    def active(self) -> Self:
        return self.filter(cancelled_at__isnull=True)

    def between(self, starts_at: datetime, ends_at: datetime) -> Self:
        """Those that hold at some moment from the first on and before the second."""
        return self.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=starts_at), starts_at__lt=ends_at)

    def holding_at(self, at: datetime) -> Self:
        return self.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=at), starts_at__lte=at)

    def for_platform(self, platform: str) -> Self:
        return self.filter(platform_numbers__contains=[PLATFORMS.index(platform)])

    def in_territory(self, code: str) -> Self:
        """Those that mean this territory; none for a code nobody knows."""
        return (
            self.filter(territory_numbers__contains=territory_numbers([code], False)) if code in CODES else self.none()
        )

    def against(self, window: "Window") -> Self:
        """Those with which this one, stored or not, cannot stand: what the exclusion constraints refuse.

        Its numbers must have been made: see ``Window.set_derived``.
        """
        begun = self.filter(starts_at__lt=window.ends_at) if window.ends_at else self
        meant = begun.active().filter(
            Q(ends_at__isnull=True) | Q(ends_at__gt=window.starts_at),
            production=window.production_id,
            territory_numbers__overlap=window.territory_numbers,
            platform_numbers__overlap=window.platform_numbers,
        )
        others = ~Q(holder=window.holder_id)
        excluded = others | Q(is_exclusive=True) if window.is_exclusive else others & Q(is_exclusive=True)
        return meant.filter(excluded).exclude(pk=window.pk)


class RunQuerySet(ProductionPartQuerySet[M]):
    production_path = "window__production"

    def counted(self) -> Self:
        """All that were not taken back."""
        return self.filter(cancelled_at__isnull=True)


class AudienceFigureQuerySet(ProductionPartQuerySet[M]):
    production_path = "run__window__production"
