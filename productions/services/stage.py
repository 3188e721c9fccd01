"""Stages: what blocks a production on its way, and the moves themselves.

Apps' modules register gates; each says what is still missing before a production may come to stages with some flag.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction
from django.db.models import Count
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext as _

from broadcasters.constants import ModuleState
from broadcasters.models import Module
from mediaexchange.core.errors import ConflictError, DomainError
from mediaexchange.core.languages.localize import localized
from mediaexchange.core.models import User
from mediaexchange.core.outbox import record
from productions.constants import GO_AHEAD
from productions.models import Partner, PilotReview, Production, ProductionMove, Stage, StageMove
from productions.notifications import SHARED, STAGE_MOVED, tell_partners
from productions.querysets import CHANGE
from productions.services.production import lock_production, partner_ids, require_partner


@dataclass(frozen=True, slots=True)
class Blocker:
    """One thing that is in the way. ``link`` is the page where it can be cleared, ``code`` stays what it is."""

    code: str
    message: str
    link: str = ""


Gate = Callable[[Production], list[Blocker]]
GateOfMany = Callable[[Sequence[Production]], Mapping[int, list[Blocker]]]
_gates: dict[str, list[GateOfMany]] = defaultdict(list)


def gate(flag: str) -> Callable[[Gate], Gate]:
    """Ask this function before a production comes to a stage with the flag, or of this slug: see ``Stage.flags``."""

    def register(function: Gate) -> Gate:
        gate_of_many(flag)(lambda productions: {each.pk: function(each) for each in productions})
        return function

    return register


def gate_of_many(flag: str) -> Callable[[GateOfMany], GateOfMany]:
    """The same for a function that answers for many productions in a constant number of statements, by their ids."""

    def register(function: GateOfMany) -> GateOfMany:
        _gates[flag].append(function)
        return function

    return register


def blockers_of(production: Production, flags: str | Iterable[str]) -> list[Blocker]:
    """What is in the way of whatever the flags stand for: of delivering, say. In the reader's language."""
    return blockers_of_many([production], flags)[production.pk]


def blockers_of_many(productions: Sequence[Production], flags: str | Iterable[str]) -> dict[int, list[Blocker]]:
    names = sorted({flags} if isinstance(flags, str) else set(flags))
    found: dict[int, list[Blocker]] = {each.pk: [] for each in productions}
    for function in (function for name in names for function in _gates.get(name, ()) if productions):
        for pk, blockers in function(productions).items():
            found[pk] += blockers
    return found


def refuse_blocked(production: Production, flags: str | Iterable[str], *, also: Sequence[Blocker] = ()) -> None:
    """Raises ConflictError that names every blocker in ``details["reasons"]``: code, message, link."""
    if blockers := [*also, *blockers_of(production, flags)]:
        raise ConflictError(
            "production-blocked",
            _("Something is in the way of this production:"),
            reasons=[asdict(blocker) for blocker in blockers],
        )


@dataclass(frozen=True, slots=True)
class Step:
    """A move that leads on from where a production stands, with all that is in its way now."""

    move: StageMove
    blockers: list[Blocker]

    @property
    def stage(self) -> Stage:
        return self.move.to_stage


def steps_of(production: Production) -> list[Step]:
    """In the order of the stages."""
    moves = StageMove.objects.leaving(production.stage_id)
    return [Step(move, _in_the_way(production, move)) for move in moves]


def next_blockers(productions: Sequence[Production]) -> dict[int, list[Blocker]]:
    """What is in the way of each production's next stage forward; reads ``stage`` and ``module``.

    A constant number of statements for each stage, however many productions stand there.
    """
    following: dict[int, StageMove | None] = {}
    groups: dict[int, list[Production]] = defaultdict(list)
    for production in productions:
        groups[production.stage_id].append(production)
    for move in (
        StageMove.objects.filter(from_stage__in=groups)
        .select_related("from_stage", "to_stage")
        .order_by("to_stage__position")
    ):
        is_forward = move.from_stage is not None and move.to_stage.position > move.from_stage.position
        if is_forward and move.from_stage_id is not None:
            following.setdefault(move.from_stage_id, move)
    found: dict[int, list[Blocker]] = {each.pk: [] for each in productions}
    for stage_id, group in groups.items():
        move_on = following.get(stage_id)
        if move_on is None:
            found |= {each.pk: [_held(each)] for each in group if each.is_held}
            continue
        asked, gated = _asked_by(group, move_on), blockers_of_many(group, move_on.to_stage.flags())
        found |= {each.pk: [*asked[each.pk], *gated[each.pk]] for each in group}
    return found


@transaction.atomic
def move_production(production: Production, *, actor: User | None, stage: Stage, reason: str = "") -> ProductionMove:
    """Take a production to another stage, along an allowed move, when nothing is in the way. Safe to repeat.

    Its partners see it from a shared stage on. Raises ConflictError for a move that is not allowed and, with every
    blocker in its details, where something is in the way; DomainError without a reason that is asked for;
    ForbiddenError.
    """
    stored = lock_production(production)
    require_partner(actor, CHANGE, stored)
    last = stored.moves.first()
    if last is not None and stored.stage_id == stage.pk == last.to_stage_id:
        return last
    moves = list(StageMove.objects.leaving(stored.stage_id))
    move = next((each for each in moves if each.to_stage_id == stage.pk), None)
    if move is None:
        raise ConflictError(
            "stage-move-refused",
            _("A production cannot go from “%(current)s” to “%(wanted)s”.")
            % {"current": localized(stored.stage, "name"), "wanted": localized(stage, "name")},
            current=stored.stage.slug,
            wanted=stage.slug,
            allowed=[each.to_stage.slug for each in moves],
        )
    if move.needs_reason and not reason.strip():
        raise DomainError("reason-missing", _("Give a reason."))
    if not move.to_stage.is_closed:  # a pause waits until it has moved, or it does not move
        stored.module = Module.objects.select_for_update(of=("self",), no_key=True).get(pk=stored.module_id)
    if blockers := _in_the_way(stored, move):
        refuse_blocked(stored, (), also=blockers)
    return write_move(stored, move.to_stage, actor=actor, reason=reason)


def write_move(stored: Production, stage: Stage, *, actor: User | None, reason: str) -> ProductionMove:
    """Write a move that is allowed, of a locked production, and tell the partners of it."""
    before, was_shared = stored.stage, stored.is_shared
    values: dict[str, Any] = {"stage": stage, "staged_at": Now(), "changed_at": Now()}
    if stage.is_shared and not was_shared:
        values["shared_at"] = Now()
    if stage.is_pilot:
        values["is_pilot"] = True
    if stage.is_stopped:
        values["held_at"] = None
    Production.objects.filter(pk=stored.pk).update(**values)
    stored.refresh_from_db(fields=list(values))
    move = ProductionMove.objects.create(
        production=stored, from_stage=before, to_stage=stage, reason=reason.strip(), actor=actor
    )
    record(
        "production.moved",
        subject_type="production",
        subject_uid=stored.uid,
        audience=partner_ids(stored),
        actor=actor,
        stage=stage.slug,
    )
    if stored.is_shared and not was_shared:
        tell_partners(SHARED, stored, actor=actor)
    tell_partners(STAGE_MOVED, stored, actor=actor, key=str(move.pk))
    return move


def _in_the_way(production: Production, move: StageMove) -> list[Blocker]:
    before, stage = production.stage, move.to_stage
    if stage.is_stopped or not stage.is_shared:
        return []
    found = _asked_by([production], move)[production.pk]
    is_way_back = before.is_delivering and stage.is_delivering and stage.position < before.position
    return found if is_way_back else [*found, *blockers_of(production, stage.flags())]


def _asked_by(productions: Sequence[Production], move: StageMove) -> dict[int, list[Blocker]]:
    """What the move itself asks of productions of one stage, beside the gates of the stage that it leads to."""
    before, stage = productions[0].stage, move.to_stage
    found: dict[int, list[Blocker]] = {each.pk: [_held(each)] if each.is_held else [] for each in productions}
    joined = _with_partners(productions) if before.is_initial else found.keys()
    judged = [each for each in productions if move.needs_review and each.is_pilot]
    passed = _with_go_ahead(judged)
    for each in productions:
        if each.pk not in joined:
            found[each.pk].append(
                Blocker(
                    "partner-missing",
                    _("A co-production has at least two partners."),
                    reverse("admin:productions_production_shares", args=[each.pk]),
                )
            )
        if each in judged and each.pk not in passed:
            found[each.pk].append(
                Blocker(
                    "review-missing",
                    _("No review of the pilot says that it goes on."),
                    reverse("admin:productions_production_pilot", args=[each.pk]),
                )
            )
        if _is_new_work(before, stage):
            found[each.pk] += _module_blockers(each)
    return found


def _is_new_work(before: Stage, stage: Stage) -> bool:
    """Onward, and not to an end. Gates of delivering stages ask for the module themselves."""
    return stage.position > before.position and not stage.is_closed and not stage.is_delivering


def _with_partners(productions: Sequence[Production]) -> set[int]:
    """Those of at least two houses."""
    counted = Partner.objects.filter(production__in=productions).values("production").annotate(count=Count("pk"))
    return set(counted.filter(count__gte=2).values_list("production", flat=True))


def _with_go_ahead(productions: Sequence[Production]) -> set[int]:
    """Those whose latest decided review of the pilot lets them go on."""
    decided = PilotReview.objects.filter(production__in=productions, decided_at__isnull=False)
    latest = decided.order_by("production", "-decided_at", "-pk").distinct("production")
    return {production for production, decision in latest.values_list("production", "decision") if decision in GO_AHEAD}


def _held(production: Production) -> Blocker:
    return Blocker(
        "production-on-hold",
        _("The production is on hold."),
        reverse("admin:productions_production_pilot", args=[production.pk]),
    )


@gate_of_many("delivering")
def module_runs(productions: Sequence[Production]) -> dict[int, list[Blocker]]:
    """While the module rests, nothing new is delivered under it. Reads ``module``."""
    return {each.pk: _module_blockers(each) for each in productions}


def _module_blockers(production: Production) -> list[Blocker]:
    module = production.module
    if module.is_running:
        return []
    names = {"module": localized(module, "name"), "state": ModuleState(module.state).label, "reason": module.reason}
    said = (
        _("The module “%(module)s” is %(state)s: %(reason)s")
        if names["reason"]
        else _("The module “%(module)s” is %(state)s.")
    )
    link = reverse("admin:broadcasters_module_change", args=[module.pk])
    return [Blocker("module-not-running", said % names, link)]
