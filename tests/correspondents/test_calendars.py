"""Assignments and planned events as calendars read them."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from psycopg.types.range import Range

from broadcasters.constants import Role
from correspondents.services.assignment import cancel_assignment, save_assignment
from correspondents.services.event import move_event, withdraw_wish
from mediaexchange.core.calendar_feeds import address_of, make_feed
from tests.correspondents.factories import (
    make_assignment,
    make_correspondent,
    make_desk,
    make_event,
    make_scheme,
    make_wish,
)
from tests.factories import make_user
from tests.icalendars import read

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _uncounted():
    cache.clear()


def events_of(user, **wanted):
    feed = make_feed(user, **wanted)
    response = Client().get("/" + address_of(feed).split("/", 3)[3])
    assert response.status_code == 200
    return read(response.content)[1]


@pytest.mark.parametrize(
    ("at", "belgrade", "almaty"),
    [
        (datetime(2026, 12, 10, 4, tzinfo=UTC), "05:00", "09:00"),
        (datetime(2027, 7, 10, 4, tzinfo=UTC), "06:00", "09:00"),
    ],
)
def test_an_assignment_stands_at_its_instant_in_both_seasons_moves_and_is_called_off_in_place(
    rts, ptrc, at, belgrade, almaty
):
    desk = make_desk(rts)
    person = make_correspondent(rts, user=make_user(rts, Role.VIEWER))
    row = make_assignment(person, period=Range(at, at + timedelta(days=2)), assigned_at=timezone.now())
    (event,) = events_of(person.user, kind="person")
    assert event.starts == at
    assert f"{event.starts.astimezone(ZoneInfo('Europe/Belgrade')):%H:%M}" == belgrade
    assert f"{event.starts.astimezone(ZoneInfo('Asia/Almaty')):%H:%M}" == almaty
    assert belgrade in event["DESCRIPTION"]
    assert almaty in event["DESCRIPTION"]
    row.period = Range(at + timedelta(hours=1), at + timedelta(days=2))
    save_assignment(row, actor=desk, changed={"period"})
    (moved,) = events_of(person.user, kind="person")
    assert moved["UID"] == event["UID"]
    assert int(moved["SEQUENCE"]) > int(event["SEQUENCE"])
    assert moved.starts == at + timedelta(hours=1)
    cancel_assignment(row, actor=desk, reason="snow")
    (off,) = events_of(person.user, kind="person")
    assert (off["UID"], off["STATUS"]) == (event["UID"], "CANCELLED")
    assert int(off["SEQUENCE"]) > int(moved["SEQUENCE"])


def test_both_desks_have_it_and_those_who_follow_nothing_do_not(rts, ptrc):
    make_assignment(make_correspondent(rts), assigned_at=timezone.now())
    make_assignment(make_correspondent(rts), status="draft")
    assert len(events_of(make_desk(rts), kind="desk", subject=rts.uid)) == 1
    assert len(events_of(make_desk(ptrc), kind="desk", subject=ptrc.uid)) == 1
    assert events_of(make_user(rts, Role.ARCHIVIST), kind="desk", subject=rts.uid) == []


def test_a_modules_calendar_has_whole_days_and_keeps_what_is_called_off(rts, ptrc):
    module = make_scheme(rts, ptrc)
    event = make_event(rts, module=module)
    make_event(rts, module=module, is_shared=False, name_en="Own matter")
    reader = make_user(ptrc, Role.VIEWER)
    (shown,) = events_of(reader, kind="module", subject=module.uid)
    assert (shown.starts, shown.ends) == (date(2026, 12, 10), date(2026, 12, 11))
    move_event(event, actor=make_desk(rts), status="cancelled")
    (off,) = events_of(reader, kind="module", subject=module.uid)
    assert (off["UID"], off["STATUS"]) == (shown["UID"], "CANCELLED")
    assert int(off["SEQUENCE"]) > int(shown["SEQUENCE"])


def test_an_event_up_to_the_end_of_the_calendar_spoils_no_partners_calendar(rts, ptrc):
    event = make_event(rts, dated="2026-12-10/9999-12-31")
    (shown,) = events_of(make_desk(ptrc), kind="module", subject=event.module.uid)
    assert shown["UID"].startswith(str(event.uid))


def test_what_another_house_wants_no_more_stays_in_the_calendar_of_who_wants_it(rts, ptrc):
    event = make_event(rts)
    make_wish(event, ptrc)
    withdraw_wish(make_wish(event, rts), actor=None)
    assert len(events_of(make_desk(ptrc), kind="desk", subject=ptrc.uid)) == 1
