"""Who sees which organisation, agreement and reference record.

Reference data (broadcasters, channels, people, places, institutions) is shared by everyone who belongs to at least one
broadcaster. Agreements are seen by the members of their parties. An account that belongs to nobody sees nothing.
"""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, Model
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce, Collate
from django.utils.translation import get_language

from mediaexchange.core.languages.tags import DEFAULT, shown_language

if TYPE_CHECKING:
    from broadcasters.foreign_share import ForeignShare
    from broadcasters.models import Channel
    from mediaexchange.core.models import User

Viewer = "User | AnonymousUser"
M = TypeVar("M", bound=Model)
LONGEST_AIRING = timedelta(hours=24)


def member_ids(user: "User | AnonymousUser") -> models.QuerySet[Any]:
    """The ids of the broadcasters this user belongs to, as a sub-query."""
    from broadcasters.models import Membership

    return Membership.objects.filter(user_id=user.pk or 0, broadcaster__is_active=True).values("broadcaster_id")


def member_ids_with(user: "User | AnonymousUser", permission: str) -> models.QuerySet[Any]:
    """Those of them where one of the user's roles carries the permission. Superusers need no role, but to belong."""
    from broadcasters.permissions import roles_with

    members = member_ids(user)
    return members if getattr(user, "is_superuser", False) else members.filter(role__in=roles_with(permission))


def by_name() -> Collate:
    """What orders named records in the alphabet of the active language, whatever collations the server has."""
    language = shown_language(get_language() or "") or DEFAULT
    return Collate(Coalesce(KT(f"sort_keys__{language}"), models.Value("", models.TextField())), "C")


class NamedQuerySet(models.QuerySet[M]):
    def with_sort_key(self) -> Self:
        """Each row with what ``by_name()`` orders it by, as ``sort_key``."""
        return self.annotate(sort_key=by_name())


class ReferenceQuerySet(NamedQuerySet[M]):
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


class MemorandumQuerySet(NamedQuerySet[M]):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        from broadcasters.models import Party

        own = Party.objects.filter(memorandum_id=models.OuterRef("pk"), broadcaster__in=member_ids(user))
        return self.filter(Exists(own))


class ObligationQuerySet(models.QuerySet[M]):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """Whoever sees the memorandum sees what is owed under it, also between others."""
        from broadcasters.models import Memorandum

        return self.filter(memorandum__in=Memorandum.objects.visible_to(user))

    def for_progress(self) -> Self:
        return self.select_related("memorandum", "clause", "module", "debtor", "creditor")


class PartyQuerySet(models.QuerySet[M]):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        from broadcasters.models import Memorandum

        return self.filter(memorandum__in=Memorandum.objects.visible_to(user))


class ModuleQuerySet(NamedQuerySet[M]):
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

    def foreign_share(self, channel: "Channel", day: date) -> "ForeignShare":
        """How much of the channel's week round this day was made elsewhere; see ``foreign_share``."""
        return self.foreign_shares(channel, day, day)[0]

    def foreign_shares(self, channel: "Channel", first: date, last: date) -> "list[ForeignShare]":
        """Week by week, both days included."""
        from broadcasters.foreign_share import shares_of

        return shares_of(self, channel, first, last)
