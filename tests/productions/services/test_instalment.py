"""Instalments: gross, tax and net; due by a day or a milestone; invoiced by the payee and paid by the payer."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from mediaexchange.core.errors import ForbiddenError
from mediaexchange.core.inbox.models import Notification
from productions.instalment_totals import totals_of
from productions.models import Instalment, Milestone
from productions.services.instalment import (
    invoice_instalment,
    pay_instalment,
    remove_instalment,
    save_instalment,
    tell_of_overdue,
    withdraw_invoice,
)
from tests.factories import make_broadcaster
from tests.productions.factories import make_producer, make_production
from tests.productions.money import add_line, approve, currency, make_budget, make_instalment, partner
from tests.productions.refusals import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def payer(rts):
    return make_producer(rts)


@pytest.fixture
def payee(ptrc):
    return make_producer(ptrc)


def make_milestone(production, **fields):
    defaults = {"owner": partner(production, "ptrc"), "title_en": "Rough cut", "due_on": date(2026, 5, 1)}
    return Milestone.objects.create(production=production, time_zone="Asia/Almaty", **defaults | fields)


def test_tax_is_rounded_once_and_net_is_what_is_left():
    row = make_instalment(amount=Decimal("100.05"), withholding_percent=Decimal("15.00"))
    assert [str(each.amount) for each in (row.gross, row.tax, row.net)] == ["100.05", "15.01", "85.04"]


def test_the_payee_invoices_the_payer_pays_and_amounts_stand_in_between(payer, payee):
    row = make_instalment()
    with pytest.raises(ForbiddenError):
        invoice_instalment(row, actor=payer, invoiced_on=date(2026, 3, 1), invoice="2026-7")
    with refused("instalment-move-refused"):
        pay_instalment(row, actor=payer, paid_on=date(2026, 3, 1), payment="x")
    invoice_instalment(row, actor=payee, invoiced_on=date(2026, 3, 1), invoice="2026-7")
    told = Notification.objects.filter(recipient=payer, kind="productions.instalment-invoiced")
    assert told.count() == 1
    row.amount = Decimal(1)
    with refused("instalment-invoiced"):
        save_instalment(row, actor=payer, changed={"amount"})
    withdraw_invoice(row, actor=payee)
    invoice_instalment(row, actor=payee, invoiced_on=date(2026, 3, 2), invoice="2026-8")
    invoice_instalment(row, actor=payee, invoiced_on=date(2026, 3, 2), invoice="2026-8")
    assert told.count() == 2
    with pytest.raises(ForbiddenError):
        pay_instalment(row, actor=payee, paid_on=date(2026, 3, 3), payment="x")
    paid = pay_instalment(row, actor=payer, paid_on=date(2026, 3, 3), payment="SWIFT 1")
    assert pay_instalment(row, actor=payer, paid_on=date(2026, 3, 9), payment="other").payment == paid.payment
    with refused("instalment-move-refused"):
        withdraw_invoice(row, actor=payee)


def test_a_third_partner_agrees_no_instalment_of_two_others(rts, ptrc):
    production = make_production(rts, ptrc, make_broadcaster("rtv"))
    row = make_instalment(production)
    with pytest.raises(ForbiddenError):
        remove_instalment(row, actor=make_producer(make_broadcaster("rtv")))


def test_a_day_or_a_milestone_of_the_same_production_says_when(payer):
    production = make_production()
    for wrong in ({"due_on": None}, {"milestone": make_milestone(production)}):
        with refused("due-when"):
            make_instalment(production, **wrong)
    with refused("not-a-milestone"):
        make_instalment(production, due_on=None, milestone=make_milestone(make_production()))


def test_an_instalment_is_overdue_by_the_payers_clocks():
    """Ten at night in Belgrade is already tomorrow in Almaty: whoever pays there is late."""
    production = make_production()
    here = make_instalment(production)
    sides = {"payer": partner(production, "ptrc"), "payee": partner(production, "rts")}
    there = make_instalment(production, **sides)
    at = datetime(2026, 4, 1, 20, 0, tzinfo=UTC)
    assert (here.is_overdue(at), there.is_overdue(at)) == (False, True)
    assert (here.is_overdue(at + timedelta(hours=2)), there.is_overdue(at - timedelta(hours=2))) == (True, False)


def test_an_instalment_of_a_milestone_falls_due_once_that_is_done():
    production = make_production()
    milestone = make_milestone(production)
    row = make_instalment(production, due_on=None, milestone=milestone, term_days=10)
    assert (row.day, row.expected_on, row.is_overdue()) == (None, date(2026, 5, 11), False)
    assert not Instalment.objects.overdue().exists()
    # Half past eight in the evening in UTC is the next morning in Almaty.
    milestone.done_at = datetime(2026, 3, 1, 20, 30, tzinfo=UTC)
    milestone.save()
    row = Instalment.objects.select_related("milestone", "payer__broadcaster").with_day().get()
    assert row.day == row.falls_due_on == row.expected_on == date(2026, 3, 12)
    assert Instalment.objects.overdue().get() == row
    milestone.done_at = timezone.now()
    milestone.save()
    assert not Instalment.objects.overdue().exists()


def test_both_sides_are_told_once_of_what_is_overdue(payer, payee):
    make_instalment(due_on=date(2026, 1, 1))
    assert tell_of_overdue() == tell_of_overdue() == 1
    told = Notification.objects.filter(kind="productions.instalment-overdue")
    assert {row.recipient_id for row in told} == {payer.pk, payee.pk}
    assert told.count() == 2


def test_instalments_stand_against_what_all_partners_plan_without_private_lines():
    budget = make_budget()
    production = budget.production
    assert totals_of(production, []) is None
    add_line(budget, planned="5000.00")
    add_line(budget, planned="999.00", is_private=True)
    approve(budget)
    rows = [
        make_instalment(production),
        make_instalment(production, amount=Decimal("117176.70"), currency=currency("RSD")),
    ]
    totals = totals_of(production, rows)
    figures = (totals.agreed, totals.paid, totals.budgeted)
    assert [str(each.total.amount) for each in figures] == ["2000.00", "0.00", "5000.00"]
    assert str(totals.rest.amount) == "3000.00"
    assert len(totals.payers) == 1
