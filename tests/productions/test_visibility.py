"""A canary in a private budget line: no page, answer, file or count of another house knows of it."""

import io
import json
import zipfile
from dataclasses import asdict
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from mediaexchange.core.inbox.models import Notification
from mediaexchange.core.models import OutboxEvent
from mediaexchange.core.notifications import texts_of
from productions.admin.base import mounted_views
from productions.formats.brief import sheet
from productions.models import BudgetCategory, BudgetLine, Currency
from productions.money_seed import seed_money
from productions.services.budget import approve_budget, begin_revision, save_line, submit_budget
from productions.services.expense import record_expense
from tests.conftest import Caller
from tests.factories import make_key
from tests.productions.factories import make_producer, make_production

pytestmark = pytest.mark.django_db

CANARY = "Zlatna kanarinka"
_ABOUT_MONEY = ("budget", "burn", "expense", "instalment", "revenue", "brief")
# The line, what was spent on it, and every sum that would hold one of them.
AMOUNTS = tuple(
    f"{thousands}{group}{rest}{point}{cents}"
    for thousands, rest, cents in (("7", "351", "13"), ("8", "351", "13"), ("2", "468", "57"), ("2", "568", "57"))
    for group, point in (("", "."), (",", "."), (".", ","), (" ", ","))
)


@pytest.fixture
def film(rts, ptrc):
    """With a line that all see, and Belgrade's private one, on which something was spent."""
    seed_money(Currency, BudgetCategory)
    production = make_production(rts, ptrc, stage="production")
    ours, theirs = make_producer(rts), make_producer(ptrc)
    budget = begin_revision(production, actor=ours, reporting_currency=Currency.objects.get(code="EUR"))
    today = timezone.localdate()
    shared, private = (
        save_line(
            BudgetLine(
                budget=budget, category=BudgetCategory.objects.get(slug="crew"), description=description,
                payer=production.partners.get(broadcaster=rts), planned=Decimal(planned),
                currency=Currency.objects.get(code="EUR"), starts_on=today, ends_on=today + timedelta(days=20),
                is_private=is_private,
            ),
            actor=ours,
        )
        for description, planned, is_private in (("Crew", "1000.00", False), (CANARY, "7351.13", True))
    )  # fmt: skip
    submit_budget(budget, actor=ours)
    approve_budget(budget, actor=ours)
    approve_budget(budget, actor=theirs)
    for line, amount in ((shared, "100.00"), (private, "2468.57")):
        record_expense(
            line, actor=ours, amount=Decimal(amount), currency=Currency.objects.get(code="EUR"), spent_on=today,
            voucher=f"{CANARY} {amount}" if line.is_private else "V-1",
        )  # fmt: skip
    return production


def leaks(text):
    plain = text.replace("\u00a0", " ").replace("\u202f", " ").replace("&nbsp;", " ")
    return [word for word in (CANARY, *AMOUNTS) if word in plain]


def test_another_house_s_producer_finds_no_trace_of_a_private_line(film, rts, ptrc):
    line = BudgetLine.objects.get(is_private=True)
    client = Client()
    client.force_login(make_producer(ptrc), backend="broadcasters.auth.RoleBackend")
    seen = {}
    for address in _pages_of(film, line):
        answer = client.get(address, {"q": "Zlatna"} if address.endswith("/") else {})
        content = _unpacked(b"".join(answer.streaming_content) if answer.streaming else answer.content)
        seen[address] = answer.status_code
        assert not leaks(content.decode("utf-8", "replace")), address
        assert str(line.uid) not in content.decode("utf-8", "replace"), address
    assert list(seen.values()).count(200) > 8, seen
    client.force_login(make_producer(rts), backend="broadcasters.auth.RoleBackend")
    own = client.get(reverse("admin:productions_production_budget", args=[film.pk])).content.decode()
    assert len(leaks(own)) > 2  # whose line it is sees it, so that the canary can sing
    key = Caller(make_key(ptrc))
    for path in (
        "budgets/", "budget-lines/", "expenses/", f"productions/{film.uid}/", f"budget-lines/{line.uid}/",
        f"budgets/{line.budget.uid}/", f"budgets/{line.budget.uid}/figures/", "search/", "changes/", "instalments/",
        f"productions/{film.uid}/revenue-statement/",
    ):  # fmt: skip
        answer = key.get(path, **({"q": "kanarinka"} if path == "search/" else {}))
        assert answer.status_code in {200, 404}, (path, answer.content)
        assert not leaks(answer.content.decode()), path
        assert str(line.uid) not in answer.content.decode() or str(line.uid) in path, path
    assert key.get(f"budget-lines/{line.uid}/").status_code == 404
    assert Caller(make_key(rts)).get(f"budget-lines/{line.uid}/").status_code == 200


def test_neither_paper_nor_events_nor_notifications_tell_of_it(film, rts, ptrc):
    reader, owner = make_producer(ptrc), make_producer(rts)
    for language in ("sr", "sr-latn", "kk", "ru", "en"):
        page = json.dumps(asdict(sheet(film, reader, language, timezone.now())), ensure_ascii=False)
        assert not leaks(page)
        own = json.dumps(asdict(sheet(film, owner, language, timezone.now())), ensure_ascii=False)
        assert leaks(own)  # its own house has it in the sums
    for event in OutboxEvent.objects.filter(audience__contains=[ptrc.pk]):
        assert not leaks(json.dumps(event.data))
        assert event.subject_uid != BudgetLine.objects.get(is_private=True).uid
    for person in {row.recipient for row in Notification.objects.select_related("recipient")}:
        told = texts_of(list(Notification.objects.filter(recipient=person)), person)
        assert not any(leaks(text) for text in told.values())


def _pages_of(film, line):
    """Everything in the admin that shows money of a production, whether it answers this reader or not."""
    for name in ("production", "budget", "budgetline", "expense", "instalment"):
        address = f"admin:productions_{name}_changelist"
        yield from _known(address)
    yield from _known("admin:productions_budgetline_change", line.pk)
    yield from _known("admin:productions_budget_change", line.budget_id)
    yield from _known("admin:productions_production_board")
    for mounted in mounted_views():
        if "<" not in mounted.route and mounted.name.startswith(_ABOUT_MONEY):
            yield from _known(f"admin:productions_production_{mounted.name}", film.pk)
    yield from _known("admin:productions_production_budget_workbook", film.pk, 1)
    yield from _known("admin:productions_production_change", film.pk)
    yield reverse("admin:core_search") if _has("admin:core_search") else "/admin/"


def _unpacked(content):
    """A workbook is a ZIP of texts."""
    if not content.startswith(b"PK"):
        return content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return b"\n".join(archive.read(name) for name in archive.namelist())


def _known(name, *args):
    return [reverse(name, args=args)] if _has(name, *args) else []


def _has(name, *args):
    try:
        reverse(name, args=args)
    except NoReverseMatch:
        return False
    return True
