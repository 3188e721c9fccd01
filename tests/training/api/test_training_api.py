"""The API of training: who sees what, what it costs, how refusals look."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from broadcasters.constants import Role
from mediaexchange.core.search.indexing import refresh_record
from tests.conftest import Caller
from tests.factories import make_broadcaster, make_key, make_user
from tests.training.factories import complete, enrol, make_form, make_participant, make_programme, make_workshop
from training.models import Attendance, Enrolment, Participant, Session, Workshop
from training.services.certificate import issue_certificates
from training.services.enrolment import nominate_participant
from training.services.feedback import answer_form, invite

pytestmark = pytest.mark.django_db


@pytest.fixture
def novi_sad():
    """RTV's developer: of no party of the module."""
    return Caller(make_key(make_broadcaster("rtv")))


@pytest.fixture
def coordinator(host):
    """RTS's coordinator, signed in."""
    client = Client(raise_request_exception=False)
    client.force_login(host, backend="broadcasters.auth.RoleBackend")
    return client


def slugs(answer):
    assert answer.status_code == 200, answer.content
    return [row["slug"] for row in answer.json()["results"]]


def test_the_parties_of_the_module_see_a_workshop_others_do_not(workshop, belgrade, astana, novi_sad, stranger):
    assert slugs(belgrade.get("workshops/")) == slugs(astana.get("workshops/")) == [workshop.slug]
    assert slugs(novi_sad.get("workshops/")) == []
    assert novi_sad.get(f"workshops/{workshop.slug}/").status_code == 404
    assert stranger.get(f"workshops/{workshop.slug}/").status_code == 401


def test_a_draft_is_its_hosts(rts, belgrade, astana):
    draft = make_workshop(rts, status="draft")
    assert belgrade.get(f"workshops/{draft.slug}/").status_code == 200
    assert astana.get(f"workshops/{draft.slug}/").status_code == 404


def test_a_workshop_tells_seats_and_times_in_the_zones_of_all_parties(workshop, astana):
    enrol(workshop)
    found = astana.get(f"workshops/{workshop.slug}/", lang="kk").json()
    assert (found["capacity"], found["seats_taken"], found["seats_free"]) == (12, 1, 11)
    assert found["name"] == "Редакциядағы жасанды интеллект"
    assert [each["time_zone"] for each in found["local_times"]] == ["Europe/Belgrade", "Asia/Almaty"]
    assert found["local_times"][1]["starts_at"].endswith("+05:00")
    assert "online_url" not in found


@pytest.mark.parametrize("path", ["programmes/", "workshops/", "training-sessions/", "enrolments/", "participants/"])
def test_a_list_costs_the_same_with_one_and_with_three_rows(rts, ptrc, astana, path):
    def fill():
        workshop = make_workshop(rts, programme=make_programme(rts, ptrc))
        enrol(workshop)

    def cost():
        cache.clear()
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert astana.get(path).status_code == 200
        return len(captured)

    fill()
    astana.get(path)
    once = cost()
    fill(), fill()
    assert cost() == once


def test_one_house_sees_no_person_of_another_and_the_hosts_key_none_at_all(workshop, belgrade, astana):
    own = make_participant(make_broadcaster("ptrc"))
    enrolment = enrol(workshop, own)
    foreign = enrol(workshop, make_participant(make_broadcaster("rts")))
    assert [row["uid"] for row in astana.get("enrolments/").json()["results"]] == [str(enrolment.uid)]
    assert astana.get(f"enrolments/{foreign.uid}/").status_code == 404
    assert astana.get(f"participants/{foreign.participant.uid}/").status_code == 404
    assert [row["uid"] for row in belgrade.get("enrolments/").json()["results"]] == [str(foreign.uid)]


def test_the_hosts_coordinator_sees_names_and_no_addresses(workshop, coordinator):
    enrolment = enrol(workshop)
    answer = coordinator.get(f"/api/v1/enrolments/{enrolment.uid}/")
    assert answer.json()["name"] == enrolment.participant.name
    assert enrolment.participant.email not in answer.content.decode()
    assert coordinator.get(f"/api/v1/participants/{enrolment.participant.uid}/").status_code == 404


def test_other_roles_of_the_host_see_nobody(workshop, rts):
    enrolment = enrol(workshop)
    client = Client(raise_request_exception=False)
    client.force_login(make_user(rts, Role.EDITOR), backend="broadcasters.auth.RoleBackend")
    assert client.get(f"/api/v1/enrolments/{enrolment.uid}/").status_code in (403, 404)
    client.force_login(make_user(rts, Role.EXCHANGE_DESK), backend="broadcasters.auth.RoleBackend")
    assert client.get(f"/api/v1/enrolments/{enrolment.uid}/").status_code == 404


def test_a_partners_system_sends_somebody_from_the_first_call_to_the_last(workshop, astana):
    made = astana.post(
        "participants/", {"name_cyrl": "Әсел Жұмабай", "email": "asel@example.org", "language": "kk"}
    ).json()
    refused = astana.post(f"workshops/{workshop.slug}/nominate/", {"participant": made["uid"]})
    assert (refused.status_code, refused.json()["code"]) == (422, "consent-missing")
    agreed = astana.post(f"participants/{made['uid']}/consent/", {"purpose": "participation", "road": "paper"})
    assert agreed.status_code == 201
    nominated = astana.post(f"workshops/{workshop.slug}/nominate/", {"participant": made["uid"]}).json()
    assert nominated["status"] == "confirmed"
    export = astana.get(f"participants/{made['uid']}/export/").json()
    assert export["name_cyrl"] == "Әсел Жұмабай"
    withdrawn = astana.post(f"enrolments/{nominated['uid']}/withdraw/").json()
    assert withdrawn["status"] == "withdrawn"
    gone = astana.post(f"participants/{made['uid']}/withdraw-consent/", {"purpose": "participation"}).json()
    assert gone["anonymised_at"]


def test_the_coordinator_plans_opens_and_decides(rts, ptrc, host, coordinator, sender):
    programme = make_programme(rts, ptrc)
    body = {"slug": "ai-2026", "programme": programme.slug, "texts": {"en": {"name": "AI"}, "sr-Latn": {"name": "VI"}}}
    made = coordinator.post("/api/v1/workshops/", body, content_type="application/json")
    assert made.status_code == 201, made.content
    assert made.json()["time_zone"] == "Europe/Belgrade"
    starts_at = timezone.now() + timedelta(days=3)
    session = {
        "workshop": "ai-2026", "texts": {"en": {"title": "One"}}, "starts_at": starts_at.isoformat(),
        "ends_at": (starts_at + timedelta(hours=2)).isoformat(),
    }  # fmt: skip
    assert coordinator.post("/api/v1/training-sessions/", session, content_type="application/json").status_code == 201
    moved = coordinator.post("/api/v1/workshops/ai-2026/move/", {"status": "open"}, content_type="application/json")
    assert moved.json()["status"] == "open"
    enrolment = nominate_participant(Workshop.objects.get(slug="ai-2026"), make_participant(), actor=sender)
    confirmed = coordinator.post(f"/api/v1/enrolments/{enrolment.uid}/confirm/")
    assert confirmed.json()["status"] == "confirmed"
    refused = coordinator.post(
        f"/api/v1/enrolments/{enrolment.uid}/reject/", {"reason": "late"}, content_type="application/json"
    )
    assert (refused.status_code, refused.json()["code"]) == (409, "enrolment-move-refused")
    read = coordinator.get("/api/v1/workshops/ai-2026/")
    changed = coordinator.patch(
        "/api/v1/workshops/ai-2026/", {"capacity": 20}, content_type="application/json",
        headers={"if-match": read.headers["ETag"]},
    )  # fmt: skip
    assert (changed.status_code, changed.json()["capacity"]) == (200, 20)
    again = coordinator.patch(
        "/api/v1/workshops/ai-2026/", {"capacity": 21}, content_type="application/json",
        headers={"if-match": read.headers["ETag"]},
    )  # fmt: skip
    assert again.status_code == 412


def test_a_key_of_the_desk_decides_nothing_for_the_host(rts, belgrade):
    workshop = make_workshop(rts, needs_approval=True)
    enrolment = nominate_participant(workshop, make_participant(rts), actor=None)
    refused = belgrade.post(f"enrolments/{enrolment.uid}/confirm/")
    assert (refused.status_code, refused.json()["code"]) == (403, "role-missing")
    assert belgrade.post(f"workshops/{workshop.slug}/certificates/").status_code == 403


def test_attendance_and_codes_are_the_hosts(workshop, coordinator, astana):
    enrolment = enrol(workshop)
    session = workshop.sessions.first()
    Session.objects.filter(pk=session.pk).update(
        starts_at=timezone.now() - timedelta(hours=1), ends_at=timezone.now() + timedelta(hours=1)
    )
    address = f"/api/v1/training-sessions/{session.uid}"
    marks = {"marks": [{"enrolment": str(enrolment.uid), "status": "attended"}]}
    marked = coordinator.post(f"{address}/attendance/", marks, content_type="application/json")
    assert [row["status"] for row in marked.json()] == ["attended"]
    assert [row["status"] for row in astana.get(f"{address}/attendance/").json()] == ["attended"]
    assert astana.post(f"training-sessions/{session.uid}/attendance/", marks).status_code == 403
    code = coordinator.get(f"{address}/code/").json()
    assert len(code["code"]) == 6
    assert astana.get(f"{address}/code/").status_code == 403


def test_results_are_counted_for_the_parties_and_written_words_shown_to_the_host(rts, coordinator, astana):
    form = make_form(rts)
    workshop = make_workshop(rts, evaluation_form=form)
    scale, _choice, text = form.questions.all()
    for _number in range(5):
        answer_form(invite(enrol(workshop), form), {scale.pk: 5, text.pk: "splendid"})
    (theirs,) = astana.get(f"workshops/{workshop.slug}/feedback/").json()
    (own,) = coordinator.get(f"/api/v1/workshops/{workshop.slug}/feedback/").json()
    assert theirs["questions"][0]["mean"] == own["questions"][0]["mean"] == 5.0
    assert (theirs["questions"][2]["texts"], own["questions"][2]["texts"]) == (None, ["splendid"] * 5)


def certified(rts, host):
    workshop = make_workshop(rts)
    enrolment = enrol(workshop)
    for session in workshop.sessions.all():
        Attendance.objects.create(enrolment=enrolment, session=session, status="attended")
    complete(workshop)
    return issue_certificates(workshop, actor=host)[0]


def test_a_certificate_is_read_by_its_house_and_revoked_by_the_host(rts, host, coordinator, astana, novi_sad):
    certificate = certified(rts, host)
    address = f"certificates/{certificate.uid}"
    assert astana.get(f"{address}/pdf/").content[:5] == b"%PDF-"
    assert novi_sad.get(f"{address}/").status_code == 404
    assert "token" not in astana.get(f"{address}/").json()
    assert astana.post(f"{address}/revoke/", {"reason": "x"}).status_code == 403
    body = {"reason": "wrong person"}
    assert coordinator.post(f"/api/v1/{address}/revoke/", body, content_type="application/json").json()["revoked_at"]


def test_the_public_check_says_four_things(rts, host, stranger):
    certificate = certified(rts, host)
    answer = stranger.get(f"certificate-checks/{certificate.token}/")
    assert set(answer.json()) == {"name", "course", "on", "status"}
    assert answer.json()["status"] == "valid"
    assert answer.headers["Cache-Control"] == "no-store"
    for guess in (certificate.number, certificate.uid, "a" * 32):
        assert stranger.get(f"certificate-checks/{guess}/").status_code == 404


def test_one_reads_ones_own_training(ptrc, workshop):
    user = make_user(ptrc, Role.EDITOR)
    enrol(workshop, make_participant(ptrc, user=user))
    enrol(workshop)
    client = Client(raise_request_exception=False)
    client.force_login(user, backend="broadcasters.auth.RoleBackend")
    (own,) = client.get("/api/v1/me/training/").json()["participations"]
    assert own["enrolments"][0]["status"] == "confirmed"
    assert Participant.objects.count() == 2
    assert Enrolment.objects.count() == 2


def test_search_finds_workshops_in_every_language_and_never_a_participant(workshop, astana, novi_sad):
    refresh_record(workshop)
    enrol(workshop)
    found = astana.get("search/", q="vestacka inteligencija").json()
    assert [row["type"] for row in found["results"]] == ["workshop"]
    assert novi_sad.get("search/", q="vestacka inteligencija").json()["results"] == []
    assert astana.get("search/", q="Әйгерім Сұлтанқызы").json()["results"] == []


@pytest.mark.parametrize("year", ["9999", "0001"])
def test_a_session_at_the_ends_of_the_calendar_is_refused(workshop, coordinator, year):
    """Its time could be told by the clocks of some parties alone."""
    day = f"{year}-{'12-31' if year == '9999' else '01-01'}"
    sent = {"workshop": workshop.slug, "starts_at": f"{day}T21:10:00Z", "ends_at": f"{day}T21:20:00Z"}
    answer = coordinator.post("/api/v1/training-sessions/", sent, content_type="application/json")
    assert answer.status_code == 400, answer.content
    assert {error["pointer"] for error in answer.json()["errors"]} == {"#/starts_at", "#/ends_at"}
    assert coordinator.get("/api/v1/training-sessions/").status_code == 200


def test_the_check_of_what_cannot_be_a_token_finds_nothing(stranger):
    assert stranger.get("certificate-checks/%00/").status_code == 404


def test_a_change_of_a_session_locks_its_workshop_first(workshop, coordinator):
    path = f"/api/v1/training-sessions/{workshop.sessions.first().uid}/"
    tag = coordinator.get(path).headers["ETag"]
    with CaptureQueriesContext(connection) as queries:
        changed = coordinator.patch(
            path, {"venue": "Room 2"}, content_type="application/json", headers={"If-Match": tag}
        )
    assert changed.status_code == 200, changed.content
    locked = [each["sql"].rpartition(" OF ")[2] for each in queries if "FOR NO KEY UPDATE" in each["sql"]]
    assert locked[:2] == ['"training_workshop"', '"training_session"']
