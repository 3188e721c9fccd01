"""Hand-overs: the rest passes on, both sides are told, nothing is lost between them."""

from datetime import timedelta

import pytest
from django.utils import timezone
from psycopg.types.range import Range

from correspondents.models import Assignment, Paper
from correspondents.services.assignment import save_assignment, start_assignment
from correspondents.services.hand_over import accept_hand_over, decline_hand_over, offer_hand_over, withdraw_hand_over
from correspondents.services.kit import book_kit
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
)
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def test_the_rest_of_an_assignment_passes_to_a_colleague(rts, ptrc):
    make_requirement()
    desk, host = make_desk(rts), make_desk(ptrc)
    giver, taker = (make_correspondent(rts, user=make_user(rts)) for _each in "ab")
    event = make_event(rts)
    assignment = make_assignment(giver, first=-2, last=6, status="accepted", event=event, brief_sr="Два прилога.")
    make_paper(giver)
    start_assignment(assignment, actor=giver.user)
    book_kit(make_kit(), assignment, actor=desk)
    assignment.accesses.create(sphere="political", status="granted")
    wish = make_wish(event, status="planned", assignment=assignment)
    ends_at, at = assignment.ends_at, timezone.now() + timedelta(hours=1)
    offer = offer_hand_over(
        assignment, actor=giver.user, to_correspondent=taker, at=at, matters="Интервју у министарству у петак."
    )
    accept_hand_over(offer, actor=taker.user)
    offer.refresh_from_db()
    assignment.refresh_from_db()
    rest = offer.successor
    assert (assignment.status, assignment.ends_at) == ("in-progress", at)
    assert (rest.status, rest.correspondent, rest.starts_at, rest.ends_at) == ("accepted", taker, at, ends_at)
    assert (rest.brief_sr, rest.host, rest.event) == ("Два прилога.", ptrc, event)
    assert [(row.sphere, row.status) for row in rest.accesses.all()] == [("political", "requested")]
    ends = [(booking.assignment_id, booking.period.lower, booking.period.upper) for booking in
            rest.kit_bookings.all().union(assignment.kit_bookings.all()).order_by("period")]  # fmt: skip
    assert ends == [(assignment.pk, assignment.starts_at, at), (rest.pk, at, ends_at)]
    wish.refresh_from_db()
    assert wish.assignment == rest
    assert Paper.objects.get(correspondent=taker).status == "wanted"  # what the country demands of the next one
    told = Notification.objects.filter(kind="correspondents.hand-over", subject_uid=offer.uid)
    assert {row.recipient_id for row in told} >= {desk.pk, host.pk, giver.user_id, taker.user_id}
    event_row = OutboxEvent.objects.get(kind="hand-over.accepted")
    assert set(event_row.audience) == {rts.pk, ptrc.pk}
    assert "министарству" not in str(event_row.data)


def test_who_is_engaged_cannot_take_over(rts):
    assignment, taker = make_assignment(first=5, last=15), make_correspondent(rts)
    make_assignment(taker, first=12, last=20)
    at = assignment.starts_at + timedelta(days=2)
    offer = offer_hand_over(assignment, actor=None, to_correspondent=taker, at=at, matters="The keys.")
    with pytest.raises(ConflictError) as caught:
        accept_hand_over(offer, actor=None)
    assert caught.value.code == "person-twice"
    assignment.refresh_from_db()
    assert assignment.ends_at > at  # nothing has happened to the giver


def test_a_hand_over_is_answered_by_who_takes_and_withdrawn_by_who_gives(rts, ptrc):
    scheme = make_scheme(rts, ptrc)
    assignment, taker = make_assignment(module=scheme), make_correspondent(ptrc)
    at = assignment.starts_at + timedelta(days=1)
    values = {"to_correspondent": taker, "at": at, "matters": "The keys."}
    offer = offer_hand_over(assignment, actor=make_desk(rts), **values)
    with pytest.raises(ForbiddenError):
        accept_hand_over(offer, actor=make_desk(rts))
    with pytest.raises(ForbiddenError):
        withdraw_hand_over(offer, actor=make_desk(ptrc))
    with pytest.raises(ConflictError):
        offer_hand_over(assignment, actor=None, **values)  # it is with somebody already
    decline_hand_over(offer, actor=make_desk(ptrc), reason="Nobody is free.")
    second = offer_hand_over(assignment, actor=None, **values)
    accept_hand_over(second, actor=make_desk(ptrc))
    rest = Assignment.objects.get(predecessor=second)
    assert (rest.broadcaster, rest.host) == (ptrc, None)  # the host is no guest


def test_it_is_handed_over_within_its_period_to_somebody_of_a_party(rts, ptrc):
    assignment = make_assignment()
    cases = [
        {"to_correspondent": make_correspondent(rts), "at": assignment.ends_at, "matters": "Keys."},
        {"to_correspondent": assignment.correspondent, "at": assignment.starts_at + timedelta(1), "matters": "Keys."},
        {"to_correspondent": make_correspondent(ptrc), "at": assignment.starts_at + timedelta(1), "matters": "Keys."},
        {"to_correspondent": make_correspondent(rts), "at": assignment.starts_at + timedelta(1), "matters": " "},
    ]
    for case in cases:
        with pytest.raises(DomainError):
            offer_hand_over(assignment, actor=None, **case)


def test_equipment_that_is_booked_for_later_passes_on_for_when_it_was_booked(rts):
    kit, assignment, other = make_kit(), make_assignment(first=10, last=20), make_assignment(first=10, last=20)
    later, before = days(16, 20), days(12, 16)
    book_kit(kit, assignment, actor=None, starts_at=later.lower, ends_at=later.upper)
    book_kit(kit, other, actor=None, starts_at=before.lower, ends_at=before.upper)
    offer = offer_hand_over(
        assignment, actor=None, to_correspondent=make_correspondent(rts), at=days(13, 14).lower, matters="The keys."
    )
    successor = accept_hand_over(offer, actor=None).successor
    assert [booking.period for booking in successor.kit_bookings.all()] == [later]


def test_a_paper_that_is_revoked_meanwhile_stops_neither_a_shorter_stay_nor_a_hand_over_but_a_longer_one(rts):
    make_requirement()
    giver = make_correspondent(rts)
    paper = make_paper(giver)
    assignment = make_assignment(giver, status="accepted", first=-1, last=10)
    start_assignment(assignment, actor=None)
    end_paper(paper, actor=None, status="revoked")
    assignment.refresh_from_db()
    begun = assignment.starts_at

    def ending(day):
        assignment.period = Range(begun, days(0, day).upper)
        return save_assignment(assignment, actor=None, changed={"period"})

    assert ending(8).ends_at == days(0, 8).upper
    with pytest.raises(ConflictError) as caught:
        ending(9)
    assert caught.value.code == "paper-missing"
    offer = offer_hand_over(
        assignment, actor=None, to_correspondent=make_correspondent(rts), at=days(3, 4).lower, matters="The keys."
    )
    assert accept_hand_over(offer, actor=None).status == "accepted"
