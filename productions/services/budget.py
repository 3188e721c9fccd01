"""Budgets: revisions that are written, submitted, approved by every partner or sent back; and their lines.

Nothing that is told to one partner, no refusal either, depends on another partner's private lines.
"""

from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from broadcasters.permissions import require
from mediaexchange.core.errors import ConflictError, DomainError, ForbiddenError
from mediaexchange.core.models import User
from productions.constants import BudgetStatus
from productions.models import Budget, BudgetApproval, BudgetLine, Currency, FrozenRate, Partner, Production
from productions.money import RateMissingError, Rates
from productions.notifications import BUDGET_APPROVED, BUDGET_RETURNED, BUDGET_SUBMITTED, tell_partners
from productions.services.money import acting_partner, require_whole, said, stored, tell
from productions.services.production import lock_production, require_partner

CHANGE, APPROVE = "productions.change_budget", "productions.approve_budget"
LINE_WRITABLE = frozenset(
    {"category", "description", "payer", "planned", "currency", "starts_on", "ends_on", "is_private"}
)


@transaction.atomic
def begin_revision(
    production: Production, *, actor: User | None, reporting_currency: Currency | None = None, note: str = ""
) -> Budget:
    """Open a draft: a copy of the youngest revision with its lines and rates, or an empty first one.

    Lines keep their keys, private ones their owner. Raises ConflictError while another revision is open or the
    production is closed, DomainError for a first one without reporting currency, ForbiddenError.
    """
    production = lock_production(production)
    require_partner(actor, "productions.add_budget", production)
    if production.stage.is_closed:
        raise ConflictError("production-closed", _("The production is closed."), current=production.stage.slug)
    if (known := production.budgets.open().first()) is not None:
        raise ConflictError(
            "budget-open", _("A revision is open already."), current=known.status, budget=str(known.uid)
        )
    before = production.budgets.order_by("-number").first()
    if before is None and reporting_currency is None:
        raise DomainError("currency-missing", _("Choose the reporting currency."))
    budget = Budget.objects.create(
        production=production,
        number=(production.budgets.aggregate(last=Max("number"))["last"] or 0) + 1,
        reporting_currency_id=reporting_currency.code if reporting_currency else before.reporting_currency_id,  # type: ignore[union-attr]
        note=note.strip(),
        created_by=actor,
    )
    if before is not None:
        _copy(before, budget, actor)
    tell("budget.created", budget, actor=actor)
    return budget


@transaction.atomic
def change_budget(budget: Budget, *, actor: User | None, changed: Iterable[str] = ()) -> Budget:
    """Write the note or the reporting currency of a draft. Raises ConflictError for any other, ForbiddenError."""
    locked = lock_draft(budget)
    require_partner(actor, CHANGE, locked.production)
    names = {"note", "reporting_currency"} & set(changed)
    for name in names:
        setattr(locked, name, getattr(budget, name))
    if names:
        stored(locked, names)
        tell("budget.changed", locked, actor=actor)
    return locked


@transaction.atomic
def save_line(
    line: BudgetLine, *, actor: User | None, changed: Iterable[str] = (), partner: Partner | None = None
) -> BudgetLine:
    """Add a line to a draft, for the partner of whoever acts (or ``partner``), or write it: that its owner does alone.

    Raises ConflictError for what is no draft, DomainError for what cannot be, ForbiddenError.
    """
    budget = lock_draft(line.budget)
    if line._state.adding:
        line.owner = acting_partner(budget.production, actor=actor, permission=CHANGE, named=partner)
        row, names, was_hidden = line, None, True
    else:
        row = BudgetLine.objects.select_for_update(of=("self",), no_key=True).get(pk=line.pk)
        require(actor, CHANGE, row.owner.broadcaster_id)
        names, was_hidden = set(changed) & LINE_WRITABLE, row.is_private
        for name in names:
            setattr(row, name, getattr(line, name))
    row.description = said(row.description, "description-missing", _("Say what it is for."))
    if row.payer.production_id != budget.production_id:
        raise DomainError("not-a-partner", _("Choose a partner of this production."))
    if row.is_private and row.payer_id != row.owner_id:
        raise DomainError("private-is-own", _("A private line is paid by the house that it belongs to."))
    if row.ends_on < row.starts_on:
        raise DomainError("ends-first", _("The last day is not before the first."))
    require_whole(row.planned, row.currency)
    stored(row, names)
    _tell_line(budget, row, actor, is_private=row.is_private and was_hidden)
    return row


@transaction.atomic
def remove_line(line: BudgetLine, *, actor: User | None) -> None:
    """Take a line out of a draft; its owner does. Raises ConflictError for what is no draft, ForbiddenError."""
    budget = lock_draft(line.budget)
    row = BudgetLine.objects.select_related("owner").get(pk=line.pk)
    require(actor, CHANGE, row.owner.broadcaster_id)
    row.delete()
    _tell_line(budget, row, actor, is_private=row.is_private)


@transaction.atomic
def submit_budget(budget: Budget, *, actor: User | None) -> Budget:
    """Put a draft before all partners; it stands still from now on. Safe to repeat.

    Raises ConflictError for any other, DomainError without a line that all see, RateMissingError, ForbiddenError.
    """
    locked = _locked(budget)
    require_partner(actor, CHANGE, locked.production)
    if locked.status == BudgetStatus.SUBMITTED:
        return locked
    locked.move_to(BudgetStatus.SUBMITTED)
    if not locked.lines.shared().exists():
        raise DomainError("line-missing", _("Give it at least one line that all partners see."))
    lines = locked.lines.shared() if actor is None else locked.lines.visible_to(actor)
    _require_rates(locked, lines.values_list("currency_id", flat=True))
    locked.submitted_at, locked.status_reason = timezone.now(), ""
    locked.save(update_fields=["status", "submitted_at", "status_reason"])
    tell("budget.submitted", locked, actor=actor)
    tell_partners(
        BUDGET_SUBMITTED, locked.production, subject=locked, actor=actor, permission=APPROVE,
        key=locked.submitted_at.isoformat(),
    )  # fmt: skip
    return locked


@transaction.atomic
def approve_budget(budget: Budget, *, actor: User | None, partner: Partner | None = None) -> Budget:
    """Say yes for a partner; with the last partner's yes the revision is in force, and the one before superseded.

    Safe to repeat. Raises ConflictError for what is not submitted, RateMissingError where a rate for the partner's own
    private lines is missing, DomainError where it must be said for which partner, ForbiddenError also for a program.
    """
    locked = _locked(budget)
    if actor is not None and actor.is_service:
        raise ForbiddenError("person-needed", _("A person approves a budget, not a program."))
    partner = acting_partner(locked.production, actor=actor, permission=APPROVE, named=partner)
    known = locked.approvals.filter(partner=partner).exists()
    if known:
        return locked
    if locked.status != BudgetStatus.SUBMITTED:
        locked.move_to(BudgetStatus.APPROVED)
    _require_rates(locked, locked.lines.filter(owner=partner).values_list("currency_id", flat=True))
    BudgetApproval.objects.create(budget=locked, partner=partner, approved_by=actor)
    waiting = locked.production.partners.filter(~Q(pk__in=locked.approvals.values("partner")))
    if waiting.exists():
        tell("budget.approved-by-partner", locked, actor=actor)
        return locked
    for before in locked.production.budgets.in_force():
        before.move_to(BudgetStatus.SUPERSEDED)
        before.save(update_fields=["status"])
    locked.move_to(BudgetStatus.APPROVED)
    locked.approved_at = timezone.now()
    locked.save(update_fields=["status", "approved_at"])
    tell("budget.approved", locked, actor=actor)
    tell_partners(BUDGET_APPROVED, locked.production, subject=locked, actor=actor, permission=CHANGE)
    return locked


@transaction.atomic
def return_budget(budget: Budget, *, actor: User | None, reason: str) -> Budget:
    """Send a submitted revision back to be written in: all approvals of it are void. All partners read the reason.

    Safe to repeat. Raises ConflictError for what is not submitted, DomainError without a reason, ForbiddenError.
    """
    locked = _locked(budget)
    require_partner(actor, APPROVE, locked.production)
    if locked.status == BudgetStatus.DRAFT:
        return locked
    locked.move_to(BudgetStatus.DRAFT)
    locked.status_reason = said(reason)[:500]
    locked.submitted_at = None
    locked.save(update_fields=["status", "status_reason", "submitted_at"])  # a trigger takes the approvals away
    tell("budget.returned", locked, actor=actor)
    tell_partners(
        BUDGET_RETURNED, locked.production, subject=locked, actor=actor, permission=CHANGE,
        key=timezone.now().isoformat(),
    )  # fmt: skip
    return locked


def rates_of(budget: Budget) -> Rates:
    """Into the budget's reporting currency."""
    quotes = {(rate.from_currency_id, rate.to_currency_id): rate.rate for rate in budget.rates.all()}
    return Rates(budget.reporting_currency_id, budget.reporting_currency.minor_units, quotes)


def lock_draft(budget: Budget) -> Budget:
    """The production first, then its budget. Raises ConflictError for one that is not written in any more."""
    locked = _locked(budget)
    if not locked.is_draft:
        raise ConflictError(
            "budget-not-draft", _("Only a draft is written in; begin a new revision."),
            current=locked.status, wanted=BudgetStatus.DRAFT.value,
        )  # fmt: skip
    return locked


def _locked(budget: Budget) -> Budget:
    production = lock_production(budget.production)
    rows = Budget.objects.select_for_update(of=("self",), no_key=True).select_related("reporting_currency")
    locked = rows.get(pk=budget.pk)
    locked.production = production
    return locked


def _require_rates(budget: Budget, currencies: Iterable[Any]) -> None:
    rates = rates_of(budget)
    for code in sorted(set(currencies)):
        if not rates.knows(code):
            raise RateMissingError(code, rates.target)


def _copy(before: Budget, after: Budget, actor: User | None) -> None:
    lines = list(before.lines.order_by("pk"))
    for line in lines:
        line.pk, line.uid, line.budget = None, uuid4(), after
        line._state.adding = True
    BudgetLine.objects.bulk_create(lines)
    if after.reporting_currency_id == before.reporting_currency_id:
        rates = list(before.rates.order_by("pk"))
        for rate in rates:
            rate.pk, rate.uid, rate.budget, rate.created_by = None, uuid4(), after, actor
            rate._state.adding = True
        FrozenRate.objects.bulk_create(rates)


def _tell_line(budget: Budget, line: BudgetLine, actor: User | None, *, is_private: bool) -> None:
    """What becomes of a private line is told to its owner's house alone."""
    tell("budget.changed", budget, actor=actor, houses=[line.owner.broadcaster_id] if is_private else None)
