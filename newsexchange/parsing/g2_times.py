"""Times within a recording, in every unit of NewsML-G2, as milliseconds from its beginning."""

import re
from fractions import Fraction

from newsexchange.parsing.g2_metadata import last_part
from newsexchange.parsing.markup import tidy

LONGEST_MS = 10**12  # thirty years: what is longer is no time of a recording
NUMBER = re.compile(r"[0-9]{1,15}(?:\.[0-9]{1,9})?")
RATIO = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,9})?)(?:\s*[/:]\s*([1-9][0-9]{0,8}))?")
TIMECODE = re.compile(r"([0-9]{1,3}):([0-9]{1,2}):([0-9]{1,2})[:;.,]([0-9]{1,3})")
CLOCK = re.compile(r"(?:npt\s*[=:]\s*)?(?:([0-9]{1,4}):)?([0-9]{1,2}):([0-9]{1,2}(?:\.[0-9]{1,9})?)")  # RFC 2326 3.6
XML_DURATION = re.compile(
    r"P(?:([0-9]{1,6})D)?(?:T(?:([0-9]{1,6})H)?(?:([0-9]{1,6})M)?(?:([0-9]{1,9}(?:\.[0-9]{1,9})?)S)?)?"
)
# Nominal rates that are written for the broadcast rates of 525-line television.
BROADCAST_RATES = {"29.97": Fraction(30000, 1001), "59.94": Fraction(60000, 1001),
                   "23.976": Fraction(24000, 1001), "23.98": Fraction(24000, 1001)}  # fmt: skip


def frame_rate(text: str | None) -> Fraction | None:
    """Frames or samples a second from "25", "29.97" or "30000/1001"; None for nonsense and 0."""
    text = tidy(text)
    if text in BROADCAST_RATES:
        return BROADCAST_RATES[text]
    match = RATIO.fullmatch(text)
    rate = Fraction(match[1]) / int(match[2] or 1) if match else Fraction(0)
    return rate if 0 < rate <= 10**7 else None


def milliseconds(text: str | None, unit: str, rate: Fraction | None = None) -> int | None:
    """A time in the unit that a QCode or URI of the scheme "Time Unit" names.

    None where the unit is unknown, or counts frames and nobody has said how many make a second.
    """
    value = tidy(text)
    word = last_part(tidy(unit)).lower()
    seconds: Fraction | None = None
    if word in {"seconds", "second", "milliseconds", "millisecond"} and NUMBER.fullmatch(value):
        seconds = Fraction(value) / (1000 if word.startswith("milli") else 1)
    elif word in {"editunit", "frames", "frame"} and NUMBER.fullmatch(value):
        seconds = Fraction(value) / rate if rate else None
    elif word in {"timecode", "timecodenondropframe"}:
        seconds = _timecode(value, rate, drops=False)
    elif word == "timecodedropframe":
        seconds = _timecode(value, rate or BROADCAST_RATES["29.97"], drops=True)
    elif word in {"normalplaytime", "npt", ""}:
        # Without a unit only a clock can be understood: a bare number may count anything.
        seconds = _clock(value, bare=word != "")
    if seconds is None:
        return None
    count = round(seconds * 1000)
    return count if 0 <= count <= LONGEST_MS else None


def duration(text: str | None, unit: str, rate: Fraction | None = None) -> int | None:
    """A length; seconds unless a unit is named, as NewsML-G2 prescribes. Also reads "PT1M9S", which some write."""
    value = tidy(text)
    if match := XML_DURATION.fullmatch(value):
        days, hours, minutes, seconds = (Fraction(part or 0) for part in match.groups())
        count = round((((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000)
        return count if value not in {"P", "PT"} and count <= LONGEST_MS else None
    if not unit and NUMBER.fullmatch(value):
        unit = "seconds"
    return milliseconds(value, unit, rate)


def _timecode(value: str, rate: Fraction | None, *, drops: bool) -> Fraction | None:
    match = TIMECODE.fullmatch(value)
    if match is None:
        return _clock(value, bare=False)  # no frames in it, so no rate is needed
    hours, minutes, seconds, frames = (int(part) for part in match.groups())
    if minutes > 59 or seconds > 59:
        return None
    total_seconds = hours * 3600 + minutes * 60 + seconds
    if rate is None:
        return Fraction(total_seconds) if frames == 0 else None
    nominal = round(rate)
    if frames >= nominal:
        return None
    count = total_seconds * nominal + frames
    if drops:
        # SMPTE ST 12-1: two numbers (four at the double rate) are left out each minute but every tenth.
        total_minutes = hours * 60 + minutes
        count -= round(nominal / 15) * (total_minutes - total_minutes // 10)
    return Fraction(count) / rate


def _clock(value: str, *, bare: bool) -> Fraction | None:
    if bare and NUMBER.fullmatch(value.removeprefix("npt=")):
        return Fraction(value.removeprefix("npt="))
    match = CLOCK.fullmatch(value)
    if match is None:
        return None
    return Fraction(int(match[1] or 0) * 3600 + int(match[2]) * 60) + Fraction(match[3])
