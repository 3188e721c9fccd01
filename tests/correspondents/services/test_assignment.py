"""Assignments: what a country demands, who may be sent twice, and what the database itself refuses."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from psycopg.types.range import Range

from broadcasters.constants import Role
from correspondents.constants import AssignmentStatus, PaperStatus
from correspondents.findings import findings_of
from correspondents.models import Assignment, Paper
from correspondents.services.access import answer_access, ask_access
from correspondents.services.assignment import (
    accept_assignment,
    cancel_assignment,
    complete_assignment,
    decline_assignment,
    give_assignment,
    redraft_assignment,
    save_assignment,
    start_assignment,
)
from correspondents.services.paper import end_paper
from mediaexchange.core.errors import ConflictError, DomainError, ForbiddenError
from mediaexchange.core.inbox.models import Notification
from mediaexchange.core.models import OutboxEvent
from tests.correspondents.factories import (
    days,
    make_assignment,
    make_correspondent,
    make_desk,
    make_event,
    make_kit,
    make_paper,
    make_requirement,
    make_scheme,
    make_wish,
    set_policy,
)
from tests.factories import make_broadcaster, make_place, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(rts):
    return make_desk(rts)


def refusal(deed, *args, **kwargs):
    with pytest.raises(DomainError) as caught:
        deed(*args, **kwargs)
    return caught.value.code


def refused_by(statement):
    """The constraint that stops a write which no service has looked at."""
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        statement()
    return caught.value.__cause__.diag.constraint_name


def codes(assignment, reader=None):
    assignment.refresh_from_db()
    found = findings_of([assignment], reader=reader).get(assignment.pk, [])
    return [(finding.code, finding.effect) for finding in found]


def under_way(**fields):
    """Accepted, from yesterday to the day after tomorrow in Astana, where accreditation is compulsory."""
    make_requirement()
    return make_assignment(first=-1, last=2, status="accepted", **fields)


def test_no_assignment_starts_without_what_its_country_demands(desk):
    assignment = under_way()
    assert refusal(start_assignment, assignment, actor=desk) == "paper-missing"
    paper = make_paper(assignment.correspondent)
    assert start_assignment(assignment, actor=desk).status == "in-progress"
    assert start_assignment(assignment, actor=desk).status == "in-progress"  # safe to repeat
    assert codes(assignment) == []
    end_paper(paper, actor=desk, status=PaperStatus.REVOKED)
    assert codes(assignment) == [("paper-missing", "block")]  # what runs goes on, and it is seen


def test_the_database_refuses_a_start_without_papers_whoever_writes(rts):
    assignment = under_way()
    rows = Assignment.objects.filter(pk=assignment.pk)

    def begin():
        rows.update(status="in-progress", started_at=timezone.now())

    assert refused_by(begin) == "correspondents_assignment_papers"
    make_paper(assignment.correspondent, status="applied")
    assert refused_by(begin) == "correspondents_assignment_papers"
    make_paper(assignment.correspondent, country_code="RS")
    make_paper(assignment.correspondent, kind="visa")
    make_paper(make_correspondent())
    assert refused_by(begin) == "correspondents_assignment_papers"
    make_paper(assignment.correspondent)
    begin()
    assert rows.get().status == "in-progress"


def test_nobody_else_can_be_put_into_what_runs_without_papers(rts):
    assignment = under_way()
    make_paper(assignment.correspondent)
    start_assignment(assignment, actor=None)
    other = make_correspondent(rts)
    put = Assignment.objects.filter(pk=assignment.pk)
    assert refused_by(lambda: put.update(correspondent=other)) == "correspondents_assignment_papers"


def test_what_is_voluntary_or_for_others_stops_nobody(rts, ptrc):
    make_requirement(country_code="RS", is_compulsory=False, time_zone="Europe/Belgrade", decision_days=8)
    make_requirement(country_code="RS", kind="press-card", for_whom="foreign", time_zone="Europe/Belgrade")
    make_requirement(country_code="RS", kind="visa", is_active=False, time_zone="Europe/Belgrade")
    at_home = make_assignment(
        first=-1, last=2, status="accepted", place=make_place("novi-sad"), time_zone="Europe/Belgrade"
    )
    assert start_assignment(at_home, actor=None).status == "in-progress"
    guest = make_assignment(
        make_correspondent(ptrc), first=-1, last=2, status="accepted", host=rts, place=make_place("novi-sad"),
        time_zone="Europe/Belgrade",
    )  # fmt: skip
    assert refusal(start_assignment, guest, actor=None) == "paper-missing"
    make_paper(guest.correspondent, country_code="RS", kind="press-card", time_zone="Europe/Belgrade")
    assert start_assignment(guest, actor=None).status == "in-progress"


def test_a_carnet_is_demanded_of_who_brings_equipment(rts):
    make_requirement(kind="ata-carnet", for_whom="foreign-with-kit")
    light = make_assignment(first=-1, last=2, status="accepted")
    heavy = make_assignment(first=-1, last=2, status="accepted")
    heavy.kit_bookings.create(kit=make_kit(), period=heavy.period)
    assert codes(light) == []
    assert codes(heavy) == [("paper-missing", "block"), ("paper-late", "warn")]
    assert start_assignment(light, actor=None).status == "in-progress"
    assert refusal(start_assignment, heavy, actor=None) == "paper-missing"


def test_days_are_those_of_the_host(rts):
    """The paper ends on the last day over there, which begins while it is still the day before in Belgrade."""
    make_requirement()
    almaty = ZoneInfo("Asia/Almaty")
    today = timezone.now().astimezone(almaty).date()
    assignment = make_assignment(first=0, last=1, status="accepted")
    paper = make_paper(assignment.correspondent, valid=(today - timedelta(days=9), today - timedelta(days=1)))
    assert refusal(start_assignment, assignment, actor=None) == "paper-missing"
    Paper.objects.filter(pk=paper.pk).update(valid=Range(today, today + timedelta(days=1)))
    assert start_assignment(assignment, actor=None).status == "in-progress"
    assert codes(assignment) == []


def ending_within(effect=None, **fields):
    """An accreditation for the first half of an assignment that begins tomorrow."""
    make_requirement()
    correspondent = make_correspondent()
    if effect:
        set_policy(correspondent.broadcaster, "accreditation-term", effect)
    today = timezone.now().astimezone(ZoneInfo("Asia/Almaty")).date()
    make_paper(correspondent, valid=(today - timedelta(days=5), today + timedelta(days=3)))
    return make_assignment(correspondent, **{"first": -1, "last": 9, "status": "draft"} | fields)


@pytest.mark.parametrize(
    ("effect", "found"),
    [(None, [("paper-ends-within", "warn")]), ("warn", [("paper-ends-within", "warn")]), ("ignore", [])],
)
def test_an_accreditation_that_ends_within_warns_or_is_ignored_as_configured(desk, effect, found):
    assignment = ending_within(effect)
    give_assignment(assignment, actor=desk)
    accept_assignment(assignment, actor=desk)
    start_assignment(assignment, actor=desk)
    assert codes(assignment) == found


def test_an_accreditation_that_ends_within_is_refused_where_the_policy_blocks(desk):
    assignment = ending_within("block")
    assert codes(assignment) == [("paper-ends-within", "block")]
    assert refusal(give_assignment, assignment, actor=desk) == "paper-ends-within"
    rows = Assignment.objects.filter(pk=assignment.pk)
    assert refused_by(lambda: rows.update(status="assigned", assigned_at=timezone.now())) == (
        "correspondents_assignment_term"
    )
    assignment.period = days(-1, 4)  # its last day is the paper's
    save_assignment(assignment, actor=desk, changed=["period"])
    assert give_assignment(assignment, actor=desk).status == "assigned"
    assignment.refresh_from_db()
    assignment.period = days(-1, 5)
    assert refusal(save_assignment, assignment, actor=desk, changed=["period"]) == "paper-ends-within"


def test_an_accreditation_that_is_prolonged_in_time_covers_all(desk):
    assignment = ending_within("block")
    today = timezone.now().astimezone(ZoneInfo("Asia/Almaty")).date()
    make_paper(assignment.correspondent, valid=(today + timedelta(days=4), None))
    assert codes(assignment) == []
    assert give_assignment(assignment, actor=desk).status == "assigned"


def test_a_policy_of_a_module_goes_before_that_of_the_house(desk, rts):
    scheme = make_scheme()
    assignment = ending_within("block", module=scheme)
    set_policy(rts, "accreditation-term", "warn", scheme)
    assert give_assignment(assignment, actor=desk).status == "assigned"
    assert codes(assignment) == [("paper-ends-within", "warn")]


def test_intervals_that_touch_do_not_overlap(desk):
    correspondent = make_correspondent()
    make_assignment(correspondent, first=10, last=15)
    for first, last in ((15, 20), (5, 10)):
        draft = make_assignment(correspondent, first=first, last=last, status="draft")
        assert give_assignment(draft, actor=desk).status == "assigned"
        assert codes(draft) == []


def test_the_same_person_twice_is_refused_by_the_database(desk):
    first = make_assignment(first=10, last=15)
    assert refused_by(lambda: make_assignment(first.correspondent, first=14, last=16)) == "correspondents_person_once"
    draft = make_assignment(first.correspondent, first=14, last=16, status="draft")
    assert codes(draft) == [("person-twice", "block")]
    assert refusal(give_assignment, draft, actor=desk) == "person-twice"
    cancel_assignment(first, actor=desk, reason="The summit is off.")
    assert give_assignment(draft, actor=desk).status == "assigned"


def test_the_same_person_twice_warns_or_is_ignored_as_configured(desk, rts):
    scheme = make_scheme()
    set_policy(rts, "same-person", "warn", scheme)
    person = make_correspondent(rts)
    make_assignment(person, module=scheme)
    draft = make_assignment(person, module=scheme, status="draft")
    assert give_assignment(draft, actor=desk).status == "assigned"
    assert codes(draft) == [("person-twice", "warn")]
    set_policy(rts, "same-person", "ignore", scheme)
    assert codes(draft) == []
    # One that blocks is not overlapped by any, whichever of both comes first.
    assert refused_by(lambda: make_assignment(person)) == "correspondents_person_once"
    other = make_correspondent(rts)
    make_assignment(other)
    assert refused_by(lambda: make_assignment(other, module=scheme)) == "correspondents_person_once"


def test_a_policy_that_is_changed_leaves_what_stands(rts):
    set_policy(rts, "same-person", "warn")
    person = make_correspondent(rts)
    pair = [make_assignment(person), make_assignment(person)]
    set_policy(rts, "same-person", "block")
    assert Assignment.objects.filter(pk__in=[row.pk for row in pair], status="assigned").count() == 2
    assert refused_by(lambda: make_assignment(person)) == "correspondents_person_once"


def test_an_assignment_is_given_accepted_begun_and_completed(rts, ptrc):
    desk, host = make_desk(rts), make_desk(ptrc)
    person = make_correspondent(rts, user=make_user(rts, Role.VIEWER))
    draft = make_assignment(person, first=-1, last=4, status="draft", module=make_scheme(rts, ptrc))
    give_assignment(draft, actor=desk)
    accept_assignment(draft, actor=person.user)
    start_assignment(draft, actor=person.user)
    done = complete_assignment(draft, actor=person.user)
    assert done.status == "completed"
    assert done.ends_at == done.ended_at  # the rest of the time is free
    kinds = Notification.objects.filter(subject_uid=draft.uid).values_list("kind", "recipient")
    assert {("correspondents.assigned", person.user_id), ("correspondents.assigned", host.pk)} <= set(kinds)
    assert ("correspondents.accepted", desk.pk) in kinds
    assert ("correspondents.accepted", person.user_id) not in kinds  # whoever acted knows
    events = OutboxEvent.objects.filter(subject_uid=draft.uid).order_by("pk")
    assert [event.kind.partition(".")[2] for event in events] == ["assigned", "accepted", "started", "completed"]
    assert set(events[0].audience) == {rts.pk, ptrc.pk}


def test_what_is_declined_with_a_reason_can_be_given_to_somebody_else(rts):
    desk, person = make_desk(rts), make_correspondent(rts, user=make_user(rts, Role.VIEWER))
    assignment = make_assignment(person)
    kept = assignment.kit_bookings.create(kit=make_kit(), period=assignment.period)
    assert refusal(decline_assignment, assignment, actor=person.user, reason=" ") == "reason-missing"
    decline_assignment(assignment, actor=person.user, reason="I am at a wedding.")
    kept.refresh_from_db()
    assert kept.released_at is not None
    redraft_assignment(assignment, actor=desk)
    given = give_assignment(assignment, actor=desk, correspondent=make_correspondent(rts))
    assert (given.status, given.status_reason) == ("assigned", "")


def test_only_the_own_desk_and_the_person_move_an_assignment(rts, ptrc):
    assignment = make_assignment(status="accepted", first=-1, last=2)
    for actor in (make_desk(ptrc), make_user(rts, Role.VIEWER), make_desk(make_broadcaster("rtv"))):
        for deed in (accept_assignment, start_assignment, complete_assignment):
            with pytest.raises(ForbiddenError):
                deed(assignment, actor=actor)


def test_nothing_is_given_under_a_module_that_rests(desk, rts, ptrc):
    draft = make_assignment(status="draft", module=make_scheme(rts, ptrc, state="paused"))
    assert refusal(give_assignment, draft, actor=desk) == "module-not-running"


def test_it_begins_on_a_day_of_its_period(desk):
    assert refusal(start_assignment, make_assignment(status="accepted", first=1, last=3), actor=desk) == "not-its-day"
    assert refusal(start_assignment, make_assignment(status="accepted", first=-3, last=0), actor=desk) == "not-its-day"
    with pytest.raises(ConflictError):
        start_assignment(make_assignment(first=-1, last=1), actor=desk)  # nobody has accepted it


def test_what_is_cancelled_is_wanted_again(desk, rts):
    event = make_event(rts)
    assignment = make_assignment(event=event)
    wish = make_wish(event, status="planned", assignment=assignment)
    cancel_assignment(assignment, actor=desk, reason="No flights.")
    wish.refresh_from_db()
    assert (wish.status, wish.assignment) == ("wanted", None)


def test_a_house_sends_its_own_people(desk, rts, ptrc):
    stranger = make_correspondent(ptrc)
    assert (
        refused_by(lambda: make_assignment(stranger, broadcaster=rts, host=None)) == "correspondents_assignment_house"
    )
    draft = make_assignment(make_correspondent(rts), status="draft")
    draft.host = rts
    assert refusal(save_assignment, draft, actor=desk, changed=["host"]) == "own-host"


def test_the_sequence_rises_with_every_change_and_nobody_can_write_it(desk):
    assignment = make_assignment(status="draft")
    before = assignment.changed_at
    give_assignment(assignment, actor=desk)
    assignment.refresh_from_db()
    assert assignment.sequence == 1
    assert assignment.changed_at > before
    Assignment.objects.filter(pk=assignment.pk).update(sequence=99)
    Assignment.objects.filter(pk=assignment.pk).update(priority="normal")  # as it was
    assignment.refresh_from_db()
    assert assignment.sequence == 1
    assignment.period = days(10, 16)
    assert save_assignment(assignment, actor=desk, changed=["period"]).sequence == 2
    event = make_event()
    event.venue = "Palace"
    event.save()
    event.refresh_from_db()
    assert event.sequence == 1


def test_a_period_is_half_open_in_the_database(rts):
    now = datetime(2027, 1, 10, tzinfo=ZoneInfo("UTC"))
    closed = Range(now, now + timedelta(days=1), "[]")
    assert refused_by(lambda: make_assignment(period=closed)) == "correspondents_assignment_period"
    endless = Range(now, None)
    assert refused_by(lambda: make_assignment(period=endless)) == "correspondents_assignment_period"


def test_the_words_of_the_functions_are_those_of_the_constants(rts):
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_functiondef('correspondents_hold_assignment'::regproc)")
        source = cursor.fetchone()[0]
        cursor.execute("SELECT correspondents_effect(%s, NULL, 'same-person')", [rts.pk])
        assert cursor.fetchone()[0] == "block"
    assert "NOT IN ('assigned', 'accepted', 'in-progress')" in source
    assert {AssignmentStatus.ASSIGNED, AssignmentStatus.ACCEPTED, AssignmentStatus.IN_PROGRESS} == {
        "assigned", "accepted", "in-progress",
    }  # fmt: skip


def test_another_host_is_asked_for_access_anew_and_the_former_one_is_told(rts, ptrc):
    rtv = make_broadcaster("rtv")
    row = make_assignment()
    granted = ask_access(row, actor=make_desk(ptrc), sphere="political", conditions="With an escort.")
    refused = ask_access(row, actor=make_desk(rts), sphere="economic")
    answer_access(refused, actor=make_desk(ptrc), status="refused")
    row.host = rtv
    save_assignment(row, actor=None, changed={"host"})
    granted.refresh_from_db()
    assert (granted.status, granted.conditions) == ("withdrawn", "With an escort.")
    standing = row.accesses.exclude(status="withdrawn")
    assert [(access.sphere, access.status, access.conditions) for access in standing] == [
        ("political", "requested", "")
    ]
    told = OutboxEvent.objects.get(kind="assignment.changed", subject_uid=row.uid)
    assert set(told.audience) == {rts.pk, ptrc.pk, rtv.pk}


def test_what_ends_on_its_day_before_its_first_hour_leaves_the_person_free(rts):
    person = make_correspondent(rts)
    today = days(0, 1)
    starts_at = today.upper - timedelta(seconds=1)
    row = make_assignment(person, status="accepted", period=Range(starts_at, starts_at + timedelta(days=10)))
    start_assignment(row, actor=None)
    ended = complete_assignment(row, actor=None)
    assert ended.period == Range(starts_at, starts_at + timedelta(minutes=1))
    assert give_assignment(make_assignment(person, status="draft", first=3, last=5), actor=None).status == "assigned"


def test_coverage_that_is_freed_is_told_of(rts, ptrc):
    event = make_event(rts)
    row = make_assignment(event=event)
    wish = make_wish(event, ptrc, status="planned", assignment=row)
    cancel_assignment(row, actor=None, reason="Snow.")
    wish.refresh_from_db()
    assert (wish.status, wish.assignment) == ("wanted", None)
    told = OutboxEvent.objects.get(subject_uid=wish.uid)
    assert (told.kind, set(told.audience)) == ("coverage.wanted", {rts.pk, ptrc.pk})
