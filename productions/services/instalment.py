"""Instalments: agreed by payer or payee, invoiced by the payee, paid by the payer."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from broadcasters.permissions import require
from mediaexchange.core.errors import ConflictError, DomainError
from mediaexchange.core.models import User
from productions.constants import InstalmentStatus
from productions.models import Instalment
from productions.notifications import INSTALMENT_INVOICED, INSTALMENT_OVERDUE, INSTALMENT_PAID, tell_partners
from productions.services.money import require_one_of, require_past, require_whole, said, stored, tell
from productions.services.production import lock_production

ADD, CHANGE = "productions.add_instalment", "productions.change_instalment"
WRITABLE = frozenset(
    {"payer", "payee", "description", "amount", "currency", "withholding_percent", "due_on", "milestone", "term_days"}
)


@transaction.atomic
def save_instalment(instalment: Instalment, *, actor: User | None, changed: Iterable[str] = ()) -> Instalment:
    """Agree an instalment, or write one that is not invoiced yet. For the payer or the payee.

    Raises ConflictError for one that was invoiced, DomainError for what cannot be, ForbiddenError.
    """
    production = lock_production(instalment.production)
    if instalment._state.adding:
        row, names = instalment, None
        row.created_by = actor
    else:
        row = _locked(instalment)
        require_one_of(actor, CHANGE, row.payer, row.payee)
        _require_due(row)
        names = set(changed) & WRITABLE
        for name in names:
            setattr(row, name, getattr(instalment, name))
    row.production = production
    if {row.payer.production_id, row.payee.production_id} != {production.pk}:
        raise DomainError("not-a-partner", _("Choose a partner of this production."))
    require_one_of(actor, ADD, row.payer, row.payee)
    row.description = said(row.description, "description-missing", _("Say what it is for."))
    if row.payer_id == row.payee_id:
        raise DomainError("payer-is-payee", _("Payer and payee are two partners."))
    if (row.due_on is None) == (row.milestone is None):
        raise DomainError("due-when", _("It falls due on a day or after a milestone: give one of both."))
    if row.milestone is not None and row.milestone.production_id != production.pk:
        raise DomainError("not-a-milestone", _("Choose a milestone of this production."))
    require_whole(row.amount, row.currency)
    stored(row, names)
    tell("instalment.agreed" if names is None else "instalment.changed", row, actor=actor)
    return row


@transaction.atomic
def remove_instalment(instalment: Instalment, *, actor: User | None) -> None:
    """Agree to do without one that is not invoiced. Raises ConflictError, ForbiddenError."""
    lock_production(instalment.production)
    row = _locked(instalment)
    require_one_of(actor, CHANGE, row.payer, row.payee)
    _require_due(row)
    row.delete()
    tell("instalment.removed", row, actor=actor)


@transaction.atomic
def invoice_instalment(instalment: Instalment, *, actor: User | None, invoiced_on: date, invoice: str) -> Instalment:
    """Say that the payee has sent its invoice; from now on the amounts stand. Safe to repeat with the same invoice.

    Raises ConflictError for one that is paid or invoiced otherwise, DomainError, ForbiddenError.
    """
    lock_production(instalment.production)
    row = _locked(instalment)
    require(actor, CHANGE, row.payee.broadcaster_id)
    invoice = said(invoice, "invoice-missing", _("Name the invoice."))
    if row.status == InstalmentStatus.INVOICED and (row.invoice, row.invoiced_on) == (invoice, invoiced_on):
        return row
    row.move_to(InstalmentStatus.INVOICED)
    require_past(invoiced_on, row.payee)
    row.invoiced_on, row.invoice = invoiced_on, invoice
    stored(row, {"status", "invoiced_on", "invoice"})
    tell("instalment.invoiced", row, actor=actor)
    _tell_people(INSTALMENT_INVOICED, row, actor, row.payer.broadcaster_id)
    return row


@transaction.atomic
def withdraw_invoice(instalment: Instalment, *, actor: User | None) -> Instalment:
    """Take an invoice back that is not paid, so that the instalment may be written again. For the payee."""
    lock_production(instalment.production)
    row = _locked(instalment)
    require(actor, CHANGE, row.payee.broadcaster_id)
    if row.status == InstalmentStatus.DUE:
        return row
    row.move_to(InstalmentStatus.DUE)
    row.invoiced_on, row.invoice = None, ""
    row.save(update_fields=["status", "invoiced_on", "invoice"])
    tell("instalment.invoice-withdrawn", row, actor=actor)
    return row


@transaction.atomic
def pay_instalment(instalment: Instalment, *, actor: User | None, paid_on: date, payment: str) -> Instalment:
    """Say that the payer has paid the net amount. Safe to repeat: the first payment stays.

    Raises ConflictError for one that is not invoiced, DomainError, ForbiddenError.
    """
    lock_production(instalment.production)
    row = _locked(instalment)
    require(actor, CHANGE, row.payer.broadcaster_id)
    if row.status == InstalmentStatus.PAID:
        return row
    row.move_to(InstalmentStatus.PAID)
    require_past(paid_on, row.payer)
    row.paid_on = paid_on
    row.payment = said(payment, "payment-missing", _("Name the payment."))
    stored(row, {"status", "paid_on", "payment"})
    tell("instalment.paid", row, actor=actor)
    _tell_people(INSTALMENT_PAID, row, actor, row.payee.broadcaster_id)
    return row


def tell_of_overdue() -> int:
    """Tell payers and payees of what is overdue, once each; returns of how many. Safe at any time."""
    rows: Any = Instalment.objects.overdue().select_related("production", "payer", "payee").order_by("pk")
    told = 0
    for row in rows.iterator(chunk_size=200):
        with transaction.atomic():
            houses = (row.payer.broadcaster_id, row.payee.broadcaster_id)
            key = row.falls_due_on.isoformat()
            _tell_people(INSTALMENT_OVERDUE, row, None, *houses, key=key)
        told += 1
    return told


def _locked(instalment: Instalment) -> Instalment:
    rows = Instalment.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related(
        "production", "payer__broadcaster", "payee__broadcaster", "currency", "milestone"
    ).get(pk=instalment.pk)  # fmt: skip


def _require_due(instalment: Instalment) -> None:
    if instalment.status != InstalmentStatus.DUE:
        raise ConflictError(
            "instalment-invoiced", _("What was invoiced is not changed."),
            current=instalment.status, wanted=InstalmentStatus.DUE.value,
        )  # fmt: skip


def _tell_people(kind: object, row: Instalment, actor: User | None, *houses: int, key: str = "") -> None:
    tell_partners(
        kind, row.production, subject=row, actor=actor, houses=houses, permission=CHANGE,  # type: ignore[arg-type]
        key=key or timezone.now().isoformat(),
    )  # fmt: skip
