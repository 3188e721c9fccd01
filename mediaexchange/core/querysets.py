"""Questions about many rows of core's models."""

from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

if TYPE_CHECKING:
    from mediaexchange.core.models import ApiKey, CalendarFeed, KeepWord, User


class ApiKeyQuerySet(models.QuerySet["ApiKey"]):
    def alive(self) -> "ApiKeyQuerySet":
        """Keys that open the door now, by the database's clock."""
        return self.filter(Q(expires_at__isnull=True) | Q(expires_at__gt=Now()), revoked_at__isnull=True)


class KeepWordQuerySet(models.QuerySet["KeepWord"]):
    def visible_to(self, user: "User | AnonymousUser") -> "KeepWordQuerySet":
        """No secret from anybody who may sign in."""
        return self if user.is_authenticated else self.none()

    def in_use(self) -> "KeepWordQuerySet":
        return self.filter(is_active=True)


class CalendarFeedQuerySet(models.QuerySet["CalendarFeed"]):
    def visible_to(self, user: "User | AnonymousUser") -> "CalendarFeedQuerySet":
        """One's own: whoever knows an address reads with its owner's eyes."""
        return self.filter(user_id=user.pk or 0)

    def alive(self) -> "CalendarFeedQuerySet":
        """Not revoked, of an account that may still sign in."""
        return self.filter(revoked_at__isnull=True, user__is_active=True)
