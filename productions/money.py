"""Amounts of money: decimals with an ISO 4217 currency, exact until one single rounding.

Conversions and sums are fractions; only a finished sum is rounded, half up (away from zero), as Council Regulation (EC)
No 1103/97, Article 5, has it and as PostgreSQL's ``round`` does. Shares of an amount are not rounded but dealt out in
smallest units by largest remainder, so that they always add up to it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from mediaexchange.core.errors import DomainError

NO_BREAK = "\u00a0"
Weight = Decimal | int | Fraction


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """``places`` is how many decimals the currency's smallest unit has."""

    currency: str
    amount: Decimal
    places: int = 2

    def __str__(self) -> str:
        """In the reader's number format: ``1.234,50 RSD``. Narrow enough for a table, and never broken in two lines."""
        digits = number_format(self.amount, self.places, use_l10n=True, force_grouping=True)
        return f"{digits.replace(' ', NO_BREAK)}{NO_BREAK}{self.currency}"


class RateMissingError(DomainError):
    """No rate between two currencies is frozen in the budget; nothing is guessed in its place."""

    def __init__(self, source: str, target: str) -> None:
        super().__init__(
            "rate-missing",
            _("The budget has no frozen rate between %(source)s and %(target)s.")
            % {"source": source, "target": target},
            source=source,
            target=target,
        )


def rounded(value: Fraction | Decimal | int, places: int) -> Decimal:
    """Half up, away from zero, to so many decimals."""
    units = Fraction(value) * 10**places
    whole = (2 * abs(units.numerator) + units.denominator) // (2 * units.denominator)
    return Decimal(-whole if units < 0 else whole).scaleb(-places)


def fits(amount: Decimal, places: int) -> bool:
    """Whether the amount is a whole number of smallest units."""
    return amount.is_finite() and rounded(amount, places) == amount


def shared_out(amount: Decimal, weights: Sequence[Weight], places: int) -> list[Decimal]:
    """The amount in parts by these weights, each within one smallest unit of its exact share, together exactly it.

    Units that rounding down leaves over go to the largest remainders; of equal ones to the first. Raises ValueError for
    weights below zero or none above it, and for an amount of less than whole units.
    """
    exact = [Fraction(weight) for weight in weights]
    whole = sum(exact, Fraction(0))
    if whole <= 0 or min(exact) < 0:
        raise ValueError("Weights are zero or more, one of them more.")
    if not fits(amount, places):
        raise ValueError("An amount is a whole number of smallest units.")
    units = int(amount.scaleb(places))
    sign, units = (-1, -units) if units < 0 else (1, units)
    quotas = [units * weight / whole for weight in exact]
    parts = [quota.numerator // quota.denominator for quota in quotas]
    by_remainder = sorted(range(len(parts)), key=lambda place: (parts[place] - quotas[place], place))
    for place in by_remainder[: units - sum(parts)]:
        parts[place] += 1
    return [Decimal(sign * part).scaleb(-places) for part in parts]


@dataclass(frozen=True)
class Rates:
    """Frozen rates into one currency: ``quotes`` says for (A, B) how many B one A is.

    A quote is read in the direction in which it was agreed: from A to B it multiplies, from B to A it divides. Inverse
    rates are never made, since rounding them would make another rate.
    """

    target: str
    places: int
    quotes: Mapping[tuple[str, str], Decimal]

    def converted(self, amount: Fraction | Decimal, source: str) -> Fraction:
        """Exactly, not rounded. Raises RateMissingError."""
        if source == self.target:
            return Fraction(amount)
        if (quote := self.quotes.get((source, self.target))) is not None:
            return Fraction(amount) * Fraction(quote)
        if (quote := self.quotes.get((self.target, source))) is not None:
            return Fraction(amount) / Fraction(quote)
        raise RateMissingError(source, self.target)

    def total(self, sums: Mapping[str, Decimal]) -> Money:
        """Sums by currency as one, rounded once. Raises RateMissingError."""
        exact = sum((self.converted(amount, source) for source, amount in sums.items() if amount), Fraction(0))
        return Money(self.target, rounded(exact, self.places), self.places)

    def knows(self, source: str) -> bool:
        return source == self.target or (source, self.target) in self.quotes or (self.target, source) in self.quotes


def added(amounts: Iterable[tuple[str, Decimal]]) -> dict[str, Decimal]:
    """Sums by currency, exact, in the currencies' alphabetical order."""
    sums: dict[str, Decimal] = {}
    for currency, amount in amounts:
        sums[currency] = sums.get(currency, Decimal(0)) + amount
    return dict(sorted(sums.items()))
