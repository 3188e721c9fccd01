"""The first page of every role: figures are the rows that they open, and cost a statement each."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from archive.constants import PremisOutcome, PremisType
from archive.models import MediaFile, PreservationEvent, Upload
from broadcasters.admin.desk import desk
from broadcasters.constants import Role
from broadcasters.models import Broadcaster, Membership
from correspondents.constants import PaperStatus
from correspondents.models import Paper
from mediaexchange.core.desks import all_items, items_for
from mediaexchange.core.models import ApiKey, User
from newsexchange.demo import load_demo
from newsexchange.models import Delivery, QuarantinedEntry
from newsexchange.services.recall import recall_story
from newsexchange.services.request import ask_story
from tests.archive.factories import make_item
from tests.factories import make_delivery, make_feed, make_module, make_story, make_subscription, make_user, take

pytestmark = pytest.mark.django_db

# What one page asks besides one statement an item: the reader's roles.
_BESIDES = 1
# Items that neither the demonstration nor the rows below make wait for anybody.
_RARE = 14


def test_every_figure_is_the_number_of_rows_that_it_opens_and_costs_one_statement(rf):
    list(load_demo(""))
    rts, ptrc = (Broadcaster.objects.get(slug=slug) for slug in ("rts", "ptrc"))
    people = [_of_all_trades(rts), _of_all_trades(ptrc)]
    _let_things_wait(rts, ptrc, people)
    shown, differing = set(), {}
    for person in people:
        items = items_for(User.objects.get(pk=person.pk))
        assert len(items) == len(all_items())
        request = rf.get("/")
        request.user = User.objects.get(pk=person.pk)
        with CaptureQueriesContext(connection) as queries:
            cards = {card.url: card.count for card in desk(request, {})["cards"]}
        assert len(queries) <= len(items) + sum(item.queries for item in items) + _BESIDES
        browser = Client()
        browser.force_login(person, backend="broadcasters.auth.RoleBackend")
        for item in items:
            listed = len(browser.get(item.address()).context["cl"].result_list)
            if listed != cards.get(item.address(), 0):
                differing[item.code] = (cards.get(item.address(), 0), listed)
        shown |= {item.code for item in items if item.address() in cards}
    assert not differing
    assert len(shown) >= len(all_items()) - _RARE, {item.code for item in all_items()} - shown


def test_the_most_urgent_stands_first_and_nothing_is_said_of_what_does_not_wait(rts, ptrc, client):
    nobody = make_user(rts, Role.VIEWER)
    client.force_login(nobody, backend="broadcasters.auth.RoleBackend")
    page = client.get(reverse("admin:index"))
    assert page.context["desks"] == []
    assert b"mx-desk-none" in page.content
    assert b"mx-card" not in page.content
    person = make_user(rts, Role.EXCHANGE_DESK)
    Membership.objects.create(user=person, broadcaster=rts, role=Role.ARCHIVIST)
    make_story(rts, published=False)
    recalled = make_story(ptrc)
    take(recalled, rts)
    recall_story(recalled, actor=make_user(ptrc), kind="kill", reason="wrong")
    Upload.objects.create(broadcaster=rts, length_bytes=10, expires_at=timezone.now() + timedelta(days=1))
    client.force_login(person, backend="broadcasters.auth.RoleBackend")
    desks = client.get(reverse("admin:index")).context["desks"]
    assert [each.role for each in desks] == [Role.EXCHANGE_DESK, Role.ARCHIVIST]
    codes = [[card.url.partition("=")[2] for card in each.cards] for each in desks]
    assert codes == [["newsexchange.recalls", "newsexchange.drafts"], ["archive.uploads"]]


def test_a_list_asked_for_what_does_not_wait_for_the_reader_is_empty(rts, client):
    make_item(rts, status="draft")
    client.force_login(make_user(rts, Role.RIGHTS_OFFICER), backend="broadcasters.auth.RoleBackend")
    items = reverse("admin:archive_item_changelist")
    assert client.get(items).context["cl"].result_count == 1
    assert client.get(f"{items}?desk=archive.drafts").context["cl"].result_count == 0


def _of_all_trades(house: Broadcaster) -> User:
    person = make_user(house, Role.ADMINISTRATOR)
    others = (role for role in Role.values if role != Role.ADMINISTRATOR)
    Membership.objects.bulk_create(Membership(user=person, broadcaster=house, role=role) for role in others)
    return person


def _let_things_wait(rts: Broadcaster, ptrc: Broadcaster, people: list[User]) -> None:
    """What the demonstration has in good order."""
    now = timezone.now()
    belgrade, astana = people
    make_delivery(make_subscription(rts, failures=2))
    Delivery.objects.filter(subscription__broadcaster=rts).update(attempts=2)
    feed = make_feed(rts, failures=1)
    QuarantinedEntry.objects.create(feed=feed, reason="no-text", payload=b"zz", payload_hash=uuid4().hex)
    ask_story(asker=ptrc, of=rts, actor=astana, subject="Bridge")
    make_story(rts, published=False)
    recalled = make_story(rts)
    take(recalled, ptrc)
    recall_story(recalled, actor=belgrade, kind="kill", reason="wrong")
    ApiKey.objects.update(expires_at=now + timedelta(days=10))
    Upload.objects.create(broadcaster=rts, length_bytes=10, expires_at=now + timedelta(days=1))
    make_module(rts, ptrc, slug="a-new-strand", state="proposed")
    damaged = MediaFile.objects.filter(broadcaster=rts).first()
    PreservationEvent.objects.create(file=damaged, kind=PremisType.FIXITY_CHECK, outcome=PremisOutcome.FAILURE)
    wanted = Paper.objects.filter(correspondent__broadcaster=rts).values("pk")[:1]
    Paper.objects.filter(pk__in=wanted).update(status=PaperStatus.WANTED, apply_by_on=now.date())
