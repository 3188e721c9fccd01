"""Equipment: kept, booked for assignments, given back. A booking that another stands against is refused by policy."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from psycopg.types.range import Range

from broadcasters.permissions import require
from correspondents.models import Assignment, Kit, KitBooking
from correspondents.services.locking import lock_assignment, lock_kits
from correspondents.services.saving import refusals, write
from mediaexchange.core.errors import ConflictError, DomainError
from mediaexchange.core.languages.tags import STORED
from mediaexchange.core.models import User

WRITABLE = frozenset(
    {*(f"name_{language}" for language in STORED), "kind", "inventory_number", "serial_number", "is_active"}
)


@transaction.atomic
def save_kit(kit: Kit, *, actor: User | None, changed: Iterable[str] = ()) -> Kit:
    """Write equipment down, or change the ``changed`` fields. Raises ConflictError for a number that is taken."""
    is_new = kit.pk is None
    if is_new:
        require(actor, "correspondents.add_kit", kit.broadcaster)
        stored, names = kit, set(WRITABLE)
    else:
        stored = lock_kits([kit.pk])[kit.pk]
        require(actor, "correspondents.change_kit", stored.broadcaster_id)
        names = set(changed) & WRITABLE
        for field in names:
            setattr(stored, field, getattr(kit, field))
    write(stored, names, is_new=is_new)
    return stored


@transaction.atomic
def book_kit(
    kit: Kit,
    assignment: Assignment,
    *,
    actor: User | None,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
) -> KitBooking:
    """Hold equipment of the house for an assignment, for its whole period unless told otherwise.

    Raises ConflictError "kit-twice" where the policy blocks, and for what is over or out of use; ForbiddenError.
    """
    stored = lock_assignment(assignment.pk)
    held = lock_kits([kit.pk])[kit.pk]
    require(actor, "correspondents.add_kitbooking", held.broadcaster_id)
    if held.broadcaster_id != stored.broadcaster_id:
        raise DomainError("foreign-kit", _("Equipment is taken along from the own house."))
    if stored.status in ("completed", "cancelled", "declined"):
        raise ConflictError("assignment-over", _("The assignment is over."), current=stored.status)
    if not held.is_active:
        raise ConflictError("kit-out-of-use", _("This equipment is out of use."), current="inactive")
    starts_at, ends_at = starts_at or stored.starts_at, ends_at or stored.ends_at
    if ends_at <= starts_at:
        raise DomainError("period-empty", _("It ends after it has begun."))
    booking = KitBooking(kit=held, assignment=stored, period=Range(starts_at, ends_at), booked_by=actor)
    with refusals():
        booking.save()
    return booking


@transaction.atomic
def release_booking(booking: KitBooking, *, actor: User | None) -> KitBooking:
    """Give it back; the first moment stays. Safe to repeat."""
    held = lock_kits([booking.kit_id])[booking.kit_id]
    require(actor, "correspondents.change_kitbooking", held.broadcaster_id)
    KitBooking.objects.standing().filter(pk=booking.pk).update(released_at=timezone.now())
    booking.refresh_from_db()
    return booking


def move_bookings(assignment: Assignment, *, before: Any) -> None:
    """Let bookings that were for the whole assignment follow its period. Raises ConflictError "kit-twice"."""
    bookings = list(assignment.kit_bookings.standing().filter(period=before))
    lock_kits(booking.kit_id for booking in bookings)
    with refusals():
        for booking in bookings:
            booking.period = assignment.period
            booking.save(update_fields=["period"])


def cut_bookings(assignment: Assignment, *, at: datetime) -> list[tuple[int, "Range[datetime]"]]:
    """End the assignment's bookings at this moment; returns each kit that would have stayed longer, and when.

    A booking that has not begun by then is released.
    """
    left: list[tuple[int, Range[datetime]]] = []
    bookings = list(assignment.kit_bookings.standing().order_by("kit_id", "pk"))
    lock_kits(booking.kit_id for booking in bookings)
    for booking in bookings:
        if booking.period.upper <= at:
            continue
        left.append((booking.kit_id, Range(max(booking.period.lower, at), booking.period.upper)))
        if booking.period.lower >= at:
            booking.released_at = timezone.now()
        else:
            booking.period = Range(booking.period.lower, at)
        booking.save(update_fields=["released_at", "period"])
    return left
