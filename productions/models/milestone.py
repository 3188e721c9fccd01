"""Milestones of a production: what is due when, and by whom."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Coalesce, Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from broadcasters.models.base import named_in_some_language
from mediaexchange.core.languages.localize import localized
from mediaexchange.core.languages.tags import STORED
from mediaexchange.core.validators import validate_day, validate_time_zone
from productions.models.base import near_days
from productions.models.partner import Partner
from productions.models.production import Production
from productions.schedule_querysets import MilestoneQuerySet


def late_from() -> Coalesce:
    """The instant it is due, or the end of the day in its zone: the next midnight of that zone's clocks."""
    end_of_day = Func(F("time_zone"), F("due_on"), template="timezone(%(expressions)s + interval '1 day')")
    return Coalesce("due_at", end_of_day, output_field=models.DateTimeField())


class Planned(models.Model):
    """When something is planned: whole days of a named zone, or an instant, shown by that zone's clocks."""

    starts_on = models.DateField(_("begins on"), null=True, blank=True, validators=[validate_day])
    due_on = models.DateField(
        _("due on"), null=True, blank=True, validators=[validate_day], help_text=_("Due by the end of this day.")
    )
    due_at = models.DateTimeField(
        _("due at"), null=True, blank=True, help_text=_("Instead of a day, where the hour matters.")
    )
    time_zone = models.CharField(_("time zone"), max_length=40, validators=[validate_time_zone])

    class Meta:
        abstract = True

    @property
    def due_day(self) -> date:
        """The day it is due, by the clocks of its zone."""
        if self.due_at is not None:
            return self.due_at.astimezone(ZoneInfo(self.time_zone)).date()
        if self.due_on is None:
            raise ValueError("Neither a day nor an instant: the database refuses that.")
        return self.due_on

    @property
    def late_from(self) -> datetime:
        """The first moment at which it is late, as ``ends_at`` has it."""
        if self.due_at is not None:
            return self.due_at
        return datetime.combine(self.due_day + timedelta(days=1), datetime.min.time(), ZoneInfo(self.time_zone))


def planned_constraints(prefix: str) -> list[models.CheckConstraint]:
    """A day or an instant, and no beginning after the end."""
    return [
        near_days(f"{prefix}_near", "starts_on", "due_on"),
        models.CheckConstraint(name=f"{prefix}_is_due", condition=Q(due_on__isnull=False) ^ Q(due_at__isnull=False)),
        models.CheckConstraint(
            name=f"{prefix}_begins_first",
            condition=Q(starts_on__isnull=True) | Q(due_at__isnull=False) | Q(starts_on__lte=F("due_on")),
        ),
    ]


class Milestone(Planned):
    """``owner`` is the partner who owes it. What is called off stays: calendars and baselines have it already.

    ``ends_at``, from which it is late, is made by the database. ``sequence`` is how often calendars were told anew
    (RFC 5545, 3.8.7.4); ``told_late_for`` the ``ends_at`` that reminders of lateness went out for.
    """

    uid = models.UUIDField(_("UID"), default=uuid4, unique=True, editable=False)
    production = models.ForeignKey(Production, models.PROTECT, related_name="milestones", verbose_name=_("production"))
    owner = models.ForeignKey(
        Partner, models.PROTECT, related_name="milestones", verbose_name=_("owner"),
        help_text=_("The partner who owes it."),
    )  # fmt: skip
    title = models.CharField(_("title"), max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    depends_on = models.ManyToManyField(
        "self", symmetrical=False, related_name="needed_by", blank=True, verbose_name=_("waits for"),
        help_text=_("What has to be done first."),
    )  # fmt: skip
    done_at = models.DateTimeField(_("done at"), null=True, blank=True, editable=False)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+",
        verbose_name=_("done by"),
    )  # fmt: skip
    is_cancelled = models.BooleanField(_("cancelled"), default=False, editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)
    changed_at = models.DateTimeField(_("changed at"), db_default=Now(), editable=False)
    ends_at = models.GeneratedField(
        expression=late_from(), output_field=models.DateTimeField(null=True), db_persist=True,
        verbose_name=_("late from"),
    )  # fmt: skip
    told_late_for = models.DateTimeField(null=True, editable=False)

    objects = MilestoneQuerySet.as_manager()

    class Meta:
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        ordering = ["production", "position", "id"]
        indexes = [
            models.Index(
                fields=["ends_at"], name="productions_milestone_open",
                condition=Q(done_at__isnull=True, is_cancelled=False),
            )
        ]  # fmt: skip
        constraints = [
            named_in_some_language("title", "productions_milestone_titled"),
            *planned_constraints("productions_milestone"),
            models.CheckConstraint(
                name="productions_milestone_done_or_off", condition=Q(done_at__isnull=True) | Q(is_cancelled=False)
            ),
        ]

    def __str__(self) -> str:
        return localized(self, "title")

    def clean(self) -> None:
        super().clean()
        errors: dict[str, Any] = {}
        if not any(getattr(self, f"title_{language}", "") for language in STORED):
            errors["title_en"] = _("Give the title in at least one language.")
        if (self.due_on is None) == (self.due_at is None):
            errors["due_on"] = _("Give a day or an instant, one of both.")
        elif self.starts_on and self.starts_on > self.due_day:
            errors["starts_on"] = _("It begins before it is due.")
        if errors:
            raise ValidationError(errors)

    @property
    def is_done(self) -> bool:
        return self.done_at is not None

    @property
    def is_open(self) -> bool:
        return self.done_at is None and not self.is_cancelled

    @property
    def done_day(self) -> date | None:
        """The day it was done, by the clocks of its zone."""
        return self.done_at.astimezone(ZoneInfo(self.time_zone)).date() if self.done_at else None

    def is_late(self, at: datetime) -> bool:
        """Whether it is still owed after its time; or, when done, whether it was done too late."""
        if self.is_cancelled:
            return False
        return (self.done_at or at) >= self.late_from

    def state(self, at: datetime) -> str:
        """One word: done, cancelled, late or open."""
        if self.is_done:
            return "done"
        if self.is_cancelled:
            return "cancelled"
        return "late" if self.is_late(at) else "open"


STATE_LABELS = {
    "done": pgettext_lazy("milestone", "done"),
    "cancelled": pgettext_lazy("milestone", "cancelled"),
    "late": pgettext_lazy("milestone", "late"),
    "open": pgettext_lazy("milestone", "open"),
}
