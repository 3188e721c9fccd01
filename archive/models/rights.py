"""Who may use what, where, on what, when and how often; and what is used up.

Two grants to different takers that overlap in item, stretch, territory, platform and time cannot both stand if one of
them is exclusive: the exclusion constraint holds it, whoever writes.
"""

from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import (
    ArrayField,
    BigIntegerRangeField,
    DateTimeRangeField,
    IntegerRangeField,
    RangeOperators,
)
from django.contrib.postgres.indexes import OpClass
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from psycopg.types.range import Range

from archive.constants import Clearance, GrantStatus, RightKind
from archive.models.base import codes, one_of, scope_errors
from archive.models.item import Item, ItemPart
from archive.models.request import Licence, RequestLine
from archive.models.segment import Segment
from archive.querysets import GrantPartQuerySet, GrantQuerySet
from broadcasters.models import Broadcaster
from broadcasters.models.organisations import language_tags
from mediaexchange.core.rights.terms import PLATFORMS
from mediaexchange.core.rights.territories import CODES, members
from mediaexchange.core.validators import validate_time_zone


class UnderlyingRight(ItemPart):
    """A right of somebody else in an item or a stretch of it. Nothing that holds it is granted until it is cleared.

    ``territories`` empty means that the clearance is for the whole world; ``ends_on`` None, for ever.
    """

    uid = models.UUIDField(_("UID"), default=uuid4, unique=True, editable=False)
    item = models.ForeignKey(Item, models.CASCADE, related_name="underlying_rights", verbose_name=_("item"))
    segment = models.ForeignKey(
        Segment, models.CASCADE, null=True, blank=True, related_name="underlying_rights", verbose_name=_("segment")
    )
    kind = models.CharField(_("kind"), max_length=12, choices=RightKind.choices)
    owner = models.CharField(_("owner"), max_length=300, blank=True, default="")
    description = models.CharField(_("what it covers"), max_length=500, blank=True, default="")
    clearance = models.CharField(_("clearance"), max_length=10, choices=Clearance.choices, default=Clearance.UNCLEARED)
    reference = models.CharField(_("contract or reference"), max_length=300, blank=True, default="")
    territories = codes(_("cleared for territories"))
    platforms = codes(_("cleared for platforms"), 20)
    ends_at = models.DateTimeField(_("cleared until"), null=True, blank=True)

    class Meta:
        verbose_name = _("underlying right")
        verbose_name_plural = _("underlying rights")
        ordering = ["id"]
        constraints = [
            one_of("kind", RightKind, "archive_underlying_kind"),
            one_of("clearance", Clearance, "archive_underlying_clearance"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.get_clearance_display()}"

    def clean(self) -> None:
        super().clean()
        errors = scope_errors(self.territories, self.platforms)
        if self.segment and self.segment.item_id != self.item_id:
            errors["segment"] = _("The segment belongs to another item.")
        if errors:
            raise ValidationError(errors)


def territory_numbers(names: Iterable[str], is_elsewhere: bool) -> list[int]:
    """Each territory that is meant, as a number that never changes: its two letters in base 26. None means the world.

    Raises KeyError for a name nobody knows.
    """
    named = frozenset().union(*(members(name) for name in names))
    meant = CODES - named if is_elsewhere and named else named or CODES
    return sorted((ord(code[0]) - 65) * 26 + ord(code[1]) - 65 for code in meant)


def platform_numbers(names: Iterable[str]) -> list[int]:
    """Their places in the list of platforms, which only ever grows at its end."""
    wanted = set(names) or set(PLATFORMS)
    return sorted(PLATFORMS.index(name) for name in wanted)


class Grant(models.Model):
    """Leave to use an item or a stretch of it. It stands by itself, or is a line of a licence.

    Without ``grantee`` it is for every partner that reads the item. ``runs`` and ``seconds`` None are without limit;
    a showing within ``repeat_hours`` of a run's first is the same run. ``period`` holds its first moment, not its last,
    and is said in ``time_zone``. Columns from ``part`` on are derived when it is saved; the counts only by use.
    """

    uid = models.UUIDField(_("UID"), default=uuid4, unique=True, editable=False)
    item = models.ForeignKey(Item, models.PROTECT, related_name="grants", verbose_name=_("item"))
    segment = models.ForeignKey(
        Segment, models.PROTECT, null=True, blank=True, related_name="grants", verbose_name=_("segment")
    )
    grantee = models.ForeignKey(
        Broadcaster, models.PROTECT, null=True, blank=True, related_name="grants", verbose_name=_("granted to"),
        help_text=_("Empty: every partner."),
    )  # fmt: skip
    licence = models.ForeignKey(
        Licence, models.PROTECT, null=True, blank=True, related_name="grants", verbose_name=_("licence")
    )
    request_line = models.OneToOneField(
        RequestLine, models.PROTECT, null=True, blank=True, related_name="grant", verbose_name=_("line of a request")
    )
    territories = codes(_("territories"), help_text=_("Codes or names of sets; empty means the whole world."))
    is_elsewhere = models.BooleanField(_("everywhere but there"), default=False)
    platforms = codes(_("platforms"), 20)
    languages = language_tags(_("language versions"))
    period = DateTimeRangeField(_("period"))
    time_zone = models.CharField(_("time zone"), max_length=40, validators=[validate_time_zone])
    runs = models.PositiveIntegerField(_("runs"), null=True, blank=True)
    repeat_hours = models.PositiveIntegerField(_("repeats within hours"), default=0)
    seconds = models.PositiveIntegerField(_("seconds"), null=True, blank=True)
    is_exclusive = models.BooleanField(_("exclusive"), default=False)
    embargoed_until = models.DateTimeField(_("embargo until"), null=True, blank=True)
    holdback_until = models.DateTimeField(_("holdback until"), null=True, blank=True)
    holdback_platforms = codes(_("platforms held back"), 20)
    note = models.TextField(_("note"), blank=True, default="")
    status = models.CharField(_("status"), max_length=10, choices=GrantStatus.choices, default=GrantStatus.ACTIVE)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True, editable=False)
    revocation_reason = models.TextField(_("reason of the revocation"), blank=True, default="", editable=False)
    created_at = models.DateTimeField(_("created at"), db_default=Now(), editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    part = BigIntegerRangeField(editable=False, help_text="Milliseconds of the item; unbounded for all of it.")
    territory_numbers = ArrayField(models.IntegerField(), editable=False)
    platform_numbers = ArrayField(models.IntegerField(), editable=False)
    grantee_number = models.BigIntegerField(editable=False)
    lane = IntegerRangeField(editable=False, help_text="Its own number; all numbers if exclusive.")
    runs_used = models.PositiveIntegerField(_("runs used"), default=0, editable=False)
    used_ms = models.BigIntegerField(_("used, in ms"), default=0, editable=False)

    objects = GrantQuerySet.as_manager()

    class Meta:
        verbose_name = _("grant")
        verbose_name_plural = _("grants")
        ordering = ["-id"]
        constraints = [
            one_of("status", GrantStatus, "archive_grant_status"),
            models.CheckConstraint(name="archive_grant_period", condition=Q(period__isempty=False)),
            models.CheckConstraint(
                name="archive_grant_seconds", condition=Q(seconds__isnull=True) | Q(used_ms__lte=F("seconds") * 1000)
            ),
            models.CheckConstraint(
                name="archive_grant_runs", condition=Q(runs__isnull=True) | Q(runs_used__lte=F("runs"))
            ),
            models.CheckConstraint(
                name="archive_grant_exclusive_to_somebody", condition=Q(is_exclusive=False) | Q(grantee__isnull=False)
            ),
            models.CheckConstraint(
                name="archive_grant_revoked_when",
                condition=Q(status="active", revoked_at__isnull=True) | Q(status="revoked", revoked_at__isnull=False),
            ),
            ExclusionConstraint(
                name="archive_grant_exclusive",
                index_type="gist",
                expressions=[
                    ("item", RangeOperators.EQUAL),
                    ("part", RangeOperators.OVERLAPS),
                    ("period", RangeOperators.OVERLAPS),
                    ("lane", RangeOperators.OVERLAPS),
                    ("grantee_number", RangeOperators.NOT_EQUAL),
                    (OpClass("territory_numbers", name="gist__intbig_ops"), RangeOperators.OVERLAPS),
                    (OpClass("platform_numbers", name="gist__int_ops"), RangeOperators.OVERLAPS),
                ],
                condition=Q(status="active"),
                violation_error_message=_("Another grant for the same time, territory and platform stands against it."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item} → {self.grantee or '*'}"

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        self.set_derived()
        if update_fields is not None:
            update_fields = {*update_fields, "part", "territory_numbers", "platform_numbers", "grantee_number", "lane"}
        super().save(*args, update_fields=update_fields, **kwargs)

    def set_derived(self) -> None:
        """What the exclusion constraint compares. Raises KeyError, ValueError for unknown territories, platforms.

        The stretch stays what was granted, wherever its segment is moved later.
        """
        segment = self.segment
        if self._state.adding:
            self.part = Range(segment.in_ms, segment.out_ms) if segment else Range(None, None)
        self.territory_numbers = territory_numbers(self.territories, self.is_elsewhere)
        self.platform_numbers = platform_numbers(self.platforms)
        self.grantee_number = self.grantee_id or 0
        self.lane = Range(None, None) if self.is_exclusive else Range(self.grantee_number, self.grantee_number + 1)


class GrantUse(models.Model):
    """One showing by a house that a grant was used for. It counts a run unless it repeats one, and what its run has not
    counted yet of its length. One that was reported wrongly is taken back: it stays, and counts no longer.
    """

    uid = models.UUIDField(_("UID"), default=uuid4, unique=True, editable=False)
    grant = models.ForeignKey(Grant, models.PROTECT, related_name="uses", verbose_name=_("grant"))
    broadcaster = models.ForeignKey(Broadcaster, models.PROTECT, related_name="footage_uses", verbose_name=_("used by"))
    started_at = models.DateTimeField(_("started at"))
    used_ms = models.BigIntegerField(_("used, in ms"))
    platform = models.CharField(_("platform"), max_length=20)
    is_repeat = models.BooleanField(_("repeat"), default=False)
    note = models.CharField(_("note"), max_length=300, blank=True, default="")
    reported_at = models.DateTimeField(_("reported at"), db_default=Now())
    reported_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    taken_back_at = models.DateTimeField(_("taken back at"), null=True, blank=True, editable=False)
    taken_back_reason = models.CharField(_("why it was taken back"), max_length=300, blank=True, default="")
    taken_back_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    objects = GrantPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("use of footage")
        verbose_name_plural = _("uses of footage")
        ordering = ["-started_at", "-id"]
        constraints = [
            models.CheckConstraint(name="archive_grantuse_lasts", condition=Q(used_ms__gt=0)),
            models.UniqueConstraint(
                fields=["grant", "broadcaster", "started_at", "platform"],
                name="archive_grantuse_once",
                condition=Q(taken_back_at__isnull=True),
            ),
            models.CheckConstraint(
                name="archive_grantuse_taken_back_why",
                condition=Q(taken_back_at__isnull=True) | ~Q(taken_back_reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.grant} · {self.started_at:%Y-%m-%d %H:%M}"
