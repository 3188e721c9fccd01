from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.timecode import (
    DROPPING,
    RATES,
    TimecodeError,
    counts_from,
    day_of,
    frames_of,
    later,
    rate_near,
    tidy_timecode,
    timecode_of,
)

NTSC, DOUBLE = Fraction(30000, 1001), Fraction(60000, 1001)


@given(st.sampled_from(RATES), st.booleans(), st.data())
def test_every_frame_of_a_day_has_one_timecode_at_every_rate(rate, is_drop, data):
    frame = data.draw(st.integers(0, day_of(rate, is_drop=is_drop) - 1))
    text = timecode_of(frame, rate, is_drop=is_drop)
    assert frames_of(text, rate) == frame
    assert (";" in text) == (is_drop and rate in DROPPING)


@pytest.mark.parametrize(
    ("rate", "frame", "text"),
    [
        (NTSC, 1799, "00:00:59;29"),
        (NTSC, 1800, "00:01:00;02"),
        (NTSC, 17981, "00:09:59;29"),
        (NTSC, 17982, "00:10:00;00"),
        (NTSC, 107892, "01:00:00;00"),
        (DOUBLE, 3599, "00:00:59;59"),
        (DOUBLE, 3600, "00:01:00;04"),
        (DOUBLE, 35964, "00:10:00;00"),
    ],
)
def test_dropped_numbers_are_left_out_each_minute_but_the_tenth(rate, frame, text):
    assert timecode_of(frame, rate, is_drop=True) == text
    assert frames_of(text, rate) == frame


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("00:01:00;00", NTSC), ("00:01:00;03", DOUBLE), ("00:00:00:25", Fraction(25)), ("00:60:00:00", Fraction(25)),
        ("24:00:00:00", Fraction(25)), ("1961-09", Fraction(25)), ("", Fraction(25)),
        ("00:00:00:24", Fraction(24000, 1001)),
    ],
)  # fmt: skip
def test_what_does_not_occur_is_no_timecode(text, rate):
    with pytest.raises(TimecodeError):
        frames_of(text, rate)


def test_a_day_ends_and_begins_again():
    assert timecode_of(day_of(Fraction(25)), Fraction(25)) == "00:00:00:00"


@pytest.mark.parametrize(("given", "meant"), [(29.97, NTSC), ("23.976", RATES[0]), (59.94005994, DOUBLE), ("25", 25)])
def test_rounded_rates_mean_the_exact_ones(given, meant):
    assert rate_near(given) == meant


@pytest.mark.parametrize("given", ["fast", 0, float("inf"), float("nan"), -25, "1/0"])
def test_what_is_no_rate_is_refused(given):
    with pytest.raises(TimecodeError):
        rate_near(given)


@pytest.mark.parametrize(
    ("timecode", "frames", "rate", "found"),
    [
        ("10:00:00:00", 25, Fraction(25), "10:00:01:00"),
        ("23:59:59:24", 1, Fraction(25), "00:00:00:00"),
        ("00:00:59;29", 1, NTSC, "00:01:00;02"),
        ("00:09:59;29", 1, NTSC, "00:10:00;00"),
        ("00:00:00;00", 17982, NTSC, "00:10:00;00"),
        ("00:00:00;00", 107892, NTSC, "01:00:00;00"),
        ("00:00:59;59", 1, DOUBLE, "00:01:00;04"),
        ("00:00:59:23", 1, Fraction(24000, 1001), "00:01:00:00"),
        ("", 5, Fraction(25), ""),
        ("00:00:00:29", 1, Fraction(25), ""),
    ],
)
def test_timecodes_count_frames_and_leave_out_the_numbers_that_are_dropped(timecode, frames, rate, found):
    assert later(timecode, frames, rate) == found


@given(st.integers(0, 2_589_407))
def test_a_dropped_timecode_and_its_number_of_frames_are_the_same(frames):
    assert frames_of(later("00:00:00;00", frames, NTSC), NTSC) == frames


@pytest.mark.parametrize(("text", "tidy"), [("01:02:03.04", "01:02:03;04"), ("1:2:3:4", ""), ("25:61:00:00", "")])
def test_what_is_no_timecode_is_nothing(text, tidy):
    assert tidy_timecode(text) == tidy


def test_a_start_that_does_not_occur_is_nought():
    assert counts_from("00:01:00;02", NTSC) == (1800, True)
    assert counts_from("00:01:00;02", Fraction(25)) == (1502, False)
    assert counts_from("00:01:00;00", NTSC) == counts_from("", NTSC) == (0, False)
