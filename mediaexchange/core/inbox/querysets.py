"""Whose notifications these are, and which of them and of their mails are due."""

from typing import TYPE_CHECKING, Self, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Model, Q
from django.db.models.functions import Now

from mediaexchange.core.inbox.constants import MailStatus

if TYPE_CHECKING:
    from mediaexchange.core.models import User

M = TypeVar("M", bound=Model)


class NotificationQuerySet(models.QuerySet[M]):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """One's own. Nobody reads over another's shoulder, superusers neither."""
        return self.filter(recipient_id=user.pk or 0)

    def unread(self) -> Self:
        return self.filter(read_at__isnull=True)

    def to_gather(self) -> Self:
        """Whose mail is due and not composed yet; what has been read meanwhile needs none."""
        return self.filter(mail__isnull=True, read_at__isnull=True, mail_due_at__lte=Now())


class NotificationChoiceQuerySet(models.QuerySet[M]):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        return self.filter(user_id=user.pk or 0)


class NotificationMailQuerySet(models.QuerySet[M]):
    def due(self) -> Self:
        free = Q(leased_until__isnull=True) | Q(leased_until__lt=Now())
        return self.filter(free, status=MailStatus.PENDING, due_at__lte=Now())
