"""Budgets: revisions with their lines and frozen rates, who approved them, and what was spent."""

from uuid import uuid4

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Greatest, Least, Now
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from broadcasters.models.base import NamedRecord, named_in_some_language
from mediaexchange.core.errors import ConflictError
from mediaexchange.core.validators import validate_day
from productions.constants import BudgetStatus
from productions.models.base import near_days, one_of
from productions.models.money import amount_of_money, currency_of_amount
from productions.models.partner import Partner
from productions.models.production import Production
from productions.money import Money
from productions.money_querysets import BudgetLineQuerySet, BudgetPartQuerySet, BudgetQuerySet, ExpenseQuerySet
from productions.querysets import SharedRowsQuerySet

BUDGET_MOVES: dict[str, frozenset[str]] = {
    BudgetStatus.DRAFT: frozenset({BudgetStatus.SUBMITTED}),
    BudgetStatus.SUBMITTED: frozenset({BudgetStatus.DRAFT, BudgetStatus.APPROVED}),
    BudgetStatus.APPROVED: frozenset({BudgetStatus.SUPERSEDED}),
    BudgetStatus.SUPERSEDED: frozenset(),
}


class BudgetCategory(NamedRecord):
    """What money is planned for. Its slug is the code in imports and exports."""

    position = models.PositiveSmallIntegerField(_("position"), default=0)

    objects = SharedRowsQuerySet.as_manager()

    class Meta:
        verbose_name = _("budget category")
        verbose_name_plural = _("budget categories")
        ordering = ["position", "slug"]
        constraints = [named_in_some_language("name", "productions_budgetcategory_named")]


class Budget(models.Model):
    """One revision of a production's budget. Only a draft is written in; triggers hold that, and the moves.

    Approved when every partner has approved it; the revision that was in force until then is superseded.
    """

    uid = models.UUIDField(_("UID"), default=uuid4, unique=True, editable=False)
    production = models.ForeignKey(Production, models.PROTECT, related_name="budgets", verbose_name=_("production"))
    number = models.PositiveSmallIntegerField(pgettext_lazy("budget", "revision"), editable=False)
    status = models.CharField(
        _("status"), max_length=10, choices=BudgetStatus.choices, default=BudgetStatus.DRAFT, editable=False
    )
    status_reason = models.CharField(_("reason for the status"), max_length=500, blank=True, default="", editable=False)
    reporting_currency = currency_of_amount(
        _("reporting currency"), column="reporting_currency",
        help_text=_("In which sums of several currencies are told, at the frozen rates."),
    )  # fmt: skip
    note = models.TextField(
        pgettext_lazy("budget", "note"), blank=True, default="", help_text=_("All partners read it.")
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(_("created at"), db_default=Now(), editable=False)
    submitted_at = models.DateTimeField(_("submitted at"), null=True, editable=False)
    approved_at = models.DateTimeField(_("approved at"), null=True, editable=False)

    objects = BudgetQuerySet.as_manager()

    class Meta:
        verbose_name = _("budget")
        verbose_name_plural = _("budgets")
        ordering = ["-id"]
        constraints = [
            one_of("status", BudgetStatus, "productions_budget_status"),
            models.UniqueConstraint(fields=["production", "number"], name="productions_budget_number"),
            models.UniqueConstraint(
                fields=["production"], name="productions_budget_one_in_force", condition=Q(status="approved")
            ),
            models.UniqueConstraint(
                fields=["production"],
                name="productions_budget_one_open",
                condition=Q(status__in=["draft", "submitted"]),
            ),
        ]

    def __str__(self) -> str:
        return _("%(production)s, budget revision %(number)s") % {
            "production": self.production,
            "number": self.number,
        }

    @property
    def is_draft(self) -> bool:
        return self.status == BudgetStatus.DRAFT

    def move_to(self, status: str) -> None:
        """Take a new status. Raises ConflictError for a move that ``BUDGET_MOVES`` does not allow."""
        if status not in BUDGET_MOVES[self.status]:
            raise ConflictError(
                "budget-move-refused",
                _("A budget cannot go from “%(current)s” to “%(wanted)s”.")
                % {"current": BudgetStatus(self.status).label, "wanted": BudgetStatus(status).label},
                current=self.status,
                wanted=status,
            )
        self.status = status


class FrozenRate(models.Model):
    """How many of one currency one of another is, as agreed for this revision. Never changed, only replaced in a draft.

    Read in both directions: see ``money.Rates``.
    """

    uid = models.UUIDField(_("UID"), default=uuid4, unique=True, editable=False)
    budget = models.ForeignKey(Budget, models.CASCADE, related_name="rates", verbose_name=_("budget"))
    from_currency = currency_of_amount(pgettext_lazy("exchange rate", "one"), column="from_currency")
    to_currency = currency_of_amount(pgettext_lazy("exchange rate", "is so many"), column="to_currency")
    rate = models.DecimalField(_("rate"), max_digits=20, decimal_places=10)
    dated_on = models.DateField(
        _("rate of"), validators=[validate_day], help_text=_("The day for which its source published it.")
    )
    source = models.CharField(_("source"), max_length=300, help_text=_("The central bank’s list, or the contract."))
    created_at = models.DateTimeField(_("frozen at"), db_default=Now(), editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    objects = BudgetPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("frozen rate")
        verbose_name_plural = _("frozen rates")
        ordering = ["budget", "from_currency", "to_currency"]
        constraints = [
            models.CheckConstraint(name="productions_rate_positive", condition=Q(rate__gt=0)),
            models.CheckConstraint(name="productions_rate_of_two", condition=~Q(from_currency=F("to_currency"))),
            models.CheckConstraint(name="productions_rate_sourced", condition=Q(source__gt="")),
            models.UniqueConstraint(
                "budget", Least("from_currency", "to_currency"), Greatest("from_currency", "to_currency"),
                name="productions_rate_once",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        rate = number_format(f"{self.rate.normalize():f}", use_l10n=True)
        return f"1 {self.from_currency_id} = {rate} {self.to_currency_id}"


class BudgetApproval(models.Model):
    """One partner's yes to a submitted revision. Sending it back takes all of them away."""

    budget = models.ForeignKey(Budget, models.CASCADE, related_name="approvals", verbose_name=_("budget"))
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="+", verbose_name=_("partner"))
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    approved_at = models.DateTimeField(_("approved at"), db_default=Now())

    objects = BudgetPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("approval of a budget")
        verbose_name_plural = _("approvals of budgets")
        ordering = ["approved_at", "id"]
        constraints = [models.UniqueConstraint(fields=["budget", "partner"], name="productions_budgetapproval_once")]

    def __str__(self) -> str:
        return f"{self.partner} · {self.approved_at}"


class BudgetLine(models.Model):
    """What one partner plans to pay for one thing, spread evenly over the days from ``starts_on`` to ``ends_on``.

    ``key`` stays the same from revision to revision: actual figures are compared by it. A private line is paid by its
    owner alone, and nobody else knows of it.
    """

    uid = models.UUIDField(_("UID"), default=uuid4, unique=True, editable=False)
    key = models.UUIDField(default=uuid4, editable=False)
    budget = models.ForeignKey(Budget, models.CASCADE, related_name="lines", verbose_name=_("budget"))
    category = models.ForeignKey(BudgetCategory, models.PROTECT, related_name="+", verbose_name=_("budget category"))
    description = models.CharField(_("description"), max_length=300)
    payer = models.ForeignKey(Partner, models.PROTECT, related_name="+", verbose_name=pgettext_lazy("money", "paid by"))
    owner = models.ForeignKey(Partner, models.PROTECT, related_name="+", verbose_name=_("line of"), editable=False)
    planned = amount_of_money(_("planned"), validators=[MinValueValidator(0)])
    currency = currency_of_amount()
    starts_on = models.DateField(_("first day"), validators=[validate_day])
    ends_on = models.DateField(_("last day"), validators=[validate_day])
    is_private = models.BooleanField(
        pgettext_lazy("budget", "private"), default=False,
        help_text=_("Of the own house alone: no other partner sees it, or a sum with it."),
    )  # fmt: skip

    objects = BudgetLineQuerySet.as_manager()

    class Meta:
        verbose_name = _("budget line")
        verbose_name_plural = _("budget lines")
        ordering = ["category__position", "category__slug", "starts_on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["budget", "key"], name="productions_budgetline_key"),
            models.CheckConstraint(name="productions_budgetline_planned", condition=Q(planned__gte=0)),
            near_days("productions_budgetline_near", "starts_on", "ends_on"),
            models.CheckConstraint(name="productions_budgetline_days", condition=Q(ends_on__gte=F("starts_on"))),
            models.CheckConstraint(
                name="productions_budgetline_private_is_own", condition=Q(is_private=False) | Q(payer=F("owner"))
            ),
            models.CheckConstraint(name="productions_budgetline_described", condition=Q(description__gt="")),
        ]

    def __str__(self) -> str:
        return self.description

    @property
    def money(self) -> Money:
        """Reads ``currency``."""
        return Money(self.currency_id, self.planned, self.currency.minor_units)


class Expense(models.Model):
    """What was really spent on a line of an approved revision; a refund is below zero. Never changed, only voided."""

    uid = models.UUIDField(_("UID"), default=uuid4, unique=True, editable=False)
    line = models.ForeignKey(BudgetLine, models.PROTECT, related_name="expenses", verbose_name=_("budget line"))
    amount = amount_of_money(_("amount"), help_text=_("Below zero for a refund."))
    currency = currency_of_amount()
    spent_on = models.DateField(_("spent on"), validators=[validate_day])
    note = models.CharField(pgettext_lazy("expense", "note"), max_length=500, blank=True, default="")
    voucher = models.CharField(_("voucher"), max_length=100, help_text=_("Its reference in the payer’s books."))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    recorded_at = models.DateTimeField(_("recorded at"), db_default=Now(), editable=False)
    voided_at = models.DateTimeField(_("taken back at"), null=True, editable=False)
    void_reason = models.CharField(_("why it was taken back"), max_length=500, blank=True, default="", editable=False)

    objects = ExpenseQuerySet.as_manager()

    class Meta:
        verbose_name = _("expense")
        verbose_name_plural = _("expenses")
        ordering = ["-spent_on", "-id"]
        indexes = [models.Index(fields=["line", "spent_on"], name="productions_expense_by_line")]
        constraints = [
            near_days("productions_expense_near", "spent_on"),
            models.CheckConstraint(name="productions_expense_some", condition=~Q(amount=0)),
            models.CheckConstraint(name="productions_expense_voucher", condition=Q(voucher__gt="")),
            models.CheckConstraint(
                name="productions_expense_voided",
                condition=Q(voided_at__isnull=True, void_reason="") | Q(voided_at__isnull=False, void_reason__gt=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.voucher} · {self.money}"

    @property
    def money(self) -> Money:
        """Reads ``currency``."""
        return Money(self.currency_id, self.amount, self.currency.minor_units)
