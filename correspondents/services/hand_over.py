"""Hand-overs: the rest of an assignment passes to somebody else, with what they must know; both sides are told."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from psycopg.types.range import Range

from broadcasters.permissions import require
from correspondents.constants import AccessStatus, AssignmentStatus, HandOverStatus, WishStatus
from correspondents.models import Assignment, Correspondent, HandOver, KitBooking
from correspondents.services.access import request_again
from correspondents.services.assignment import close, require_side
from correspondents.services.kit import cut_bookings
from correspondents.services.locking import lock_assignment, lock_person
from correspondents.services.paper import want_papers
from correspondents.services.saving import reason_of, refusals
from correspondents.services.telling import DESK, tell_of_assignment, tell_of_hand_over
from mediaexchange.core.errors import ConflictError, DomainError
from mediaexchange.core.languages.tags import STORED
from mediaexchange.core.models import User
from mediaexchange.core.search.indexing import refresh_record

_COPIED = (
    *(f"{field}_{language}" for field in ("title", "brief") for language in STORED),
    "place", "time_zone", "host_institution", "module", "event", "priority",
)  # fmt: skip


@transaction.atomic
def offer_hand_over(
    assignment: Assignment, *, actor: User | None, to_correspondent: Correspondent, at: datetime, matters: str
) -> HandOver:
    """Offer the rest of an assignment, from a moment inside it, to a colleague of any party of its module.

    Raises ConflictError for what is over and while another offer is open, DomainError, ForbiddenError.
    """
    stored = lock_assignment(assignment.pk)
    require_side(stored, actor)
    if not stored.is_open:
        raise ConflictError("assignment-not-open", _("Only what is under way is handed over."), current=stored.status)
    if not stored.starts_at < at < stored.ends_at:
        raise DomainError("outside-period", _("It is handed over within its period."))
    if not matters.strip():
        raise DomainError("matters-missing", _("Say what is handed over."))
    if to_correspondent.pk == stored.correspondent_id or not to_correspondent.is_active:
        raise DomainError("nobody-else", _("Hand it over to somebody else who is sent."))
    is_colleague = to_correspondent.broadcaster_id == stored.broadcaster_id
    module = stored.module
    if not is_colleague and not (module and module.parties.filter(pk=to_correspondent.broadcaster_id).exists()):
        raise DomainError("not-a-party", _("Somebody of another house needs a module that both are parties of."))
    if stored.hand_overs.filter(status=HandOverStatus.OFFERED).exists():
        raise ConflictError("offered-already", _("It is offered to somebody already."), current="offered")
    hand_over = HandOver.objects.create(
        assignment=stored, to_correspondent=to_correspondent, at=at, matters=matters.strip(), offered_by=actor
    )
    tell_of_hand_over(hand_over, "offered", actor=actor)
    return hand_over


@transaction.atomic
def accept_hand_over(hand_over: HandOver, *, actor: User | None) -> HandOver:
    """Take over: the giver's assignment ends at the moment, the taker's goes on from it, with the equipment, the wishes
    and the access asked for anew. Safe to repeat.

    Raises ConflictError where the taker has another assignment then, ForbiddenError.
    """
    given, stored = _locked(hand_over)
    _require_taker(stored, actor)
    if stored.status == HandOverStatus.ACCEPTED:
        return stored
    _require_offered(stored)
    if not given.is_open or not given.starts_at < stored.at < given.ends_at:
        raise ConflictError("assignment-not-open", _("Only what is under way is handed over."), current=given.status)
    successor = _successor(given, stored)
    left = cut_bookings(given, at=stored.at)
    given.period = Range(given.starts_at, stored.at)
    with refusals():
        given.save(update_fields=["period"])
        successor.save()
    _pass_on(given, successor, left)
    want_papers(successor)
    stored.successor = successor
    _answer(stored, HandOverStatus.ACCEPTED)
    if given.status == AssignmentStatus.IN_PROGRESS and stored.at <= timezone.now():
        close(given, actor=actor)
    refresh_record(successor)
    tell_of_hand_over(stored, "accepted", actor=actor)
    tell_of_assignment(successor, "assignment.accepted", actor=actor)
    return stored


@transaction.atomic
def decline_hand_over(hand_over: HandOver, *, actor: User | None, reason: str) -> HandOver:
    """Say no, for who should take over. Safe to repeat."""
    _given, stored = _locked(hand_over)
    _require_taker(stored, actor)
    if stored.status == HandOverStatus.DECLINED:
        return stored
    _require_offered(stored)
    stored.reason = reason_of(reason)
    _answer(stored, HandOverStatus.DECLINED)
    tell_of_hand_over(stored, "declined", actor=actor)
    return stored


@transaction.atomic
def withdraw_hand_over(hand_over: HandOver, *, actor: User | None) -> HandOver:
    """Take the offer back, for who made it. Safe to repeat."""
    given, stored = _locked(hand_over)
    require_side(given, actor)
    if stored.status == HandOverStatus.WITHDRAWN:
        return stored
    _require_offered(stored)
    _answer(stored, HandOverStatus.WITHDRAWN)
    tell_of_hand_over(stored, "withdrawn", actor=actor)
    return stored


def _locked(hand_over: HandOver) -> tuple[Assignment, HandOver]:
    """People in the order of their ids, then the assignment, then the hand-over."""
    giver, taker = HandOver.objects.values_list("assignment__correspondent_id", "to_correspondent_id").get(
        pk=hand_over.pk
    )
    for person in sorted({giver, taker}):
        lock_person(person)
    given = lock_assignment(hand_over.assignment_id)
    locked = HandOver.objects.select_for_update(of=("self",), no_key=True)
    stored = locked.select_related("to_correspondent__broadcaster").get(pk=hand_over.pk)
    stored.assignment = given
    return given, stored


def _require_taker(stored: HandOver, actor: User | None) -> None:
    taker = stored.to_correspondent
    if actor is not None and taker.user_id == actor.pk:
        return
    require(actor, DESK, taker.broadcaster_id)


def _require_offered(stored: HandOver) -> None:
    if stored.status != HandOverStatus.OFFERED:
        raise ConflictError("hand-over-answered", _("It is answered already."), current=stored.status, wanted="offered")


def _answer(stored: HandOver, status: HandOverStatus) -> None:
    stored.status, stored.answered_at = status, timezone.now()
    stored.save(update_fields=["status", "reason", "answered_at", "successor"])


def _successor(given: Assignment, stored: HandOver) -> Assignment:
    taker = stored.to_correspondent
    values = {name: getattr(given, name) for name in _COPIED}
    return Assignment(
        correspondent=taker, broadcaster=taker.broadcaster, period=Range(stored.at, given.ends_at),
        host=given.host if given.host_id != taker.broadcaster_id else None, status=AssignmentStatus.ACCEPTED,
        assigned_at=timezone.now(), created_by=stored.offered_by, **values,
    )  # fmt: skip


def _pass_on(given: Assignment, successor: Assignment, left: "list[tuple[int, Range[datetime]]]") -> None:
    given.wishes.filter(status=WishStatus.PLANNED).update(assignment=successor, changed_at=timezone.now())
    if successor.host_id:
        request_again(successor, given.accesses.filter(status__in=(AccessStatus.REQUESTED, AccessStatus.GRANTED)))
    if successor.broadcaster_id != given.broadcaster_id:
        return  # equipment stays with its house
    with refusals():
        for kit_id, period in left:
            KitBooking.objects.create(kit_id=kit_id, assignment=successor, period=period)
