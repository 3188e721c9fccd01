"""A canary in RTS's private line: no page, answer, file, search or message lets Astana see it, or a sum with it."""

import io
import re

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from mediaexchange.core.models import OutboxEvent
from productions.admin.base import mounted_views
from productions.models import BudgetLine, Expense
from productions.services.budget import begin_revision
from tests.conftest import Caller
from tests.factories import make_key
from tests.productions.factories import make_producer
from tests.productions.money import add_line, approve, make_budget, make_instalment, spend

pytestmark = pytest.mark.django_db

# The words of the line and of its expense, its amounts, and every sum that would hold them.
CANARY = re.compile(r"kanarinac|90[  .,]?317|90[  .,]?407|4[  .,]?211|91[  .,]?317|94[  .,]?528", re.IGNORECASE)


@pytest.fixture
def budget(rts, ptrc):
    """Shared: 1000 by RTS, 90 by Astana. RTS's own: 90317, of which 4211 are spent; and a revision is open."""
    first = make_budget()
    add_line(first, planned="1000.00")
    add_line(first, "ptrc", planned="90.00")
    secret = add_line(first, planned="90317.00", description="Kanarinac", is_private=True)
    approve(first)
    spend(secret, "4211.00")
    Expense.objects.get()
    make_instalment(first.production)
    begin_revision(first.production, actor=make_producer(ptrc))
    return first


def signed_in(user):
    client = Client()
    client.force_login(user, backend="broadcasters.auth.RoleBackend")
    client.cookies["django_language"] = "en"
    return client


def pages(budget):
    """Every page of the production's money that takes no more than its id, and those of its rows."""
    here = {"object_id": budget.production_id}
    for each in mounted_views():
        if "<" not in each.route and each.route.split("/")[0] in ("budget", "expenses", "instalments", "revenue"):
            yield reverse(f"admin:productions_production_{each.name}", kwargs=here)
    for number in (1, 2):
        yield reverse("admin:productions_production_budget", kwargs=here) + f"?revision={number}"
        yield reverse("admin:productions_production_budget_workbook", kwargs={**here, "number": number})
    for line in BudgetLine.objects.filter(description="Kanarinac"):
        yield reverse("admin:productions_production_budget_line", kwargs={**here, "line": line.pk})
    for expense in Expense.objects.all():
        yield reverse("admin:productions_production_expense_void", kwargs={**here, "expense": expense.pk})
    yield reverse("admin:productions_production_change", args=[budget.production_id])
    yield reverse("admin:productions_production_history", args=[budget.production_id])
    yield reverse("admin:productions_budget_changelist")
    yield reverse("admin:productions_budget_history", args=[budget.pk])
    yield reverse("admin:productions_instalment_changelist")


def answers(budget):
    second = budget.production.budgets.get(number=2)
    yield from ("budgets/", "budget-lines/?count=exact-capped", "expenses/?count=exact-capped", "frozen-rates/")
    yield from ("instalments/", "incomes/", "search/?q=Kanarinac")
    for uid in (budget.uid, second.uid):
        for name in ("", "figures/", "burn/", "workbook/", "comparison/1/", "comparison/2/"):
            yield f"budgets/{uid}/{name}"
    for line in BudgetLine.objects.filter(description="Kanarinac"):
        yield f"budget-lines/{line.uid}/"
        yield f"expenses/?line={line.uid}"
        yield f"expenses/?key={line.key}"
    yield f"productions/{budget.production.uid}/"
    yield f"productions/{budget.production.uid}/revenue-statement/"


def text_of(response):
    """What stands in the answer, a workbook's cells too; numbers as people would read them."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    if "spreadsheetml" not in response.headers.get("Content-Type", ""):
        return content.decode().replace("\u00a0", " ")
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    rows = [row for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python()]
    return "\n".join(str(cell) for row in rows for cell in row)


def found_on(client, addresses):
    leaks, seen = [], 0
    for address in addresses:
        cache.clear()
        response = client.get(address)
        assert response.status_code in (200, 302, 403, 404, 405), f"{response.status_code} {address}"
        seen += response.status_code == 200
        if CANARY.search(text_of(response).replace(address, "")):
            leaks.append(address)
    return leaks, seen


def test_no_page_shows_it_to_the_other_partner_and_the_owner_reads_it_on_many(budget, rts, ptrc):
    leaks, seen = found_on(signed_in(make_producer(ptrc)), pages(budget))
    assert (leaks, seen > 12) == ([], True)
    own, _seen = found_on(signed_in(make_producer(rts)), pages(budget))
    assert len(own) >= 6  # what the test looks for can be found


def test_no_answer_tells_it_to_the_other_partners_key(budget, astana, belgrade):
    prefix = "/api/v1/"

    class Of:
        def __init__(self, caller):
            self.get = lambda address: caller.get(address)

    addresses = [prefix + path for path in answers(budget)]
    leaks, seen = found_on(Of(astana), addresses)
    assert (leaks, seen > 15) == ([], True)
    assert len(found_on(Of(belgrade), addresses)[0]) >= 8
    secret = BudgetLine.objects.filter(description="Kanarinac").first()
    for path in (f"budget-lines/{secret.uid}/", f"budgets/{secret.budget.uid}/comparison/9/"):
        assert astana.get(path).status_code in (404, 422)
    assert astana.get("budget-lines/", count="exact-capped").json()["count"] == 4  # two of each revision
    assert astana.post("expenses/", {
        "line": str(secret.uid), "amount": "1", "currency": "EUR", "spent_on": "2026-01-01", "voucher": "x",
    }).status_code == 400  # fmt: skip


def test_a_house_that_is_no_partner_finds_no_money_at_all(budget, stranger):
    from tests.factories import make_broadcaster

    cache.clear()
    outsider = Caller(make_key(make_broadcaster("rtv")))
    for path in ("budgets/", "budget-lines/", "expenses/", "instalments/", "frozen-rates/"):
        assert outsider.get(path).json()["results"] == []
    assert outsider.get(f"budgets/{budget.uid}/figures/").status_code == 404
    assert outsider.get(f"productions/{budget.production.uid}/revenue-statement/").status_code == 404


def test_no_event_holds_an_amount_and_the_other_house_hears_of_no_private_booking(budget, rts, ptrc):
    events = list(OutboxEvent.objects.filter(kind__startswith="expense."))
    assert [event.audience for event in events] == [[rts.pk]]
    everything = str(list(OutboxEvent.objects.values_list("kind", "data")))
    assert not CANARY.search(everything)
