"""Imports of catalogue records: what a document would change, said before it is done; and every refusal."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from archive.constants import ImportAction, ImportFormat, ImportStatus
from archive.models.base import one_of
from archive.models.item import Item
from archive.querysets import HouseQuerySet, ImportPartQuerySet
from broadcasters.models import Broadcaster


class CatalogueImport(models.Model):
    """One document. ``content`` is kept as received; nothing is written to the catalogue before somebody approves."""

    uid = models.UUIDField(_("UID"), default=uuid4, unique=True, editable=False)
    broadcaster = models.ForeignKey(
        Broadcaster, models.PROTECT, related_name="catalogue_imports", verbose_name=_("broadcaster")
    )
    format = models.CharField(_("format"), max_length=10, choices=ImportFormat.choices)
    file_name = models.CharField(_("file name"), max_length=255, blank=True, default="")
    content = models.BinaryField(editable=False)
    status = models.CharField(_("status"), max_length=10, choices=ImportStatus.choices, default=ImportStatus.READING)
    error = models.CharField(_("reason"), max_length=40, blank=True, default="")
    detail = models.TextField(_("details"), blank=True, default="")
    created_at = models.DateTimeField(_("created at"), db_default=Now(), editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    applied_at = models.DateTimeField(_("applied at"), null=True, blank=True, editable=False)
    applied_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    objects = HouseQuerySet.as_manager()

    class Meta:
        verbose_name = _("catalogue import")
        verbose_name_plural = _("catalogue imports")
        ordering = ["-id"]
        constraints = [
            one_of("format", ImportFormat, "archive_import_format"),
            one_of("status", ImportStatus, "archive_import_status"),
        ]

    def __str__(self) -> str:
        return self.file_name or str(self.uid)


class ImportRow(models.Model):
    """One record of the document. ``changes`` are field → [before, after]; ``problems`` say what was not understood."""

    catalogue_import = models.ForeignKey(
        CatalogueImport, models.CASCADE, related_name="rows", verbose_name=_("catalogue import")
    )
    position = models.PositiveIntegerField(_("place"))
    identifier = models.CharField(_("identifier"), max_length=200, blank=True, default="")
    action = models.CharField(_("action"), max_length=10, choices=ImportAction.choices)
    item = models.ForeignKey(Item, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("item"))
    changes = models.JSONField(_("changes"), default=dict)
    problems = models.JSONField(_("problems"), default=list)
    record = models.JSONField(_("record"), default=dict)

    objects = ImportPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("imported record")
        verbose_name_plural = _("imported records")
        ordering = ["catalogue_import", "position"]
        constraints = [
            models.UniqueConstraint(fields=["catalogue_import", "position"], name="archive_importrow_position"),
            one_of("action", ImportAction, "archive_importrow_action"),
        ]

    def __str__(self) -> str:
        return f"{self.position} · {self.identifier}"
