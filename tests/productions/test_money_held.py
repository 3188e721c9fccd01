"""What PostgreSQL refuses about money, asked without the services."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from productions.constants import BudgetStatus, InstalmentStatus
from productions.models import (
    Budget,
    BudgetApproval,
    BudgetLine,
    Currency,
    FrozenRate,
    Income,
    Instalment,
    Payout,
    RevenueShare,
)
from productions.models.budget import BUDGET_MOVES
from productions.models.instalment import INSTALMENT_MOVES
from productions.services.revenue import record_income
from tests.productions.factories import make_production
from tests.productions.money import add_line, approve, currency, make_budget, make_instalment, partner, spend

pytestmark = pytest.mark.django_db


def at_once(deed):
    """As if the transaction ended here."""
    with transaction.atomic():
        deed()
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def refused(rule, deed):
    with pytest.raises(IntegrityError) as caught:
        at_once(deed)
    assert caught.value.__cause__.diag.constraint_name == rule


def changing(row, **values):
    return lambda: type(row).objects.filter(pk=row.pk).update(**values)


@pytest.fixture
def budget():
    budget = make_budget()
    add_line(budget)
    return budget


@pytest.fixture
def approved(budget):
    return approve(budget)


def test_lines_and_rates_of_what_was_submitted_stand_still(budget):
    line, rate = budget.lines.get(), budget.rates.first()
    Budget.objects.filter(pk=budget.pk).update(status="submitted")
    refused("productions_draft_only", changing(line, planned=1))
    refused("productions_draft_only", line.delete)
    refused("productions_draft_only", rate.delete)
    refused("productions_draft_only", lambda: add_line_like(budget))
    refused("productions_budget_kept", changing(budget, note="other"))
    refused("productions_budget_kept", changing(budget, reporting_currency="USD"))
    refused("productions_draft_only", lambda: Budget.objects.get(pk=budget.pk).delete())


def add_line_like(budget):
    whose = partner(budget.production, "rts")
    BudgetLine.objects.create(
        budget=budget, category=budget.lines.first().category, description="late", payer=whose, owner=whose, planned=1,
        currency=currency(), starts_on=date(2026, 1, 1), ends_on=date(2026, 1, 1),
    )  # fmt: skip


def test_a_rate_is_never_rewritten_not_even_in_a_draft(budget):
    refused("productions_booked_kept", changing(budget.rates.first(), rate=Decimal(2)))
    rate = budget.rates.get(to_currency="RSD")
    twin = FrozenRate(
        budget=budget, from_currency=currency("RSD"), to_currency=currency("EUR"), rate=rate.rate, source="x",
        dated_on=rate.dated_on,
    )  # fmt: skip
    refused("productions_rate_once", twin.save)


def test_a_budget_is_approved_by_every_partner_or_not_at_all(budget):
    Budget.objects.filter(pk=budget.pk).update(status="submitted")
    refused("productions_budget_by_all", changing(budget, status="approved"))
    BudgetApproval.objects.create(budget=budget, partner=partner(budget.production, "rts"))
    refused("productions_budget_by_all", changing(budget, status="approved"))
    Budget.objects.filter(pk=budget.pk).update(status="draft")
    assert not budget.approvals.exists()  # what is sent back has nobody's yes any more
    refused("productions_approval_kept", lambda: BudgetApproval.objects.create(
        budget=budget, partner=partner(budget.production, "rts")))  # fmt: skip


def test_the_databases_moves_are_the_models(budget):
    row = make_instalment(budget.production)
    at_once(lambda: None)  # a table with deferred checks is not altered
    for current, wanted in ((a, b) for a in BudgetStatus.values for b in BudgetStatus.values if a != b):
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE productions_budget DISABLE TRIGGER keep_budget")
            cursor.execute("UPDATE productions_budget SET status = %s WHERE id = %s", [current, budget.pk])
            cursor.execute("ALTER TABLE productions_budget ENABLE TRIGGER keep_budget")
        try:
            with transaction.atomic():
                Budget.objects.filter(pk=budget.pk).update(status=wanted)
                transaction.set_rollback(True)
            is_let = True
        except IntegrityError as error:
            is_let = error.__cause__.diag.constraint_name == "productions_budget_by_all"
        assert is_let == (wanted in BUDGET_MOVES[current]), (current, wanted)
    days = {"due": (None, None), "invoiced": (date(2026, 1, 1), None), "paid": (date(2026, 1, 1), date(2026, 1, 2))}
    for current, wanted in ((a, b) for a in InstalmentStatus.values for b in InstalmentStatus.values if a != b):
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE productions_instalment DISABLE TRIGGER keep_instalment")
            values = [current, *days[current], row.pk]
            cursor.execute(
                "UPDATE productions_instalment SET status = %s, invoiced_on = %s, paid_on = %s WHERE id = %s", values
            )
            cursor.execute("ALTER TABLE productions_instalment ENABLE TRIGGER keep_instalment")
        invoiced_on, paid_on = days[wanted]
        try:
            with transaction.atomic():
                Instalment.objects.filter(pk=row.pk).update(status=wanted, invoiced_on=invoiced_on, paid_on=paid_on)
                transaction.set_rollback(True)
            is_let = True
        except IntegrityError:
            is_let = False
        assert is_let == (wanted in INSTALMENT_MOVES[current]), (current, wanted)


def test_amounts_are_whole_units_and_a_currency_keeps_its_decimals(budget):
    refused("productions_whole_units", changing(budget.lines.get(), planned=Decimal("0.005")))
    refused("productions_currency_kept", changing(currency("EUR"), minor_units=3))
    dinar = Currency.objects.create(code="KWD", minor_units=3)
    BudgetLine.objects.filter(budget=budget).update(planned=Decimal("0.005"), currency=dinar)


def test_partners_are_those_of_the_same_production(budget):
    foreign = partner(make_production(), "rts")
    refused("productions_own_partners", changing(budget.lines.get(), payer=foreign))
    refused("productions_own_partners", changing(make_instalment(budget.production), payee=foreign))


def test_a_private_line_is_paid_by_its_owner(budget):
    other = partner(budget.production, "ptrc")
    refused("productions_budgetline_private_is_own", changing(budget.lines.get(), is_private=True, payer=other))


def test_what_is_booked_is_kept_and_taken_back_once(approved):
    expense = spend(approved.lines.get())
    for change in ({"amount": 1}, {"spent_on": date(2026, 1, 1)}, {"currency": "RSD"}, {"voucher": "other"}):
        refused("productions_booked_kept", changing(expense, **change))
    refused("productions_booked_kept", expense.delete)
    type(expense).objects.filter(pk=expense.pk).update(voided_at=timezone.now(), void_reason="twice")
    refused("productions_booked_kept", changing(expense, void_reason="other", voided_at=None))


def test_money_is_spent_on_approved_lines_alone(budget):
    line = budget.lines.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        line.expenses.create(amount=1, currency=currency(), spent_on=date(2026, 1, 1), voucher="x")


def test_what_was_invoiced_stands(approved):
    row = make_instalment(approved.production)
    Instalment.objects.filter(pk=row.pk).update(status="invoiced", invoiced_on=date(2026, 3, 1))
    refused("productions_instalment_kept", changing(row, amount=2000))
    refused("productions_instalment_kept", row.delete)


def test_shares_of_income_total_100_and_parts_of_an_income_total_it(approved):
    production = approved.production
    rts = partner(production, "rts")
    share = RevenueShare(production=production, territory="KZ", partner=rts, share_percent=Decimal("99.99"))
    refused("productions_revenue_total", share.save)
    bare = Income(
        production=production, description="x", amount=Decimal(5), currency=currency(), received_on=date(2026, 1, 1),
        received_by=rts,
    )  # fmt: skip
    refused("productions_income_total", bare.save)
    bare.pk = None
    bare._state.adding = True
    income = record_income(bare, actor=None)
    for wrong in ({"amount": Decimal(-6)}, {"amount": Decimal(-1), "currency": currency("RSD")}, {"amount": 1}):
        fields = {"description": "x", "currency": currency(), "received_on": date(2026, 1, 1), "received_by": rts}
        back = Income(production=production, reverses=income, **fields | wrong)
        refused("productions_income_reversal", back.save)
    refused("productions_booked_kept", changing(income, amount=6))
    refused("productions_booked_kept", lambda: income.shares.update(amount=1))
    payout = Payout(
        production=production, payer=rts, payee=rts, amount=1, currency=currency(), paid_on=date(2026, 1, 1),
        reference="x",
    )  # fmt: skip
    refused("productions_payout_of_two", payout.save)
