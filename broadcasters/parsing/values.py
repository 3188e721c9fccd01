"""Single cells as logs write them → days, times of day, lengths and numbers. What nobody can tell is None."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation

FRAMES_A_SECOND = 25  # of both regions' television; a frame beyond them is an error, never rounded
MAX_HOURS = 48  # a broadcast day goes on after midnight: 25:30 is half past one on the next day
_ISO_DAY = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})\.?")
_DAY = re.compile(r"(\d{1,2})\s*[./-]\s*(\d{1,2})\s*[./-]\s*(\d{4})\.?")
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)")
_OFFSET = re.compile(r"(?:UTC|GMT)?\s*([+\u2212-])(\d{1,2})(?::?(\d\d))?")
_CLOCK = re.compile(r"(\d{1,2})[:.](\d\d)(?:[:.](\d\d)(?:([.,])(\d{1,9})|[:;](\d\d))?)?")
_FRACTION = re.compile(r"[01][.,]\d{3,}")  # of a day, as a spreadsheet keeps a time in a cell without a format
_WITH_OFFSET = re.compile(r"(.*\d)\s*(Z|(?:UTC|GMT)?\s*[+\u2212-]\d{1,2}(?::?\d\d)?)")
_DAY_MS = 86_400_000
_ISO_LENGTH = re.compile(r"PT(?:(\d{1,3})H)?(?:(\d{1,5})M)?(?:(\d{1,6})(?:[.,](\d{1,9}))?S)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Moment:
    """By the clocks on the wall; ``day`` None where only a time was said, ``offset`` None where no zone was."""

    day: date | None
    ms: int
    offset: timedelta | None = None

    def wall(self, day: date | None = None) -> datetime | None:
        """What the clocks showed. Hours beyond 24 are of the next day."""
        base = self.day or day
        if base is None:
            return None
        try:
            return datetime.combine(base, time()) + timedelta(milliseconds=self.ms)
        except OverflowError:
            return None


def day(text: str) -> date | None:
    """2026-10-25, 25.10.2026., 25/10/2026, 20261025; of a moment its day."""
    text = text.strip()
    if found := _ISO_DAY.fullmatch(text) or _COMPACT.fullmatch(text):
        return _day(found[1], found[2], found[3])
    if found := _DAY.fullmatch(text):
        return _day(found[3], found[2], found[1])
    moment_said = moment(text)
    return moment_said.day if moment_said else None


def _day(year: str, month: str, number: str) -> date | None:
    try:
        return date(int(year), int(month), int(number))
    except ValueError:
        return None


def moment(text: str) -> Moment | None:
    """A time of day, with or without its day before it and an offset from UTC after it."""
    text = text.strip().rstrip(".")
    shift: timedelta | None = None
    if (found := _WITH_OFFSET.fullmatch(text)) and ":" in found[1]:
        text, shift = found[1].strip(), timedelta() if found[2] == "Z" else offset(found[2])
        if shift is None:
            return None
    head, mark, tail = text.partition("T")
    if not mark:
        head, mark, tail = text.rpartition(" ")
    if not mark:
        ms = clock(text)
        return None if ms is None else Moment(None, ms, shift)
    on, ms = day(head.strip().rstrip(",")) if head.strip() else None, clock(tail)
    return None if on is None or ms is None else Moment(on, ms, shift)


def clock(text: str) -> int | None:
    """Milliseconds since midnight: 19:30, 19:30:00, 25:30:00.5, 19:30:00,500, 19:30:00:12 (frames), 0.8125 (a day)."""
    text = text.strip()
    if _FRACTION.fullmatch(text):
        return round(float(text.replace(",", ".")) * _DAY_MS)
    found = _CLOCK.fullmatch(text)
    if not found:
        return None
    hours, minutes, seconds = int(found[1]), int(found[2]), int(found[3] or 0)
    frames = int(found[6] or 0)
    if hours >= MAX_HOURS or minutes > 59 or seconds > 59 or frames >= FRAMES_A_SECOND:
        return None
    rest = _thousandths(found[5]) if found[5] else frames * 1000 // FRAMES_A_SECOND
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + rest


def length_ms(text: str) -> int | None:
    """1:28:52, 00:59:14.5, 00:10:00:12 (frames), PT1H2M; a bare number is seconds."""
    text = text.strip()
    if (found := _ISO_LENGTH.fullmatch(text)) and any(found.groups()):
        hours, minutes, seconds = (int(found[place] or 0) for place in (1, 2, 3))
        return ((hours * 60 + minutes) * 60 + seconds) * 1000 + _thousandths(found[4] or "")
    if ":" in text:
        return clock(text) if text.count(":") > 1 else _minutes_and_seconds(text)
    said = number(text)
    return None if said is None else int(said * 1000)


def _minutes_and_seconds(text: str) -> int | None:
    """45:30 is a length of minutes and seconds: an hour is always written with its seconds."""
    found = re.fullmatch(r"(\d{1,4}):([0-5]\d)(?:[.,](\d{1,9}))?", text)
    return (int(found[1]) * 60 + int(found[2])) * 1000 + _thousandths(found[3] or "") if found else None


def offset(text: str) -> timedelta | None:
    """+02:00, UTC+5, +0100, Z: hours and minutes ahead of UTC."""
    text = text.strip()
    if text in ("Z", "UTC", "GMT"):
        return timedelta()
    found = _OFFSET.fullmatch(text)
    if not found or int(found[2]) > 14 or int(found[3] or 0) > 59:
        return None
    ahead = timedelta(hours=int(found[2]), minutes=int(found[3] or 0))
    return ahead if found[1] == "+" else -ahead


def number(text: str, *, is_whole: bool = False) -> Decimal | None:
    """1234.5, 1234,5, 1 234,5, 1.234,5, 1,234.5, 12 %: not below zero.

    ``is_whole`` says that people are counted: 120.500 is then a hundred and twenty thousand, whatever mark is used.
    """
    text = re.sub(r"[\s\u00a0\u202f'’]", "", text).removesuffix("%")
    if is_whole and re.fullmatch(r"[1-9]\d{0,2}(?:[.,]\d{3})+", text):
        text = re.sub("[.,]", "", text)
    elif "," in text and "." in text:
        point = max(text.rfind(","), text.rfind("."))
        text = text[:point].replace(",", "").replace(".", "") + "." + text[point + 1 :]
    elif text.count(",") == 1:
        text = text.replace(",", ".")
    elif text.count(",") > 1 or text.count(".") > 1:
        text = text.replace(",", "").replace(".", "")
    if not re.fullmatch(r"\d{1,15}(?:\.\d{1,9})?", text):
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def _thousandths(digits: str) -> int:
    return int((digits + "000")[:3]) if digits else 0
