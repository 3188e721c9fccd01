from datetime import timedelta

import pytest
from django.utils import timezone

from mediaexchange.core.errors import ConflictError, DomainError, ForbiddenError
from tests.training.factories import enrol, make_workshop
from training.models import Attendance, CheckInFailure, Session
from training.services.attendance import (
    MAX_WRONG,
    STEP_S,
    TooManyCodesError,
    _code,
    check_in,
    code_of,
    purge_failures,
    record_attendance,
)
from training.services.enrolment import withdraw_enrolment

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(workshop):
    """It has begun a quarter of an hour ago."""
    session = workshop.sessions.first()
    session.starts_at = timezone.now() - timedelta(minutes=15)
    session.ends_at = timezone.now() + timedelta(hours=1)
    session.save()
    return session


@pytest.fixture
def enrolment(workshop):
    return enrol(workshop)


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


def test_the_code_of_a_time_step_is_that_of_rfc_6238():
    session = Session(check_in_secret=b"12345678901234567890".hex())
    assert [_code(session, step) for step in (0, 1, 9)] == ["755224", "287082", "520489"]  # RFC 4226, appendix D


def test_somebody_with_a_seat_checks_in_by_the_code_that_is_shown(session, enrolment, host):
    code, seconds = code_of(session, actor=host)
    assert 0 < seconds <= STEP_S
    row = check_in(enrolment, session, f"{code[:3]} {code[3:]}")
    assert (row.status, row.is_by_code) == ("attended", True)
    assert check_in(enrolment, session, code) == row


def test_the_code_of_the_minute_before_still_counts_and_an_older_one_does_not(session, enrolment, host):
    now = timezone.now().timestamp()
    before, _seconds = code_of(session, actor=host, at=now - STEP_S)
    older, _seconds = code_of(session, actor=host, at=now - 3 * STEP_S)
    with pytest.raises(DomainError, match="not the code"):
        check_in(enrolment, session, older)
    assert check_in(enrolment, session, before).status == "attended"


def test_five_wrong_codes_close_the_door_for_the_right_one_too(session, enrolment, host):
    code, _seconds = code_of(session, actor=host)
    for _attempt in range(MAX_WRONG):
        with pytest.raises(DomainError, match="not the code"):
            check_in(enrolment, session, wrong(code))
    with pytest.raises(TooManyCodesError):
        check_in(enrolment, session, code)
    CheckInFailure.objects.update(at=timezone.now() - timedelta(minutes=11))
    code, _seconds = code_of(session, actor=host)
    assert check_in(enrolment, session, code)
    assert purge_failures() == 0
    CheckInFailure.objects.update(at=timezone.now() - timedelta(hours=2))
    assert purge_failures() == MAX_WRONG


def test_the_code_is_shown_to_the_host_alone(session, sender):
    with pytest.raises(ForbiddenError):
        code_of(session, actor=sender)


def test_nobody_checks_in_without_a_seat_or_outside_the_time(session, enrolment, workshop, host):
    code, _seconds = code_of(session, actor=host)
    session.starts_at = timezone.now() + timedelta(days=1)
    session.ends_at = session.starts_at + timedelta(hours=1)
    session.save()
    with pytest.raises(ConflictError, match="not begun"):
        check_in(enrolment, session, code)
    session.starts_at, session.ends_at = (timezone.now() - timedelta(hours=hours) for hours in (4, 3))
    session.save()
    with pytest.raises(ConflictError, match="over"):
        check_in(enrolment, session, code)
    withdraw_enrolment(enrolment, actor=None)
    with pytest.raises(DomainError, match="seat"):
        check_in(enrolment, session, code)


def test_the_host_marks_over_what_stood_there_and_takes_marks_away(session, enrolment, host, sender):
    code, _seconds = code_of(session, actor=host)
    check_in(enrolment, session, code)
    assert record_attendance(session, {enrolment: "excused"}, actor=host) == 1
    row = Attendance.objects.get()
    assert (row.status, row.is_by_code, row.recorded_by) == ("excused", False, host)
    assert record_attendance(session, {enrolment: "excused"}, actor=host) == 0
    assert record_attendance(session, {enrolment: ""}, actor=host) == 1
    assert not Attendance.objects.exists()
    with pytest.raises(ForbiddenError):
        record_attendance(session, {enrolment: "attended"}, actor=sender)


def test_marks_are_for_people_of_this_workshop(session, rts, host):
    other = enrol(make_workshop(rts))
    with pytest.raises(DomainError, match="seat"):
        record_attendance(session, {other: "attended"}, actor=host)


def test_who_is_noted_as_absent_is_not_told_that_they_are_there(session, enrolment, host):
    record_attendance(session, {enrolment: "absent"}, actor=host)
    code, _seconds = code_of(session, actor=host)
    with pytest.raises(ConflictError, match="absent"):
        check_in(enrolment, session, code)
    assert Attendance.objects.get().status == "absent"
