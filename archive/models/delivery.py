"""Licensed footage on its way: the clip that is cut, the links that are followed, the receipt."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from archive.constants import DeliveryStatus
from archive.models.base import one_of
from archive.models.rights import Grant
from archive.querysets import DeliveryPartQuerySet, GrantPartQuerySet
from broadcasters.models import Broadcaster


class FootageDelivery(models.Model):
    """One clip or whole file for one grant and house. It is given out while its grant holds, asked at every download.

    ``in_ms`` and ``out_ms`` are the stretch that is cut; None for the whole file, whose own name in the store it has.
    A clip's name is random, and empty once its bytes are gone.
    """

    uid = models.UUIDField(_("UID"), default=uuid4, unique=True, editable=False)
    grant = models.ForeignKey(Grant, models.PROTECT, related_name="deliveries", verbose_name=_("grant"))
    broadcaster = models.ForeignKey(
        Broadcaster, models.PROTECT, related_name="footage_deliveries", verbose_name=_("delivered to")
    )
    in_ms = models.BigIntegerField(_("from, in ms"), null=True, blank=True)
    out_ms = models.BigIntegerField(_("to, in ms"), null=True, blank=True)
    status = models.CharField(
        _("status"), max_length=10, choices=DeliveryStatus.choices, default=DeliveryStatus.WAITING
    )
    progress_percent = models.PositiveSmallIntegerField(_("progress in per cent"), default=0)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    error = models.CharField(_("reason"), max_length=40, blank=True, default="")
    log = models.TextField(_("log"), blank=True, default="")
    due_at = models.DateTimeField(_("due at"), db_default=Now())
    lease_token = models.UUIDField(null=True, editable=False)
    leased_until = models.DateTimeField(null=True, editable=False)
    storage_name = models.CharField(_("name in the store"), max_length=255, blank=True, default="")
    content_type = models.CharField(_("content type"), max_length=200, blank=True, default="")
    size_bytes = models.BigIntegerField(_("size in bytes"), null=True, blank=True)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True, default="")
    duration_ms = models.BigIntegerField(_("duration in ms"), null=True, blank=True)
    max_downloads = models.PositiveIntegerField(_("downloads at most"), default=10)
    downloads_used = models.PositiveIntegerField(_("downloads"), default=0, editable=False)
    received_at = models.DateTimeField(_("receipt confirmed at"), null=True, blank=True)
    received_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(_("created at"), db_default=Now(), editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    objects = GrantPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery of footage")
        verbose_name_plural = _("deliveries of footage")
        ordering = ["-id"]
        indexes = [models.Index(fields=["due_at"], name="archive_delivery_due", condition=Q(status="waiting"))]
        constraints = [
            one_of("status", DeliveryStatus, "archive_delivery_status"),
            models.CheckConstraint(
                name="archive_delivery_downloads", condition=Q(downloads_used__lte=F("max_downloads"))
            ),
            models.CheckConstraint(
                name="archive_delivery_stretch",
                condition=Q(in_ms__isnull=True, out_ms__isnull=True) | Q(in_ms__gte=0, out_ms__gt=F("in_ms")),
            ),
            models.CheckConstraint(name="archive_delivery_percent", condition=Q(progress_percent__lte=100)),
            models.CheckConstraint(name="archive_delivery_stored", condition=~Q(status="ready") | ~Q(storage_name="")),
        ]

    def __str__(self) -> str:
        return f"{self.grant} · {self.get_status_display()}"


class Download(models.Model):
    """One time that a delivered file was fetched. Parts of one download by ranges are one row."""

    delivery = models.ForeignKey(
        FootageDelivery, models.PROTECT, related_name="downloads", verbose_name=_("delivery of footage")
    )
    token_hash = models.CharField(max_length=64, editable=False)
    at = models.DateTimeField(_("at"), db_default=Now())
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    objects = DeliveryPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("download")
        verbose_name_plural = _("downloads")
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["delivery", "token_hash"], name="archive_download_once")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"
