import subprocess
from datetime import UTC, datetime
from shutil import which

import pytest

from newsexchange.models import Edition
from newsexchange.services.documents import document_of
from tests.factories import make_story
from tests.newsexchange.formats.stories import EVERYTHING

pytestmark = pytest.mark.django_db
NEEDS_POPPLER = pytest.mark.skipif(which("pdftotext") is None, reason="poppler-utils are not installed")


def sheet(story, language="en"):
    return document_of(story, "dopesheet-text", language).content.decode()


def words_of_pdf(story, language):
    content = document_of(story, "dopesheet-pdf", language).content
    assert content.startswith(b"%PDF-")
    return subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=content, capture_output=True, check=True
    ).stdout.decode()


def test_the_sheet_says_what_a_newsroom_must_know():
    text = sheet(make_story(embargoed_until=datetime(2127, 1, 2, 3, 4, tzinfo=UTC), **EVERYTHING))
    for said in (
        "A new library opens", "library-opening", "Radio Television of Serbia (public service media)", "Slika sledi.",
        "Must be credited: РТС", "Shot 2: ", "Not to be kept in an archive.", "At most 120 s.", "00:00:01.500",
        "A street", "Source: РТС", "Ана Анић", "Добро дошли!", "Welcome!", "https://example.org/a b.mp4",
        "Book lovers have a new reading room.",
    ):  # fmt: skip
        assert said in text


def test_an_embargo_is_told_in_the_origins_zone_and_in_utc():
    text = sheet(make_story(embargoed_until=datetime(2127, 1, 2, 3, 4, tzinfo=UTC)))
    embargo = next(line for line in text.splitlines() if line.startswith("! Embargo"))
    assert "04:04 (Europe/Belgrade)" in embargo
    assert "03:04 (UTC)" in embargo


def test_ai_and_stale_translations_are_warned_of():
    story = make_story()
    Edition.objects.filter(story=story, language="en").update(
        origin="machine", ai_use="translation", ai_label="Made by a machine", is_stale=True
    )
    warnings = [line for line in sheet(story).splitlines() if line.startswith("! ")]
    assert len(warnings) == 2
    assert "Made by a machine" in warnings[0]


def test_serbian_latin_is_latin_where_the_story_is_serbian():
    text = sheet(make_story(**EVERYTHING), "sr-latn")
    assert "Otvorena nova biblioteka" in text
    assert "Ulica" in text


def test_languages_are_named_and_an_unknown_one_keeps_its_tag():
    shots = [{"language": tag, "description": {"en": "A street"}} for tag in ("kk", "sr-Latn", "hu", "x-none", "")]
    lines = sheet(make_story(shots=shots))
    for said in ("Қазақша", "Srpski", "Magyar", "x-none", "Text also in: Српски"):
        assert said in lines


@NEEDS_POPPLER
@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("sr", ["Отворена нова библиотека", "Љубитељи"]),
        ("sr-latn", ["Otvorena nova biblioteka", "čitaonicu"]),
        ("kk", ["ә ғ қ ң ө ұ ү һ і", "Көше", "Қош келдіңіз!"]),
        ("ru", ["Открылась новая библиотека", "Вход свободный."]),
        ("en", ["A new library opens", "Welcome!"]),
    ],
)
def test_every_letter_of_every_language_is_on_paper(language, words):
    text = words_of_pdf(make_story(**EVERYTHING), language)
    assert [word for word in words if word not in text] == []


@NEEDS_POPPLER
def test_no_text_of_a_story_is_ever_markup_of_the_page():
    nasty = '#eval("1+1") *bold* $x^2$ #import "x.typ" \\ @ref <label> `code` // d'
    text = words_of_pdf(make_story(headline_en=nasty, slugline="#panic()", keywords=["= heading"]), "en")
    for part in (
        '#eval("1+1")',
        "*bold*",
        "$x^2$",
        '#import "x.typ"',
        "@ref",
        "`code`",
        "#panic()",
        "= heading",
    ):
        assert part in text
