"""What we say of a recording, beside what MediaInfo says: a program with parsers of its own."""

from fractions import Fraction

import pytest
from pymediainfo import MediaInfo

from archive.constants import StepError
from archive.errors import FileRefusedError
from archive.media.errors import MediaError
from archive.media.probe import probe, technical_of

RECORDINGS = ("master.mxf", "anamorphic.mpg", "phone.mp4", "upright.mp4", "film.mov", "voice.wav", "short.mp4")
_CHROMA = {"420": "4:2:0", "422": "4:2:2", "444": "4:4:4"}
_SCAN = {
    "top-first": ("Interlaced", "TFF"),
    "bottom-first": ("Interlaced", "BFF"),
    "progressive": ("Progressive", None),
}
_CODECS = {
    "mpeg2video": "MPEG Video", "h264": "AVC", "aac": "AAC", "mp2": "MPEG Audio", "pcm_s24le": "PCM",
}  # fmt: skip


def judged(path, kind):
    return [track for track in MediaInfo.parse(path).tracks if track.track_type == kind]


def tracks(known, kind):
    return [track for track in known["tracks"] if track["kind"] == kind]


@pytest.mark.parametrize("name", RECORDINGS)
def test_media_info_says_the_same_of_the_picture(media, name):
    ours, theirs = tracks(probe(media / name), "video"), judged(media / name, "Video")
    assert len(ours) == len(theirs)
    for our, their in zip(ours, theirs, strict=True):
        assert _CODECS[our["codec"]] == their.format
        assert (our["width"], our["height"]) == (their.width, their.height)
        rate = Fraction(our["rate_numerator"], our["rate_denominator"])
        assert round(float(rate), 3) == float(their.frame_rate)
        pixel = our["pixel_numerator"] / our["pixel_denominator"]
        picture = our["picture_numerator"] / our["picture_denominator"]
        assert round(pixel, 3) == float(their.pixel_aspect_ratio)
        assert round(picture, 3) == float(their.display_aspect_ratio)
        assert _SCAN[our["scan_order"]] == (their.scan_type, their.scan_order)
        assert our["rotation"] == float(their.rotation or 0)
        assert our["bit_depth"] == their.bit_depth
        assert their.chroma_subsampling == next(told for name, told in _CHROMA.items() if name in our["pixel_format"])
        assert abs(our["duration_ms"] - their.duration) <= 1


@pytest.mark.parametrize("name", RECORDINGS)
def test_media_info_says_the_same_of_the_sound(media, name):
    ours, theirs = tracks(probe(media / name), "audio"), judged(media / name, "Audio")
    assert len(ours) == len(theirs)
    for our, their in zip(ours, theirs, strict=True):
        assert _CODECS[our["codec"]] == their.format
        assert (our["sample_rate_hz"], our["channels"]) == (their.sampling_rate, their.channel_s)
        assert our.get("bit_depth") == their.bit_depth
        assert abs(our["duration_ms"] - their.duration) <= 2


@pytest.mark.parametrize(("name", "kind"), [("master.mxf", "Video"), ("film.mov", "Other")])
def test_media_info_says_the_same_of_the_start_timecode(media, name, kind):
    assert probe(media / name)["start_timecode"] == judged(media / name, kind)[0].time_code_of_first_frame


@pytest.mark.parametrize("name", ["still.tiff", "still.png"])
def test_media_info_says_the_same_of_stills(media, name):
    (our,), (their,) = probe(media / name, is_still=True)["tracks"], judged(media / name, "Image")
    assert (our["width"], our["height"], our["bit_depth"]) == (their.width, their.height, their.bit_depth)
    assert "rate_numerator" not in our
    assert "duration_ms" not in our


def test_rates_are_fractions_and_not_numbers_near_them(media):
    for name, rate in (("film.mov", (24000, 1001)), ("upright.mp4", (30000, 1001)), ("master.mxf", (25, 1))):
        picture = tracks(probe(media / name), "video")[0]
        assert (picture["rate_numerator"], picture["rate_denominator"]) == rate


def test_the_language_of_a_track_is_told_in_two_letters(media):
    assert tracks(probe(media / "upright.mp4"), "audio")[0]["language"] == "sr"


def test_an_empty_file_and_one_without_an_end_that_would_explain_it_are_unreadable(media, tmp_path):
    empty, headless = tmp_path / "empty", tmp_path / "headless"
    empty.write_bytes(b"")
    whole = (media / "upright.mp4").read_bytes()
    headless.write_bytes(whole[: len(whole) // 2])  # its index stood at the end
    for path in (empty, headless):
        with pytest.raises(MediaError) as refused:
            probe(path)
        assert refused.value.code == StepError.UNREADABLE
        with pytest.raises(FileRefusedError):
            technical_of(path)


def test_a_program_of_sound_with_a_cover_has_no_moving_picture(media):
    assert [track["kind"] for track in probe(media / "covered.m4a")["tracks"]] == ["audio", "data"]
