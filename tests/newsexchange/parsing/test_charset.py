import codecs

import pytest

from newsexchange.parsing.base import DocumentError, ReasonCode
from newsexchange.parsing.charset import decode_document
from newsexchange.parsing.registry import parse

RUSSIAN = "Привет, это короткая новость о погоде в Москве"
SERBIAN = "Ђорђе каже: ћемо видети шта ће бити с њом"
KAZAKH = "Қазақстан жаңалықтары: ауа райы өзгереді"
WESTERN = "Müller sagte “gut” – café"


def feed(text: str, declared: str = "") -> str:
    declaration = f'<?xml version="1.0" encoding="{declared}"?>\n' if declared else ""
    return f"{declaration}<rss><channel><item><title>{text}</title></item></channel></rss>"


def headline(payload: bytes, content_type: str = "") -> str:
    return parse(payload, content_type=content_type).entries[0].headline


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (RUSSIAN, "windows-1251"),
        (SERBIAN, "windows-1251"),
        (RUSSIAN, "koi8-r"),
        (RUSSIAN, "iso-8859-5"),
        (RUSSIAN, "cp866"),
        ("물가가 년 올랐다", "euc-kr"),
        ("联通公司的新闻", "gb2312"),
        ("日本のニュース", "shift_jis"),
        ("日本のニュース", "iso-2022-jp"),
        (KAZAKH, "utf-8"),
        (WESTERN, "windows-1252"),
    ],
)
def test_declared_and_announced_encodings_are_read(text, encoding):
    assert headline(feed(text, encoding).encode(encoding)) == text
    assert headline(feed(text).encode(encoding), f"application/rss+xml; charset={encoding}") == text


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("declared", ["", "utf-8", "utf-16", "u16"])
@pytest.mark.parametrize("with_mark", [True, False])
def test_wide_encodings_are_recognised_with_and_without_a_byte_order_mark(encoding, declared, with_mark):
    marks = {"utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE}
    marks |= {"utf-32-le": codecs.BOM_UTF32_LE, "utf-32-be": codecs.BOM_UTF32_BE}
    payload = (marks[encoding] if with_mark else b"") + feed(KAZAKH, declared).encode(encoding)
    assert headline(payload) == KAZAKH


def test_a_byte_order_mark_beats_every_label():
    payload = codecs.BOM_UTF8 + feed(RUSSIAN, "koi8-r").encode()
    assert headline(payload, "text/xml; charset=windows-1251") == RUSSIAN


def test_utf_8_labelled_as_a_single_byte_encoding_is_still_utf_8():
    assert headline(feed(SERBIAN, "ISO-8859-1").encode()) == SERBIAN
    assert headline(feed(SERBIAN, "utf-8").encode(), "text/xml; charset=iso-8859-1") == SERBIAN


def test_the_header_beats_the_declaration_when_the_text_is_not_utf_8():
    assert headline(feed(RUSSIAN, "koi8-r").encode("cp1251"), 'text/xml; charset="windows-1251"') == RUSSIAN


def test_latin_1_is_read_as_the_windows_encoding_that_it_usually_is():
    assert headline(feed(WESTERN, "iso-8859-1").encode("cp1252")) == WESTERN


@pytest.mark.parametrize(("text", "encoding"), [(WESTERN, "cp1252"), (RUSSIAN, "cp1251"), (RUSSIAN, "koi8-r")])
def test_a_false_label_is_seen_through(text, encoding):
    assert headline(feed(text, "utf-8").encode(encoding)) == text


@pytest.mark.parametrize("label", ["utf-7", "base64", "rot13", "unicode_escape", "idna", "no-such-thing", "utf-16"])
def test_a_label_that_cannot_be_true_is_ignored(label):
    assert headline(feed(KAZAKH, label).encode()) == KAZAKH


def test_text_that_contradicts_its_byte_order_mark_is_refused():
    with pytest.raises(DocumentError) as refused:
        decode_document(codecs.BOM_UTF8 + b"<rss>\xff</rss>", "")
    assert refused.value.reason == ReasonCode.BAD_ENCODING


def test_windows_punctuation_written_as_control_characters_is_restored():
    assert headline(feed("don&#146;t").encode()) == "don’t"


def test_hebrew_under_a_wrong_label_is_not_taken_for_cyrillic():
    text = (
        "<rss>ראש הממשלה הודיע היום כי הגשר החדש ייפתח לתנועה בשבוע הבא, ותושבי העיר שמחים על כך מאוד. העבודות נמשכו "
        "שלוש שנים, ועלותן הייתה גבוהה מן המתוכנן. נהגים רבים אמרו כי הם מקווים שהפקקים יתקצרו, ואילו השכנים "
        "חוששים מן הרעש שבא עם התנועה.</rss>"
    )
    assert decode_document(text.encode("cp1255"), "text/xml; charset=utf-8") == text
