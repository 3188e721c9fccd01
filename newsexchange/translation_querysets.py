"""Who sees a house's translation services, orders and memory: those of its people whose role says so, nobody else."""

from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Model, Q
from django.db.models.functions import Now

from broadcasters.querysets import member_ids_with
from newsexchange.constants import OrderStatus, PubStatus

if TYPE_CHECKING:
    from mediaexchange.core.models import User

M = TypeVar("M", bound=Model)


class TranslationProviderQuerySet(models.QuerySet[M]):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        return self.filter(broadcaster__in=member_ids_with(user, "newsexchange.view_translationprovider"))


class TranslationOrderQuerySet(models.QuerySet[M]):
    """Machine text that nobody has approved stands here alone, and what stands here is seen by its own house alone."""

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        return self.filter(story__broadcaster__in=member_ids_with(user, "newsexchange.view_translationorder"))

    def due(self) -> Self:
        """What no machine is at, or one that has not been heard of since its lease ended."""
        fresh = Q(status=OrderStatus.QUEUED, due_at__lte=Now())
        lost = Q(status=OrderStatus.WORKING, leased_until__lt=Now())
        return self.filter(fresh | lost)

    def pending(self) -> Self:
        """Those that a person or a machine still waits for."""
        return self.filter(status__in=[OrderStatus.QUEUED, OrderStatus.WORKING, OrderStatus.DONE])


class MemorySegmentQuerySet(models.QuerySet[M]):
    def usable(self) -> Self:
        """Without what was recalled: a killed story's words come back nowhere, a withheld one's not for now."""
        return self.filter(story__pubstatus=PubStatus.USABLE)

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        return self.usable().filter(broadcaster__in=member_ids_with(user, "newsexchange.view_memorysegment"))

    def of(self, broadcaster: Any, source: str, target: str) -> Self:
        """What this house has approved between two languages."""
        return self.usable().filter(broadcaster=broadcaster, source_language=source, target_language=target)
