"""Who sees which organisation, agreement and reference record.

Reference data (broadcasters, channels, people, places, institutions) is shared by everyone who belongs to at least one
broadcaster. Agreements are seen by the members of their parties. An account that belongs to nobody sees nothing.
"""

from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, Model

if TYPE_CHECKING:
    from mediaexchange.core.models import User

Viewer = "User | AnonymousUser"
M = TypeVar("M", bound=Model)


def member_ids(user: "User | AnonymousUser") -> models.QuerySet[Any]:
    """The ids of the broadcasters this user belongs to, as a sub-query."""
    from broadcasters.models import Membership

    return Membership.objects.filter(user_id=user.pk or 0, broadcaster__is_active=True).values("broadcaster_id")


class ReferenceQuerySet(models.QuerySet[M]):
    """Rows that all members of the exchange share."""

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        return self.filter(Exists(member_ids(user)))


class BroadcasterQuerySet(ReferenceQuerySet[M]):
    def of(self, user: "User | AnonymousUser") -> Self:
        """The broadcasters this user belongs to."""
        return self.filter(pk__in=member_ids(user))


class MembershipQuerySet(models.QuerySet[M]):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """Memberships of the user's own broadcasters, and the user's own."""
        return self.filter(models.Q(broadcaster__in=member_ids(user)) | models.Q(user_id=user.pk))


class MemorandumQuerySet(models.QuerySet[M]):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        from broadcasters.models import Party

        own = Party.objects.filter(memorandum_id=models.OuterRef("pk"), broadcaster__in=member_ids(user))
        return self.filter(Exists(own))


class PartyQuerySet(models.QuerySet[M]):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        from broadcasters.models import Memorandum

        return self.filter(memorandum__in=Memorandum.objects.visible_to(user))


class ModuleQuerySet(models.QuerySet[M]):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        from broadcasters.models import Module

        own = Module.parties.through.objects.filter(module_id=models.OuterRef("pk"), broadcaster__in=member_ids(user))
        return self.filter(Exists(own))

    def running(self) -> Self:
        from broadcasters.constants import RUNNING_STATES

        return self.filter(state__in=RUNNING_STATES)


class AiringQuerySet(models.QuerySet[M]):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """Airings on the user's own channels, and airings of what the user's broadcasters made."""
        own = models.Q(channel__broadcaster__in=member_ids(user))
        return self.filter(own | models.Q(origin__in=member_ids(user)))
