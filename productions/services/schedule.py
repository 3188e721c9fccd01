"""Milestones: planned by any partner, done by the one who owes them, called off and never deleted."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from archive.errors import invalid
from broadcasters.permissions import require
from mediaexchange.core.errors import ConflictError, DomainError
from mediaexchange.core.languages.normalise import normalise_text
from mediaexchange.core.languages.tags import STORED
from mediaexchange.core.models import User
from mediaexchange.core.outbox import record
from productions.models import Milestone, Production
from productions.notifications import MILESTONE_DONE, tell_partners
from productions.services.production import lock_production, partner_ids, require_partner

CHANGE = "productions.change_milestone"
_TITLES = frozenset(f"title_{language}" for language in STORED)
_TOLD = _TITLES | {"starts_on", "due_on", "due_at", "time_zone", "owner"}  # what stands in calendars
WRITABLE = _TOLD | {"position"}
_CLOCKS_DIFFER = timedelta(minutes=5)


@transaction.atomic
def save_milestone(
    milestone: Milestone,
    *,
    actor: User | None,
    changed: Iterable[str] = (),
    waits_for: Iterable[Milestone] | None = None,
) -> Milestone:
    """Plan a milestone, or write the ``changed`` fields of a stored one. What it waits for stays as it is for None.

    Without a zone it has its owner's; a new one comes last. Raises DomainError for what cannot be, ConflictError for
    one that was called off and in a production that is closed, ForbiddenError.
    """
    is_new = milestone._state.adding
    production = lock_production(milestone.production)
    require_partner(actor, "productions.add_milestone" if is_new else CHANGE, production)
    _refuse_closed(production)
    if is_new:
        stored, names = milestone, set(WRITABLE)
    else:
        stored = lock_milestone(milestone)
        _refuse_cancelled(stored)
        names = set(changed) & WRITABLE
        for field in names:
            setattr(stored, field, getattr(milestone, field))
    if stored.owner.production_id != production.pk:
        raise DomainError("foreign-owner", _("A milestone is owed by a partner of the production."), field="owner")
    if is_new:
        stored.time_zone = stored.time_zone or stored.owner.broadcaster.time_zone
        stored.position = stored.position or _last_position(production) + 1
    _write(stored, names, is_new=is_new)
    if waits_for is not None:
        _wait_for(stored, waits_for)
    if is_new or names or waits_for is not None:
        _tell("milestone.created" if is_new else "milestone.changed", production, stored, actor)
    return stored


@transaction.atomic
def finish_milestone(milestone: Milestone, *, actor: User | None, at: datetime | None = None) -> Milestone:
    """Say that it is done, now or ``at`` an earlier moment. Safe to repeat: the first moment stays.

    Raises ForbiddenError unless the owner's people say so, ConflictError while what it waits for is not done, with
    those in its reasons, DomainError for a moment that lies ahead.
    """
    production, stored = _locked(milestone, actor)
    if stored.is_done:
        return stored
    if at is not None and at > timezone.now() + _CLOCKS_DIFFER:
        raise DomainError("done-in-the-future", _("Only what has been done is done."))
    waiting = stored.depends_on.filter(done_at__isnull=True, is_cancelled=False)
    if missing := list(waiting):
        raise ConflictError(
            "milestone-waits",
            _("Something has to be done first:"),
            reasons=[{"code": "not-done", "message": str(each), "milestone": str(each.uid)} for each in missing],
        )
    _write_state(stored, done_at=at or timezone.now(), done_by=actor)
    _tell("milestone.done", production, stored, actor)
    tell_partners(MILESTONE_DONE, production, subject=stored, actor=actor, key=str(stored.sequence))
    return stored


@transaction.atomic
def reopen_milestone(milestone: Milestone, *, actor: User | None) -> Milestone:
    """It is not done after all. Safe to repeat. Raises like ``finish_milestone``."""
    production, stored = _locked(milestone, actor)
    if stored.is_done:
        _write_state(stored, done_at=None, done_by=None)
        _tell("milestone.reopened", production, stored, actor)
    return stored


@transaction.atomic
def cancel_milestone(milestone: Milestone, *, actor: User | None) -> Milestone:
    """Call it off: calendars that have it are told, and nothing waits for it any more. Safe to repeat.

    Raises ConflictError for one that is done, ForbiddenError.
    """
    production = lock_production(milestone.production)
    require_partner(actor, CHANGE, production)
    _refuse_closed(production)
    stored = lock_milestone(milestone)
    if stored.is_done:
        raise ConflictError("milestone-done", _("It is done already."), current="done", wanted="cancelled")
    if not stored.is_cancelled:
        _write_state(stored, is_cancelled=True)
        _tell("milestone.cancelled", production, stored, actor)
    return stored


def lock_milestone(milestone: Milestone) -> Milestone:
    """The stored row, locked; its production is locked already."""
    locked = Milestone.objects.select_for_update(of=("self",), no_key=True)
    return locked.select_related("owner__broadcaster", "production").get(pk=milestone.pk)


def _locked(milestone: Milestone, actor: User | None) -> tuple[Production, Milestone]:
    """The milestone for a deed of its owner."""
    production = lock_production(milestone.production)
    stored = lock_milestone(milestone)
    require(actor, CHANGE, stored.owner.broadcaster_id)
    _refuse_closed(production)
    _refuse_cancelled(stored)
    return production, stored


def _write(row: Milestone, names: set[str], *, is_new: bool) -> None:
    for field in names & _TITLES:
        if text := getattr(row, field):
            setattr(row, field, normalise_text(text, field.rpartition("_")[2]).strip())
    try:
        row.clean_fields(exclude={field.name for field in row._meta.get_fields()} - names)
        row.clean()
    except ValidationError as error:
        raise invalid(error) from error
    if is_new:
        row.save()
        return
    if not names:
        return
    row.changed_at = timezone.now()
    row.sequence += bool(names & _TOLD)
    row.save(update_fields=[*names, "changed_at", "sequence"])
    row.refresh_from_db(fields=["ends_at"])


def _write_state(row: Milestone, **values: Any) -> None:
    row.sequence += 1
    for name, value in (values | {"changed_at": timezone.now()}).items():
        setattr(row, name, value)
    row.save(update_fields=[*values, "changed_at", "sequence"])


def _wait_for(row: Milestone, others: Iterable[Milestone]) -> None:
    """Raises DomainError for a circle and for milestones of another production."""
    wanted = list(others)
    if any(each.production_id != row.production_id for each in wanted):
        raise DomainError("foreign-milestone", _("It waits for milestones of its own production."), field="waits_for")
    try:
        with transaction.atomic():
            row.depends_on.set(wanted)
    except IntegrityError as error:
        if "would wait for itself" not in str(error):
            raise
        raise DomainError("milestone-circle", _("It would wait for itself."), field="waits_for") from error


def _last_position(production: Production) -> int:
    return production.milestones.order_by("-position").values_list("position", flat=True).first() or 0


def _refuse_closed(production: Production) -> None:
    if production.stage.is_closed:
        raise ConflictError("production-closed", _("The production is closed."), current=production.stage.slug)


def _refuse_cancelled(milestone: Milestone) -> None:
    if milestone.is_cancelled:
        raise ConflictError("milestone-cancelled", _("The milestone was called off."), current="cancelled")


def _tell(kind: str, production: Production, milestone: Milestone, actor: User | None) -> None:
    Production.objects.filter(pk=production.pk).update(changed_at=Now())
    record(
        kind, subject_type="milestone", subject_uid=milestone.uid, audience=partner_ids(production), actor=actor,
        production=str(production.uid),
    )  # fmt: skip
