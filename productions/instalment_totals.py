"""Instalments against the budget: by payer and currency, and in the reporting currency of the budget in force.

The budget's sum is that of the lines that all partners see, so that every partner reads the same figures.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from productions.constants import InstalmentStatus
from productions.figures import Total, adder_of
from productions.models import Budget, BudgetLine, Instalment, Partner, Production
from productions.money import Money


@dataclass(frozen=True, slots=True)
class PayerTotal:
    payer: Partner
    agreed: Total
    paid: Total


@dataclass(frozen=True, slots=True)
class InstalmentTotals:
    """``budgeted`` is what all partners plan together, ``rest`` what no instalment covers; None without both sums."""

    budget: Budget
    payers: list[PayerTotal]
    agreed: Total
    paid: Total
    budgeted: Total
    rest: Money | None


def totals_of(production: Production, rows: Iterable[Instalment]) -> InstalmentTotals | None:
    """None without a budget in force, whose rates the sums need. Reads ``payer``."""
    rows = list(rows)
    budget = Budget.objects.in_force().filter(production=production).select_related("reporting_currency").first()
    if budget is None:
        return None
    adder = adder_of(budget)

    def total(of: Iterable[Instalment]) -> Total:
        return adder.sum((row.currency_id, row.amount) for row in of)

    lines: Any = BudgetLine.objects.shared().filter(budget=budget).order_by().values_list("currency_id", "planned")
    agreed, budgeted = total(rows), adder.sum(lines)
    rest = None
    if agreed.total is not None and budgeted.total is not None:
        rest = Money(agreed.total.currency, budgeted.total.amount - agreed.total.amount, agreed.total.places)
    payers = {row.payer_id: row.payer for row in rows}
    paid = [row for row in rows if row.status == InstalmentStatus.PAID]
    return InstalmentTotals(
        budget=budget,
        payers=[
            PayerTotal(
                payer,
                total(row for row in rows if row.payer_id == pk),
                total(row for row in paid if row.payer_id == pk),
            )
            for pk, payer in sorted(payers.items())
        ],
        agreed=agreed,
        paid=total(paid),
        budgeted=budgeted,
        rest=rest,
    )
