"""Clips are exact to the frame. The footage gets brighter with each frame, so that every frame can be told."""

from fractions import Fraction

import pytest

from archive.constants import StepError
from archive.media.cutting import cut_clip
from archive.media.errors import MediaError
from archive.media.probe import probe
from tests.archive.footage import gray_levels


def ms(frame, rate, *, up=False):
    """As segments tell the times of their frames: rounded down at the beginning, up at the end."""
    exact = frame / Fraction(rate) * 1000
    return -int(-exact // 1) if up else int(exact)


@pytest.mark.parametrize(
    ("name", "rate"),
    [("levels.mp4", 25), ("levels.mpg", 25), ("levels.mxf", 25), ("levels-film.mov", Fraction(24000, 1001)),
     ("levels-ntsc.mp4", Fraction(30000, 1001))],
)  # fmt: skip
@pytest.mark.parametrize(("first", "end"), [(0, 1), (7, 15), (13, 24)])
def test_a_clip_has_exactly_the_frames_that_were_asked_for(media, tmp_path, name, rate, first, end):
    whole = gray_levels(media / name)
    target = tmp_path / "clip.mov"
    cut_clip(media / name, target, in_ms=ms(first, rate), out_ms=ms(end, rate, up=True))
    found = gray_levels(target)
    assert len(found) == end - first
    assert all(abs(one - other) <= 3 for one, other in zip(found, whole[first:end], strict=True))
    assert whole[first + 1] - whole[first] >= 5  # one frame off would be seen


def test_a_clip_goes_on_with_the_timecode_of_its_source(media, tmp_path):
    target = tmp_path / "clip.mp4"
    assert cut_clip(media / "master.mxf", target, in_ms=400, out_ms=800) == 400
    known = probe(target)
    assert (known["start_timecode"], known["duration_ms"]) == ("10:00:00:10", 400)


def test_a_mezzanine_keeps_fields_shape_depth_and_all_tracks(media, tmp_path):
    target = tmp_path / "clip.mov"
    cut_clip(media / "master.mxf", target, in_ms=0, out_ms=200)
    shown, *sounds = [track for track in probe(target)["tracks"] if track["kind"] in ("video", "audio")]
    assert (shown["width"], shown["height"], shown["scan_order"]) == (720, 576, "top-first")
    assert (shown["pixel_numerator"], shown["pixel_denominator"], shown["pixel_format"]) == (64, 45, "yuv422p")
    assert [(sound["codec"], sound["bit_depth"]) for sound in sounds] == [("pcm_s24le", 24)] * 2
    cut_clip(media / "film.mov", target, in_ms=0, out_ms=200)
    assert probe(target)["tracks"][0]["pixel_format"] == "yuv422p10le"


def test_a_clip_with_a_watermark_is_a_small_preview(media, tmp_path):
    target = tmp_path / "clip.mp4"
    cut_clip(media / "levels-ntsc.mp4", target, in_ms=334, out_ms=667, watermark="РТС → ҚТ · PREVIEW")
    assert len(gray_levels(target)) == 10
    assert probe(target)["tracks"][0]["scan_order"] == "progressive"
    label = "100:20:40:12"
    assert gray_levels(target, label)[0] > gray_levels(media / "levels-ntsc.mp4", label)[10] + 2


def test_sound_alone_is_cut_too(media, tmp_path):
    target = tmp_path / "clip.wav"
    assert cut_clip(media / "voice.wav", target, in_ms=100, out_ms=350) == 250
    known = probe(target)
    assert (known["duration_ms"], known["tracks"][0]["codec"]) == (250, "pcm_s24le")


def test_progress_is_told_and_what_it_raises_ends_the_work(media, tmp_path):
    def stop(percent):
        raise KeyError(percent)

    with pytest.raises(KeyError):
        cut_clip(media / "master.mxf", tmp_path / "clip.mp4", in_ms=0, out_ms=900, on_progress=stop)


def test_what_cannot_be_cut_is_said(media, tmp_path):
    with pytest.raises(ValueError, match="begins"):
        cut_clip(media / "voice.wav", tmp_path / "clip.wav", in_ms=10, out_ms=10)
    with pytest.raises(MediaError) as refused:
        cut_clip(media / "film.mov", tmp_path / "clip.wav", in_ms=0, out_ms=10)
    assert refused.value.code == StepError.NOTHING_INSIDE


@pytest.mark.parametrize("name", ["long.mpg", "long.mxf", "long.mp4"])
def test_far_inside_a_recording_a_clip_is_as_exact(media, tmp_path, name):
    """The picture changes with each second: the last frame of the nineteenth is there, and the first of the next."""
    whole, target = gray_levels(media / name), tmp_path / "clip.mov"
    cut_clip(media / name, target, in_ms=19_960, out_ms=20_040)
    assert gray_levels(target) == pytest.approx([whole[499], whole[500]], abs=2)
    assert whole[500] - whole[499] > 5
