"""Two revisions of a budget side by side, line by line, as one reader sees them."""

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser

from mediaexchange.core.models import User
from productions.figures import Adder, Total, adder_of
from productions.models import Budget, BudgetLine
from productions.money import Money


@dataclass(frozen=True, slots=True)
class Compared:
    """``state`` is added, removed, changed or same; ``changes`` names the fields that differ."""

    line: BudgetLine
    before: BudgetLine | None
    after: BudgetLine | None
    state: str
    changes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """``growth`` is in the reporting currency of the later revision; None if the two are not told in the same."""

    before: Budget
    after: Budget
    rows: list[Compared]
    planned_before: Total
    planned_after: Total
    growth: Money | None


_FIELDS = ("category_id", "description", "payer_id", "planned", "currency_id", "starts_on", "ends_on", "is_private")


def compared(before: Budget, after: Budget, user: User | AnonymousUser) -> Comparison:
    """Each revision at its own rates."""
    old, new = _lines(before, user), _lines(after, user)
    rows = []
    for key in dict.fromkeys([*new, *old]):
        one, other = old.get(key), new.get(key)
        line = new.get(key) or old[key]
        changes = tuple(
            name.removesuffix("_id") for name in _FIELDS if one and other and getattr(one, name) != getattr(other, name)
        )
        state = "added" if one is None else "removed" if other is None else "changed" if changes else "same"
        rows.append(Compared(line, one, other, state, changes))
    rows.sort(key=lambda row: (row.line.category.position, row.line.category.slug, row.line.starts_on, row.line.pk))
    planned_before, planned_after = _total(adder_of(before), old), _total(adder_of(after), new)
    growth = None
    if planned_before.total and planned_after.total and planned_before.total.currency == planned_after.total.currency:
        was, now = planned_before.total, planned_after.total
        growth = Money(now.currency, now.amount - was.amount, now.places)
    return Comparison(before, after, rows, planned_before, planned_after, growth)


def _lines(budget: Budget, user: User | AnonymousUser) -> dict[object, BudgetLine]:
    lines = BudgetLine.objects.visible_to(user).filter(budget=budget)
    return {line.key: line for line in lines.select_related("category", "payer__broadcaster", "currency")}


def _total(adder: Adder, lines: dict[object, BudgetLine]) -> Total:
    return adder.sum((line.currency_id, line.planned) for line in lines.values())
