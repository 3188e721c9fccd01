"""The planning calendar: events, what each house wants of them, and what came of it."""

from collections.abc import Iterable, Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from broadcasters.models import Institution
from broadcasters.permissions import require
from correspondents.constants import EventStatus, WishStatus
from correspondents.models import Assignment, CoverageWish, PlannedEvent
from correspondents.services.locking import lock_assignment
from correspondents.services.saving import write
from correspondents.services.telling import DESK, tell_of_event, tell_of_wish
from mediaexchange.core.errors import ConflictError, DomainError
from mediaexchange.core.languages.tags import STORED
from mediaexchange.core.models import User
from mediaexchange.core.search.indexing import refresh_record

WRITABLE = frozenset(
    {*(f"{field}_{language}" for field in ("name", "description") for language in STORED),
     "module", "is_shared", "kind", "place", "venue", "time_zone", "dated", "starts_at", "ends_at", "sources"}
)  # fmt: skip
WISH_WRITABLE = frozenset({"forms", "languages", "priority", "deadline_at", "note"})


@transaction.atomic
def save_event(
    event: PlannedEvent,
    *,
    actor: User | None,
    changed: Iterable[str] = (),
    institutions: Sequence[Institution] | None = None,
) -> PlannedEvent:
    """Put an event into the calendar, or write the ``changed`` fields of a stored one; calendars are told.

    ``institutions`` None leaves them as they are.

    Raises DomainError for what cannot be, ConflictError for a slug that is taken, ForbiddenError.
    """
    is_new = event.pk is None
    if is_new:
        require(actor, "correspondents.add_plannedevent", event.broadcaster)
        stored, names = event, set(WRITABLE) | {"slug"}
        stored.created_by = actor
        stored.time_zone = stored.time_zone or (stored.place.time_zone if stored.place else "")
        stored.time_zone = stored.time_zone or stored.broadcaster.time_zone
    else:
        stored = _lock_event(event.pk)
        require(actor, "correspondents.change_plannedevent", stored.broadcaster_id)
        names = set(changed) & WRITABLE
        for field in names:
            setattr(stored, field, getattr(event, field))
    has_instants = stored.starts_at is not None and stored.ends_at is not None
    if has_instants == bool(stored.dated) or (stored.starts_at is None) != (stored.ends_at is None):
        raise DomainError("date-missing", _("Give either the beginning and the end, or a date."))
    if stored.starts_at and stored.ends_at and stored.ends_at <= stored.starts_at:
        raise DomainError("period-empty", _("It ends after it has begun."))
    if stored.module is not None and not stored.module.parties.filter(pk=stored.broadcaster_id).exists():
        raise DomainError("not-a-party", _("Choose a module that the house is a party of."))
    write(stored, names, is_new=is_new)
    if institutions is not None:
        stored.institutions.set(institutions)
    stored.refresh_from_db(fields=["sequence", "changed_at"])
    refresh_record(stored)
    tell_of_event(stored, "planned-event.created" if is_new else "planned-event.changed", actor=actor)
    return stored


@transaction.atomic
def move_event(event: PlannedEvent, *, actor: User | None, status: str) -> PlannedEvent:
    """Confirm, put in doubt or call off; calendars keep what is called off, as cancelled. Safe to repeat."""
    stored = _lock_event(event.pk)
    require(actor, "correspondents.change_plannedevent", stored.broadcaster_id)
    if stored.status == status:
        return stored
    stored.move_to(status)
    stored.save(update_fields=["status"])
    stored.refresh_from_db(fields=["sequence", "changed_at"])
    tell_of_event(stored, f"planned-event.{stored.status}", actor=actor)
    return stored


@transaction.atomic
def save_wish(wish: CoverageWish, *, actor: User | None, changed: Iterable[str] = ()) -> CoverageWish:
    """Say what one's own house wants of an event, or change it. Raises ConflictError for what is called off."""
    is_new = wish.pk is None
    if is_new:
        require(actor, "correspondents.add_coveragewish", wish.broadcaster)
        stored, names = wish, set(WISH_WRITABLE)
        stored.created_by = actor
        stored.event = _lock_event(stored.event_id)
        if stored.event.status == EventStatus.CANCELLED:
            raise ConflictError("event-cancelled", _("The event is called off."), current="cancelled")
    else:
        stored = _lock_wish(wish.pk)
        require(actor, "correspondents.change_coveragewish", stored.broadcaster_id)
        if stored.status in (WishStatus.DELIVERED, WishStatus.WITHDRAWN):
            raise ConflictError("wish-closed", _("This coverage is delivered or withdrawn."), current=stored.status)
        names = set(changed) & WISH_WRITABLE
        for field in names:
            setattr(stored, field, getattr(wish, field))
    if not stored.forms:
        raise DomainError("form-missing", _("Say in which form it is wanted."))
    if not is_new:
        names.add("changed_at")
        stored.changed_at = timezone.now()
    write(stored, names, is_new=is_new, named="")
    tell_of_wish(stored, actor=actor)
    return stored


@transaction.atomic
def plan_wish(wish: CoverageWish, assignment: Assignment, *, actor: User | None) -> CoverageWish:
    """Take a wish into an assignment of the same event, for the house that sends. Safe to repeat."""
    planned = lock_assignment(assignment.pk)
    stored = _lock_wish(wish.pk)
    require(actor, DESK, planned.broadcaster_id)
    if stored.assignment_id == planned.pk:
        return stored
    if planned.status in ("cancelled", "declined"):
        raise ConflictError("assignment-over", _("The assignment is over."), current=planned.status)
    if planned.event_id != stored.event_id:
        raise DomainError("foreign-event", _("The assignment is for another event."))
    stored.assignment = planned
    return _moved(stored, WishStatus.PLANNED, actor, people="correspondents.coverage")


@transaction.atomic
def deliver_wish(wish: CoverageWish, *, actor: User | None) -> CoverageWish:
    """Note that what was filed answers the wish, for the house that sends. Safe to repeat."""
    stored = _lock_wish(wish.pk)
    if stored.assignment is None:
        raise ConflictError("wish-not-planned", _("No assignment is for it."), current=stored.status, wanted="planned")
    require(actor, "correspondents.add_footagefiled", stored.assignment.broadcaster_id)
    if stored.status == WishStatus.DELIVERED:
        return stored
    stored.delivered_at = timezone.now()
    return _moved(stored, WishStatus.DELIVERED, actor, people="correspondents.coverage")


@transaction.atomic
def withdraw_wish(wish: CoverageWish, *, actor: User | None) -> CoverageWish:
    """Want it no more. Safe to repeat."""
    stored = _lock_wish(wish.pk)
    require(actor, "correspondents.change_coveragewish", stored.broadcaster_id)
    if stored.status == WishStatus.WITHDRAWN:
        return stored
    stored.assignment = None
    return _moved(stored, WishStatus.WITHDRAWN, actor)


def _moved(stored: CoverageWish, status: str, actor: User | None, *, people: str = "") -> CoverageWish:
    stored.move_to(status)
    stored.changed_at = timezone.now()
    stored.save(update_fields=["status", "assignment", "delivered_at", "changed_at"])
    tell_of_wish(stored, actor=actor, people=people)
    return stored


def _lock_event(event_id: int) -> PlannedEvent:
    locked = PlannedEvent.objects.select_for_update(of=("self",), no_key=True)
    return locked.select_related("module", "broadcaster", "place").get(pk=event_id)


def _lock_wish(wish_id: int) -> CoverageWish:
    locked = CoverageWish.objects.select_for_update(of=("self",), no_key=True)
    return locked.select_related("event__module", "broadcaster", "assignment").get(pk=wish_id)
