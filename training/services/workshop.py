"""Workshops: planned, opened, held, completed or cancelled; their sessions and the seats of houses."""

from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Max, Min
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from broadcasters.models import Broadcaster
from broadcasters.permissions import require
from mediaexchange.core.errors import ConflictError, DomainError
from mediaexchange.core.languages.tags import STORED
from mediaexchange.core.models import User
from mediaexchange.core.outbox import record
from mediaexchange.core.search.indexing import refresh_record
from training.constants import ACTIVE, NEED_REASON, EnrolmentStatus, FormKind, NoticeKind, WorkshopStatus
from training.models import Enrolment, SeatQuota, Session, Workshop
from training.services.notice import call_off, note
from training.services.programme import write
from training.services.seating import change, fill_seats, lock_workshop

TEXTS = frozenset(f"{field}_{language}" for field in ("name", "description") for language in STORED)
_TOLD = frozenset({*TEXTS, "place", "venue", "online_url"})  # what stands in calendars
WRITABLE = TEXTS | {
    "languages", "place", "venue", "online_url", "time_zone", "capacity", "needs_approval", "nominations_close_at",
    "offer_hours", "attendance_percent", "evaluation_form", "follow_up_form", "follow_up_days",
}  # fmt: skip


@transaction.atomic
def save_workshop(workshop: Workshop, *, actor: User | None, changed: Iterable[str] = ()) -> Workshop:
    """Create a draft, or write the ``changed`` fields of a stored workshop; new seats are offered at once.

    Raises DomainError for what cannot be, ConflictError for fewer seats than are taken, for a workshop that is over and
    for a new one under a module that rests, ForbiddenError.
    """
    is_new = workshop.pk is None
    if is_new:
        require(actor, "training.add_workshop", workshop.broadcaster)
        stored, names = workshop, set(WRITABLE) | {"slug"}
    else:
        stored = lock_workshop(workshop.pk)
        require(actor, "training.change_workshop", stored.broadcaster_id)
        _refuse_ended(stored)
        names = set(changed) & WRITABLE
        for field in names:
            setattr(stored, field, getattr(workshop, field))
    if is_new:
        require_running(stored)
    parties = stored.programme.module.parties
    if not parties.filter(pk=stored.broadcaster_id).exists():
        raise DomainError("not-a-party", _("The host is a party of the programme’s module."))
    for form, kind in ((stored.evaluation_form, FormKind.EVALUATION), (stored.follow_up_form, FormKind.FOLLOW_UP)):
        if form is not None and form.kind != kind:
            raise DomainError("form-kind", _("This form is for something else."))
    if not is_new and stored.capacity < stored.seats_taken:
        raise ConflictError(
            "seats-taken",
            _("%(taken)s seats are taken already.") % {"taken": stored.seats_taken},
            current=stored.seats_taken,
            wanted=stored.capacity,
        )
    write(stored, names, is_new=is_new)
    if not is_new and names & _TOLD:
        Workshop.objects.filter(pk=stored.pk).update(sequence=F("sequence") + 1, told_at=Now())
    if "capacity" in names and not is_new:
        fill_seats(stored)
    refresh_record(stored)
    if stored.status != WorkshopStatus.DRAFT:
        tell(stored, "workshop.changed", actor)
    return stored


@transaction.atomic
def move_workshop(workshop: Workshop, *, actor: User | None, status: str, reason: str = "") -> Workshop:
    """Open, begin, complete or cancel. Whoever had a place or hoped for one is told when it is cancelled.

    When it begins, offers and the waiting list end. Raises ConflictError for a move that is not allowed or a module
    that rests, DomainError without a session to open with or a reason to cancel for, ForbiddenError.
    """
    stored = lock_workshop(workshop.pk)
    require(actor, "training.change_workshop", stored.broadcaster_id)
    if status in NEED_REASON and not reason.strip():
        raise DomainError("reason-missing", _("Say why the state changes."))
    stored.move_to(status)
    if status == WorkshopStatus.OPEN:
        require_running(stored)
        if not stored.sessions.filter(is_cancelled=False).exists():
            raise DomainError("session-missing", _("Give it at least one session first."))
    stored.status_reason = reason.strip()
    if status == WorkshopStatus.CANCELLED:
        stored.sequence, stored.told_at = stored.sequence + 1, timezone.now()
    stored.save(update_fields=["status", "status_reason", "sequence", "told_at"])
    active = Enrolment.objects.select_for_update(of=("self",), no_key=True).filter(workshop=stored, status__in=ACTIVE)
    if status == WorkshopStatus.CANCELLED:
        for enrolment in active.order_by("pk"):
            change(enrolment, EnrolmentStatus.CANCELLED, actor=actor)
            call_off(enrolment)
            note(enrolment, NoticeKind.CANCELLED)
    if status == WorkshopStatus.RUNNING:
        for enrolment in active.exclude(status=EnrolmentStatus.CONFIRMED).order_by("pk"):
            change(enrolment, EnrolmentStatus.LAPSED, actor=actor)
            note(enrolment, NoticeKind.LAPSED)
    if status == WorkshopStatus.COMPLETED:
        for enrolment in active.order_by("pk"):
            if stored.evaluation_form_id:
                note(enrolment, NoticeKind.EVALUATION)
            if stored.follow_up_form_id:
                note(enrolment, NoticeKind.FOLLOW_UP, days=stored.follow_up_days)
    tell(stored, "workshop.moved", actor, status=status)
    return stored


@transaction.atomic
def save_session(session: Session, *, actor: User | None, changed: Iterable[str] = ()) -> Session:
    """Add a session, move it or cancel it: calendars that have it are told. Raises like ``save_workshop``."""
    workshop = lock_workshop(session.workshop_id)
    require(actor, "training.change_workshop", workshop.broadcaster_id)
    _refuse_ended(workshop)
    if session.ends_at <= session.starts_at:
        raise DomainError("session-ends-first", _("It ends after it has begun."))
    if session._state.adding:
        session.save()
    else:
        stored = Session.objects.select_for_update(of=("self",), no_key=True).get(pk=session.pk)
        names = {"starts_at", "ends_at", "place", "venue", "online_url", "is_cancelled"}
        names |= {f"title_{language}" for language in STORED}
        names &= set(changed)
        if names:
            for field in names:
                setattr(stored, field, getattr(session, field))
            stored.sequence, stored.told_at = stored.sequence + 1, timezone.now()
            stored.save(update_fields=[*names, "sequence", "told_at"])
        session = stored
    span = workshop.sessions.filter(is_cancelled=False).aggregate(first=Min("starts_at"), last=Max("ends_at"))
    Workshop.objects.filter(pk=workshop.pk).update(starts_at=span["first"], ends_at=span["last"])
    if workshop.status != WorkshopStatus.DRAFT:
        tell(workshop, "workshop.changed", actor)
    return session


@transaction.atomic
def set_quota(workshop: Workshop, broadcaster: Broadcaster, *, actor: User | None, seats: int | None) -> None:
    """Bind a house to so many seats; None unbinds it. Freed seats are offered at once. Safe to repeat.

    Raises ConflictError for fewer than it has, DomainError for a house that is no party, ForbiddenError.
    """
    stored = lock_workshop(workshop.pk)
    require(actor, "training.change_workshop", stored.broadcaster_id)
    if not stored.programme.module.parties.filter(pk=broadcaster.pk).exists():
        raise DomainError("not-a-party", _("Seats go to parties of the programme’s module."))
    if seats is None:
        for quota in stored.quotas.filter(broadcaster=broadcaster):
            quota.delete()
    else:
        try:
            with transaction.atomic():
                SeatQuota.objects.update_or_create(workshop=stored, broadcaster=broadcaster, defaults={"seats": seats})
        except IntegrityError as error:
            if "training_quota_not_exceeded" not in str(error):
                raise
            raise ConflictError("seats-taken", _("More seats than that are taken already.")) from error
    fill_seats(stored)


def require_running(workshop: Workshop) -> None:
    """Raises ConflictError while the programme's module rests."""
    module = workshop.programme.module
    if not module.is_running:
        raise ConflictError(
            "module-not-running", _("The module is not running."), current=module.state, wanted="active"
        )


def _refuse_ended(workshop: Workshop) -> None:
    if workshop.status in (WorkshopStatus.COMPLETED, WorkshopStatus.CANCELLED):
        raise ConflictError(
            "workshop-over", _("The workshop is over."), current=workshop.status, wanted=WorkshopStatus.OPEN.value
        )


def tell(workshop: Workshop, kind: str, actor: User | None, **data: Any) -> None:
    parties = workshop.programme.module.parties.values_list("pk", flat=True)
    record(
        kind,
        subject_type="workshop",
        subject_uid=workshop.uid,
        audience=[workshop.broadcaster_id, *parties],
        actor=actor,
        **data,
    )
