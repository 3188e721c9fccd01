"""Workshops with their seats, trainers and materials."""

import secrets
from uuid import uuid4

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from archive.models import MediaFile
from broadcasters.models import Broadcaster, Person, Place
from broadcasters.models.base import NamedRecord, named_in_some_language
from broadcasters.models.organisations import language_tags
from mediaexchange.core.errors import ConflictError
from mediaexchange.core.languages.localize import localized
from mediaexchange.core.validators import validate_time_zone
from training.constants import WORKSHOP_MOVES, WorkshopStatus
from training.models.base import one_of
from training.models.programme import Programme
from training.querysets import WorkshopPartQuerySet, WorkshopQuerySet


def new_token() -> str:
    """192 random bits, safe in addresses."""
    return secrets.token_urlsafe(24)


class Workshop(NamedRecord):
    """One course with a number of seats; ``name`` is its title.

    ``seats_taken`` counts confirmed and offered enrolments. A trigger on the enrolments' table keeps it, whoever writes
    them and how; nothing else can change it, and a check constraint holds it at or below ``capacity``. Counting under
    the workshop's row lock was chosen over numbered seats that are claimed: those bind only whoever claims them,
    while a forgotten road would seat somebody without a number.
    """

    programme = models.ForeignKey(
        Programme, models.PROTECT, related_name="workshops", verbose_name=_("training programme")
    )
    broadcaster = models.ForeignKey(
        Broadcaster, models.PROTECT, related_name="workshops", verbose_name=_("host"),
        help_text=_("Whose coordinator decides on nominations."),
    )  # fmt: skip
    description = models.TextField(_("description"), blank=True)
    languages = language_tags(_("languages"))
    status = models.CharField(
        _("status"), max_length=10, choices=WorkshopStatus.choices, default=WorkshopStatus.DRAFT, editable=False
    )
    status_reason = models.CharField(_("reason for the status"), max_length=500, blank=True, default="", editable=False)
    place = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("place"))
    venue = models.CharField(_("venue"), max_length=300, blank=True, default="", help_text=_("Building, street, room."))
    online_url = models.URLField(
        _("online address"), max_length=500, blank=True, default="",
        help_text=_("Shown to confirmed participants and their houses alone."),
    )  # fmt: skip
    time_zone = models.CharField(
        _("time zone"), max_length=40, validators=[validate_time_zone], help_text=_("The host’s: of the place.")
    )
    starts_at = models.DateTimeField(_("starts at"), null=True, editable=False)  # both follow the sessions
    ends_at = models.DateTimeField(_("ends at"), null=True, editable=False)
    capacity = models.PositiveSmallIntegerField(
        _("seats"), default=12, validators=[MinValueValidator(1), MaxValueValidator(1000)]
    )
    seats_taken = models.PositiveSmallIntegerField(_("seats taken"), default=0, editable=False)
    needs_approval = models.BooleanField(
        _("nominations are looked at"), default=True,
        help_text=_("Otherwise whoever is nominated has a seat at once, as long as there are any."),
    )  # fmt: skip
    nominations_close_at = models.DateTimeField(_("nominations close at"), null=True, blank=True)
    offer_hours = models.PositiveSmallIntegerField(
        _("an offered seat is held for, in hours"),
        default=48,
        validators=[MinValueValidator(1), MaxValueValidator(720)],
    )
    attendance_percent = models.PositiveSmallIntegerField(
        _("attendance for a certificate"), default=80, validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text=_("Per cent of the sessions."),
    )  # fmt: skip
    evaluation_form = models.ForeignKey(
        "training.FeedbackForm", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("evaluation")
    )
    follow_up_form = models.ForeignKey(
        "training.FeedbackForm", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("follow-up")
    )
    follow_up_days = models.PositiveSmallIntegerField(
        _("follow-up after, in days"), default=90, validators=[MinValueValidator(1), MaxValueValidator(730)]
    )
    queue_tail = models.PositiveIntegerField(default=0, editable=False)  # the last number that the waiting list gave
    sequence = models.PositiveIntegerField(default=0, editable=False)  # grows when all its sessions are told anew
    told_at = models.DateTimeField(db_default=Now(), editable=False)  # when that was, the last time
    calendar_token = models.CharField(max_length=40, unique=True, default=new_token, editable=False)
    created_at = models.DateTimeField(_("created at"), db_default=Now(), editable=False)

    objects = WorkshopQuerySet.as_manager()

    class Meta:
        verbose_name = _("workshop")
        verbose_name_plural = _("workshops")
        ordering = ["-id"]
        indexes = [models.Index(fields=["status", "starts_at"], name="training_workshop_status")]
        constraints = [
            named_in_some_language("name", "training_workshop_named"),
            one_of("status", WorkshopStatus, "training_workshop_status_known"),
            models.CheckConstraint(name="training_workshop_capacity", condition=Q(capacity__range=(1, 1000))),
            models.CheckConstraint(
                name="training_workshop_not_overbooked", condition=Q(seats_taken__lte=F("capacity"))
            ),
            models.CheckConstraint(
                name="training_workshop_attendance", condition=Q(attendance_percent__range=(1, 100))
            ),
        ]

    @property
    def seats_free(self) -> int:
        return max(0, self.capacity - self.seats_taken)

    @property
    def takes_enrolments(self) -> bool:
        """Open, under a module that runs. Reads ``programme.module``."""
        return self.status == WorkshopStatus.OPEN and self.programme.module.is_running

    def move_to(self, status: str) -> None:
        """Take a new status. Raises ConflictError for a move that ``WORKSHOP_MOVES`` does not allow."""
        if status not in WORKSHOP_MOVES[self.status]:
            raise ConflictError(
                "workshop-move-refused",
                _("A workshop cannot go from “%(current)s” to “%(wanted)s”.")
                % {"current": WorkshopStatus(self.status).label, "wanted": WorkshopStatus(status).label},
                current=self.status,
                wanted=status,
            )
        self.status = status


class SeatQuota(models.Model):
    """The most seats that one house may have. A house without such a row is bound by the capacity alone.

    ``seats_taken`` is kept like the workshop's own.
    """

    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="quotas", verbose_name=_("workshop"))
    broadcaster = models.ForeignKey(Broadcaster, models.PROTECT, related_name="+", verbose_name=_("broadcaster"))
    seats = models.PositiveSmallIntegerField(_("seats"))
    seats_taken = models.PositiveSmallIntegerField(_("seats taken"), default=0, editable=False)

    objects = WorkshopPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("seats of a broadcaster")
        verbose_name_plural = _("seats of broadcasters")
        ordering = ["workshop", "broadcaster"]
        constraints = [
            models.UniqueConstraint(fields=["workshop", "broadcaster"], name="training_quota_once"),
            models.CheckConstraint(name="training_quota_not_exceeded", condition=Q(seats_taken__lte=F("seats"))),
        ]

    def __str__(self) -> str:
        return f"{self.broadcaster} · {self.seats_taken}/{self.seats}"


class Trainer(models.Model):
    """Who teaches: a person of the directory, or a name. Trainers stand in programmes; they are no participants."""

    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="trainers", verbose_name=_("workshop"))
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("person")
    )
    name = models.CharField(pgettext_lazy("person", "name"), max_length=200, blank=True, default="")
    office = models.CharField(_("office"), max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    objects = WorkshopPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("trainer")
        verbose_name_plural = _("trainers")
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                name="training_trainer_is_somebody", condition=Q(person__isnull=False) | Q(name__gt="")
            )
        ]

    def __str__(self) -> str:
        return self.name or str(self.person)


class Material(models.Model):
    """Something to read or watch: a file of the store, or an address elsewhere."""

    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="materials", verbose_name=_("workshop"))
    uid = models.UUIDField(_("UID"), default=uuid4, unique=True, editable=False)
    title = models.CharField(_("title"), max_length=200, blank=True)
    language = models.CharField(_("language"), max_length=35, blank=True, default="")
    file = models.ForeignKey(MediaFile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("file"))
    url = models.URLField(_("address"), max_length=500, blank=True, default="")
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    objects = WorkshopPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("material")
        verbose_name_plural = _("materials")
        ordering = ["position", "id"]
        constraints = [
            named_in_some_language("title", "training_material_titled"),
            models.CheckConstraint(
                name="training_material_is_something",
                condition=Q(file__isnull=False, url="") | Q(file__isnull=True, url__gt=""),
            ),
        ]

    def __str__(self) -> str:
        return localized(self, "title")
