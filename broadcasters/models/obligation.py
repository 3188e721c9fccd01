"""Obligations: who owes what, by when or how many per period, and the indicator that counts it."""

from typing import Any
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from broadcasters.constants import Rhythm
from broadcasters.indicators import indicator
from broadcasters.models.agreements import Memorandum, Module
from broadcasters.models.base import named_in_some_language
from broadcasters.models.clause import Clause
from broadcasters.models.organisations import Broadcaster
from broadcasters.querysets import ObligationQuerySet
from mediaexchange.core.languages.localize import localized


class Obligation(models.Model):
    """What one party of a memorandum intends to do. It is a statement of intent: falling short has no legal effect.

    Debtor and creditor are parties of the memorandum; foreign keys on both columns hold it. Without a creditor it is
    owed to all other parties. Days are those of the debtor's time zone.
    """

    uid = models.UUIDField(_("UID"), default=uuid4, unique=True, editable=False)
    memorandum = models.ForeignKey(Memorandum, models.PROTECT, related_name="obligations", verbose_name=_("memorandum"))
    module = models.ForeignKey(
        Module, models.PROTECT, null=True, blank=True, related_name="obligations", verbose_name=_("module")
    )
    clause = models.ForeignKey(
        Clause, models.PROTECT, null=True, blank=True, related_name="obligations",
        verbose_name=pgettext_lazy("obligation", "rests on"),
    )  # fmt: skip
    title = models.CharField(pgettext_lazy("obligation", "what is owed"), max_length=200, blank=True)
    debtor = models.ForeignKey(Broadcaster, models.PROTECT, related_name="+", verbose_name=_("owed by"))
    creditor = models.ForeignKey(
        Broadcaster, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("owed to"),
        help_text=_("Empty: all other parties together."),
    )  # fmt: skip
    indicator = models.CharField(_("counted by"), max_length=60)
    amount = models.PositiveIntegerField(_("how many"))
    rhythm = models.CharField(pgettext_lazy("obligation", "per"), max_length=10, choices=Rhythm.choices)
    starts_on = models.DateField(_("begins on"))
    ends_on = models.DateField(
        _("ends on"), null=True, blank=True, help_text=_("The last day. What is owed once is due on it.")
    )
    note = models.TextField(pgettext_lazy("obligation", "note"), blank=True, default="")

    objects = ObligationQuerySet.as_manager()

    class Meta:
        verbose_name = _("obligation")
        verbose_name_plural = _("obligations")
        ordering = ["memorandum", "starts_on", "id"]
        constraints = [
            named_in_some_language("title", "broadcasters_obligation_titled"),
            models.CheckConstraint(name="broadcasters_obligation_amount", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="broadcasters_obligation_rhythm", condition=Q(rhythm__in=[value.value for value in Rhythm])
            ),
            models.CheckConstraint(
                name="broadcasters_obligation_ends",
                condition=Q(ends_on__isnull=False, ends_on__gte=F("starts_on"))
                | Q(ends_on__isnull=True) & ~Q(rhythm="once"),
            ),
            models.CheckConstraint(
                name="broadcasters_obligation_to_another",
                condition=Q(creditor__isnull=True) | ~Q(creditor=F("debtor")),
            ),
        ]

    def __str__(self) -> str:
        return localized(self, "title")

    def clean(self) -> None:
        """What the database refuses as well, said where it is typed in."""
        super().clean()
        problems: dict[str, Any] = {}
        if self.indicator and indicator(self.indicator) is None:
            problems["indicator"] = _("Nothing is counted under this name.")
        if self.rhythm == Rhythm.ONCE and self.ends_on is None:
            problems["ends_on"] = _("Say by when it is owed.")
        elif self.ends_on and self.starts_on and self.ends_on < self.starts_on:
            problems["ends_on"] = _("The last day is not before the first.")
        if self.memorandum_id:
            parties = set(self.memorandum.parties.values_list("broadcaster_id", flat=True))
            for side in ("debtor", "creditor"):
                if (pk := getattr(self, f"{side}_id")) and pk not in parties:
                    problems[side] = _("Choose a party of the memorandum.")
            if self.module_id and not self.memorandum.modules.filter(pk=self.module_id).exists():
                problems["module"] = _("Choose a module of the memorandum.")
            if self.clause is not None and self.clause.memorandum_id != self.memorandum_id:
                problems["clause"] = _("Choose a clause of the memorandum.")
        if self.creditor_id and self.creditor_id == self.debtor_id:
            problems["creditor"] = _("Nobody owes anything to their own house.")
        if problems:
            raise ValidationError(problems)
