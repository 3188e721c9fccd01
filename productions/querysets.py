"""Who sees what of co-productions.

A production is seen by the members of its partners; until it is shared, by the members of the house alone that made it.
What hangs on a production is seen through it.
"""

from typing import TYPE_CHECKING, Self, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, Model, OuterRef, Q

from broadcasters.querysets import NamedQuerySet, member_ids, member_ids_with

if TYPE_CHECKING:
    from mediaexchange.core.models import User

M = TypeVar("M", bound=Model)
CHANGE = "productions.change_production"


class ProductionQuerySet(NamedQuerySet[M]):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        from productions.models import Partner

        theirs = Partner.objects.filter(production=OuterRef("pk"), broadcaster__in=member_ids(user))
        return self.filter(Q(made_by__in=member_ids(user)) | Q(shared_at__isnull=False) & Q(Exists(theirs)))

    def changeable_by(self, user: "User | AnonymousUser", permission: str = CHANGE) -> Self:
        """Those that the user sees and of which a partner has given the user a role with the permission."""
        from productions.models import Partner

        theirs = Partner.objects.filter(production=OuterRef("pk"), broadcaster__in=member_ids_with(user, permission))
        return self.visible_to(user).filter(Exists(theirs))


class ProductionPartQuerySet(models.QuerySet[M]):
    """What hangs on a production; ``production_path`` leads there from rows that hang on one of its parts."""

    production_path = "production"

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        from productions.models import Production

        return self.filter(**{f"{self.production_path}__in": Production.objects.visible_to(user)})


class SharedRowsQuerySet(NamedQuerySet[M]):
    """Themes, stages and rules: the same for every house of the exchange."""

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        return self.filter(Exists(member_ids(user)))


class StageMoveQuerySet(models.QuerySet[M]):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        return self.filter(Exists(member_ids(user)))

    def leaving(self, stage_id: int) -> Self:
        """The moves out of a stage; those from everywhere lead out of what is not closed."""
        from productions.models import Stage

        is_open = Exists(Stage.objects.filter(pk=stage_id, is_closed=False))
        anywhere = Q(from_stage__isnull=True) & ~Q(to_stage=stage_id) & Q(is_open)
        return self.filter(Q(from_stage=stage_id) | anywhere).select_related("to_stage").order_by("to_stage__position")


class PilotMarkQuerySet(ProductionPartQuerySet[M]):
    production_path = "review__production"
