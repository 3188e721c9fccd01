"""Rates of a budget: frozen with their day and source; in a draft one is replaced by another, never rewritten."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mediaexchange.core.errors import ConflictError, DomainError
from mediaexchange.core.models import User
from productions.models import Budget, Currency, FrozenRate
from productions.services.budget import CHANGE, lock_draft
from productions.services.money import require_past, said, stored, tell
from productions.services.production import require_partner


@transaction.atomic
def freeze_rate(
    budget: Budget, *, actor: User | None, from_currency: Currency, to_currency: Currency, rate: Decimal,
    dated_on: date, source: str,
) -> FrozenRate:  # fmt: skip
    """Agree how many of ``to_currency`` one of ``from_currency`` is; one of both is the reporting currency.

    Replaces the rate between the two, in whichever direction it was quoted. Raises ConflictError for what is no draft,
    DomainError for what cannot be, ForbiddenError.
    """
    locked = lock_draft(budget)
    require_partner(actor, CHANGE, locked.production)
    codes: Any = {from_currency.code, to_currency.code}
    if len(codes) != 2 or locked.reporting_currency_id not in codes:
        raise DomainError(
            "rate-of-others",
            _("A rate is between %(currency)s and another currency.") % {"currency": locked.reporting_currency_id},
        )
    if rate <= 0:
        raise DomainError("rate-not-positive", _("A rate is above zero."))
    require_past(dated_on, *locked.production.partners.select_related("broadcaster"))
    locked.rates.filter(from_currency__in=codes, to_currency__in=codes).delete()
    frozen = FrozenRate(
        budget=locked, from_currency=from_currency, to_currency=to_currency, rate=rate, dated_on=dated_on,
        source=said(source, "source-missing", _("Say where the rate comes from.")), created_by=actor,
    )  # fmt: skip
    stored(frozen)
    tell("budget.changed", locked, actor=actor)
    return frozen


@transaction.atomic
def remove_rate(frozen: FrozenRate, *, actor: User | None) -> None:
    """Take a rate out of a draft. Raises ConflictError while a line that all partners see needs it, ForbiddenError."""
    locked = lock_draft(frozen.budget)
    require_partner(actor, CHANGE, locked.production)
    other = Q(currency_id__in=[frozen.from_currency_id, frozen.to_currency_id])
    # A private line that needs it must not be told of: its owner learns it when the sums fail.
    if locked.lines.shared().filter(other).exclude(currency_id=locked.reporting_currency_id).exists():
        raise ConflictError("rate-in-use", _("A line of this budget needs the rate."))
    frozen.delete()
    tell("budget.changed", locked, actor=actor)
