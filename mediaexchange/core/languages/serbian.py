"""Serbian Cyrillic and Latin: a table one way; the other way protection, split digraphs and then a table."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from mediaexchange.core.languages.protect import convert_outside, decode_letters, prose
from mediaexchange.core.languages.serbian_words import DEFAULT_KEEP, reads_as_english, split_at

_CYRILLIC = "абвгдђежзијклљмнњопрстћуфхцчџш"
_LATIN = "a b v g d đ e ž z i j k l lj m n nj o p r s t ć u f h c č dž š"
_PAIRS = dict(zip(_CYRILLIC, _LATIN.split(), strict=True))
_COMPOSED = dict(zip("ǆǅǄǉǈǇǌǋǊ", ("dž", "Dž", "DŽ", "lj", "Lj", "LJ", "nj", "Nj", "NJ"), strict=True))

_TO_LATIN = str.maketrans(
    _PAIRS
    | {c.upper(): latin.capitalize() for c, latin in _PAIRS.items()}
    | {"ѐ": "è", "ѝ": "ì", "Ѐ": "È", "Ѝ": "Ì"}  # stressed vowels that Unicode composes
    | _COMPOSED,
)
_TO_CYRILLIC = str.maketrans(
    {latin: c for c, latin in _PAIRS.items() if len(latin) == 1}
    | {latin.upper(): c.upper() for c, latin in _PAIRS.items() if len(latin) == 1}
    | {"ð": "ђ", "Ð": "Ђ"},  # eth, a frequent mistyping of đ
)
_DIGRAPHS = {
    spelling: c if spelling.islower() else c.upper()
    for latin, c in (("lj", "љ"), ("nj", "њ"), ("dž", "џ"))
    for spelling in (latin, latin.capitalize(), latin.upper())
}
_LETTERS = frozenset(_CYRILLIC + _CYRILLIC.upper() + _LATIN + _LATIN.upper()) - {" "}

_UPPER = "A-ZČĆŠŽĐЀ-Я"
_CAPITAL_DIGRAPH = re.compile("[ЉЊЏ]")
_IN_CAPITALS = re.compile(rf"[ЉЊЏ](?=[\u0300-\u036f]*[{_UPPER}])|(?<=[{_UPPER}])[ЉЊЏ](?![^\W\d_])")
_ALONE = re.compile(r"(?<!\w)[ЉЊЏ](?![\w.])")
_FOREIGN_CYRILLIC = re.compile(
    r"[\u0401\u0403-\u0405\u0407\u040c\u040e\u0419\u0429-\u042f\u0439\u0449-\u044f\u0451"
    r"\u0453-\u0455\u0457\u045c\u045e\u0460-\u052f\u0406\u0456]"
)
_CYRILLIC_WORD = re.compile(r"[\u0400-\u052f]+")
_LATIN_WORD = "[A-Za-z\u00c0-\u024f\u0300-\u036f\u1e00-\u1eff]+"
_LATIN_WORDS = re.compile(_LATIN_WORD)
_LATIN_LETTER = re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")
_COMPOUND = re.compile(f"{_LATIN_WORD}(?:['’-]{_LATIN_WORD})*")
_FOREIGN_LATIN = re.compile("[^A-PR-VZa-pr-vzČčĆćŠšŽžĐđÐð'’-]|[a-zčćšđ][a-ik-zčćšđ][A-Z]")  # also JavaScript, OpenAI
_DIGRAPH = re.compile("|".join(_DIGRAPHS))
_WORD = re.compile(r"[^\W\d_]+")
_ROMAN = re.compile("M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})")
_ENDING = re.compile("(?:a|u|om|em|e|i|ov[aeiu]?|ovog|ovom|ovim|ovih)")


@dataclass(frozen=True, slots=True)
class _Keep:
    capitals: frozenset[str]
    names: frozenset[str]
    phrases: re.Pattern[str] | None

    def holds(self, word: str) -> bool:
        if word in self.capitals:
            return True
        lower = word.lower()
        if lower in self.names:
            return True
        return any(
            lower[:-cut] in self.names and len(lower) - cut >= 5 and _ENDING.fullmatch(lower[-cut:]) is not None
            for cut in range(1, min(5, len(lower)))
        )


def to_latin(text: str) -> str:
    """Serbian Cyrillic as Latin; markup, addresses and words with non-Serbian Cyrillic letters stay as they are."""
    return convert_outside(decode_letters(text, _LETTERS), _latin_segment)


def to_cyrillic(text: str, keep: frozenset[str] = DEFAULT_KEEP) -> str:
    """Serbian Latin as Cyrillic; spans, Roman numerals, `keep` and words with letters Serbian lacks stay Latin."""
    rules = _keep_rules(keep)
    return _outside_phrases(
        decode_letters(text, _LETTERS),
        rules,
        lambda segment: _COMPOUND.sub(lambda match: _cyrillic_compound(match, rules), _compose(segment)),
    )


def script_of(text: str, keep: frozenset[str] = DEFAULT_KEEP) -> Literal["Cyrl", "Latn", ""]:
    """The script of most letters that a conversion could change; "" for a tie or a text without letters."""
    return script_of_letters(*count_letters(text, keep))


def script_of_letters(cyrillic: int, latin: int) -> Literal["Cyrl", "Latn", ""]:
    """The same of letters that were counted."""
    if cyrillic == latin:
        return ""
    return "Cyrl" if cyrillic > latin else "Latn"


def is_predominantly_latin(text: str, keep: frozenset[str] = DEFAULT_KEEP) -> bool:
    """Whether Latin letters outnumber Cyrillic ones two to one: less is Cyrillic text that quotes Latin names."""
    cyrillic, latin = count_letters(text, keep)
    return latin > 2 * cyrillic


def master_text(text: str, keep: frozenset[str] = DEFAULT_KEEP, *, letters: tuple[int, int] | None = None) -> str:
    """What the Cyrillic master column stores: predominantly Latin text converted, any other text as it was typed.

    English that arrived under a Serbian label stays readable English. ``letters`` are those of the text if the caller
    has counted them.
    """
    cyrillic, latin = letters or count_letters(text, keep)
    if latin <= 2 * cyrillic or reads_as_english(prose(text)):
        return text
    return to_cyrillic(text, keep)


def _compose(segment: str) -> str:
    segment = unicodedata.normalize("NFC", segment)
    for character, letters in _COMPOSED.items():
        segment = segment.replace(character, letters)
    return segment


def _latin_segment(segment: str) -> str:
    segment = unicodedata.normalize("NFC", segment)
    if _FOREIGN_CYRILLIC.search(segment):
        return _CYRILLIC_WORD.sub(_latin_word, segment)
    return unicodedata.normalize("NFC", _spell_capitals(segment).translate(_TO_LATIN))


def _latin_word(match: re.Match[str]) -> str:
    word = match.group()
    return word if _FOREIGN_CYRILLIC.search(word) else _spell_capitals(word).translate(_TO_LATIN)


def _spell_capitals(segment: str) -> str:
    """Write Љ Њ Џ inside runs of capitals as LJ NJ DŽ; the table writes the remaining ones as Lj Nj Dž."""
    if not _CAPITAL_DIGRAPH.search(segment):
        return segment
    segment = _ALONE.sub(_spell_alone, segment)
    return _IN_CAPITALS.sub(lambda match: _PAIRS[match.group().lower()].upper(), segment)


def _spell_alone(match: re.Match[str]) -> str:
    letter = match.group()
    return _PAIRS[letter.lower()].upper() if _among_capitals(match) else letter


def _among_capitals(match: re.Match[str]) -> bool:
    """Whether the nearest longer word on the same line, first to the left, is all capitals and no Roman numeral."""
    text = match.string
    line_start = text.rfind("\n", 0, match.start()) + 1
    line_end = text.find("\n", match.end())
    before = text[max(line_start, match.start() - 80) : match.start()]
    after = text[match.end() : min(line_end if line_end >= 0 else len(text), match.end() + 80)]
    for word in (*reversed(_WORD.findall(before)), *_WORD.findall(after)):
        if len(word) > 1:
            return word.isupper() and not _is_roman(word)
    return False


@lru_cache(maxsize=8)
def _keep_rules(keep: frozenset[str]) -> _Keep:
    words = {entry for entry in keep if _WORD.fullmatch(entry)}
    capitals = frozenset(word for word in words if word.isupper())
    phrases = sorted(keep - words, key=len, reverse=True)
    return _Keep(
        capitals=capitals,
        names=frozenset(word.lower() for word in words - capitals),
        phrases=re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, phrases))})(?!\w)") if phrases else None,
    )


def _outside_phrases(text: str, rules: _Keep, convert: Callable[[str], str]) -> str:
    phrases = rules.phrases
    if phrases is None:
        return convert_outside(text, convert)

    def around_phrases(segment: str) -> str:
        parts: list[str] = []
        position = 0
        for match in phrases.finditer(segment):
            parts += (convert(segment[position : match.start()]), match.group())
            position = match.end()
        parts.append(convert(segment[position:]))
        return "".join(parts)

    return convert_outside(text, around_phrases)


def _cyrillic_compound(match: re.Match[str], rules: _Keep) -> str:
    compound = match.group()
    if match.string[match.start() - 1 : match.start()] == "°":  # degrees: °C
        return compound
    if compound in ("I", "V", "VI"):
        return compound if _is_numeral_here(match) else _transliterate(compound)
    if "-" not in compound:
        return compound if rules.holds(compound) else _cyrillic_word(compound)
    parts = compound.split("-")
    # Wi-Fi stays whole, while an ending such as that of YouTube-a or BBC-jem is Serbian.
    foreign = any(_FOREIGN_LATIN.search(part) for part in parts)
    return "-".join(
        part if (foreign and part[:1].isupper()) or rules.holds(part) else _cyrillic_word(part) for part in parts
    )


def _is_numeral_here(match: re.Match[str]) -> bool:
    """Tell the numerals I, V, VI from the words i, vi in capitals and from the initial V."""
    if match.group() == "I":
        return re.search(r"[a-zčćšžđ] $", match.string[: match.start()][-2:]) is not None
    if match.group() == "V" and match.string[match.end() : match.end() + 1] == ".":
        return False
    return not _among_capitals(match)


def _is_roman(word: str) -> bool:
    """Shorter numerals with L, C, D or M are not believed: LI, MI, DI, DIV and LIV are words."""
    return len(word) > 1 and (len(word) > 3 or set(word) <= {"I", "V"}) and _ROMAN.fullmatch(word) is not None


@lru_cache(maxsize=16384)
def _cyrillic_word(word: str) -> str:
    if _FOREIGN_LATIN.search(word) or _is_roman(word):
        return word
    return _transliterate(word)


def _transliterate(word: str) -> str:
    split = split_at(word.lower())
    halves = (word,) if split is None else (word[:split], word[split:])
    cyrillic = "".join(_DIGRAPH.sub(lambda match: _DIGRAPHS[match.group()], half) for half in halves)
    return cyrillic.translate(_TO_CYRILLIC)


def count_letters(text: str, keep: frozenset[str] = DEFAULT_KEEP) -> tuple[int, int]:
    """Cyrillic and Latin letters of prose; foreign Latin words count only in a text that has nothing else."""
    text = unicodedata.normalize("NFC", prose(decode_letters(text, _LETTERS)))
    if not _LATIN_LETTER.search(text):
        return sum(map(len, _CYRILLIC_WORD.findall(text))), 0
    rules = _keep_rules(keep)
    if rules.phrases:
        text = unicodedata.normalize("NFC", rules.phrases.sub(" ", text))
    cyrillic = sum(map(len, _CYRILLIC_WORD.findall(text)))
    words = _LATIN_WORDS.findall(text)
    latin = sum(
        len(word) for word in words if not (_FOREIGN_LATIN.search(word) or _is_roman(word) or rules.holds(word))
    )
    if cyrillic == latin == 0:
        latin = sum(map(len, words))
    return cyrillic, latin
