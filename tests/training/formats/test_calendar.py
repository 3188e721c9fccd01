"""The calendar, read by an independent eye: dateutil and a plain look at the lines, not the library that writes it."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from dateutil import parser

from tests.training.factories import make_workshop
from training.formats.calendar import calendar_of
from training.models import Session
from training.services.workshop import move_workshop, save_session

pytestmark = pytest.mark.django_db


def events(document: bytes) -> list[dict[str, str]]:
    """RFC 5545, 3.1: lines end in CRLF, a line that begins with a space goes on the one before."""
    text = document.decode()
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    lines = text.replace("\r\n ", "").split("\r\n")
    found: list[dict[str, str]] = []
    for line in lines:
        if line == "BEGIN:VEVENT":
            found.append({})
        elif found and ":" in line:
            name, value = line.split(":", 1)
            found[-1].setdefault(name.partition(";")[0], value)
    return found


@pytest.mark.parametrize(
    ("at", "belgrade", "almaty"),
    [
        (datetime(2026, 12, 10, 9, tzinfo=UTC), "10:00", "14:00"),
        (datetime(2026, 7, 10, 8, tzinfo=UTC), "10:00", "13:00"),
    ],
)
def test_a_session_stands_at_its_instant_in_both_zones_in_both_seasons(rts, at, belgrade, almaty):
    workshop = make_workshop(rts, sessions=0)
    Session.objects.create(workshop=workshop, title_en="Opening", starts_at=at, ends_at=at.replace(hour=12))
    (event,) = events(calendar_of(workshop))
    assert event["DTSTART"].endswith("Z")
    moment = parser.parse(event["DTSTART"])
    assert f"{moment.astimezone(ZoneInfo('Europe/Belgrade')):%H:%M}" == belgrade
    assert f"{moment.astimezone(ZoneInfo('Asia/Almaty')):%H:%M}" == almaty
    assert belgrade in event["DESCRIPTION"]
    assert almaty in event["DESCRIPTION"]


def test_a_session_that_moves_is_the_same_event_with_a_higher_number(workshop, host):
    session = workshop.sessions.first()
    before = events(calendar_of(workshop))[0]
    session.venue = "Studio 5"
    save_session(session, actor=host, changed={"venue"})
    after = events(calendar_of(workshop))[0]
    assert after["UID"] == before["UID"]
    assert int(after["SEQUENCE"]) == int(before["SEQUENCE"]) + 1
    assert after["LOCATION"] == "Studio 5"
    assert after["STATUS"] == "CONFIRMED"


def test_what_is_cancelled_stays_in_the_calendar_as_cancelled(workshop, host):
    first, second = workshop.sessions.all()
    first.is_cancelled = True
    save_session(first, actor=host, changed={"is_cancelled"})
    assert [event["STATUS"] for event in events(calendar_of(workshop))] == ["CANCELLED", "CONFIRMED"]
    before = events(calendar_of(workshop))
    workshop.refresh_from_db()
    move_workshop(workshop, actor=host, status="cancelled", reason="snow")
    workshop.refresh_from_db()
    after = events(calendar_of(workshop))
    assert [event["STATUS"] for event in after] == ["CANCELLED", "CANCELLED"]
    assert all(int(now["SEQUENCE"]) > int(then["SEQUENCE"]) for now, then in zip(after, before, strict=True))
    assert str(second.uid) in after[1]["UID"]


def test_the_address_of_an_online_session_is_only_for_those_who_are_let_in(rts):
    workshop = make_workshop(rts, online_url="https://meet.example.org/secret")
    assert b"secret" not in calendar_of(workshop)
    assert b"secret" in calendar_of(workshop, with_address=True)
