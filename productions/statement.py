"""Who is owed what of a production's income, by currency. All partners see the same figures.

Whoever received an income owes every other partner that partner's part of it; payouts lessen that. What two partners
owe each other is set off, debts among three are not: nobody has agreed to that.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from mediaexchange.core.rights.territories import members
from productions.models import Currency, Income, IncomeShare, Partner, Payout, Production, RevenueShare
from productions.money import Money

Debts = dict[tuple[int, int, str], Decimal]


@dataclass(frozen=True, slots=True)
class Account:
    """One partner in one currency. ``balance`` is what it is still owed by the others; below zero it owes them."""

    partner: Partner
    entitled: Money
    received: Money
    paid_out: Money
    paid_in: Money
    balance: Money


@dataclass(frozen=True, slots=True)
class Debt:
    payer: Partner
    payee: Partner
    amount: Money


@dataclass(frozen=True, slots=True)
class Statement:
    """``income`` has one total a currency; ``accounts`` one row for each partner and currency that has income."""

    income: list[Money]
    accounts: list[Account]
    debts: list[Debt]


def statement_of(production: Production) -> Statement:
    """Five queries, however much there is."""
    partners = {partner.pk: partner for partner in production.partners.select_related("broadcaster")}
    places = dict(Currency.objects.values_list("code", "minor_units"))
    income = _sums(Income.objects.filter(production=production), "currency_id")
    received = _sums(Income.objects.filter(production=production), "received_by_id", "currency_id")
    entitled = _sums(
        IncomeShare.objects.filter(income__production=production), "partner_id", "income__currency_id"
    )  # fmt: skip
    payouts = _sums(
        Payout.objects.filter(production=production, voided_at__isnull=True), "payer_id", "payee_id", "currency_id"
    )
    accounts = []
    for (code,) in sorted(income):
        for pk, partner in partners.items():
            out = sum((amount for (payer, _to, of), amount in payouts.items() if (payer, of) == (pk, code)), Decimal(0))
            into = sum((amount for (_by, to, of), amount in payouts.items() if (to, of) == (pk, code)), Decimal(0))
            has, had = entitled.get((pk, code), Decimal(0)), received.get((pk, code), Decimal(0))
            figures = (has, had, out, into, has - had + out - into)
            accounts.append(Account(partner, *(Money(code, figure, places[code]) for figure in figures)))
    debts = [
        Debt(partners[payer], partners[payee], Money(code, amount, places[code]))
        for (payer, payee, code), amount in sorted(debts_of(production).items(), key=lambda debt: debt[0])
    ]
    return Statement([Money(code, amount, places[code]) for (code,), amount in sorted(income.items())], accounts, debts)


def debts_of(production: Production) -> Debts:
    """(payer, payee, currency) → what the one still owes the other, above zero; mutual debts are set off."""
    dealt = _sums(
        IncomeShare.objects.filter(income__production=production),
        "income__received_by_id", "partner_id", "income__currency_id",
    )  # fmt: skip
    paid = _sums(
        Payout.objects.filter(production=production, voided_at__isnull=True), "payer_id", "payee_id", "currency_id"
    )
    open_debts: Debts = {}
    for (payer, payee, code), amount in (*dealt.items(), *((key, -amount) for key, amount in paid.items())):
        if payer == payee:
            continue
        key, sign = ((payer, payee, code), 1) if payer < payee else ((payee, payer, code), -1)
        open_debts[key] = open_debts.get(key, Decimal(0)) + sign * amount
    return {
        (payer, payee, code) if amount > 0 else (payee, payer, code): abs(amount)
        for (payer, payee, code), amount in open_debts.items()
        if amount
    }


def shares_for(production: Production, territory: str) -> list[tuple[Partner, Decimal]]:
    """Whose an income from there is, in per cent: by the shares of the smallest territory that holds it all, else by
    the general ones, else by the production's own."""
    partners = list(production.partners.select_related("broadcaster").order_by("pk"))
    by_territory: dict[str, dict[int, Decimal]] = {}
    for share in RevenueShare.objects.filter(production=production):
        by_territory.setdefault(share.territory, {})[share.partner_id] = share.share_percent
    chosen = _narrowest(by_territory, territory)
    if chosen is None:
        return [(partner, partner.share_percent) for partner in partners]
    agreed = by_territory[chosen]
    return [(partner, agreed[partner.pk]) for partner in partners if partner.pk in agreed]


def unclear_beside(production: Production, territory: str) -> str:
    """The territory of other shares that overlaps this one and is as large, so that neither is narrower; "" if none."""
    if not territory:
        return ""
    mine = members(territory)
    others = RevenueShare.objects.filter(production=production).exclude(territory__in=["", territory])
    for other in others.values_list("territory", flat=True).distinct():
        theirs = members(other)
        if mine & theirs and len(mine) == len(theirs):
            return str(other)
    return ""


def _narrowest(known: dict[str, dict[int, Decimal]], territory: str) -> str | None:
    if territory in known:
        return territory
    if territory:
        asked = members(territory)
        holding = [name for name in known if name and asked <= members(name)]
        if holding:
            return min(holding, key=lambda name: (len(members(name)), name))
    return "" if "" in known else None


def _sums(rows: Any, *by: str) -> dict[tuple[Any, ...], Decimal]:
    grouped = rows.order_by().values_list(*by).annotate(total=Sum("amount"))
    return {tuple(row[:-1]): row[-1] for row in grouped}
