"""When a memorandum's term ends, and by when notice is given."""

from datetime import date

import pytest

from broadcasters.constants import Renewal
from broadcasters.models import Memorandum
from broadcasters.terms import term_of


def memorandum(**fields):
    values = {"in_force_on": date(2028, 2, 29), "term_months": 12, "renewal": Renewal.TACIT, "notice_days": 30}
    return Memorandum(slug="m", **values | fields)


@pytest.mark.parametrize(
    ("day", "number", "first_on", "last_on"),
    [
        (date(2028, 2, 29), 1, date(2028, 2, 29), date(2029, 2, 27)),
        (date(2029, 2, 28), 2, date(2029, 2, 28), date(2030, 2, 27)),
        (date(2031, 3, 1), 4, date(2031, 2, 28), date(2032, 2, 28)),
        (date(2032, 2, 29), 5, date(2032, 2, 29), date(2033, 2, 27)),
    ],
)
def test_a_term_begun_on_29_february_comes_back_to_it_in_leap_years(day, number, first_on, last_on):
    term = term_of(memorandum(), day)
    assert (term.number, term.first_on, term.last_on) == (number, first_on, last_on)


def test_notice_is_given_so_many_days_before_the_last():
    assert term_of(memorandum(), date(2028, 5, 1)).notice_by == date(2029, 1, 28)


def test_what_is_not_renewed_by_itself_ends_and_asks_for_no_notice():
    once = memorandum(renewal=Renewal.AGREED)
    assert term_of(once, date(2029, 2, 27)).notice_by is None
    assert term_of(once, date(2029, 2, 28)) is None


def test_months_of_different_length_end_on_their_last_day():
    assert term_of(memorandum(in_force_on=date(2026, 8, 31), term_months=6), date(2027, 1, 1)).last_on == date(
        2027, 2, 27
    )


def test_without_a_term_or_a_beginning():
    assert term_of(memorandum(term_months=None, renewal=Renewal.NONE), date(2040, 1, 1)).last_on is None
    assert term_of(memorandum(in_force_on=None), date(2040, 1, 1)) is None
    assert term_of(memorandum(), date(2028, 2, 28)) is None
