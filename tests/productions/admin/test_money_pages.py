"""The pages about money: their buttons are the services, their figures the reader's."""

import io

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from productions.admin.burn import chart_of
from productions.burn import burn_of
from productions.models import Budget, BudgetCategory, BudgetLine, Currency, Expense, Income, Instalment, Payout
from tests.productions.factories import make_producer, make_production
from tests.productions.money import add_line, approve, currency, make_budget, make_instalment, partner, spend

pytestmark = pytest.mark.django_db


def signed_in(user, language="en"):
    client = Client()
    client.force_login(user, backend="broadcasters.auth.RoleBackend")
    client.cookies["django_language"] = language
    return client


def url(production, name, **more):
    return reverse(f"admin:productions_production_{name}", kwargs={"object_id": production.pk, **more})


def text_of(response):
    assert response.status_code == 200, response.status_code
    return response.content.decode().replace("\u00a0", " ")


def posted(client, address, **answers):
    response = client.post(address, answers)
    assert response.status_code == 302, response.content.decode()[:20000]
    return response


@pytest.fixture
def serb(rts):
    return signed_in(make_producer(rts))


@pytest.fixture
def kazakh(ptrc):
    return signed_in(make_producer(ptrc))


def test_a_budget_is_made_on_its_page_from_the_first_currency_to_the_last_approval(serb, kazakh):
    production = make_production()
    euro, tenge = currency("EUR"), currency("KZT")
    assert "There is no budget yet." in text_of(serb.get(url(production, "budget")))
    posted(serb, url(production, "budget_begin"), reporting_currency=euro.pk, note="First")
    rate = {"from_currency": euro.pk, "to_currency": tenge.pk, "rate": "561.43", "dated_on": "2026-01-05"}
    posted(kazakh, url(production, "budget_rate"), **rate, source="National Bank of Kazakhstan")
    line = {"category": BudgetCategory.objects.get(slug="crew").pk, "description": "Crew in Astana",
            "payer": partner(production, "ptrc").pk, "planned": "1122860.00", "currency": tenge.pk,
            "starts_on": "2026-01-01", "ends_on": "2026-02-28"}  # fmt: skip
    posted(kazakh, url(production, "budget_line_add"), **line)
    row = BudgetLine.objects.get()
    posted(kazakh, url(production, "budget_line", line=row.pk), **line | {"planned": "561430"})
    page = text_of(serb.get(url(production, "budget")))
    assert "Crew in Astana" in page
    assert "1,000.00 EUR" in page
    assert reverse("admin:productions_production_budget_line", args=[production.pk, row.pk]) not in page  # not RTS's
    refused = serb.post(url(production, "budget_line", line=row.pk), line)
    assert "Your role does not allow this." in text_of(refused)
    budget = Budget.objects.get()
    posted(serb, url(production, "budget_do"), budget=budget.pk, deed="submit")
    posted(serb, url(production, "budget_return"), reason="One more day")
    posted(kazakh, url(production, "budget_do"), budget=budget.pk, deed="submit")
    for client, slug in ((serb, "rts"), (kazakh, "ptrc")):
        about = partner(production, slug).pk
        posted(client, url(production, "budget_do"), budget=budget.pk, deed="approve", about=about)
    budget.refresh_from_db()
    assert budget.status == "approved"
    posted(serb, url(production, "budget_begin"), reporting_currency=euro.pk)
    line_now = BudgetLine.objects.get(budget__number=2)
    posted(kazakh, url(production, "budget_line", line=line_now.pk), remove="1")
    assert "removed" in text_of(serb.get(url(production, "budget_compare")))


@pytest.mark.parametrize("odd", ["²", "1" * 5000, "-1", ""])
def test_what_only_looks_like_the_digits_of_an_id_is_not_found(serb, odd):
    budget = make_budget()
    production = budget.production
    for answers in ({"budget": odd}, {"budget": budget.pk, "deed": "approve", "about": odd}):
        assert serb.post(url(production, "budget_do"), answers).status_code == 404
    assert serb.get(url(production, "expense_add"), {"line": odd}).status_code == 200
    assert serb.post(url(production, "pilot"), {"deed": "mark", "review": odd}).status_code == 404
    assert serb.post(url(production, "shares"), {"lead": odd, "seen": odd}).status_code == 200


def test_expenses_are_booked_and_taken_back_and_drawn_into_the_burn_chart(serb, kazakh):
    budget = make_budget()
    line = add_line(budget)
    approve(budget)
    production = budget.production
    answers = {
        "line": line.pk,
        "amount": "250.00",
        "currency": currency().pk,
        "spent_on": "2026-02-10",
        "voucher": "V9",
    }
    posted(serb, url(production, "expense_add"), **answers)
    page = text_of(kazakh.get(url(production, "budget_burn")))
    assert "1,000.00 EUR" in page
    assert "250.00 EUR" in page
    assert "<polyline" in page
    expense = Expense.objects.get()
    assert kazakh.get(url(production, "expense_void", expense=expense.pk)).status_code == 200
    assert "Your role" in text_of(kazakh.post(url(production, "expense_void", expense=expense.pk), {"reason": "x"}))
    posted(serb, url(production, "expense_void", expense=expense.pk), reason="Twice")
    assert "Twice" in text_of(kazakh.get(url(production, "expenses")))


def test_the_chart_keeps_zero_and_both_lines_on_one_scale():
    budget = make_budget()
    line = add_line(budget, planned="900.00")
    approve(budget)
    spend(line, "-50.00")
    chart = chart_of(burn_of(budget, make_producer(line.payer.broadcaster), line.ends_on))
    assert [text for _y, text in chart.rows] == ["-500", "0", "500", "1,000"]
    assert len(chart.planned) == len(chart.actual) == 3
    tops = [mark.y for mark in chart.planned]
    assert tops == sorted(tops, reverse=True)


def test_instalments_and_income_go_their_way_on_their_pages(serb, kazakh):
    production = make_production()
    euro, sides = currency().pk, {slug: partner(production, slug).pk for slug in ("rts", "ptrc")}
    answers = {"description": "On signature", "payer": sides["rts"], "payee": sides["ptrc"], "amount": "1000",
               "currency": euro, "withholding_percent": "15", "term_days": "30", "due_on": "2026-01-10"}  # fmt: skip
    posted(serb, url(production, "instalment_add"), **answers)
    row = Instalment.objects.get()
    assert "overdue" in text_of(kazakh.get(url(production, "instalments")))
    posted(kazakh, url(production, "instalment_invoice", instalment=row.pk), invoiced_on="2026-01-05", invoice="I1")
    assert "850.00 EUR net" in text_of(serb.get(url(production, "instalment_pay", instalment=row.pk)))
    posted(serb, url(production, "instalment_pay", instalment=row.pk), paid_on="2026-01-08", payment="S1")
    shares = {f"share_{sides['rts']}": "25", f"share_{sides['ptrc']}": "75"}
    posted(serb, url(production, "revenue_shares"), territory="KZ", **shares)
    income = {"description": "Sale", "amount": "100.00", "currency": euro, "territory": "KZ",
              "received_on": "2026-02-01", "received_by": sides["rts"]}  # fmt: skip
    posted(serb, url(production, "income_add"), **income)
    page = text_of(kazakh.get(url(production, "revenue")))
    assert "75.00 EUR" in page
    assert Income.objects.get().shares.count() == 2
    payout = {"payer": sides["rts"], "payee": sides["ptrc"], "amount": "75", "currency": euro, "paid_on": "2026-02-02",
              "reference": "S2"}  # fmt: skip
    posted(serb, url(production, "payout_add"), **payout)
    assert "Nobody owes anybody anything." in text_of(kazakh.get(url(production, "revenue")))
    posted(serb, url(production, "payout_void", payout=Payout.objects.get().pk), reason="Returned")
    back = income | {"amount": "-100.00", "reverses": Income.objects.get().pk}
    posted(serb, url(production, "revenue_shares"), territory="KZ", **dict.fromkeys(shares, "50"))
    posted(serb, url(production, "income_add"), **back)
    assert "Nobody owes anybody anything." in text_of(kazakh.get(url(production, "revenue")))


def test_a_workbook_holds_numbers_in_the_readers_language_and_no_formula(rts):
    budget = make_budget()
    add_line(budget, planned="1234.50", description="=1+1")
    add_line(budget, planned="999999999999999.99", description="Long")
    response = signed_in(make_producer(rts), "sr-latn").get(url(budget.production, "budget_workbook", number=1))
    book = CalamineWorkbook.from_filelike(io.BytesIO(response.content))
    rows = book.get_sheet_by_index(0).to_python()
    cells = [cell for row in rows for cell in row]
    assert 1234.5 in cells
    assert "=1+1" in cells
    assert "999999999999999.99" in cells  # a double cannot hold it
    assert len(book.sheet_names) == 4


def test_lists_across_productions_cost_the_same_with_one_and_with_three(serb):
    def fill():
        make_instalment()
        add_line(make_budget())

    def cost(name):
        with CaptureQueriesContext(connection) as captured:
            assert serb.get(reverse(f"admin:productions_{name}_changelist")).status_code == 200
        return len(captured)

    fill()
    names = ("budget", "instalment")
    [cost(name) for name in names]
    once = [cost(name) for name in names]
    fill(), fill()
    assert [cost(name) for name in names] == once
    late = serb.get(reverse("admin:productions_instalment_changelist"), {"state": "overdue"})
    assert text_of(late).count("overdue") >= 3
    assert serb.get(reverse("admin:productions_currency_changelist")).status_code == 200
    assert Currency.objects.count() >= 5
