"""The API of correspondents: who sees what, what it costs, how refusals look."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from broadcasters.constants import Role
from broadcasters.models import Institution
from correspondents.models import Assignment, Correspondent, PlannedEvent, Whereabouts
from correspondents.services.hand_over import offer_hand_over
from mediaexchange.core.models import IdempotencyRecord, OutboxEvent
from mediaexchange.core.search.indexing import refresh_record
from newsexchange.services.filing import file_story
from tests.archive.factories import make_item
from tests.conftest import Caller
from tests.correspondents.factories import (
    make_assignment,
    make_correspondent,
    make_event,
    make_kit,
    make_paper,
    make_requirement,
    make_scheme,
    make_whereabouts,
    make_wish,
)
from tests.factories import make_broadcaster, make_key, make_place, make_story, make_user

pytestmark = pytest.mark.django_db
KANARINAC = "Хотел Канаринац"


@pytest.fixture
def novi_sad(db):
    """RTV's developer: of no party of the module."""
    return Caller(make_key(make_broadcaster("rtv")))


def signed_in(user):
    cache.clear()
    client = Client(raise_request_exception=False)
    client.force_login(user, backend="broadcasters.auth.RoleBackend")
    return client


def uids(answer):
    assert answer.status_code == 200, answer.content
    return {row["uid"] for row in answer.json()["results"]}


def code(answer, status):
    assert answer.status_code == status, answer.content
    return answer.json()["code"]


def test_an_assignment_is_seen_by_who_sends_hosts_and_goes(rts, ptrc, belgrade, astana, novi_sad, stranger):
    draft, given = make_assignment(status="draft"), make_assignment()
    alone = make_assignment(host=None)
    assert uids(belgrade.get("assignments/")) == {str(row.uid) for row in (draft, given, alone)}
    assert uids(astana.get("assignments/")) == {str(given.uid)}
    assert astana.get(f"assignments/{draft.uid}/").status_code == 404
    assert uids(novi_sad.get("assignments/")) == set()
    assert novi_sad.post(f"assignments/{given.uid}/accept/").status_code == 404
    assert stranger.get("assignments/").status_code == 401
    person = make_correspondent(rts, user=make_user(rts, Role.VIEWER))
    own = make_assignment(person)
    client = signed_in(person.user)
    assert uids(client.get("/api/v1/assignments/")) == {str(own.uid)}  # and nobody else's
    assert uids(client.get("/api/v1/correspondents/")) == {str(person.uid)}


def test_name_and_languages_cross_with_an_assignment_and_nothing_else(rts, ptrc, belgrade, astana, novi_sad):
    going, staying = make_correspondent(rts), make_correspondent(rts)
    assignment = make_assignment(going, status="declined", status_reason="At a wedding")
    make_paper(going, reference="KZ-4711-99")
    make_paper(going, country_code="RS", reference="RS-1")
    assert uids(astana.get("correspondents/")) == set()
    Assignment.objects.filter(pk=assignment.pk).update(status="assigned")
    assert uids(astana.get("correspondents/")) == {str(going.uid)}
    assert astana.get(f"correspondents/{staying.uid}/").status_code == 404
    kept = ("home_base", "data_region", "is_active", "created_at")
    crossed = astana.get(f"correspondents/{going.uid}/").json()
    assert (crossed["languages"], [crossed[name] for name in kept]) == (going.languages, [None] * 4)
    assert belgrade.get(f"correspondents/{going.uid}/").json()["is_active"] is True
    for state in ("true", "false"):
        assert uids(astana.get(f"correspondents/?is_active={state}")) == set()
    assert uids(belgrade.get("correspondents/?is_active=true")) == {str(going.uid), str(staying.uid)}
    found = astana.get(f"assignments/{assignment.uid}/").json()
    assert found["correspondent"]["name"] == going.name
    assert found["status_reason"] == ""
    assert belgrade.get(f"assignments/{assignment.uid}/").json()["status_reason"] == "At a wedding"
    (paper,) = astana.get("papers/").json()["results"]  # that for the country they come to
    assert (paper["country_code"], paper["status"], paper["reference"]) == ("KZ", "granted", "")
    assert {row["reference"] for row in belgrade.get("papers/").json()["results"]} == {"…99", "…"}
    assert uids(novi_sad.get("papers/")) == set()


def test_whereabouts_are_seen_by_the_own_desk_and_by_the_host_while_the_assignment_runs(rts, ptrc, belgrade, astana):
    person = make_correspondent(rts, user=make_user(rts, Role.VIEWER))
    make_whereabouts(person, address=KANARINAC)
    assignment = make_assignment(person, first=-1, last=3, status="accepted")
    address = f"correspondents/{person.uid}/whereabouts/"
    assert belgrade.get(address).json()["address"] == KANARINAC
    assert astana.get(address).status_code == 404
    rows = Assignment.objects.filter(pk=assignment.pk)
    rows.update(status="in-progress", started_at=timezone.now())
    assert astana.get(address).json()["address"] == KANARINAC
    for role in (Role.EDITOR, Role.PRODUCER, Role.VIEWER, Role.ARCHIVIST):
        for house in (rts, ptrc):
            assert signed_in(make_user(house, role)).get(f"/api/v1/{address}").status_code == 404
    assert signed_in(person.user).get(f"/api/v1/{address}").json()["address"] == KANARINAC
    rows.update(status="completed", ended_at=timezone.now())
    assert astana.get(address).status_code == 404


def test_whereabouts_are_written_by_the_own_desk_and_kept_in_no_answer(rts, belgrade, astana):
    person = make_correspondent(rts)
    assignment = make_assignment(person, first=-1, last=3, status="in-progress")
    address = f"correspondents/{person.uid}/whereabouts/"
    body = {"address": KANARINAC, "phone": "+7 701 555 55 55", "place": "astana"}
    kept = belgrade.send("POST", address, body, Idempotency_Key="where-1")
    assert (kept.status_code, set(kept.json())) == (200, {"changed_at"})
    assert belgrade.post(address, {"note": "Room 12"}).status_code == 200
    found = belgrade.get(address).json()
    assert (found["address"], found["note"], found["place"]) == (KANARINAC, "Room 12", "astana")
    assert code(astana.post(address, {"address": "elsewhere"}), 403) == "role-missing"
    assert IdempotencyRecord.objects.filter(key="where-1").exists()
    for path in (f"assignments/{assignment.uid}/", f"correspondents/{person.uid}/", "assignments/", "correspondents/"):
        for caller in (belgrade, astana):
            text = caller.get(path).content.decode()
            assert "Канаринац" not in text
            assert "555" not in text


def test_a_partners_system_sends_somebody_from_the_draft_to_the_end(rts, ptrc, belgrade, astana):
    make_requirement()
    make_scheme(rts, ptrc, slug="scheme")
    made = belgrade.post(
        "correspondents/", {"name": "Милица Пример", "name_latn": "Milica Primer", "language": "sr-Cyrl"}
    )
    assert set(made.json()) == {"uid", "is_active", "anonymised_at"}, made.content
    now = timezone.now()
    body = {
        "texts": {"sr-Latn": {"title": "Godišnjica"}, "en": {"title": "Anniversary", "brief": "Two packages"}},
        "correspondent": made.json()["uid"],
        "place": make_broadcaster("ptrc").home_city.slug,
        "host": "ptrc",
        "module": "scheme",
        "starts_at": (now - timedelta(days=1)).isoformat(),
        "ends_at": (now + timedelta(days=3)).isoformat(),
        "priority": "high",
    }
    draft = belgrade.post("assignments/", body)
    assert draft.status_code == 201, draft.content
    path = f"assignments/{draft.json()['uid']}/"
    assert next(finding["code"] for finding in draft.json()["findings"]) == "paper-missing"
    for deed in ("give", "accept"):
        assert belgrade.post(f"{path}{deed}/").status_code == 200
    refused = belgrade.post(f"{path}start/")
    assert (code(refused, 409), "accreditation" in refused.json()["detail"]) == ("paper-missing", True)
    (paper,) = belgrade.get("papers/").json()["results"]
    assert paper["status"] == "wanted"
    today = now.date()
    grant = {"valid_from": str(today - timedelta(days=9)), "valid_until": str(today + timedelta(days=90))}
    assert belgrade.post(f"papers/{paper['uid']}/grant/", grant).json()["status"] == "granted"
    started = belgrade.post(f"{path}start/")
    assert (started.json()["status"], started.json()["findings"]) == ("in-progress", [])
    asked = belgrade.post(f"{path}access/", {"sphere": "political"}).json()
    answer = {"access": asked["uid"], "status": "granted", "conditions": "Press gallery"}
    assert code(belgrade.post(f"{path}access-answers/", answer), 403) == "role-missing"
    assert astana.post(f"{path}access-answers/", answer).json()["status"] == "granted"
    assert belgrade.post(f"{path}footage/", {"item": str(make_item(rts).uid)}).status_code == 201
    found = astana.get(path, lang="sr-Latn").json()
    assert (found["title"], found["access"][0]["status"]) == ("Godišnjica", "granted")
    assert [each["time_zone"] for each in found["local_times"]] == ["Asia/Almaty", "Europe/Belgrade"]
    assert belgrade.post(f"{path}complete/").json()["status"] == "completed"


def test_a_change_names_the_state_that_was_seen(rts, belgrade):
    assignment = make_assignment(status="draft")
    path = f"assignments/{assignment.uid}/"
    seen = belgrade.get(path).headers["ETag"]
    assert belgrade.send("PATCH", path, {"priority": "urgent"}).status_code == 428
    assert belgrade.send("PATCH", path, {"priority": "urgent"}, If_Match=seen).status_code == 200
    assert belgrade.send("PATCH", path, {"priority": "low"}, If_Match=seen).status_code == 412
    assert belgrade.post("assignments/", {"place": "astana"}).status_code == 400


def test_the_planning_calendar_is_the_parties(rts, ptrc, belgrade, astana, novi_sad):
    shared, private = make_event(rts), make_event(rts, is_shared=False)
    assert uids(belgrade.get("planned-events/")) == {str(shared.uid), str(private.uid)}
    assert uids(astana.get("planned-events/", **{"from": "2026-12-10", "until": "2026-12-10"})) == {str(shared.uid)}
    assert uids(astana.get("planned-events/", **{"from": "2026-12-11"})) == set()
    assert uids(novi_sad.get("planned-events/")) == set()
    made = astana.post("coverage-wishes/", {"event": str(shared.uid), "forms": ["live"], "languages": ["kk"]})
    assert made.status_code == 201, made.content
    assert uids(belgrade.get("coverage-wishes/", event=str(shared.uid))) == {made.json()["uid"]}
    assert astana.post("coverage-wishes/", {"event": str(private.uid), "forms": ["live"]}).status_code == 400
    assignment = make_assignment(event=shared)
    planned = belgrade.post(f"coverage-wishes/{made.json()['uid']}/plan/", {"assignment": str(assignment.uid)})
    assert (planned.json()["status"], planned.json()["covered_by"]) == ("planned", "rts")
    body = {"slug": "expo", "texts": {"en": {"name": "Expo"}}, "dated": "2027-05-15/2027-08-15", "kind": "exhibition"}
    Institution.objects.create(slug="fair", name_en="Belgrade Fair", kind="company", country_code="RS")
    expo = belgrade.post("planned-events/", body | {"institutions": ["fair"]})
    assert expo.json()["institutions"] == ["fair"], expo.content
    assert (expo.status_code, expo.json()["first_on"]) == (201, "2027-05-15"), expo.content
    path = f"planned-events/{expo.json()['uid']}/"
    assert belgrade.post(f"{path}move/", {"status": "cancelled"}).json()["sequence"] == 1
    assert PlannedEvent.objects.get(slug="expo").time_zone == "Europe/Belgrade"


def test_both_sides_see_a_hand_over_and_its_words_stay_out_of_answers_to_writes(rts, ptrc, belgrade, astana, novi_sad):
    assignment = make_assignment(module=make_scheme(rts, ptrc), first=5, last=9)
    taker = make_correspondent(ptrc)
    at = assignment.starts_at + timedelta(days=1)
    offer = offer_hand_over(assignment, actor=None, to_correspondent=taker, at=at, matters="Кључ код Данијара")
    for caller in (belgrade, astana):
        assert uids(caller.get("hand-overs/")) == {str(offer.uid)}
        assert caller.get(f"hand-overs/{offer.uid}/").json()["matters"] == "Кључ код Данијара"
    assert uids(novi_sad.get("hand-overs/")) == set()
    assert code(belgrade.post(f"hand-overs/{offer.uid}/accept/"), 403) == "role-missing"
    accepted = astana.post(f"hand-overs/{offer.uid}/accept/")
    assert accepted.json()["status"] == "accepted"
    assert "matters" not in accepted.json()
    assert uids(astana.get("assignments/")) >= {accepted.json()["successor"]}


def test_equipment_is_the_own_houses(rts, belgrade, astana):
    kit, assignment = make_kit(), make_assignment()
    booked = belgrade.post(f"kits/{kit.uid}/book/", {"assignment": str(assignment.uid)})
    assert booked.status_code == 201, booked.content
    again = belgrade.post(f"kits/{kit.uid}/book/", {"assignment": str(make_assignment().uid)})
    assert code(again, 409) == "kit-twice"
    assert uids(astana.get("kits/")) == uids(astana.get("kit-bookings/")) == set()
    assert belgrade.post(f"kit-bookings/{booked.json()['uid']}/release/").json()["released_at"]


def fill(rts, ptrc):
    """One row, or some, of everything."""
    make_requirement(kind="visa", is_compulsory=False)
    person = make_correspondent(rts)
    make_paper(person)
    event = make_event(rts)
    assignment = make_assignment(person, event=event, module=event.module, status="in-progress", first=-1, last=9)
    make_wish(event, ptrc, status="planned", assignment=assignment)
    assignment.accesses.create(sphere="political")
    assignment.kit_bookings.create(kit=make_kit(), period=assignment.period)
    offer_hand_over(
        assignment, actor=None, to_correspondent=make_correspondent(rts),
        at=assignment.starts_at + timedelta(days=2), matters="Keys.",
    )  # fmt: skip
    file_story(assignment, make_story(rts), actor=None)


@pytest.mark.parametrize(
    "path",
    [
        "correspondents/", "country-requirements/", "papers/", "assignments/", "hand-overs/", "kits/", "kit-bookings/",
        "planned-events/", "coverage-wishes/", "stories-filed/",
    ],
)  # fmt: skip
def test_a_list_costs_the_same_with_one_and_with_three_rows(rts, ptrc, belgrade, path):
    def cost():
        cache.clear()
        with CaptureQueriesContext(connection) as captured:
            answer = belgrade.get(path)
        assert answer.json()["results"], answer.content
        return len(captured)

    fill(rts, ptrc)
    belgrade.get(path)
    one = cost()
    fill(rts, ptrc)
    fill(rts, ptrc)
    assert cost() == one


def test_assignments_and_events_are_found_by_those_who_see_them_people_and_places_never(rts, ptrc, belgrade, astana):
    person = make_correspondent(rts, name="Милица Канаринац", name_latn="Milica Kanarinac")
    make_whereabouts(person, address=KANARINAC)
    assignment, event = make_assignment(person, status="draft"), make_event(rts)
    for row in (assignment, event):
        refresh_record(row)

    def found(caller, words):
        return {row["uid"] for row in caller.get("search/", q=words).json()["results"]}

    assert found(belgrade, "Годишњица") == {str(assignment.uid)}
    assert found(astana, "Годишњица") == set()
    assert found(astana, "дипломатских") == {str(event.uid)}
    for words in ("Канаринац", "Kanarinac", "Милица"):
        assert found(belgrade, words) == set()


def test_a_person_gets_everything_that_is_kept_of_them(rts, ptrc):
    person = make_correspondent(rts, user=make_user(rts, Role.VIEWER))
    make_whereabouts(person, address=KANARINAC)
    make_paper(person, reference="KZ-4711")
    make_assignment(person)
    (own,) = signed_in(person.user).get("/api/v1/me/correspondent/").json()["correspondents"]
    assert own["name"] == person.name
    assert own["whereabouts"]["address"] == KANARINAC
    assert own["papers"][0]["reference"] == "KZ-4711"
    assert len(own["assignments"]) == 1
    host = signed_in(make_user(ptrc, Role.EXCHANGE_DESK))
    assert host.get(f"/api/v1/correspondents/{person.uid}/export/").status_code == 403
    assert host.post(f"/api/v1/correspondents/{person.uid}/erase/").status_code == 403
    assert Correspondent.objects.get(pk=person.pk).name
    assert Whereabouts.objects.count() == 1


def test_a_change_locks_the_person_before_the_assignment_as_all_deeds_do(rts, ptrc, belgrade):
    path = f"assignments/{make_assignment().uid}/"
    tag = belgrade.get(path).headers["ETag"]
    with CaptureQueriesContext(connection) as queries:
        assert belgrade.send("PATCH", path, {"priority": "urgent"}, If_Match=tag).status_code == 200
    locked = [each["sql"].rpartition(" OF ")[2] for each in queries if "FOR NO KEY UPDATE" in each["sql"]]
    assert locked[:2] == ['"correspondents_correspondent"', '"correspondents_assignment"']


def test_a_draft_is_told_to_no_other_house(rts, ptrc, belgrade, astana):
    event = make_event(rts)
    wish = make_wish(event, ptrc)
    draft, given = make_assignment(event=event, status="draft"), make_assignment(event=event, first=30, last=31)
    path = f"coverage-wishes/{wish.uid}/"
    for row, seen in ((draft, None), (given, str(given.uid))):
        type(wish).objects.filter(pk=wish.pk).update(status="planned", assignment=row)
        assert (astana.get(path).json()["assignment"], belgrade.get(path).json()["assignment"]) == (seen, str(row.uid))
    assert astana.get(path).json()["covered_by"] == "rts"
    for row, told in ((draft, {rts.pk}), (given, {rts.pk, ptrc.pk})):
        belgrade.post(f"assignments/{row.uid}/access/", {"sphere": "political"})
        belgrade.post(f"assignments/{row.uid}/cancel/", {"reason": "Secret plan"})
        events = OutboxEvent.objects.filter(subject_uid=row.uid)
        assert {(each.kind, *sorted(each.audience)) for each in events} == {
            (kind, *sorted(told)) for kind in ("access.requested", "assignment.cancelled")
        }


@pytest.mark.parametrize("field", ["valid_from", "valid_until"])
def test_days_of_papers_lie_within_reach(rts, belgrade, field):
    paper = make_paper(make_correspondent(rts), status="applied")
    body = {"valid_from": "2027-01-01", "valid_until": "2027-06-30"} | {field: "9999-12-31"}
    assert belgrade.post(f"papers/{paper.uid}/grant/", body).status_code == 400
    assert belgrade.post(f"papers/{paper.uid}/grant/", {"valid_from": "2027-01-01"}).status_code == 200


def test_days_of_plans_lie_within_reach(rts, belgrade):
    body = {"slug": "far", "texts": {"en": {"name": "Far"}}}
    for dated in ("2026-12-10/9999-12-31", "1801", "0001-01-01/2026-12-10"):
        refused = belgrade.post("planned-events/", body | {"dated": dated})
        assert (refused.status_code, "dated" in refused.content.decode()) == (400, True), refused.content
    assert belgrade.post("planned-events/", body | {"dated": "2026-12-10/.."}).status_code == 201


def test_a_new_place_brings_its_clocks_unless_a_zone_is_given(rts, belgrade):
    row = make_assignment(status="draft")
    make_place("belgrade", country_code="RS", time_zone="Europe/Belgrade")
    path, period = f"assignments/{row.uid}/", row.period

    def patched(**body):
        tag = belgrade.get(path).headers["ETag"]
        answer = belgrade.send("PATCH", path, body, If_Match=tag)
        assert answer.status_code == 200, answer.content
        row.refresh_from_db()
        return row.time_zone

    assert patched(place="belgrade") == "Europe/Belgrade"
    assert patched(time_zone="Europe/Budapest") == "Europe/Budapest"
    assert patched(place="astana", time_zone="Europe/Budapest") == "Europe/Budapest"
    assert patched(place="belgrade", priority="high") == "Europe/Belgrade"
    assert row.period == period
