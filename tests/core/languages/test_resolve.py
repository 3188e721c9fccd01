import pytest

from mediaexchange.core.languages.resolve import FALLBACKS, Resolved, resolve
from mediaexchange.core.languages.tags import SHOWN, STORED

TITLES = {"sr": "Његов концерт", "kk": "Концерт", "ru": "Его концерт", "en": "His concert"}


@pytest.mark.parametrize(
    ("wanted", "text"),
    [
        ("sr", "Његов концерт"),
        ("sr-latn", "Njegov koncert"),
        ("kk", "Концерт"),
        ("ru", "Его концерт"),
        ("en", "His concert"),
    ],
)
def test_the_wanted_language_is_given_when_it_has_a_text(wanted: str, text: str) -> None:
    assert resolve(TITLES, wanted) == Resolved(text, wanted)


def test_a_russian_fallback_is_not_turned_into_latin() -> None:
    assert resolve({"sr": "", "ru": "Его концерт"}, "sr-latn") == Resolved("Его концерт", "ru")


def test_a_serbian_fallback_is_given_in_cyrillic_to_others() -> None:
    assert resolve({"sr": "Његов концерт"}, "kk") == Resolved("Његов концерт", "sr")


def test_a_kazakh_reader_is_offered_russian_before_english() -> None:
    assert resolve({"ru": "Его концерт", "en": "His concert"}, "kk").language == "ru"
    assert resolve({"ru": "Его концерт", "en": "His concert"}, "sr").language == "en"


def test_blank_and_missing_texts_are_passed_over() -> None:
    assert resolve({"sr": " \n", "en": None, "kk": "Концерт"}, "sr") == Resolved("Концерт", "kk")
    assert resolve({}, "sr-latn") == Resolved("", "")


def test_any_tag_may_be_wanted_and_an_unknown_one_means_the_default() -> None:
    assert resolve(TITLES, "sr-Latn-RS").language == "sr-latn"
    assert resolve(TITLES, "de").language == "en"


@pytest.mark.parametrize("wanted", SHOWN)
def test_every_stored_language_is_a_fallback_of_every_shown_one(wanted: str) -> None:
    own = "sr" if wanted == "sr-latn" else wanted
    assert sorted(FALLBACKS[wanted]) == sorted(set(STORED) - {own})
