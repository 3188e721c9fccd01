"""Windows of rights: who may show a production where, on what, when and how often; and what was shown.

Two windows that overlap in territory, platform and time cannot both stand if both are exclusive, or if they have
different holders and one of them is: exclusion constraints hold it, whoever writes. The database counts runs too; see
``runs_in_sql``.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import (
    ArrayField,
    BigIntegerRangeField,
    DateTimeRangeField,
    RangeBoundary,
    RangeOperators,
)
from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from archive.models.base import codes
from archive.models.rights import platform_numbers, territory_numbers
from broadcasters.models import Airing, Broadcaster, Channel
from broadcasters.models.organisations import language_tags
from mediaexchange.core.rights.terms import PLATFORMS
from mediaexchange.core.rights.words import PLATFORM_LABELS
from mediaexchange.core.validators import validate_time_zone
from productions.constants import FigureKind, RepeatUnit
from productions.models.base import one_of
from productions.models.partner import Partner
from productions.models.production import Production
from productions.schedule_querysets import AudienceFigureQuerySet, RunQuerySet, WindowQuerySet

_DERIVED = ("territory_numbers", "platform_numbers", "numbers_of")


class Between(Func):
    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


class Lane(Func):
    """A holder's own number, or all numbers for who is exclusive: lanes of two holders overlap only if one is."""

    function = "productions_lane"
    output_field = BigIntegerRangeField()


def overlapping(*more: tuple[Any, str]) -> list[tuple[Any, str]]:
    return [
        ("production", RangeOperators.EQUAL),
        (Between("starts_at", "ends_at", RangeBoundary()), RangeOperators.OVERLAPS),
        (OpClass("territory_numbers", name="gist__intbig_ops"), RangeOperators.OVERLAPS),
        (OpClass("platform_numbers", name="gist__int_ops"), RangeOperators.OVERLAPS),
        *more,
    ]


class Window(models.Model):
    """Holds its first instant, not its last; without ``ends_at`` it is for ever. Nothing named is no limit: all the
    world, all platforms, all languages, any number of runs.

    A run is a showing and what repeats it: shown again within ``repeat_length`` hours of elapsed time, or before the
    clocks of ``time_zone`` show the same time so many days later. ``runs_used`` and the numbers are derived.
    """

    uid = models.UUIDField(_("UID"), default=uuid4, unique=True, editable=False)
    production = models.ForeignKey(Production, models.PROTECT, related_name="windows", verbose_name=_("production"))
    holder = models.ForeignKey(
        Partner, models.PROTECT, related_name="windows", verbose_name=_("holder"),
        help_text=_("The partner who may show it."),
    )  # fmt: skip
    territories = codes(_("territories"), help_text=_("Codes or names of sets; empty means the whole world."))
    is_elsewhere = models.BooleanField(_("everywhere but there"), default=False)
    platforms = codes(_("platforms"), 20)
    languages = language_tags(_("language versions"))
    is_exclusive = models.BooleanField(_("exclusive"), default=False)
    starts_at = models.DateTimeField(_("starts at"))
    ends_at = models.DateTimeField(_("ends at"), null=True, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=40, validators=[validate_time_zone])
    runs = models.PositiveIntegerField(_("runs"), null=True, blank=True, help_text=_("Empty: any number."))
    repeat_length = models.PositiveSmallIntegerField(
        _("repeats within"), default=0, help_text=_("What is shown again within this time is the same run; 0: nothing.")
    )
    repeat_unit = models.CharField(
        _("counted in"), max_length=5, choices=RepeatUnit.choices, default=RepeatUnit.HOURS,
        help_text=_("Hours pass as they are; days go by the zone’s clocks, summer time or not."),
    )  # fmt: skip
    note = models.TextField(_("note"), blank=True, default="")
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True, editable=False)
    cancelled_reason = models.CharField(
        _("why it was cancelled"), max_length=500, blank=True, default="", editable=False
    )
    runs_used = models.PositiveIntegerField(_("runs used"), default=0, editable=False)
    created_at = models.DateTimeField(_("created at"), db_default=Now(), editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )
    changed_at = models.DateTimeField(_("changed at"), db_default=Now(), editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)
    territory_numbers = ArrayField(models.IntegerField(), editable=False)
    platform_numbers = ArrayField(models.IntegerField(), editable=False)
    numbers_of = ArrayField(models.CharField(max_length=40), editable=False)  # what the numbers were made of
    told_start_for = models.DateTimeField(null=True, editable=False)
    told_end_for = models.DateTimeField(null=True, editable=False)

    objects = WindowQuerySet.as_manager()

    class Meta:
        verbose_name = _("rights window")
        verbose_name_plural = _("rights windows")
        ordering = ["starts_at", "id"]
        indexes = [
            models.Index(fields=["starts_at"], name="productions_window_starts"),
            models.Index(fields=["ends_at"], name="productions_window_ends"),
        ]
        constraints = [
            models.CheckConstraint(
                name="productions_window_lasts", condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at"))
            ),
            one_of("repeat_unit", RepeatUnit, "productions_window_repeat_unit"),
            models.CheckConstraint(
                name="productions_window_runs", condition=Q(runs__isnull=True) | Q(runs_used__lte=F("runs"))
            ),
            models.CheckConstraint(name="productions_window_repeat", condition=Q(repeat_length__lte=9000)),
            models.CheckConstraint(
                name="productions_window_numbered",
                condition=Q(territory_numbers__len__gt=0, platform_numbers__len__gt=0),
            ),
            models.CheckConstraint(
                name="productions_window_cancelled_why",
                condition=Q(cancelled_at__isnull=True, cancelled_reason="")
                | Q(cancelled_at__isnull=False, cancelled_reason__gt=""),
            ),
            ExclusionConstraint(
                name="productions_window_exclusive",
                index_type="gist",
                expressions=overlapping(),
                condition=Q(is_exclusive=True, cancelled_at__isnull=True),
                violation_error_message=_("Another exclusive window for the same time, territory and platform stands."),
            ),
            ExclusionConstraint(
                name="productions_window_beside_exclusive",
                index_type="gist",
                expressions=overlapping(
                    ("holder", RangeOperators.NOT_EQUAL), (Lane("is_exclusive", "holder"), RangeOperators.OVERLAPS)
                ),
                condition=Q(cancelled_at__isnull=True),
                violation_error_message=_("An exclusive window of somebody else stands for the same."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.production} · {self.holder}"

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        self.set_derived()
        if update_fields is not None:
            update_fields = {*update_fields, *_DERIVED}
        super().save(*args, update_fields=update_fields, **kwargs)

    def set_derived(self) -> None:
        """What the constraints compare. Raises KeyError, ValueError for unknown territories, platforms."""
        self.territory_numbers = territory_numbers(self.territories, self.is_elsewhere)
        self.platform_numbers = platform_numbers(self.platforms)
        self.numbers_of = scope_key(self.territories, self.platforms, is_elsewhere=self.is_elsewhere)

    @property
    def is_active(self) -> bool:
        return self.cancelled_at is None

    @property
    def runs_left(self) -> int | None:
        """None: any number."""
        return None if self.runs is None else max(0, self.runs - self.runs_used)

    def holds(self, at: datetime) -> bool:
        """Whether this moment lies in it."""
        return self.starts_at <= at and (self.ends_at is None or at < self.ends_at)

    def allows(self, platform: str) -> bool:
        return platform in (self.platforms or PLATFORMS)


def scope_key(territories: Iterable[str], platforms: Iterable[str], *, is_elsewhere: bool) -> list[str]:
    """What the numbers are made of, as the check in the database puts it together: places, a mark, platforms."""
    return [*territories, "-" if is_elsewhere else "+", *platforms]


class Run(models.Model):
    """One showing under a window: planned, or aired once it has an ``airing``, whose channel and moment it then has.

    ``number`` says to which run of the window it belongs, ``is_repeat`` that it is not its first showing; the database
    counts both afresh with every change. What was wrong is taken back: it stays, and counts no longer.
    """

    uid = models.UUIDField(_("UID"), default=uuid4, unique=True, editable=False)
    window = models.ForeignKey(Window, models.PROTECT, related_name="showings", verbose_name=_("rights window"))
    airing = models.ForeignKey(
        Airing, models.PROTECT, null=True, blank=True, related_name="production_runs", verbose_name=_("airing")
    )
    channel = models.ForeignKey(Channel, models.PROTECT, related_name="+", verbose_name=_("channel"))
    starts_at = models.DateTimeField(_("starts at"))
    platform = models.CharField(_("platform"), max_length=20, choices=list(PLATFORM_LABELS.items()))
    language = models.CharField(_("language"), max_length=35, blank=True, default="")
    number = models.PositiveIntegerField(_("run"), default=0, editable=False)
    is_repeat = models.BooleanField(_("repeat"), default=False, editable=False)
    note = models.CharField(_("note"), max_length=300, blank=True, default="")
    reported_at = models.DateTimeField(_("reported at"), db_default=Now(), editable=False)
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )
    cancelled_at = models.DateTimeField(_("taken back at"), null=True, editable=False)
    cancelled_reason = models.CharField(
        _("why it was taken back"), max_length=300, blank=True, default="", editable=False
    )

    objects = RunQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("broadcast", "showing")
        verbose_name_plural = pgettext_lazy("broadcast", "showings")
        ordering = ["starts_at", "id"]
        indexes = [models.Index(fields=["window", "starts_at"], name="productions_run_of_window")]
        constraints = [
            models.UniqueConstraint(
                fields=["window", "channel", "starts_at", "platform"], name="productions_run_once",
                condition=Q(cancelled_at__isnull=True),
            ),
            models.UniqueConstraint(
                fields=["airing"], name="productions_run_airing_once",
                condition=Q(cancelled_at__isnull=True, airing__isnull=False),
            ),
            models.CheckConstraint(
                name="productions_run_platform", condition=Q(platform__in=list(PLATFORMS))
            ),
            models.CheckConstraint(
                name="productions_run_cancelled_why",
                condition=Q(cancelled_at__isnull=True, cancelled_reason="")
                | Q(cancelled_at__isnull=False, cancelled_reason__gt=""),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.channel} · {self.starts_at:%Y-%m-%d %H:%M}"

    @property
    def is_planned(self) -> bool:
        return self.airing_id is None


class AudienceFigure(models.Model):
    """What somebody says of how many watched a showing. Never changed: a newer figure stands beside the older one.

    ``value`` counts people or views, or is per cent for shares and ratings.
    """

    uid = models.UUIDField(_("UID"), default=uuid4, unique=True, editable=False)
    run = models.ForeignKey(
        Run, models.PROTECT, related_name="figures", verbose_name=pgettext_lazy("broadcast", "showing")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=FigureKind.choices)
    value = models.DecimalField(_("value"), max_digits=14, decimal_places=2)
    platform = models.CharField(_("platform"), max_length=20, choices=list(PLATFORM_LABELS.items()))
    territory = models.CharField(_("territory"), max_length=40, blank=True, default="")
    source = models.CharField(_("source"), max_length=300, help_text=_("Who measured, and in which publication."))
    source_url = models.URLField(_("source address"), max_length=500, blank=True, default="")
    as_of = models.DateField(_("as of"))
    stated_by = models.ForeignKey(
        Broadcaster, models.PROTECT, related_name="+", verbose_name=_("stated by"),
        help_text=_("Which house says so."),
    )  # fmt: skip
    recorded_at = models.DateTimeField(_("recorded at"), db_default=Now(), editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )

    objects = AudienceFigureQuerySet.as_manager()

    class Meta:
        verbose_name = _("audience figure")
        verbose_name_plural = _("audience figures")
        ordering = ["-as_of", "-id"]
        constraints = [
            one_of("kind", FigureKind, "productions_audiencefigure_kind"),
            models.CheckConstraint(
                name="productions_audiencefigure_platform", condition=Q(platform__in=list(PLATFORMS))
            ),
            models.CheckConstraint(name="productions_audiencefigure_sourced", condition=Q(source__gt="")),
            models.CheckConstraint(
                name="productions_audiencefigure_value",
                condition=Q(value__gte=0) & (Q(kind__in=["reach", "average", "views"]) | Q(value__lte=100)),
            ),
            models.UniqueConstraint(
                fields=["run", "kind", "platform", "territory", "source", "as_of", "stated_by"],
                name="productions_audiencefigure_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.value}"
