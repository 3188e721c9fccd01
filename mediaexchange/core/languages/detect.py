"""The language of a text that nobody declared, by letters and by statistics. For the process that takes texts in.

lingua is imported when a text needs it, and its models (some 20 MB) stay: web processes never call this.
"""

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

from mediaexchange.core.languages.normalise import guess_language
from mediaexchange.core.languages.protect import prose

if TYPE_CHECKING:
    from lingua import LanguageDetector

LETTERS = 40  # a shorter text stays undetermined unless its letters prove the language
CONFIDENCE = 0.9
_EXAMINED = 2000  # characters; more would not say more

# No tool tells these three apart in Latin script.
_SERBIAN = frozenset(("sr", "hr", "bs"))
_ALPHABETS = {
    "sr": frozenset("абвгдђежзијклљмнњопрстћуфхцчџш"),
    "sr-latn": frozenset("abcčćdđefghijklmnoprsštuvzž"),
    "ru": frozenset("абвгдеёжзийклмнопрстуфхцчшщъыьэюя"),
    "kk": frozenset("аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя"),
    "en": frozenset("abcdefghijklmnopqrstuvwxyz"),
}
_OWN_LETTERS = 0.98  # of a text's letters; the rest are names
# The detector must choose among the languages it knows. A text in another one lacks the commonest words, or the letters
# that no neighbour has: Slovene has neither "i" nor "u", Kyrgyz none of these letters.
_SERBIAN_WORDS = "je na se da od za iz ne bi i u su sa će koji koja koje nije što ili kao"
_ENGLISH_WORDS = "the of and to in is for on with that was are by has from at"
_COMMON = {"sr-latn": frozenset(_SERBIAN_WORDS.split()), "en": frozenset(_ENGLISH_WORDS.split())}
_DISTINCT = {"sr-latn": frozenset(_SERBIAN_WORDS.split()[9:])}
_KAZAKH_LETTERS = frozenset("әғқұһі")
_WORD = re.compile(r"[^\W\d_]+")


def detect_language(text: str) -> str:
    """sr, sr-latn, kk, ru or en; "" for a text that is short, uncertain or in a language that is not stored.

    What distinctive letters prove is believed at once. Otherwise at least 40 letters are asked for, nearly all of them
    of the language's alphabet, and a confidence of 0.9. Croatian and Bosnian count as Serbian in Latin script: a feed
    that means them declares them.
    """
    guessed = guess_language(text)
    if guessed and guessed != "sr":
        return guessed
    words = [word.lower() for word in _WORD.findall(unicodedata.normalize("NFC", prose(text[:_EXAMINED])))]
    letters = "".join(words)
    if len(letters) < LETTERS or (guessed and not {"ђ", "ћ"}.isdisjoint(letters)):
        return guessed  # a longer text without these may still be Macedonian
    found = _most_likely(" ".join(words))
    if found in _SERBIAN:
        is_cyrillic = sum("\u0400" <= letter <= "\u052f" for letter in letters) * 2 > len(letters)
        found = "sr" if is_cyrillic else "sr-latn"
    alphabet = _ALPHABETS.get(found, frozenset())
    if sum(letter in alphabet for letter in letters) < _OWN_LETTERS * len(letters):
        return ""
    return found if _is_plausible(found, words) else ""


def _is_plausible(language: str, words: list[str]) -> bool:
    if language == "kk":
        return not _KAZAKH_LETTERS.isdisjoint("".join(words))
    if language not in _COMMON:
        return True
    distinct = _DISTINCT.get(language, _COMMON[language])
    return len(_COMMON[language].intersection(words)) > 1 and not distinct.isdisjoint(words)


def _most_likely(text: str) -> str:
    """ISO 639-1, or "" below the confidence; sr, hr and bs are one."""
    values = {
        value.language.iso_code_639_1.name.lower(): value.value
        for value in _detector().compute_language_confidence_values(text)
    }
    values["sr"] = sum(values.pop(code, 0.0) for code in _SERBIAN)
    best = max(values, key=lambda code: values[code])
    return best if values[best] >= CONFIDENCE else ""


@lru_cache(maxsize=1)
def _detector() -> "LanguageDetector":
    from lingua import Language, LanguageDetectorBuilder

    languages = (
        Language.SERBIAN, Language.CROATIAN, Language.BOSNIAN, Language.KAZAKH, Language.RUSSIAN, Language.ENGLISH,
        Language.MACEDONIAN, Language.BULGARIAN, Language.UKRAINIAN,
    )  # fmt: skip
    # Trigrams alone are as good as all five models for texts of this length, and take a tenth of their memory.
    return LanguageDetectorBuilder.from_languages(*languages).with_low_accuracy_mode().build()
