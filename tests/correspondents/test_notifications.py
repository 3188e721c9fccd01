"""What people are told: made when it is read, under the rights of then, in the reader's language."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone, translation
from django.utils.formats import date_format
from psycopg.types.range import Range

from broadcasters.constants import Role
from correspondents.services.access import ask_access
from correspondents.services.anniversary import remind_of_anniversaries
from correspondents.services.assignment import (
    accept_assignment,
    cancel_assignment,
    decline_assignment,
    give_assignment,
    save_assignment,
    start_assignment,
)
from correspondents.services.event import plan_wish
from correspondents.services.hand_over import offer_hand_over
from correspondents.services.paper import end_paper, grant_paper
from correspondents.services.reminders import remind_of_papers
from mediaexchange.core.inbox.models import Notification
from mediaexchange.core.notifications import all_kinds, link_of, texts_of
from tests.broadcasters.calendar_factories import make_diplomatic_event
from tests.correspondents.factories import (
    ALMATY,
    days,
    make_assignment,
    make_correspondent,
    make_desk,
    make_event,
    make_paper,
    make_scheme,
    make_wish,
)
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(rts):
    return make_desk(rts)


@pytest.fixture
def everything(rts, ptrc, desk):
    """Every kind once, by somebody else than who is told."""
    person = make_correspondent(rts, user=make_user(rts, Role.VIEWER))
    event = make_event(rts)
    assignment = make_assignment(person, first=-1, last=6, status="draft", event=event)
    give_assignment(assignment, actor=None)
    accept_assignment(assignment, actor=None)
    start_assignment(assignment, actor=None)
    assignment.period = days(-1, 7)
    save_assignment(assignment, actor=None, changed=["period"])
    ask_access(assignment, actor=None, sphere="cultural")
    at = timezone.now() + (assignment.ends_at - timezone.now()) / 2
    offer_hand_over(assignment, actor=None, to_correspondent=make_correspondent(rts), at=at, matters="Keys.")
    plan_wish(make_wish(event, rts), assignment, actor=None)
    decline_assignment(make_assignment(person, first=20, last=25), actor=None, reason="Ill.")
    cancel_assignment(make_assignment(person, first=30, last=35), actor=None, reason="Off.")
    today = timezone.now().date()
    make_paper(person, valid=(today, today))
    make_paper(person, status="wanted", valid=None, apply_by_on=today)
    end_paper(make_paper(person), actor=None, status="revoked")
    remind_of_papers()
    tomorrow = today + timedelta(days=1)
    make_diplomatic_event(dated=f"{tomorrow.year - 28}-{tomorrow:%m-%d}", is_yearly=True)
    remind_of_anniversaries()
    return assignment


def test_the_desk_is_told_of_every_kind_and_finds_the_page(everything, desk):
    rows = list(Notification.objects.filter(recipient=desk))
    codes = {kind.code for kind in all_kinds() if kind.app == "correspondents"}
    assert {row.kind for row in rows} == codes
    with translation.override("en"):
        texts = texts_of(rows, desk)
    assert set(texts) == {row.pk for row in rows}  # each says something
    assert all("%(" not in text for text in texts.values())
    assert all(link_of(row).startswith("/") for row in rows)


def test_the_person_and_the_host_are_told_of_what_concerns_them(everything, ptrc):
    person = everything.correspondent.user
    told = set(Notification.objects.filter(recipient=person).values_list("kind", flat=True))
    assert told >= {"correspondents.assigned", "correspondents.paper-ends", "correspondents.hand-over"}
    assert "correspondents.coverage" not in told


def test_what_has_gone_out_of_sight_is_not_told(everything, desk):
    rows = list(Notification.objects.filter(recipient=desk))
    desk.memberships.all().delete()
    assert texts_of(rows, desk) == {}


def test_a_hand_over_is_told_by_the_day_of_the_place(rts, ptrc):
    at = datetime(2026, 12, 10, 0, 30, tzinfo=ALMATY)
    row = make_assignment(module=make_scheme(rts, ptrc), period=Range(at - timedelta(days=3), at + timedelta(days=5)))
    desk = make_desk(rts)
    offer_hand_over(row, actor=None, to_correspondent=make_correspondent(rts), at=at, matters="The keys.")
    told = list(Notification.objects.filter(recipient=desk, kind="correspondents.hand-over"))
    with translation.override("en"):
        (said,) = texts_of(told, desk).values()
    assert date_format(at.date(), "SHORT_DATE_FORMAT") in said


def test_a_paper_that_was_granted_meanwhile_is_not_to_be_applied_for(rts):
    desk = make_desk(rts)
    paper = make_paper(make_correspondent(rts), status="wanted", apply_by_on=timezone.now().date() + timedelta(days=5))
    remind_of_papers()
    grant_paper(paper, actor=desk, valid_from=timezone.now().date())
    told = list(Notification.objects.filter(recipient=desk, kind="correspondents.paper-due"))
    with translation.override("en"):
        (said,) = texts_of(told, desk).values()
    assert "applied for by" not in said
    assert "granted" in said
