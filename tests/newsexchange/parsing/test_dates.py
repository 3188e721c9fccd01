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
        ("Mon, 01 Jan 2024 10:00:00 -0530", datetime(2024, 1, 1, 15, 30, tzinfo=UTC)),
        ("Mon, 01 Jan 2024 10:00:00 AST", datetime(2024, 1, 1, 14, tzinfo=UTC)),
        ("Mon, 01 Jan 2024 10:00:00 GMT (UTC)", datetime(2024, 1, 1, 10, tzinfo=UTC)),
        ("Mon, 01 Jan 2024 10:00:00", datetime(2024, 1, 1, 10, tzinfo=UTC)),
        ("1961-04-12T06:07:00Z", datetime(1961, 4, 12, 6, 7, tzinfo=UTC)),
    ],
)
def test_the_spellings_of_the_field_are_read_as_utc(text, expected):
    assert parse_date(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Tue, 01 Dec 2026 10:00:00 -05:00", datetime(2026, 12, 1, 15, tzinfo=UTC)),
        ("Mon, 01 Jan 2024 10:00:00 +05:00", datetime(2024, 1, 1, 5, tzinfo=UTC)),
        ("Mon, 01 Jan 2024 10:00:00 +06", datetime(2024, 1, 1, 4, tzinfo=UTC)),
        ("Mon, 01 Jan 2024 10:00:00 +600", datetime(2024, 1, 1, 4, tzinfo=UTC)),
        ("2026-12-01 10:00:00 -5", datetime(2026, 12, 1, 15, tzinfo=UTC)),
        ("2026-12-01 10:00 GMT+3", datetime(2026, 12, 1, 7, tzinfo=UTC)),
        ("Mon, 01 Jan 2024 10:00:00 GMT+3", datetime(2024, 1, 1, 7, tzinfo=UTC)),
        ("Mon, 01 Jan 2024 10:00:00 UTC-03:30", datetime(2024, 1, 1, 13, 30, tzinfo=UTC)),
        ("Mon Jan 01 2024 10:00:00 GMT+0300 (Moscow Standard Time)", datetime(2024, 1, 1, 7, tzinfo=UTC)),
        ("Mon Jan 01 10:00:00 GMT+03:00 2024", datetime(2024, 1, 1, 7, tzinfo=UTC)),
        ("Mon Jan 01 10:00:00 CET 2024", datetime(2024, 1, 1, 9, tzinfo=UTC)),
        ("Dec 1, 2026 10:00 PM GMT+1", datetime(2026, 12, 1, 21, tzinfo=UTC)),
        ("Dec 1, 2026 10:00 PM GMT", datetime(2026, 12, 1, 22, tzinfo=UTC)),
    ],
)
def test_a_zone_counts_however_it_is_written(text, expected):
    assert parse_date(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("05.12.2026 10:00", datetime(2026, 12, 5, 10, tzinfo=UTC)),
        ("5. 12. 2026.", datetime(2026, 12, 5, tzinfo=UTC)),
        ("05.12.26", datetime(2026, 12, 5, tzinfo=UTC)),
        ("13.02.2024", datetime(2024, 2, 13, tzinfo=UTC)),
        ("01.12.2026 10:00 +03", datetime(2026, 12, 1, 7, tzinfo=UTC)),
        ("2026.05.12", datetime(2026, 5, 12, tzinfo=UTC)),
        ("2026/05/12", datetime(2026, 5, 12, tzinfo=UTC)),
        ("13/05/2026", datetime(2026, 5, 13, tzinfo=UTC)),
        ("05/13/2026", datetime(2026, 5, 13, tzinfo=UTC)),
        ("05/05/2026", datetime(2026, 5, 5, tzinfo=UTC)),
    ],
)
def test_the_day_comes_first_before_full_stops_and_elsewhere_where_it_can_be_no_month(text, expected):
    assert parse_date(text) == expected


@pytest.mark.parametrize("text", ["05/12/2026", "5/12/26 10:00", "05-12-2026", "Mon, 01 Jan 2024 10:00:00 MSK+2"])
def test_what_two_readers_would_read_differently_is_no_date(text):
    assert parse_date(text) is None


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
