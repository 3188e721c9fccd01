"""Money in tests: a budget of RTS and PTRC in euro, with rates for dinars and tenge."""

from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

from productions.models import (
    Budget,
    BudgetCategory,
    BudgetLine,
    Currency,
    Expense,
    Instalment,
    Partner,
    Production,
)
from productions.money_seed import seed_money
from productions.services.budget import approve_budget, begin_revision, save_line, submit_budget
from productions.services.expense import record_expense
from productions.services.instalment import save_instalment
from productions.services.rate import freeze_rate
from tests.productions.factories import make_production

_numbers = count(1)
RATES = (("EUR", "RSD", "117.1767"), ("EUR", "KZT", "561.43"))


def currency(code: str = "EUR") -> Currency:
    """Tests with real transactions empty every table: what the migration has written is written again."""
    if not Currency.objects.filter(code=code).exists():
        seed_money(Currency, BudgetCategory)
    return Currency.objects.get(code=code)


def partner(production: Production, slug: str) -> Partner:
    return production.partners.select_related("broadcaster").get(broadcaster__slug=slug)


def make_budget(production: Production | None = None, *, rates: Any = RATES, reporting: str = "EUR") -> Budget:
    """A draft with frozen rates and no lines."""
    production = production or make_production()
    budget = begin_revision(production, actor=None, reporting_currency=currency(reporting))
    for source, target, rate in rates:
        freeze_rate(
            budget, actor=None, from_currency=currency(source), to_currency=currency(target), rate=Decimal(rate),
            dated_on=date(2026, 1, 5), source="National Bank of Serbia",
        )  # fmt: skip
    return budget


def add_line(budget: Budget, owner: str = "rts", planned: str = "1000.00", code: str = "EUR", **fields: Any) -> Any:
    """Of RTS, which pays it, unless told otherwise."""
    whose = partner(budget.production, owner)
    defaults = {
        "category": fields.get("category") or BudgetCategory.objects.get(slug="crew"),
        "description": f"Camera crew {next(_numbers)}",
        "payer": whose,
        "planned": Decimal(planned),
        "currency": currency(code),
        "starts_on": date(2026, 1, 1),
        "ends_on": date(2026, 3, 31),
    }
    return save_line(BudgetLine(budget=budget, **defaults | fields), actor=None, partner=whose)


def approve(budget: Budget) -> Budget:
    """By every partner."""
    submit_budget(budget, actor=None)
    for each in budget.production.partners.all():
        budget = approve_budget(budget, actor=None, partner=each)
    return budget


def spend(line: BudgetLine, amount: str = "100.00", code: str = "EUR", on: date = date(2026, 2, 3)) -> Expense:
    return record_expense(
        line, actor=None, amount=Decimal(amount), currency=currency(code), spent_on=on, voucher=f"V-{next(_numbers)}"
    )


def make_instalment(production: Production | None = None, **fields: Any) -> Instalment:
    """RTS pays PTRC a thousand euro, less tax, in spring."""
    production = production or make_production()
    defaults = {
        "payer": partner(production, "rts"),
        "payee": partner(production, "ptrc"),
        "description": f"Instalment {next(_numbers)}",
        "amount": Decimal("1000.00"),
        "currency": currency(),
        "withholding_percent": Decimal("10.00"),
        "due_on": date(2026, 4, 1),
    }
    return save_instalment(Instalment(production=production, **defaults | fields), actor=None)
