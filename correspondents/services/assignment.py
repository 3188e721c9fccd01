"""Assignments: planned, given, answered, begun and ended. What the database refuses is told in words."""

from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from psycopg.types.range import Range

from broadcasters.constants import Area
from broadcasters.permissions import require
from correspondents.constants import AssignmentStatus, HandOverStatus, WishStatus
from correspondents.models import Assignment, Correspondent
from correspondents.moments import days_between, today_in
from correspondents.services.access import ask_anew
from correspondents.services.kit import cut_bookings, move_bookings
from correspondents.services.locking import lock_assignment, lock_person
from correspondents.services.paper import drop_unneeded_papers, want_papers
from correspondents.services.saving import reason_of, refusals, write
from correspondents.services.telling import DESK, tell_of_assignment, tell_of_wish
from mediaexchange.core.errors import ConflictError, DomainError
from mediaexchange.core.languages.tags import STORED
from mediaexchange.core.models import User
from mediaexchange.core.search.indexing import refresh_record

WRITABLE = frozenset(
    {*(f"{field}_{language}" for field in ("title", "brief") for language in STORED),
     "correspondent", "place", "time_zone", "period", "host", "host_institution", "module", "event", "priority"}
)  # fmt: skip
LONGEST = timedelta(days=5 * 366)
_SHORTEST = timedelta(minutes=1)
_OVER = (AssignmentStatus.COMPLETED, AssignmentStatus.CANCELLED)


@transaction.atomic
def save_assignment(assignment: Assignment, *, actor: User | None, changed: Iterable[str] = ()) -> Assignment:
    """Draft an assignment, or write the ``changed`` fields of a stored one; equipment follows its period.

    A new place brings its own time zone unless one is given. A new host grants access anew, and the former one is told.

    Raises ConflictError for what stands against it or is over, DomainError for what cannot be, ForbiddenError.
    """
    is_new = assignment.pk is None
    before: Range[object] | None = None
    former_host = assignment.host_id
    if is_new:
        require(actor, "correspondents.add_assignment", assignment.broadcaster)
        stored, names = assignment, set(WRITABLE)
        stored.created_by = actor
        stored.time_zone = stored.time_zone or zone_of(stored)
    else:
        stored = lock_assignment(assignment.pk)
        require(actor, DESK, stored.broadcaster_id)
        if stored.status in _OVER:
            raise ConflictError("assignment-over", _("The assignment is over."), current=stored.status)
        names, before = set(changed) & WRITABLE, stored.period
        if "correspondent" in names and stored.status != AssignmentStatus.DRAFT:
            raise ConflictError("assigned-already", _("Hand it over, or cancel it first."), current=stored.status)
        former_host = stored.host_id
        for field in names:
            setattr(stored, field, getattr(assignment, field))
        if "place" in names and "time_zone" not in names:
            stored.time_zone = zone_of(stored)
            names.add("time_zone")
    _check(stored)
    if is_new or "module" in names:
        _require_running(stored)
    write(stored, names, is_new=is_new, named="title")
    if is_new:
        stored.refresh_from_db(fields=["lane", "changed_at", "sequence"])
    elif "period" in names:
        move_bookings(stored, before=before)
    if former_host != stored.host_id:
        ask_anew(stored, actor=actor)
    refresh_record(stored)
    if stored.is_open and names:
        want_papers(stored)
        stored.refresh_from_db(fields=["sequence"])
        tell_of_assignment(
            stored, "assignment.changed", actor=actor, people="correspondents.assignment-changed",
            key=str(stored.sequence), also=[former_host] if former_host else [],
        )  # fmt: skip
    return stored


def zone_of(assignment: Assignment) -> str:
    """The clocks of its place, or of its house where the place's are not known."""
    return assignment.place.time_zone or assignment.broadcaster.time_zone


def _require_running(assignment: Assignment) -> None:
    """Raises ConflictError while the assignment's module rests."""
    module = assignment.module
    if module is not None and not module.is_running:
        raise ConflictError(
            "module-not-running", _("The module is not running."), current=module.state, wanted="active"
        )


@transaction.atomic
def give_assignment(
    assignment: Assignment, *, actor: User | None, correspondent: Correspondent | None = None
) -> Assignment:
    """Give a draft to its person, or to this one, and put the papers that are demanded on their list. Safe to repeat.

    Raises ConflictError for an overlap, a term or a module that stands against it, DomainError, ForbiddenError.
    """
    if correspondent is not None:
        lock_person(correspondent.pk)
    stored = lock_assignment(assignment.pk)
    require(actor, DESK, stored.broadcaster_id)
    if stored.status == AssignmentStatus.ASSIGNED and correspondent in (None, stored.correspondent):
        return stored
    if correspondent is not None:
        stored.correspondent = correspondent
    stored.assigned_at = stored.assigned_at or timezone.now()
    _require_person(stored)
    _require_running(stored)
    _move(stored, AssignmentStatus.ASSIGNED, names={"correspondent", "assigned_at"})
    want_papers(stored)
    tell_of_assignment(stored, "assignment.assigned", actor=actor, people="correspondents.assigned")
    return stored


@transaction.atomic
def accept_assignment(assignment: Assignment, *, actor: User | None) -> Assignment:
    """Say yes: the person, or the own desk for them. Safe to repeat."""
    stored = lock_assignment(assignment.pk)
    require_side(stored, actor)
    if stored.status == AssignmentStatus.ACCEPTED:
        return stored
    _move(stored, AssignmentStatus.ACCEPTED)
    tell_of_assignment(stored, "assignment.accepted", actor=actor, people="correspondents.accepted")
    return stored


@transaction.atomic
def decline_assignment(assignment: Assignment, *, actor: User | None, reason: str) -> Assignment:
    """Say no, with a reason for the own house. Equipment is free again. Safe to repeat."""
    stored = lock_assignment(assignment.pk)
    require_side(stored, actor)
    if stored.status == AssignmentStatus.DECLINED:
        return stored
    stored.status_reason = reason_of(reason)
    _move(stored, AssignmentStatus.DECLINED, names={"status_reason"})
    _let_go(stored)
    tell_of_assignment(
        stored, "assignment.declined", actor=actor, people="correspondents.declined", key=str(stored.sequence)
    )
    return stored


@transaction.atomic
def redraft_assignment(assignment: Assignment, *, actor: User | None) -> Assignment:
    """Make a draft again of what was declined, for somebody else. Safe to repeat."""
    stored = lock_assignment(assignment.pk)
    require(actor, DESK, stored.broadcaster_id)
    if stored.status != AssignmentStatus.DRAFT:
        stored.status_reason = ""
        stored.correspondent = None
        _move(stored, AssignmentStatus.DRAFT, names={"status_reason", "correspondent"})
    return stored


@transaction.atomic
def start_assignment(assignment: Assignment, *, actor: User | None) -> Assignment:
    """Begin, on a day of the assignment by the place's calendar, with all that the country demands. Safe to repeat.

    Raises ConflictError "paper-missing" and "paper-ends-within" with the paper, "not-its-day".
    """
    stored = lock_assignment(assignment.pk)
    require_side(stored, actor)
    if stored.status == AssignmentStatus.IN_PROGRESS:
        return stored
    first, last = days_between(stored.starts_at, stored.ends_at, stored.time_zone)
    if not first <= today_in(stored.time_zone) <= last:
        raise ConflictError(
            "not-its-day", _("It begins on a day of its own period."), first_on=str(first), last_on=str(last)
        )
    stored.started_at = timezone.now()
    _move(stored, AssignmentStatus.IN_PROGRESS, names={"started_at"})
    tell_of_assignment(stored, "assignment.started", actor=actor, people="correspondents.started")
    return stored


@transaction.atomic
def complete_assignment(assignment: Assignment, *, actor: User | None) -> Assignment:
    """End it. What was left of its period is free, for the person and the equipment. Safe to repeat."""
    stored = lock_assignment(assignment.pk)
    require_side(stored, actor)
    if stored.status == AssignmentStatus.COMPLETED:
        return stored
    close(stored, actor=actor)
    return stored


@transaction.atomic
def cancel_assignment(assignment: Assignment, *, actor: User | None, reason: str) -> Assignment:
    """Call it off. Coverage that hung on it is wanted again, equipment is free. Safe to repeat."""
    stored = lock_assignment(assignment.pk)
    require(actor, DESK, stored.broadcaster_id)
    if stored.status == AssignmentStatus.CANCELLED:
        return stored
    was_open = stored.is_open
    stored.status_reason = reason_of(reason)
    stored.ended_at = timezone.now()
    _move(stored, AssignmentStatus.CANCELLED, names={"status_reason", "ended_at"})
    _let_go(stored)
    _free_wishes(stored, actor=actor)
    people = "correspondents.cancelled" if was_open else ""
    tell_of_assignment(stored, "assignment.cancelled", actor=actor, people=people)
    return stored


def _free_wishes(stored: Assignment, *, actor: User | None) -> None:
    """What was to be covered is wanted again, and told so."""
    planned = stored.wishes.filter(status=WishStatus.PLANNED).select_related("event__module").order_by("pk")
    for wish in planned.select_for_update(of=("self",), no_key=True):
        wish.assignment = None
        wish.move_to(WishStatus.WANTED)
        wish.changed_at = timezone.now()
        wish.save(update_fields=["status", "assignment", "changed_at"])
        tell_of_wish(wish, actor=actor)


def close(stored: Assignment, *, actor: User | None) -> None:
    """Complete an assignment that is locked; its period ends now if it was longer.

    One that ends on its day before its first moment keeps its first minute: a period is never empty.
    """
    now = timezone.now()
    stored.ended_at = now
    names = {"ended_at"}
    if now < stored.ends_at:
        stored.period = Range(stored.starts_at, now if stored.starts_at < now else stored.starts_at + _SHORTEST)
        names.add("period")
        cut_bookings(stored, at=now)
    _move(stored, AssignmentStatus.COMPLETED, names=names)
    _withdraw_offers(stored)
    tell_of_assignment(stored, "assignment.completed", actor=actor)


def require_side(assignment: Assignment, actor: User | None) -> None:
    """Raises ForbiddenError for whoever is neither the person nor of the own desk."""
    person = assignment.correspondent
    if actor is not None and person is not None and person.user_id == actor.pk:
        return
    require(actor, DESK, assignment.broadcaster_id)


def _move(stored: Assignment, status: AssignmentStatus, *, names: set[str] | None = None) -> None:
    stored.move_to(status)
    with refusals():
        stored.save(update_fields={"status", *(names or ())})
    stored.refresh_from_db(fields=["sequence", "changed_at"])


def _let_go(stored: Assignment) -> None:
    """Equipment, papers that nobody needs any more and hand-overs that nobody has answered."""
    stored.kit_bookings.standing().update(released_at=timezone.now())
    _withdraw_offers(stored)
    drop_unneeded_papers(stored)


def _withdraw_offers(stored: Assignment) -> None:
    stored.hand_overs.filter(status=HandOverStatus.OFFERED).update(
        status=HandOverStatus.WITHDRAWN, answered_at=timezone.now()
    )


def _require_person(stored: Assignment) -> None:
    person = stored.correspondent
    if person is None:
        raise DomainError("correspondent-missing", _("Say who goes."))
    if person.is_anonymous or not person.is_active:
        raise ConflictError("correspondent-gone", _("This person is not sent any more."), current="inactive")


def _check(stored: Assignment) -> None:
    """Raises DomainError for what cannot be, whoever writes it."""
    period = stored.period
    if period is None or period.lower is None or period.upper is None or period.upper <= period.lower:
        raise DomainError("period-empty", _("It ends after it has begun."))
    if period.upper - period.lower > LONGEST:
        raise DomainError("period-too-long", _("An assignment lasts five years at most."))
    if stored.correspondent is not None and stored.correspondent.broadcaster_id != stored.broadcaster_id:
        raise DomainError("foreign-correspondent", _("A house sends its own people."))
    if stored.host_id == stored.broadcaster_id:
        raise DomainError("own-host", _("The host is another house; leave it empty if there is none."))
    module = stored.module
    if module is not None:
        parties = set(module.parties.values_list("pk", flat=True))
        houses = {stored.broadcaster_id, *([stored.host_id] if stored.host_id else [])}
        if module.area != Area.CORRESPONDENTS or not houses <= parties:
            raise DomainError("not-a-party", _("Choose a module of correspondents that both houses are parties of."))
