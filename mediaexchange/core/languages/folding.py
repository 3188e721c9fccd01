"""Spellings without diacritics, as people type them; the same for what is indexed and for what is asked."""

import re
import unicodedata

_CYRILLIC = "абвгдђежзијклљмнњопрстћуфхцчџш"
_ASCII = "a b v g d dj e z z i j k l lj m n nj o p r s t c u f h c c dz s"
# Other Cyrillic gets ASCII letters too: names of neighbours stand in Serbian text in their own spelling.
_FOREIGN = "ёйщъыьэюяіїєґўѓќѕәғқңөұүһ"
_FOREIGN_ASCII = "e j sc _ i _ e ju ja i i e g u g k dz a g k n o u u h"
_LATIN = {
    "đ": "dj",
    "ð": "dj",
    "ł": "l",
    "ø": "o",
    "ı": "i",
    "ß": "ss",
    "æ": "ae",
    "œ": "oe",
    "þ": "th",
    "ə": "a",
    "ɵ": "o",
}
_PAIRS = zip(_CYRILLIC + _FOREIGN, f"{_ASCII} {_FOREIGN_ASCII}".split(), strict=True)
_TABLE = str.maketrans({letter: spelling.strip("_") for letter, spelling in _PAIRS} | _LATIN)
_MARKS = re.compile("[\u0300-\u036f]")

# What a Russian keyboard offers in place of each letter that only Kazakh has.
_KAZAKH = str.maketrans("әғқңөұүһі", "агкноуухи")


def fold(text: str) -> str:
    """Lower-case ASCII for Serbian in either script: č ć → c, š → s, ž → z, đ → dj, dž → dz; other diacritics go.

    Letters of scripts other than Latin and Cyrillic stay. Safe to repeat.
    """
    if text.isascii():
        return text.lower()
    text = unicodedata.normalize("NFKC", text).lower().translate(_TABLE)
    if text.isascii():
        return text
    return _MARKS.sub("", unicodedata.normalize("NFD", text)).translate(_TABLE)  # a stressed Cyrillic vowel is bare now


def fold_kazakh(text: str) -> str:
    """Lower-case Kazakh with Russian keyboard letters alone: Қазақстан → казакстан. Safe to repeat."""
    return unicodedata.normalize("NFC", text).lower().translate(_KAZAKH)
