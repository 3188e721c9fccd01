"""Kazakh as it is typed in Latin letters: the alphabet of 2021, and what people make of it on an English keyboard.

Only for questions. What comes out has the letters of a Russian keyboard (`folding.fold_kazakh`), for which an index of
Kazakh holds every lexeme too: there q and k, or u, ū and ü, are one letter, so that few readings are left.
"""

import re
import unicodedata
from functools import lru_cache

from mediaexchange.core.languages.kazakh_stems import from_russian_keyboard

_SINGLE = dict(zip("abdefghijklmnopqrstuvwxz", "абдефгхижклмнопкрстувухз", strict=True)) | {
    "ä": "а", "ğ": "г", "ı": "и", "ñ": "н", "ö": "о", "ş": "ш", "ū": "у", "ü": "у", "ç": "ч",
}  # fmt: skip
_SEVERAL = {
    "shch": "щ",
    "sh": "ш",
    "ch": "ч",
    "zh": "ж",
    "kh": "х",
    "gh": "г",
    "ng": "н",
    "ts": "ц",
    "ya": "я",
    "yu": "ю",
}
_PIECE = re.compile("|".join([*sorted(_SEVERAL, key=len, reverse=True), "."]))
_KAZAKH_LETTER = re.compile("[äğñöşūüı]|q(?!u)")  # qu is English and Spanish as well
_WORD = re.compile("(?:[abd-zäğıñöşūüç]|ch)+")
_VOWELS = "аеиоуыюя"
_SHORTEST = 5  # letters of a stem without a letter that is Kazakh: shorter ones are mostly words of another language


@lru_cache(maxsize=8192)
def kazakh_readings(word: str) -> frozenset[str]:
    """Lexemes under which a lower-case word may be found in Kazakh texts, in letters of a Russian keyboard.

    Empty for what is not believed to be Kazakh: a word without a letter of the new alphabet counts only if it leads to
    a listed one that is long enough not to be met by chance.
    """
    word = unicodedata.normalize("NFC", word.replace("i\u0307", "i"))
    if not _WORD.fullmatch(word):
        return frozenset()
    cyrillic = _transliterated(word)
    known = from_russian_keyboard(cyrillic)
    if _KAZAKH_LETTER.search(word):
        return known | {cyrillic}
    return frozenset(stem for stem in known if len(stem) >= _SHORTEST)


def _transliterated(word: str) -> str:
    letters = ""
    for piece in _PIECE.findall(word):
        after_vowel = letters[-1:] in _VOWELS and bool(letters)
        if piece in ("i", "y") and after_vowel and letters[-1] != "и":
            letters += "й"
        elif piece == "y":
            letters += "ы"
        else:
            letters += _SEVERAL.get(piece) or _SINGLE[piece]
    return letters
