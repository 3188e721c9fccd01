"""What is made of recordings, looked at with ffprobe and MediaInfo."""

import re

import pytest
from pymediainfo import MediaInfo

from archive.constants import StepError
from archive.media.errors import MediaError
from archive.media.hls import make_hls
from archive.media.pictures import make_key_frames, make_sprite
from archive.media.poster import make_poster
from archive.media.preview import make_preview
from archive.media.probe import probe
from archive.media.proxy import make_proxy
from archive.media.sound import make_waveform, measure_loudness
from tests.archive.footage import gray_levels


def nothing(percent):
    return None


@pytest.fixture
def proxy(media, tmp_path):
    """Makes the proxy of a recording; gives its path, what a probe says of it, and what the step handed back."""

    def make(name):
        source = media / name
        made = make_proxy(source, probe(source), tmp_path, nothing)
        path = tmp_path / made.names[0]
        return path, probe(path), made

    return make


def picture(known):
    return next(track for track in known["tracks"] if track["kind"] == "video")


@pytest.mark.parametrize(
    ("name", "size", "rate"),
    [
        ("master.mxf", (1024, 576), (25, 1)),
        ("anamorphic.mpg", (512, 288), (25, 1)),
        ("phone.mp4", (180, 320), (30000, 1001)),
        ("film.mov", (320, 240), (24000, 1001)),
    ],
)
def test_a_proxy_is_upright_progressive_and_square_and_keeps_its_rate(proxy, name, size, rate):
    _path, known, made = proxy(name)
    shown = picture(known)
    assert (shown["width"], shown["height"]) == size == (made.facts["width"], made.facts["height"])
    assert (shown["codec"], shown["pixel_format"], shown["scan_order"]) == ("h264", "yuv420p", "progressive")
    assert (shown["pixel_numerator"], shown["pixel_denominator"], shown["rotation"]) == (1, 1, 0)
    assert (shown["rate_numerator"], shown["rate_denominator"]) == rate
    assert not made.is_partial


def test_a_proxy_can_be_played_before_all_of_it_has_come(proxy):
    content = proxy("upright.mp4")[0].read_bytes()
    assert content.index(b"moov") < content.index(b"mdat")


def test_a_proxy_is_never_larger_than_its_source_and_never_above_720_lines(media, tmp_path):
    from archive.media.filters import fitted

    assert fitted((1920, 1080)) == (1280, 720)
    assert fitted((1080, 1920)) == (720, 1280)
    assert fitted((2048, 858)) == (1280, 536)
    assert fitted((321, 181)) == (320, 180)
    assert fitted((3, 1)) == (4, 2)


def test_two_mono_tracks_become_left_and_right(proxy):
    (sound,) = [track for track in proxy("master.mxf")[1]["tracks"] if track["kind"] == "audio"]
    assert (sound["codec"], sound["channels"]) == ("aac", 2)


def test_without_sound_the_proxy_has_none_and_without_a_picture_it_is_sound(proxy):
    assert [track["kind"] for track in proxy("film.mov")[1]["tracks"]] == ["video"]
    path, known, made = proxy("voice.wav")
    assert [track["kind"] for track in known["tracks"]] == ["audio"]
    assert (path.suffix, made.content_type) == (".m4a", "audio/mp4")


@pytest.mark.parametrize("name", ["short.mp4", "short-anamorphic.mpg", "short-voice.wav"])
def test_of_a_truncated_file_is_used_what_is_there_and_that_is_said(proxy, name):
    _path, known, made = proxy(name)
    assert made.is_partial
    assert 0 < known["duration_ms"] < 700


def test_a_recording_that_does_not_say_how_long_it_lasts_is_used_to_its_end(media, tmp_path):
    """A stream without a container, longer than what is left where a length is known."""
    known = probe(media / "long.m2v")
    made = make_proxy(media / "long.m2v", known, tmp_path, nothing)
    assert "duration_ms" not in known
    assert made.facts["duration_ms"] == pytest.approx(24_000, abs=80)
    assert not made.is_partial


def test_a_preview_carries_words_and_the_running_timecode(proxy, media, tmp_path):
    path, _known, _made = proxy("levels.mp4")
    made = make_preview(path, tmp_path, nothing, text="РТС · PREVIEW", start_timecode="10:00:00:00")
    known = probe(tmp_path / made.names[0])
    assert (picture(known)["width"], picture(known)["height"]) == (160, 120)
    assert len(gray_levels(path)) == len(gray_levels(tmp_path / made.names[0])) == 25
    # Digits change from frame to frame; the label stays where it is.
    first, later = (gray_levels(tmp_path / made.names[0], where) for where in ("40:10:100:98", "100:20:40:12"))
    assert len(set(first)) > 1
    assert later[0] > gray_levels(path, "100:20:40:12")[0] + 10


def test_a_preview_of_sound_has_a_tone_over_it(proxy, tmp_path):
    path, _known, _made = proxy("silence.wav")
    made = make_preview(path, tmp_path, nothing, text="RTS", start_timecode="")
    heard = measure_loudness(tmp_path / made.names[0], probe(tmp_path / made.names[0]), nothing)
    assert float(heard[0]["true_peak_dbtp"]) > -25


def test_loudness_is_measured_for_every_track(media):
    found = measure_loudness(media / "master.mxf", probe(media / "master.mxf"), nothing)
    assert {place: values["loudness_lufs"] for place, values in found.items()} == {1: "-21.1", 2: "-21.1"}
    silence = measure_loudness(media / "silence.wav", probe(media / "silence.wav"), nothing)
    assert silence[0] == {"loudness_lufs": "-70.0", "loudness_range_lu": "0.0", "true_peak_dbtp": None}


def test_key_frames_show_each_shot(proxy, tmp_path):
    path, known, _made = proxy("cuts.mp4")
    made = make_key_frames(path, known, tmp_path, nothing)
    times = [frame["at_ms"] for frame in made.facts["frames"]]
    assert {0, 1000, 2000} <= set(times)
    assert times == sorted(times)
    image = MediaInfo.parse(tmp_path / "keyframes.jpg").image_tracks[0]
    columns, rows = made.facts["columns"], made.facts["rows"]
    assert (image.width, image.height) == (160 * columns, 90 * rows)


def test_a_sprite_has_a_track_that_says_which_part_is_when(proxy, tmp_path):
    path, known, _made = proxy("cuts.mp4")
    made = make_sprite(path, known, tmp_path, nothing)
    assert (made.facts["count"], made.facts["interval_ms"]) == (3, 1000)
    assert re.findall(r"(\S+) --> (\S+)\n(\S+)", (tmp_path / "sprite.vtt").read_text()) == [
        ("00:00:00.000", "00:00:01.000", "sprite.jpg#xywh=0,0,160,90"),
        ("00:00:01.000", "00:00:02.000", "sprite.jpg#xywh=160,0,160,90"),
        ("00:00:02.000", "00:00:03.000", "sprite.jpg#xywh=320,0,160,90"),
    ]
    image = MediaInfo.parse(tmp_path / "sprite.jpg").image_tracks[0]
    assert (image.width, image.height) == (480, 90)


@pytest.mark.parametrize("name", ["upright.mp4", "short-anamorphic.mpg"])
def test_a_recording_shorter_than_a_second_has_a_sprite_of_one(proxy, tmp_path, name):
    path, known, _made = proxy(name)
    assert make_sprite(path, known, tmp_path, nothing).facts["count"] == 1


def test_hls_parts_are_ranges_of_one_file_beside_the_playlist(proxy, tmp_path):
    path, known, _made = proxy("upright.mp4")
    folder = tmp_path / "hls"
    folder.mkdir()
    made = make_hls(path, known, folder, nothing)
    lines = (folder / "index.m3u8").read_text().splitlines()
    assert made.names == ("index.m3u8", "index.mp4")
    assert "#EXT-X-ENDLIST" in lines
    assert '#EXT-X-MAP:URI="index.mp4"' in "".join(line.partition(",")[0] for line in lines)
    ends = [sum(map(int, line.partition(":")[2].split("@"))) for line in lines if line.startswith("#EXT-X-BYTERANGE")]
    assert ends[-1] == (folder / "index.mp4").stat().st_size


@pytest.mark.parametrize(("name", "size"), [("still.tiff", (400, 300)), ("still.png", (400, 300))])
def test_a_still_has_a_poster(media, tmp_path, name, size):
    made = make_poster(media / name, probe(media / name, is_still=True), tmp_path, nothing, is_still=True)
    assert (made.facts["width"], made.facts["height"]) == size
    assert MediaInfo.parse(tmp_path / "poster.jpg").image_tracks[0].format == "JPEG"


def test_a_waveform_is_as_wide_for_a_moment_as_for_an_hour(media, tmp_path):
    made = make_waveform(media / "voice.wav", probe(media / "voice.wav"), tmp_path, nothing)
    image = MediaInfo.parse(tmp_path / "waveform.png").image_tracks[0]
    assert (image.width, image.height) == (made.facts["width"], made.facts["height"])


def test_nothing_can_be_made_where_there_is_neither_picture_nor_sound(media, tmp_path):
    with pytest.raises(MediaError) as refused:
        make_proxy(media / "voice.wav", {"format": "wav", "tracks": []}, tmp_path, nothing)
    assert refused.value.code == StepError.NOTHING_INSIDE
