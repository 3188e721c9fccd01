"""Pages and counts that look at little, against what looking at everything finds."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from archive import bounded, narrowing
from archive.bounded import Order, few_ids, first_items
from archive.models import Item
from tests.archive.factories import make_archive_module, make_item
from tests.factories import make_broadcaster, make_user

pytestmark = pytest.mark.django_db
ORDERS = [
    Order(),
    Order(("id",), is_descending=False),
    Order(("changed_at", "id")),
    Order(("dated_key", "id")),
    Order(("dated_key", "id"), is_descending=False),
]


@pytest.fixture
def small(monkeypatch):
    """Windows of a few items, so that a few items are very many."""
    monkeypatch.setattr(bounded, "WINDOWS", (1, 2, 4))
    monkeypatch.setattr(bounded, "_LAST_BEFORE_ASKING", 2)
    monkeypatch.setattr(bounded, "FEW", 3)


@pytest.fixture
def catalogue():
    """Two houses, of each what everybody, partners or nobody else reads, dated and undated, one upon another."""
    houses = [make_broadcaster("rts"), make_broadcaster("ptrc"), make_broadcaster("rtv")]
    make_archive_module(*houses[:2])
    for number in range(24):
        make_item(
            houses[number // 6 % 2],
            access=("partners", "house", "public")[number % 3],
            dated=("1961-09", "", "196X", "1890", "2001/..")[number % 5],
            category=("news", "programme")[number % 2],
        )
    return houses


def walked(items, user, order):
    """All pages, one after another, and how many of them there were."""
    found, start, pages = [], None, 0
    while True:
        page = first_items(items, user, order, wanted=2, start=start)
        pages += 1
        found += [item.pk for item in page.items]
        if len(page.items) == 2:
            start = tuple(getattr(page.items[-1], name) for name in order.fields)
        elif page.ended_at is not None:
            start = page.ended_at
        else:
            return found, pages


@pytest.mark.parametrize("order", ORDERS, ids=lambda order: f"{order.fields[0]} {order.is_descending}")
@pytest.mark.parametrize("slug", ["rts", "ptrc", "rtv"])
def test_pages_of_small_windows_are_together_what_one_statement_finds(small, catalogue, order, slug):
    user = make_user(make_broadcaster(slug))
    seen = Item.objects.visible_to(user)
    for narrowed in (
        seen,
        seen.narrowed(narrowing.in_decade(1890)),
        seen.narrowed(narrowing.of_category("news")),
        seen.narrowed(narrowing.speaking("kk")),
        seen.narrowed(narrowing.held_by([catalogue[0].pk])).filter(access="public"),
        seen.filter(dated="", category="news"),
    ):
        expected = [item.pk for item in order.sorted(order.keyed(narrowed))]
        assert walked(narrowed, user, order)[0] == expected


def test_what_is_rare_and_has_no_index_may_take_empty_pages(small, catalogue):
    user = make_user(catalogue[0])
    (oldest,) = Item.objects.order_by("pk")[:1]
    rare = Item.objects.visible_to(user).filter(identifier=oldest.identifier)
    page = first_items(rare, user, wanted=2)
    assert page.items == []
    assert page.ended_at is not None
    found, pages = walked(rare, user, Order())
    assert found == [oldest.pk]
    assert pages > 1


def test_what_is_rare_by_an_index_is_found_at_once(small, catalogue):
    user = make_user(catalogue[0])
    (oldest,) = Item.objects.order_by("pk")[:1]
    rare = Item.objects.visible_to(user).narrowed(narrowing.identified(oldest.identifier))
    page = first_items(rare, user, wanted=2)
    assert ([item.pk for item in page.items], page.ended_at) == ([oldest.pk], None)


def test_few_is_only_what_an_index_knows_to_be_few(small, catalogue):
    user = make_user(catalogue[0])
    seen = Item.objects.visible_to(user)
    assert few_ids(seen, user) is None
    assert few_ids(seen.filter(identifier="nothing"), user) is None
    assert few_ids(seen.narrowed(narrowing.in_decade(1910)), user) == []
    outsider = make_user(make_broadcaster("rtrs"))
    public = Item.objects.filter(access="public")
    public.exclude(pk=public.first().pk).update(access="house")
    assert few_ids(Item.objects.visible_to(outsider), outsider) == [public.get().pk]


def test_what_was_set_for_looking_holds_no_longer(catalogue):
    user = make_user(catalogue[0])
    first_items(Item.objects.visible_to(user).narrowed(narrowing.speaking("kk")), user, wanted=2)
    with connection.cursor() as cursor:
        for name in ("enable_seqscan", "enable_bitmapscan"):
            cursor.execute("SELECT current_setting(%s)", [name])
            assert cursor.fetchone() == ("on",)


def test_a_page_from_the_first_window_takes_as_many_statements_however_many_items_there_are(catalogue):
    user = make_user(catalogue[0])
    items = Item.objects.visible_to(user)

    def statements(wanted):
        with CaptureQueriesContext(connection) as queries:
            first_items(items, user, wanted=wanted)
        return len(queries)

    assert statements(1) == statements(5)
