"""Whose an income is, who owes whom, and that nobody passes on more than is owed."""

from datetime import date
from decimal import Decimal

import pytest

from mediaexchange.core.errors import DomainError, ForbiddenError
from productions.models import Income
from productions.services.revenue import record_income, record_payout, set_revenue_shares, void_payout
from productions.statement import debts_of, shares_for, statement_of
from tests.factories import make_broadcaster
from tests.productions.factories import make_producer, make_production
from tests.productions.money import currency, partner
from tests.productions.refusals import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def production(rts, ptrc):
    return make_production(rts, ptrc, make_broadcaster("rtv"), shares=["33.34", "33.33", "33.33"])


def receive(production, by="rts", amount="100.00", code="EUR", **fields):
    income = Income(
        production=production, description="Sale", amount=Decimal(amount), currency=currency(code),
        received_on=date(2026, 3, 1), received_by=partner(production, by), **fields,
    )  # fmt: skip
    return record_income(income, actor=None)


def pay(production, amount, payer="rts", payee="ptrc", actor=None):
    return record_payout(
        production, actor=actor, payer=partner(production, payer), payee=partner(production, payee),
        amount=Decimal(amount), currency=currency(), paid_on=date(2026, 3, 9), reference="SWIFT 9",
    )  # fmt: skip


def agree(production, territory="", **percents):
    shares = {partner(production, slug): Decimal(percent) for slug, percent in percents.items()}
    set_revenue_shares(production, actor=None, territory=territory, shares=shares)


def dealt(income):
    return {share.partner.broadcaster.slug: f"{share.amount:.2f}" for share in income.shares.all()}


def test_an_income_is_dealt_out_by_the_productions_shares_to_the_last_cent(production):
    assert dealt(receive(production, amount="0.01")) == {"rts": "0.01", "ptrc": "0.00", "rtv": "0.00"}
    parts = dealt(receive(production, amount="100.00"))
    assert sum(map(Decimal, parts.values())) == 100
    back = dealt(receive(production, amount="-100.00"))
    assert {slug: Decimal(amount) for slug, amount in back.items()} == {
        slug: -Decimal(amount) for slug, amount in parts.items()
    }


def test_the_narrowest_territory_says_whose_it_is_and_later_shares_change_nothing_booked(production):
    agree(production, "CIS", ptrc="60", rts="40")
    agree(production, "KZ", ptrc="100")
    asked = {name: {str(who): of for who, of in shares_for(production, name)} for name in ("KZ", "KG", "RS")}
    assert len(asked["KZ"]) == 1
    assert sorted(asked["KG"].values()) == [40, 60]
    assert len(asked["RS"]) == 3
    income = receive(production, territory="KZ", amount="10.00")
    agree(production, "KZ")
    assert dealt(income) == {"ptrc": "10.00"}
    assert len(shares_for(production, "KZ")) == 2


def test_what_takes_an_income_back_goes_by_its_shares_whatever_was_agreed_since(production):
    agree(production, rts="50", ptrc="50")
    income = receive(production, amount="1000.01", territory="KZ")
    agree(production, rts="70", ptrc="30")
    for amount in ("-333.33", "-333.33"):
        receive(production, amount=amount, reverses=income)
    with refused("more-than-left"):
        receive(production, amount="-333.36", reverses=income)
    last = receive(production, amount="-333.35", reverses=income)
    assert (last.territory, [share.share_percent for share in last.shares.all()]) == ("KZ", [50, 50])
    assert not any(debts_of(production).values())
    for wrong in ({"amount": "-1.00", "code": "RSD"}, {"amount": "1.00"}):
        with pytest.raises(DomainError):
            receive(production, reverses=income, **wrong)


def test_shares_that_do_not_total_100_or_of_no_territory_are_refused(production):
    with refused("shares-total"):
        agree(production, rts="50", ptrc="49.99")
    with refused("unknown-territory"):
        agree(production, "Atlantis", rts="100")
    with pytest.raises(ForbiddenError):
        set_revenue_shares(production, actor=make_producer(make_broadcaster("b92")), territory="", shares={})


def test_the_statement_says_who_is_owed_what_by_currency_and_balances_to_nothing(production):
    agree(production, rts="50", ptrc="30", rtv="20")
    receive(production, "rts", "1000.00")
    receive(production, "ptrc", "500.00")
    receive(production, "rtv", "999.00", "RSD")
    pay(production, "20.00")
    statement = statement_of(production)
    for code in ("EUR", "RSD"):
        assert sum(each.balance.amount for each in statement.accounts if each.balance.currency == code) == 0
    owed = {
        (debt.payer.broadcaster.slug, debt.payee.broadcaster.slug, debt.amount.currency): str(debt.amount.amount)
        for debt in statement.debts
    }
    assert {key: Decimal(value) for key, value in owed.items()} == {
        ("rtv", "rts", "RSD"): Decimal("499.50"),
        ("rtv", "ptrc", "RSD"): Decimal("299.70"),
    } | {
        # RTS owes Astana 300 of its thousand, Astana owes RTS 250 of its five hundred; 20 are paid.
        ("rts", "ptrc", "EUR"): Decimal("30.00"),
        ("rts", "rtv", "EUR"): Decimal("200.00"),
        ("ptrc", "rtv", "EUR"): Decimal("100.00"),
    }


def test_nobody_passes_on_more_than_is_owed_and_a_void_payout_is_owed_again(production, rts, ptrc):
    agree(production, rts="50", ptrc="50")
    receive(production, "rts", "200.00")
    with refused("more-than-owed"):
        pay(production, "100.01")
    with pytest.raises(ForbiddenError):
        pay(production, "1.00", actor=make_producer(ptrc))
    payout = pay(production, "100.00", actor=make_producer(rts))
    with refused("more-than-owed"):
        pay(production, "0.01")
    void_payout(payout, actor=None, reason="Returned by the bank")
    assert list(debts_of(production).values()) == [Decimal("100.00")]
