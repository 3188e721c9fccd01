from datetime import UTC, datetime

import pytest

from newsexchange.parsing.dates import parse_date


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-05-01T12:00:00Z", datetime(2024, 5, 1, 12, tzinfo=UTC)),
        (" 2024-05-01T12:00:00+05:00\n", datetime(2024, 5, 1, 7, tzinfo=UTC)),
        ("2024-05-01T12:00:00", datetime(2024, 5, 1, 12, tzinfo=UTC)),
        ("2024-05-01", datetime(2024, 5, 1, tzinfo=UTC)),
        ("20240501", datetime(2024, 5, 1, tzinfo=UTC)),
        ("Wed, 01 May 2024 12:00:00 GMT", datetime(2024, 5, 1, 12, tzinfo=UTC)),
        ("Wed, 01 May 2024 12:00:00 EST", datetime(2024, 5, 1, 17, tzinfo=UTC)),
        ("Wed, 01 May 2024 12:00:00 MSK", datetime(2024, 5, 1, 9, tzinfo=UTC)),
        ("Wed, 01 May 2024 12:00:00 CEST", datetime(2024, 5, 1, 10, tzinfo=UTC)),
        ("Wed, 01 May 2024 12:00:00 -0000", datetime(2024, 5, 1, 12, tzinfo=UTC)),
        ("1 May 2024 12:00", datetime(2024, 5, 1, 12, tzinfo=UTC)),
        ("May 1, 2024", datetime(2024, 5, 1, tzinfo=UTC)),
        ("1961-04-12T06:07:00Z", datetime(1961, 4, 12, 6, 7, tzinfo=UTC)),
    ],
)
def test_the_spellings_of_the_field_are_read_as_utc(text, expected):
    assert parse_date(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        None,
        "soon",
        "10:30",
        "May",
        "2024",
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59-12:00",
        "2024-13-45",
        "1" * 70,
        "x" * 10_000,
        "0000-00-00",
    ],
)
def test_nonsense_is_no_date(text):
    assert parse_date(text) is None
