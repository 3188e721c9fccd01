"""ffprobe's words in ours."""

from fractions import Fraction

import pytest

from archive.media.languages import tag_of
from archive.media.technical import rate_of, rotation_of, seconds_ms, tracks_of


@pytest.mark.parametrize(
    ("average", "regular", "rate"),
    [
        ("25/1", "25/1", "25"),
        ("25/1", "50/1", "25"),  # interlaced: fields are not frames
        ("24000/1001", "24000/1001", "24000/1001"),
        ("2997/100", "30/1", "30000/1001"),
        ("12475/499", "25/1", "25"),
        ("0/0", "25/1", "25"),
        ("1571/100", "90000/1", "1571/100"),
        ("0/0", "0/0", None),
        ("", "", None),
    ],
)
def test_a_rate_is_the_usual_fraction_that_is_meant(average, regular, rate):
    found = rate_of({"avg_frame_rate": average, "r_frame_rate": regular})
    assert found == (rate and Fraction(rate))


@pytest.mark.parametrize(("said", "turned"), [(-90, 90), (90, 270), (180, 180), (-180, 180), (0, 0)])
def test_a_turn_is_told_clockwise(said, turned):
    assert rotation_of({"side_data_list": [{"side_data_type": "Display Matrix", "rotation": said}]}) == turned


@pytest.mark.parametrize(
    ("name", "tag"),
    [("srp", "sr"), ("scc", "sr"), ("kaz", "kk"), ("ger", "de"), ("deu", "de"), ("und", ""), ("", ""), ("qaa", ""),
     ("rsk", "rsk"), ("sr-Latn", "sr-Latn"), ("English", "")],
)  # fmt: skip
def test_languages_have_two_letters_where_there_are_such(name, tag):
    assert tag_of(name) == tag


@pytest.mark.parametrize(("said", "ms"), [("1.001", 1001), ("0:00:01.040000000", 1040), ("N/A", None), ("-1", None)])
def test_lengths_are_read_in_both_spellings(said, ms):
    assert seconds_ms(said) == ms


def test_pixels_that_are_not_told_are_taken_as_square():
    (track,) = tracks_of([{"codec_type": "video", "width": 720, "height": 576, "sample_aspect_ratio": "0:1"}])
    assert (track["picture_numerator"], track["picture_denominator"]) == (5, 4)
    assert "pixel_numerator" not in track
