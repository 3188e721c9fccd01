import unicodedata

import opentimelineio as otio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.formats.charset import UndecodableError
from archive.formats.cmx3600 import read_edl, write_edl
from archive.formats.otio import read_otio, write_otio
from archive.formats.shots import Footage, Shot
from archive.timecode import RATES, frames_of, may_drop
from mediaexchange.core.errors import DomainError

PAL = RATES[2]
NTSC = next(rate for rate in RATES if may_drop(rate))
_LETTERS = st.characters(categories=["L", "N"], include_characters=" -.,!?„“«»()әғқңөұүһі")
_TEXTS = st.text(_LETTERS, max_size=40).map(lambda text: " ".join(unicodedata.normalize("NFC", text).split()))
_TITLES = st.dictionaries(st.sampled_from(["sr", "kk", "ru", "en"]), _TEXTS.filter(bool), min_size=1)


@st.composite
def lists(draw):
    rate = draw(st.sampled_from(RATES))
    is_drop = draw(st.booleans()) and may_drop(rate)
    starts = draw(st.lists(st.integers(0, 200_000), min_size=1, max_size=6, unique=True))
    shots = tuple(
        Shot(start, start + draw(st.integers(1, 20_000)), rate, draw(_TEXTS), draw(_TITLES), draw(_TITLES))
        for start in starts
    )
    hour = frames_of("01:00:00:00", rate, is_drop=is_drop)
    return shots, Footage("Воз · Пойыз", rate, draw(st.sampled_from([0, hour])), is_drop)


@settings(max_examples=40)
@given(lists())
def test_an_edit_list_comes_back_exact_to_the_frame_with_kazakh_names(given):
    shots, footage = given
    read = read_edl(write_edl(shots, footage, language="kk"), footage)
    assert (read.shots, read.refused, read.name) == (shots, (), footage.name)


@settings(max_examples=40)
@given(lists())
def test_a_timeline_comes_back_exact_to_the_frame(given):
    shots, footage = given
    read = read_otio(write_otio(shots, footage), footage)
    assert (read.shots, read.refused, read.name) == (shots, (), footage.name)


def test_drop_frame_lists_are_right_around_full_minutes():
    footage = Footage("x", NTSC, 0, is_drop=True)
    written = write_edl([Shot(1799, 1801, NTSC)], footage).decode()
    assert "00:00:59;29 00:01:00;03" in written
    assert "FCM: DROP FRAME" in written
    bad = written.replace("00:01:00;03", "00:01:00;01")
    (refused,) = read_edl(bad.encode(), footage).refused
    assert (refused.code, refused.detail) == ("bad-timecode", "00:01:00;01")


def test_other_programs_lists_are_read_leniently_and_every_refused_event_is_listed():
    text = """TITLE: REEL ONE
FCM: NON-DROP FRAME

001  AX       V     C        00:00:01:00 00:00:02:00 01:00:00:00 01:00:01:00
* FROM CLIP NAME: Долазак
* LOC: 01:00:00:10 RED   ANNOUNCE
002  TAPE_2   AA/V  C        00:00:05:00 00:00:05:00 01:00:01:00 01:00:01:00
002  TAPE_3   AA/V  D    025 00:00:07:00 00:00:09:00 01:00:01:00 01:00:03:00
* FROM CLIP NAME: A
* TO CLIP NAME: B
M2   TAPE_3   012.5 00:00:07:00
003  BL       V     C        00:00:00:00 00:00:01:00 01:00:03:00 01:00:04:00
004  TAPE4    V     C        00:00:01:99 00:00:02:00 01:00:04:00 01:00:05:00
005  TAPE5    V     C        23:59:59:00 00:00:01:00 01:00:05:00 01:00:07:00
something else
006  AX       A     C        00:00:01:00 00:00:02:00 01:00:00:00 01:00:01:00
"""
    read = read_edl(text.encode("cp1251"), Footage("x", PAL))
    assert [(shot.in_frame, shot.out_frame, shot.reel) for shot in read.shots] == [
        (25, 50, ""), (175, 225, "TAPE_3"), (2_159_975, 2_160_025, "TAPE5"),
    ]  # fmt: skip
    assert read.shots[0].titles == {"": "Долазак"}
    assert "LOC: 01:00:00:10" in read.shots[0].descriptions[""]
    assert "M2" in read.shots[1].descriptions[""]
    assert [(refused.place, refused.code) for refused in read.refused] == [
        (12, "no-source"), (13, "bad-timecode"), (15, "unreadable"), (16, "same-again"),
    ]  # fmt: skip


def test_events_outside_of_the_footage_are_refused():
    footage = Footage("x", PAL, frames_of("10:00:00:00", PAL), length=100)
    inside, outside = Shot(0, 100, PAL), Shot(50, 101, PAL)
    read = read_edl(write_edl([inside, outside], footage), footage)
    assert (len(read.shots), [each.code for each in read.refused]) == (1, ["beyond-end"])
    early = read_edl(write_edl([inside], Footage("x", PAL, 0)), footage)
    assert [each.code for each in early.refused] == ["before-start"]


def test_bytes_that_are_no_text_are_refused():
    with pytest.raises(UndecodableError):
        read_edl(bytes(range(256)) * 20, Footage("x", PAL))


def test_a_foreign_timeline_is_read_by_its_media_with_its_markers():
    rate = 24000 / 1001
    time, span = otio.opentime.RationalTime, otio.opentime.TimeRange
    media = otio.schema.ExternalReference("file:///reel.mov", span(time(86_400, rate), time(24_000, rate)))
    clip = otio.schema.Clip("Arrival", media, span(time(86_500, rate), time(48, rate)))
    clip.markers.append(otio.schema.Marker("Guests", span(time(86_510, rate), time(10, rate))))
    clip.markers.append(otio.schema.Marker("Flag", span(time(86_505, rate), time(0, rate))))
    timeline = otio.schema.Timeline("Cut")
    timeline.tracks.append(otio.schema.Track(children=[clip, otio.schema.Gap(), otio.schema.Clip("Empty")]))
    read = read_otio(otio.adapters.write_to_string(timeline, "otio_json").encode(), Footage("x", PAL))
    assert [(shot.in_frame, shot.out_frame, shot.titles[""], str(shot.rate)) for shot in read.shots] == [
        (110, 120, "Guests", "24000/1001"), (100, 148, "Arrival", "24000/1001"),
    ]  # fmt: skip
    assert "Flag" in read.shots[1].descriptions[""]
    assert [(refused.place, refused.code) for refused in read.refused] == [(2, "no-range")]


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"null", b"[" * 500, b'{"OTIO_SCHEMA":"Nope.1"}', b"\xff\xfe"])
def test_what_is_no_timeline_is_refused(content):
    with pytest.raises(DomainError) as refusal:
        read_otio(content, Footage("x", PAL))
    assert refusal.value.code == "not-otio"


def test_an_exported_timeline_says_where_its_media_begin():
    footage = Footage("Воз", PAL, frames_of("10:00:00:00", PAL), length=5_000, url="https://archive.example/reel.mxf")
    written = otio.adapters.read_from_string(write_otio([Shot(5, 9, PAL, "R1", {"sr": "Воз"})], footage).decode())
    (clip,) = written.find_clips()
    assert clip.media_reference.target_url == footage.url
    assert otio.opentime.to_timecode(clip.media_reference.available_range.start_time) == "10:00:00:00"
    assert otio.opentime.to_timecode(clip.source_range.start_time) == "10:00:00:05"
    assert dict(clip.metadata["mediaexchange"]["titles"]) == {"sr": "Воз"}
