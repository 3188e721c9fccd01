"""Reviews of pilots: what people think of them, and what was decided."""

from uuid import uuid4

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from broadcasters.models import Broadcaster, ModuleMove
from mediaexchange.core.validators import validate_day
from productions.constants import HIGHEST_MARK, Criterion, PilotDecision
from productions.models.base import one_of
from productions.models.production import Production
from productions.querysets import PilotMarkQuerySet, ProductionPartQuerySet


class PilotReview(models.Model):
    """One look at a pilot, decided once; a trigger keeps what was decided.

    ``module_move`` is what the decision did to the module.
    """

    uid = models.UUIDField(_("UID"), default=uuid4, unique=True, editable=False)
    production = models.ForeignKey(
        Production, models.PROTECT, related_name="pilot_reviews", verbose_name=_("production")
    )
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("opened by")
    )
    opened_at = models.DateTimeField(_("opened at"), db_default=Now(), editable=False)
    due_on = models.DateField(_("due on"), null=True, blank=True, validators=[validate_day])
    decision = models.CharField(
        _("decision"), max_length=10, choices=PilotDecision.choices, blank=True, default="", editable=False
    )
    reason = models.TextField(_("reason"), blank=True, default="", editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+",
        verbose_name=_("decided by"),
    )  # fmt: skip
    decided_at = models.DateTimeField(_("decided at"), null=True, editable=False)
    module_move = models.ForeignKey(
        ModuleMove, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name=_("state change")
    )

    objects = ProductionPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("pilot review")
        verbose_name_plural = _("pilot reviews")
        ordering = ["-opened_at", "-id"]
        constraints = [
            one_of("decision", PilotDecision, "productions_pilotreview_decision", or_empty=True),
            models.CheckConstraint(
                name="productions_pilotreview_decided",
                condition=Q(decision="", decided_at__isnull=True)
                | Q(decision__gt="", reason__gt="", decided_at__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["production"], name="productions_pilotreview_one_open", condition=Q(decided_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.production} · {self.get_decision_display() or _('undecided')}"

    @property
    def is_decided(self) -> bool:
        return self.decided_at is not None


class PilotMark(models.Model):
    """What one partner thinks of one thing: a mark from 1 to 5, and why."""

    review = models.ForeignKey(PilotReview, models.CASCADE, related_name="marks", verbose_name=_("pilot review"))
    criterion = models.CharField(_("criterion"), max_length=15, choices=Criterion.choices)
    broadcaster = models.ForeignKey(Broadcaster, models.PROTECT, related_name="+", verbose_name=_("broadcaster"))
    mark = models.PositiveSmallIntegerField(
        _("mark"), validators=[MinValueValidator(1), MaxValueValidator(HIGHEST_MARK)],
        help_text=_("From 1, which is poor, to 5, which is excellent."),
    )  # fmt: skip
    note = models.TextField(pgettext_lazy("pilot review", "note"), blank=True, default="")
    marked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("marked by")
    )
    marked_at = models.DateTimeField(_("marked at"), db_default=Now(), editable=False)

    objects = PilotMarkQuerySet.as_manager()

    class Meta:
        verbose_name = _("mark of a pilot")
        verbose_name_plural = _("marks of pilots")
        ordering = ["criterion", "broadcaster"]
        constraints = [
            models.UniqueConstraint(fields=["review", "criterion", "broadcaster"], name="productions_pilotmark_once"),
            one_of("criterion", Criterion, "productions_pilotmark_criterion"),
            models.CheckConstraint(name="productions_pilotmark_range", condition=Q(mark__range=(1, HIGHEST_MARK))),
        ]

    def __str__(self) -> str:
        return f"{self.get_criterion_display()}: {self.mark}"
