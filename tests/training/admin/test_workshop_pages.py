"""The coordinator's pages: what they show to whom, and that their buttons are the services."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from broadcasters.constants import Role
from tests.factories import make_broadcaster, make_user
from tests.training.factories import (
    complete,
    enrol,
    make_coordinator,
    make_form,
    make_participant,
    make_programme,
    make_workshop,
)
from training.models import Attendance, Certificate, Enrolment, Participant, Session, Workshop
from training.services.enrolment import nominate_participant, withdraw_enrolment
from training.services.feedback import answer_form, invite
from training.services.workshop import set_quota

pytestmark = pytest.mark.django_db


def signed_in(user):
    client = Client()
    client.force_login(user, backend="broadcasters.auth.RoleBackend")
    client.cookies["django_language"] = "en"
    return client


def page(row, name="change", *more):
    return reverse(f"admin:training_{row._meta.model_name}_{name}", args=[row.pk, *more])


def text_of(response):
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def test_the_hosts_page_shows_seats_by_house_the_list_and_both_clocks(rts, host):
    workshop = make_workshop(rts, capacity=1)
    first, second = enrol(workshop), enrol(workshop)
    shown = text_of(signed_in(host).get(page(workshop)))
    assert first.participant.name in shown
    assert second.participant.name in shown
    assert "no. 1" in shown
    assert "1/1" in shown
    host.time_zone = "Asia/Almaty"
    host.save()
    local = text_of(signed_in(host).get(page(workshop)))
    assert "Belgrade" in local
    assert "Astana" in local


def test_a_party_sees_the_workshop_and_its_own_people_and_a_third_house_nothing(rts, ptrc, sender):
    workshop = make_workshop(rts)
    own, foreign = enrol(workshop), enrol(workshop, make_participant(rts, name_cyrl="Страни Човек"))
    shown = text_of(signed_in(sender).get(page(workshop)))
    assert own.participant.name in shown
    assert foreign.participant.name not in shown
    third = make_user(make_broadcaster("rtv"), Role.TRAINING_COORDINATOR)
    assert signed_in(third).get(page(workshop)).status_code == 404


def test_an_editor_of_the_host_sees_no_names(rts):
    workshop = make_workshop(rts)
    enrolment = enrol(workshop)
    shown = text_of(signed_in(make_user(rts, Role.EDITOR)).get(page(workshop)))
    assert enrolment.participant.name not in shown


def test_nominate_confirm_reject_and_withdraw_from_the_page(rts, host, sender):
    workshop = make_workshop(rts, needs_approval=True)
    people = [make_participant(), make_participant()]
    sending, hosting = signed_in(sender), signed_in(host)
    for person in people:
        sending.post(page(workshop, "do"), {"deed": "nominate", "participant": person.pk})
    assert sending.post(page(workshop, "do"), {"deed": "nominate", "participant": "²"}).status_code == 302
    for odd in ("²", "1" * 5000):
        assert sending.post(page(workshop, "do"), {"deed": "confirm", "enrolment": odd}).status_code == 404
    first, second = Enrolment.objects.order_by("pk")
    assert first.status == "nominated"
    sending.post(page(workshop, "do"), {"deed": "confirm", "enrolment": first.pk})
    first.refresh_from_db()
    assert first.status == "nominated"
    hosting.post(page(workshop, "do"), {"deed": "confirm", "enrolment": first.pk})
    hosting.post(page(workshop, "reject", second.pk), {"reason": "too late"})
    assert list(Enrolment.objects.order_by("pk").values_list("status", flat=True)) == ["confirmed", "rejected"]
    assert first.participant.name in text_of(sending.get(page(workshop, "withdraw", first.pk)))
    first.refresh_from_db()
    assert first.status == "confirmed"  # the page only asks
    sending.post(page(workshop, "withdraw", first.pk), {"reason": ""})
    first.refresh_from_db()
    assert first.status == "withdrawn"
    assert sending.get(page(workshop, "do")).status_code == 405


def test_a_withdrawal_says_who_has_the_seat_and_who_was_passed_over_and_the_list_counts_on(rts, host):
    rtv = make_broadcaster("rtv")
    workshop = make_workshop(rts, programme=make_programme(rts, rtv), capacity=2)
    set_quota(workshop, rts, actor=None, seats=1)
    keeps, leaves = enrol(workshop, make_participant(rts)), enrol(workshop, make_participant(rtv))
    passed, heir, third = (enrol(workshop, make_participant(house)) for house in (rts, rtv, rtv))
    assert [row.status for row in (keeps, leaves, passed, heir, third)] == ["confirmed"] * 2 + ["waiting"] * 3
    hosting = signed_in(host)
    told = text_of(hosting.post(page(workshop, "withdraw", leaves.pk), {"reason": "ill"}, follow=True))
    assert f"The seat is offered to {heir.participant} ({rtv})." in unescape(told)
    assert f"since all seats of their house are taken: {passed.participant} ({rts})." in unescape(told)
    assert [row.place for row in Enrolment.objects.with_place().order_by("pk")] == [None, None, 1, None, 2]
    assert "no. 2" in told
    assert "no. 3" not in told


def test_a_house_accepts_an_offer_for_its_person(rts, sender):
    workshop = make_workshop(rts, capacity=1)
    first, second = enrol(workshop), enrol(workshop)
    withdraw_enrolment(first, actor=None)
    client = signed_in(sender)
    assert "Accept the seat" in text_of(client.get(page(workshop)))
    client.post(page(workshop, "do"), {"deed": "accept", "enrolment": second.pk})
    second.refresh_from_db()
    assert second.status == "confirmed"


def test_a_workshop_is_planned_on_its_form_and_opened(rts, ptrc, host):
    programme = make_programme(rts, ptrc)
    client = signed_in(host)
    add = reverse("admin:training_workshop_add")
    assert client.get(add).status_code == 200
    values = {
        "slug": "spring", "programme": programme.pk, "broadcaster": rts.pk, "time_zone": "Europe/Belgrade",
        "capacity": 12, "offer_hours": 48, "attendance_percent": 80, "follow_up_days": 90, "languages": "sr",
        "name_sr": "Пролеће", "name_en": "Spring", "needs_approval": "on",
    }  # fmt: skip
    response = client.post(add, values)
    assert response.status_code == 302, response.context["adminform"].form.errors
    workshop = Workshop.objects.get(slug="spring")
    starts_at = timezone.now() + timedelta(days=9)
    Session.objects.create(
        workshop=workshop, title_en="One", starts_at=starts_at, ends_at=starts_at + timedelta(hours=1)
    )
    assert "Open for enrolment" in text_of(client.get(page(workshop)))
    client.post(page(workshop, "move", "open"), {})
    workshop.refresh_from_db()
    assert workshop.status == "open"


def test_the_attendance_grid_is_marked_by_the_host_and_read_by_the_house(rts, host, sender):
    workshop = make_workshop(rts)
    enrolment = enrol(workshop)
    Session.objects.update(starts_at=timezone.now() - timedelta(hours=3), ends_at=timezone.now() - timedelta(hours=2))
    session = workshop.sessions.first()
    client = signed_in(host)
    assert f'name="m-{enrolment.pk}-{session.pk}"' in text_of(client.get(page(workshop, "attendance")))
    client.post(page(workshop, "attendance"), {f"m-{enrolment.pk}-{session.pk}": "attended"})
    assert Attendance.objects.get().status == "attended"
    theirs = signed_in(sender)
    assert "attended" in text_of(theirs.get(page(workshop, "attendance")))
    refused = theirs.post(page(workshop, "attendance"), {f"m-{enrolment.pk}-{session.pk}": "absent"})
    assert refused.status_code == 403


def test_saving_the_grid_keeps_what_others_have_marked_since_it_was_shown(rts, host):
    workshop = make_workshop(rts)
    early, late, absent = (enrol(workshop) for _ in range(3))
    Session.objects.update(starts_at=timezone.now() - timedelta(hours=3), ends_at=timezone.now() - timedelta(hours=2))
    session = workshop.sessions.first()
    early.attendances.create(session=session, status="absent")
    client, grid = signed_in(host), page(workshop, "attendance")
    (was,) = re.findall(rf'name="was-{session.pk}" value="([^"]*)"', text_of(client.get(grid)))
    for enrolment in (late, absent):
        enrolment.attendances.create(session=session, status="attended", is_by_code=True)
    shown = {f"m-{early.pk}-{session.pk}": "excused", f"m-{late.pk}-{session.pk}": ""}
    saved = client.post(grid, shown | {f"m-{absent.pk}-{session.pk}": "absent", f"was-{session.pk}": was}, follow=True)
    marks = dict(Attendance.objects.values_list("enrolment", "status"))
    assert marks == {early.pk: "excused", late.pk: "attended", absent.pk: "attended"}
    told = " ".join(str(message) for message in saved.context["messages"])
    assert str(absent.participant) in told
    assert str(late.participant) not in told
    assert "1 mark changed." in told


def test_the_code_is_shown_in_large_figures_and_asked_for_anew(rts, host, sender):
    workshop = make_workshop(rts)
    session = workshop.sessions.first()
    response = signed_in(host).get(page(workshop, "code", session.pk))
    assert "tr-code" in text_of(response)
    assert 1 < int(response.headers["Refresh"]) <= 61
    assert signed_in(sender).get(page(workshop, "code", session.pk)).status_code == 403


def test_certificates_are_issued_in_one_go_and_revoked_with_a_reason(rts, host):
    workshop = make_workshop(rts)
    good, bad = enrol(workshop, make_participant(language="sr-Latn")), enrol(workshop)
    for session in workshop.sessions.all():
        Attendance.objects.create(enrolment=good, session=session, status="attended")
    complete(workshop)
    client = signed_in(host)
    assert page(workshop, "withdraw", good.pk) not in text_of(client.get(page(workshop)))
    shown = text_of(client.get(page(workshop, "certificates")))
    assert f'value="{good.pk}"' in shown
    assert f'value="{bad.pk}"' not in shown
    client.post(page(workshop, "certificates"), {"enrolment": [good.pk]})
    certificate = Certificate.objects.get()
    assert client.get(page(certificate, "pdf")).content[:5] == b"%PDF-"
    shown = text_of(client.get(page(certificate)))
    assert certificate.number in shown
    assert "Serbian Latin" in shown
    client.post(page(certificate, "revoke"), {"reason": "wrong person"})
    certificate.refresh_from_db()
    assert certificate.revocation_reason == "wrong person"


def test_results_show_counts_and_keep_what_few_have_written(rts, host):
    form = make_form(rts)
    workshop = make_workshop(rts, evaluation_form=form)
    scale, _choice, text = form.questions.all()
    for number in range(4):
        answer_form(invite(enrol(workshop), form), {scale.pk: 5, text.pk: f"quite good {number}"})
    client = signed_in(host)
    shown = text_of(client.get(page(workshop, "results")))
    assert "4 of 4 have answered" in shown
    assert "quite good" not in shown
    answer_form(invite(enrol(workshop), form), {scale.pk: 5, text.pk: "quite good 4"})
    assert "quite good 4" in text_of(client.get(page(workshop, "results")))


def test_a_house_writes_people_down_with_consent_and_lets_them_go(ptrc, sender, rts):
    client = signed_in(sender)
    add = reverse("admin:training_participant_add")
    values = {
        "broadcaster": ptrc.pk, "name_cyrl": "Әсел Жұмабай", "name_latn": "", "email": "asel@example.org",
        "language": "kk", "data_region": "KZ",
    }  # fmt: skip
    response = client.post(add, values)
    assert response.status_code == 302, response.context["adminform"].form.errors
    person = Participant.objects.get()
    client.post(page(person, "consent"), {"purpose": "participation", "road": "paper"})
    assert person.consents.get().road == "paper"
    nominate_participant(make_workshop(rts), person, actor=sender)
    assert "Әсел" in text_of(client.get(page(person)))
    assert client.get(page(person, "export")).json()["email"] == "asel@example.org"
    client.post(page(person, "withdraw", "participation"), {})
    person.refresh_from_db()
    assert not person.is_anonymous
    client.post(page(person, "withdraw", "participation"), {"sure": "on"})
    person.refresh_from_db()
    assert person.is_anonymous
    assert "Only counts remain" in text_of(client.get(page(person)))


def test_a_coordinator_of_another_house_opens_no_persons_page(workshop, host):
    person = enrol(workshop).participant
    client = signed_in(host)
    for name in ("change", "export"):
        assert client.get(page(person, name)).status_code == 404


@pytest.mark.parametrize(
    "model", ["workshop", "programme", "participant", "enrolment", "certificate", "feedbackform", "question"]
)
def test_every_list_opens_for_a_coordinator(workshop, rts, host, model):
    enrol(workshop, make_participant(rts))
    make_form(rts)
    client = signed_in(host)
    assert client.get(reverse(f"admin:training_{model}_changelist")).status_code == 200


def test_a_form_stands_still_once_somebody_has_answered(rts, host):
    form = make_form(rts)
    client = signed_in(host)
    assert 'name="_save"' in text_of(client.get(page(form)))
    workshop = make_workshop(rts, evaluation_form=form)
    answer_form(invite(enrol(workshop), form), {form.questions.first().pk: 3})
    assert 'name="_save"' not in text_of(client.get(page(form)))


def test_a_coordinator_elsewhere_changes_nothing_here(workshop):
    client = signed_in(make_coordinator(make_broadcaster("ptrc")))
    assert client.post(page(workshop, "move", "cancelled"), {"reason": "x"}).status_code == 403
    workshop.refresh_from_db()
    assert workshop.status == "open"


def test_a_coordinator_at_the_hosts_clocks_sees_the_partners_too(rts, host):
    workshop = make_workshop(rts)
    shown = text_of(signed_in(host).get(page(workshop)))
    assert "Belgrade" in shown
    assert "Astana" in shown


def test_the_list_costs_the_same_with_one_and_with_three_workshops(rts, host):
    client, address = signed_in(host), reverse("admin:training_workshop_changelist")

    def cost():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    make_workshop(rts)
    cost()
    once = cost()
    make_workshop(rts), make_workshop(rts)
    assert cost() == once
