"""Reviews of pilots: opened, marked by the partners, decided once; and what a decision does."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from broadcasters.constants import Area, ModuleState
from broadcasters.models import Broadcaster, Module
from broadcasters.permissions import may, require
from broadcasters.services.module import check_moves, move_module
from mediaexchange.core.errors import ConflictError, DomainError, ForbiddenError
from mediaexchange.core.models import User
from mediaexchange.core.outbox import record
from productions.constants import GO_AHEAD, HIGHEST_MARK, Criterion, PilotDecision
from productions.models import PilotMark, PilotReview, Production, StageMove
from productions.notifications import PILOT_DECIDED, PILOT_OPENED, tell_partners
from productions.services.production import houses_that_may, lock_production, partner_ids, require_partner
from productions.services.stage import steps_of, write_move

ADD, CHANGE, MARK = "productions.add_pilotreview", "productions.change_pilotreview", "productions.add_pilotmark"
# What a decision proposes for the module; a pilot that stops or goes on leaves the module as it is.
PROPOSES: dict[str, str] = {PilotDecision.SCALE: ModuleState.SCALED, PilotDecision.PAUSE: ModuleState.PAUSED}


@transaction.atomic
def open_review(production: Production, *, actor: User | None, due_on: date | None = None) -> PilotReview:
    """Ask the partners what they think of a pilot. Safe to repeat: one review is open at a time.

    Raises ConflictError for what is no pilot, or not at work, ForbiddenError.
    """
    stored = lock_production(production)
    require_partner(actor, ADD, stored)
    known = stored.pilot_reviews.filter(decided_at__isnull=True).first()
    if known is not None:
        return known
    if not stored.is_pilot:
        raise ConflictError("not-a-pilot", _("Only pilots are reviewed."))
    if stored.stage.is_initial or stored.stage.is_closed:
        raise ConflictError("not-at-work", _("Nobody works on it at this stage."), current=stored.stage.slug)
    review = PilotReview.objects.create(production=stored, opened_by=actor, due_on=due_on)
    _tell(review, "pilot-review.opened", actor)
    tell_partners(PILOT_OPENED, stored, subject=review, actor=actor)
    return review


@transaction.atomic
def mark_pilot(
    review: PilotReview, *, actor: User, criterion: str, mark: int, note: str = "", house: Broadcaster | None = None
) -> PilotMark:
    """Say what one's own house thinks of one thing, from 1 (poor) to 5 (excellent); the last word counts.

    Raises ConflictError once the review is decided, DomainError for a mark outside, ForbiddenError.
    """
    stored = _lock(review)
    who = _house(actor, stored.production, house)
    if criterion not in Criterion.values or not 1 <= mark <= HIGHEST_MARK:
        raise DomainError("mark-impossible", _("Give a mark from 1 to 5."))
    _refuse_decided(stored)
    values = {"mark": mark, "note": note.strip(), "marked_by": actor, "marked_at": Now()}
    row, _created = PilotMark.objects.update_or_create(
        review=stored, criterion=criterion, broadcaster_id=who, defaults=values
    )
    row.refresh_from_db(fields=["marked_at"])
    return row


@transaction.atomic
def decide_pilot(
    review: PilotReview, *, actor: User | None, decision: str, reason: str, with_module: bool = False
) -> PilotReview:
    """Decide over a pilot, once. Go and scale let it go on, pause puts it on hold, stop stops it.

    ``with_module`` has the module scaled or paused as well, by an actor who administers one of its parties. Raises
    ConflictError for a review that is decided otherwise, DomainError while nobody has marked a criterion or without a
    reason, ForbiddenError.
    """
    stored = _lock(review)
    production = stored.production
    require_partner(actor, CHANGE, production)
    if decision not in PilotDecision.values:
        raise DomainError("decision-unknown", _("There is no such decision."))
    if stored.is_decided and stored.decision == decision:
        return stored
    _refuse_decided(stored)
    if not reason.strip():
        raise DomainError("reason-missing", _("Give a reason."))
    if missing := unmarked(stored):
        raise DomainError(
            "marks-missing",
            _("Nobody has said yet what they think of:"),
            reasons=[{"code": criterion.value, "message": str(criterion.label)} for criterion in missing],
        )
    values: dict[str, Any] = {
        "decision": decision, "reason": reason.strip(), "decided_by": actor, "decided_at": Now(),
    }  # fmt: skip
    PilotReview.objects.filter(pk=stored.pk).update(**values)
    stored.refresh_from_db(fields=[*values])
    _apply(production, decision, actor=actor, reason=stored.reason)
    if with_module and decision in PROPOSES:
        move_module_of(stored, actor=actor)
    _tell(stored, "pilot-review.decided", actor, decision=decision)
    tell_partners(PILOT_DECIDED, production, subject=stored, actor=actor)
    return stored


@transaction.atomic
def move_module_of(review: PilotReview, *, actor: User | None) -> PilotReview:
    """Do to the module what the decision proposes, with its reason. Safe to repeat.

    Raises ConflictError for a review that proposes nothing and for a module that cannot go there, ForbiddenError
    unless the actor administers one of its parties.
    """
    stored = _lock(review)
    wanted = PROPOSES.get(stored.decision)
    if wanted is None:
        raise ConflictError("nothing-proposed", _("This review proposes nothing for the module."))
    if stored.module_move_id is not None:
        return stored
    if actor is None:
        raise ForbiddenError("role-missing", _("Your role does not allow this."), permission="broadcasters.move_module")
    module = Module.objects.get(pk=stored.production.module_id)
    if module.state != wanted:
        stored.module_move = move_module(module, actor=actor, state=wanted, reason=stored.reason)
        stored.save(update_fields=["module_move"])
    return stored


def proposal_for(review: PilotReview, user: User) -> str:
    """The state that the decision proposes for the module, "" if there is nothing that this user could do about it."""
    module = review.production.module
    wanted = PROPOSES.get(review.decision, "")
    if not wanted or review.module_move_id is not None or module.state == wanted:
        return ""
    parties = module.parties.values_list("pk", flat=True)
    return wanted if any(may(user, "broadcasters.move_module", party) for party in parties) else ""


def unmarked(review: PilotReview) -> Sequence[Criterion]:
    """What no partner has given a mark for."""
    given = set(review.marks.values_list("criterion", flat=True))
    return [criterion for criterion in Criterion if criterion.value not in given]


@check_moves
def scaled_by_review(module: Module, state: str) -> None:
    """A module of co-production scales only on a recorded review; the database says so as well."""
    if module.area != Area.CO_PRODUCTION or state != ModuleState.SCALED:
        return
    reviews = PilotReview.objects.filter(production__module=module, decision=PilotDecision.SCALE)
    if not reviews.exists():
        raise ConflictError(
            "review-missing",
            _("A module of co-production scales once the review of a pilot has said so."),
            wanted=state,
        )


def _apply(production: Production, decision: str, *, actor: User | None, reason: str) -> None:
    if decision == PilotDecision.STOP:
        moves = StageMove.objects.leaving(production.stage_id).filter(to_stage__is_stopped=True)
        if (stop := moves.first()) is not None:
            write_move(production, stop.to_stage, actor=actor, reason=reason)
        return
    held_at = Now() if decision == PilotDecision.PAUSE else None
    Production.objects.filter(pk=production.pk).update(held_at=held_at, changed_at=Now())
    production.refresh_from_db(fields=["held_at", "changed_at"])
    if decision in GO_AHEAD and production.stage.is_pilot:
        waiting = [step for step in steps_of(production) if step.move.needs_review and not step.blockers]
        if len(waiting) == 1:
            write_move(production, waiting[0].stage, actor=actor, reason=reason)


def _lock(review: PilotReview) -> PilotReview:
    """The production first, as everywhere, then the review."""
    production = lock_production(review.production)
    stored = PilotReview.objects.select_for_update(of=("self",), no_key=True).get(pk=review.pk)
    stored.production = production
    return stored


def _house(actor: User, production: Production, named: Broadcaster | None) -> int:
    """The partner for which the actor marks: the one named, else the only one where they may."""
    if named is not None and named.pk in partner_ids(production):
        require(actor, MARK, named)
        return named.pk
    houses = houses_that_may(actor, MARK, production)
    if not houses or named is not None:
        raise ForbiddenError("role-missing", _("Your role does not allow this."), permission=MARK)
    if len(houses) > 1:
        raise DomainError("broadcaster-missing", _("Say for which broadcaster."))
    return houses[0]


def _refuse_decided(review: PilotReview) -> None:
    if review.is_decided:
        raise ConflictError(
            "review-decided", _("This review is decided. Open another one."), current=review.decision, wanted=""
        )


def _tell(review: PilotReview, kind: str, actor: User | None, **data: Any) -> None:
    record(
        kind,
        subject_type="pilot-review",
        subject_uid=review.uid,
        audience=partner_ids(review.production),
        actor=actor,
        **data,
    )
