"""Deeds side by side, on connections of their own: one wins, the others are told, nobody waits for each other."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import DatabaseError, connection

from correspondents.models import Assignment, HandOver, KitBooking, Paper
from correspondents.services import locking
from correspondents.services.assignment import give_assignment, start_assignment
from correspondents.services.hand_over import accept_hand_over, offer_hand_over
from correspondents.services.kit import book_kit
from correspondents.services.paper import end_paper
from mediaexchange.core.errors import DomainError
from tests.correspondents.factories import (
    make_assignment,
    make_correspondent,
    make_kit,
    make_paper,
    make_requirement,
)

pytestmark = pytest.mark.django_db(transaction=True)
THREADS = 8


def side_by_side(deeds: list[Callable[[], object]]) -> tuple[int, list[str], list[DatabaseError]]:
    """All at once; how many went through, the codes of what was refused, and what broke."""
    start, done = threading.Barrier(len(deeds)), 0
    refused: list[str] = []
    broken: list[DatabaseError] = []

    def work(deed: Callable[[], object]) -> bool:
        try:
            start.wait(timeout=30)
            deed()
        except DomainError as error:
            refused.append(error.code)
        except DatabaseError as error:
            broken.append(error)
        else:
            return True
        finally:
            connection.close()
        return False

    with ThreadPoolExecutor(len(deeds)) as pool:
        done = sum(pool.map(work, deeds))
    return done, refused, broken


def on(deed: Callable[..., object], *args: Any, **kwargs: Any) -> Callable[[], object]:
    return lambda: deed(*args, actor=None, **kwargs)


def test_of_many_assignments_for_the_same_days_one_is_given(db):
    person = make_correspondent()
    drafts = [make_assignment(person, status="draft") for _number in range(THREADS)]
    done, refused, broken = side_by_side([on(give_assignment, draft) for draft in drafts])
    assert (done, sorted(set(refused)), broken) == (1, ["person-twice"], [])
    assert Assignment.objects.filter(correspondent=person, status="assigned").count() == 1


def test_of_many_bookings_of_a_camera_one_stands(db):
    kit = make_kit()
    assignments = [make_assignment() for _number in range(THREADS)]
    done, refused, broken = side_by_side([on(book_kit, kit, assignment) for assignment in assignments])
    assert (done, sorted(set(refused)), broken) == (1, ["kit-twice"], [])
    assert KitBooking.objects.standing().filter(kit=kit).count() == 1


def test_a_paper_that_is_revoked_meanwhile_starts_nothing(db):
    """Whichever comes first: never does an assignment begin after the revocation."""
    make_requirement()
    for _round in range(4):
        assignment = make_assignment(first=-1, last=2, status="accepted")
        paper = make_paper(assignment.correspondent)
        _done, refused, broken = side_by_side(
            [on(start_assignment, assignment), on(end_paper, paper, status="revoked")]
        )
        assert broken == []
        assignment.refresh_from_db()
        assert Paper.objects.get(pk=paper.pk).status == "revoked"
        assert assignment.status == ("accepted" if "paper-missing" in refused else "in-progress")


def test_two_who_hand_over_to_each_other_do_not_wait_for_ever(db):
    pairs = []
    for _number in range(3):
        first, second = make_assignment(first=5, last=15), make_assignment(first=5, last=15)
        middle = first.starts_at + (first.ends_at - first.starts_at) / 2
        offers = [
            offer_hand_over(one, actor=None, to_correspondent=other.correspondent, at=middle, matters="The keys.")
            for one, other in ((first, second), (second, first))
        ]
        pairs += offers
    _done, refused, broken = side_by_side([on(accept_hand_over, offer) for offer in pairs])
    assert broken == []
    assert set(refused) <= {"person-twice", "assignment-not-open"}
    for offer in HandOver.objects.filter(status="accepted"):
        assert offer.assignment.ends_at == offer.successor.starts_at


def test_even_without_the_locks_the_database_gives_nobody_two_assignments(db, monkeypatch):
    """What the locks spare is that deeds wait for each other until PostgreSQL ends one of them."""
    monkeypatch.setattr(locking, "lock_person", lambda pk: None)
    person = make_correspondent()
    drafts = [make_assignment(person, status="draft") for _number in range(THREADS)]
    done, _refused, _broken = side_by_side([on(give_assignment, draft) for draft in drafts])
    assert done <= 1
    assert Assignment.objects.filter(correspondent=person, status="assigned").count() == done
