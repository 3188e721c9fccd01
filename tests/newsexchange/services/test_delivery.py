"""Claiming and finishing, with no network at all: the ladder, the breaker, order and fencing."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from mediaexchange.core.models import OutboxEvent
from newsexchange.constants import DeliveryStatus, Destination
from newsexchange.models import Delivery, DeliveryAttempt, Subscription
from newsexchange.services.claiming import claim_due
from newsexchange.services.delivery import LADDER, canceled, delivered, finish, missed
from tests.factories import make_delivery, make_subscription

pytestmark = pytest.mark.django_db
WEBHOOK = [Destination.WEBHOOK]
HOUR = timedelta(hours=1)


def make_due(*, closed_breaker: bool = True) -> None:
    """The clock of the rows goes on: everything waiting is due now."""
    Delivery.objects.filter(status=DeliveryStatus.PENDING).update(due_at=timezone.now() - timedelta(seconds=1))
    if closed_breaker:
        Subscription.objects.update(open_until=None)


def claimed(limit: int = 100, **options) -> list[int]:
    return [delivery.pk for delivery in claim_due(WEBHOOK, limit, **options)]


def test_a_claimed_delivery_is_not_claimed_again_until_its_lease_ends():
    delivery = make_delivery()
    assert claimed() == [delivery.pk]
    assert claimed() == []
    Delivery.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    assert claimed() == [delivery.pk]


def test_the_whole_ladder_is_climbed_and_then_it_is_given_up():
    delivery = make_delivery()
    waits = []
    for attempt in range(1, 11):
        (claim,) = claim_due(WEBHOOK, 10)
        before = timezone.now()
        assert finish([missed(claim, "HTTP 500", answer=500, duration_ms=3)]) == {delivery.pk}
        delivery.refresh_from_db()
        assert delivery.attempts == attempt
        waits.append(delivery.due_at - before)
        assert claimed() == []
        make_due()
    assert delivery.status == DeliveryStatus.FAILED
    assert delivery.finished_at is not None
    for wait, rung in zip(waits[:9], LADDER, strict=True):
        assert rung * 0.8 <= wait <= rung * 1.2 + timedelta(seconds=2)
    attempts = list(DeliveryAttempt.objects.order_by("number").values_list("number", "response_status", "error"))
    assert attempts == [(number, 500, "HTTP 500") for number in range(1, 11)]
    assert claimed() == []


def test_a_success_ends_it():
    delivery = make_delivery()
    (claim,) = claim_due(WEBHOOK, 10)
    finish([delivered(claim, answer=204, duration_ms=12)])
    delivery.refresh_from_db()
    assert (delivery.status, delivery.attempts, delivery.response_status) == (DeliveryStatus.DELIVERED, 1, 204)
    assert delivery.lease_token is None
    assert not delivery.failed_attempts.exists()
    assert delivery.subscription.last_success_at is not None


def test_a_late_word_under_a_lost_lease_is_refused():
    delivery = make_delivery()
    (slow,) = claim_due(WEBHOOK, 10)
    Delivery.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    (quick,) = claim_due(WEBHOOK, 10)
    assert finish([missed(slow, "deadline-exceeded")]) == set()
    assert finish([delivered(quick, answer=200)]) == {delivery.pk}
    assert finish([missed(slow, "deadline-exceeded")]) == set()
    delivery.refresh_from_db()
    assert delivery.status == DeliveryStatus.DELIVERED
    assert not DeliveryAttempt.objects.exists()


def test_retry_after_is_obeyed_by_the_whole_subscription():
    first = make_delivery()
    make_delivery(first.subscription)
    (claim,) = claim_due(WEBHOOK, 1)
    assert claim.pk == first.pk
    finish([missed(claim, "HTTP 429", answer=429, retry_after=HOUR)])
    first.refresh_from_db()
    assert first.due_at > timezone.now() + HOUR - timedelta(minutes=1)
    assert first.subscription.open_until > timezone.now() + HOUR - timedelta(minutes=1)
    assert claimed() == []


def test_a_retry_after_of_years_counts_as_a_day():
    delivery = make_delivery()
    (claim,) = claim_due(WEBHOOK, 1)
    finish([missed(claim, "HTTP 503", answer=503, retry_after=timedelta(days=4000))])
    delivery.refresh_from_db()
    assert delivery.due_at < timezone.now() + timedelta(hours=25)


def test_four_failures_open_the_breaker_and_each_trip_doubles_the_pause():
    subscription = make_subscription()
    for _ in range(4):
        make_delivery(subscription)
    claims = claim_due(WEBHOOK, 10)
    finish([missed(claim, "HTTP 500", answer=500) for claim in claims[:3]])
    subscription.refresh_from_db()
    assert (subscription.failures, subscription.open_until) == (3, None)
    finish([missed(claims[3], "HTTP 500", answer=500)])
    subscription.refresh_from_db()
    assert subscription.failures == 4
    assert timedelta(seconds=50) < subscription.open_until - timezone.now() <= timedelta(minutes=1)
    make_due(closed_breaker=False)
    assert claimed() == []
    for pause in (2, 4, 8):
        make_due()
        (probe,) = claim_due(WEBHOOK, 10)  # one alone tries whether it is well again
        finish([missed(probe, "HTTP 500", answer=500)])
        subscription.refresh_from_db()
        assert timedelta(minutes=pause - 0.2) < subscription.open_until - timezone.now() <= timedelta(minutes=pause)
    Subscription.objects.update(trips=40)
    make_due()
    (probe,) = claim_due(WEBHOOK, 10)
    finish([missed(probe, "HTTP 500", answer=500)])
    subscription.refresh_from_db()
    assert timedelta(hours=23) < subscription.open_until - timezone.now() <= timedelta(hours=24)
    make_due()
    (probe,) = claim_due(WEBHOOK, 10)
    finish([delivered(probe, answer=200)])
    subscription.refresh_from_db()
    assert (subscription.failures, subscription.trips, subscription.open_until) == (0, 0, None)
    make_due()
    assert len(claimed()) == 3


def test_failures_that_were_under_way_when_the_breaker_opened_do_not_lengthen_its_pause():
    subscription = make_subscription(last_success_at=timezone.now())
    for _ in range(8):
        make_delivery(subscription)
    claims = claim_due(WEBHOOK, 10)
    finish([missed(claim, "HTTP 500", answer=500) for claim in claims[:4]])
    finish([missed(claim, "HTTP 500", answer=500) for claim in claims[4:]])
    subscription.refresh_from_db()
    assert (subscription.trips, subscription.failures) == (1, 8)


def test_another_subscription_is_not_touched_by_a_breaker():
    broken, well = make_subscription(), make_subscription()
    Subscription.objects.filter(pk=broken.pk).update(open_until=timezone.now() + HOUR)
    make_delivery(broken)
    delivery = make_delivery(well)
    assert claimed() == [delivery.pk]


def test_gone_disables_the_subscription_and_tells_its_owner():
    subscription = make_subscription()
    make_delivery(subscription)
    (claim,) = claim_due(WEBHOOK, 10)
    finish([missed(claim, "HTTP 410", answer=410)])
    subscription.refresh_from_db()
    assert subscription.disabled_at is not None
    make_due()
    assert claimed() == []
    event = OutboxEvent.objects.get(kind="subscription.disabled")
    assert (event.subject_uid, event.audience) == (subscription.uid, [subscription.broadcaster_id])


@pytest.mark.parametrize("fields", [{"is_active": False}, {"disabled_at": timezone.now()}])
def test_what_is_paused_or_disabled_waits(fields):
    delivery = make_delivery()
    Subscription.objects.update(**fields)
    assert claimed() == []
    Subscription.objects.update(is_active=True, disabled_at=None)
    assert claimed() == [delivery.pk]


def test_one_story_goes_in_order_and_holds_up_no_other():
    subscription, story, other = make_subscription(), uuid4(), uuid4()
    first = make_delivery(subscription, subject_uid=story)
    second = make_delivery(subscription, subject_uid=story)
    elsewhere = make_delivery(subscription, subject_uid=other)
    claims = claim_due(WEBHOOK, 10)
    assert [claim.pk for claim in claims] == [first.pk, elsewhere.pk]
    finish([missed(claims[0], "HTTP 500", answer=500), delivered(claims[1])])
    assert claimed() == []
    make_due()
    (claim,) = claim_due(WEBHOOK, 10)
    assert claim.pk == first.pk
    finish([delivered(claim)])
    assert claimed() == [second.pk]


def test_the_order_of_one_subscription_is_not_that_of_another():
    story = uuid4()
    here, there = make_subscription(), make_subscription()
    first = make_delivery(here, subject_uid=story)
    Delivery.objects.update(due_at=timezone.now() + HOUR)
    second = make_delivery(there, subject_uid=story)
    assert claimed() == [second.pk]
    first.refresh_from_db()
    assert first.lease_token is None


def test_a_digest_takes_all_events_of_a_story_at_once():
    digest = make_subscription(destination=Destination.EMAIL, email="desk@example.org", url="")
    story = uuid4()
    expected = {make_delivery(digest, subject_uid=story).pk for _ in range(3)}
    assert {delivery.pk for delivery in claim_due([Destination.EMAIL], 10)} == expected


def test_a_failed_attempt_is_not_repeated_when_a_retraction_waits_behind_it():
    subscription, story = make_subscription(), uuid4()
    first = make_delivery(subscription, subject_uid=story)
    (claim,) = claim_due(WEBHOOK, 10)
    recall = make_delivery(subscription, subject_uid=story, is_retraction=True)
    finish([missed(claim, "HTTP 500", answer=500)])
    first.refresh_from_db()
    assert first.status == DeliveryStatus.CANCELED
    assert claimed() == [recall.pk]


def test_no_subscription_takes_more_than_its_share_and_all_have_their_turn():
    busy, calm = make_subscription(), make_subscription()
    for _ in range(6):
        make_delivery(busy)
    make_delivery(calm)
    claims = claim_due(WEBHOOK, 100, each=4)
    assert [claim.subscription_id for claim in claims].count(busy.pk) == 4
    assert [claim.subscription_id for claim in claims].count(calm.pk) == 1
    assert claim_due(WEBHOOK, 100, each=4, in_flight={busy.pk: 4}) == []
    assert len(claim_due(WEBHOOK, 100, each=4, in_flight={busy.pk: 3})) == 1
    make_delivery(calm)
    (claim,) = claim_due(WEBHOOK, 1, after=busy.pk)
    assert claim.subscription_id == calm.pk


def test_what_was_canceled_is_no_failure():
    delivery = make_delivery()
    (claim,) = claim_due(WEBHOOK, 10)
    finish([canceled(claim, "not-visible")])
    delivery.refresh_from_db()
    assert (delivery.status, delivery.attempts, delivery.error) == (DeliveryStatus.CANCELED, 0, "not-visible")
    assert delivery.subscription.failures == 0
    assert not DeliveryAttempt.objects.exists()
