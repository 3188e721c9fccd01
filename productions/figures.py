"""A budget in figures, as one reader sees it: every page, answer and file takes its sums from here.

Others' private lines are not among the rows, so that no sum can hold them. ``shared_planned`` is the same for every
partner; what a house adds for itself alone stands beside it, for that house.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import Sum

from mediaexchange.core.models import User
from productions.models import Budget, BudgetCategory, BudgetLine, Currency, Expense, Partner
from productions.money import Money, RateMissingError, Rates, added
from productions.services.budget import rates_of

Sums = dict[str, Decimal]


@dataclass(frozen=True, slots=True)
class Total:
    """A sum by currency, and in the reporting currency: None with the ``problem`` where a rate is missing."""

    amounts: list[Money]
    total: Money | None
    problem: RateMissingError | None = None

    @property
    def is_zero(self) -> bool:
        return not any(each.amount for each in self.amounts)


@dataclass(frozen=True, slots=True)
class LineFigures:
    """``planned`` is None for what was spent on a line that this revision does not have any more."""

    line: BudgetLine
    planned: Total | None
    actual: Total
    left: Money | None


@dataclass(frozen=True, slots=True)
class CategoryFigures:
    category: BudgetCategory
    lines: list[LineFigures]
    planned: Total
    actual: Total
    left: Money | None


@dataclass(frozen=True, slots=True)
class Figures:
    """``own_private`` is of the reader's own house; None where it has none."""

    budget: Budget
    categories: list[CategoryFigures]
    planned: Total
    actual: Total
    left: Money | None
    shared_planned: Total
    shared_actual: Total
    own_private_planned: Total | None
    own_private_actual: Total | None
    by_payer: list[tuple[Partner, Total]]


def figures_of(budget: Budget, user: User | AnonymousUser) -> Figures:
    """Four queries, however long the budget is. Reads ``reporting_currency``."""
    lines = list(_with_names(BudgetLine.objects.visible_to(user).filter(budget=budget)))
    keys = {line.key for line in lines}
    spent = spent_by_line(budget, user)
    gone = {uid for uid, each in spent.items() if each.key not in keys}
    lost = list(_with_names(BudgetLine.objects.visible_to(user).filter(uid__in=gone))) if gone else []
    actual: dict[UUID, Sums] = {}
    for uid, each in spent.items():
        of = uid if uid in gone else each.key
        actual[of] = added([*actual.get(of, {}).items(), *each.sums.items()])
    adder = Adder(rates_of(budget), _places())
    rows = [_line(adder, line, actual.get(line.key, {}), is_planned=True) for line in lines]
    rows += [_line(adder, line, actual[line.uid], is_planned=False) for line in lost]
    return _figures(adder, budget, rows, list(spent.values()))


@dataclass(frozen=True, slots=True)
class Spent:
    """On one line of one revision. What was booked on a line that was shared then stays shared."""

    key: UUID
    is_private: bool
    sums: Sums


def spent_by_line(budget: Budget, user: User | AnonymousUser) -> dict[UUID, Spent]:
    """By the uids of lines of all revisions, as the reader sees it."""
    expenses = Expense.objects.visible_to(user).counted().filter(line__budget__production=budget.production_id)
    by = expenses.order_by().values_list("line__uid", "line__key", "line__is_private", "currency_id")
    found: dict[UUID, Spent] = {}
    for uid, key, is_private, currency, total in by.annotate(total=Sum("amount")):
        found.setdefault(uid, Spent(key, is_private, {})).sums[currency] = total
    return found


@dataclass(frozen=True, slots=True)
class Adder:
    """Adds amounts up with one budget's rates."""

    rates: Rates
    places: Mapping[str, int]

    def sum(self, amounts: Iterable[tuple[str, Decimal]]) -> Total:
        sums = added(amounts)
        shown = [Money(code, amount, self.places[code]) for code, amount in sums.items()]
        try:
            return Total(shown, self.rates.total(sums))
        except RateMissingError as problem:
            return Total(shown, None, problem)


def adder_of(budget: Budget) -> Adder:
    return Adder(rates_of(budget), _places())


def _line(adder: Adder, line: BudgetLine, actual: Sums, *, is_planned: bool) -> LineFigures:
    planned = adder.sum([(line.currency_id, line.planned)]) if is_planned else None
    spent = adder.sum(actual.items())
    return LineFigures(line, planned, spent, _left(planned, spent))


def _left(planned: Total | None, actual: Total) -> Money | None:
    """What is not spent yet, in the reporting currency; below zero it is overspent."""
    if planned is None or planned.total is None or actual.total is None:
        return None
    return Money(planned.total.currency, planned.total.amount - actual.total.amount, planned.total.places)


def _figures(adder: Adder, budget: Budget, rows: list[LineFigures], spent_on: list[Spent]) -> Figures:
    def planned(of: list[LineFigures]) -> Total:
        return adder.sum((row.line.currency_id, row.line.planned) for row in of if row.planned is not None)

    def actual(of: list[LineFigures]) -> Total:
        return adder.sum((each.currency, each.amount) for row in of for each in row.actual.amounts)

    def booked(*, is_private: bool) -> Total:
        return adder.sum(pair for each in spent_on if each.is_private == is_private for pair in each.sums.items())

    grouped: dict[int, list[LineFigures]] = {}
    for row in rows:
        grouped.setdefault(row.line.category_id, []).append(row)
    categories = []
    for group in grouped.values():
        whole, spent = planned(group), actual(group)
        categories.append(CategoryFigures(group[0].line.category, group, whole, spent, _left(whole, spent)))
    categories.sort(key=lambda each: (each.category.position, each.category.slug))
    shared = [row for row in rows if not row.line.is_private]
    private = [row for row in rows if row.line.is_private]
    payers = {row.line.payer_id: row.line.payer for row in rows if row.planned is not None}
    return Figures(
        budget=budget,
        categories=categories,
        planned=planned(rows),
        actual=actual(rows),
        left=_left(planned(rows), actual(rows)),
        shared_planned=planned(shared),
        shared_actual=booked(is_private=False),
        own_private_planned=planned(private) if private else None,
        own_private_actual=booked(is_private=True) if private else None,
        by_payer=[
            (payer, planned([row for row in rows if row.line.payer_id == pk])) for pk, payer in sorted(payers.items())
        ],
    )


def _with_names(lines: Any) -> Any:
    return lines.select_related("category", "payer__broadcaster", "owner__broadcaster", "currency").order_by(
        "category__position", "category__slug", "starts_on", "pk"
    )


def _places() -> dict[str, int]:
    return dict(Currency.objects.values_list("code", "minor_units"))
