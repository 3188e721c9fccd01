"""The money of a production as its producers see it: budget, burn chart, instalments, statement; also on a phone."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from productions.models import BudgetCategory, Expense, Income
from productions.services.budget import begin_revision, save_line
from productions.services.revenue import record_income
from tests.browser.desk import PHONE
from tests.factories import make_broadcaster
from tests.productions.factories import make_producer, make_production
from tests.productions.money import add_line, approve, currency, make_budget, make_instalment, partner, spend

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def a_film():
    """A budget in three currencies with a private line, half a year of costs, and a draft that plans more."""
    budget = make_budget(make_production())
    travel, days = (
        BudgetCategory.objects.get(slug="travel"),
        {"starts_on": date(2026, 2, 1), "ends_on": date(2026, 7, 31)},
    )
    crew = add_line(budget, planned="18000.00", description="Снимања у Београду", **days)
    flights = add_line(budget, "ptrc", "3368580.00", "KZT", description="Астана — Белград", category=travel, **days)
    own = add_line(budget, planned="2500.00", description="Резерва куће", is_private=True, **days)
    approve(budget)
    for month in range(2, 7):
        spend(crew, "2450.00", on=date(2026, month, 10))
        spend(flights, "505287.00", "KZT", on=date(2026, month, 15))
    spend(own, "300.00", on=date(2026, 4, 1))
    production = budget.production
    make_instalment(production, description="По потпису", withholding_percent=Decimal(15))
    income = Income(
        production=production, description="Продаја", amount=Decimal("5000.01"), currency=currency(), territory="DE",
        received_on=date(2026, 6, 1), received_by=partner(production, "rts"),
    )  # fmt: skip
    record_income(income, actor=None)
    draft = begin_revision(production, actor=None)
    line = draft.lines.get(description="Снимања у Београду")
    line.planned = Decimal("19000.00")
    save_line(line, actor=None, changed={"planned"})
    return production, crew


@pytest.mark.parametrize(("language", "house", "window"), [("sr-latn", "rts", "desk"), ("kk", "ptrc", "phone")])
def test_producers_read_the_money_and_book_an_expense(open_desk, language, house, window):
    production, _crew = a_film()
    desk = open_desk(language).enter(make_producer(make_broadcaster(house)))
    if window == "phone":
        desk.page.set_viewport_size(PHONE)
    for name in ("budget", "budget_compare", "budget_burn", "expenses", "instalments", "revenue"):
        desk.go(reverse(f"admin:productions_production_{name}", args=[production.pk]))
        desk.picture(f"{window}-{name}")
        desk.fits_its_window()
        private = desk.page.get_by_text("Rezerva kuće" if language == "sr-latn" else "Резерва куће")
        assert house == "rts" or private.count() == 0
    if house == "ptrc":
        return
    desk.go(reverse("admin:productions_production_expense_add", args=[production.pk]))
    desk.page.locator("#id_line").select_option(index=1)
    desk.page.locator("#id_amount").fill("1250,50")
    desk.page.locator("#id_currency").select_option(label=desk.page.locator("#id_currency option").nth(1).inner_text())
    desk.page.locator("#id_spent_on").fill("10.07.2026.")
    desk.page.locator("#id_voucher").fill("2026/117")
    desk.picture(f"{window}-expense")
    with desk.page.expect_navigation():
        desk.page.locator(".pr-money-form .ar-main").click()
    expect(desk.page.get_by_text("2026/117")).to_be_visible()
    assert Expense.objects.filter(voucher="2026/117", amount=Decimal("1250.50")).exists()
