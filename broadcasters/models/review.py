"""Reviews of a module: what audiences ask for, what newsrooms can do, and what follows for the module."""

from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from broadcasters.agreement_querysets import OfModuleQuerySet, OfReviewQuerySet
from broadcasters.constants import VERDICT_STATES, Measure, Sufficiency, Verdict
from broadcasters.indicators import indicator
from broadcasters.models.agreements import Module
from broadcasters.models.base import one_of
from broadcasters.models.organisations import Broadcaster
from mediaexchange.core.validators import validate_language_tag


def _sufficiency(label: Any) -> models.CharField:
    return models.CharField(label, max_length=10, choices=Sufficiency.choices, default=Sufficiency.UNKNOWN)


class ModuleReview(models.Model):
    """One house's review for a period of whole days, both included. What a move rests on changes no more."""

    uid = models.UUIDField(_("UID"), default=uuid4, unique=True, editable=False)
    module = models.ForeignKey(Module, models.PROTECT, related_name="reviews", verbose_name=_("module"))
    broadcaster = models.ForeignKey(
        Broadcaster, models.PROTECT, related_name="+", verbose_name=pgettext_lazy("review", "reviewed by")
    )
    first_on = models.DateField(pgettext_lazy("review", "from"))
    last_on = models.DateField(pgettext_lazy("review", "to"))
    demand_note = models.TextField(_("audience demand"), blank=True, default="")
    staff = _sufficiency(pgettext_lazy("feasibility", "staff"))
    budget = _sufficiency(pgettext_lazy("feasibility", "budget"))
    kit = _sufficiency(pgettext_lazy("feasibility", "equipment"))
    feasibility_note = models.TextField(_("production feasibility"), blank=True, default="")
    verdict = models.CharField(pgettext_lazy("review", "verdict"), max_length=10, choices=Verdict.choices)
    verdict_reason = models.TextField(pgettext_lazy("review", "why"))
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    written_at = models.DateTimeField(_("written at"), db_default=Now(), editable=False)

    objects = OfModuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("review of a module")
        verbose_name_plural = _("reviews of modules")
        ordering = ["-last_on", "-id"]
        constraints = [
            # What moves point to with both columns.
            models.UniqueConstraint(fields=["module", "id"], name="broadcasters_review_of_module"),
            models.CheckConstraint(name="broadcasters_review_lasts", condition=Q(last_on__gte=F("first_on"))),
            models.CheckConstraint(name="broadcasters_review_reasoned", condition=~Q(verdict_reason="")),
            one_of("verdict", Verdict, "broadcasters_review_verdict"),
            *(one_of(name, Sufficiency, f"broadcasters_review_{name}") for name in ("staff", "budget", "kit")),
        ]

    def __str__(self) -> str:
        days = " – ".join(date_format(day, "SHORT_DATE_FORMAT") for day in (self.first_on, self.last_on))
        return f"{self.module} · {days}"

    def clean(self) -> None:
        super().clean()
        if self.first_on and self.last_on and self.last_on < self.first_on:
            raise ValidationError({"last_on": _("The last day is not before the first.")})

    def supports(self, state: str) -> bool:
        """Whether the verdict speaks for this state of the module."""
        return state in VERDICT_STATES[self.verdict]


class DemandFigure(models.Model):
    """What audiences did or said, in one language, as a source tells it."""

    review = models.ForeignKey(ModuleReview, models.CASCADE, related_name="demand", verbose_name=_("review"))
    measure = models.CharField(pgettext_lazy("audience", "measure"), max_length=10, choices=Measure.choices)
    value = models.DecimalField(pgettext_lazy("audience", "value"), max_digits=14, decimal_places=2)
    language = models.CharField(
        _("language"), max_length=35, validators=[validate_language_tag], help_text=_("Of the audience: BCP 47.")
    )
    source = models.CharField(pgettext_lazy("figure", "source"), max_length=300)
    url = models.URLField(_("address"), max_length=500, blank=True, default="")
    as_of = models.DateField(_("as of"), null=True, blank=True)

    objects = OfReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("figure of demand")
        verbose_name_plural = _("figures of demand")
        ordering = ["review", "measure", "language", "id"]
        constraints = [
            one_of("measure", Measure, "broadcasters_demand_measure"),
            models.CheckConstraint(name="broadcasters_demand_value", condition=Q(value__gte=0)),
            models.CheckConstraint(name="broadcasters_demand_sourced", condition=~Q(source="")),
            models.CheckConstraint(
                name="broadcasters_demand_percent",
                condition=~Q(measure__in=["share", "survey"]) | Q(value__lte=100),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_measure_display()}: {self.value} ({self.language})"


class ReviewEvidence(models.Model):
    """An indicator that the review points to, counted for a house and the review's period whenever it is read."""

    review = models.ForeignKey(ModuleReview, models.CASCADE, related_name="evidence", verbose_name=_("review"))
    indicator = models.CharField(_("counted by"), max_length=60)
    broadcaster = models.ForeignKey(
        Broadcaster, models.PROTECT, related_name="+", verbose_name=pgettext_lazy("evidence", "of whom")
    )
    partner = models.ForeignKey(
        Broadcaster, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=pgettext_lazy("evidence", "with whom"), help_text=_("Empty: all others together."),
    )  # fmt: skip

    objects = OfReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        ordering = ["review", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["review", "indicator", "broadcaster", "partner"], nulls_distinct=False,
                name="broadcasters_evidence_once",
            ),
            models.CheckConstraint(
                name="broadcasters_evidence_with_another",
                condition=Q(partner__isnull=True) | ~Q(partner=F("broadcaster")),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        counted = indicator(self.indicator)
        return str(counted.title) if counted else self.indicator

    def clean(self) -> None:
        super().clean()
        if self.indicator and indicator(self.indicator) is None:
            raise ValidationError({"indicator": _("Nothing is counted under this name.")})
