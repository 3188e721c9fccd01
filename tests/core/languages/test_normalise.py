import pytest

from mediaexchange.core.languages.normalise import guess_language, normalise_text


def test_text_is_composed_and_free_of_controls_and_invisible_characters() -> None:
    dirty = "\ufeffe\u0301\x00a\x07\u200bb\u00adc\u202ed\x85e\ud800f\tg\r\nh\ri\u2028j"
    assert normalise_text(dirty, "en") == "éabcd\nef\tg\nh\ni\nj"


def test_joiners_leave_words_but_stay_in_emoji() -> None:
    family = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
    assert normalise_text(f"re\u200cč {family}", "en") == f"reč {family}"


@pytest.mark.parametrize("language", ["sr", "sr-latn", "sr-Latn-RS"])
def test_serbian_is_stored_in_cyrillic(language: str) -> None:
    assert normalise_text("Njegova škola", language) == "Његова школа"


def test_kazakh_words_get_one_script() -> None:
    assert normalise_text("бiр", "kk-KZ") == "бір"


@pytest.mark.parametrize("language", ["en", "ru", "hr", "de", ""])
def test_other_languages_keep_their_letters(language: str) -> None:
    assert normalise_text("Njegova бiр", language) == "Njegova бiр"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Ђаци и Кућа", "sr"),
        ("Његов кључ је у џепу", "sr"),
        ("Đaci i kuća", "sr-latn"),
        ("Šta se desilo", "sr-latn"),
        ("Это был новый день", "ru"),
        ("Ұлттық музей", "kk"),
        ("Президент бірқатар мәселені талқылады", "kk"),
        ("Скопје", "sr"),
        ("Скопје и Битола во мај", ""),
        ("Ќе биде ѓавол", ""),
        ("Їжак є у лісі", ""),
        ("Ён быў у лесе", ""),
        ("Кыргыз тилиндеги өлкө", ""),
        ("Татар җыры һәм көй", ""),
        ("България е държава", ""),
        ("Москва", ""),
        ("Človek in žival so tukaj", ""),
        ("Příliš žluťoučký kůň", ""),
        ("Zażółć gęślą", ""),
        ("The minister said", ""),
        ("Đà Nẵng", ""),
        ("https://rts.rs/ђаци news", ""),
        ("Kuća и қала", ""),
        ("", ""),
    ],
)
def test_a_language_is_guessed_only_from_letters_that_prove_it(text: str, language: str) -> None:
    assert guess_language(text) == language
