"""What a subscriber that never answers costs the others: counted, not timed."""

import time
from collections import Counter
from collections.abc import Iterable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mediaexchange.core.outgoing.courier import Answer
from newsexchange.constants import DeliveryStatus
from newsexchange.delivery.postman import Parcel, Report
from newsexchange.models import Delivery
from newsexchange.services.claiming import FEW
from newsexchange.services.dispatch import START, _Dispatcher
from tests.factories import make_delivery, make_subscription

pytestmark = pytest.mark.django_db
WELL, EACH = 4, 60


class InstantPostman:
    """Has every answer at once, but for subscriptions that hang: what is counted does not hang on a clock."""

    def __init__(self, hanging: Iterable[int]) -> None:
        self.in_flight: Counter[int] = Counter()
        self.sent: Counter[int] = Counter()
        self._hanging = set(hanging)
        self._answered: list[Parcel] = []

    @property
    def load(self) -> int:
        return self.in_flight.total()

    def stalled(self, _seconds: float) -> dict[int, int]:
        return {pk: count for pk, count in self.in_flight.items() if pk in self._hanging and count}

    def send(self, parcels: Iterable[Parcel]) -> None:
        for parcel in parcels:
            pk = parcel.delivery.subscription_id
            self.in_flight[pk] += 1
            self.sent[pk] += 1
            if pk not in self._hanging:
                self._answered.append(parcel)

    def collect(self, _seconds: float, _enough: int) -> list[Report]:
        answered, self._answered = self._answered, []
        self.in_flight -= Counter(parcel.delivery.subscription_id for parcel in answered)
        return [Report(parcel, answer=Answer(204, 1)) for parcel in answered]


def cost(*, hung: int) -> tuple[int, int, InstantPostman]:
    """Passes and statements until the others have all; the fan-out is no part of it."""
    Delivery.objects.all().delete()
    well = [make_subscription() for _ in range(WELL)]
    stuck = [make_subscription() for _ in range(hung)]
    for subscription in (*well, *stuck):
        for _ in range(EACH):
            make_delivery(subscription, subject_type="request")
    postman = InstantPostman(subscription.pk for subscription in stuck)
    dispatcher = _Dispatcher(postman, time.monotonic(), 600.0, 0.0)
    dispatcher._looked_at = time.monotonic() + 600  # nothing new is looked for
    passes = 0
    with CaptureQueriesContext(connection) as statements:
        while dispatcher._arrived < WELL * EACH:
            assert dispatcher._pass()
            passes += 1
            assert passes < 100
    arrived = Delivery.objects.filter(subscription__in=well, status=DeliveryStatus.DELIVERED)
    assert arrived.count() == WELL * EACH
    return passes, len(statements), postman


def test_a_hung_subscriber_costs_the_others_no_pass_and_no_statement():
    passes, statements, _postman = cost(hung=0)
    assert cost(hung=1)[:2] == (passes, statements)


def test_a_hung_subscriber_is_sent_no_more_than_opens_its_breaker():
    _passes, _statements, postman = cost(hung=1)
    (stuck,) = postman.in_flight
    assert postman.sent[stuck] == FEW
    claimed = Delivery.objects.filter(subscription=stuck, lease_token__isnull=False)
    assert claimed.count() == FEW


def test_ten_hung_subscribers_leave_room_for_the_others():
    _passes, _statements, postman = cost(hung=10)
    assert postman.load == 10 * FEW


def test_a_window_grows_with_answers_and_begins_anew_after_a_failure():
    subscription = make_subscription()
    dispatcher = _Dispatcher(InstantPostman([]), time.monotonic(), 600.0, 0.0)
    dispatcher._looked_at = time.monotonic() + 600
    for _ in range(FEW + START + 100):
        make_delivery(subscription, subject_type="request")
    sizes = []
    while len(sizes) < 4:
        before = dispatcher._postman.sent[subscription.pk]
        dispatcher._pass()
        sizes.append(dispatcher._postman.sent[subscription.pk] - before)
    assert sizes[:3] == [FEW, START, 2 * (FEW + START)]
    assert sizes[3] > sizes[2]
