"""Correspondents: an assignment from the day it is given, access, papers, hand-over, coverage, anniversaries."""

from datetime import date, timedelta

from dateutil.relativedelta import relativedelta
from django.utils import timezone

from correspondents.models import Assignment
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
from correspondents.services.event import plan_wish, save_wish
from correspondents.services.hand_over import offer_hand_over
from correspondents.services.paper import end_paper
from correspondents.services.reminders import remind_of_papers
from tests.broadcasters.calendar_factories import make_diplomatic_event
from tests.correspondents.factories import (
    days,
    make_assignment,
    make_correspondent,
    make_event,
    make_paper,
    make_scheme,
    make_wish,
)
from tests.notifications.houses import Houses
from tests.notifications.words import ABROAD, COUNTRY, DAY, ERRAND, EVENT

YEARS = (1, 2, 5, 21)  # each in another form somewhere


def bring_bureau(houses: Houses) -> None:
    module = make_scheme(houses.own, houses.partner)
    person = make_correspondent(houses.own, user=houses.at_own("viewer"))
    event = make_event(houses.own, module=module, **EVENT.fields("name"))
    assignment = make_assignment(
        person, first=-1, last=6, status="draft", event=event, module=module, **ERRAND.fields("title")
    )
    for deed in (give_assignment, accept_assignment, start_assignment):
        deed(assignment, actor=None)
    assignment.period = days(-1, 7)
    save_assignment(assignment, actor=None, changed=["period"])
    ask_access(assignment, actor=None, sphere="cultural")
    _end_others(houses)
    for kind in ("assigned", "accepted", "declined", "started", "cancelled", "assignment-changed"):
        houses.told[f"correspondents.{kind}"] = (ERRAND, ABROAD)
    houses.told["correspondents.access"] = (ERRAND,)
    _hand_over(assignment, houses)
    wish = save_wish(make_wish(event, houses.own), actor=None)
    plan_wish(wish, assignment, actor=None)
    houses.told["correspondents.coverage"] = (EVENT,)
    _papers(houses)
    _anniversaries(houses)


def _end_others(houses: Houses) -> None:
    person = make_correspondent(houses.own, user=houses.at_own("producer"))
    declined, cancelled = (
        make_assignment(person, first=first, last=first + 5, **ERRAND.fields("title")) for first in (20, 30)
    )
    decline_assignment(declined, actor=None, reason="zz")
    cancel_assignment(cancelled, actor=None, reason="zz")


def _hand_over(assignment: Assignment, houses: Houses) -> None:
    taker = make_correspondent(houses.own, user=houses.at_own("archivist"))
    at = timezone.now() + (assignment.ends_at - timezone.now()) / 2
    offer_hand_over(assignment, actor=None, to_correspondent=taker, at=at, matters="zz")
    houses.told["correspondents.hand-over"] = (ERRAND,)


def _papers(houses: Houses) -> None:
    """Of somebody who may only look at what is their own."""
    person = make_correspondent(houses.own, user=houses.at_own("training-coordinator"))
    today = timezone.now().date()
    ends_on, due_on = today + timedelta(days=5), today + timedelta(days=2)
    make_paper(person, valid=(today - timedelta(days=9), ends_on))
    make_paper(person, status="wanted", valid=None, apply_by_on=due_on)
    end_paper(make_paper(person), actor=None, status="revoked")
    remind_of_papers()
    houses.told["correspondents.paper-ends"] = (COUNTRY, ends_on)
    houses.told["correspondents.paper-due"] = (COUNTRY, due_on)
    houses.told["correspondents.paper-ended"] = (COUNTRY,)


def _anniversaries(houses: Houses) -> None:
    tomorrow: date = timezone.now().date() + timedelta(days=1)
    for years in YEARS:
        dated = (tomorrow - relativedelta(years=years)).isoformat()
        make_diplomatic_event(dated=dated, is_yearly=True, **DAY.fields("name"))
    remind_of_anniversaries()
    houses.told["correspondents.anniversary"] = (DAY,)
