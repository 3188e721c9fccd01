import re

import pytest

from mediaexchange.core.languages.catalogs.stores import OWN_CATALOGS
from mediaexchange.core.languages.folding import fold_kazakh
from mediaexchange.core.languages.kazakh_latin import kazakh_readings

# Cyrillic, the alphabet of 2021, and what is typed without its marks.
SPELLINGS = """
қазақстан qazaqstan kazakstan | үкімет ükimet ukimet | кітапхана kitaphana kitapkhana | халықаралық halyqaralyq |
жаңалық jañalyq zhanalyk | шымкент şymkent shymkent | тарих tarih tarikh | аймақ aimaq aymaq | мектеп mektep mektep
"""
WORD = re.compile("[a-zčćšđž]+")


@pytest.mark.parametrize("spellings", [entry.split() for entry in SPELLINGS.split("|")], ids=lambda entry: entry[1])
def test_kazakh_typed_in_latin_letters_leads_to_the_same_word(spellings: list[str]) -> None:
    word, *typed = spellings
    assert [fold_kazakh(word) in kazakh_readings(each) for each in typed] == [True] * len(typed)


@pytest.mark.parametrize(
    ("typed", "lemma"),
    [("mektepte", "мектеп"), ("prezidenttıñ", "президент"), ("toqaevtyñ", "токаев"), ("ükimetke", "укимет")],
)
def test_a_form_typed_in_latin_letters_leads_to_its_dictionary_form(typed: str, lemma: str) -> None:
    assert lemma in kazakh_readings(typed)


@pytest.mark.parametrize("word", ["", "cheque", "queen", "vučić", "вучич", "x1", "most", "nalazi", "taking", "the"])
def test_a_word_of_another_language_is_none_of_kazakh(word: str) -> None:
    assert kazakh_readings(word) == frozenset()


def test_of_english_and_serbian_words_few_are_taken_for_kazakh_and_those_mean_the_same() -> None:
    """Words that a desk may search for: they must not bring Kazakh stories of something else."""
    entries = OWN_CATALOGS.read("sr_Latn")
    words = {word for entry in entries for text in (entry.msgid, entry.msgstr) for word in WORD.findall(text.lower())}
    taken = {word for word in words if kazakh_readings(word)}
    assert {"radio", "sport", "institut", "platforma"} <= taken
    assert len(taken) < len(words) / 50, sorted(taken)
