import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.formats.cues import Beyond, Cue, Run, SubtitleError
from archive.formats.subtitles import WRITTEN, in_latin, normalised, plain, read_subtitles, write_subtitles
from mediaexchange.core.errors import DomainError

_WORDS = st.text(st.characters(categories=["L", "N"], include_characters=".,!?-әғқңөұүһі&"), min_size=1, max_size=12)
_LINES = st.lists(_WORDS, min_size=1, max_size=4).map(" ".join)
_RUNS = st.builds(
    Run,
    st.lists(_LINES, min_size=1, max_size=2).map("\n".join),
    st.booleans(),
    st.booleans(),
    st.booleans(),
    st.sampled_from(["", "#ffff00", "#12ab34"]),
)


@st.composite
def cues(draw):
    found, at = [], 0
    for _number in range(draw(st.integers(1, 4))):
        at += draw(st.integers(1, 100_000))
        runs = draw(st.lists(_RUNS, min_size=1, max_size=3, unique_by=lambda run: run.style))
        found.append(
            Cue(at, at + draw(st.integers(1, 90_000)), tuple(runs), draw(st.sampled_from(["", "start", "end"])),
                draw(st.booleans()))
        )  # fmt: skip
    return tuple(found)


@pytest.mark.parametrize("format", WRITTEN)
@settings(max_examples=25)
@given(given_cues=cues())
def test_cues_and_their_styles_come_back_in_every_format(format, given_cues):
    written = write_subtitles(given_cues, format, language="kk")
    read = read_subtitles(written.content)
    assert (read.format, read.cues, written.lost) == (format, given_cues, frozenset())


SERBIAN = (Cue(1000, 2500, (Run("Ђорђе, њихов љубимац, џак и ћуп"),)),)
KAZAKH = (Cue(0, 10, (Run("Ән әуені, ғажап қаланың өңі, ұл мен үй, жиһаз, іс"),)),)


@pytest.mark.parametrize("charset", ["cp1251", "iso8859-5", "utf-16", "utf-8"])
@pytest.mark.parametrize("format", ["srt", "ttml"])
def test_serbian_cyrillic_survives_old_charsets_and_is_found_out(format, charset):
    content = write_subtitles(SERBIAN * 3, format, language="sr", charset=charset).content
    assert read_subtitles(content).cues == SERBIAN * 3


@pytest.mark.parametrize("charset", ["cp1251", "iso8859-5"])
def test_no_kazakh_letter_becomes_a_question_mark(charset):
    with pytest.raises(DomainError) as refusal:
        write_subtitles(KAZAKH, "srt", charset=charset)
    assert refusal.value.code == "letters-missing"
    missing = set("Әғқңөұүһі" if charset == "iso8859-5" else "Әғқңөұүһ") & set(refusal.value.details["letters"])
    assert {"ғ", "қ", "ң", "ө", "ұ", "ү", "һ"} <= missing
    assert read_subtitles(write_subtitles(KAZAKH, "srt", charset="utf-16").content).cues == KAZAKH


def test_serbian_latin_in_an_eastern_charset_is_not_taken_for_cyrillic():
    text = "1\n00:00:01,000 --> 00:00:02,000\nŠta je sa životom? Čekamo Đorđa, ćutimo i slušamo.\n"
    read = read_subtitles(text.encode("cp1250"))
    assert (read.charset, read.cues[0].text) == ("cp1250", "Šta je sa životom? Čekamo Đorđa, ćutimo i slušamo.")


def test_a_text_goes_into_one_script_as_a_whole():
    latin = (
        Cue(0, 1, (Run("Dobro došli, gospodine "), Run("Vučiću", is_bold=True))),
        Cue(1, 2, (Run("Njegoš i Ljubinje"),)),
    )
    stored = normalised(latin, "sr-Latn")
    assert [row[2] for row in plain(stored)] == ["Добро дошли, господине Вучићу", "Његош и Љубиње"]
    assert stored[0].runs[1].is_bold
    assert [row[2] for row in plain(in_latin(stored))] == ["Dobro došli, gospodine Vučiću", "Njegoš i Ljubinje"]


def test_what_a_format_cannot_carry_is_named():
    vtt = (
        "WEBVTT\n\nNOTE x\n\nSTYLE\n::cue(.mine) { color: #ff0000 }\n\nREGION\nid:a\n\n"
        "1\n00:01.000 --> 00:02.000 region:a size:50%\n<v Ана><c.mine>Здраво</c> <00:01.500>свима</v>\n"
    )
    read = read_subtitles(vtt.encode())
    assert read.beyond == {Beyond.NOTES, Beyond.REGIONS, Beyond.POSITION, Beyond.STEPS}
    assert read.cues[0].runs == (Run("Здраво", colour="#ff0000", voice="Ана"), Run(" свима", voice="Ана"))
    assert write_subtitles(read.cues, "vtt").lost == frozenset()
    assert write_subtitles(read.cues, "srt").lost == write_subtitles(read.cues, "ttml").lost == {Beyond.VOICE}


def test_srt_of_players_and_people_is_read_leniently():
    first = "0:00:01.5 --> 00:00:02,000 X1:0 X2:10\n{\\an8}<font color='yellow'>Бос</font> & <3\n"
    srt = f"\ufeff1\n{first}\n\n7\n00:00:03,000 --> 00:00:04,000\n12\n"
    read = read_subtitles(srt.encode("utf-8-sig"))
    first, second = read.cues
    assert (first.start_ms, first.is_top, first.text, second.text) == (1500, True, "Бос & <3", "12")
    assert first.runs[0].colour == "#ffff00"


def test_ttml_of_broadcasters_is_read_with_inherited_styles_and_times():
    ttml = """<?xml version="1.0" encoding="utf-8"?>
    <tt xmlns="http://www.w3.org/ns/ttml" xmlns:tts="http://www.w3.org/ns/ttml#styling" xml:lang="sr"
        xmlns:ttp="http://www.w3.org/ns/ttml#parameter" ttp:frameRate="25">
      <head><styling><style xml:id="s" tts:color="yellow"/></styling>
        <layout><region xml:id="r" tts:displayAlign="before" tts:textAlign="start"/></layout></head>
      <body begin="10s"><div style="s" region="r">
        <p begin="00:00:01:05" end="00:00:02.500">Први
           ред<br/><span tts:fontStyle="italic">други</span></p>
      </div></body></tt>"""
    (cue,) = read_subtitles(ttml.encode()).cues
    assert (cue.start_ms, cue.end_ms, cue.align, cue.is_top) == (11_200, 12_500, "start", True)
    assert cue.runs == (Run("Први ред\n", colour="#ffff00"), Run("други", is_italic=True, colour="#ffff00"))


def stl(text: bytes, *, table: bytes, start: bytes = b"10000000", rows=((10, 0, 1, 0), (10, 0, 3, 12)), comment=0):
    head = b"850STL25.01" + b"0" + table + b"24"
    head += b" " * (256 - len(head)) + start
    head = head.ljust(1024, b" ")
    head = head[:238] + b"00001" + b"00001" + head[248:]
    block = struct.pack("<BHBB4B4BBBB", 0, 1, 0xFF, 0, *rows[0], *rows[1], 20, 2, comment)
    return head + block + text.ljust(112, b"\x8f")


def test_ebu_stl_is_read_by_its_code_tables_and_programme_start():
    read = read_subtitles(stl("Добро дошли".encode("iso8859-5") + b"\x8a" + "у град".encode("iso8859-5"), table=b"01"))
    (cue,) = read.cues
    assert (read.format, cue.start_ms, cue.end_ms, cue.text) == ("stl", 1000, 3480, "Добро дошли\nу град")
    latin = read_subtitles(stl(b"Dobro do\xcfsli", table=b"00"))  # a floating caron: ISO 6937
    assert latin.cues[0].text == "Dobro došli"
    early = read_subtitles(stl(b"x", table=b"00", rows=((0, 0, 1, 0), (0, 0, 2, 0))))
    assert early.cues[0].start_ms == 1000


def test_ebu_stl_that_is_cut_off_or_says_nothing_is_refused():
    whole = stl(b"Dobro", table=b"00")
    for content, code in ((whole[:-10], "malformed"), (whole[:1024], "no-text"), (b"850STL25.01", "not-this-format")):
        with pytest.raises(SubtitleError) as refusal:
            read_subtitles(content)
        assert refusal.value.code == code
    with pytest.raises(SubtitleError):
        read_subtitles(stl(b"note to self", table=b"00", comment=1))


@pytest.mark.parametrize(
    "said",
    [
        f"x{' ' * 500_000}y",
        f"x<1{'.1' * 250_000}",
        f"x<c{' ' * 500_000}<",
        f"x<font color={' ' * 500_000}>",
    ],
    ids=["blanks", "moment", "annotation", "colour"],
)  # fmt: skip
@pytest.mark.parametrize("opening", ["WEBVTT\n\n00:01.000 --> 00:02.000", "1\n00:00:01,000 --> 00:00:02,000"])
def test_no_small_file_of_text_takes_minutes_to_read(opening, said):
    assert read_subtitles(f"{opening}\n{said}\n".encode()).cues[0].text.startswith("x")


def test_a_style_that_never_closes_takes_no_minutes():
    content = f"WEBVTT\n\nSTYLE\n::cue(.a) {{ color: red{' ' * 500_000}\n\n00:01.000 --> 00:02.000\nx\n"
    assert read_subtitles(content.encode()).beyond == {Beyond.STYLESHEET}


def test_a_cue_of_thousands_of_runs_is_refused():
    content = f"WEBVTT\n\n00:01.000 --> 00:02.000\n{'<b>x</b>y' * 2_000}\n"
    with pytest.raises(SubtitleError) as refusal:
        read_subtitles(content.encode())
    assert refusal.value.code == "too-large"


def spans(count, end):
    return "".join(f"<span begin='{at}s' end='{end or at + 1}s'>x</span>" for at in range(count)).encode()


def test_a_paragraph_of_many_moments_is_read_once_through_and_refused_if_they_pile_up():
    read = read_subtitles(TTML.replace(b"x</p>", spans(20_000, None) + b"</p>"))
    assert [(cue.start_ms, cue.text) for cue in read.cues] == [(at * 1000, "x") for at in range(20_000)]
    with pytest.raises(SubtitleError) as refusal:
        read_subtitles(TTML.replace(b"x</p>", spans(1_900, 9_999) * 3 + b"</p>"))
    assert refusal.value.code == "too-large"


TTML = b"<tt xmlns='http://www.w3.org/ns/ttml'><body><div><p>x</p></div></body></tt>"


@pytest.mark.parametrize(
    ("content", "code", "line"),
    [
        (b"", "no-text", None),
        (b"\x00\x01\x02\x03", "not-this-format", 1),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF\x00", "charset-unknown", None),
        (b"words\n", "not-this-format", 1),
        (b"1\n00:00:01,000 --> 00:00:00,500\nx\n", "no-length", 2),
        (b"1\n00:00:01,000 --> 00:00:02,000\nx\n\n2\n00:00:0A,000 --> 00:00:04,000\ny\n", "bad-time", 6),
        (b"WEBVTT\n\n00:01 --> 00:02\nx\n", "bad-time", 3),
        (b"WEBVTT\n\nsome\nlines\n", "bad-time", 4),
        (b"<tt", "malformed", 1),
        (b"<html/>", "not-this-format", None),
        (b"<!DOCTYPE tt [<!ENTITY a 'b'>]><tt/>", "doctype", None),
        (TTML, "no-end", None),
        (TTML.replace(b"<p>", b"<p begin='?' end='2s'>"), "malformed", None),
    ],
)  # fmt: skip
def test_rubbish_is_refused_with_its_reason_and_line(content, code, line):
    with pytest.raises(SubtitleError) as refusal:
        read_subtitles(content)
    assert (refusal.value.code, refusal.value.details["line"]) == (code, line)
