"""Money under hands that move at the same time: real threads with connections of their own."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection

from mediaexchange.core.errors import DomainError
from productions.models import Budget, Income, Payout
from productions.services.budget import approve_budget, begin_revision, return_budget, save_line, submit_budget
from productions.services.revenue import record_income, record_payout
from tests.productions.money import add_line, approve, currency, make_budget, partner

pytestmark = pytest.mark.django_db(transaction=True)


def side_by_side(*deeds: Callable[[], object]) -> list[str]:
    """All deeds begun together; returns the codes of what rules refused. Anything else that fails fails the test."""
    start, refused = threading.Barrier(len(deeds)), []

    def work(deed: Callable[[], object]) -> None:
        try:
            start.wait(timeout=30)
            deed()
        except DomainError as error:
            refused.append(error.code)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        for done in [pool.submit(work, deed) for deed in deeds]:
            done.result(timeout=60)
    return refused


def test_partners_who_approve_at_the_same_time_bring_the_budget_into_force_once():
    first = make_budget()
    add_line(first)
    approve(first)
    budget = begin_revision(first.production, actor=None)
    submit_budget(budget, actor=None)
    partners = list(budget.production.partners.all())
    refused = side_by_side(
        *(lambda each=each: approve_budget(budget, actor=None, partner=each) for each in partners * 3)
    )
    assert refused == []
    assert dict(Budget.objects.values_list("number", "status")) == {1: "superseded", 2: "approved"}
    assert budget.approvals.count() == 2


def test_what_is_sent_back_while_the_last_partner_approves_is_one_or_the_other():
    budget = make_budget()
    line = add_line(budget)
    submit_budget(budget, actor=None)
    one, other = budget.production.partners.all()
    approve_budget(budget, actor=None, partner=one)
    side_by_side(
        lambda: approve_budget(budget, actor=None, partner=other),
        lambda: return_budget(budget, actor=None, reason="Not yet"),
        lambda: save_line(line, actor=None, changed={"description"}),
    )
    budget.refresh_from_db()
    assert (budget.status, budget.approvals.count()) in {("approved", 2), ("draft", 0)}


def test_of_payouts_at_the_same_time_no_more_passes_than_is_owed():
    production = make_budget().production
    rts, ptrc = partner(production, "rts"), partner(production, "ptrc")
    record_income(
        Income(
            production=production, description="Sale", amount=Decimal("200.00"), currency=currency(),
            received_on=date(2026, 3, 1), received_by=rts,
        ),
        actor=None,
    )  # fmt: skip

    def pay() -> object:
        return record_payout(
            production, actor=None, payer=rts, payee=ptrc, amount=Decimal("30.00"), currency=currency(),
            paid_on=date(2026, 3, 2), reference="SWIFT",
        )  # fmt: skip

    refused = side_by_side(*[pay] * 6)
    assert refused == ["more-than-owed"] * 3
    assert sum(Payout.objects.values_list("amount", flat=True)) == Decimal("90.00")
