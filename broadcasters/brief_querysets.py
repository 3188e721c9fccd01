"""Who sees which brief: the person under whose rights it was counted, while that person sees the agreement."""

from typing import TYPE_CHECKING, Self, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Model, Q
from django.db.models.functions import Now

if TYPE_CHECKING:
    from mediaexchange.core.models import User

M = TypeVar("M", bound=Model)


class BriefQuerySet(models.QuerySet[M]):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        from broadcasters.models import Memorandum

        return self.filter(person_id=user.pk or 0, memorandum__in=Memorandum.objects.visible_to(user))


class BriefSubscriptionQuerySet(BriefQuerySet[M]):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """Everybody's own, also those that were paused because the agreement is out of sight."""
        return self.filter(person_id=user.pk or 0)

    def due(self) -> Self:
        return self.filter(next_due_at__lte=Now(), paused="")


class BriefIssueQuerySet(models.QuerySet[M]):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        return self.filter(subscription__person_id=user.pk or 0)

    def due(self) -> Self:
        """By the database's clock, and nobody is at it."""
        free = Q(leased_until__isnull=True) | Q(leased_until__lt=Now())
        return self.filter(free, status="pending", due_at__lte=Now())
