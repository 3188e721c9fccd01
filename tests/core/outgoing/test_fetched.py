import datetime

import pytest

from mediaexchange.core.outgoing.fetched import parse_retry_after, readable_headers

NOW = datetime.datetime(2026, 3, 29, 1, 0, tzinfo=datetime.UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0),
        (" 120 ", 120),
        ("Sun, 29 Mar 2026 01:10:00 GMT", 600),
        ("Sunday, 29-Mar-26 01:10:00 GMT", 600),
        ("Sun, 29 Mar 2026 06:10:00 +0500", 600),
        ("Sun, 29 Mar 2026 01:10:00 -0000", 600),
        ("Sun, 29 Mar 2026 00:00:00 GMT", 0),
    ],
)
def test_retry_after_is_read_as_seconds_or_as_a_date(value: str, seconds: int) -> None:
    assert parse_retry_after(value, now=NOW) == datetime.timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "value",
    [
        "", "soon", "-5", "1.5", "9" * 40, "٣", "Sun, 99 Mar 2026 01:10:00 GMT",
        "Mon, 01 Jan 99999999999999999999 00:00:00 GMT", "Sun, 29 Mar 2026 01:10:00 +99999999999999",
    ],
)  # fmt: skip
def test_a_retry_after_without_meaning_is_none(value: str) -> None:
    assert parse_retry_after(value, now=NOW) is None


def test_headers_that_could_not_be_sent_back_are_dropped() -> None:
    items = [("ETag", '"a\rb"'), ("ETag", '"c"'), ("etag", '"d"'), ("Set-Cookie", "a=b"), ("Link", "<x>; rel=hub")]
    assert readable_headers(items) == {"etag": '"c"', "link": "<x>; rel=hub"}
