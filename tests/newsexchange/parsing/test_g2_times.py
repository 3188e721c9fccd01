"""Times within a recording, checked by hand against what each unit means."""

from fractions import Fraction

import pytest

from newsexchange.parsing.g2_times import duration, frame_rate, milliseconds

PAL, NTSC = Fraction(25), Fraction(30000, 1001)


@pytest.mark.parametrize(
    ("text", "unit", "rate", "expected"),
    [
        ("446", "timeunit:editUnit", PAL, 17_840),
        ("48000", "timeunit:editUnit", Fraction(48_000), 1_000),
        ("446", "timeunit:editUnit", None, None),
        ("69", "timeunit:seconds", None, 69_000),
        ("69.5", "http://cv.iptc.org/newscodes/timeunit/seconds", None, 69_500),
        ("1250", "timeunit:milliseconds", None, 1_250),
        ("1250", "timeunit:milliSeconds", None, 1_250),
        ("00:01:02:12", "timeunit:timeCode", PAL, 62_480),
        ("01:00:00:00", "timeunit:timeCode", NTSC, 3_603_600),
        ("00:00:05:00", "timeunit:timeCode", None, 5_000),
        ("00:00:05:12", "timeunit:timeCode", None, None),
        ("00:00:05:25", "timeunit:timeCode", PAL, None),
        ("00:61:00:00", "timeunit:timeCode", PAL, None),
        # One hour of drop-frame time code is one hour by the clock, to the frame.
        ("01:00:00;00", "timeunit:timeCodeDropFrame", NTSC, 3_599_996),
        ("00:01:00;02", "timeunit:timeCodeDropFrame", NTSC, 60_060),
        ("00:10:00;00", "timeunit:timeCodeDropFrame", None, 599_999),
        ("01:02:03.5", "timeunit:normalPlayTime", None, 3_723_500),
        ("npt=12.25", "timeunit:normalPlayTime", None, 12_250),
        ("00:02:03", "", None, 123_000),
        ("123", "", None, None),
        ("12", "timeunit:furlongs", None, None),
        ("", "timeunit:seconds", None, None),
        ("-5", "timeunit:seconds", None, None),
        ("nan", "timeunit:seconds", None, None),
        ("1e9", "timeunit:seconds", None, None),
        ("9" * 15, "timeunit:seconds", None, None),
        ("9" * 4000, "timeunit:editUnit", PAL, None),
    ],
)
def test_a_time_is_counted_from_the_beginning_of_the_recording(text, unit, rate, expected):
    assert milliseconds(text, unit, rate) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("25", PAL),
        ("29.97", NTSC),
        ("30000/1001", NTSC),
        ("12.5", Fraction(25, 2)),
        ("", None),
        (None, None),
        ("0", None),
        ("25/0", None),
        ("fast", None),
        ("9" * 9, None),
    ],
)
def test_a_frame_rate_is_exact(text, expected):
    assert frame_rate(text) == expected


@pytest.mark.parametrize(
    ("text", "unit", "expected"),
    [
        ("69", "", 69_000),
        ("69", "timeunit:seconds", 69_000),
        ("0.5", "", 500),
        ("PT1M9S", "", 69_000),
        ("P1DT1H0.5S", "", 90_000_500),
        ("00:01:09", "", 69_000),
        ("P", "", None),
        ("PT", "", None),
        ("soon", "", None),
        (None, "", None),
    ],
)
def test_a_length_without_a_unit_is_in_seconds(text, unit, expected):
    assert duration(text, unit) == expected
