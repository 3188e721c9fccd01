"""Several dispatchers at a time, each with a connection of its own."""

import threading
import time
from collections import Counter

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone

from newsexchange.constants import DeliveryStatus, Destination
from newsexchange.models import Delivery, Subscription
from newsexchange.services.claiming import claim_due
from newsexchange.services.delivery import finish, missed
from newsexchange.services.dispatch import dispatch
from tests.factories import make_broadcaster, make_delivery, make_story, make_subscription, offer

HOOK = [Destination.WEBHOOK]
STORIES, SUBSCRIBERS, DISPATCHERS = 15, 4, 3


@pytest.mark.django_db(transaction=True)
def test_three_dispatchers_at_once_send_every_event_once_to_everybody(receive):
    rts, ptrc = make_broadcaster("rts"), make_broadcaster("ptrc")
    receiver = receive()
    for _ in range(SUBSCRIBERS):
        make_subscription(ptrc, url=receiver.url)
    for _ in range(STORIES):
        offer(make_story(rts), ptrc)
    failures = []

    def work() -> None:
        try:
            dispatch(linger_s=0.5, work_s=20, timeout=10)
        except Exception as error:  # noqa: BLE001 — whatever it is, the test must fail of it
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(DISPATCHERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert not Delivery.objects.exclude(status=DeliveryStatus.DELIVERED).exists()
    sent = Counter(message.id for message in receiver.messages)
    assert len(sent) == Delivery.objects.count() == STORIES * SUBSCRIBERS
    assert set(sent.values()) == {1}


@pytest.mark.django_db(transaction=True)
def test_who_changes_a_subscription_never_waits_for_who_writes_results_and_waits_for_it():
    """Both lock the subscription before its deliveries: the other order here would be a deadlock."""
    subscription = make_subscription()
    make_delivery(subscription)
    (claim,) = claim_due(HOOK, 1)
    failures = []

    def write() -> None:
        try:
            finish([missed(claim, "HTTP 500", answer=500)])
        except Exception as error:  # noqa: BLE001 — whatever it is, the test must fail of it
            failures.append(error)
        finally:
            connections.close_all()

    writer = threading.Thread(target=write)
    with transaction.atomic():
        Subscription.objects.select_for_update(no_key=True).get(pk=subscription.pk)
        writer.start()
        wait_until_somebody_waits()
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '2s'")
        assert Delivery.objects.filter(subscription=subscription).update(due_at=timezone.now()) == 1
    writer.join()
    assert failures == []
    assert Delivery.objects.get().attempts == 1


def wait_until_somebody_waits() -> None:
    deadline = time.monotonic() + 20
    with connection.cursor() as cursor:
        while time.monotonic() < deadline:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
            time.sleep(0.02)
    raise AssertionError("nobody came to wait")
