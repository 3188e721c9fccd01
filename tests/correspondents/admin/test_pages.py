"""The pages of correspondents: what they show to whom, that their buttons are the services, and what they ask for."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from psycopg.types.range import Range

from broadcasters.constants import Role
from broadcasters.models import Membership
from correspondents.models import AccessGranted, Assignment, Correspondent, CoverageWish, HandOver, PlannedEvent
from tests.correspondents.factories import (
    days,
    make_assignment,
    make_astana,
    make_correspondent,
    make_desk,
    make_event,
    make_kit,
    make_paper,
    make_requirement,
    make_scheme,
    make_whereabouts,
    make_wish,
)
from tests.factories import make_broadcaster, make_place, make_user
from tests.test_access_matrix import PARAMETER, addresses, filled

pytestmark = pytest.mark.django_db
BOARD, MINE = "admin:correspondents_assignment_board", "admin:correspondents_assignment_mine"
PLANNING = "admin:correspondents_planning"


@pytest.fixture
def desk(rts):
    return make_desk(rts)


@pytest.fixture
def host(ptrc):
    return make_desk(ptrc)


@pytest.fixture
def reporter(rts):
    """A correspondent of RTS with an account that may nothing else."""
    return make_correspondent(rts, name="Милан Вујанић", name_latn="", user=make_user(rts, Role.VIEWER))


def signed_in(user, language="en"):
    client = Client()
    client.force_login(user, backend="broadcasters.auth.RoleBackend")
    client.cookies["django_language"] = language
    return client


def page(row, name="change", *more):
    return reverse(f"admin:correspondents_{row._meta.model_name}_{name}", args=[row.pk, *more])


def text_of(response):
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def told(response):
    return " ".join(str(message) for message in response.context["messages"])


def test_the_board_says_who_is_where_when_and_what_is_missing_until_when(rts, desk, reporter):
    make_requirement(lead_days=5)
    make_assignment(reporter, first=30, last=35)
    shown = text_of(signed_in(desk).get(reverse(BOARD)))
    assert "Milan Vujanić" in shown
    assert "Astana" in shown
    assert "missing: to be applied for by" in shown
    assert shown.count('co-zone"') == 2  # the place's clocks and Belgrade's
    make_paper(reporter)
    assert "nothing is missing" in text_of(signed_in(desk).get(reverse(BOARD)))


def test_the_hosts_board_shows_who_comes_and_no_drafts_and_a_third_house_nothing(rts, host, reporter):
    make_assignment(reporter, assigned_at=timezone.now())
    make_assignment(make_correspondent(rts, name="Тајни Нацрт", name_latn="Tajni Nacrt"), status="draft")
    shown = text_of(signed_in(host).get(reverse(BOARD)))
    assert "Milan Vujanić" in shown
    assert "Tajni" not in shown
    assert "Milan" not in text_of(signed_in(make_desk(make_broadcaster("rtv"))).get(reverse(BOARD)))


@pytest.mark.parametrize("view", ["board", "list", "planning"])
def test_pages_ask_as_much_for_three_assignments_as_for_one(rts, desk, view):
    make_requirement()
    event = make_event(rts, dated=f"{timezone.now():%Y-%m}-15")
    address = {
        "board": reverse(BOARD),
        "list": reverse("admin:correspondents_assignment_changelist"),
        "planning": reverse(PLANNING) + "?view=list",
    }[view]

    def another(number):
        row = make_assignment(first=10 * number, last=10 * number + 3)
        make_wish(event, deadline_at=timezone.now() + timedelta(days=number))
        return row

    another(1)
    client = signed_in(desk)
    client.get(address)
    with CaptureQueriesContext(connection) as one:
        text_of(client.get(address))
    another(2), another(3)
    with CaptureQueriesContext(connection) as three:
        text_of(client.get(address))
    assert len(three) == len(one)


def test_an_assignments_page_names_who_goes_also_where_they_cannot_be_chosen(rts, desk, host, reporter):
    assignment = make_assignment(reporter)
    address = reverse("admin:correspondents_assignment_change", args=[assignment.pk])

    def field_read_by(user):
        form = signed_in(user).get(address).context["adminform"]
        fields = [field for fieldset in form for line in fieldset for field in line]
        return next(field.contents() for field in fields if field.field["name"] == "correspondent")

    assert reporter.name in field_read_by(desk)
    assert reporter.name in field_read_by(host)
    Correspondent.objects.filter(pk=reporter.pk).update(is_active=False)
    assert reporter.name in field_read_by(desk)


def test_the_person_accepts_is_refused_without_a_paper_and_begins_with_it(rts, reporter):
    make_requirement()
    row = make_assignment(reporter, first=-1, last=3)
    client = signed_in(reporter.user)
    mine = text_of(client.get(reverse(MINE)))
    assert 'value="accept"' in mine
    assert "missing" in mine
    client.post(page(row, "do"), {"deed": "accept", "next": reverse(MINE)})
    refused = client.post(page(row, "do"), {"deed": "start", "next": reverse(MINE)}, follow=True)
    assert refused.redirect_chain == [(reverse(MINE), 302)]
    assert "accreditation" in told(refused)
    row.refresh_from_db()
    assert row.status == "accepted"
    make_paper(reporter)
    client.post(page(row, "do"), {"deed": "start"})
    row.refresh_from_db()
    assert row.status == "in-progress"


def test_declining_asks_for_a_reason(rts, reporter):
    row = make_assignment(reporter)
    client = signed_in(reporter.user)
    assert client.post(page(row, "ask", "decline"), {"reason": ""}).status_code == 200
    client.post(page(row, "ask", "decline") + f"?next={reverse(MINE)}", {"reason": "illness"})
    row.refresh_from_db()
    assert (row.status, row.status_reason) == ("declined", "illness")


def test_a_draft_is_written_by_the_clocks_of_the_place_given_and_called_off(rts, ptrc, desk, reporter):
    client, astana = signed_in(desk), make_astana()
    form = {
        "broadcaster": rts.pk, "correspondent": reporter.pk, "place": astana.pk, "starts": "2027-07-10T09:00",
        "ends": "2027-07-12T18:30", "host": ptrc.pk, "priority": "high", "title_en": "Summer in Astana",
    }  # fmt: skip
    backwards = client.post(reverse("admin:correspondents_assignment_add"), form | {"ends": "2027-07-01T09:00"})
    assert "It ends after it has begun." in text_of(backwards)
    client.post(reverse("admin:correspondents_assignment_add"), form)
    row = Assignment.objects.get()
    assert row.period == Range(datetime(2027, 7, 10, 4, tzinfo=UTC), datetime(2027, 7, 12, 13, 30, tzinfo=UTC))
    assert 'value="2027-07-10T09:00"' in text_of(client.get(page(row)))
    client.post(page(row, "do"), {"deed": "give"})
    row.refresh_from_db()
    assert row.status == "assigned"
    client.post(page(row, "ask", "cancel"), {"reason": "snow"})
    row.refresh_from_db()
    assert row.status == "cancelled"


def test_a_form_keeps_the_seconds_and_takes_the_clocks_of_a_new_place(rts, ptrc, desk, reporter):
    exact = days(20, 22)
    exact = Range(exact.lower + timedelta(hours=9, seconds=45), exact.upper + timedelta(seconds=45))
    row, client = make_assignment(reporter, status="draft", period=exact), signed_in(desk)
    shown = client.get(page(row)).context["adminform"].form
    form = {name: value for name in shown.fields if (value := shown[name].value()) is not None}
    form |= {name: f"{form[name]:%Y-%m-%dT%H:%M}" for name in ("starts", "ends")}
    assert client.post(page(row), form | {"priority": "urgent"}).status_code == 302
    row.refresh_from_db()
    assert (row.priority, row.period) == ("urgent", exact)
    place = make_place("belgrade", country_code="RS", time_zone="Europe/Belgrade")
    assert client.post(page(row), form | {"place": place.pk}).status_code == 302
    row.refresh_from_db()
    assert row.time_zone == "Europe/Belgrade"
    assert f"{row.starts_at.astimezone(ZoneInfo('Europe/Belgrade')):%H:%M}" == "09:00"


def test_the_host_answers_for_access_and_is_asked_nothing_else(rts, ptrc, desk, host, reporter):
    row = make_assignment(reporter, assigned_at=timezone.now())
    signed_in(desk).post(page(row, "ask", "access"), {"sphere": "political", "institution": "", "conditions": ""})
    access = AccessGranted.objects.get()
    client = signed_in(host)
    assert 'value="granted"' in text_of(client.get(page(row)))
    client.post(
        page(row, "do"),
        {"deed": "answer-access", "access": access.pk, "status": "granted", "conditions": "with an escort"},
    )
    access.refresh_from_db()
    assert (access.status, access.conditions) == ("granted", "with an escort")
    for deed in ("hand-over", "file", "cancel"):  # their questions name colleagues and things of the other house
        assert client.get(page(row, "ask", deed)).status_code == 403
    client.post(page(row, "do"), {"deed": "accept"})
    row.refresh_from_db()
    assert row.status == "assigned"


def test_a_hand_over_is_offered_and_taken_over_on_a_phone(rts, desk, reporter):
    row = make_assignment(reporter, first=-2, last=5, status="in-progress")
    taker = make_correspondent(rts, name="Јована Остојић", name_latn="", user=make_user(rts, Role.VIEWER))
    at = f"{row.starts_at.astimezone() + timedelta(days=3):%Y-%m-%dT%H:%M}"
    client = signed_in(reporter.user)
    client.post(page(row, "ask", "hand-over"), {"to_correspondent": taker.pk, "at": at, "matters": "The keys"})
    hand_over = HandOver.objects.get()
    taking = signed_in(taker.user)
    assert "The keys" in text_of(taking.get(reverse(MINE)))
    client.post(page(hand_over, "do"), {"deed": "accept"})
    hand_over.refresh_from_db()
    assert hand_over.status == "offered"
    taking.post(page(hand_over, "do"), {"deed": "accept", "next": reverse(MINE)})
    hand_over.refresh_from_db()
    assert hand_over.status == "accepted"
    assert hand_over.successor.correspondent == taker
    assert "Anniversary in Astana" in text_of(taking.get(reverse(MINE)))


def test_whereabouts_are_for_the_own_desk_the_person_and_the_host_while_it_runs(rts, ptrc, desk, host, reporter):
    make_whereabouts(reporter)
    row = make_assignment(reporter, first=-1, last=3, assigned_at=timezone.now())
    seen = lambda user: "Хотел Есил" in text_of(signed_in(user).get(page(reporter)))  # noqa: E731
    assert seen(desk)
    assert seen(reporter.user)
    assert not seen(host)
    assert not seen(make_user(rts, Role.EDITOR))
    Assignment.objects.filter(pk=row.pk).update(status="in-progress", started_at=timezone.now())
    assert seen(host)
    assert signed_in(host).get(page(reporter, "whereabouts")).status_code == 403
    signed_in(reporter.user).post(page(reporter, "whereabouts"), {"phone": "+381 1", "address": "Хотел Есил"})
    reporter.whereabouts.refresh_from_db()
    assert reporter.whereabouts.phone == "+381 1"


def test_a_paper_is_noted_by_the_desk_and_its_end_is_told_in_words(rts, desk, host, reporter):
    make_assignment(reporter, assigned_at=timezone.now())
    paper = make_paper(reporter, status="wanted", valid=None, reference="")
    type(paper).objects.filter(pk=paper.pk).update(valid=None)
    client = signed_in(desk)
    client.post(page(paper, "deed", "apply"), {"applied_on": f"{timezone.now() - timedelta(days=2):%Y-%m-%d}"})
    today = timezone.now().date()
    client.post(
        page(paper, "deed", "grant"),
        {"valid_from": str(today - timedelta(days=1)), "valid_until": str(today + timedelta(days=20)),
         "reference": "KZ-778899"},
    )  # fmt: skip
    paper.refresh_from_db()
    assert (paper.status, paper.reference) == ("granted", "KZ-778899")
    far = {"valid_from": str(today), "valid_until": "9999-12-31", "reference": ""}
    assert "between 1900 and 2200" in text_of(client.post(page(paper, "deed", "correct"), far))
    assert f'value="{today + timedelta(days=20)}"' in text_of(client.get(page(paper, "deed", "correct")))
    shown = text_of(client.get(page(reporter)))
    assert "days left" in shown
    assert "co-close" in shown
    assert "KZ-778899" in text_of(client.get(page(paper)))
    assert "KZ-778899" not in text_of(signed_in(host).get(page(paper)))
    assert signed_in(host).get(page(paper, "deed", "revoke")).status_code == 403


def test_the_calendar_shows_a_month_events_wishes_assignments_and_both_clocks(rts, ptrc, desk, host):
    at = datetime(2027, 7, 10, 8, tzinfo=UTC)
    event = make_event(rts, starts_at=at, ends_at=at + timedelta(hours=2), name_en="Exhibition")
    make_event(rts, module=event.module, dated="2027-07", name_en="Whole July")
    make_event(rts, module=event.module, dated="2027-07-20", name_en="Own matter", is_shared=False)
    make_wish(event, ptrc, deadline_at=at + timedelta(hours=9))
    client = signed_in(desk)
    month = text_of(client.get(reverse(PLANNING), {"month": "2027-07"}))
    for words in ("Exhibition", "Whole July", "Own matter", "13:00", "10:00"):
        assert words in month
    foreign = text_of(signed_in(host).get(reverse(PLANNING), {"month": "2027-07", "view": "list"}))
    assert "Exhibition" in foreign
    assert "Own matter" not in foreign
    only = text_of(client.get(reverse(PLANNING), {"month": "2027-07", "kind": "wish"}))
    assert "Whole July" not in only
    for odd in ("nonsense", "9999-12", "0001-01", "2027-13"):
        assert client.get(reverse(PLANNING), {"month": odd}).status_code == 200


def test_an_event_is_planned_wanted_taken_into_an_assignment_and_called_off(rts, ptrc, desk, host, reporter):
    module = make_scheme(rts, ptrc)
    client = signed_in(desk)
    client.post(
        reverse("admin:correspondents_plannedevent_add"),
        {"slug": "fair", "broadcaster": rts.pk, "module": module.pk, "is_shared": "on", "kind": "exhibition",
         "place": make_astana().pk, "starts": "2027-01-10T10:00", "ends": "2027-01-10T18:00", "name_en": "Fair"},
    )  # fmt: skip
    event = PlannedEvent.objects.get()
    assert event.starts_at == datetime(2027, 1, 10, 5, tzinfo=UTC)
    signed_in(host).post(
        page(event, "want"),
        {"broadcaster": ptrc.pk, "wanted": ["live"], "languages": "kk ru", "priority": "normal",
         "deadline": "2027-01-10T20:00"},
    )  # fmt: skip
    wish = CoverageWish.objects.get()
    assert (wish.languages, wish.deadline_at) == (["kk", "ru"], datetime(2027, 1, 10, 15, tzinfo=UTC))
    row = make_assignment(reporter, event=event, module=module, period=days(45, 55))
    client.post(page(event, "do"), {"deed": "plan", "wish": wish.pk, "assignment": row.pk})
    wish.refresh_from_db()
    assert (wish.status, wish.assignment) == ("planned", row)
    client.post(page(event, "do"), {"deed": "cancelled"})
    event.refresh_from_db()
    assert event.status == "cancelled"
    signed_in(host).post(page(event, "do"), {"deed": "tentative"})
    event.refresh_from_db()
    assert event.status == "cancelled"


def test_equipment_is_booked_once_and_given_back_on_the_assignments_page(rts, desk, reporter):
    first, second = make_assignment(reporter), make_assignment(make_correspondent(rts))
    kit, client = make_kit(rts), signed_in(desk)
    client.post(page(first, "do"), {"deed": "book", "kit": kit.pk})
    refused = client.post(page(second, "do"), {"deed": "book", "kit": kit.pk}, follow=True)
    assert "booked" in told(refused)
    booking = first.kit_bookings.get()
    client.post(page(first, "do"), {"deed": "release", "booking": booking.pk})
    booking.refresh_from_db()
    assert booking.released_at is not None
    assert str(first) in text_of(client.get(page(first)))


def test_footage_of_the_house_is_filed_from_the_page(rts, reporter):
    from tests.archive.factories import make_item

    item, foreign = make_item(rts), make_item(make_broadcaster("rtv"))
    row = make_assignment(reporter, first=-1, last=3, status="in-progress")
    client = signed_in(make_desk(rts))
    assert f"item-{item.pk}" in text_of(client.get(page(row, "ask", "file")))
    assert client.post(page(row, "ask", "file"), {"thing": f"item-{foreign.pk}", "wish": ""}).status_code == 200
    client.post(page(row, "ask", "file"), {"thing": f"item-{item.pk}", "wish": ""})
    assert row.footage_filed.get().item == item


def test_names_of_people_come_in_the_readers_script(rts, desk, reporter):
    make_assignment(reporter)
    assert "Милан Вујанић" in text_of(signed_in(desk, "sr").get(reverse(BOARD)))
    assert "Milan Vujanić" in text_of(signed_in(desk, "sr-latn").get(reverse(BOARD)))


def test_no_page_of_a_foreign_row_exists_for_a_third_house_with_every_role(rts, ptrc, desk, reporter):
    row = make_assignment(reporter, first=-1, last=3, status="in-progress", assigned_at=timezone.now())
    kit, event = make_kit(rts), make_event(rts)
    hand_over = HandOver.objects.create(
        assignment=row, to_correspondent=make_correspondent(rts), at=row.starts_at + timedelta(days=2), matters="Keys"
    )
    rows = [row, reporter, make_paper(reporter), kit, event, hand_over]
    stranger = make_user(make_broadcaster("rtv"), Role.EXCHANGE_DESK)
    for role in set(Role) - {Role.EXCHANGE_DESK}:
        Membership.objects.create(user=stranger, broadcaster=make_broadcaster("rtv"), role=role)
    client, own = signed_in(stranger), signed_in(desk)
    asked = 0
    for name, route in addresses():
        found = [each for each in rows if name.startswith(f"admin:correspondents_{each._meta.model_name}_")]
        if not found or not PARAMETER.search(route) or name.endswith("_delete"):  # nothing is deleted, by nobody
            continue
        for address in filled(route, found[0]):
            assert client.get(address).status_code == 404, address
            assert client.post(address).status_code in (403, 404), address  # 403 where nobody writes
            assert own.get(address).status_code != 500, address
            asked += 1
    assert asked > 20
