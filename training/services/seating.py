"""Who gets a free seat: the first on the waiting list whose house has seats left, by an offer that ends.

Every deed that touches seats locks the workshop's row first. Deeds on one workshop so come one after another: the
order of the list is the order in which they held the lock, and whoever frees a seat also gives it on, in the same
transaction. After each, a seat is free only if nobody who could have it waits.
"""

from datetime import timedelta

from django.utils import timezone

from mediaexchange.core.models import User
from mediaexchange.core.outbox import record
from training.constants import EnrolmentStatus, NoticeKind, WorkshopStatus
from training.models import Enrolment, SeatQuota, Workshop
from training.services.notice import note


def lock_workshop(workshop_id: int) -> Workshop:
    """The workshop's row, locked against all deeds that touch its seats. Always the first lock: no deadlock."""
    locked = Workshop.objects.select_for_update(of=("self",), no_key=True)
    return locked.select_related("programme__module", "broadcaster").get(pk=workshop_id)


def lock_enrolment(enrolment_id: int) -> tuple[Workshop, Enrolment]:
    """The enrolment as it is once its workshop is locked."""
    workshop = lock_workshop(Enrolment.objects.values_list("workshop_id", flat=True).get(pk=enrolment_id))
    locked = Enrolment.objects.select_for_update(of=("self",), no_key=True).select_related("participant")
    enrolment = locked.get(pk=enrolment_id)
    enrolment.workshop = workshop
    return workshop, enrolment


def change(enrolment: Enrolment, status: EnrolmentStatus, *, actor: User | None) -> None:
    """Move an enrolment whose workshop is locked, and tell both houses; never who it is."""
    enrolment.move_to(status)
    enrolment.changed_at = timezone.now()
    enrolment.save(update_fields=["status", "offer_ends_at", "queue_number", "reason", "changed_at"])
    tell(enrolment, actor=actor)


def tell(enrolment: Enrolment, *, actor: User | None) -> None:
    workshop = enrolment.workshop
    record(
        f"enrolment.{enrolment.status}",
        subject_type="enrolment",
        subject_uid=enrolment.uid,
        audience=[workshop.broadcaster_id, enrolment.broadcaster_id],
        actor=actor,
        workshop=str(workshop.uid),
    )


def seat_or_queue(workshop: Workshop, enrolment: Enrolment, *, actor: User | None) -> None:
    """Give a nomination a seat, or the last place on the waiting list. The workshop is locked."""
    fill_seats(workshop)  # who waits comes first
    if _has_seat(workshop, enrolment.broadcaster_id):
        change(enrolment, EnrolmentStatus.CONFIRMED, actor=actor)
        note(enrolment, NoticeKind.CONFIRMED)
        return
    workshop.queue_tail += 1
    workshop.save(update_fields=["queue_tail"])
    enrolment.queue_number = workshop.queue_tail
    change(enrolment, EnrolmentStatus.WAITING, actor=actor)
    note(enrolment, NoticeKind.WAITING)


def fill_seats(workshop: Workshop) -> list[Enrolment]:
    """Offer what is free to those who wait, in their order; returns to whom. The workshop is locked.

    Nothing is offered while the module rests or once the workshop has begun; a sweep comes back to it.
    """
    now = timezone.now()
    has_begun = workshop.starts_at is not None and workshop.starts_at <= now
    if workshop.status != WorkshopStatus.OPEN or has_begun or not workshop.programme.module.is_running:
        return []
    offers: list[Enrolment] = []
    while _has_seat(workshop):
        first = Enrolment.objects.filter(workshop=workshop).waiting().that_fit().with_people().first()
        if first is None:
            break
        first.workshop = workshop
        ends_at = now + timedelta(hours=workshop.offer_hours)
        first.move_to(EnrolmentStatus.OFFERED)
        first.offer_ends_at = min(ends_at, workshop.starts_at) if workshop.starts_at else ends_at
        first.changed_at = now
        first.save(update_fields=["status", "offer_ends_at", "changed_at"])
        tell(first, actor=None)
        note(first, NoticeKind.OFFERED)
        offers.append(first)
    return offers


def _has_seat(workshop: Workshop, house_id: int | None = None) -> bool:
    """By the counts as they stand in the database now, not as they were when the rows were read."""
    counted = Workshop.objects.filter(pk=workshop.pk).values_list("capacity", "seats_taken")
    capacity, taken = counted.get()
    if taken >= capacity:
        return False
    quota = SeatQuota.objects.filter(workshop=workshop, broadcaster_id=house_id).first() if house_id else None
    return quota is None or quota.seats_taken < quota.seats
