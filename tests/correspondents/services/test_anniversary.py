"""Anniversaries of the diplomatic calendar in planning: proposed, taken once by each house, reminded of in time."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from broadcasters.constants import Role
from correspondents.anniversaries import proposals
from correspondents.models import PlannedEvent
from correspondents.services.anniversary import plan_anniversary, remind_of_anniversaries
from mediaexchange.core.errors import DomainError, ForbiddenError
from mediaexchange.core.inbox.models import Notification
from mediaexchange.core.notifications import link_of, texts_of
from tests.broadcasters.calendar_factories import make_diplomatic_event
from tests.correspondents.factories import make_desk, make_scheme
from tests.factories import make_broadcaster, make_user

pytestmark = pytest.mark.django_db


def in_days(days):
    return timezone.now().date() + timedelta(days=days)


def before_thirty_years(days):
    on = in_days(days)
    return on.replace(year=on.year - 30, day=min(on.day, 28)).isoformat()


def test_an_anniversary_is_taken_into_planning_once_and_leads_back(rts, ptrc):
    desk, host = make_desk(rts), make_desk(ptrc)
    scheme = make_scheme(rts, ptrc, state="active")
    event = make_diplomatic_event(is_yearly=True, note_en="Then Yugoslavia.")
    first, last = timezone.now().date().replace(year=2026, month=12, day=1), in_days(0).replace(2026, 12, 31)
    (proposed,) = proposals(desk, first, last)
    assert proposed.planned is None
    planned = plan_anniversary(event, 2026, actor=desk, broadcaster=rts)
    assert plan_anniversary(event, 2026, actor=desk, broadcaster=rts) == planned
    assert PlannedEvent.objects.count() == 1
    assert (planned.anniversary_of, planned.anniversary_year, planned.dated) == (event, 2026, "2026-12-10")
    assert (planned.module, planned.name_en) == (scheme, "Diplomatic relations established: 30 years")
    assert planned.name_sr.startswith("Успостављени дипломатски односи")
    assert planned.sources == [{"title": "Report", "publisher": "Agency", "url": ""}]
    assert [each.planned for each in proposals(desk, first, last)] == [planned]
    assert [each.planned for each in proposals(host, first, last)] == [planned]  # shared under the module
    other = plan_anniversary(event, 2027, actor=desk, broadcaster=rts)
    assert other.dated == "2027-12-10"


def test_what_one_house_keeps_to_itself_is_still_proposed_to_the_other(rts, ptrc):
    event = make_diplomatic_event(is_yearly=True)
    planned = plan_anniversary(event, 2026, actor=make_desk(rts), broadcaster=rts)
    assert planned.module is None
    (proposed,) = proposals(make_desk(ptrc), in_days(0).replace(2026, 12, 1), in_days(0).replace(2026, 12, 31))
    assert proposed.planned is None
    assert plan_anniversary(event, 2026, actor=make_desk(ptrc), broadcaster=ptrc) != planned


def test_only_desks_of_the_house_plan_and_only_what_is_an_anniversary(rts, ptrc):
    event = make_diplomatic_event(is_yearly=True)
    with pytest.raises(ForbiddenError):
        plan_anniversary(event, 2026, actor=make_desk(ptrc), broadcaster=rts)
    with pytest.raises(ForbiddenError):
        plan_anniversary(event, 2026, actor=make_user(rts, Role.VIEWER), broadcaster=rts)
    for wrong, year in ((event, 1990), (make_diplomatic_event(), 2026)):
        with pytest.raises(DomainError) as refused:
            plan_anniversary(wrong, year, actor=make_desk(rts), broadcaster=rts)
        assert refused.value.code == "no-anniversary"


def test_desks_are_told_once_a_step_until_it_is_planned(rts, ptrc, settings):
    settings.ANNIVERSARY_NOTICE_DAYS = [60, 14]
    desk, host = make_desk(rts), make_desk(ptrc)
    make_user(rts, Role.VIEWER)
    near = make_diplomatic_event(dated=before_thirty_years(40), is_yearly=True)
    make_diplomatic_event(dated=before_thirty_years(100), is_yearly=True)
    make_diplomatic_event(dated=before_thirty_years(40))
    remind_of_anniversaries()
    remind_of_anniversaries()
    rows = Notification.objects.filter(kind="correspondents.anniversary")
    assert {(row.recipient_id, row.subject_uid) for row in rows} == {(desk.pk, near.uid), (host.pk, near.uid)}
    (row,) = rows.filter(recipient=desk)
    with translation.override("en"):
        (text,) = texts_of([row], desk).values()
    assert "30 years" in text
    assert Client().get(link_of(row)).status_code == 302  # to the page where one signs in
    near.dated = before_thirty_years(10)
    near.save()
    plan_anniversary(near, in_days(10).year, actor=desk, broadcaster=rts)
    remind_of_anniversaries()
    assert rows.filter(recipient=desk).count() == 1
    assert rows.filter(recipient=host).count() == 2


def test_no_days_no_reminders(rts, settings):
    settings.ANNIVERSARY_NOTICE_DAYS = []
    make_desk(rts)
    make_diplomatic_event(dated=before_thirty_years(3), is_yearly=True)
    assert remind_of_anniversaries() == 0
    assert not Notification.objects.exists()


def test_the_planning_calendar_shows_the_proposal_and_a_desk_plans_it_there(rts):
    desk = make_desk(rts)
    desk.language = "en"
    desk.save()
    event = make_diplomatic_event(is_yearly=True)
    month = make_diplomatic_event(dated="2016-12", is_yearly=True, name_en="In a December")
    client = signed(desk)
    page = client.get(reverse("admin:correspondents_planning"), {"month": "2026-12"})
    shown = {entry.title: entry for day in page.context["days"] for entry in day.entries}
    assert shown["Diplomatic relations established"].is_round
    (long,) = page.context["long"]
    assert (long.title, long.days) == ("In a December", "December 2026")
    address = reverse("admin:correspondents_anniversary", args=[event.pk, 2026])
    assert shown["Diplomatic relations established"].url == address
    answer = client.post(address, {"broadcaster": rts.pk, "module": ""})
    planned = PlannedEvent.objects.get()
    assert answer.url == reverse("admin:correspondents_plannedevent_change", args=[planned.pk])
    assert client.get(address).url == answer.url
    assert event.name_en in client.get(answer.url).content.decode()
    assert client.get(reverse("admin:correspondents_anniversary", args=[month.pk, 1999])).status_code == 404
    reader = signed(make_user(make_broadcaster("ptrc"), Role.VIEWER))
    assert reader.get(address).url == reverse("admin:broadcasters_diplomaticevent_change", args=[event.pk])


def test_the_api_plans_an_anniversary_once(rts, belgrade):
    make_diplomatic_event(slug="relations", is_yearly=True)
    body = {"event": "relations", "year": 2026}
    first = belgrade.post("planned-events/anniversary/", body)
    again = belgrade.post("planned-events/anniversary/", body)
    assert (first.status_code, again.json()["uid"]) == (201, first.json()["uid"])
    assert (first.json()["anniversary_of"], first.json()["anniversary_year"]) == ("relations", 2026)
    assert belgrade.post("planned-events/anniversary/", {"event": "none", "year": 2026}).status_code == 400


def signed(user):
    client = Client()
    client.force_login(user, backend="broadcasters.auth.RoleBackend")
    return client
