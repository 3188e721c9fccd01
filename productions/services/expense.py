"""Expenses: what the payer of a line has really spent. Booked once, and only taken back with a reason."""

from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from broadcasters.permissions import require
from mediaexchange.core.errors import ConflictError, DomainError
from mediaexchange.core.models import User
from productions.constants import BudgetStatus
from productions.models import Budget, BudgetLine, Currency, Expense
from productions.money import RateMissingError
from productions.services.budget import rates_of
from productions.services.money import require_past, require_whole, said, stored, tell
from productions.services.production import lock_production


@transaction.atomic
def record_expense(
    line: BudgetLine, *, actor: User | None, amount: Decimal, currency: Currency, spent_on: date, voucher: str,
    note: str = "",
) -> Expense:  # fmt: skip
    """Book what was spent on a line of the budget in force; below zero it is a refund. For the line's payer.

    Raises ConflictError for a line of another revision, DomainError for what cannot be, RateMissingError for a currency
    that the budget has no rate for, ForbiddenError.
    """
    production = lock_production(line.budget.production)
    budget = Budget.objects.select_related("reporting_currency").get(pk=line.budget_id)
    row = BudgetLine.objects.select_related("payer__broadcaster", "owner").get(pk=line.pk)
    require(actor, "productions.add_expense", row.payer.broadcaster_id)
    if budget.status != BudgetStatus.APPROVED:
        raise ConflictError(
            "budget-not-in-force", _("Money is spent on lines of the budget that is in force."),
            current=budget.status, wanted=BudgetStatus.APPROVED.value,
        )  # fmt: skip
    if not amount:
        raise DomainError("amount-missing", _("An amount is not zero."))
    require_whole(amount, currency)
    require_past(spent_on, row.payer)
    if not rates_of(budget).knows(currency.code):
        raise RateMissingError(currency.code, budget.reporting_currency_id)
    row.budget, budget.production = budget, production
    expense = Expense(
        line=row, amount=amount, currency=currency, spent_on=spent_on, note=note.strip(), recorded_by=actor,
        voucher=said(voucher, "voucher-missing", _("Name the voucher.")),
    )  # fmt: skip
    stored(expense)
    _tell("expense.recorded", expense, actor)
    return expense


@transaction.atomic
def void_expense(expense: Expense, *, actor: User | None, reason: str) -> Expense:
    """Take a booking back; it stays, with the reason, and counts no more. Safe to repeat: the first moment stays."""
    lock_production(expense.line.budget.production)
    rows = Expense.objects.select_for_update(of=("self",), no_key=True)
    row = rows.select_related("line__payer", "line__owner", "line__budget__production", "currency").get(pk=expense.pk)
    require(actor, "productions.change_expense", row.line.payer.broadcaster_id)
    if row.voided_at is None:
        row.voided_at, row.void_reason = timezone.now(), said(reason)[:500]
        row.save(update_fields=["voided_at", "void_reason"])
        _tell("expense.voided", row, actor)
    return row


def _tell(kind: str, expense: Expense, actor: User | None) -> None:
    line = expense.line
    houses = [line.owner.broadcaster_id] if line.is_private else None
    tell(kind, expense, actor=actor, houses=houses, production=line.budget.production)
