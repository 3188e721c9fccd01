"""Numbers that come as text."""

import pytest

from mediaexchange.core.numbers import whole_number


@pytest.mark.parametrize(
    ("text", "number"),
    [("7", 7), ("0", 0), ("9" * 18, 10**18 - 1), ("9" * 19, None), ("9" * 5000, None), ("²", None), ("٣", None)]
    + [(text, None) for text in ("", None, "-1", "1.0", " 1", "1\0")],
)
def test_only_digits_of_a_number_that_a_column_holds_are_one(text: str | None, number: int | None) -> None:
    assert whole_number(text) == number
