"""One coarse key for a name in whatever script and spelling it was written."""

import re
import unicodedata
from functools import lru_cache

_CYRILLIC = "абвгдежзиклмнопрстуфхцчшщыэ"
_CYRILLIC_KEYS = "a b v g d e z z i k l m n o p r s t u f h c c s s i e"
_LETTERS = dict(zip(_CYRILLIC, _CYRILLIC_KEYS.split(), strict=True)) | {
    **dict.fromkeys("йјії", "i"), **dict.fromkeys("ьъ", ""), **dict.fromkeys("ђџѕ", "dz"), **dict.fromkeys("ґғѓ", "g"),
    **dict.fromkeys("ұүў", "u"), **dict.fromkeys("қќ", "k"), **dict.fromkeys("ёє", "e"), **dict.fromkeys("ңњ", "n"),
    "ю": "u", "я": "a", "ћ": "c", "љ": "l", "ә": "a", "ө": "o", "һ": "h",
}  # fmt: skip
_CYRILLIC_TABLE = str.maketrans(_LETTERS)
_CYRILLIC_WORD = re.compile("[\u0400-\u052f]")
_WORD = re.compile(r"[^\W_]+")

# In order: longer spellings before the shorter ones they hold.
_SPELLINGS = (
    ("sch", "s"), ("tch", "c"), ("dzh", "dz"), ("dž", "dz"), ("dj", "dz"), ("đ", "dz"), ("zh", "z"), ("kh", "h"),
    ("gh", "g"), ("sh", "s"), ("ch", "c"), ("ts", "c"), ("lj", "l"), ("nj", "n"), ("ya", "a"), ("ja", "a"), ("yu", "u"),
    ("ju", "u"), ("yo", "o"), ("ye", "e"), ("je", "e"), ("x", "ks"), ("q", "k"), ("w", "v"), ("ph", "f"), ("ck", "k"),
    ("ı", "i"), ("ł", "l"), ("ø", "o"), ("ß", "s"), ("æ", "e"), ("ə", "a"),
)  # fmt: skip
_ENDINGS = (("ng", "n"), ("iy", "i"), ("ij", "i"), ("yy", "i"))
_MARKS = re.compile("[\u0300-\u036f]")
_REPEATED = re.compile(r"(.)\1+")
_GLIDE = re.compile("i(?=[aeou])|(?<=[aeou])i")


def name_key(name: str) -> str:
    """Lower-case ASCII words in which spellings of one name meet: Вучић, Vučić, Vucic and Вучич give one key."""
    words = _WORD.findall(unicodedata.normalize("NFC", name).lower())
    return " ".join(filter(None, map(_word_key, words)))


@lru_cache(maxsize=65536)
def _word_key(word: str) -> str:
    key = _from_cyrillic(word) if _CYRILLIC_WORD.search(word) else _from_latin(word)
    if len(key) > 3:
        key = _GLIDE.sub("", key)
    return _REPEATED.sub(r"\1", key)


def _from_cyrillic(word: str) -> str:
    return word.replace("дж", "џ").translate(_CYRILLIC_TABLE)


def _from_latin(word: str) -> str:
    for ending, letters in _ENDINGS:
        if word.endswith(ending):
            word = word[: -len(ending)] + letters
    for spelling, letters in _SPELLINGS:
        word = word.replace(spelling, letters)
    word = _MARKS.sub("", unicodedata.normalize("NFD", word))
    return word.replace("y", "i").replace("j", "i")
