"""Baselines: what a schedule was when it was agreed, kept as it was."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from broadcasters.models.base import named_in_some_language
from mediaexchange.core.languages.localize import localized
from productions.models.milestone import Milestone, Planned, planned_constraints
from productions.models.partner import Partner
from productions.models.production import Production
from productions.querysets import ProductionPartQuerySet
from productions.schedule_querysets import BaselineMilestoneQuerySet


class Baseline(models.Model):
    """A copy of all milestones. Once it is locked, triggers refuse every change of it and of its rows."""

    uid = models.UUIDField(_("UID"), default=uuid4, unique=True, editable=False)
    production = models.ForeignKey(Production, models.PROTECT, related_name="baselines", verbose_name=_("production"))
    name = models.CharField(pgettext_lazy("baseline", "name"), max_length=200)
    created_at = models.DateTimeField(_("created at"), db_default=Now(), editable=False)
    locked_at = models.DateTimeField(_("locked at"), null=True, editable=False)
    locked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+",
        verbose_name=_("locked by"),
    )  # fmt: skip

    objects = ProductionPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("baseline")
        verbose_name_plural = _("baselines")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["production", "name"], name="productions_baseline_once"),
            models.CheckConstraint(name="productions_baseline_named", condition=Q(name__gt="")),
        ]

    def __str__(self) -> str:
        return self.name


class BaselineMilestone(Planned):
    """A milestone as it was planned then."""

    baseline = models.ForeignKey(Baseline, models.PROTECT, related_name="milestones", verbose_name=_("baseline"))
    milestone = models.ForeignKey(Milestone, models.PROTECT, related_name="baselined", verbose_name=_("milestone"))
    owner = models.ForeignKey(Partner, models.PROTECT, related_name="+", verbose_name=_("owner"))
    title = models.CharField(_("title"), max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    done_at = models.DateTimeField(_("done at"), null=True, editable=False)

    objects = BaselineMilestoneQuerySet.as_manager()

    class Meta:
        verbose_name = _("milestone of a baseline")
        verbose_name_plural = _("milestones of baselines")
        ordering = ["baseline", "position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["baseline", "milestone"], name="productions_baselinemilestone_once"),
            named_in_some_language("title", "productions_baselinemilestone_titled"),
            *planned_constraints("productions_baselinemilestone"),
        ]

    def __str__(self) -> str:
        return localized(self, "title")
