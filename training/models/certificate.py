"""Certificates of attendance."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from training.models.enrolment import Enrolment
from training.models.workshop import new_token
from training.querysets import EnrolmentPartQuerySet


class Certificate(models.Model):
    """Made out in the person's language when it is read; no file of it is kept.

    ``number`` is for people and can be guessed; nothing is found by it. ``token`` is what the QR code holds.
    The reason of a revocation is for the houses, never for the public.
    """

    uid = models.UUIDField(_("UID"), default=uuid4, unique=True, editable=False)
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="certificates", verbose_name=_("enrolment"))
    number = models.CharField(pgettext_lazy("document", "number"), max_length=30, unique=True)
    token = models.CharField(max_length=40, unique=True, default=new_token, editable=False)
    language = models.CharField(_("language"), max_length=35)
    sessions_held = models.PositiveSmallIntegerField(_("sessions held"))
    sessions_attended = models.PositiveSmallIntegerField(_("sessions attended"))
    issued_at = models.DateTimeField(_("issued at"), db_default=Now())
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)
    revocation_reason = models.CharField(_("reason for the revocation"), max_length=500, blank=True, default="")

    objects = EnrolmentPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment"], name="training_certificate_once", condition=Q(revoked_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_valid(self) -> bool:
        return self.revoked_at is None
