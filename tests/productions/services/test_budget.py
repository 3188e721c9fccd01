"""Revisions of a budget: written, approved by every partner, copied; and what is told of private lines to whom."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from broadcasters.constants import Role
from mediaexchange.core.errors import ForbiddenError
from mediaexchange.core.models import OutboxEvent
from productions.burn import burn_of, days_by_month
from productions.comparison import compared
from productions.figures import figures_of
from productions.models import Budget, BudgetLine, Expense
from productions.services.budget import (
    approve_budget,
    begin_revision,
    change_budget,
    remove_line,
    return_budget,
    save_line,
    submit_budget,
)
from productions.services.expense import record_expense, void_expense
from productions.services.rate import freeze_rate, remove_rate
from tests.factories import make_broadcaster, make_user
from tests.productions.factories import make_producer
from tests.productions.money import add_line, approve, currency, make_budget, partner, spend
from tests.productions.refusals import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def belgrade_producer(rts):
    return make_producer(rts)


@pytest.fixture
def astana_producer(ptrc):
    return make_producer(ptrc)


def test_a_revision_is_in_force_once_every_partner_has_said_yes_and_supersedes_the_one_before(
    belgrade_producer, astana_producer
):
    first = make_budget()
    add_line(first)
    submit_budget(first, actor=belgrade_producer)
    assert approve_budget(first, actor=belgrade_producer).status == "submitted"
    assert approve_budget(first, actor=belgrade_producer).approvals.count() == 1
    assert approve_budget(first, actor=astana_producer).status == "approved"
    second = begin_revision(first.production, actor=astana_producer)
    assert (second.number, second.status, second.rates.count()) == (2, "draft", 2)
    assert second.lines.get().key == first.lines.get().key
    approve(second)
    first.refresh_from_db()
    assert first.status == "superseded"


def test_sending_back_voids_the_approvals_and_opens_the_draft(belgrade_producer, astana_producer):
    budget = make_budget()
    line = add_line(budget)
    submit_budget(budget, actor=belgrade_producer)
    approve_budget(budget, actor=belgrade_producer)
    with refused("budget-not-draft"):
        save_line(line, actor=belgrade_producer, changed={"planned"})
    with refused("reason-missing"):
        return_budget(budget, actor=astana_producer, reason=" ")
    assert return_budget(budget, actor=astana_producer, reason="Too many days").approvals.count() == 0
    line.planned = Decimal(5)
    assert save_line(line, actor=belgrade_producer, changed={"planned"}).planned == 5


def test_only_one_revision_is_open_and_only_producers_of_partners_write(belgrade_producer, rts):
    budget = make_budget()
    with refused("budget-open"):
        begin_revision(budget.production, actor=belgrade_producer)
    with pytest.raises(ForbiddenError):
        submit_budget(budget, actor=make_user(rts, Role.EDITOR))
    with pytest.raises(ForbiddenError):
        submit_budget(budget, actor=make_producer(make_broadcaster("rtv")))
    with refused("line-missing"):
        submit_budget(budget, actor=belgrade_producer)


def test_a_line_is_its_owners_and_amounts_fit_their_currency(belgrade_producer, astana_producer):
    budget = make_budget()
    line = add_line(budget)
    line.planned = Decimal(7)
    with pytest.raises(ForbiddenError):
        save_line(line, actor=astana_producer, changed={"planned"})
    with pytest.raises(ForbiddenError):
        remove_line(line, actor=astana_producer)
    line.planned = Decimal("7.001")
    with refused("too-many-decimals"):
        save_line(line, actor=belgrade_producer, changed={"planned"})
    line.planned, line.payer, line.is_private = Decimal(7), partner(budget.production, "ptrc"), True
    with refused("private-is-own"):
        save_line(line, actor=belgrade_producer, changed={"planned", "payer", "is_private"})


def test_without_a_rate_nothing_is_guessed(belgrade_producer, astana_producer):
    budget = make_budget()
    add_line(budget, planned="100.00", code="USD")
    figures = figures_of(budget, belgrade_producer)
    assert figures.planned.total is None
    assert figures.planned.problem.details == {"source": "USD", "target": "EUR"}
    assert [str(each) for each in figures.planned.amounts] == ["100.00\u00a0USD"]
    with refused("rate-missing"):
        submit_budget(budget, actor=belgrade_producer)
    with refused("rate-of-others"):
        freeze_rate(
            budget, actor=astana_producer, from_currency=currency("USD"), to_currency=currency("RSD"),
            rate=Decimal(100), dated_on=date(2026, 1, 5), source="x",
        )  # fmt: skip


def test_a_rate_is_replaced_in_either_direction_and_kept_while_a_shared_line_needs_it(belgrade_producer):
    budget = make_budget()
    line = add_line(budget, code="RSD")
    frozen = freeze_rate(
        budget, actor=belgrade_producer, from_currency=currency("RSD"), to_currency=currency("EUR"),
        rate=Decimal("0.0085"), dated_on=date(2026, 1, 6), source="The contract",
    )  # fmt: skip
    assert budget.rates.filter(from_currency__in=["RSD", "EUR"], to_currency__in=["RSD", "EUR"]).get() == frozen
    with refused("rate-in-use"):
        remove_rate(frozen, actor=belgrade_producer)
    remove_line(line, actor=belgrade_producer)
    remove_rate(frozen, actor=belgrade_producer)


@time_machine.travel(datetime(2026, 3, 1, 20, tzinfo=UTC))  # the second of March in Almaty, not yet in Belgrade
def test_a_rate_is_of_a_day_that_has_begun_at_a_partner(belgrade_producer, astana_producer):
    budget = make_budget()

    def freeze(day):
        return freeze_rate(
            budget, actor=astana_producer, from_currency=currency("RSD"), to_currency=currency("EUR"),
            rate=Decimal("0.0085"), dated_on=day, source="National Bank",
        )  # fmt: skip

    assert freeze(date(2026, 3, 2)).dated_on == date(2026, 3, 2)
    with refused("day-to-come"):
        freeze(date(2026, 3, 3))


def test_another_reporting_currency_needs_other_rates(belgrade_producer):
    budget = make_budget()
    add_line(budget, planned="117176.70", code="RSD")
    assert str(figures_of(budget, belgrade_producer).planned.total.amount) == "1000.00"
    budget.reporting_currency = currency("RUB")
    change_budget(budget, actor=belgrade_producer, changed={"reporting_currency"})
    assert figures_of(Budget.objects.get(), belgrade_producer).planned.total is None


def test_planned_stands_against_actual_across_revisions(belgrade_producer):
    budget = make_budget()
    kept, dropped = add_line(budget, planned="1000.00"), add_line(budget, planned="500.00")
    approve(budget)
    spend(kept, "11717.67", "RSD")
    spend(dropped, "60.00")
    second = begin_revision(budget.production, actor=None)
    remove_line(second.lines.get(key=dropped.key), actor=None)
    spend(kept, "-10.00")
    figures = figures_of(second, belgrade_producer)
    rows = {row.line.description: row for group in figures.categories for row in group.lines}
    assert rows[kept.description].actual.total.amount == Decimal("90.00")
    assert rows[kept.description].left.amount == Decimal("910.00")
    assert rows[dropped.description].planned is None
    assert (figures.actual.total.amount, figures.left.amount) == (Decimal("150.00"), Decimal("850.00"))
    (changed,) = (row for row in compared(budget, second, belgrade_producer).rows if row.state != "same")
    assert (changed.state, changed.line.key) == ("removed", dropped.key)


def test_an_expense_is_the_payers_in_a_currency_with_a_rate_and_is_taken_back_with_a_reason(
    belgrade_producer, astana_producer
):
    budget = make_budget()
    line = add_line(budget)
    about = {"currency": currency(), "spent_on": date(2026, 2, 1), "voucher": "V1"}
    with refused("budget-not-in-force"):
        record_expense(line, actor=belgrade_producer, amount=Decimal(1), **about)
    approve(budget)
    with pytest.raises(ForbiddenError):
        record_expense(line, actor=astana_producer, amount=Decimal(1), **about)
    with refused("rate-missing"):
        record_expense(line, actor=belgrade_producer, amount=Decimal(1), **about | {"currency": currency("USD")})
    with refused("day-to-come"):
        record_expense(line, actor=belgrade_producer, amount=Decimal(1), **about | {"spent_on": date(2999, 1, 1)})
    expense = record_expense(line, actor=belgrade_producer, amount=Decimal(40), **about)
    with refused("reason-missing"):
        void_expense(expense, actor=belgrade_producer, reason="")
    void_expense(expense, actor=belgrade_producer, reason="Booked twice")
    assert figures_of(budget, belgrade_producer).actual.is_zero


def test_months_of_the_burn_chart_add_up_to_the_plan_and_end_today(belgrade_producer):
    budget = make_budget()
    line = add_line(budget, planned="100.01", starts_on=date(2026, 1, 31), ends_on=date(2026, 3, 1))
    assert list(days_by_month(line.starts_on, line.ends_on)) == [
        (date(2026, 1, 1), 1), (date(2026, 2, 1), 28), (date(2026, 3, 1), 1),
    ]  # fmt: skip
    approve(budget)
    spend(line, "20.00", on=date(2026, 2, 10))
    months = burn_of(budget, belgrade_producer, date(2026, 2, 20))
    assert [str(month.planned.amount) for month in months] == ["3.34", "96.68", "100.01"]
    assert [month.actual and str(month.actual.amount) for month in months] == ["0.00", "20.00", None]


@pytest.fixture
def with_secret(belgrade_producer):
    """RTS keeps a line to itself, in a currency without a rate, and Astana's producer is not to know."""
    budget = make_budget()
    add_line(budget, planned="1000.00")
    add_line(budget, "ptrc", planned="561430.00", code="KZT")
    secret = add_line(budget, planned="777.00", description="Kanarinac", is_private=True)
    return budget, secret


def test_others_have_no_private_line_in_any_row_sum_or_count(with_secret, belgrade_producer, astana_producer):
    budget, secret = with_secret
    own, other = figures_of(budget, belgrade_producer), figures_of(budget, astana_producer)
    assert (own.planned.total.amount, other.planned.total.amount) == (Decimal("2777.00"), Decimal("2000.00"))
    assert own.shared_planned == other.shared_planned == other.planned
    assert own.own_private_planned.total.amount == Decimal("777.00")
    assert other.own_private_planned is None
    assert BudgetLine.objects.visible_to(astana_producer).count() == 2
    assert BudgetLine.objects.private_to(belgrade_producer).get() == secret
    approve(budget)
    spend(secret, "70.00")
    assert not Expense.objects.visible_to(astana_producer).exists()
    assert figures_of(budget, astana_producer).actual.is_zero
    assert burn_of(budget, astana_producer, date(2026, 6, 1))[-1].planned.amount == Decimal("2000.00")
    assert burn_of(budget, belgrade_producer, date(2026, 6, 1))[-1].actual.amount == Decimal("70.00")
    second = begin_revision(budget.production, actor=astana_producer)  # who copies sees no more than before
    assert len(compared(budget, second, astana_producer).rows) == 2
    assert len(compared(budget, second, belgrade_producer).rows) == 3


def test_members_of_a_partner_whose_role_reads_no_money_see_none(with_secret, rts):
    viewer = make_user(rts, Role.VIEWER)
    assert not Budget.objects.visible_to(viewer).exists()
    assert not BudgetLine.objects.visible_to(viewer).exists()


def test_no_refusal_and_no_event_tells_of_a_private_line(with_secret, belgrade_producer, astana_producer, rts):
    budget, secret = with_secret
    secret.currency = currency("USD")
    before = OutboxEvent.objects.order_by("-pk").first().pk
    save_line(secret, actor=belgrade_producer, changed={"currency"})
    assert [event.audience for event in OutboxEvent.objects.filter(pk__gt=before)] == [[rts.pk]]
    assert submit_budget(budget, actor=astana_producer).status == "submitted"  # a rate is missing, for RTS alone
    approve_budget(budget, actor=astana_producer)
    with refused("rate-missing"):
        approve_budget(budget, actor=belgrade_producer)
    assert figures_of(budget, astana_producer).planned.problem is None
    assert figures_of(budget, belgrade_producer).planned.problem is not None


def test_the_figures_cost_the_same_however_long_the_budget_is(belgrade_producer):
    budget = make_budget()
    line = add_line(budget)

    def cost():
        with CaptureQueriesContext(connection) as captured:
            figures_of(Budget.objects.select_related("reporting_currency").get(), belgrade_producer)
        return len(captured)

    once = cost()
    for code in ("RSD", "KZT", "EUR"):
        add_line(budget, "ptrc", code=code)
    approve(budget)
    spend(line)
    assert cost() == once
    assert once <= 6
