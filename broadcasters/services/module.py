"""Deeds on modules."""

from collections.abc import Callable

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from broadcasters.constants import RUNNING_STATES, WORK_IN_AREA, Role
from broadcasters.models import Module, ModuleMove, ModuleReview
from broadcasters.permissions import may
from broadcasters.services.recipients import people_in
from broadcasters.services.review import require_support
from mediaexchange.core.errors import DomainError, ForbiddenError
from mediaexchange.core.languages.tags import STORED, stored_language, to_bcp47
from mediaexchange.core.models import User
from mediaexchange.core.notifications import notify
from mediaexchange.core.outbox import record

MoveCheck = Callable[[Module, str], None]
_checks: list[MoveCheck] = []


def check_moves(check: MoveCheck) -> MoveCheck:
    """Ask this function before a module takes a state; it raises what the app above has against it."""
    _checks.append(check)
    return check


@transaction.atomic
def move_module(
    module: Module, *, actor: User, state: str, reason: str, review: ModuleReview | None = None
) -> ModuleMove:
    """Start, pause, scale or end a module. The reason is kept; partners read it in the change feed and everybody whose
    work it concerns at the parties is told.

    A move may rest on a ``review`` of the module, whose verdict must speak for it; the review changes no more then.
    Raises ForbiddenError unless the actor administers a party, ConflictError for a move that is not allowed.
    """
    if not reason.strip():
        raise DomainError("reason-missing", _("Say why the state changes."))
    module = Module.objects.select_for_update().get(pk=module.pk)
    parties = list(module.parties.values_list("pk", flat=True))
    if not any(may(actor, "broadcasters.move_module", party) for party in parties):
        raise ForbiddenError("role-missing", _("Your role does not allow this."), permission="broadcasters.move_module")
    before = module.state
    module.move_to(state)
    if review is not None:
        require_support(review, module, state)
    for check in _checks:
        check(module, state)
    # The reason stands in the writer's language alone: another language's older reason would be about another move.
    written_in = stored_language(to_bcp47(actor.language)) or settings.MODELTRANSLATION_DEFAULT_LANGUAGE
    reasons = {f"state_reason_{language}": reason if language == written_in else "" for language in STORED}
    Module.objects.filter(pk=module.pk).update(state=state, state_changed_at=Now(), **reasons)
    record(
        "module.moved",
        subject_type="module",
        subject_uid=module.uid,
        audience=parties,
        actor=actor,
        state=state,
        running=state in RUNNING_STATES,
    )
    move = ModuleMove.objects.create(
        module=module, from_state=before, to_state=state, reason=reason, actor=actor, review=review
    )
    notify(
        "broadcasters.module-moved", to=people_in((Role.ADMINISTRATOR, *WORK_IN_AREA[module.area]), parties),
        subject_type="module", subject_uid=module.uid, key=str(move.pk), actor=actor,
    )  # fmt: skip
    return move
