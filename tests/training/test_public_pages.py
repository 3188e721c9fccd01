"""Pages without an account: they say what they must, forget everything else, and cannot be guessed."""

import re
from datetime import timedelta
from html import unescape
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core import signing
from django.test import Client
from django.utils import timezone
from django.utils.timezone import localtime

from mediaexchange.core.limits import PER_WINDOW
from tests.training.factories import complete, enrol, make_form, make_participant, make_workshop
from training.models import Attendance, Enrolment, FeedbackResponse, Session
from training.services.attendance import code_of
from training.services.certificate import issue_certificates, revoke_certificate
from training.services.enrolment import withdraw_enrolment
from training.services.feedback import invite
from training.tokens import invitation_address, person_address, person_token

pytestmark = pytest.mark.django_db


@pytest.fixture
def client():
    return Client(raise_request_exception=False, headers={"accept-language": "en"})


@pytest.fixture
def certificate(rts, host):
    workshop = make_workshop(rts)
    person = make_participant(language="en", name_latn="Aigerim Sultan", email="aigerim@example.org")
    enrolment = enrol(workshop, person)
    for session in workshop.sessions.all():
        Attendance.objects.create(enrolment=enrolment, session=session, status="attended")
    complete(workshop)
    return issue_certificates(workshop, actor=host)[0]


def words_of(page: str) -> str:
    """The visible words of the page's main part."""
    main = re.search(r"<main>(.*)</main>", page, re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", main[1]).split())


def test_the_check_of_a_certificate_says_name_course_date_status_and_nothing_else(client, certificate, host):
    response = client.get(f"/certificates/{certificate.token}")
    workshop = certificate.enrolment.workshop
    on = localtime(workshop.ends_at, ZoneInfo(workshop.time_zone))  # the day is the host's
    said = words_of(response.content.decode())
    assert said == (
        f"Certificate of attendance ✓ Valid Name Aigerim Sultan Course AI in broadcasting "
        f"Date {on.day} {on:%B} {on.year}"
    )
    assert response.headers["Cache-Control"].startswith("max-age=0, no-cache, no-store")
    assert response.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert not response.cookies
    revoke_certificate(certificate, actor=host, reason="never there")
    page = client.get(f"/certificates/{certificate.token}").content.decode()
    assert "✗ Revoked" in words_of(page)
    for hidden in ("never there", certificate.number, "aigerim@example.org", "ptrc", "PTRC", str(certificate.uid)):
        assert hidden not in page


def test_guessing_finds_nothing_and_is_stopped(client, certificate):
    for guess in (certificate.number, certificate.uid, certificate.pk, certificate.token[:-1], "x" * 32):
        assert client.get(f"/certificates/{guess}").status_code == 404
    with time_machine.travel(timezone.now(), tick=False):  # no new window begins meanwhile
        statuses = [client.get(f"/certificates/{number:032d}").status_code for number in range(PER_WINDOW + 1)]
        assert statuses[-1] == 429
        assert client.get(f"/certificates/{certificate.token}").status_code == 429
    assert Client(REMOTE_ADDR="10.9.8.7").get(f"/certificates/{certificate.token}").status_code == 200


@pytest.mark.parametrize("path", ["certificates/%00", "training/calendars/%00.ics"])
def test_what_cannot_be_a_token_finds_nothing(client, db, path):
    assert client.get(f"/{path}").status_code == 404


def test_a_certificate_is_found_by_nothing_but_its_number(client, certificate):
    address = person_address(certificate.enrolment.participant)
    assert client.get(f"{address}/certificates/{certificate.number}.pdf").status_code == 200
    assert client.get(f"{address}/certificates/%00.pdf").status_code == 404


def test_a_persons_page_cannot_be_made_up(client, workshop):
    person = enrol(workshop).participant
    token = person_token(person)
    assert client.get(f"/training/me/{token}").status_code == 200
    other = signing.Signer(salt="elsewhere").sign(person.uid.hex).replace(":", ".")
    for guess in (person.uid.hex, other, token[:-1], token.replace(token[0], "0" if token[0] != "0" else "1", 1)):
        assert client.get(f"/training/me/{guess}").status_code == 404


def test_on_their_page_people_see_both_clocks_accept_seats_and_give_them_up(client, rts):
    workshop = make_workshop(rts, capacity=1, online_url="https://meet.example.org/room")
    first, second = enrol(workshop), enrol(workshop)
    address = person_address(second.participant)
    page = client.get(address).content.decode()
    assert "Belgrade: " in page
    assert "Astana: " in page
    assert "meet.example.org" not in page
    withdraw_enrolment(first, actor=None)
    client.post(address, {"deed": "accept", "enrolment": str(second.uid)})
    second.refresh_from_db()
    assert second.status == "confirmed"
    assert "meet.example.org" in client.get(address).content.decode()
    client.post(address, {"deed": "withdraw", "enrolment": str(second.uid)})
    second.refresh_from_db()
    assert second.status == "withdrawn"


def test_a_seat_is_not_given_up_once_the_course_is_over(client, certificate):
    enrolment = certificate.enrolment
    address = person_address(enrolment.participant)
    assert 'value="withdraw"' not in client.get(address).content.decode()
    answer = client.post(address, {"deed": "withdraw", "enrolment": str(enrolment.uid)})
    assert "The workshop is over." in unescape(answer.content.decode())
    enrolment.refresh_from_db()
    assert enrolment.status == "confirmed"
    assert [notice.status for notice in enrolment.notices.filter(kind="certificate")] == ["pending"]


def test_nobody_acts_for_somebody_else(client, workshop):
    own, other = enrol(workshop), enrol(workshop)
    response = client.post(person_address(own.participant), {"deed": "withdraw", "enrolment": str(other.uid)})
    assert response.status_code == 404
    assert Enrolment.objects.get(pk=other.pk).status == "confirmed"


def test_a_room_of_thirty_behind_one_address_checks_in_at_once(client, db):
    with time_machine.travel(timezone.now(), tick=False):
        statuses = {client.get(f"/training/me/{number:040d}").status_code for number in range(3 * 30)}
    assert statuses == {404}


def test_people_check_in_by_the_code_on_the_wall(client, workshop, host):
    enrolment = enrol(workshop)
    session = workshop.sessions.first()
    Session.objects.filter(pk=session.pk).update(
        starts_at=timezone.now() - timedelta(minutes=5), ends_at=timezone.now() + timedelta(hours=1)
    )
    session.refresh_from_db()
    code, _seconds = code_of(session, actor=host)
    asked = {"deed": "check-in", "enrolment": str(enrolment.uid), "session": str(session.uid)}
    address = person_address(enrolment.participant)
    assert "not the code" in client.post(f"{address}?lang=en", asked | {"code": "1"}).content.decode()
    client.post(address, asked | {"code": code})
    assert Attendance.objects.get().is_by_code


def test_people_take_their_data_with_them_and_go(client, workshop):
    enrolment = enrol(workshop, make_participant(language="en"))
    address = person_address(enrolment.participant)
    export = client.get(f"{address}/data.json")
    assert export.json()["email"] == enrolment.participant.email
    assert "attachment" in export.headers["Content-Disposition"]
    asked = {"deed": "withdraw-consent", "purpose": "participation"}
    assert "Tick the box" in client.post(address, asked).content.decode()
    response = client.post(address, asked | {"sure": "on"})
    assert enrolment.participant.name not in response.content.decode()
    assert "no longer kept" in response.content.decode()
    assert client.get(address).status_code == client.get(f"{address}/data.json").status_code == 404


def test_a_person_has_the_certificate_as_a_file(client, certificate):
    address = f"{person_address(certificate.enrolment.participant)}/certificates"
    assert client.get(f"{address}/{certificate.number}.pdf").content[:5] == b"%PDF-"
    assert client.get(f"{address}/RTS-2026-99999.pdf").status_code == 404


def test_a_form_is_answered_once_in_the_readers_language(client, rts):
    form = make_form(rts, name_kk="Қалай болды?")
    workshop = make_workshop(rts, evaluation_form=form)
    invitation = invite(enrol(workshop), form)
    address = invitation_address(invitation)
    assert "Қалай болды?" in client.get(address).content.decode()
    scale = form.questions.first()
    assert client.post(address, {}).status_code == 200
    assert not FeedbackResponse.objects.exists()
    client.post(address, {f"q{scale.pk}": "5"})
    client.post(address, {f"q{scale.pk}": "1"})
    assert FeedbackResponse.objects.get().answers.get().value == 5
    assert client.get("/training/feedback/" + "0" * 40).status_code == 404


def test_a_calendar_is_read_by_whoever_has_its_address(client, workshop):
    enrolment = enrol(workshop)
    response = client.get(f"/training/calendars/{workshop.calendar_token}.ics")
    assert response.headers["Content-Type"].startswith("text/calendar")
    assert response.content.count(b"BEGIN:VEVENT") == 2
    assert enrolment.participant.name.encode() not in response.content
    assert client.get(f"/training/calendars/{workshop.slug}.ics").status_code == 404
