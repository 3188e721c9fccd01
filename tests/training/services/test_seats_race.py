"""Twelve seats, two hundred deeds at the same time, real threads with connections of their own."""

import random
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import F

from mediaexchange.core.errors import DomainError
from mediaexchange.core.models import OutboxEvent
from tests.factories import make_broadcaster
from tests.training.factories import make_participant, make_programme, make_workshop
from training.constants import SEATED
from training.models import Enrolment, SeatQuota, Workshop
from training.services import seating
from training.services.enrolment import accept_offer, nominate_participant, pass_on_offers, withdraw_enrolment

pytestmark = pytest.mark.django_db(transaction=True)
THREADS, SEATS = 8, 12


@pytest.fixture
def workshop() -> Workshop:
    """Seats for twelve, of which PTRC may have seven."""
    rts, ptrc, rtv = (make_broadcaster(slug) for slug in ("rts", "ptrc", "rtv"))
    workshop = make_workshop(rts, capacity=SEATS, programme=make_programme(rts, ptrc, rtv))
    SeatQuota.objects.create(workshop=workshop, broadcaster=ptrc, seats=7)
    return workshop


@pytest.fixture
def people(workshop) -> list[Any]:
    houses = [make_broadcaster("ptrc"), make_broadcaster("rtv")]
    return [make_participant(houses[number % 2]) for number in range(60)]


def side_by_side(deeds: list[Callable[[], object]]) -> list[BaseException]:
    """All deeds, on eight connections, begun together; returns what went wrong but for what rules refuse."""
    start, failures = threading.Barrier(THREADS), []
    lists = [deeds[number::THREADS] for number in range(THREADS)]

    def work(mine: list[Callable[[], object]]) -> None:
        try:
            start.wait(timeout=30)
            for deed in mine:
                try:
                    deed()
                except DomainError:
                    pass
                except (DatabaseError, AssertionError) as error:
                    failures.append(error)
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as pool:
        for done in [pool.submit(work, mine) for mine in lists]:
            done.result(timeout=60)
    return failures


def a_busy_morning(workshop: Workshop, people: list[Any], chance: random.Random) -> list[Callable[[], object]]:
    """Two hundred deeds: everybody is nominated, some twice; seats are given up, taken, let lapse and passed on."""

    def nominate(person: Any) -> Callable[[], object]:
        return lambda: nominate_participant(workshop, person, actor=None)

    def somebody(**wanted: Any) -> Enrolment | None:
        found = list(Enrolment.objects.filter(workshop=workshop, **wanted))
        return chance.choice(found) if found else None

    def withdraw() -> None:
        if found := somebody(status__in=["confirmed", "offered", "waiting"]):
            withdraw_enrolment(found, actor=None)

    def accept() -> None:
        if found := somebody(status="offered"):
            accept_offer(found, actor=None)

    def lapse() -> None:
        if found := somebody(status="offered"):
            Enrolment.objects.filter(pk=found.pk, status="offered").update(offer_ends_at=F("nominated_at"))
        pass_on_offers()

    rest = [withdraw] * 60 + [accept] * 40 + [lapse] * 20 + [nominate(person) for person in people[:20]]
    chance.shuffle(rest)
    first = [nominate(person) for person in people]
    deeds = first[:30] + [deed for pair in zip(first[30:], rest[:30], strict=True) for deed in pair] + rest[30:]
    assert len(deeds) == 200
    return deeds


def broken_promises(workshop: Workshop) -> list[str]:
    """What is not as it must be, asked of the rows and of the events, not of the counters."""
    found = []
    rows = Enrolment.objects.filter(workshop=workshop)
    seated = rows.filter(status__in=SEATED)
    workshop.refresh_from_db()
    if seated.count() > SEATS:
        found.append(f"{seated.count()} seats given")
    if seated.count() != workshop.seats_taken:
        found.append("miscounted")
    quota = SeatQuota.objects.get(workshop=workshop)
    if seated.filter(broadcaster=quota.broadcaster).count() > quota.seats:
        found.append("a house has too many")
    if seated.count() < SEATS and rows.waiting().that_fit().exists():
        found.append("a seat is lost")
    active = list(rows.active().values_list("participant_id", flat=True))
    if len(active) != len(set(active)):
        found.append("somebody is there twice")
    return found + out_of_order(workshop)


def out_of_order(workshop: Workshop) -> list[str]:
    """Within a house, offers were made in the order of the list: told by the events, which the lock puts in order."""
    numbers = {
        uid: (house, number)
        for uid, house, number in Enrolment.objects.filter(workshop=workshop, queue_number__isnull=False).values_list(
            "uid", "broadcaster_id", "queue_number"
        )
    }
    last: dict[int, int] = {}
    for uid in (
        OutboxEvent.objects.filter(kind="enrolment.offered").order_by("id").values_list("subject_uid", flat=True)
    ):
        house, number = numbers[uid]
        if number < last.get(house, 0):
            return ["the order is not kept"]
        last[house] = number
    return []


@contextmanager
def watched(workshop: Workshop) -> Iterator[set[str]]:
    """What an onlooker who asks again and again sees broken, each time in one snapshot of all rows."""
    seen, over = set[str](), threading.Event()

    def look() -> None:
        try:
            while not over.wait(0.05):
                with transaction.atomic():
                    with connection.cursor() as cursor:
                        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
                    seen.update(broken_promises(Workshop.objects.get(pk=workshop.pk)))
        finally:
            connection.close()

    onlooker = threading.Thread(target=look)
    onlooker.start()
    try:
        yield seen
    finally:
        over.set()
        onlooker.join(timeout=30)


def test_of_200_simultaneous_deeds_none_gives_a_thirteenth_seat_loses_one_or_breaks_the_order(workshop, people):
    with watched(workshop) as seen:
        failures = side_by_side(a_busy_morning(workshop, people, random.Random(7)))
    assert failures == []
    assert seen == set()
    pass_on_offers()
    assert broken_promises(workshop) == []
    told = OutboxEvent.objects.filter(kind__startswith="enrolment.").values_list("kind", flat=True)
    assert {"enrolment.offered", "enrolment.lapsed", "enrolment.withdrawn", "enrolment.waiting"} <= set(told)


@contextmanager
def without_constraint() -> Any:
    table, name = "training_workshop", "training_workshop_not_overbooked"
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    try:
        yield
    finally:
        Enrolment.objects.update(status="withdrawn", offer_ends_at=None)
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK (seats_taken <= capacity)")


def take_the_lock_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """The workshop is read, not locked; whoever finds a seat needs a moment before it is taken."""

    def unlocked(workshop_id: int) -> Workshop:
        return Workshop.objects.select_related("programme__module", "broadcaster").get(pk=workshop_id)

    def slowly(workshop: Workshop, house_id: int | None = None) -> bool:
        answer = asked(workshop, house_id)
        time.sleep(0.02)
        return answer

    asked = seating._has_seat
    for module in ("seating", "enrolment"):
        monkeypatch.setattr(f"training.services.{module}.lock_workshop", unlocked)
    monkeypatch.setattr(seating, "_has_seat", slowly)


def test_without_the_lock_the_database_still_refuses_a_thirteenth_seat_but_deeds_fail(workshop, people, monkeypatch):
    take_the_lock_away(monkeypatch)
    failures = side_by_side(
        [lambda person=person: nominate_participant(workshop, person, actor=None) for person in people]
    )
    assert failures
    assert Enrolment.objects.filter(workshop=workshop, status__in=SEATED).count() <= SEATS


def test_without_lock_and_constraint_there_is_a_thirteenth_seat(workshop, people, monkeypatch):
    """What the test above looks for can be found."""
    take_the_lock_away(monkeypatch)
    with without_constraint():
        side_by_side(
            [lambda person=person: nominate_participant(workshop, person, actor=None) for person in people[1::2]]
        )
        assert any("seats given" in promise for promise in broken_promises(workshop))
