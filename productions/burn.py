"""How money goes over the months: what was planned until then, against what was spent until then."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.contrib.auth.models import AnonymousUser
from django.db.models import Sum
from django.db.models.functions import TruncMonth

from mediaexchange.core.models import User
from productions.figures import adder_of
from productions.models import Budget, BudgetLine, Expense
from productions.money import Money, added, shared_out


@dataclass(frozen=True, slots=True)
class Month:
    """``planned`` and ``actual`` are sums up to the month's end in the reporting currency; None for months to come."""

    first: date
    planned: Money
    actual: Money | None


def burn_of(budget: Budget, user: User | AnonymousUser, today: date) -> list[Month]:
    """Month by month, from the first planned or spent to the last. A line is spread evenly over its days.

    As the reader sees the budget. Raises RateMissingError.
    """
    planned: dict[date, dict[str, Decimal]] = {}
    lines = BudgetLine.objects.visible_to(user).filter(budget=budget).select_related("currency")
    for line in lines:
        months = list(days_by_month(line.starts_on, line.ends_on))
        parts = shared_out(line.planned, [days for _first, days in months], line.currency.minor_units)
        for (first, _days), part in zip(months, parts, strict=True):
            planned[first] = added([*planned.get(first, {}).items(), (line.currency_id, part)])
    spent: dict[date, dict[str, Decimal]] = {}
    expenses = Expense.objects.visible_to(user).counted().filter(line__budget__production=budget.production_id)
    by_month = expenses.order_by().annotate(month=TruncMonth("spent_on")).values_list("month", "currency_id")
    for first, currency, amount in by_month.annotate(total=Sum("amount")):
        spent.setdefault(first, {})[currency] = amount
    known = sorted({*planned, *spent})
    if not known:
        return []
    adder = adder_of(budget)
    until_now: dict[str, Decimal] = {}
    so_far: dict[str, Decimal] = {}
    rows = []
    for first, _days in days_by_month(known[0], known[-1]):
        until_now = added([*until_now.items(), *planned.get(first, {}).items()])
        so_far = added([*so_far.items(), *spent.get(first, {}).items()])
        actual = adder.rates.total(so_far) if first <= today else None
        rows.append(Month(first, adder.rates.total(until_now), actual))
    return rows


def days_by_month(starts_on: date, ends_on: date) -> Iterator[tuple[date, int]]:
    """The first of each month that the days touch, with how many of them are in it."""
    first = starts_on.replace(day=1)
    while first <= ends_on:
        following = (first + timedelta(days=32)).replace(day=1)
        yield first, (min(ends_on + timedelta(days=1), following) - max(starts_on, first)).days
        first = following
