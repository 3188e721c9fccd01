import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

import training.services
from broadcasters.constants import ModuleState, Role
from broadcasters.models import Module
from mediaexchange.core.errors import ConflictError, DomainError, ForbiddenError
from mediaexchange.core.models import OutboxEvent
from newsexchange.event_words import EVENTS
from tests.factories import make_broadcaster, make_user
from tests.training.factories import enrol, make_participant, make_programme, make_workshop
from training.constants import SEATED, EnrolmentStatus
from training.models import Enrolment, Notice, SeatQuota, Workshop
from training.services.enrolment import (
    accept_offer,
    confirm_enrolment,
    nominate_participant,
    pass_on_offers,
    reject_enrolment,
    withdraw_enrolment,
)
from training.services.workshop import move_workshop, save_workshop, set_quota

pytestmark = pytest.mark.django_db


def statuses(workshop):
    return list(Enrolment.objects.filter(workshop=workshop).order_by("pk").values_list("status", flat=True))


def end_offer(enrolment):
    Enrolment.objects.filter(pk=enrolment.pk).update(offer_ends_at=timezone.now() - timedelta(seconds=1))


def test_a_nomination_waits_for_the_host_and_then_has_a_seat(rts, host, sender):
    workshop, person = make_workshop(rts, needs_approval=True), make_participant()
    enrolment = nominate_participant(workshop, person, actor=sender)
    assert enrolment.status == "nominated"
    with pytest.raises(ForbiddenError):
        confirm_enrolment(enrolment, actor=sender)
    assert confirm_enrolment(enrolment, actor=host).status == "confirmed"
    assert confirm_enrolment(enrolment, actor=host).status == "confirmed"
    workshop.refresh_from_db()
    assert workshop.seats_taken == 1
    assert list(Notice.objects.values_list("kind", flat=True)) == ["confirmed"]


def test_a_freed_seat_is_offered_to_whoever_has_waited_longest(rts):
    workshop = make_workshop(rts, capacity=1)
    first, second, third = (enrol(workshop) for _number in range(3))
    assert statuses(workshop) == ["confirmed", "waiting", "waiting"]
    withdraw_enrolment(first, actor=None)
    assert statuses(workshop) == ["withdrawn", "offered", "waiting"]
    accept_offer(second, actor=None)
    withdraw_enrolment(second, actor=None)
    third.refresh_from_db()
    assert (third.status, third.is_offer_open()) == ("offered", True)


def test_an_offer_that_lapses_passes_to_the_next(rts):
    workshop = make_workshop(rts, capacity=1)
    first, second, third = (enrol(workshop) for _number in range(3))
    withdraw_enrolment(first, actor=None)
    end_offer(second)
    with pytest.raises(ConflictError, match="ended"):
        accept_offer(second, actor=None)
    assert pass_on_offers() == 1
    assert pass_on_offers() == 0
    assert statuses(workshop) == ["withdrawn", "lapsed", "offered"]
    assert Notice.objects.filter(enrolment=third, kind="offered").exists()


def test_an_offer_ends_before_the_workshop_begins(rts):
    workshop = make_workshop(rts, capacity=1, offer_hours=720)
    first, second = enrol(workshop), enrol(workshop)
    withdraw_enrolment(first, actor=None)
    second.refresh_from_db()
    assert second.offer_ends_at == workshop.starts_at


def test_whoever_comes_later_does_not_overtake_the_waiting_list(rts):
    workshop = make_workshop(rts, capacity=1)
    enrol(workshop), enrol(workshop)
    Workshop.objects.filter(pk=workshop.pk).update(capacity=2)  # on a road that offers nothing
    assert enrol(workshop).status == "waiting"
    assert statuses(workshop) == ["confirmed", "offered", "waiting"]


def test_a_house_has_no_more_seats_than_its_quota_and_another_is_served_meanwhile(rts, ptrc):
    rtv = make_broadcaster("rtv")
    workshop = make_workshop(rts, capacity=2, programme=make_programme(rts, ptrc, rtv))
    set_quota(workshop, ptrc, actor=None, seats=1)
    enrol(workshop, make_participant(ptrc))
    assert enrol(workshop, make_participant(ptrc)).status == "waiting"
    assert enrol(workshop, make_participant(rtv)).status == "confirmed"
    set_quota(workshop, ptrc, actor=None, seats=2)
    assert statuses(workshop) == ["confirmed", "waiting", "confirmed"]  # the room is full
    withdraw_enrolment(Enrolment.objects.get(broadcaster=rtv), actor=None)
    assert statuses(workshop) == ["confirmed", "offered", "withdrawn"]
    with pytest.raises(ConflictError, match="taken"):
        set_quota(workshop, ptrc, actor=None, seats=1)


def test_the_database_refuses_a_seat_too_many_whoever_writes_it(rts, ptrc):
    workshop = make_workshop(rts, capacity=1)
    enrol(workshop)
    with pytest.raises(IntegrityError, match="not_overbooked"), transaction.atomic():
        Enrolment.objects.create(
            workshop=workshop, participant=make_participant(), broadcaster=ptrc, status="confirmed"
        )
    Workshop.objects.filter(pk=workshop.pk).update(capacity=2)
    enrol(workshop)
    with pytest.raises(IntegrityError, match="not_overbooked"), transaction.atomic():
        Workshop.objects.filter(pk=workshop.pk).update(capacity=1)
    big = make_workshop(rts, capacity=5, programme=workshop.programme)
    SeatQuota.objects.create(workshop=big, broadcaster=ptrc, seats=0)
    with pytest.raises(IntegrityError, match="quota_not_exceeded"), transaction.atomic():
        Enrolment.objects.create(workshop=big, participant=make_participant(), broadcaster=ptrc, status="offered",
                                 queue_number=1, offer_ends_at=timezone.now())  # fmt: skip


def test_a_form_that_was_open_for_an_hour_does_not_write_an_old_count_back(rts):
    workshop = make_workshop(rts)
    stale = Workshop.objects.get(pk=workshop.pk)
    enrol(workshop), enrol(workshop)
    stale.save()
    Workshop.objects.filter(pk=workshop.pk).update(seats_taken=0)
    workshop.refresh_from_db()
    assert workshop.seats_taken == 2
    quota = SeatQuota.objects.create(workshop=workshop, broadcaster=make_broadcaster("ptrc"), seats=5)
    quota.refresh_from_db()
    assert quota.seats_taken == 2


def test_seats_are_counted_when_enrolments_are_deleted_or_moved(rts):
    workshop, other = make_workshop(rts), make_workshop(rts)
    moved, gone = enrol(workshop), enrol(workshop)
    Enrolment.objects.filter(pk=moved.pk).update(workshop=other)
    Notice.objects.all().delete()
    gone.delete()
    workshop.refresh_from_db(), other.refresh_from_db()
    assert (workshop.seats_taken, other.seats_taken) == (0, 1)


def test_sql_and_python_agree_on_what_holds_a_seat():
    with connection.cursor() as cursor:
        for status in EnrolmentStatus:
            cursor.execute("SELECT training_is_seated(%s)", [status.value])
            assert cursor.fetchone()[0] == (status in SEATED)


def test_nobody_is_enrolled_twice_and_a_repeated_nomination_is_the_same_one(workshop):
    person = make_participant()
    first = nominate_participant(workshop, person, actor=None)
    assert nominate_participant(workshop, person, actor=None) == first
    with pytest.raises(IntegrityError, match="training_enrolment_once"), transaction.atomic():
        Enrolment.objects.create(workshop=workshop, participant=person, broadcaster=person.broadcaster)
    withdraw_enrolment(first, actor=None)
    assert nominate_participant(workshop, person, actor=None) != first


def test_a_paused_module_takes_no_nominations_and_makes_no_offers_until_it_runs_again(rts):
    workshop = make_workshop(rts, capacity=1)
    first, second = enrol(workshop), enrol(workshop)
    modules = Module.objects.filter(pk=workshop.programme.module_id)
    modules.update(state=ModuleState.PAUSED)
    with pytest.raises(ConflictError, match="not running"):
        nominate_participant(workshop, make_participant(), actor=None)
    withdraw_enrolment(first, actor=None)
    assert statuses(workshop) == ["withdrawn", "waiting"]
    pass_on_offers()
    assert statuses(workshop) == ["withdrawn", "waiting"]
    modules.update(state=ModuleState.ACTIVE)
    pass_on_offers()
    assert statuses(workshop) == ["withdrawn", "offered"]
    assert accept_offer(second, actor=None).status == "confirmed"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"status": "draft"}, "workshop-not-open"),
        ({"nominations_close_at": timezone.now() - timedelta(days=1)}, "nominations-closed"),
        ({"starts_at": timezone.now() - timedelta(days=1)}, "nominations-closed"),
    ],
)
def test_a_workshop_takes_nominations_while_it_is_open(rts, fields, code):
    with pytest.raises(ConflictError) as refused:
        nominate_participant(make_workshop(rts, **fields), make_participant(), actor=None)
    assert refused.value.code == code


def test_who_has_not_consented_or_is_of_no_party_is_not_nominated(workshop):
    with pytest.raises(DomainError, match="consent"):
        nominate_participant(workshop, make_participant(consents=False), actor=None)
    with pytest.raises(DomainError, match="parties"):
        nominate_participant(workshop, make_participant(make_broadcaster("rtv")), actor=None)


def test_a_house_nominates_its_own_people_alone(workshop, host, ptrc):
    with pytest.raises(ForbiddenError):
        nominate_participant(workshop, make_participant(ptrc), actor=host)
    with pytest.raises(ForbiddenError):
        nominate_participant(workshop, make_participant(ptrc), actor=make_user(ptrc, Role.VIEWER))


def test_a_rejection_needs_a_reason_and_may_not_take_a_seat_away(rts, host):
    workshop = make_workshop(rts, needs_approval=True)
    enrolment = nominate_participant(workshop, make_participant(), actor=None)
    with pytest.raises(DomainError):
        reject_enrolment(enrolment, actor=host, reason=" ")
    rejected = reject_enrolment(enrolment, actor=host, reason="too few years at work")
    assert (rejected.status, rejected.reason) == ("rejected", "too few years at work")
    seated = enrol(workshop)
    with pytest.raises(ConflictError):
        reject_enrolment(seated, actor=host, reason="late")


def test_a_third_house_withdraws_nobody(workshop):
    enrolment = enrol(workshop)
    with pytest.raises(ForbiddenError):
        withdraw_enrolment(enrolment, actor=make_user(make_broadcaster("rtv"), Role.TRAINING_COORDINATOR))


def test_new_seats_go_to_those_who_wait(rts, host):
    workshop = make_workshop(rts, capacity=1)
    for _number in range(4):
        enrol(workshop)
    workshop.refresh_from_db()
    workshop.capacity = 3
    save_workshop(workshop, actor=host, changed={"capacity"})
    assert statuses(workshop) == ["confirmed", "offered", "offered", "waiting"]
    workshop.refresh_from_db()
    workshop.capacity = 2
    with pytest.raises(ConflictError, match="taken"):
        save_workshop(workshop, actor=host, changed={"capacity"})


def test_a_cancellation_reaches_everybody_and_needs_a_reason(rts, host):
    workshop = make_workshop(rts, capacity=1)
    enrol(workshop), enrol(workshop)
    with pytest.raises(DomainError, match="why"):
        move_workshop(workshop, actor=host, status="cancelled")
    move_workshop(workshop, actor=host, status="cancelled", reason="the trainer is ill")
    assert statuses(workshop) == ["cancelled", "cancelled"]
    pending = Notice.objects.filter(status="pending")
    assert list(pending.values_list("kind", flat=True)) == ["cancelled", "cancelled"]
    workshop.refresh_from_db()
    assert workshop.seats_taken == 0


def test_when_it_begins_the_waiting_list_ends(rts, host):
    workshop = make_workshop(rts, capacity=1)
    enrol(workshop), enrol(workshop)
    move_workshop(workshop, actor=host, status="running")
    assert statuses(workshop) == ["confirmed", "lapsed"]
    with pytest.raises(ConflictError, match="cannot go"):
        move_workshop(workshop, actor=host, status="open")


def test_a_draft_opens_with_a_session_under_a_running_module(rts, host):
    empty = make_workshop(rts, sessions=0, status="draft")
    with pytest.raises(DomainError, match="session"):
        move_workshop(empty, actor=host, status="open")
    ready = make_workshop(rts, status="draft", programme=empty.programme)
    assert move_workshop(ready, actor=host, status="open").status == "open"


def test_events_tell_both_houses_and_name_nobody(workshop, rts, ptrc):
    enrol(workshop)
    event = OutboxEvent.objects.get(kind="enrolment.confirmed")
    assert (event.audience, event.data) == (sorted([rts.pk, ptrc.pk]), {"workshop": str(workshop.uid)})


def test_every_event_of_training_has_words():
    kinds = {f"enrolment.{status}" for status in EnrolmentStatus}
    for path in Path(training.services.__path__[0]).glob("*.py"):
        kinds |= set(re.findall(r'"((?:programme|workshop|participant|certificate)\.[a-z]+)"', path.read_text()))
    assert len(kinds) > 12
    assert kinds - EVENTS.keys() == set()
