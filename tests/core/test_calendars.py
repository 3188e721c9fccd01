"""Calendars as programs read them, checked by a reader of our own, and by the library where it reads what it wrote."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
from django.core.cache import cache
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from broadcasters.constants import Role
from broadcasters.models import Membership
from mediaexchange.core import calendar_views
from mediaexchange.core.calendar_feeds import address_of, make_feed, revoke_feed
from mediaexchange.core.calendar_format import render
from mediaexchange.core.calendars import Event
from mediaexchange.core.errors import DomainError, ForbiddenError
from mediaexchange.core.models import AuditEntry, CalendarFeed
from tests.factories import make_broadcaster, make_key, make_user
from tests.icalendars import Read, read
from tests.training.factories import enrol, make_coordinator, make_participant, make_workshop
from training.models import Session
from training.services.workshop import move_workshop, save_session

pytestmark = pytest.mark.django_db
PAGE = "admin:core_calendarfeed_changelist"


@pytest.fixture(autouse=True)
def _uncounted():
    cache.clear()


@pytest.fixture
def attendee(ptrc):
    """Somebody of PTRC with a seat in a workshop of RTS."""
    user = make_user(ptrc, Role.VIEWER, language="kk")
    workshop = make_workshop(make_broadcaster("rts"))
    enrol(workshop, make_participant(ptrc, user=user))
    return user, workshop


def path_of(feed):
    return "/" + address_of(feed).split("/", 3)[3]


def asked(feed, **headers):
    return Client().get(path_of(feed), headers=headers)


def events_of(feed) -> list[Read]:
    response = asked(feed)
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    return read(response.content)[1]


@pytest.mark.parametrize(
    ("at", "belgrade", "almaty"),
    [
        (datetime(2026, 12, 10, 9, tzinfo=UTC), "10:00", "14:00"),
        (datetime(2027, 7, 10, 8, tzinfo=UTC), "10:00", "13:00"),
    ],
)
def test_a_session_stands_at_its_instant_in_belgrade_and_almaty_in_both_seasons(attendee, at, belgrade, almaty):
    user, workshop = attendee
    Session.objects.all().delete()
    Session.objects.create(workshop=workshop, title_en="Opening", starts_at=at, ends_at=at + timedelta(hours=1))
    feed = make_feed(user, kind="person")
    (event,) = events_of(feed)
    (again,) = icalendar.Calendar.from_ical(asked(feed).content).walk("VEVENT")
    assert event.starts == again.start == at
    assert event.ends == again.end == at + timedelta(hours=1)
    for zone, clock in (("Europe/Belgrade", belgrade), ("Asia/Almaty", almaty)):
        assert f"{event.starts.astimezone(ZoneInfo(zone)):%H:%M}" == clock
        assert clock in event["DESCRIPTION"]


def test_what_moves_is_the_same_event_with_a_higher_number_and_what_is_called_off_stays(attendee):
    user, workshop = attendee
    host = make_coordinator(workshop.broadcaster)
    feed = make_feed(user, kind="person")
    before = events_of(feed)
    first = workshop.sessions.first()
    first.starts_at += timedelta(minutes=15)
    save_session(first, actor=host, changed={"starts_at"})
    moved = events_of(feed)
    assert [event["UID"] for event in moved] == [event["UID"] for event in before]
    assert int(moved[0]["SEQUENCE"]) > int(before[0]["SEQUENCE"])
    assert moved[0]["LAST-MODIFIED"] >= before[0]["LAST-MODIFIED"]
    assert moved[0].starts == before[0].starts + timedelta(minutes=15)
    assert [event["SEQUENCE"] for event in moved[1:]] == [event["SEQUENCE"] for event in before[1:]]
    move_workshop(workshop, actor=host, status="cancelled", reason="snow")
    off = events_of(feed)
    assert [event["UID"] for event in off] == [event["UID"] for event in before]
    assert {event["STATUS"] for event in off} == {"CANCELLED"}
    assert {event["TRANSP"] for event in off} == {"TRANSPARENT"}
    assert all(int(now["SEQUENCE"]) > int(then["SEQUENCE"]) for now, then in zip(off, moved, strict=True))


def test_whoever_has_the_newest_is_told_that_nothing_changed(attendee):
    user, workshop = attendee
    feed = make_feed(user, kind="person")
    first = asked(feed)
    same = asked(feed, if_none_match=first.headers["ETag"])
    assert (same.status_code, same.content) == (304, b"")
    assert same.headers["ETag"] == first.headers["ETag"]
    session = workshop.sessions.first()
    session.venue = "Studio 5"
    save_session(session, actor=make_coordinator(workshop.broadcaster), changed={"venue"})
    changed = asked(feed, if_none_match=first.headers["ETag"])
    assert changed.status_code == 200
    assert "Studio 5" in {event.values.get("LOCATION") for event in read(changed.content)[1]}


def test_an_address_sets_no_cookie_heeds_none_and_is_kept_by_no_cache(attendee):
    user, _workshop = attendee
    client = Client()
    client.force_login(make_user(make_broadcaster("rts"), language="en"), backend="broadcasters.auth.RoleBackend")
    client.cookies["django_language"] = "ru"
    feed = make_feed(user, kind="person")
    response = client.get(path_of(feed), headers={"Accept-Language": "sr"})
    assert not response.cookies
    assert response.headers["Content-Language"] == "kk"
    assert "Редакциядағы жасанды интеллект" in read(response.content)[1][0]["SUMMARY"]
    assert response.headers["Cache-Control"] == "private, no-cache"
    assert response.headers["Referrer-Policy"] == "no-referrer"
    feed.refresh_from_db()
    assert feed.last_read_at is not None


def test_names_come_in_the_readers_own_script(attendee):
    user, _workshop = attendee
    user.language = "sr-latn"
    user.save()
    own, (event, _second) = read(asked(make_feed(user, kind="person")).content)
    assert event["SUMMARY"].startswith("Veštačka inteligencija u redakciji")
    assert own["NAME"] == own["X-WR-CALNAME"]


def test_unknown_and_revoked_addresses_and_those_of_people_who_have_gone_lead_nowhere(attendee):
    user, _workshop = attendee
    feed = make_feed(user, kind="person")
    path = path_of(feed)
    assert Client().get(path).status_code == 200
    answers = {Client().get("/calendars/guessed.ics").content}
    type(user).objects.filter(pk=user.pk).update(is_active=False)
    assert Client().get(path).status_code == 404
    type(user).objects.filter(pk=user.pk).update(is_active=True)
    assert Client().get(path).status_code == 200
    revoke_feed(feed)
    gone = Client().get(path)
    assert gone.status_code == 404
    assert answers == {gone.content}
    feed.refresh_from_db()
    assert (feed.token, address_of(feed)) == ("", "")
    again = make_feed(user, kind="person")
    assert path_of(again) != path


def test_a_desks_calendar_is_its_members_while_they_are_and_shows_what_their_role_may_see(attendee, ptrc):
    _user, workshop = attendee
    sender, onlooker = make_coordinator(ptrc), make_user(ptrc, Role.ARCHIVIST)
    foreign = make_user(make_broadcaster("rtv"))
    with pytest.raises(DomainError):
        make_feed(foreign, kind="desk", subject=ptrc.uid)
    assert len(events_of(make_feed(sender, kind="desk", subject=ptrc.uid))) == 2
    assert events_of(make_feed(onlooker, kind="desk", subject=ptrc.uid)) == []  # may not know who was sent
    host = make_user(workshop.broadcaster, Role.ARCHIVIST)
    hosting = make_feed(host, kind="desk", subject=workshop.broadcaster.uid)
    assert len(events_of(hosting)) == 2
    Membership.objects.filter(user=host).delete()
    assert asked(hosting).status_code == 404


def test_a_modules_calendar_is_its_parties(attendee, ptrc):
    _user, workshop = attendee
    module = workshop.programme.module
    type(workshop).objects.filter(pk=workshop.pk).update(online_url="https://meet.example.org/secret")
    feed = make_feed(make_user(ptrc, Role.VIEWER), kind="module", subject=module.uid)
    assert len(events_of(feed)) == 2
    assert b"secret" not in asked(feed).content
    module.parties.remove(ptrc)
    assert asked(feed).status_code == 404


def test_the_address_of_an_online_session_comes_with_a_seat(attendee):
    user, workshop = attendee
    type(workshop).objects.filter(pk=workshop.pk).update(online_url="https://meet.example.org/secret")
    assert {event["URL"] for event in events_of(make_feed(user, kind="person"))} == {"https://meet.example.org/secret"}


def test_reading_asks_as_many_questions_for_three_events_as_for_one(attendee):
    user, workshop = attendee
    feed = make_feed(user, kind="person")
    asked(feed)
    Session.objects.filter(pk=workshop.sessions.last().pk).delete()
    with CaptureQueriesContext(
        connection,
    ) as one:
        assert len(events_of(feed)) == 1
    for _number in range(2):
        enrol(
            make_workshop(workshop.broadcaster, sessions=1),
            make_participant(user=user, broadcaster=make_broadcaster("ptrc")),
        )
    with CaptureQueriesContext(connection) as three:
        assert len(events_of(feed)) == 3
    assert len(three) == len(one)


def test_whoever_asks_too_often_is_told_to_wait(attendee, monkeypatch):
    monkeypatch.setattr(calendar_views, "LIMIT", 3)  # a slow machine would come into the next minute
    feed = make_feed(attendee[0], kind="person")
    client = Client()
    answers = [client.get(path_of(feed)).status_code for _number in range(4)]
    assert answers == [200] * 3 + [429]


def test_whole_days_long_words_and_signs_with_a_meaning_survive():
    changed = datetime(2026, 11, 1, 12, tzinfo=UTC)
    days = Event(
        "a", 3, "Тридесет година; односи, Београд\\Астана", date(2026, 12, 10), date(2026, 12, 10), False, changed,
        description="Қазақстан мен Сербия арасындағы дипломатиялық қатынастар " * 4 + "\nекінші жол",
    )  # fmt: skip
    hours = Event(
        "b", 0, "Live", changed, changed + timedelta(hours=1), True, changed, url="https://example.org/?a=1,2"
    )
    document = render("Календар; сто", [days, hours])
    own, (first, second) = read(document)
    assert own["NAME"] == "Календар; сто"
    assert (first.starts, first.ends) == (date(2026, 12, 10), date(2026, 12, 11))
    assert first["SUMMARY"] == days.summary
    assert first["DESCRIPTION"] == days.description
    assert (first["TRANSP"], second["STATUS"], second["URL"]) == ("TRANSPARENT", "CANCELLED", hours.url)
    assert render("Календар; сто", [days, hours]) == document
    with pytest.raises(TypeError):
        render("", [Event("c", 0, "", date(2026, 12, 10), changed, False, changed)])


def test_the_page_makes_an_address_shows_it_to_its_owner_alone_and_revokes_it(attendee, ptrc):
    user, _workshop = attendee
    client, other = Client(), Client()
    client.force_login(user, backend="broadcasters.auth.RoleBackend")
    other.force_login(make_user(ptrc, Role.VIEWER), backend="broadcasters.auth.RoleBackend")
    page = reverse(PAGE)
    before = client.get(page)
    assert before.content.count(b'value="make"') == 3  # one's own, the desk's, the module's
    client.post(page, {"deed": "make", "kind": "desk", "subject": str(ptrc.uid)})
    feed = CalendarFeed.objects.get()
    assert (feed.kind, feed.subject_uid) == ("desk", ptrc.uid)
    shown = client.get(page)
    assert address_of(feed).encode() in shown.content
    assert "no-store" in shown.headers["Cache-Control"]
    assert address_of(feed).encode() not in other.get(page).content
    other.post(page, {"deed": "revoke", "kind": "desk", "subject": str(ptrc.uid)})
    feed.refresh_from_db()
    assert feed.revoked_at is None
    client.post(page, {"deed": "revoke", "kind": "desk", "subject": str(ptrc.uid)})
    feed.refresh_from_db()
    assert feed.revoked_at is not None
    client.post(page, {"deed": "make", "kind": "desk", "subject": str(make_broadcaster("rtv").uid)})
    assert CalendarFeed.objects.count() == 1


def test_the_api_makes_lists_and_revokes_addresses_of_whoever_is_signed_in(attendee, ptrc):
    client = Client()
    client.force_login(attendee[0], backend="broadcasters.auth.RoleBackend")
    made = client.post("/api/v1/me/calendars/", {"kind": "person"}, content_type="application/json")
    assert made.status_code == 201
    again = client.post("/api/v1/me/calendars/", {"kind": "person"}, content_type="application/json")
    assert again.json() == made.json()
    assert client.get("/api/v1/me/calendars/").json()["results"] == [made.json()]
    assert Client().get("/" + made.json()["address"].split("/", 3)[3]).status_code == 200
    for wrong in ({"kind": "desk"}, {"kind": "person", "subject": str(ptrc.uid)}):
        assert client.post("/api/v1/me/calendars/", wrong, content_type="application/json").status_code == 422
    detail = f"/api/v1/me/calendars/{made.json()['uid']}/"
    stranger = Client()
    stranger.force_login(make_user(ptrc), backend="broadcasters.auth.RoleBackend")
    assert stranger.delete(detail).status_code == 404
    assert client.delete(detail).status_code == 204
    assert client.get(detail).status_code == 404


def test_a_key_which_has_scopes_gets_no_address_that_would_go_round_them(ptrc):
    headers = {"authorization": f"Bearer {make_key(ptrc)}"}
    answer = Client().post(
        "/api/v1/me/calendars/", {"kind": "person"}, content_type="application/json", headers=headers
    )
    assert (answer.status_code, answer.json()["code"]) == (403, "for-people-only")
    with pytest.raises(ForbiddenError):
        make_feed(make_user(ptrc, is_service=True, is_staff=False), kind="person")


def test_one_calendar_has_one_living_address_and_no_trace_of_it_is_readable(attendee):
    user, _workshop = attendee
    feed = make_feed(user, kind="person")
    assert make_feed(user, kind="person") == feed
    with pytest.raises(IntegrityError, match="core_calendar_once"), transaction.atomic():
        CalendarFeed.objects.create(user=user, kind="person", digest="another")
    with pytest.raises(IntegrityError, match="core_calendar_keeps_no_revoked_token"), transaction.atomic():
        CalendarFeed.objects.filter(pk=feed.pk).update(revoked_at=timezone.now())
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(feed)::text FROM core_calendarfeed feed")
        ((kept,),) = cursor.fetchall()
    assert feed.token not in kept
    trail = AuditEntry.objects.filter(table_name="core_calendarfeed").values_list("changed", flat=True)
    assert trail
    assert all(not {"token", "digest"} & set(changed) for changed in trail)
