"""Dates as feeds write them: ISO 8601, RFC 822, and whatever else names a whole day."""

import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime

from dateutil import parser as dateutil_parser

DAY = re.compile(r"([0-9]{4})-?([0-9]{2})-?([0-9]{2})(?![0-9])")
MAX_CHARS = 80  # longer than any date; dateutil's cost grows with the text
YEARS = range(1800, 2201)  # an archive item may be old, the year 0001 is a default value of some software
# Abbreviations that partners write instead of an offset, in hours; any other unknown name counts as UTC.
ZONE_HOURS = {"MSK": 3, "CET": 1, "CEST": 2, "EET": 2, "EEST": 3, "WET": 0, "WEST": 1, "BST": 1, "AST": -4, "ADT": -3,
              "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7}  # fmt: skip
RFC822_END = re.compile(r":[0-9]{2}\s+(?:[+-][0-9]{4}|GMT|UTC?|Z)(?:\s*\([^()]*\))?$", re.IGNORECASE)
# After a time, at the end or before the year; "GMT+3" lies east of Greenwich, POSIX and dateutil mean the reverse.
OFFSET = re.compile(
    r"(:[0-9]{2}(?:[.,][0-9]+)?(?:\s*[AP]M)?)\s*(?:GMT|UTC?|Z)?\s*([+-])([0-9]{1,2})(?::?([0-9]{2}))?"
    r"(?:\s*\([^()]*\))?(?=$|\s+[0-9]{4}$)",
    re.IGNORECASE,
)
DAY_FIRST = re.compile(r"(?<![0-9.])[0-9]{1,2}\.\s*[0-9]{1,2}\.\s*(?:[0-9]{4}|[0-9]{2})(?![0-9])")
EITHER_FIRST = re.compile(r"(?<![0-9/-])([0-9]{1,2})([/-])([0-9]{1,2})\2(?:[0-9]{4}|[0-9]{2})(?![0-9])")


def parse_date(text: str | None) -> datetime | None:
    """The moment in UTC, a date without zone read as UTC; None for nonsense."""
    text = (text or "").strip()
    if not text or len(text) > MAX_CHARS:
        return None
    spelled = OFFSET.sub(_with_rfc822_offset, text)
    for read, spelling in ((datetime.fromisoformat, text), (_rfc822, spelled), (_anything, spelled)):
        try:
            moment = read(spelling)
            if moment is not None:
                moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
                return moment if moment.year in YEARS else None
        except (ValueError, OverflowError, TypeError, IndexError, ArithmeticError):
            continue  # dateutil raises all of these for odd text
    return None


def parse_day(text: str | None) -> date | None:
    """The day as it is written, in the zone in which it is written; None for a month, a year or nonsense."""
    text = (text or "").strip()
    if match := DAY.match(text):
        try:
            day = date(int(match[1]), int(match[2]), int(match[3]))
        except ValueError:
            return None
        return day if day.year in YEARS else None
    moment = parse_date(text)
    return moment.date() if moment is not None else None


def _with_rfc822_offset(match: re.Match[str]) -> str:
    time, sign, hours, minutes = match.groups()
    return f"{time} {sign}{hours:0>2}{minutes or '00'}"


def _rfc822(text: str) -> datetime | None:
    # The standard library takes any other zone for UTC, and passes over one before the year and over AM and PM.
    return parsedate_to_datetime(text) if RFC822_END.search(text) else None


def _anything(text: str) -> datetime | None:
    """dateutil fills what is missing from a default: two defaults show whether year, month and day were all written.

    Nobody can say which number is the month in 05/12/2026; with full stops the day comes first.
    """
    either = EITHER_FIRST.search(text)
    if either and int(either[1]) != int(either[3]) and int(either[1]) <= 12 and int(either[3]) <= 12:
        return None
    first, second = (
        dateutil_parser.parse(text, default=default, tzinfos=_zone, dayfirst=DAY_FIRST.search(text) is not None)
        for default in (datetime(2000, 1, 1), datetime(2001, 2, 2))  # noqa: DTZ001 - a default has no zone of its own
    )
    return first if first == second else None


def _zone(name: str | None, offset_seconds: int | None) -> tzinfo | None:
    if name and offset_seconds:
        raise ValueError(f"{name} is a zone of its own")
    if offset_seconds is not None:
        return timezone(timedelta(seconds=offset_seconds))
    hours = ZONE_HOURS.get((name or "").upper())
    return None if hours is None else timezone(timedelta(hours=hours))
