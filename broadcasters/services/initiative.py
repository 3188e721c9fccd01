"""Digital development: initiatives, their milestones and results. Nothing new begins while the module rests."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from broadcasters.constants import OPEN_INITIATIVES, Area, InitiativeState
from broadcasters.models import Initiative, InitiativeMilestone, InitiativeMove, InitiativeOwner, Module, Result
from broadcasters.permissions import require
from broadcasters.services.recipients import people_with
from broadcasters.services.saving import invalid, refusals, require_one, write
from mediaexchange.core.errors import ConflictError, DomainError
from mediaexchange.core.languages.tags import STORED
from mediaexchange.core.models import User
from mediaexchange.core.notifications import notify
from mediaexchange.core.outbox import record
from mediaexchange.core.search.indexing import refresh_record

CHANGE = "broadcasters.change_initiative"
WRITABLE = frozenset(
    {*(f"{field}_{language}" for field in ("name", "summary") for language in STORED), "kind", "starts_on", "ends_on"}
)
MILESTONE_WRITABLE = frozenset(
    {*(f"title_{language}" for language in STORED), "owner", "planned_on", "is_cancelled"}
)  # fmt: skip
RESULT_WRITABLE = frozenset(
    {*(f"title_{language}" for language in STORED), "value", "unit", "as_of", "indicator", "url", "source"}
)


@transaction.atomic
def save_initiative(
    initiative: Initiative,
    *,
    actor: User | None,
    changed: Iterable[str] = (),
    owners: Sequence[dict[str, Any]] | None = None,
) -> Initiative:
    """Propose an initiative, or write the ``changed`` fields of a stored one; ``owners`` given replace those before.

    Raises ConflictError "module-not-running" for a new one under a module that rests, DomainError, ForbiddenError.
    """
    is_new = initiative.pk is None
    if is_new:
        module = _running(initiative.module_id)
        require_one(actor, "broadcasters.add_initiative", _parties(module))
        if not owners:
            raise DomainError("owner-missing", _("Say which house carries the initiative."))
        stored, names = initiative, {*WRITABLE, "slug", "module"}
    else:
        stored = _lock(initiative.pk)
        require_one(actor, CHANGE, _owning(stored))
        names = set(changed) & WRITABLE
        for field in names:
            setattr(stored, field, getattr(initiative, field))
    write(stored, names, is_new=is_new, named="name")
    if owners is not None:
        _set_owners(stored, owners)
    refresh_record(stored)
    tell_of_initiative(stored, "initiative.created" if is_new else "initiative.changed", actor)
    return stored


@transaction.atomic
def move_initiative(initiative: Initiative, *, actor: User | None, state: str, reason: str) -> InitiativeMove:
    """Start, pause, complete or abandon it, with a reason that all parties read.

    Raises ConflictError for a move that is not allowed, or to run under a module that rests.
    """
    if not reason.strip():
        raise DomainError("reason-missing", _("Say why the state changes."))
    stored = _lock(initiative.pk)
    require_one(actor, CHANGE, _owning(stored))
    before = stored.state
    stored.move_to(state)
    if state == InitiativeState.RUNNING:
        _running(stored.module_id)
    with refusals():
        Initiative.objects.filter(pk=stored.pk).update(state=state, state_changed_at=Now())
    tell_of_initiative(stored, "initiative.moved", actor, state=state)
    notify(
        "broadcasters.initiative-moved", to=people_with(CHANGE, _parties(stored.module)), subject_type="initiative",
        subject_uid=stored.uid, key=f"{state} {timezone.now():%Y-%m-%d %H:%M:%S}", actor=actor,
    )  # fmt: skip
    return InitiativeMove.objects.create(
        initiative=stored, from_state=before, to_state=state, reason=reason.strip(), actor=actor
    )


@transaction.atomic
def save_milestone(
    milestone: InitiativeMilestone, *, actor: User | None, changed: Iterable[str] = ()
) -> InitiativeMilestone:
    """Plan a milestone, or write the ``changed`` fields of a stored one; calendars are told.

    Raises ConflictError "module-not-running" for a new one under a module that rests, or for an initiative that ended.
    """
    is_new = milestone.pk is None
    initiative = _lock(milestone.initiative_id)
    require_one(actor, f"broadcasters.{'add' if is_new else 'change'}_initiativemilestone", _owning(initiative))
    if is_new:
        _running(initiative.module_id)
        if initiative.state not in OPEN_INITIATIVES:
            raise ConflictError("initiative-over", _("The initiative has ended."), current=initiative.state)
    names = {*MILESTONE_WRITABLE, "initiative"} if is_new else set(changed) & MILESTONE_WRITABLE
    if not is_new and milestone.is_cancelled and milestone.actual_on:
        raise ConflictError("milestone-reached", _("The milestone has been reached."))
    write(milestone, names, is_new=is_new, named="title")
    milestone.refresh_from_db(fields=["sequence", "changed_at"])
    tell_of_initiative(initiative, "initiative.milestone", actor, milestone=str(milestone.uid))
    return milestone


@transaction.atomic
def reach_milestone(
    milestone: InitiativeMilestone, *, actor: User, actual_on: date | None = None
) -> InitiativeMilestone:
    """Say for the owner that it is reached; who says so is kept. Safe to repeat: the first day stays."""
    locked = InitiativeMilestone.objects.select_for_update(of=("self",), no_key=True)
    stored = locked.select_related("initiative__module", "owner").get(pk=milestone.pk)
    require(actor, "broadcasters.change_initiativemilestone", stored.owner_id)
    if stored.actual_on is not None:
        return stored
    if stored.is_cancelled:
        raise ConflictError("milestone-cancelled", _("The milestone is called off."))
    day = actual_on or stored.owner.today()
    if day > stored.owner.today():
        raise DomainError("day-ahead", _("What is reached has a day that has come."))
    stored.actual_on, stored.done_by = day, actor
    stored.save(update_fields=["actual_on", "done_by"])
    tell_of_initiative(stored.initiative, "initiative.milestone-reached", actor, milestone=str(stored.uid))
    return stored


@transaction.atomic
def save_result(result: Result, *, actor: User | None, changed: Iterable[str] = ()) -> Result:
    """Write down what came of an initiative, also after it has ended."""
    is_new = result.pk is None
    initiative = _lock(result.initiative_id)
    require_one(actor, f"broadcasters.{'add' if is_new else 'change'}_result", _owning(initiative))
    names = {*RESULT_WRITABLE, "initiative"} if is_new else set(changed) & RESULT_WRITABLE
    write(result, names, is_new=is_new, named="title")
    tell_of_initiative(initiative, "initiative.result", actor, result=str(result.uid))
    return result


def who_may_answer(actor: User) -> QuerySet[User]:
    """People of the houses with which the actor shares a module; who is of which is looked at afterwards."""
    houses = Module.objects.visible_to(actor).values("parties")
    people = User.objects.filter(is_active=True, is_service=False, memberships__broadcaster__in=houses)
    return people.distinct().order_by("last_name", "first_name", "username")


def _set_owners(initiative: Initiative, owners: Sequence[dict[str, Any]]) -> None:
    with refusals():
        initiative.owners.all().delete()
        for values in owners:
            owner = InitiativeOwner(initiative=initiative, **values)
            try:
                owner.clean()
            except ValidationError as error:
                raise invalid(error) from error
            owner.save()


def _running(module_id: int) -> Module:
    """The module, held so that it is not paused meanwhile. Raises ConflictError if it rests, DomainError."""
    module = Module.objects.select_for_update(of=("self",), no_key=True).get(pk=module_id)
    if module.area != Area.DIGITAL_DEVELOPMENT:
        raise DomainError("initiative-area", _("An initiative stands under a module of digital development."))
    if not module.is_running:
        raise ConflictError(
            "module-not-running", _("The module is not running."), current=module.state, wanted="active",
            reason=module.reason,
        )  # fmt: skip
    return module


def _lock(pk: int) -> Initiative:
    return Initiative.objects.select_for_update(of=("self",), no_key=True).select_related("module").get(pk=pk)


def _owning(initiative: Initiative) -> list[int]:
    return list(initiative.owners.order_by("pk").values_list("broadcaster_id", flat=True))


def _parties(module: Module) -> list[int]:
    return list(module.parties.order_by("pk").values_list("pk", flat=True))


def tell_of_initiative(initiative: Initiative, kind: str, actor: User | None, **data: Any) -> None:
    """To all parties of the module."""
    record(
        kind, subject_type="initiative", subject_uid=initiative.uid, audience=_parties(initiative.module), actor=actor,
        initiative=initiative.slug, **data,
    )  # fmt: skip
