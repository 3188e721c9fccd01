"""Equipment: booked once at a time, unless a house says otherwise; it follows its assignment."""

import pytest
from django.db import IntegrityError, transaction

from correspondents.findings import findings_of
from correspondents.models import Kit, KitBooking
from correspondents.services.assignment import cancel_assignment, save_assignment
from correspondents.services.kit import book_kit, release_booking, save_kit
from mediaexchange.core.errors import ConflictError, DomainError
from tests.correspondents.factories import days, make_assignment, make_correspondent, make_desk, make_kit, set_policy
from tests.factories import make_broadcaster

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(rts):
    return make_desk(rts)


def test_a_camera_is_in_one_place_at_a_time(desk):
    kit, first, second = make_kit(), make_assignment(), make_assignment()
    booking = book_kit(kit, first, actor=desk)
    with pytest.raises(ConflictError) as caught:
        book_kit(kit, second, actor=desk)
    assert caught.value.code == "kit-twice"
    with pytest.raises(IntegrityError), transaction.atomic():
        KitBooking.objects.create(kit=kit, assignment=second, period=second.period)
    book_kit(kit, make_assignment(first=15, last=20), actor=desk)  # touching
    release_booking(booking, actor=desk)
    assert book_kit(kit, second, actor=desk).released_at is None


def test_a_house_may_only_be_warned_of_it(desk, rts):
    set_policy(rts, "same-kit", "warn")
    kit, first, second = make_kit(), make_assignment(), make_assignment()
    book_kit(kit, first, actor=desk)
    book_kit(kit, second, actor=desk)
    found = findings_of([first, second], reader=desk)
    assert [finding.code for finding in found[first.pk]] == ["kit-twice"] == [each.code for each in found[second.pk]]
    assert findings_of([first], reader=make_desk(make_broadcaster("ptrc"))) == {}  # no matter of the host
    set_policy(rts, "same-kit", "ignore")
    assert findings_of([first, second], reader=desk) == {}


def test_equipment_follows_its_assignment(desk):
    kit, assignment = make_kit(), make_assignment(first=10, last=15)
    booking = book_kit(kit, assignment, actor=desk)
    assignment.period = days(11, 16)
    save_assignment(assignment, actor=desk, changed=["period"])
    booking.refresh_from_db()
    assert booking.period.lower == assignment.starts_at
    other = book_kit(kit, make_assignment(first=20, last=25), actor=desk)
    assignment.period = days(11, 21)
    with pytest.raises(ConflictError) as caught:
        save_assignment(assignment, actor=desk, changed=["period"])
    assert caught.value.code == "kit-twice"
    cancel_assignment(assignment, actor=desk, reason="No visa.")
    booking.refresh_from_db()
    other.refresh_from_db()
    assert (booking.released_at is not None, other.released_at) == (True, None)


def test_equipment_is_the_own_houses(desk, ptrc):
    with pytest.raises(DomainError):
        book_kit(make_kit(), make_assignment(make_correspondent(ptrc), host=None), actor=None)
    taken = make_kit()
    again = Kit(broadcaster=taken.broadcaster, name_en="Another", kind="sound", inventory_number=taken.inventory_number)
    with pytest.raises(ConflictError) as caught:
        save_kit(again, actor=desk)
    assert caught.value.code == "inventory-number-taken"
