"""Enrolments: one person's way into one workshop, and what follows from it."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from broadcasters.models import Broadcaster
from mediaexchange.core.errors import ConflictError
from training.constants import (
    ACTIVE,
    ENROLMENT_MOVES,
    AttendanceStatus,
    EnrolmentStatus,
    NoticeKind,
    NoticeStatus,
)
from training.models.base import one_of
from training.models.participant import Participant
from training.models.session import Session
from training.models.workshop import Workshop
from training.querysets import EnrolmentPartQuerySet, EnrolmentQuerySet, NoticeQuerySet


class Enrolment(models.Model):
    """``queue_number`` is the place on the waiting list, given once and in the order in which people came.

    An offer holds a seat until ``offer_ends_at``. ``broadcaster`` is the house that nominates, and whose seats count.
    """

    uid = models.UUIDField(_("UID"), default=uuid4, unique=True, editable=False)
    workshop = models.ForeignKey(Workshop, models.PROTECT, related_name="enrolments", verbose_name=_("workshop"))
    participant = models.ForeignKey(
        Participant, models.PROTECT, related_name="enrolments", verbose_name=_("participant")
    )
    broadcaster = models.ForeignKey(
        Broadcaster, models.PROTECT, related_name="training_enrolments", verbose_name=_("broadcaster")
    )
    status = models.CharField(
        _("status"), max_length=10, choices=EnrolmentStatus.choices, default=EnrolmentStatus.NOMINATED
    )
    reason = models.CharField(_("reason"), max_length=500, blank=True, default="")
    queue_number = models.PositiveIntegerField(_("place on the waiting list"), null=True, editable=False)
    offer_ends_at = models.DateTimeField(_("offered until"), null=True, editable=False)
    nominated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    nominated_at = models.DateTimeField(_("nominated at"), db_default=Now(), editable=False)
    changed_at = models.DateTimeField(_("changed at"), db_default=Now(), editable=False)

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["offer_ends_at"], name="training_offer_due", condition=Q(status="offered")),
            models.Index(fields=["workshop", "status", "queue_number"], name="training_enrolment_queue"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["workshop", "participant"],
                name="training_enrolment_once",
                condition=Q(status__in=[status.value for status in ACTIVE]),
            ),
            models.UniqueConstraint(fields=["workshop", "queue_number"], name="training_queue_number_once"),
            one_of("status", EnrolmentStatus, "training_enrolment_status"),
            models.CheckConstraint(
                name="training_offer_has_end",
                condition=Q(status="offered", offer_ends_at__isnull=False)
                | (~Q(status="offered") & Q(offer_ends_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="training_waiting_has_place",
                condition=~Q(status__in=["waiting", "offered"]) | Q(queue_number__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.workshop} · {self.get_status_display()}"

    @property
    def is_active(self) -> bool:
        return self.status in ACTIVE

    def is_offer_open(self) -> bool:
        return self.offer_ends_at is not None and self.offer_ends_at > timezone.now()

    def move_to(self, status: str) -> None:
        """Take a new status. Raises ConflictError for a move that ``ENROLMENT_MOVES`` does not allow."""
        if status not in ENROLMENT_MOVES[self.status]:
            raise ConflictError(
                "enrolment-move-refused",
                _("An enrolment cannot go from “%(current)s” to “%(wanted)s”.")
                % {"current": EnrolmentStatus(self.status).label, "wanted": EnrolmentStatus(status).label},
                current=self.status,
                wanted=status,
            )
        self.status = status
        if status != EnrolmentStatus.OFFERED:
            self.offer_ends_at = None


class Attendance(models.Model):
    """Whether somebody was at a session. ``is_by_code``: the person checked in without anybody's help."""

    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="attendances", verbose_name=_("enrolment"))
    session = models.ForeignKey(Session, models.PROTECT, related_name="attendances", verbose_name=_("training session"))
    status = models.CharField(_("attendance"), max_length=10, choices=AttendanceStatus.choices)
    is_by_code = models.BooleanField(_("checked in by code"), default=False)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(_("at"), db_default=Now())

    objects = EnrolmentPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendance")
        ordering = ["session", "enrolment"]
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "session"], name="training_attendance_once"),
            one_of("status", AttendanceStatus, "training_attendance_status"),
        ]

    def __str__(self) -> str:
        return str(self.get_status_display())


class CheckInFailure(models.Model):
    """A wrong code. A few of them close the door for some minutes: the code is short."""

    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="+")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("wrong code")
        verbose_name_plural = _("wrong codes")
        indexes = [models.Index(fields=["enrolment", "at"], name="training_checkin_failures")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"


class Notice(models.Model):
    """A message to a participant that is due: written with its cause, composed and sent by a task, under a lease."""

    uid = models.UUIDField(_("UID"), default=uuid4, unique=True, editable=False)
    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="notices", verbose_name=_("enrolment"))
    kind = models.CharField(pgettext_lazy("message", "kind"), max_length=15, choices=NoticeKind.choices)
    status = models.CharField(_("status"), max_length=10, choices=NoticeStatus.choices, default=NoticeStatus.PENDING)
    due_at = models.DateTimeField(_("due at"), db_default=Now())
    lease_token = models.UUIDField(null=True, editable=False)
    leased_until = models.DateTimeField(null=True, editable=False)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    last_error = models.CharField(_("last error"), max_length=200, blank=True, default="")
    sent_at = models.DateTimeField(_("sent at"), null=True, editable=False)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("message to a participant")
        verbose_name_plural = _("messages to participants")
        ordering = ["-id"]
        indexes = [models.Index(fields=["due_at"], name="training_notice_due", condition=Q(status="pending"))]
        constraints = [
            one_of("kind", NoticeKind, "training_notice_kind"),
            one_of("status", NoticeStatus, "training_notice_status"),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())
