import dataclasses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mediaexchange.core.languages import tags
from mediaexchange.core.languages.tags import SHOWN, STORED, negotiate, shown_language, stored_language, to_bcp47


def test_four_languages_are_stored_and_five_shown() -> None:
    assert STORED == ("sr", "kk", "ru", "en")
    assert SHOWN == ("sr", "sr-latn", "kk", "ru", "en")


@pytest.mark.parametrize("code", SHOWN)
def test_a_code_survives_the_way_to_bcp47_and_back(code: str) -> None:
    assert shown_language(to_bcp47(code)) == code
    assert shown_language(code) == code


def test_serbian_tags_name_their_script() -> None:
    assert [to_bcp47(code) for code in SHOWN] == ["sr-Cyrl", "sr-Latn", "kk", "ru", "en"]


def test_an_unknown_code_has_no_tag() -> None:
    with pytest.raises(KeyError):
        to_bcp47("de")


@pytest.mark.parametrize(
    ("tag", "shown", "stored"),
    [
        ("sr", "sr", "sr"),
        ("SR-LATN-rs", "sr-latn", "sr"),
        ("sr_Latn", "sr-latn", "sr"),
        ("sr-Cyrl-ME", "sr", "sr"),
        ("sr-ME", "sr-latn", "sr"),
        ("sr-ekavsk", "sr", "sr"),
        ("sr-x-latn", "sr", "sr"),
        ("srp", "sr", "sr"),
        ("sr-Arab", None, None),
        ("kk-KZ", "kk", "kk"),
        ("kaz-Cyrl", "kk", "kk"),
        ("kk-Latn", None, None),
        ("ru-RU", "ru", "ru"),
        ("en-GB-oed", "en", "en"),
        (" en ", "en", "en"),
        ("hr", None, None),
        ("de", None, None),
        ("", None, None),
        ("english language", None, None),
        ("*", None, None),
    ],
)
def test_a_tag_maps_to_the_language_and_script_it_names(tag: str, shown: str | None, stored: str | None) -> None:
    assert shown_language(tag) == shown
    assert stored_language(tag) == stored


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("sr-Latn-RS,sr;q=0.9", "sr-latn"),
        ("sr-Cyrl-BA", "sr"),
        ("sr", "sr"),
        ("sr-RS", "sr"),
        ("sr-ME", "sr-latn"),
        ("hr-HR,hr;q=0.9,en;q=0.8", "sr-latn"),
        ("bs", "sr-latn"),
        ("bs-Cyrl", "sr"),
        ("sh", "sr-latn"),
        ("cnr-ME", "sr-latn"),
        ("kk-KZ,ru;q=0.9", "kk"),
        ("kk-Latn", "kk"),
        ("ru;q=0.3, en;q=0.7, kk;q=0.5", "en"),
        ("en;q=0.5, ru;q=0.5", "en"),
        ("en;Q=0.5,ru;Q=0.501", "ru"),
        ("sr;q=0, en;q=0.1", "en"),
        ("sr;q=0", None),
        ("sr-Latn;q=0, sr", "sr"),
        ("sr-Cyrl;q=0, sr", "sr-latn"),
        ("sr;q=0, hr", None),
        ("sr;q=0, sr-Latn;q=0.4", "sr-latn"),
        ("en-GB;q=0, en", "en"),
        ("hr;q=0, sr-Latn", "sr-latn"),
        ("*", "en"),
        ("de, *;q=0.5", "en"),
        ("en;q=0, *", "sr"),
        ("*, ru;q=0.1", "en"),
        ("*;q=0, ru;q=0.1", "ru"),
        ("*;q=0", None),
        ("de, fr;q=0.8", None),
        ("", None),
        (",,;q=1,;;", None),
        ("ru;q=2, kk", "kk"),
        ("ru;q=, kk", "kk"),
        ("ru;q=0.1234, kk", "kk"),
        ("ru;q=0.5;q=1, kk", "kk"),
        ("ru;level=1, kk", "kk"),
        ("ru;q=-1, kk", "kk"),
        ("r*u, en-, -en, kk", "kk"),
        ("ru ; q=0.2 , \ten;q=0.1", "ru"),
        ("\x00\ud800, kk", "kk"),
    ],
)
def test_the_reader_gets_the_preferred_language(header: str, expected: str | None) -> None:
    assert negotiate(header) == expected


def test_members_beyond_the_length_limit_are_ignored() -> None:
    assert negotiate("de," * 300 + "kk," + "fr," * 30_000) == "kk"
    assert negotiate("de," * 400 + "kk") is None
    assert negotiate("k" * 100_000) is None


@settings(deadline=None)
@given(st.text(max_size=200) | st.text("srkken-,;q=0.*19 \t_Latn", max_size=200))
def test_no_header_makes_negotiation_fail(header: str) -> None:
    assert negotiate(header) in {None, *SHOWN}


def test_a_new_language_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    english = next(language for language in tags.LANGUAGES if language.code == "en")
    hungarian = dataclasses.replace(english, code="hu", language="hu", iso639_2="hun", stored_as="hu", tag="hu")
    monkeypatch.setattr(tags, "LANGUAGES", (*tags.LANGUAGES, hungarian))
    assert negotiate("hu-HU, en;q=0.5") == "hu"
    assert shown_language("hu-RS") == "hu"
