from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from mediaexchange.core.errors import ConflictError, DomainError, ForbiddenError
from mediaexchange.core.models import AuditEntry
from tests.factories import make_broadcaster
from tests.training.factories import complete, enrol, make_participant, make_programme, make_workshop
from training.formats import certificate_pdf
from training.models import Attendance, Certificate, Notice
from training.services.certificate import (
    check_certificate,
    issue_certificates,
    issued_on,
    revoke_certificate,
    standings,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def trained(rts):
    """Five sessions: one person was at four of them, one at three and excused from two."""
    workshop = make_workshop(rts, sessions=5, attendance_percent=80)
    often, seldom = enrol(workshop), enrol(workshop)
    for number, session in enumerate(workshop.sessions.all()):
        for enrolment, attended in ((often, 4), (seldom, 3)):
            status = "attended" if number < attended else "excused"
            Attendance.objects.create(enrolment=enrolment, session=session, status=status)
    complete(workshop)
    return workshop, often, seldom


def test_a_certificate_is_given_at_the_threshold_and_not_below(trained, host):
    workshop, often, seldom = trained
    assert [(row.attended, row.held, row.percent, bool(row.bar)) for row in standings(workshop)] == [
        (4, 5, 80, False),
        (3, 5, 60, True),
    ]
    (certificate,) = issue_certificates(workshop, actor=host)
    assert (certificate.enrolment, certificate.language) == (often, "kk")
    assert certificate.number == f"RTS-{timezone.now():%Y}-{certificate.pk:05d}"
    assert issue_certificates(workshop, actor=host) == []
    with pytest.raises(DomainError, match="3 of 5"):
        issue_certificates(workshop, actor=host, enrolments=[seldom])
    assert Notice.objects.filter(kind="certificate").count() == 1


def test_a_certificate_is_of_the_day_that_it_is_where_the_host_is(ptrc, sender):
    workshop = make_workshop(ptrc, programme=make_programme(ptrc, make_broadcaster("rts")))
    enrolment = enrol(workshop, make_participant(language="en"))
    Attendance.objects.bulk_create(
        Attendance(enrolment=enrolment, session=session, status="attended") for session in workshop.sessions.all()
    )
    complete(workshop)
    (certificate,) = issue_certificates(workshop, actor=sender)
    certificate.issued_at = datetime(2026, 12, 31, 21, tzinfo=UTC)  # two in the morning in Astana
    assert issued_on(workshop, certificate) == date(2027, 1, 1)
    assert "1 January 2027" in certificate_pdf.sheet(certificate).issued


def test_a_cancelled_session_does_not_count(trained, host):
    workshop, _often, _seldom = trained
    workshop.sessions.filter(pk__in=[session.pk for session in workshop.sessions.all()[3:]]).update(is_cancelled=True)
    assert [(row.attended, row.held) for row in standings(workshop)] == [(3, 3), (3, 3)]


def test_certificates_come_after_the_end_and_from_the_host(rts, host, sender):
    workshop = make_workshop(rts)
    with pytest.raises(ConflictError, match="completed"):
        issue_certificates(workshop, actor=host)
    with pytest.raises(ForbiddenError):
        issue_certificates(workshop, actor=sender)


def test_a_revoked_certificate_says_so_and_not_why_and_a_new_one_may_be_given(trained, host, sender):
    workshop, often, _seldom = trained
    (first,) = issue_certificates(workshop, actor=host)
    with pytest.raises(ForbiddenError):
        revoke_certificate(first, actor=sender, reason="x")
    with pytest.raises(DomainError):
        revoke_certificate(first, actor=host, reason=" ")
    revoked = revoke_certificate(first, actor=host, reason="somebody else sat there")
    assert revoke_certificate(first, actor=host, reason="again").revocation_reason == revoked.revocation_reason
    checked = check_certificate(first.token)
    assert (checked.is_valid, checked.name) == (False, often.participant.name)
    (second,) = issue_certificates(workshop, actor=host, enrolments=[often])
    assert check_certificate(second.token).is_valid
    trail = AuditEntry.objects.filter(table_name="training_certificate")
    assert "somebody else" not in str(list(trail.values_list("changed", flat=True)))
    assert first.token not in str(list(trail.values_list("changed", flat=True)))


def test_the_date_is_the_hosts(rts, host):
    workshop = make_workshop(rts, time_zone="Asia/Almaty", attendance_percent=1)
    enrolment = enrol(workshop)
    Attendance.objects.create(enrolment=enrolment, session=workshop.sessions.first(), status="attended")
    complete(workshop)
    type(workshop).objects.filter(pk=workshop.pk).update(ends_at=datetime(2026, 12, 10, 20, tzinfo=UTC))
    (certificate,) = issue_certificates(workshop, actor=host)
    assert str(check_certificate(certificate.token).on) == "2026-12-11"


def test_a_token_that_nobody_was_given_is_no_certificate(trained, host):
    (certificate,) = issue_certificates(trained[0], actor=host)
    assert check_certificate(certificate.number) is None
    assert check_certificate(certificate.token[:-1] + "!") is None
    assert len(certificate.token) == 32  # 192 bits
    assert Certificate.objects.count() == 1


PEOPLE = {
    "kk": {"name_cyrl": "Әйгерім Өмірғали Ұлбике Қыдырғалиқызы", "name_latn": "Äigerım"},
    "sr-Cyrl": {"name_cyrl": "Ђурђица Џакула Љубић", "name_latn": ""},
    "sr-Latn": {"name_cyrl": "Ђурђица Џакула Љубић", "name_latn": ""},
    "ru": {"name_cyrl": "Жанна Щёголева", "name_latn": "Zhanna"},
    "en": {"name_cyrl": "Мила", "name_latn": "Mila O’Connor"},
}
SHOWN = {
    "kk": ("kk", "cyrl", PEOPLE["kk"]["name_cyrl"], "Редакциядағы жасанды интеллект"),
    "sr-Cyrl": ("sr", "cyrl", "Ђурђица Џакула Љубић", "Вештачка интелигенција у редакцији"),
    "sr-Latn": ("sr", "latn", "Đurđica Džakula Ljubić", "Veštačka inteligencija u redakciji"),
    "ru": ("ru", "cyrl", "Жанна Щёголева", "AI in broadcasting"),
    "en": ("en", "latn", "Mila O’Connor", "AI in broadcasting"),
}


@pytest.mark.parametrize("language", PEOPLE)
def test_a_certificate_is_in_the_persons_language_and_script(workshop, language):
    person = make_participant(language=language, **PEOPLE[language])
    certificate = Certificate.objects.create(
        enrolment=enrol(workshop, person), number="RTS-2026-00001", language=language, sessions_held=2,
        sessions_attended=2, issued_at=timezone.now() - timedelta(days=1),
    )  # fmt: skip
    sheet = certificate_pdf.sheet(certificate)
    assert (sheet.language, sheet.script, sheet.name, sheet.course) == SHOWN[language]
    assert sheet.code.startswith("<svg")
    page = certificate_pdf.render(certificate)
    assert page.startswith(b"%PDF-")
    assert page == certificate_pdf.render(certificate)
