"""The planning calendar: what will happen, and which house wants what of it."""

from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from archive.models.base import one_of
from broadcasters.models import Broadcaster, DiplomaticEvent, Institution, Module, Place
from broadcasters.models.base import NamedRecord, named_in_some_language
from broadcasters.models.organisations import language_tags
from correspondents.constants import (
    EVENT_MOVES,
    WISH_MOVES,
    CoverageForm,
    EventKind,
    EventStatus,
    Priority,
    WishStatus,
)
from correspondents.querysets import CoverageWishQuerySet, PlannedEventQuerySet
from mediaexchange.core.edtf import MAX_CHARACTERS, span_of, validate_near_edtf
from mediaexchange.core.errors import ConflictError
from mediaexchange.core.languages.localize import localized
from mediaexchange.core.sources import sources_are_titled, validate_sources
from mediaexchange.core.validators import validate_time_zone


class PlannedEvent(NamedRecord):
    """An event or commemoration; ``name`` is its title.

    It has either instants, by the clocks of ``time_zone``, or an EDTF date of a day or coarser; ``first_on`` and
    ``last_on`` are the days that either may mean there. What marks an anniversary of the diplomatic calendar says of
    which event and in which year: each house plans it once. ``sequence`` and ``changed_at`` belong to a trigger: they
    rise with every change that a calendar must tell (RFC 5545, 3.8.7.4).
    """

    broadcaster = models.ForeignKey(
        Broadcaster, models.PROTECT, related_name="planned_events", verbose_name=_("broadcaster")
    )
    module = models.ForeignKey(
        Module, models.PROTECT, null=True, blank=True, related_name="planned_events", verbose_name=_("module")
    )
    is_shared = models.BooleanField(
        _("shared with the module’s parties"), default=True, help_text=_("Otherwise only the own house sees it.")
    )
    kind = models.CharField(
        pgettext_lazy("calendar", "kind"), max_length=15, choices=EventKind.choices, default=EventKind.EVENT
    )
    status = models.CharField(
        _("status"), max_length=10, choices=EventStatus.choices, default=EventStatus.CONFIRMED, editable=False
    )
    description = models.TextField(_("description"), blank=True)
    place = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("place"))
    venue = models.CharField(_("venue"), max_length=300, blank=True, default="", help_text=_("Building, street, room."))
    institutions = models.ManyToManyField(
        Institution, blank=True, related_name="planned_events", verbose_name=_("institutions")
    )
    time_zone = models.CharField(
        _("time zone"), max_length=40, validators=[validate_time_zone], help_text=_("Of the place.")
    )
    dated = models.CharField(
        _("date"), max_length=MAX_CHARACTERS, blank=True, default="", validators=[validate_near_edtf],
        help_text=_("EDTF, such as 2026-12-10, 2027-06 or 2027-05-15/2027-08-15, while the hour is not known."),
    )  # fmt: skip
    starts_at = models.DateTimeField(_("starts at"), null=True, blank=True)
    ends_at = models.DateTimeField(_("ends at"), null=True, blank=True)
    first_on = models.DateField(null=True, editable=False)
    last_on = models.DateField(null=True, editable=False)
    sources = models.JSONField(_("sources"), default=list, blank=True, validators=[validate_sources])
    anniversary_of = models.ForeignKey(
        DiplomaticEvent, models.PROTECT, null=True, blank=True, related_name="planned_events", editable=False,
        verbose_name=_("anniversary of"),
    )  # fmt: skip
    anniversary_year = models.PositiveSmallIntegerField(_("year of the anniversary"), null=True, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(_("created at"), db_default=Now(), editable=False)
    changed_at = models.DateTimeField(_("changed at"), db_default=Now(), editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)

    objects = PlannedEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("planned event")
        verbose_name_plural = _("planned events")
        ordering = ["first_on", "id"]
        indexes = [models.Index(fields=["first_on", "id"], name="correspondents_event_days")]
        constraints = [
            named_in_some_language("name", "correspondents_event_named"),
            one_of("kind", EventKind, "correspondents_event_kind"),
            one_of("status", EventStatus, "correspondents_event_status"),
            sources_are_titled("sources", "correspondents_event_sources"),
            models.CheckConstraint(
                name="correspondents_event_dated",
                condition=Q(dated__gt="", starts_at__isnull=True, ends_at__isnull=True)
                | Q(dated="", starts_at__isnull=False, ends_at__isnull=False),
            ),
            models.CheckConstraint(
                name="correspondents_event_lasts", condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at"))
            ),
            models.UniqueConstraint(
                fields=["broadcaster", "anniversary_of", "anniversary_year"], name="correspondents_event_marks_once"
            ),
            models.CheckConstraint(
                name="correspondents_event_marks_a_year",
                condition=Q(anniversary_of__isnull=False, anniversary_year__isnull=False)
                | Q(anniversary_of__isnull=True, anniversary_year__isnull=True),
            ),
        ]

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        self.set_span()
        if update_fields is not None:
            update_fields = {*update_fields, "first_on", "last_on"}
        super().save(*args, update_fields=update_fields, **kwargs)

    def set_span(self) -> None:
        """The days in the place's zone. Raises ValidationError for a text that is no EDTF date."""
        from correspondents.moments import days_between

        if self.starts_at and self.ends_at:
            self.first_on, self.last_on = days_between(self.starts_at, self.ends_at, self.time_zone)
        else:
            span = span_of(self.dated)
            self.first_on, self.last_on = span.first, span.last

    def clean(self) -> None:
        super().clean()
        has_instants = self.starts_at is not None and self.ends_at is not None
        if has_instants == bool(self.dated) or (self.starts_at is None) != (self.ends_at is None):
            raise ValidationError(_("Give either the beginning and the end, or a date."))

    def move_to(self, status: str) -> None:
        """Take a new status. Raises ConflictError for a move that ``EVENT_MOVES`` does not allow."""
        if status not in EVENT_MOVES[self.status]:
            raise ConflictError(
                "event-move-refused",
                _("A planned event cannot go from “%(current)s” to “%(wanted)s”.")
                % {"current": EventStatus(self.status).label, "wanted": EventStatus(status).label},
                current=self.status,
                wanted=status,
            )
        self.status = status


class CoverageWish(models.Model):
    """What one house wants of an event; followed from the wish to the assignment and to what was delivered."""

    uid = models.UUIDField(_("UID"), default=uuid4, unique=True, editable=False)
    event = models.ForeignKey(PlannedEvent, models.PROTECT, related_name="wishes", verbose_name=_("planned event"))
    broadcaster = models.ForeignKey(
        Broadcaster, models.PROTECT, related_name="coverage_wishes", verbose_name=_("broadcaster")
    )
    assignment = models.ForeignKey(
        "correspondents.Assignment", models.PROTECT, null=True, blank=True, related_name="wishes",
        verbose_name=_("assignment"), editable=False,
    )  # fmt: skip
    forms = ArrayField(models.CharField(max_length=15, choices=CoverageForm.choices), verbose_name=_("forms"))
    languages = language_tags(_("languages"))
    priority = models.CharField(_("priority"), max_length=10, choices=Priority.choices, default=Priority.NORMAL)
    deadline_at = models.DateTimeField(_("wanted by"), null=True, blank=True)
    note = models.TextField(_("note"), blank=True, default="")
    status = models.CharField(
        _("status"), max_length=10, choices=WishStatus.choices, default=WishStatus.WANTED, editable=False
    )
    delivered_at = models.DateTimeField(_("delivered at"), null=True, blank=True, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(_("created at"), db_default=Now(), editable=False)
    changed_at = models.DateTimeField(_("changed at"), db_default=Now(), editable=False)

    objects = CoverageWishQuerySet.as_manager()

    class Meta:
        verbose_name = _("coverage wanted")
        verbose_name_plural = _("coverage wanted")
        ordering = ["deadline_at", "id"]
        constraints = [
            one_of("status", WishStatus, "correspondents_wish_status"),
            one_of("priority", Priority, "correspondents_wish_priority"),
            models.CheckConstraint(
                name="correspondents_wish_forms",
                condition=Q(forms__contained_by=[form.value for form in CoverageForm], forms__len__gt=0),
            ),
            models.CheckConstraint(
                name="correspondents_wish_planned_how",
                condition=Q(status__in=["planned", "delivered"], assignment__isnull=False)
                | Q(status__in=["wanted", "withdrawn"], assignment__isnull=True),
            ),
            models.CheckConstraint(
                name="correspondents_wish_delivered_when",
                condition=Q(status="delivered", delivered_at__isnull=False)
                | (~Q(status="delivered") & Q(delivered_at__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return f"{localized(self.event, 'name')} · {self.broadcaster}"

    def move_to(self, status: str) -> None:
        """Take a new status. Raises ConflictError for a move that ``WISH_MOVES`` does not allow."""
        if status not in WISH_MOVES[self.status]:
            raise ConflictError(
                "wish-move-refused",
                _("Coverage cannot go from “%(current)s” to “%(wanted)s”.")
                % {"current": WishStatus(self.status).label, "wanted": WishStatus(status).label},
                current=self.status,
                wanted=status,
            )
        self.status = status
