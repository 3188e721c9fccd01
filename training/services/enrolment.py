"""Nominations and what becomes of them. Whoever withdraws frees a seat for the next in the same transaction."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from broadcasters.permissions import may, require
from mediaexchange.core.errors import ConflictError, DomainError, ForbiddenError
from mediaexchange.core.models import User
from training.constants import ConsentPurpose, EnrolmentStatus, NoticeKind, WorkshopStatus
from training.models import Enrolment, Participant, Workshop
from training.notifications import tell_of_lapsed_offer, tell_of_nomination
from training.services.notice import call_off, note
from training.services.seating import change, fill_seats, lock_enrolment, lock_workshop, seat_or_queue, tell
from training.services.workshop import require_running

SEND, HOST = "training.add_enrolment", "training.change_enrolment"


@transaction.atomic
def nominate_participant(workshop: Workshop, participant: Participant, *, actor: User | None) -> Enrolment:
    """Send somebody to a workshop, for their house. Safe to repeat: an enrolment that goes on is returned.

    Raises ConflictError for a workshop that is not open, a module that rests, nominations that are closed; DomainError
    for a house that is no party and for somebody who has not consented; ForbiddenError.
    """
    require(actor, SEND, participant.broadcaster_id)
    # People are locked before workshops: a withdrawn consent has to end all of a person's enrolments.
    participant = Participant.objects.select_for_update(of=("self",), no_key=True).get(pk=participant.pk)
    workshop = lock_workshop(workshop.pk)
    known = Enrolment.objects.active().filter(workshop=workshop, participant=participant).first()
    if known is not None:
        return known
    _require_open(workshop)
    if not workshop.programme.module.parties.filter(pk=participant.broadcaster_id).exists():
        raise DomainError("not-a-party", _("Seats go to parties of the programme’s module."))
    agreed = participant.consents.filter(purpose=ConsentPurpose.PARTICIPATION, withdrawn_at__isnull=True)
    if participant.is_anonymous or not agreed.exists():
        raise DomainError("consent-missing", _("The person’s consent to take part is not recorded."))
    enrolment = Enrolment.objects.create(
        workshop=workshop, participant=participant, broadcaster_id=participant.broadcaster_id, nominated_by=actor
    )
    tell(enrolment, actor=actor)
    tell_of_nomination(enrolment, actor=actor)
    if not workshop.needs_approval:
        seat_or_queue(workshop, enrolment, actor=actor)
    return enrolment


@transaction.atomic
def confirm_enrolment(enrolment: Enrolment, *, actor: User | None) -> Enrolment:
    """Give a nomination its seat; without a free one it waits, behind all who wait. Safe to repeat.

    Raises ConflictError for what is no nomination any more and while the module rests, ForbiddenError.
    """
    workshop, stored = lock_enrolment(enrolment.pk)
    require(actor, HOST, workshop.broadcaster_id)
    if stored.status in (EnrolmentStatus.CONFIRMED, EnrolmentStatus.WAITING):
        return stored
    if stored.status != EnrolmentStatus.NOMINATED:
        stored.move_to(EnrolmentStatus.NOMINATED)  # no status leads back there
    require_running(workshop)
    seat_or_queue(workshop, stored, actor=actor)
    return stored


@transaction.atomic
def reject_enrolment(enrolment: Enrolment, *, actor: User | None, reason: str) -> Enrolment:
    """Say no to a nomination or to somebody who waits. The reason is for the house and the person. Safe to repeat."""
    workshop, stored = lock_enrolment(enrolment.pk)
    require(actor, HOST, workshop.broadcaster_id)
    if stored.status == EnrolmentStatus.REJECTED:
        return stored
    if not reason.strip():
        raise DomainError("reason-missing", _("Give a reason."))
    stored.reason = reason.strip()[:500]
    change(stored, EnrolmentStatus.REJECTED, actor=actor)
    call_off(stored)
    note(stored, NoticeKind.REJECTED)
    return stored


@transaction.atomic
def withdraw_enrolment(
    enrolment: Enrolment, *, actor: User | None, is_person: bool = False, reason: str = ""
) -> Enrolment:
    """Give up a seat, an offer, a place on the list or a nomination; a freed seat goes to the next. Safe to repeat.

    By the own house, by the host or, with ``is_person``, by the person. Raises ForbiddenError, ConflictError also once
    the workshop is completed: who was there was there.
    """
    return give_up_place(enrolment, actor=actor, is_person=is_person, reason=reason).enrolment


@dataclass(frozen=True, slots=True)
class GivenUp:
    """``heirs`` are offered what became free; ``passed_over`` have waited longer, and their house has no seat left."""

    enrolment: Enrolment
    heirs: list[Enrolment]
    passed_over: list[Enrolment]


@transaction.atomic
def give_up_place(
    enrolment: Enrolment, *, actor: User | None, is_person: bool = False, reason: str = ""
) -> GivenUp:  # fmt: skip
    """The same, and who comes after."""
    workshop, stored = lock_enrolment(enrolment.pk)
    _require_side(workshop, stored, actor, is_person=is_person)
    if stored.status == EnrolmentStatus.WITHDRAWN:
        return GivenUp(stored, [], [])
    if workshop.status == WorkshopStatus.COMPLETED:
        raise ConflictError("workshop-over", _("The workshop is over."), current=workshop.status)
    stored.reason = reason.strip()[:500]
    change(stored, EnrolmentStatus.WITHDRAWN, actor=actor)
    call_off(stored)
    heirs = fill_seats(workshop)
    last = max((heir.queue_number or 0 for heir in heirs), default=0)
    waiting = Enrolment.objects.filter(workshop=workshop, queue_number__lt=last).waiting().with_people()
    return GivenUp(stored, heirs, list(waiting))


@transaction.atomic
def accept_offer(enrolment: Enrolment, *, actor: User | None, is_person: bool = False) -> Enrolment:
    """Take the offered seat. Safe to repeat. Raises ConflictError once the offer has ended, ForbiddenError."""
    _workshop, stored = lock_enrolment(enrolment.pk)
    if not is_person:
        require(actor, SEND, stored.broadcaster_id)
    if stored.status == EnrolmentStatus.CONFIRMED:
        return stored
    if stored.status == EnrolmentStatus.OFFERED and not stored.is_offer_open():
        raise ConflictError("offer-ended", _("The offer has ended."), current="lapsed", wanted="confirmed")
    if stored.status != EnrolmentStatus.OFFERED:
        raise ConflictError(
            "no-offer", _("No seat is offered here."), current=stored.status, wanted=EnrolmentStatus.CONFIRMED.value
        )
    change(stored, EnrolmentStatus.CONFIRMED, actor=actor)
    note(stored, NoticeKind.CONFIRMED)
    return stored


def pass_on_offers() -> int:
    """Let offers end whose time is over and give their seats to the next; offer what is free for another reason.

    Returns how many offers ended. Safe at any time, side by side too: each workshop in a transaction of its own.
    """
    ended = 0
    due = Enrolment.objects.with_lapsed_offer().values_list("workshop_id", flat=True)
    for workshop_id in sorted({*due, *Workshop.objects.to_fill().values_list("pk", flat=True)}):
        with transaction.atomic():
            workshop = lock_workshop(workshop_id)
            for enrolment in Enrolment.objects.with_lapsed_offer().filter(workshop=workshop).order_by("queue_number"):
                enrolment.workshop = workshop
                change(enrolment, EnrolmentStatus.LAPSED, actor=None)
                call_off(enrolment)
                note(enrolment, NoticeKind.LAPSED)
                tell_of_lapsed_offer(enrolment)
                ended += 1
            fill_seats(workshop)
    return ended


def _require_open(workshop: Workshop) -> None:
    if workshop.status != WorkshopStatus.OPEN:
        raise ConflictError(
            "workshop-not-open",
            _("The workshop is not open for enrolment."),
            current=workshop.status,
            wanted=WorkshopStatus.OPEN.value,
        )
    require_running(workshop)
    closes_at, now = workshop.nominations_close_at, timezone.now()
    if (closes_at and closes_at <= now) or (workshop.starts_at and workshop.starts_at <= now):
        raise ConflictError("nominations-closed", _("Nominations are closed."), current="closed", wanted="open")


def _require_side(workshop: Workshop, enrolment: Enrolment, actor: User | None, *, is_person: bool) -> None:
    """Raises ForbiddenError for whoever is none of person, own house, host."""
    if is_person or actor is None:
        return
    if not (may(actor, SEND, enrolment.broadcaster_id) or may(actor, HOST, workshop.broadcaster_id)):
        raise ForbiddenError("role-missing", _("Your role does not allow this."), permission=SEND)
