"""Posting many at once: what is reported when."""

import time
from uuid import uuid4

import pytest

from newsexchange.delivery.postman import STALLED_S, Parcel, Postman
from newsexchange.services.claiming import Claim

TIMEOUT_S = 20.0


def parcels(url: str, subscription: int, count: int) -> list[Parcel]:
    claims = [Claim(1000 * subscription + n, uuid4(), subscription, 1, 0, uuid4()) for n in range(count)]
    return [Parcel(claim, url, b"{}", {}, time.monotonic() + 60) for claim in claims]


def test_who_has_stalled_is_not_waited_for_with_the_others(receive, misbehave):
    hang = misbehave()
    hang.play(hang.drip(b"HTTP/1.1 200", b"", every=0.1))
    receiver = receive()
    with Postman(timeout=TIMEOUT_S) as postman:
        postman.send(parcels(hang.url(), 1, 3))
        assert postman.collect(2 * STALLED_S, 100) == []
        assert postman.stalled(STALLED_S) == {1: 3}
        postman.send(parcels(receiver.url, 2, 30))
        reports = []
        while len(reports) < 30:  # were the hung ones waited for, this would take until their deadline
            reports += postman.collect(TIMEOUT_S, 100)
        assert {report.parcel.delivery.subscription_id for report in reports} == {2}
        assert postman.in_flight == {1: 3}


def test_its_owner_is_woken_once_for_many(receive):
    receiver = receive()
    with Postman(timeout=TIMEOUT_S) as postman:
        postman.send(parcels(receiver.url, 1, 40))
        assert len(postman.collect(TIMEOUT_S, 40)) == 40
        assert postman.load == 0
        assert postman.collect(TIMEOUT_S, 40) == []


@pytest.mark.parametrize("enough", [1, 5])
def test_no_more_is_waited_for_than_is_enough(receive, misbehave, enough):
    hang = misbehave()
    hang.play(hang.drip(b"HTTP/1.1 200", b"", every=0.1))
    receiver = receive()
    with Postman(timeout=TIMEOUT_S) as postman:
        postman.send([*parcels(hang.url(), 1, 1), *parcels(receiver.url, 2, 8)])
        assert len(postman.collect(TIMEOUT_S, enough)) >= enough


def test_what_is_too_late_to_start_is_reported_as_never_started(receive):
    receiver = receive()
    (late,) = parcels(receiver.url, 1, 1)
    late.start_before = time.monotonic() - 1
    with Postman(timeout=TIMEOUT_S) as postman:
        postman.send([late])
        (report,) = postman.collect(TIMEOUT_S, 1)
    assert (report.answer, report.error) == (None, None)
    assert receiver.messages == []


def test_what_cannot_even_be_sent_is_reported_too(receive):
    receiver = receive()
    broken, well = parcels(receiver.url, 1, 2)
    broken.headers = {"X-Number": 1}
    with Postman(timeout=TIMEOUT_S) as postman:
        postman.send([broken, well])
        reports = []
        while len(reports) < 2:
            found = postman.collect(TIMEOUT_S, 2)
            assert found, "nobody told of it"
            reports += found
        assert postman.load == 0
    errors = {report.parcel.delivery.pk: report.error for report in reports}
    assert errors[well.delivery.pk] is None
    assert errors[broken.delivery.pk].code == "outgoing-failed"
