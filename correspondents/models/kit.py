"""Equipment that correspondents take along, and who has it when; and what each house does about overlaps."""

from uuid import uuid4

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import BigIntegerRangeField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from archive.models.base import one_of
from broadcasters.models import Broadcaster, Module
from broadcasters.models.base import named_in_some_language
from correspondents.constants import Effect, KitKind, OverlapRule
from correspondents.models.assignment import Assignment
from correspondents.querysets import HouseQuerySet, KitBookingQuerySet
from mediaexchange.core.languages.localize import localized


class Kit(models.Model):
    """A piece or a case of equipment; serial numbers are what a carnet lists."""

    uid = models.UUIDField(_("UID"), default=uuid4, unique=True, editable=False)
    broadcaster = models.ForeignKey(Broadcaster, models.PROTECT, related_name="kits", verbose_name=_("broadcaster"))
    name = models.CharField(_("name"), max_length=200, blank=True)
    kind = models.CharField(pgettext_lazy("kit", "kind"), max_length=10, choices=KitKind.choices)
    inventory_number = models.CharField(_("inventory number"), max_length=60)
    serial_number = models.CharField(_("serial number"), max_length=120, blank=True, default="")
    is_active = models.BooleanField(_("in use"), default=True)

    objects = HouseQuerySet.as_manager()

    class Meta:
        verbose_name = _("equipment")
        verbose_name_plural = _("equipment")
        ordering = ["broadcaster", "inventory_number"]
        constraints = [
            named_in_some_language("name", "correspondents_kit_named"),
            one_of("kind", KitKind, "correspondents_kit_kind"),
            models.UniqueConstraint(fields=["broadcaster", "inventory_number"], name="correspondents_kit_once"),
        ]

    def __str__(self) -> str:
        return f"{localized(self, 'name')} · {self.inventory_number}"


class KitBooking(models.Model):
    """Equipment held for an assignment; ``period`` and ``lane`` are as an assignment's. Released, it holds nothing."""

    uid = models.UUIDField(_("UID"), default=uuid4, unique=True, editable=False)
    kit = models.ForeignKey(Kit, models.PROTECT, related_name="bookings", verbose_name=_("equipment"))
    assignment = models.ForeignKey(
        Assignment, models.CASCADE, related_name="kit_bookings", verbose_name=_("assignment")
    )
    period = DateTimeRangeField(_("period"))
    released_at = models.DateTimeField(_("released at"), null=True, editable=False)
    booked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    booked_at = models.DateTimeField(_("booked at"), db_default=Now(), editable=False)
    lane = BigIntegerRangeField(null=True, editable=False)

    objects = KitBookingQuerySet.as_manager()

    class Meta:
        verbose_name = _("booking of equipment")
        verbose_name_plural = _("bookings of equipment")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="correspondents_booking_period",
                condition=Q(
                    period__isempty=False, period__lower_inf=False, period__upper_inf=False,
                    period__lower_inc=True, period__upper_inc=False,
                ),
            ),
            ExclusionConstraint(
                name="correspondents_kit_once_at_a_time",
                index_type="gist",
                expressions=[
                    ("kit", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                    ("lane", RangeOperators.OVERLAPS),
                ],
                condition=Q(released_at__isnull=True),
                violation_error_message=_("The equipment is booked at that time."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.kit} · {self.assignment}"


class OverlapPolicy(models.Model):
    """What a house does when a rule is broken: in one module, or without one in all that have no policy of their own.

    It is read when a row is written: what stands already stays as it is.
    """

    broadcaster = models.ForeignKey(
        Broadcaster, models.CASCADE, related_name="overlap_policies", verbose_name=_("broadcaster")
    )
    module = models.ForeignKey(
        Module, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("module"),
        help_text=_("Empty: wherever no other policy of the house says otherwise."),
    )  # fmt: skip
    rule = models.CharField(_("rule"), max_length=20, choices=OverlapRule.choices)
    effect = models.CharField(_("effect"), max_length=10, choices=Effect.choices)

    objects = HouseQuerySet.as_manager()

    class Meta:
        verbose_name = _("policy on overlaps")
        verbose_name_plural = _("policies on overlaps")
        ordering = ["broadcaster", "rule", "id"]
        constraints = [
            one_of("rule", OverlapRule, "correspondents_policy_rule"),
            one_of("effect", Effect, "correspondents_policy_effect"),
            models.UniqueConstraint(
                fields=["broadcaster", "module", "rule"], name="correspondents_policy_once", nulls_distinct=False
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_rule_display()} · {self.get_effect_display()}"
