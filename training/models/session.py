"""Sessions of a workshop: when and where people meet."""

import secrets
from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from broadcasters.models import Place
from mediaexchange.core.languages.localize import localized
from training.models.workshop import Workshop
from training.querysets import WorkshopPartQuerySet


def new_secret() -> str:
    return secrets.token_hex(20)


class Session(models.Model):
    """Stored in UTC, shown in the host's zone and the reader's. What is empty of place and address is the workshop's.

    ``sequence`` is how often calendars were told anew (RFC 5545, 3.8.7.4), ``told_at`` when they were the last time.
    """

    uid = models.UUIDField(_("UID"), default=uuid4, unique=True, editable=False)
    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="sessions", verbose_name=_("workshop"))
    title = models.CharField(_("title"), max_length=200, blank=True)
    starts_at = models.DateTimeField(_("starts at"))
    ends_at = models.DateTimeField(_("ends at"))
    place = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("place"))
    venue = models.CharField(_("venue"), max_length=300, blank=True, default="")
    online_url = models.URLField(_("online address"), max_length=500, blank=True, default="")
    is_cancelled = models.BooleanField(_("cancelled"), default=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)
    told_at = models.DateTimeField(db_default=Now(), editable=False)
    check_in_secret = models.CharField(max_length=40, default=new_secret, editable=False)

    objects = WorkshopPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("training session")
        verbose_name_plural = _("training sessions")
        ordering = ["starts_at", "id"]
        constraints = [
            models.CheckConstraint(name="training_session_lasts", condition=Q(ends_at__gt=F("starts_at"))),
        ]

    def __str__(self) -> str:
        return localized(self, "title") or str(self.workshop)
