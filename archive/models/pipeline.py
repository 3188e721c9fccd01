"""What is made of a file, step by step, and what ever happened to it."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from archive.constants import PremisOutcome, PremisType, StepError, StepKind, StepStatus
from archive.models.base import one_of
from archive.models.file import MediaFile
from archive.querysets import FilePartQuerySet, StepQuerySet


class Step(models.Model):
    """One step for one file. A running step is leased: a worker that lost its lease may not write any more.

    ``error`` is a stable code, ``log`` what the program said, in its own words and its last part only.
    """

    file = models.ForeignKey(MediaFile, models.CASCADE, related_name="steps", verbose_name=_("file"))
    kind = models.CharField(_("step"), max_length=10, choices=StepKind.choices)
    status = models.CharField(_("status"), max_length=10, choices=StepStatus.choices, default=StepStatus.WAITING)
    progress_percent = models.PositiveSmallIntegerField(_("progress in per cent"), default=0)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    error = models.CharField(_("reason"), max_length=40, blank=True, default="")
    log = models.TextField(_("log"), blank=True, default="")
    due_at = models.DateTimeField(_("due at"), db_default=Now())
    lease_token = models.UUIDField(null=True, editable=False)
    leased_until = models.DateTimeField(null=True, editable=False)
    started_at = models.DateTimeField(_("started at"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)

    objects = StepQuerySet.as_manager()

    class Meta:
        verbose_name = _("pipeline step")
        verbose_name_plural = _("pipeline steps")
        ordering = ["file", "id"]
        indexes = [
            models.Index(fields=["due_at"], name="archive_step_due", condition=Q(status__in=["waiting", "running"]))
        ]
        constraints = [
            models.UniqueConstraint(fields=["file", "kind"], name="archive_step_once"),
            one_of("kind", StepKind, "archive_step_kind"),
            one_of("status", StepStatus, "archive_step_status"),
            models.CheckConstraint(name="archive_step_percent", condition=Q(progress_percent__lte=100)),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.get_status_display()}"

    @property
    def reason(self) -> str:
        """The error in the reader's language. A step that is done can have one too: a part is missing then."""
        return str(StepError(self.error).label) if self.error in StepError.values else self.error


class Derivative(models.Model):
    """What a step made: one file of the store, or a folder of them (HLS). ``storage_name`` is the file or the prefix.

    ``facts`` are what showing it needs: sizes in pixels, seconds between frames, names inside a folder.
    """

    uid = models.UUIDField(_("UID"), default=uuid4, unique=True, editable=False)
    file = models.ForeignKey(MediaFile, models.CASCADE, related_name="derivatives", verbose_name=_("file"))
    kind = models.CharField(_("kind"), max_length=10, choices=StepKind.choices)
    storage_name = models.CharField(_("name in the store"), max_length=255)
    content_type = models.CharField(_("content type"), max_length=200)
    size_bytes = models.BigIntegerField(_("size in bytes"))
    sha256 = models.CharField("SHA-256", max_length=64, blank=True, default="")
    facts = models.JSONField(_("facts"), default=dict)
    created_at = models.DateTimeField(_("created at"), db_default=Now())

    objects = FilePartQuerySet.as_manager()

    class Meta:
        verbose_name = _("derivative")
        verbose_name_plural = _("derivatives")
        ordering = ["file", "id"]
        constraints = [models.UniqueConstraint(fields=["file", "kind"], name="archive_derivative_once")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.content_type}"


class PreservationEvent(models.Model):
    """What happened to a file and with what outcome, by PREMIS 3.0. Rows are never changed."""

    uid = models.UUIDField(_("UID"), default=uuid4, unique=True, editable=False)
    file = models.ForeignKey(MediaFile, models.PROTECT, related_name="events", verbose_name=_("file"))
    kind = models.CharField(_("event"), max_length=30, choices=PremisType.choices)
    outcome = models.CharField(_("outcome"), max_length=10, choices=PremisOutcome.choices)
    detail = models.JSONField(_("details"), default=dict)
    agent = models.CharField(_("agent"), max_length=100, help_text=_("The program and its version."))
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(_("at"), db_default=Now())

    objects = FilePartQuerySet.as_manager()

    class Meta:
        verbose_name = _("preservation event")
        verbose_name_plural = _("preservation events")
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["file", "-at"], name="archive_event_of_file")]
        constraints = [
            one_of("kind", PremisType, "archive_event_kind"),
            one_of("outcome", PremisOutcome, "archive_event_outcome"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.get_outcome_display()}"
