"""Assignments: who reports from where and when, with whose leave; what is handed over and what is filed."""

from datetime import datetime
from uuid import uuid4

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import BigIntegerRangeField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from archive.models import Item
from archive.models.base import one_of
from broadcasters.constants import Area
from broadcasters.models import Broadcaster, Institution, Module, Place
from broadcasters.models.base import named_in_some_language
from correspondents.constants import (
    ACCESS_MOVES,
    ASSIGNMENT_MOVES,
    HOLDS_PERSON,
    SHOWN_TO_HOST,
    AccessStatus,
    AssignmentStatus,
    HandOverStatus,
    Priority,
    Sphere,
)
from correspondents.models.correspondent import Correspondent
from correspondents.models.event import CoverageWish, PlannedEvent
from correspondents.querysets import (
    AssignmentPartQuerySet,
    AssignmentQuerySet,
    FootageFiledQuerySet,
    HandOverQuerySet,
)
from mediaexchange.core.errors import ConflictError
from mediaexchange.core.languages.localize import localized
from mediaexchange.core.validators import validate_time_zone


class Assignment(models.Model):
    """One person's work in one city for a time.

    ``period`` is instants, with its first and without its last: assignments that touch do not overlap. People read and
    write it by the clocks of ``time_zone``, the place's; papers are held against the days that it covers there.
    ``broadcaster`` is the bureau that sends, ``host`` the partner whose desk coordinates on the spot.

    Triggers refuse what cannot be, whoever writes: starting without what the country demands, a person of another
    house, and, where the policy blocks, a stay beyond an accreditation's term. They also write ``lane`` (an overlap of
    the same person is refused where lanes overlap: all numbers where the policy blocks, the row's own else),
    ``sequence`` and ``changed_at``.
    """

    uid = models.UUIDField(_("UID"), default=uuid4, unique=True, editable=False)
    title = models.CharField(_("title"), max_length=200, blank=True)
    brief = models.TextField(_("brief"), blank=True)
    correspondent = models.ForeignKey(
        Correspondent, models.PROTECT, null=True, blank=True, related_name="assignments",
        verbose_name=_("correspondent"),
    )  # fmt: skip
    broadcaster = models.ForeignKey(
        Broadcaster, models.PROTECT, related_name="assignments", verbose_name=_("from bureau")
    )
    place = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name=pgettext_lazy("journey", "to"))
    time_zone = models.CharField(
        _("time zone"), max_length=40, validators=[validate_time_zone], help_text=_("Of the place.")
    )
    period = DateTimeRangeField(_("period"))
    host = models.ForeignKey(
        Broadcaster, models.PROTECT, null=True, blank=True, related_name="hosted_assignments",
        verbose_name=_("host"), help_text=_("The partner whose desk coordinates on the spot."),
    )  # fmt: skip
    host_institution = models.ForeignKey(
        Institution, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("host institution")
    )
    module = models.ForeignKey(
        Module, models.PROTECT, null=True, blank=True, related_name="assignments", verbose_name=_("module"),
        limit_choices_to={"area": Area.CORRESPONDENTS},
    )  # fmt: skip
    event = models.ForeignKey(
        PlannedEvent, models.PROTECT, null=True, blank=True, related_name="assignments",
        verbose_name=_("planned event"),
    )  # fmt: skip
    priority = models.CharField(_("priority"), max_length=10, choices=Priority.choices, default=Priority.NORMAL)
    status = models.CharField(
        _("status"), max_length=12, choices=AssignmentStatus.choices, default=AssignmentStatus.DRAFT, editable=False
    )
    status_reason = models.CharField(_("reason for the status"), max_length=500, blank=True, default="", editable=False)
    assigned_at = models.DateTimeField(_("given at"), null=True, editable=False)  # from then on the host sees it
    started_at = models.DateTimeField(_("started at"), null=True, editable=False)
    ended_at = models.DateTimeField(_("ended at"), null=True, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(_("created at"), db_default=Now(), editable=False)
    changed_at = models.DateTimeField(_("changed at"), db_default=Now(), editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)
    lane = BigIntegerRangeField(null=True, editable=False)

    is_own_side: bool  # the reader's, only on rows of ``visible_to``

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        ordering = ["-id"]
        indexes = [models.Index(fields=["broadcaster", "status"], name="correspondents_assignment_of")]
        constraints = [
            named_in_some_language("title", "correspondents_assignment_titled"),
            one_of("status", AssignmentStatus, "correspondents_assignment_status"),
            one_of("priority", Priority, "correspondents_assignment_priority"),
            models.CheckConstraint(
                name="correspondents_assignment_period",
                condition=Q(
                    period__isempty=False, period__lower_inf=False, period__upper_inf=False,
                    period__lower_inc=True, period__upper_inc=False,
                ),
            ),
            models.CheckConstraint(
                name="correspondents_assignment_somebody",
                condition=Q(status__in=["draft", "cancelled"]) | Q(correspondent__isnull=False),
            ),
            models.CheckConstraint(
                name="correspondents_assignment_given_when",
                condition=Q(status__in=["draft", "cancelled"]) | Q(assigned_at__isnull=False),
            ),
            models.CheckConstraint(
                name="correspondents_assignment_started_when",
                condition=~Q(status__in=["in-progress", "completed"]) | Q(started_at__isnull=False),
            ),
            ExclusionConstraint(
                name="correspondents_person_once",
                index_type="gist",
                expressions=[
                    ("correspondent", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                    ("lane", RangeOperators.OVERLAPS),
                ],
                condition=Q(status__in=[status.value for status in HOLDS_PERSON]),
                violation_error_message=_("The person has another assignment at that time."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return localized(self, "title")

    @property
    def starts_at(self) -> datetime:
        return self.period.lower  # type: ignore[no-any-return]

    @property
    def ends_at(self) -> datetime:
        """The first moment that is not part of it."""
        return self.period.upper  # type: ignore[no-any-return]

    @property
    def tells_who(self) -> bool:
        """Whether the reader that ``visible_to`` was asked for may know who goes."""
        return self.is_own_side or self.status in SHOWN_TO_HOST

    @property
    def told_person(self) -> Correspondent | None:
        """Who goes, for the same reader; None also where they may not know."""
        return self.correspondent if self.tells_who else None

    @property
    def told_reason(self) -> str:
        """Why it is declined or called off, for the same reader."""
        return self.status_reason if self.is_own_side else ""

    @property
    def is_open(self) -> bool:
        """Given to somebody, and neither over nor called off."""
        return self.status in ("assigned", "accepted", "in-progress")

    def move_to(self, status: str) -> None:
        """Take a new status. Raises ConflictError for a move that ``ASSIGNMENT_MOVES`` does not allow."""
        if status not in ASSIGNMENT_MOVES[self.status]:
            raise ConflictError(
                "assignment-move-refused",
                _("An assignment cannot go from “%(current)s” to “%(wanted)s”.")
                % {"current": AssignmentStatus(self.status).label, "wanted": AssignmentStatus(status).label},
                current=self.status,
                wanted=status,
            )
        self.status = status


class AccessGranted(models.Model):
    """Access to institutions of one sphere: asked for by the house that sends, answered by the host's desk."""

    uid = models.UUIDField(_("UID"), default=uuid4, unique=True, editable=False)
    assignment = models.ForeignKey(Assignment, models.CASCADE, related_name="accesses", verbose_name=_("assignment"))
    sphere = models.CharField(_("sphere"), max_length=10, choices=Sphere.choices)
    institution = models.ForeignKey(
        Institution, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("institution"),
        help_text=_("Empty: the institutions of this sphere."),
    )  # fmt: skip
    status = models.CharField(
        _("status"), max_length=10, choices=AccessStatus.choices, default=AccessStatus.REQUESTED, editable=False
    )
    conditions = models.CharField(_("conditions"), max_length=500, blank=True, default="")
    decided_at = models.DateTimeField(_("decided at"), null=True, editable=False)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(_("created at"), db_default=Now(), editable=False)

    objects = AssignmentPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("access granted")
        verbose_name_plural = _("access granted")
        ordering = ["sphere", "id"]
        constraints = [
            one_of("sphere", Sphere, "correspondents_access_sphere"),
            one_of("status", AccessStatus, "correspondents_access_status"),
            models.UniqueConstraint(
                fields=["assignment", "sphere", "institution"],
                name="correspondents_access_once",
                condition=~Q(status="withdrawn"),
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_sphere_display()} · {self.get_status_display()}"

    def move_to(self, status: str) -> None:
        """Take a new status. Raises ConflictError for a move that ``ACCESS_MOVES`` does not allow."""
        if status not in ACCESS_MOVES[self.status]:
            raise ConflictError(
                "access-move-refused",
                _("Access cannot go from “%(current)s” to “%(wanted)s”.")
                % {"current": AccessStatus(self.status).label, "wanted": AccessStatus(status).label},
                current=self.status,
                wanted=status,
            )
        self.status = status


class HandOver(models.Model):
    """The rest of an assignment, from ``at`` on, passed to somebody else; ``successor`` is what it becomes for them.

    ``matters`` says what is handed over. It may name people, so the audit trail leaves it out.
    """

    uid = models.UUIDField(_("UID"), default=uuid4, unique=True, editable=False)
    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="hand_overs", verbose_name=_("assignment"))
    to_correspondent = models.ForeignKey(
        Correspondent, models.PROTECT, related_name="taken_over", verbose_name=_("taken over by")
    )
    successor = models.OneToOneField(
        Assignment, models.PROTECT, null=True, blank=True, editable=False, related_name="predecessor",
        verbose_name=_("goes on as"),
    )  # fmt: skip
    at = models.DateTimeField(_("handed over at"))
    matters = models.TextField(_("what is handed over"), help_text=_("Open stories, promises, appointments, keys."))
    status = models.CharField(
        _("status"), max_length=10, choices=HandOverStatus.choices, default=HandOverStatus.OFFERED, editable=False
    )
    reason = models.CharField(_("reason"), max_length=500, blank=True, default="", editable=False)
    offered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    answered_at = models.DateTimeField(_("answered at"), null=True, editable=False)
    created_at = models.DateTimeField(_("created at"), db_default=Now(), editable=False)

    tells_who: bool  # only on rows of ``visible_to``

    objects = HandOverQuerySet.as_manager()

    class Meta:
        verbose_name = _("hand-over")
        verbose_name_plural = _("hand-overs")
        ordering = ["-id"]
        constraints = [
            one_of("status", HandOverStatus, "correspondents_handover_status"),
            models.UniqueConstraint(
                fields=["assignment"], name="correspondents_handover_once", condition=Q(status="offered")
            ),
            models.CheckConstraint(
                name="correspondents_handover_answered",
                condition=Q(status="offered", answered_at__isnull=True)
                | (~Q(status="offered") & Q(answered_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assignment} · {self.get_status_display()}"

    @property
    def told_giver(self) -> Correspondent | None:
        """Who hands over, for the reader that ``visible_to`` was asked for; None where they may not know."""
        return self.assignment.correspondent if self.tells_who else None


class FootageFiled(models.Model):
    """An item of the archive that came of an assignment, and the wish that it answers, if any."""

    uid = models.UUIDField(_("UID"), default=uuid4, unique=True, editable=False)
    assignment = models.ForeignKey(
        Assignment, models.PROTECT, related_name="footage_filed", verbose_name=_("assignment")
    )
    item = models.ForeignKey(Item, models.PROTECT, related_name="filed_for", verbose_name=_("item"))
    wish = models.ForeignKey(
        CoverageWish, models.PROTECT, null=True, blank=True, related_name="footage_filed",
        verbose_name=_("coverage wanted"),
    )  # fmt: skip
    filed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    filed_at = models.DateTimeField(_("filed at"), db_default=Now(), editable=False)

    objects = FootageFiledQuerySet.as_manager()

    class Meta:
        verbose_name = _("footage filed")
        verbose_name_plural = _("footage filed")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["assignment", "item"], name="correspondents_footage_once"),
        ]

    def __str__(self) -> str:
        return f"{self.assignment} · {self.item_id}"
