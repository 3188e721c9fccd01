"""Income of a production, whose it is, and what was paid out."""

from decimal import Decimal
from uuid import uuid4

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mediaexchange.core.validators import validate_day
from productions.models.money import amount_of_money, currency_of_amount, is_percent, percent
from productions.models.partner import Partner
from productions.models.production import Production
from productions.money import Money
from productions.money_querysets import IncomePartQuerySet, MoneyQuerySet

TERRITORY_HELP = _("A country’s code or the name of a set of countries, such as KZ or CIS; empty for everywhere.")


class RevenueShare(models.Model):
    """A partner's part of what is earned in a territory; without territory, wherever no other share is agreed.

    The parts for one territory total exactly 100, which a trigger holds at the end of every transaction. Where none
    are agreed at all, the production's own shares hold.
    """

    production = models.ForeignKey(
        Production, models.PROTECT, related_name="revenue_shares", verbose_name=_("production")
    )
    territory = models.CharField(_("territory"), max_length=40, blank=True, default="", help_text=TERRITORY_HELP)
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="revenue_shares", verbose_name=_("partner"))
    share_percent = percent(
        _("share, in per cent"), validators=[MinValueValidator(Decimal("0.01")), MaxValueValidator(100)]
    )

    objects = MoneyQuerySet.as_manager()

    class Meta:
        verbose_name = _("share of income")
        verbose_name_plural = _("shares of income")
        ordering = ["production", "territory", "partner"]
        constraints = [
            models.UniqueConstraint(
                fields=["production", "territory", "partner"], name="productions_revenueshare_once"
            ),
            models.CheckConstraint(
                name="productions_revenueshare_percent", condition=Q(share_percent__gt=0, share_percent__lte=100)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.territory or '*'} · {self.partner} · {self.share_percent} %"


class Income(models.Model):
    """Money that came in for a production, at one of its partners; below zero it went back. Never changed.

    Whose it is stands in its shares, dealt out when it is recorded: shares agreed later change nothing about it. What
    takes an income back is of its production and currency, and no more than is left of it; a trigger holds it.
    """

    uid = models.UUIDField(_("UID"), default=uuid4, unique=True, editable=False)
    production = models.ForeignKey(Production, models.PROTECT, related_name="incomes", verbose_name=_("production"))
    description = models.CharField(_("description"), max_length=300, help_text=_("From whom, and for what."))
    territory = models.CharField(_("territory"), max_length=40, blank=True, default="", help_text=TERRITORY_HELP)
    amount = amount_of_money(_("amount"), help_text=_("Below zero if it had to be given back."))
    currency = currency_of_amount()
    received_on = models.DateField(_("received on"), validators=[validate_day])
    received_by = models.ForeignKey(Partner, models.PROTECT, related_name="+", verbose_name=_("received by"))
    reference = models.CharField(_("reference"), max_length=100, blank=True, default="")
    reverses = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="reversals", verbose_name=_("takes back"),
        help_text=_("The income booked wrongly or given back; it goes back by the shares it was dealt out by."),
    )  # fmt: skip
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    recorded_at = models.DateTimeField(_("recorded at"), db_default=Now(), editable=False)

    objects = MoneyQuerySet.as_manager()

    class Meta:
        verbose_name = _("income")
        verbose_name_plural = pgettext_lazy("list", "income")
        ordering = ["-received_on", "-id"]
        constraints = [
            models.CheckConstraint(name="productions_income_some", condition=~Q(amount=0)),
            models.CheckConstraint(name="productions_income_described", condition=Q(description__gt="")),
            models.CheckConstraint(
                name="productions_income_reversal", condition=Q(reverses__isnull=True) | Q(amount__lt=0)
            ),
        ]

    def __str__(self) -> str:
        return self.description

    @property
    def money(self) -> Money:
        """Reads ``currency``."""
        return Money(self.currency_id, self.amount, self.currency.minor_units)


class IncomeShare(models.Model):
    """What of an income is one partner's. The amounts of an income's shares total it exactly; a trigger holds it."""

    income = models.ForeignKey(Income, models.PROTECT, related_name="shares", verbose_name=_("income"))
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="+", verbose_name=_("partner"))
    share_percent = percent(_("share, in per cent"))
    amount = amount_of_money(_("amount"))

    objects = IncomePartQuerySet.as_manager()

    class Meta:
        verbose_name = _("part of an income")
        verbose_name_plural = _("parts of incomes")
        ordering = ["income", "id"]
        constraints = [
            models.UniqueConstraint(fields=["income", "partner"], name="productions_incomeshare_once"),
            is_percent("share_percent", "productions_incomeshare_percent"),
        ]

    def __str__(self) -> str:
        return f"{self.partner} · {self.amount}"


class Payout(models.Model):
    """What one partner has passed on to another of the income it received. Never changed, only voided."""

    uid = models.UUIDField(_("UID"), default=uuid4, unique=True, editable=False)
    production = models.ForeignKey(Production, models.PROTECT, related_name="payouts", verbose_name=_("production"))
    payer = models.ForeignKey(Partner, models.PROTECT, related_name="+", verbose_name=pgettext_lazy("money", "payer"))
    payee = models.ForeignKey(Partner, models.PROTECT, related_name="+", verbose_name=pgettext_lazy("money", "payee"))
    amount = amount_of_money(_("amount"))
    currency = currency_of_amount()
    paid_on = models.DateField(_("paid on"), validators=[validate_day])
    reference = models.CharField(_("payment reference"), max_length=100)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    recorded_at = models.DateTimeField(_("recorded at"), db_default=Now(), editable=False)
    voided_at = models.DateTimeField(_("taken back at"), null=True, editable=False)
    void_reason = models.CharField(_("why it was taken back"), max_length=500, blank=True, default="", editable=False)

    objects = MoneyQuerySet.as_manager()

    class Meta:
        verbose_name = _("payout")
        verbose_name_plural = _("payouts")
        ordering = ["-paid_on", "-id"]
        constraints = [
            models.CheckConstraint(name="productions_payout_amount", condition=Q(amount__gt=0)),
            models.CheckConstraint(name="productions_payout_of_two", condition=~Q(payer=F("payee"))),
            models.CheckConstraint(name="productions_payout_referenced", condition=Q(reference__gt="")),
            models.CheckConstraint(
                name="productions_payout_voided",
                condition=Q(voided_at__isnull=True, void_reason="") | Q(voided_at__isnull=False, void_reason__gt=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.payer} → {self.payee} · {self.money}"

    @property
    def money(self) -> Money:
        """Reads ``currency``."""
        return Money(self.currency_id, self.amount, self.currency.minor_units)
