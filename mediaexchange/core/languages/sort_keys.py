"""Alphabetical order as a string: compare keys byte by byte (collation "C") and names stand as in a dictionary.

The server's collations are not asked: whether it has ICU, and in which version, changes nothing.
"""

import unicodedata
from functools import lru_cache

from mediaexchange.core.languages.serbian import to_latin
from mediaexchange.core.languages.serbian_words import split_at

_AZBUKA = "а б в г д ђ е ж з и ј к л љ м н њ о п р с т ћ у ф х ц ч џ ш"
_ABECEDA = "a b c č ć d dž đ e f g h i j k l lj m n nj o p q r s š t u v w x y z ž"
_ALPHABETS = {
    "sr": _AZBUKA,
    "sr-latn": _ABECEDA,
    "kk": "а ә б в г ғ д е ё ж з и й к қ л м н ң о ө п р с т у ұ ү ф х һ ц ч ш щ ъ ы і ь э ю я",
    "ru": "а б в г д е ж з и й к л м н о п р с т у ф х ц ч ш щ ъ ы ь э ю я",
}
_LATIN = "a b c d e f g h i j k l m n o p q r s t u v w x y z"
_CYRILLIC = (
    "а ә б в г ғ ґ д ђ ѓ е ё є ж з ѕ и і ї й ј к қ л љ м н ң њ о ө п р с т ћ ќ у ұ ү ў ф х һ ц ч џ ш щ ъ ы ь э ю я"
)
# Letters that are variants of others where the alphabet lacks them: they decide between names that are equal otherwise.
_VARIANTS = {"ё": "е", "đ": "d", "ł": "l", "ø": "o", "ı": "i", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"}
# One level ends below the space between words, a word below digits, digits below letters.
_LEVEL, _SPACE, _NUMBER, _OWN, _OTHER_LATIN, _OTHER_CYRILLIC, _OTHER = " ", "!", "0", "a", "b", "c", "d"
_FIRST = 0x30  # "0": weights of letters are printable ASCII


def sort_key(text: str, language: str) -> str:
    """ASCII whose bytewise order is the alphabetical order of `language`, a shown Django code (any other: as Latin).

    The language's own alphabet comes first, then Latin, Cyrillic and the rest by code point; numbers before letters and
    by their size; hyphens and other signs count as spaces. Accents count after letters, capitals last.
    """
    text = unicodedata.normalize("NFC", text)
    if language == "sr-latn":
        text = _abeceda(text)
    alphabet = _alphabet(language)
    letters: list[str] = []
    accents: list[str] = []
    capitals: list[str] = []
    position, length = 0, len(text)
    while position < length:
        character = text[position]
        if character.isdecimal():
            end = position
            while end < length and text[end].isdecimal():
                end += 1
            letters.append(_number(text[position:end]))
            position = end
            continue
        taken = 2 if language == "sr-latn" and text[position : position + 2].lower() in alphabet else 1
        spelled = text[position : position + taken]
        position += taken
        if not character.isalpha():
            if not unicodedata.combining(character) and letters and letters[-1] != _SPACE and character != _JOINT:
                letters.append(_SPACE)
            continue
        for weight, accent in _weights(spelled.lower(), language):
            letters.append(weight)
            accents.append(accent)
        capitals.append("1" if character.isupper() else "0")
    while letters and letters[-1] == _SPACE:
        letters.pop()
    return _LEVEL.join(("".join(letters), "".join(accents).rstrip("0"), "".join(capitals).rstrip("0"))).rstrip()


_JOINT = "\u200c"  # between the letters of a split pair: Tan|jug


def _abeceda(text: str) -> str:
    """Latin with the pairs that are no digraphs held apart, also when the text is still in Cyrillic."""
    words = []
    for word in text.split(" "):
        if any("\u0400" <= letter <= "\u04ff" for letter in word):
            for pair in ("нј", "дж", "лј"):
                at = word.lower().find(pair)
                if at >= 0:
                    word = f"{word[: at + 1]}{_JOINT}{word[at + 1 :]}"
            word = to_latin(word)
        elif (at := split_at(word.lower()) or -1) > 0:
            word = f"{word[:at]}{_JOINT}{word[at:]}"
        words.append(word)
    return " ".join(words)


@lru_cache(maxsize=16)
def _alphabet(language: str) -> dict[str, str]:
    """Letter → weight, two characters wide."""
    own = _ALPHABETS.get(language, _LATIN).split()
    return {letter: _OWN + chr(_FIRST + place) for place, letter in enumerate(own)}


def _others() -> dict[str, str]:
    table = {letter: _OTHER_LATIN + chr(_FIRST + place) for place, letter in enumerate(_LATIN.split())}
    return table | {letter: _OTHER_CYRILLIC + chr(_FIRST + place) for place, letter in enumerate(_CYRILLIC.split())}


_OTHERS = _others()


@lru_cache(maxsize=4096)
def _weights(letter: str, language: str) -> tuple[tuple[str, str], ...]:
    """Weight and accent of one lower-case letter, more of them for one like ß."""
    alphabet = _alphabet(language)
    if letter in alphabet:
        return ((alphabet[letter], "0"),)
    bare = _VARIANTS.get(letter) or _without_marks(letter)
    if all(part in alphabet for part in bare):
        return tuple((alphabet[part], "1") for part in bare)
    if letter in _OTHERS:
        return ((_OTHERS[letter], "0"),)
    if all(part in _OTHERS for part in bare):
        return tuple((_OTHERS[part], "1") for part in bare)
    return ((f"{_OTHER}{ord(letter[0]):06x}", "0"),)


def _without_marks(letter: str) -> str:
    return "".join(part for part in unicodedata.normalize("NFD", letter) if not unicodedata.combining(part))


def _number(digits: str) -> str:
    digits = str(int(digits[:90]))
    return f"{_NUMBER}{chr(_FIRST + min(len(digits), 70))}{digits}"
