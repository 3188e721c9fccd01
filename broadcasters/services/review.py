"""Reviews of modules: demand, feasibility, verdict, and the indicators that speak for it."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from broadcasters.models import DemandFigure, Module, ModuleReview, ReviewEvidence
from broadcasters.permissions import require
from broadcasters.services.recipients import people_with
from broadcasters.services.saving import refusals, write, write_whole
from mediaexchange.core.errors import ConflictError, DomainError
from mediaexchange.core.models import User
from mediaexchange.core.notifications import notify
from mediaexchange.core.outbox import record

WRITABLE = frozenset(
    {"first_on", "last_on", "demand_note", "staff", "budget", "kit", "feasibility_note", "verdict", "verdict_reason"}
)


@transaction.atomic
def save_review(
    review: ModuleReview,
    *,
    actor: User | None,
    changed: Iterable[str] = (),
    demand: Sequence[dict[str, Any]] | None = None,
    evidence: Sequence[dict[str, Any]] | None = None,
) -> ModuleReview:
    """Review a module for one's own house, or change the review while no move rests on it; given lists replace.

    Raises ConflictError for a review that a move rests on, DomainError, ForbiddenError.
    """
    is_new = review.pk is None
    module = Module.objects.select_for_update(of=("self",), no_key=True).get(pk=review.module_id)
    parties = list(module.parties.values_list("pk", flat=True))
    require(actor, f"broadcasters.{'add' if is_new else 'change'}_modulereview", review.broadcaster_id)
    if review.broadcaster_id not in parties:
        raise DomainError("not-a-party", _("A module is reviewed by its parties."))
    if is_new:
        review.written_by = actor
    write(review, {*WRITABLE, "module", "broadcaster"} if is_new else set(changed) & WRITABLE, is_new=is_new)
    for kind, rows in ((DemandFigure, demand), (ReviewEvidence, evidence)):
        if rows is None:
            continue
        with refusals():
            kind.objects.filter(review=review).delete()
        for values in rows:
            write_whole(kind(review=review, **values))
    tell_of_review(review, actor=actor, is_new=is_new)
    return review


def tell_of_review(review: ModuleReview, *, actor: User | None, is_new: bool) -> None:
    """To all parties of the module; a new one to those who may move it."""
    module = review.module
    parties = list(module.parties.values_list("pk", flat=True))
    record(
        "module.reviewed", subject_type="module", subject_uid=module.uid, audience=parties, actor=actor,
        review=str(review.uid), verdict=review.verdict,
    )  # fmt: skip
    if is_new:
        notify(
            "broadcasters.module-reviewed", to=people_with("broadcasters.move_module", parties),
            subject_type="module-review", subject_uid=review.uid, actor=actor,
        )  # fmt: skip


def require_support(review: ModuleReview, module: Module, state: str) -> None:
    """Raise DomainError for another module's review, ConflictError for a verdict that speaks for something else."""
    if review.module_id != module.pk:
        raise DomainError("foreign-review", _("The review is of another module."))
    if not review.supports(state):
        raise ConflictError(
            "review-says-otherwise",
            _("The review says “%(verdict)s”, which is something else.") % {"verdict": review.get_verdict_display()},
            current=review.verdict,
            wanted=state,
        )
