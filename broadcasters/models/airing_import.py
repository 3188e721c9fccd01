"""Imports of as-run logs and audience tables: what each row would write, said before it is done; and every refusal."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from broadcasters.airing_constants import LogFormat, LogKind, LogStatus, RowAction
from broadcasters.airing_querysets import AiringImportQuerySet, AiringImportRowQuerySet
from broadcasters.models.airings import Airing
from broadcasters.models.base import one_of
from broadcasters.models.organisations import Broadcaster, Channel


class AiringImport(models.Model):
    """One table. ``content`` is kept until it has been read; from then on its rows are what is kept of it. A workbook
    of several sheets is kept until it is approved or discarded, for some days at most: another one may be chosen.

    ``mapping`` says which field each column is: its place, counted from 0, as text → a name of ``parsing.columns``.
    Nothing is written before somebody approves.
    """

    uid = models.UUIDField(_("UID"), default=uuid4, unique=True, editable=False)
    broadcaster = models.ForeignKey(
        Broadcaster, models.PROTECT, related_name="airing_imports", verbose_name=_("broadcaster")
    )
    kind = models.CharField(_("what it holds"), max_length=10, choices=LogKind.choices, default=LogKind.AIRINGS)
    format = models.CharField(_("format"), max_length=10, choices=LogFormat.choices, blank=True, default="")
    file_name = models.CharField(_("file name"), max_length=255, blank=True, default="")
    channel = models.ForeignKey(
        Channel, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("channel"),
        help_text=_("Of rows that name none."),
    )  # fmt: skip
    source = models.CharField(
        _("source"), max_length=300, blank=True, default="",
        help_text=_("Of audience figures: who measured, where rows do not say it."),
    )  # fmt: skip
    sheet = models.CharField(
        _("sheet"), max_length=100, blank=True, default="",
        help_text=_("Of a workbook with several, by its name. Empty: the first that looks like such a table."),
    )  # fmt: skip
    sheets = models.JSONField(_("sheets of the workbook"), default=list, editable=False)
    content = models.BinaryField(null=True, editable=False)
    header = models.JSONField(_("columns"), default=list, editable=False)
    mapping = models.JSONField(_("fields of the columns"), default=dict, editable=False)
    status = models.CharField(_("status"), max_length=10, choices=LogStatus.choices, default=LogStatus.READING)
    error = models.CharField(_("reason"), max_length=40, blank=True, default="")
    detail = models.TextField(_("details"), blank=True, default="")
    leased_until = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(_("created at"), db_default=Now(), editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    applied_at = models.DateTimeField(_("applied at"), null=True, blank=True, editable=False)
    applied_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    matched_at = models.DateTimeField(_("matched at"), null=True, blank=True, editable=False)

    objects = AiringImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("import of airings")
        verbose_name_plural = _("imports of airings")
        ordering = ["-id"]
        constraints = [
            one_of("kind", LogKind, "broadcasters_airingimport_kind"),
            one_of("status", LogStatus, "broadcasters_airingimport_status"),
            one_of("format", LogFormat, "broadcasters_airingimport_format", or_empty=True),
            models.CheckConstraint(
                name="broadcasters_airingimport_content_read",
                condition=~Q(status=LogStatus.READING) | Q(content__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.file_name or str(self.uid)


class AiringImportRow(models.Model):
    """One row of the table. ``cells`` are as read, or as a person corrected them; ``values`` what they mean.

    ``problems`` are {"code", "where", "value"}: of a refused row why, of another one what somebody should look at.
    """

    airing_import = models.ForeignKey(
        AiringImport, models.CASCADE, related_name="rows", verbose_name=_("import of airings")
    )
    position = models.PositiveIntegerField(_("row"))
    cells = models.JSONField(_("cells"), default=list)
    action = models.CharField(_("action"), max_length=10, choices=RowAction.choices, default=RowAction.REFUSE)
    has_warning = models.BooleanField(_("remarks"), default=False)
    problems = models.JSONField(_("problems"), default=list)
    values = models.JSONField(_("values"), default=dict)
    channel = models.ForeignKey(
        Channel, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("channel")
    )
    started_at = models.DateTimeField(_("started at"), null=True, blank=True)
    programme_key = models.CharField(max_length=80, blank=True, default="", editable=False)
    airing = models.ForeignKey(
        Airing, models.SET_NULL, null=True, blank=True, related_name="import_rows", verbose_name=_("airing")
    )
    is_written = models.BooleanField(_("written"), default=False)
    corrected_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("corrected by"),
    )  # fmt: skip

    objects = AiringImportRowQuerySet.as_manager()

    class Meta:
        verbose_name = _("row of an import")
        verbose_name_plural = _("rows of imports")
        ordering = ["airing_import", "position"]
        constraints = [
            models.UniqueConstraint(fields=["airing_import", "position"], name="broadcasters_airingimportrow_position"),
            one_of("action", RowAction, "broadcasters_airingimportrow_action"),
        ]

    def __str__(self) -> str:
        return f"{self.airing_import} · {self.position}"
