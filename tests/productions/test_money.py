"""Amounts are exact until they are rounded once, and shares add up to what is shared."""

from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as some

from productions.money import Money, RateMissingError, Rates, fits, rounded, shared_out

UNITS = some.integers(-(10**14), 10**14)
PLACES = some.integers(0, 3)
WEIGHTS = some.lists(some.decimals(0, 100, places=2), min_size=1, max_size=8).filter(any)


@given(UNITS, WEIGHTS, PLACES)
def test_shares_of_an_amount_always_add_up_to_it_each_within_a_unit_of_its_exact_part(units, weights, places):
    amount = Decimal(units).scaleb(-places)
    parts = shared_out(amount, weights, places)
    assert sum(parts) == amount
    whole = sum(Fraction(weight) for weight in weights)
    for part, weight in zip(parts, weights, strict=True):
        assert fits(part, places)
        assert abs(Fraction(part) - Fraction(amount) * Fraction(weight) / whole) < Fraction(1, 10**places)
        assert weight or not part


@given(UNITS, WEIGHTS, PLACES)
def test_who_has_more_of_the_weight_never_gets_less_of_the_amount(units, weights, places):
    parts = shared_out(abs(Decimal(units)).scaleb(-places), weights, places)
    ranked = sorted(zip(weights, parts, strict=True))
    assert all(
        less <= more
        for (light, less), (heavy, more) in pairwise(ranked)
        if light < heavy
    )  # fmt: skip


@given(some.lists(UNITS, max_size=20), some.decimals("0.0001", 2000, places=4))
def test_a_sum_is_rounded_once_whatever_it_is_made_of(units, rate):
    amounts = [Decimal(unit).scaleb(-2) for unit in units]
    rates = Rates("EUR", 2, {("RSD", "EUR"): rate})
    total = rates.total({"RSD": sum(amounts, Decimal(0))}).amount
    exact = sum((Fraction(amount) * Fraction(rate) for amount in amounts), Fraction(0))
    assert abs(Fraction(total) - exact) <= Fraction(1, 200)


def test_halves_are_rounded_away_from_zero():
    assert [rounded(Decimal(text), 2) for text in ("0.005", "0.015", "-0.005", "1.0049")] == [
        Decimal("0.01"), Decimal("0.02"), Decimal("-0.01"), Decimal("1.00"),
    ]  # fmt: skip


def test_a_rate_is_read_in_the_direction_of_its_quote():
    """An inverse, rounded to ten decimals, would be a dinar off for this amount."""
    rates = Rates("EUR", 2, {("EUR", "RSD"): Decimal("117.1767")})
    assert rates.total({"RSD": Decimal("11717670000.00")}).amount == Decimal("100000000.00")
    with pytest.raises(RateMissingError):
        rates.total({"RSD": Decimal(1), "USD": Decimal("0.01")})
    assert rates.total({"USD": Decimal(0)}).amount == 0


def test_weights_below_zero_or_without_sum_and_broken_units_are_refused():
    for amount, weights in ((Decimal(1), [0, 0]), (Decimal(1), [2, -1]), (Decimal("0.001"), [1])):
        with pytest.raises(ValueError):
            shared_out(amount, weights, 2)


@pytest.mark.parametrize(
    ("language", "text"),
    [("sr", "1.234.567,50 RSD"), ("sr-latn", "1.234.567,50 RSD"), ("kk", "1 234 567,50 RSD"),
     ("ru", "1 234 567,50 RSD"), ("en", "1,234,567.50 RSD")],
)  # fmt: skip
def test_an_amount_is_written_as_its_reader_writes_numbers(language, text):
    with override(language):
        assert str(Money("RSD", Decimal("1234567.500"))).replace("\u00a0", " ") == text
