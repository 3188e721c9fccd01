"""Milestones and what they were when partners agreed."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from mediaexchange.core.errors import ConflictError, DomainError, ForbiddenError
from mediaexchange.core.inbox.models import Notification
from productions.models import Baseline, BaselineMilestone, Milestone
from productions.services.baseline import compare, lock_baseline
from productions.services.reminders import tell_of_schedules
from productions.services.schedule import (
    cancel_milestone,
    finish_milestone,
    reopen_milestone,
    save_milestone,
)
from tests.factories import make_user
from tests.productions.factories import make_milestone, make_producer, make_production, make_window

pytestmark = pytest.mark.django_db


@pytest.fixture
def production(rts, ptrc):
    return make_production(rts, ptrc)


def test_a_day_ends_when_it_ends_in_the_zone_of_the_milestone(production, rts, ptrc):
    belgrade = make_milestone(production, rts, due_on=date(2027, 3, 28))  # the day of 23 hours
    astana = make_milestone(production, ptrc, due_on=date(2027, 3, 28))
    exact = make_milestone(production, ptrc, due_at=datetime(2027, 3, 28, 12, tzinfo=UTC))
    ends = {each.pk: each.ends_at for each in Milestone.objects.all()}
    assert ends[belgrade.pk] == belgrade.late_from == datetime(2027, 3, 28, 22, tzinfo=UTC)
    assert ends[astana.pk] == astana.late_from == datetime(2027, 3, 28, 19, tzinfo=UTC)
    assert ends[exact.pk] == exact.late_from == datetime(2027, 3, 28, 12, tzinfo=UTC)
    assert belgrade.state(datetime(2027, 3, 28, 21, 59, tzinfo=UTC)) == "open"
    assert belgrade.state(datetime(2027, 3, 28, 22, tzinfo=UTC)) == "late"


def test_any_partner_plans_and_the_owner_says_that_it_is_done(production, rts, ptrc):
    owner = production.partners.get(broadcaster=ptrc)
    belgrade, astana = make_producer(rts), make_producer(ptrc)
    draft = Milestone(production=production, owner=owner, title_kk="Сценарий дайын", due_on=date(2027, 2, 1))
    milestone = save_milestone(draft, actor=belgrade)
    assert (milestone.time_zone, milestone.position) == ("Asia/Almaty", 1)
    with pytest.raises(ForbiddenError):
        finish_milestone(milestone, actor=belgrade)
    with pytest.raises(ForbiddenError):
        save_milestone(milestone, actor=make_user(rts), changed={"due_on"})
    done = finish_milestone(milestone, actor=astana)
    assert finish_milestone(milestone, actor=astana).done_at == done.done_at
    told = Notification.objects.get(kind="productions.milestone-done")
    assert told.recipient == belgrade
    assert reopen_milestone(milestone, actor=astana).is_open
    assert cancel_milestone(milestone, actor=belgrade).sequence == 3
    with pytest.raises(ConflictError):
        save_milestone(milestone, actor=belgrade, changed={"due_on"})


def test_the_sequence_rises_with_what_calendars_tell_and_with_nothing_else(production):
    milestone = make_milestone(production)
    milestone.position = 99
    assert save_milestone(milestone, actor=None, changed={"position"}).sequence == 0
    milestone.due_on = date(2027, 4, 2)
    assert save_milestone(milestone, actor=None, changed={"due_on"}).sequence == 1
    milestone.due_at = datetime(2027, 4, 2, 9, tzinfo=UTC)
    with pytest.raises(DomainError):
        save_milestone(milestone, actor=None, changed={"due_at"})  # a day and an instant


def test_nothing_waits_for_itself_by_any_road(production, rts):
    first, second, third = (make_milestone(production) for _ in range(3))
    save_milestone(second, actor=None, waits_for=[first])
    save_milestone(third, actor=None, waits_for=[second])
    with pytest.raises(DomainError) as refused:
        save_milestone(first, actor=None, waits_for=[third])
    assert refused.value.code == "milestone-circle"
    with pytest.raises(IntegrityError, match="would wait for itself"), transaction.atomic():
        first.depends_on.add(first)
    with pytest.raises(IntegrityError, match="its own production"), transaction.atomic():
        first.depends_on.add(make_milestone(make_production(rts)))
    with pytest.raises(ConflictError) as waiting:
        finish_milestone(third, actor=None)
    assert [reason["milestone"] for reason in waiting.value.details["reasons"]] == [str(second.uid)]
    finish_milestone(first, actor=None)
    cancel_milestone(second, actor=None)
    assert finish_milestone(third, actor=None).is_done


def test_an_owner_is_a_partner_of_the_same_production_in_the_database_too(production, rts):
    milestone, elsewhere = make_milestone(production), make_production(rts)

    def give_away():
        Milestone.objects.filter(pk=milestone.pk).update(owner=elsewhere.partners.get())
        connection.check_constraints()

    with pytest.raises(IntegrityError, match="own_owner"), transaction.atomic():
        give_away()


def test_a_locked_baseline_stays_as_it_was_whatever_writes(production, rts):
    milestone = make_milestone(production)
    producer = make_producer(rts)
    baseline = lock_baseline(production, actor=producer, name="Signed in Belgrade")
    assert baseline.locked_by == producer
    rows = BaselineMilestone.objects.filter(baseline=baseline)
    attempts = [
        lambda: rows.update(due_on=date(2027, 9, 9)),
        lambda: rows.delete(),
        lambda: Baseline.objects.filter(pk=baseline.pk).update(name="Something else"),
        lambda: Baseline.objects.filter(pk=baseline.pk).update(locked_at=None),
        lambda: Baseline.objects.filter(pk=baseline.pk)._raw_delete("default"),
        lambda: BaselineMilestone.objects.create(
            baseline=baseline, milestone=make_milestone(production), owner=milestone.owner, title_en="Slipped in",
            due_on=date(2027, 9, 9), time_zone="UTC",
        ),
    ]  # fmt: skip
    for attempt in attempts:
        with pytest.raises(IntegrityError, match="is locked"), transaction.atomic():
            attempt()
    assert rows.get().due_on == milestone.due_on
    with pytest.raises(ConflictError):
        lock_baseline(production, actor=producer, name="Signed in Belgrade")


@time_machine.travel(datetime(2027, 4, 10, 12, tzinfo=UTC))
def test_the_present_is_compared_in_days_late_and_early(production, django_assert_num_queries):
    late, early, same, off = (make_milestone(production, due_on=date(2027, 3, 31)) for _ in range(4))
    baseline = lock_baseline(production, actor=None, name="First")
    late.due_on = date(2027, 4, 14)
    save_milestone(late, actor=None, changed={"due_on"})
    finish_milestone(early, actor=None, at=datetime(2027, 3, 28, 22, 30, tzinfo=UTC))  # 29 March in Belgrade already
    cancel_milestone(off, actor=None)
    new = make_milestone(production)
    with django_assert_num_queries(2):
        shifts = compare(production, baseline)
        days = {shift.milestone.pk: shift.days for shift in shifts}
        assert all(shift.milestone.owner.broadcaster.slug for shift in shifts)
    assert days == {late.pk: 14, early.pk: -2, same.pk: 0, off.pk: None, new.pk: None}


def test_late_milestones_and_windows_within_thirty_days_are_told_once_for_each_moment(production, rts, ptrc):
    producers = {make_producer(rts).pk, make_producer(ptrc).pk}
    now = timezone.now()
    late = make_milestone(production, due_at=now - timedelta(hours=1))
    make_milestone(production, due_at=now + timedelta(hours=1))
    finish_milestone(make_milestone(production, due_at=now - timedelta(days=1)), actor=None)
    Notification.objects.all().delete()
    soon = make_window(production, starts_at=now + timedelta(days=29), ends_at=now + timedelta(days=90))
    ending = make_window(production, starts_at=now - timedelta(days=9), ends_at=now + timedelta(days=20))
    make_window(production, starts_at=now + timedelta(days=31), ends_at=None)
    assert tell_of_schedules() == 3
    assert tell_of_schedules() == 0
    told = Notification.objects.values_list("kind", "subject_uid", "recipient")
    assert set(told) == {
        (kind, uid, person)
        for kind, uid in (
            ("productions.milestone-late", late.uid),
            ("productions.window-opens", soon.uid),
            ("productions.window-ends", ending.uid),
        )
        for person in producers
    }
    Milestone.objects.filter(pk=late.pk).update(due_at=now - timedelta(minutes=1))
    assert tell_of_schedules() == 1
