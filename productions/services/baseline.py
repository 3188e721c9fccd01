"""Baselines: a schedule as it was agreed, locked for good, and how far the present is from it."""

from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mediaexchange.core.errors import ConflictError, DomainError
from mediaexchange.core.languages.tags import STORED
from mediaexchange.core.models import User
from mediaexchange.core.outbox import record
from productions.models import Baseline, BaselineMilestone, Milestone, Production
from productions.services.production import lock_production, partner_ids, require_partner

_COPIED = (
    "starts_on", "due_on", "due_at", "time_zone", "owner_id", "position", "done_at",
    *(f"title_{language}" for language in STORED),
)  # fmt: skip


@transaction.atomic
def lock_baseline(production: Production, *, actor: User | None, name: str) -> Baseline:
    """Keep all milestones as they stand now, under a name, for good.

    Raises ConflictError for a name that is taken, DomainError without a name or a milestone, ForbiddenError.
    """
    stored = lock_production(production)
    require_partner(actor, "productions.add_baseline", stored)
    if not name.strip():
        raise DomainError("name-missing", _("Give it a name."), field="name")
    milestones = list(stored.milestones.filter(is_cancelled=False).order_by("position", "pk"))
    if not milestones:
        raise DomainError("milestone-missing", _("There is no milestone yet."))
    try:
        with transaction.atomic():
            baseline = Baseline.objects.create(production=stored, name=name.strip()[:200])
    except IntegrityError as error:
        if "productions_baseline_once" not in str(error):
            raise
        raise ConflictError("name-taken", _("There is a baseline of this name.")) from error
    BaselineMilestone.objects.bulk_create(
        BaselineMilestone(baseline=baseline, milestone=each, **{name: getattr(each, name) for name in _COPIED})
        for each in milestones
    )
    baseline.locked_at, baseline.locked_by = timezone.now(), actor
    baseline.save(update_fields=["locked_at", "locked_by"])
    record(
        "baseline.locked", subject_type="baseline", subject_uid=baseline.uid, audience=partner_ids(stored), actor=actor,
        production=str(stored.uid),
    )  # fmt: skip
    return baseline


@dataclass(frozen=True, slots=True)
class Shift:
    """A milestone now and in a baseline; one of both may be missing.

    ``days`` is how much later it comes than it was agreed, below 0 earlier; of what is done, the day it was done
    counts. None where there is nothing to compare: it is new, or was called off. Days are those of its own zone.
    """

    milestone: Milestone
    planned: BaselineMilestone | None
    days: int | None

    @property
    def is_new(self) -> bool:
        return self.planned is None

    @property
    def planned_day(self) -> date | None:
        return self.planned.due_day if self.planned else None

    @property
    def present_day(self) -> date:
        return self.milestone.done_day or self.milestone.due_day

    @property
    def has_new_owner(self) -> bool:
        return self.planned is not None and self.planned.owner_id != self.milestone.owner_id


def compare(production: Production, baseline: Baseline | None) -> list[Shift]:
    """Every milestone of the production beside its copy in the baseline, in the present order; two statements.

    Those called off come as far as the baseline has them.
    """
    rows = baseline.milestones.select_related("owner__broadcaster") if baseline else ()
    copies = {row.milestone_id: row for row in rows}
    milestones = production.milestones.select_related("owner__broadcaster").order_by("position", "pk")
    shifts = []
    for milestone in milestones:
        planned = copies.get(milestone.pk)
        if milestone.is_cancelled and planned is None:
            continue
        days = None
        if planned is not None and not milestone.is_cancelled:
            days = ((milestone.done_day or milestone.due_day) - planned.due_day).days
        shifts.append(Shift(milestone, planned, days))
    return shifts
