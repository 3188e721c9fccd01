"""The burn chart of a budget, drawn here, and two revisions side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from mediaexchange.core.admin_base import staff
from productions.admin.base import production_view
from productions.admin.budget import budgets_of, chosen_budget
from productions.burn import Month, burn_of
from productions.comparison import compared
from productions.models import Production
from productions.money import RateMissingError
from productions.money_querysets import VIEW

# Pixels: the room for figures on the left and months below, and the plane between.
LEFT, TOP, WIDTH, HEIGHT, BELOW = 96, 12, 620, 260, 40
_STEPS = (1, 2, 5, 10)
_MOST_LABELS = 12


@dataclass(frozen=True, slots=True)
class Mark:
    x: float
    y: float
    title: str


@dataclass(frozen=True, slots=True)
class BurnChart:
    """Two lines over months: planned is dashed with rings, actual whole with squares, so that it prints in black."""

    planned: list[Mark]
    actual: list[Mark]
    rows: list[tuple[float, str]]
    columns: list[tuple[float, str]]
    width: int = LEFT + WIDTH + 16
    height: int = TOP + HEIGHT + BELOW
    left: int = LEFT
    right: int = LEFT + WIDTH
    bottom: int = TOP + HEIGHT

    @property
    def planned_points(self) -> str:
        return _points(self.planned)

    @property
    def actual_points(self) -> str:
        return _points(self.actual)


def chart_of(months: Sequence[Month]) -> BurnChart:
    """One scale for both lines, with its zero."""
    planned = [month.planned.amount for month in months]
    actual = [month.actual.amount for month in months if month.actual is not None]
    most, least = max([*planned, *actual, Decimal(1)]), min([*actual, Decimal(0)])
    step = _step((most - least) / 4)
    low = (least / step).to_integral_value(ROUND_FLOOR) * step
    high = (most / step).to_integral_value(ROUND_CEILING) * step
    rows, value = [], low
    while value <= high:
        rows.append((_down(value, low, high), number_format(value, 0, use_l10n=True, force_grouping=True)))
        value += step
    every = -(-len(months) // _MOST_LABELS)
    columns = [
        (_across(place, len(months)), month.first.strftime("%m/%y"))
        for place, month in enumerate(months)
        if place % every == 0
    ]
    return BurnChart(
        planned=[
            Mark(_across(place, len(months)), _down(month.planned.amount, low, high), f"{said(month)}: {month.planned}")
            for place, month in enumerate(months)
        ],
        actual=[
            Mark(_across(place, len(months)), _down(month.actual.amount, low, high), f"{said(month)}: {month.actual}")
            for place, month in enumerate(months)
            if month.actual is not None
        ],
        rows=rows,
        columns=columns,
    )


def said(month: Month) -> str:
    return date_format(month.first, "YEAR_MONTH_FORMAT")


def _step(rough: Decimal) -> Decimal:
    """1, 2 or 5 times a power of ten, no smaller than this."""
    power = Decimal(10) ** (rough.adjusted() if rough else 0)
    return max(Decimal(1), next(power * step for step in _STEPS if power * step >= rough))


def _across(place: int, number: int) -> float:
    return round(LEFT + WIDTH * (place + 0.5) / number, 1)


def _down(value: Decimal, low: Decimal, high: Decimal) -> float:
    return round(TOP + HEIGHT * float((high - value) / (high - low)), 1)


def _points(marks: Sequence[Mark]) -> str:
    return " ".join(f"{mark.x},{mark.y}" for mark in marks)


@production_view("budget/burn/", "budget_burn", title=gettext_lazy("Burn chart"), permission=VIEW)
def burn_page(page: Any, request: HttpRequest, production: Production) -> HttpResponse:
    """Of the revision that is named, else of the one in force, else of the youngest."""
    budgets = list(budgets_of(request, production))
    in_force = [budget for budget in budgets if budget.status == "approved"]
    budget = chosen_budget(request, [*in_force, *budgets])
    months, problem = [], ""
    if budget is not None:
        try:
            months = burn_of(budget, staff(request), _today())
        except RateMissingError as error:
            problem = str(error)
    context = {
        "title": _("Burn chart"),
        "budget": budget,
        "budgets": budgets,
        "months": [(said(month), month) for month in months],
        "chart": chart_of(months) if months else None,
        "problem": problem,
    }
    return page.production_response(request, production, "productions/burn.html", context)  # type: ignore[no-any-return]


@production_view("budget/compare/", "budget_compare", permission=VIEW)
def compare_page(page: Any, request: HttpRequest, production: Production) -> HttpResponse:
    """The two youngest revisions, unless others are named."""
    budgets = list(budgets_of(request, production))
    after = chosen_budget(request, budgets, "after")
    earlier = [budget for budget in budgets if after is None or budget.pk != after.pk]
    before = chosen_budget(request, earlier, "before")
    states = {
        "added": pgettext("budget line", "added"),
        "removed": pgettext("budget line", "removed"),
        "changed": pgettext("budget line", "changed"),
        "same": pgettext("budget line", "as before"),
    }
    comparison = compared(before, after, staff(request)) if before and after else None
    context = {
        "title": _("Revisions side by side"),
        "budgets": budgets,
        "comparison": comparison,
        "rows": [(row, states[row.state]) for row in comparison.rows] if comparison else [],
    }
    return page.production_response(request, production, "productions/compare.html", context)  # type: ignore[no-any-return]


def _today() -> date:
    return timezone.localdate()
