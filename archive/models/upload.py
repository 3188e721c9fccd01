"""Uploads that survive a broken line: what has arrived so far, and what becomes of it."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from archive.constants import Generation, UploadRefusal, UploadStatus
from archive.models.base import one_of
from archive.models.file import MediaFile
from archive.models.item import Item
from archive.querysets import HouseQuerySet
from broadcasters.models import Broadcaster


class Upload(models.Model):
    """A tus upload. The bytes lie in a file named by ``uid`` until all have come; ``offset_bytes`` never runs ahead
    of them. ``refusal`` is a stable code, ``details`` what it needs to be told in any language."""

    uid = models.UUIDField(_("UID"), default=uuid4, unique=True, editable=False)
    broadcaster = models.ForeignKey(Broadcaster, models.PROTECT, related_name="uploads", verbose_name=_("broadcaster"))
    item = models.ForeignKey(
        Item, models.SET_NULL, null=True, blank=True, related_name="uploads", verbose_name=_("item")
    )
    generation = models.CharField(_("generation"), max_length=15, choices=Generation.choices, default=Generation.MASTER)
    original_name = models.CharField(_("original name"), max_length=255, blank=True, default="")
    declared_type = models.CharField(_("declared type"), max_length=200, blank=True, default="")
    declared_checksum = models.CharField(_("declared checksum"), max_length=200, blank=True, default="")
    length_bytes = models.BigIntegerField(_("length in bytes"))
    offset_bytes = models.BigIntegerField(_("arrived, in bytes"), default=0)
    status = models.CharField(_("status"), max_length=10, choices=UploadStatus.choices, default=UploadStatus.RECEIVING)
    refusal = models.CharField(_("reason"), max_length=40, blank=True, default="")
    details = models.JSONField(default=dict, editable=False)
    file = models.ForeignKey(
        MediaFile, models.PROTECT, null=True, blank=True, related_name="uploads", verbose_name=_("file")
    )
    expires_at = models.DateTimeField(_("given up at"))
    created_at = models.DateTimeField(_("created at"), db_default=Now(), editable=False)
    changed_at = models.DateTimeField(_("changed at"), db_default=Now(), editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    objects = HouseQuerySet.as_manager()

    class Meta:
        verbose_name = _("upload")
        verbose_name_plural = _("uploads")
        ordering = ["-id"]
        indexes = [models.Index(fields=["status", "expires_at"], name="archive_upload_due")]
        constraints = [
            one_of("status", UploadStatus, "archive_upload_status"),
            models.CheckConstraint(
                name="archive_upload_within_length",
                condition=Q(offset_bytes__gte=0, length_bytes__gt=0, offset_bytes__lte=F("length_bytes")),
            ),
            models.CheckConstraint(
                name="archive_upload_done_has_file", condition=~Q(status="done") | Q(file__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.original_name or str(self.uid)

    @property
    def is_gone(self) -> bool:
        """Given up, or not continued for so long that it counts as given up."""
        is_late = self.status == UploadStatus.RECEIVING and self.expires_at <= timezone.now()
        return is_late or self.status == UploadStatus.ENDED

    @property
    def reason(self) -> str:
        """Why it was refused, in the reader's language; "" if it was not."""
        return str(UploadRefusal(self.refusal).label) if self.refusal in UploadRefusal.values else self.refusal
