"""Instalments: what one partner pays another, when a milestone is reached or on a day."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mediaexchange.core.errors import ConflictError
from mediaexchange.core.validators import validate_day
from productions.constants import InstalmentStatus
from productions.models.base import near_days, one_of
from productions.models.milestone import Milestone
from productions.models.money import amount_of_money, currency_of_amount, is_percent, percent
from productions.models.partner import Partner
from productions.models.production import Production
from productions.money import Money, rounded
from productions.money_querysets import InstalmentQuerySet

INSTALMENT_MOVES: dict[str, frozenset[str]] = {
    InstalmentStatus.DUE: frozenset({InstalmentStatus.INVOICED}),
    InstalmentStatus.INVOICED: frozenset({InstalmentStatus.DUE, InstalmentStatus.PAID}),
    InstalmentStatus.PAID: frozenset(),
}


class Instalment(models.Model):
    """Gross, with the tax that the payer withholds of it. What was invoiced stands still; a trigger holds that.

    The tax is rounded once, half up; the net amount is what is left, so that both add up.
    """

    uid = models.UUIDField(_("UID"), default=uuid4, unique=True, editable=False)
    production = models.ForeignKey(Production, models.PROTECT, related_name="instalments", verbose_name=_("production"))
    payer = models.ForeignKey(Partner, models.PROTECT, related_name="+", verbose_name=pgettext_lazy("money", "payer"))
    payee = models.ForeignKey(Partner, models.PROTECT, related_name="+", verbose_name=pgettext_lazy("money", "payee"))
    description = models.CharField(_("description"), max_length=300)
    amount = amount_of_money(_("gross amount"), validators=[MinValueValidator(Decimal("0.001"))])
    currency = currency_of_amount()
    withholding_percent = percent(
        _("withholding tax, in per cent"), default=Decimal(0),
        validators=[MinValueValidator(0), MaxValueValidator(100)],
        help_text=_("Of the gross amount; the payer keeps it back for the tax office."),
    )  # fmt: skip
    milestone = models.ForeignKey(
        Milestone, models.PROTECT, null=True, blank=True, related_name="instalments", verbose_name=_("milestone"),
        help_text=_("It falls due once this is done; or give a day instead."),
    )  # fmt: skip
    due_on = models.DateField(
        _("due on"), null=True, blank=True, validators=[validate_day], help_text=_("A day, instead of a milestone.")
    )
    term_days = models.PositiveSmallIntegerField(
        _("days to pay"), default=30, help_text=_("After the day that the milestone was done.")
    )
    status = models.CharField(
        _("status"), max_length=10, choices=InstalmentStatus.choices, default=InstalmentStatus.DUE, editable=False
    )
    invoiced_on = models.DateField(_("invoiced on"), null=True, validators=[validate_day], editable=False)
    invoice = models.CharField(_("invoice"), max_length=100, blank=True, default="", editable=False)
    paid_on = models.DateField(_("paid on"), null=True, validators=[validate_day], editable=False)
    payment = models.CharField(_("payment reference"), max_length=100, blank=True, default="", editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(_("created at"), db_default=Now(), editable=False)

    objects = InstalmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("instalment")
        verbose_name_plural = _("instalments")
        ordering = ["production", "id"]
        constraints = [
            one_of("status", InstalmentStatus, "productions_instalment_status"),
            near_days("productions_instalment_near", "due_on"),
            models.CheckConstraint(name="productions_instalment_amount", condition=Q(amount__gt=0)),
            models.CheckConstraint(name="productions_instalment_of_two", condition=~Q(payer=F("payee"))),
            models.CheckConstraint(name="productions_instalment_described", condition=Q(description__gt="")),
            is_percent("withholding_percent", "productions_instalment_tax"),
            models.CheckConstraint(
                name="productions_instalment_dates",
                condition=Q(status="due", invoiced_on__isnull=True, paid_on__isnull=True)
                | Q(status="invoiced", invoiced_on__isnull=False, paid_on__isnull=True)
                | Q(status="paid", invoiced_on__isnull=False, paid_on__isnull=False),
            ),
            models.CheckConstraint(
                name="productions_instalment_when", condition=Q(due_on__isnull=False) ^ Q(milestone__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.description

    @property
    def gross(self) -> Money:
        """Reads ``currency``, as do ``tax`` and ``net``."""
        return Money(self.currency_id, self.amount, self.currency.minor_units)

    @property
    def tax(self) -> Money:
        places = self.currency.minor_units
        exact = Fraction(self.amount) * Fraction(self.withholding_percent) / 100
        return Money(self.currency_id, rounded(exact, places), places)

    @property
    def net(self) -> Money:
        return Money(self.currency_id, self.amount - self.tax.amount, self.currency.minor_units)

    @property
    def day(self) -> date | None:
        """When it falls due; None while its milestone is not done. Reads ``milestone``."""
        if self.milestone is None:
            return self.due_on
        done_on = self.milestone.done_day
        return done_on + timedelta(days=self.term_days) if done_on else None

    @property
    def expected_on(self) -> date | None:
        """When it falls due, if everything is done as planned. Reads ``milestone``."""
        if self.milestone is None or self.day is not None:
            return self.day
        return self.milestone.due_day + timedelta(days=self.term_days)

    def is_overdue(self, at: datetime | None = None) -> bool:
        """Not paid though its day is over by the clocks of the payer. Reads ``payer.broadcaster``, ``milestone``."""
        here = (at or timezone.now()).astimezone(ZoneInfo(self.payer.broadcaster.time_zone)).date()
        day = self.day
        return self.status != InstalmentStatus.PAID and day is not None and day < here

    def move_to(self, status: str) -> None:
        """Take a new status. Raises ConflictError for a move that ``INSTALMENT_MOVES`` does not allow."""
        if status not in INSTALMENT_MOVES[self.status]:
            raise ConflictError(
                "instalment-move-refused",
                _("An instalment cannot go from “%(current)s” to “%(wanted)s”.")
                % {"current": InstalmentStatus(self.status).label, "wanted": InstalmentStatus(status).label},
                current=self.status,
                wanted=status,
            )
        self.status = status
