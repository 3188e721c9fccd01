"""Income of a production: who has which part of it, what came in, what was passed on."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from broadcasters.permissions import require
from mediaexchange.core.errors import ConflictError, DomainError
from mediaexchange.core.models import User
from mediaexchange.core.rights.territories import KNOWN
from productions.models import Currency, Income, IncomeShare, Partner, Payout, Production, RevenueShare
from productions.money import Money, shared_out
from productions.notifications import REVENUE_SHARES_CHANGED, tell_partners
from productions.services.money import require_past, require_whole, said, stored, tell
from productions.services.production import lock_production, require_partner
from productions.statement import debts_of, shares_for, unclear_beside

SHARES, INCOME, PAYOUT = "productions.change_revenueshare", "productions.add_income", "productions.add_payout"


@transaction.atomic
def set_revenue_shares(
    production: Production, *, actor: User | None, territory: str, shares: Mapping[Partner, Decimal]
) -> None:
    """Agree who has which part of future income from a territory, together 100 %; none lets the general shares hold.

    What has come in is not dealt out anew. Safe to repeat. Raises DomainError for what cannot be, ForbiddenError.
    """
    production = lock_production(production)
    require_partner(actor, SHARES, production)
    _require_territory(territory)
    if any(partner.production_id != production.pk for partner in shares):
        raise DomainError("not-a-partner", _("Choose a partner of this production."))
    given = {partner.pk: percent for partner, percent in shares.items() if percent}
    if given and (sum(given.values()) != 100 or min(given.values()) < 0):
        raise DomainError("shares-total", _("Shares of income total 100 per cent."), total=str(sum(given.values())))
    if given and (other := unclear_beside(production, territory)):
        raise DomainError(
            "territories-overlap",
            _("“%(territory)s” and “%(other)s” share countries and are equally large; name a smaller one.")
            % {"territory": territory, "other": other},
        )
    rows = production.revenue_shares.filter(territory=territory)
    if dict(rows.values_list("partner_id", "share_percent")) == given:
        return
    rows.delete()
    for partner_id, percent in given.items():
        stored(RevenueShare(production=production, territory=territory, partner_id=partner_id, share_percent=percent))
    tell("revenue-shares.changed", production, actor=actor, production=production)
    tell_partners(
        REVENUE_SHARES_CHANGED, production, actor=actor, permission=SHARES, key=timezone.now().isoformat()
    )  # fmt: skip


@transaction.atomic
def record_income(income: Income, *, actor: User | None) -> Income:
    """Book what a partner has received and deal it out by the shares of today. For the partner that received it.

    What was booked wrongly is booked again below zero; if it says what it takes back, by the shares and in the
    territory of that. Raises DomainError for what cannot be, ConflictError for more than is left of it, ForbiddenError.
    """
    production = lock_production(income.production)
    if income.received_by.production_id != production.pk:
        raise DomainError("not-a-partner", _("Choose a partner of this production."))
    require(actor, INCOME, income.received_by.broadcaster_id)
    income.description = said(income.description, "description-missing", _("Say what it is for."))
    _require_territory(income.territory)
    if not income.amount:
        raise DomainError("amount-missing", _("An amount is not zero."))
    require_whole(income.amount, income.currency)
    require_past(income.received_on, income.received_by)
    income.recorded_by = actor
    if income.reverses is not None:
        dealt = _taken_back(income, income.reverses)
        income.territory = income.reverses.territory
    else:
        shares = shares_for(production, income.territory)
        amounts = shared_out(income.amount, [percent for _partner, percent in shares], income.currency.minor_units)
        dealt = [(*share, amount) for share, amount in zip(shares, amounts, strict=True)]
    stored(income)
    IncomeShare.objects.bulk_create(
        IncomeShare(income=income, partner=partner, share_percent=percent, amount=amount)
        for partner, percent, amount in dealt
    )
    tell("income.recorded", income, actor=actor)
    return income


@transaction.atomic
def record_payout(
    production: Production, *, actor: User | None, payer: Partner, payee: Partner, amount: Decimal, currency: Currency,
    paid_on: date, reference: str,
) -> Payout:  # fmt: skip
    """Book what a partner has passed on to another of what it owes. For the payer.

    Raises ConflictError for more than is owed, DomainError for what cannot be, ForbiddenError.
    """
    production = lock_production(production)
    if {payer.production_id, payee.production_id} != {production.pk}:
        raise DomainError("not-a-partner", _("Choose a partner of this production."))
    require(actor, PAYOUT, payer.broadcaster_id)
    require_whole(amount, currency)
    require_past(paid_on, payer)
    if amount <= 0:
        raise DomainError("amount-missing", _("An amount is above zero."))
    owed = debts_of(production).get((payer.pk, payee.pk, currency.code), Decimal(0))
    if amount > owed:
        raise ConflictError(
            "more-than-owed",
            _("%(payer)s owes %(payee)s %(owed)s at present.")
            % {"payer": payer, "payee": payee, "owed": Money(currency.code, owed, currency.minor_units)},
            current=str(owed),
            wanted=str(amount),
        )
    payout = Payout(
        production=production, payer=payer, payee=payee, amount=amount, currency=currency, paid_on=paid_on,
        reference=said(reference, "reference-missing", _("Name the payment.")), recorded_by=actor,
    )  # fmt: skip
    stored(payout)
    tell("payout.recorded", payout, actor=actor)
    return payout


@transaction.atomic
def void_payout(payout: Payout, *, actor: User | None, reason: str) -> Payout:
    """Take a booking back; it stays, with the reason, and counts no more. Safe to repeat: the first moment stays."""
    lock_production(payout.production)
    rows: Any = Payout.objects.select_for_update(of=("self",), no_key=True).select_related("production", "payer")
    row: Payout = rows.get(pk=payout.pk)
    require(actor, "productions.change_payout", row.payer.broadcaster_id)
    if row.voided_at is None:
        row.voided_at, row.void_reason = timezone.now(), said(reason)[:500]
        row.save(update_fields=["voided_at", "void_reason"])
        tell("payout.voided", row, actor=actor)
    return row


def _taken_back(income: Income, whole: Income) -> list[tuple[Partner, Decimal, Decimal]]:
    """Who gives back which part: what is left is dealt out as the whole was, so that of nothing nothing remains."""
    if (whole.production_id, whole.currency_id) != (income.production_id, income.currency_id):
        raise DomainError("not-its-income", _("Choose an income of this production in the same currency."))
    if income.amount > 0:
        raise DomainError("not-below-zero", _("What takes an income back is below zero."))
    left = whole.amount + (whole.reversals.aggregate(sum=Sum("amount"))["sum"] or 0)
    if left + income.amount < 0:
        raise ConflictError(
            "more-than-left",
            _("Of this income %(left)s are left.")
            % {"left": Money(income.currency_id, left, income.currency.minor_units)},
            current=str(left),
            wanted=str(-income.amount),
        )
    shares = list(whole.shares.select_related("partner").order_by("pk"))
    rest = shared_out(left + income.amount, [share.share_percent for share in shares], income.currency.minor_units)
    booked = IncomeShare.objects.filter(Q(income=whole) | Q(income__reverses=whole))
    held = dict(booked.order_by().values("partner_id").annotate(sum=Sum("amount")).values_list("partner_id", "sum"))
    return [
        (share.partner, share.share_percent, part - held[share.partner_id])
        for share, part in zip(shares, rest, strict=True)
    ]


def _require_territory(territory: str) -> None:
    if territory and territory not in KNOWN:
        raise DomainError("unknown-territory", _("There is no such territory: %(names)s.") % {"names": territory})
