"""Media files: the one store for everything that is heard, seen or printed."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from archive.constants import FileRefusal, FileStatus
from archive.querysets import MediaFileQuerySet
from broadcasters.models import Broadcaster


class MediaFile(models.Model):
    """Bytes under their content hash. The name in the store is made by us; ``original_name`` is only shown.

    ``sha256`` is lower-case hexadecimal, ``content_type`` what the bytes turned out to be, ``technical`` what ffprobe
    said of them. ``checked_at`` is when its bytes were last read again and compared.
    """

    uid = models.UUIDField(_("UID"), default=uuid4, unique=True, editable=False)
    broadcaster = models.ForeignKey(
        Broadcaster, models.PROTECT, related_name="media_files", verbose_name=_("broadcaster")
    )
    sha256 = models.CharField("SHA-256", max_length=64)
    size_bytes = models.BigIntegerField(_("size in bytes"))
    content_type = models.CharField(_("content type"), max_length=200)
    original_name = models.CharField(_("original name"), max_length=255, blank=True, default="")
    declared_checksum = models.CharField(_("declared checksum"), max_length=200, blank=True, default="")
    technical = models.JSONField(_("technical data"), default=dict, blank=True)
    status = models.CharField(_("status"), max_length=10, choices=FileStatus.choices, default=FileStatus.WAITING)
    refusal = models.CharField(_("reason"), max_length=20, choices=FileRefusal.choices, blank=True, default="")
    checked_at = models.DateTimeField(_("fixity checked at"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("created at"), db_default=Now())
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    objects = MediaFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("media file")
        verbose_name_plural = _("media files")
        ordering = ["-id"]
        indexes = [models.Index(F("checked_at").asc(nulls_first=True), "id", name="archive_mediafile_fixity")]
        constraints = [
            models.UniqueConstraint(fields=["broadcaster", "sha256"], name="archive_mediafile_once"),
            models.CheckConstraint(name="archive_mediafile_hash", condition=Q(sha256__regex=r"^[0-9a-f]{64}$")),
            models.CheckConstraint(name="archive_mediafile_size", condition=Q(size_bytes__gte=0)),
            models.CheckConstraint(
                name="archive_mediafile_status", condition=Q(status__in=[value.value for value in FileStatus])
            ),
        ]

    def __str__(self) -> str:
        return self.original_name or self.sha256[:12]

    @property
    def is_ready(self) -> bool:
        return self.status == FileStatus.READY

    @property
    def storage_name(self) -> str:
        """Where the bytes lie in the store: spread over 65,536 folders by their hash."""
        return f"media/{self.sha256[:2]}/{self.sha256[2:4]}/{self.sha256}"
