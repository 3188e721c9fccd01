"""The coordinator's road in Kazakh and in Serbian Cyrillic, at a desk and on a phone; the participant's own page."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.desk import PHONE
from tests.factories import make_broadcaster
from tests.training.factories import (
    complete,
    enrol,
    make_coordinator,
    make_form,
    make_participant,
    make_programme,
    make_workshop,
)
from training.models import Attendance, Certificate, Enrolment, Session
from training.services.enrolment import nominate_participant, withdraw_enrolment
from training.services.feedback import answer_form, invite
from training.tokens import certificate_address, person_address

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def a_workshop(rts, ptrc):
    """Three seats: two taken, one on offer; somebody waits, somebody is nominated."""
    form = make_form(
        rts, name_sr="Како је било?", name_kk="Қалай болды?", name_en="How was it?",
    )  # fmt: skip
    workshop = make_workshop(
        rts, capacity=3, programme=make_programme(rts, ptrc), evaluation_form=form, venue="Takovska 10"
    )
    rows = [enrol(workshop) for _number in range(4)]
    enrol(workshop, make_participant(rts, name_cyrl="Ђорђе Његован", name_latn="", language="sr-Cyrl"))
    withdraw_enrolment(rows[0], actor=None)
    type(workshop).objects.filter(pk=workshop.pk).update(needs_approval=True)
    nominate_participant(
        workshop, make_participant(rts, name_cyrl="Љиљана Џелатовић", name_latn="", language="sr-Latn"), actor=None
    )
    return workshop


@pytest.mark.parametrize("language", ["kk", "sr"])
@pytest.mark.parametrize("window", ["desk", "phone"])
def test_the_coordinator_confirms_marks_and_issues(open_desk, language, window):
    rts, ptrc = make_broadcaster("rts"), make_broadcaster("ptrc")
    workshop = a_workshop(rts, ptrc)
    coordinator = make_coordinator(rts)
    coordinator.time_zone = "Asia/Almaty" if language == "kk" else "Europe/Belgrade"
    coordinator.save()
    desk = open_desk(language).enter(coordinator)
    if window == "phone":
        desk.page.set_viewport_size(PHONE)
    desk.open_list("workshop", app="training")
    desk.picture(f"{window}-workshops")
    desk.open_record(workshop)
    desk.picture(f"{window}-workshop")
    desk.fits_its_window()
    with desk.page.expect_navigation():
        desk.page.locator('button[name="deed"][value="confirm"]').click()
    expect(
        desk.page.get_by_text("Љиљана Џелатовић").or_(desk.page.get_by_text("Ljiljana Dželatović")).first
    ).to_be_visible()
    assert Enrolment.objects.order_by("pk").last().status == "waiting"
    Session.objects.update(starts_at=timezone.now() - timedelta(hours=2), ends_at=timezone.now() + timedelta(hours=1))
    desk.go(reverse("admin:training_workshop_attendance", args=[workshop.pk]))
    for select in desk.page.locator(".tr-grid select").all():
        select.select_option("attended")
    with desk.page.expect_navigation():
        desk.page.locator(".tr-grid").evaluate("grid => grid.closest('form').requestSubmit()")
    desk.picture(f"{window}-attendance")
    desk.fits_its_window()
    assert Attendance.objects.count() == 2 * Enrolment.objects.filter(status="confirmed").count()
    desk.go(reverse("admin:training_workshop_code", args=[workshop.pk, workshop.sessions.first().pk]))
    desk.picture(f"{window}-code")
    desk.fits_its_window()
    complete(workshop)
    desk.go(reverse("admin:training_workshop_certificates", args=[workshop.pk]))
    with desk.page.expect_navigation():
        desk.page.locator("form button.ar-main").click()
    desk.picture(f"{window}-certificates")
    desk.fits_its_window()
    assert Certificate.objects.count() == Enrolment.objects.filter(status="confirmed").count()
    for enrolment in Enrolment.objects.filter(status="confirmed"):
        scale, choice, _text = workshop.evaluation_form.questions.all()
        answer_form(invite(enrolment, workshop.evaluation_form), {scale.pk: 4, choice.pk: choice.choices.first().pk})
    desk.go(reverse("admin:training_workshop_results", args=[workshop.pk]))
    desk.picture(f"{window}-results")
    desk.fits_its_window()


@pytest.mark.parametrize("language", ["kk", "sr"])
def test_a_participant_takes_the_offered_seat_on_a_phone(open_desk, language):
    rts, ptrc = make_broadcaster("rts"), make_broadcaster("ptrc")
    workshop = a_workshop(rts, ptrc)
    offered = Enrolment.objects.get(status="offered")
    person = offered.participant
    type(person).objects.filter(pk=person.pk).update(language={"kk": "kk", "sr": "sr-Cyrl"}[language])
    person.refresh_from_db()
    desk = open_desk(language)
    desk.page.set_viewport_size(PHONE)
    address = person_address(person).removeprefix("http://127.0.0.1:8000")
    desk.go(address)
    desk.picture("person-offered")
    desk.fits_its_window()
    with desk.page.expect_navigation():
        desk.page.locator('button[value="accept"]').click()
    offered.refresh_from_db()
    assert offered.status == "confirmed"
    for session in workshop.sessions.all():
        Attendance.objects.create(enrolment=offered, session=session, status="attended")
    certificate = Certificate.objects.create(
        enrolment=offered, number="RTS-2026-00001", language=person.language, sessions_held=2, sessions_attended=2
    )
    desk.go(certificate_address(certificate).removeprefix("http://127.0.0.1:8000"))
    desk.picture("certificate-check")
    desk.fits_its_window()
