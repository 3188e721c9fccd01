"""The API of money: amounts as strings, one road from the draft to the statement, refusals, what lists cost."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from broadcasters.constants import Role
from productions.models import Income, Instalment
from productions.services.revenue import record_income, record_payout, set_revenue_shares
from tests.factories import make_user
from tests.productions.factories import make_producer, make_production
from tests.productions.money import add_line, approve, currency, make_budget, make_instalment, partner, spend

pytestmark = pytest.mark.django_db


class Staff:
    """A producer's browser, signed in, that asks the API."""

    def __init__(self, user):
        self.client = Client(raise_request_exception=False)
        self.client.force_login(user, backend="broadcasters.auth.RoleBackend")

    def send(self, method, path, body=None, **headers):
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        send = getattr(self.client, method)
        return send(f"/api/v1/{path}", body or {}, content_type="application/json", headers=named)

    def post(self, path, body=None):
        return self.send("post", path, body)

    def get(self, path):
        return self.client.get(f"/api/v1/{path}")


@pytest.fixture
def serb(rts):
    return Staff(make_producer(rts))


@pytest.fixture
def kazakh(ptrc):
    return Staff(make_producer(ptrc))


def made(answer, status=201):
    assert answer.status_code == status, answer.content
    return answer.json()


def test_two_producers_agree_a_budget_spend_earn_and_settle(serb, kazakh, rts, ptrc):
    production = make_production(rts, ptrc, shares=["60", "40"])
    currency()
    budget = made(serb.post("budgets/", {"production": str(production.uid), "reporting_currency": "EUR"}))
    rate = {"budget": budget["uid"], "from_currency": "EUR", "to_currency": "KZT", "rate": "561.43",
            "dated_on": "2026-01-05", "source": "National Bank of Kazakhstan"}  # fmt: skip
    made(serb.post("frozen-rates/", rate))
    line = {"budget": budget["uid"], "category": "crew", "description": "Crew", "payer": "ptrc", "planned": "561430.00",
            "currency": "KZT", "starts_on": "2026-01-01", "ends_on": "2026-02-28"}  # fmt: skip
    stored = made(kazakh.post("budget-lines/", line))
    assert (stored["owner"], stored["planned"]) == ("ptrc", {"amount": "561430.00", "currency": "KZT"})
    tag = kazakh.get(f"budget-lines/{stored['uid']}/").headers["ETag"]
    assert kazakh.send("patch", f"budget-lines/{stored['uid']}/", {"planned": "1122860"}).status_code == 428
    changed = made(kazakh.send("patch", f"budget-lines/{stored['uid']}/", {"planned": "1122860"}, If_Match=tag), 200)
    assert changed["planned"]["amount"] == "1122860.00"
    assert serb.send("delete", f"budget-lines/{stored['uid']}/").status_code == 403
    assert made(serb.post(f"budgets/{budget['uid']}/submit/"), 200)["status"] == "submitted"
    made(serb.post(f"budgets/{budget['uid']}/approve/"), 200)
    assert made(kazakh.post(f"budgets/{budget['uid']}/approve/"), 200)["status"] == "approved"
    expense = {"line": stored["uid"], "amount": "56143.00", "currency": "KZT", "spent_on": "2026-01-20", "voucher": "7"}
    made(kazakh.post("expenses/", expense))
    figures = serb.get(f"budgets/{budget['uid']}/figures/").json()
    assert (figures["planned"]["total"]["amount"], figures["left"]["amount"]) == ("2000.00", "1900.00")
    assert figures["by_payer"][0]["broadcaster"] == "ptrc"
    assert serb.get(f"budgets/{budget['uid']}/burn/").json()[0]["actual"]["amount"] == "100.00"
    income = {"production": str(production.uid), "description": "Sale", "amount": "100.01", "currency": "EUR",
              "received_on": "2026-02-01", "received_by": "rts"}  # fmt: skip
    assert [part["amount"] for part in made(serb.post("incomes/", income))["shares"]] == ["60.01", "40.00"]
    payout = {"production": str(production.uid), "payer": "rts", "payee": "ptrc", "amount": "40", "currency": "EUR",
              "paid_on": "2026-02-02", "reference": "S"}  # fmt: skip
    made(serb.post("payouts/", payout))
    refused = serb.post("payouts/", payout)
    assert (refused.status_code, refused.json()["code"]) == (409, "more-than-owed")
    statement = kazakh.get(f"productions/{production.uid}/revenue-statement/").json()
    assert (statement["debts"], [each["balance"]["amount"] for each in statement["accounts"]]) == ([], ["0.00", "0.00"])


def test_an_income_is_taken_back_by_the_shares_it_was_dealt_out_by(serb):
    production = make_production()
    income = {"production": str(production.uid), "description": "Sale", "amount": "100.01", "currency": "EUR",
              "received_on": "2026-02-01", "received_by": "rts"}  # fmt: skip
    whole = made(serb.post("incomes/", income))
    agreed = [{"broadcaster": "rts", "share_percent": "10.00"}, {"broadcaster": "ptrc", "share_percent": "90.00"}]
    made(serb.post("revenue-shares/", {"production": str(production.uid), "shares": agreed}), 200)
    back = made(serb.post("incomes/", income | {"amount": "-100.01", "reverses": whole["uid"]}))
    assert back["reverses"] == whole["uid"]
    assert [part["amount"] for part in back["shares"]] == [f"-{part['amount']}" for part in whole["shares"]]
    refused = serb.post("incomes/", income | {"amount": "-0.01", "reverses": whole["uid"]})
    assert (refused.status_code, refused.json()["code"]) == (409, "more-than-left")


def test_floats_are_refused_and_so_are_broken_units(serb):
    budget = make_budget()
    line = {"budget": str(budget.uid), "category": "crew", "description": "Crew", "payer": "rts", "planned": 12.5,
            "currency": "EUR", "starts_on": "2026-01-01", "ends_on": "2026-02-28"}  # fmt: skip
    assert serb.post("budget-lines/", line).status_code == 400
    refused = serb.post("budget-lines/", line | {"planned": "12.505"})
    assert (refused.status_code, refused.json()["code"]) == (422, "too-many-decimals")
    assert serb.post("budget-lines/", line | {"planned": "12.50"}).status_code == 201


@pytest.mark.parametrize("day", ["0001-01-01", "1899-12-31", "2201-01-01", "9999-12-31"])
def test_days_near_the_ends_of_the_calendar_are_not_planned_or_booked(serb, day):
    budget = make_budget()
    line = add_line(budget)
    body = {"budget": str(budget.uid), "category": "crew", "description": "Crew", "payer": "rts", "planned": "12.50",
            "currency": "EUR", "starts_on": "2026-01-01", "ends_on": "2026-02-28"}  # fmt: skip
    for days in ({"starts_on": day}, {"ends_on": day}, {"starts_on": day, "ends_on": day}):
        assert serb.post("budget-lines/", body | days).status_code == 422, days
    approve(budget)
    spent = {"line": str(line.uid), "amount": "5", "currency": "EUR", "spent_on": day, "voucher": "7"}
    assert serb.post("expenses/", spent).status_code == 422
    due = {"production": str(budget.production.uid), "payer": "rts", "payee": "ptrc", "description": "Half",
           "amount": "5", "currency": "EUR", "due_on": day}  # fmt: skip
    assert serb.post("instalments/", due).status_code == 422
    with pytest.raises(IntegrityError), transaction.atomic():
        Instalment.objects.filter(pk=make_instalment(budget.production).pk).update(due_on=day)


def test_a_partners_books_report_costs_and_approve_nothing(belgrade, rts, ptrc):
    budget = make_budget()
    line = add_line(budget)
    assert belgrade.post(f"budgets/{budget.uid}/submit/").status_code == 200
    refused = belgrade.post(f"budgets/{budget.uid}/approve/")
    assert (refused.status_code, refused.json()["code"]) == (403, "person-needed")
    approve(budget)
    body = {"line": str(line.uid), "amount": "5", "currency": "EUR", "spent_on": "2026-01-20", "voucher": "7"}
    expense = made(belgrade.post("expenses/", body))
    assert made(belgrade.post(f"expenses/{expense['uid']}/void/", {"reason": "twice"}), 200)["voided_at"]
    reader = Staff(make_user(rts, Role.EDITOR))
    assert reader.get("budgets/").status_code == 403


def test_instalments_are_filtered_by_what_is_overdue_and_go_their_way(serb, kazakh):
    late = make_instalment()
    cache.clear()
    assert [row["uid"] for row in serb.get("instalments/?is_overdue=true").json()["results"]] == [str(late.uid)]
    assert serb.get("instalments/?is_overdue=false").json()["results"] == []
    invoiced = kazakh.post(f"instalments/{late.uid}/invoice/", {"invoiced_on": "2026-04-02", "invoice": "7/26"})
    assert made(invoiced, 200)["net"] == {"amount": "900.00", "currency": "EUR"}
    paid = made(serb.post(f"instalments/{late.uid}/pay/", {"paid_on": "2026-04-03", "payment": "SWIFT"}), 200)
    assert (paid["status"], paid["is_overdue"]) == ("paid", False)


@pytest.fixture
def filled(rts, ptrc):
    """A production's money, of every kind, each time it is called."""

    def fill():
        budget = make_budget()
        line, _other = add_line(budget), add_line(budget, "ptrc")
        approve(budget)
        spend(line)
        production = budget.production
        make_instalment(production)
        both = partner(production, "rts"), partner(production, "ptrc")
        set_revenue_shares(production, actor=None, territory="", shares=dict.fromkeys(both, Decimal(50)))
        day = {"received_on": date(2026, 3, 1), "received_by": both[0]}
        income = Income(production=production, description="Sale", amount=Decimal("10.00"), currency=currency(), **day)
        record_income(income, actor=None)
        record_payout(
            production, actor=None, payer=both[0], payee=both[1], amount=Decimal("1.00"), currency=currency(),
            paid_on=income.received_on, reference="S",
        )  # fmt: skip
        return budget

    return fill


PATHS = ("budgets/", "budget-lines/", "frozen-rates/", "expenses/", "instalments/", "incomes/", "revenue-shares/",
         "payouts/")  # fmt: skip


def test_a_list_costs_the_same_with_one_and_with_three_rows(filled, belgrade):
    def costs():
        found = {}
        for path in PATHS:
            cache.clear()
            with CaptureQueriesContext(connection) as captured:
                answer = belgrade.get(path)
            assert answer.status_code == 200, answer.content
            assert answer.json()["results"], path
            found[path] = len(captured)
        return found

    filled()
    for path in PATHS:
        belgrade.get(path)
    once = costs()
    filled(), filled()
    assert costs() == once
