"""One coarse key for a name in whatever script and spelling it was written.

The key is a skeleton of sounds, not a transliteration: what spellings disagree about (š or s, j or y, double letters,
the glide in -ия) is left out, but not where a name begins (Јана is not Ана). Names that differ in letters (Токаев,
Тоқаев) then meet; exonyms (Беч, Vienna) do not.
"""

import re
import unicodedata
from functools import lru_cache

_CYRILLIC = "абвгдежзиклмнопрстуфхцчшщыэ"
_CYRILLIC_KEYS = "a b v g d e z z i k l m n o p r s t u f h c c s sc i e"
_LETTERS = dict(zip(_CYRILLIC, _CYRILLIC_KEYS.split(), strict=True)) | {
    **dict.fromkeys("йјії", "i"), **dict.fromkeys("ьъ", ""), **dict.fromkeys("ђџѕ", "z"), **dict.fromkeys("ґғѓ", "g"),
    **dict.fromkeys("ұүў", "u"), **dict.fromkeys("қќ", "k"), **dict.fromkeys("ёє", "e"), **dict.fromkeys("ңњ", "n"),
    "ю": "u", "я": "a", "ћ": "c", "љ": "l", "ә": "a", "ө": "o", "һ": "h",
}  # fmt: skip
_CYRILLIC_TABLE = str.maketrans(_LETTERS)
_CYRILLIC_WORD = re.compile("[\u0400-\u052f]")
_WORD = re.compile(r"[^\W_]+")
_APOSTROPHES = re.compile("(?<=\\w)['’ʼʻ`](?=\\w)")

# Longer spellings before the shorter ones they hold: one pass, the first that fits.
_SPELLINGS = {
    "tsch": "c", "sch": "s", "tch": "c", "dzh": "z", "dž": "z", "dj": "z", "dz": "z", "đ": "z", "ð": "z", "zh": "z",
    "kh": "h", "gh": "g", "sh": "s", "ch": "c", "th": "t", "ph": "f", "ts": "c", "tzh": "tz", "cs": "c", "cz": "c",
    "sz": "s", "zs": "z", "lj": "l", "nj": "n", "ya": "a", "ja": "a", "yu": "u", "ju": "u", "yo": "o",
    "ye": "e", "je": "e", "oo": "u", "ee": "i", "x": "ks", "q": "k", "w": "v", "y": "i", "j": "i", "ı": "i", "ł": "l",
    "ø": "o", "ß": "s", "æ": "e", "ə": "a", "ɵ": "o",
}  # fmt: skip
# In Kazakh and Turkish Latin, and in English spellings of such names, j is ж; in Turkish c is џ.
_J_AS_ZH = {"j": "z", "dj": "z", "ja": "za", "ju": "zu", "je": "ze", "nj": "nz", "lj": "lz"}
_SPELLING = re.compile("|".join(sorted(_SPELLINGS, key=len, reverse=True)))
_EASTERN = re.compile("[qğıūñş]|(?<![aeiouäöüūı])y(?![aeiouäöüūı])")
_SERBIAN = re.compile("[čćšžđ]")
_TURKISH = re.compile("[ğış]")
_KAZAKH_LATIN = re.compile("[qñūä]")
_ENGLISH_K = re.compile("ck(?=$|[esy])|c(?=l)|(?<=[a-z])c(?=r)")
_MARKS = re.compile("[\u0300-\u036f]")
_REPEATED = re.compile(r"(.)\1+")
_GLIDE = re.compile("(?<!^)i+(?=[aeou])|^i+(?=e)|(?<=[aeou])i+")
_FIRST_GLIDE, _FIRST_Y = re.compile("^[yj](?=[aou])"), re.compile("^y(?=[aou])")
_W = re.compile("^u(?=[aeio])")
_FINAL_R = re.compile("(?<=[a-z]{3}[bdgkptvz])[ae]r$")  # Александар, Aleksandr, Alexander

_SOFT_OV = re.compile("(?<=[lcsz])ov(?=a?$)")  # Гумиљов, Гумилёв, Gumilev


@lru_cache(maxsize=32768)
def name_key(name: str) -> str:
    """Lower-case ASCII words in which spellings of one name meet: Вучић, Vučić, Vucic and Вучич give one key.

    Letters that are neither Latin nor Cyrillic stay. Equal keys mean "probably the same", near ones "perhaps".
    """
    name = _APOSTROPHES.sub("", unicodedata.normalize("NFC", name).lower().replace("i\u0307", "i"))
    reading = ""
    if not _SERBIAN.search(name):
        if _TURKISH.search(name) and not _KAZAKH_LATIN.search(name):
            reading = "tr"
        elif _EASTERN.search(name):
            reading = "kk"
    return " ".join(filter(None, (_word_key(word, reading) for word in _WORD.findall(name))))


@lru_cache(maxsize=32768)
def _word_key(word: str, reading: str) -> str:
    key = _from_cyrillic(word) if _CYRILLIC_WORD.search(word) else _from_latin(word, reading)
    key = _FINAL_R.sub("r", _REPEATED.sub(r"\1", _W.sub("v", key)))
    if len(key) > 3:
        key = _REPEATED.sub(r"\1", _GLIDE.sub("", key))
    return key[:-1] if key.endswith("ng") else _SOFT_OV.sub("ev", key)


def _from_cyrillic(word: str) -> str:
    if word[0] in "яю":  # Яна, Јана: not Ана
        word = "и" + word
    word = word.replace("дж", "џ").replace("дз", "ѕ").replace("цз", "ѕ").replace("тс", "ц")
    return _bare(word.translate(_CYRILLIC_TABLE))


def _from_latin(word: str, reading: str) -> str:
    if reading == "tr":
        word = re.sub("c(?!h)", "j", word)
    spellings = _SPELLINGS | _J_AS_ZH if reading else _SPELLINGS
    if word.startswith("x"):  # Xi, Xavier
        word = "s" + word[1:]
    word = _ENGLISH_K.sub("k", word)
    word = (_FIRST_Y if reading else _FIRST_GLIDE).sub("i", word)
    return _bare(_SPELLING.sub(lambda match: spellings[match.group()], word))


def _bare(word: str) -> str:
    return _MARKS.sub("", unicodedata.normalize("NFD", word))
