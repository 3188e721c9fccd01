"""Who sees imports of airings, suggestions of what was aired, and figures of audiences."""

from typing import TYPE_CHECKING, Self, TypeVar

from django.db import models
from django.db.models import Model, Q

from broadcasters.querysets import member_ids

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from mediaexchange.core.models import User

M = TypeVar("M", bound=Model)


class AiringImportQuerySet(models.QuerySet[M]):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """The house that sent it, nobody else."""
        return self.filter(broadcaster__in=member_ids(user))


class AiringImportRowQuerySet(models.QuerySet[M]):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        return self.filter(airing_import__broadcaster__in=member_ids(user))


class AiringMatchQuerySet(models.QuerySet[M]):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """The house on whose channel it was aired: a guess is nobody else's business."""
        return self.filter(airing__channel__broadcaster__in=member_ids(user))


class AudienceFigureQuerySet(models.QuerySet[M]):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """The house that states it, the house whose channel it is about, and the house that made what was watched."""
        houses = member_ids(user)
        return self.filter(
            Q(stated_by__in=houses)
            | Q(channel__broadcaster__in=houses)
            | Q(airing__channel__broadcaster__in=houses)
            | Q(airing__origin__in=houses)
            | Q(made_by__in=houses)
        )

    def for_reading(self) -> Self:
        return self.select_related("airing__channel", "airing__origin", "channel", "stated_by", "made_by")
