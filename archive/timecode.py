"""Timecode as SMPTE ST 12-1 counts it, at rational rates, with and without dropped numbers."""

import re
from fractions import Fraction

_TIMECODE = re.compile(r"(\d{1,2}):(\d{2}):(\d{2})([:;.,])(\d{2})\Z")
NTSC = (Fraction(24000, 1001), Fraction(30000, 1001), Fraction(48000, 1001), Fraction(60000, 1001))
RATES = tuple(sorted((*map(Fraction, (24, 25, 30, 48, 50, 60)), *NTSC)))
DROPPING = frozenset({Fraction(30000, 1001), Fraction(60000, 1001)})
_NEAR = Fraction(1, 200)


class TimecodeError(ValueError):
    """Not a timecode, or one that does not occur at its rate."""


def nominal(rate: Fraction) -> int:
    """How many numbers a second of timecode has: 30 at 30000/1001."""
    return -(-rate.numerator // rate.denominator)


def may_drop(rate: Fraction) -> bool:
    return rate in DROPPING


def dropped_a_minute(rate: Fraction) -> int:
    """How many numbers are left out at the beginning of most minutes: two of thirty, four of sixty."""
    return nominal(rate) // 15


def rate_near(rate: float | str | Fraction) -> Fraction:
    """The rate that is meant by 29.97, 23.976 or 59.94005994; others as they are, as a fraction of small numbers.

    Raises TimecodeError for what is no rate.
    """
    try:
        exact = Fraction(rate)
    except (ValueError, OverflowError, ZeroDivisionError) as error:
        raise TimecodeError(str(rate)) from error
    if not 1 <= exact <= 1000:
        raise TimecodeError(str(rate))
    nearest = min(RATES, key=lambda known: abs(known - exact))
    return nearest if abs(nearest - exact) < _NEAR else exact.limit_denominator(1001)


def frames_of(text: str, rate: Fraction, *, is_drop: bool | None = None) -> int:
    """Frames from 00:00:00:00. ``is_drop`` None goes by the semicolon. Raises TimecodeError for what does not occur."""
    match = _TIMECODE.match(text.strip())
    if match is None:
        raise TimecodeError(text)
    hours, minutes, seconds, frames = (int(match[place]) for place in (1, 2, 3, 5))
    base = nominal(rate)
    if minutes > 59 or seconds > 59 or frames >= base or hours > 23:
        raise TimecodeError(text)
    number = ((hours * 60 + minutes) * 60 + seconds) * base + frames
    drops = match[4] in ";," if is_drop is None else is_drop
    if not (drops and may_drop(rate)):
        return number
    dropped = dropped_a_minute(rate)
    if minutes % 10 and seconds == 0 and frames < dropped:
        raise TimecodeError(text)
    whole = hours * 60 + minutes
    return number - dropped * (whole - whole // 10)


def timecode_of(frames: int, rate: Fraction, *, is_drop: bool = False) -> str:
    """The other way round. After 24 hours it begins again."""
    base = nominal(rate)
    is_drop = is_drop and may_drop(rate)
    frames %= day_of(rate, is_drop=is_drop)
    if is_drop:
        dropped = dropped_a_minute(rate)
        ten_minutes = base * 600 - 9 * dropped
        tens, rest = divmod(frames, ten_minutes)
        minutes = max(0, (rest - dropped) // (base * 60 - dropped))
        frames += dropped * (9 * tens + minutes)
    seconds, number = divmod(frames, base)
    mark = ";" if is_drop else ":"
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}{mark}{number:02d}"


def day_of(rate: Fraction, *, is_drop: bool = False) -> int:
    """Frames in 24 hours of timecode."""
    base = nominal(rate)
    return base * 86_400 - (dropped_a_minute(rate) * 9 * 144 if is_drop and may_drop(rate) else 0)


def tidy_timecode(text: str) -> str:
    """What a file says, as HH:MM:SS:FF, or HH:MM:SS;FF where numbers are dropped; "" for what is no timecode."""
    match = _TIMECODE.match(text.strip())
    if match is None or len(match[1]) < 2 or match[1] > "23" or match[2] > "59" or match[3] > "59":
        return ""
    return f"{match[1]}:{match[2]}:{match[3]}{':' if match[4] == ':' else ';'}{match[5]}"


def counts_from(timecode: str, rate: Fraction) -> tuple[int, bool]:
    """The frame that a tidy timecode names, and whether numbers are dropped; (0, False) if it does not occur."""
    try:
        return frames_of(timecode, rate), ";" in timecode and may_drop(rate)
    except TimecodeError:
        return 0, False


def later(timecode: str, frames: int, rate: Fraction) -> str:
    """A tidy timecode so many frames later; over midnight it begins anew. "" for one that does not occur."""
    try:
        first = frames_of(timecode, rate)
    except TimecodeError:
        return ""
    return timecode_of(first + frames, rate, is_drop=";" in timecode)
