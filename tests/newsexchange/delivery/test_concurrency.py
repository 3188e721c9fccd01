"""Several dispatchers at a time, each with a connection of its own."""

import threading
from collections import Counter

import pytest
from django.db import connections

from newsexchange.constants import DeliveryStatus
from newsexchange.models import Delivery
from newsexchange.services.dispatch import dispatch
from tests.factories import make_broadcaster, make_story, make_subscription, offer

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
