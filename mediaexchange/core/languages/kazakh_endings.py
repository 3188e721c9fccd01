"""Every ending a Kazakh noun or verb can take, made by running the rules of the grammar forwards.

A table maps the letters of an ending to the stems it may follow: pairs of stem classes and harmony, as bit masks.
"""

from collections.abc import Iterable, Iterator

# What a stem ends in decides the first consonant of an ending.
VOWEL, GLIDE, LIQUID, NASAL, SIBILANT, HARD = 1, 2, 4, 8, 16, 32
CLOSED = GLIDE | LIQUID | NASAL | SIBILANT | HARD
BACK, FRONT = 1, 2

Endings = dict[str, list[tuple[int, int]]]

_PLURALS = ((VOWEL | GLIDE, "лар"), (LIQUID | NASAL | SIBILANT, "дар"), (HARD, "тар"))
_OWNERS_AFTER_VOWEL = ("м", "ң", "мыз", "ңыз", "сы")
_OWNERS_AFTER_CONSONANT = ("ым", "ың", "ымыз", "ыңыз", "ы")
# Genitive, accusative, dative, locative, ablative, instrumental, likeness.
_CASES = {
    VOWEL: ("ның", "ны", "ға", "да", "дан", "мен", "дай"),
    GLIDE: ("дың", "ды", "ға", "да", "дан", "мен", "дай"),
    LIQUID: ("дың", "ды", "ға", "да", "дан", "мен", "дай"),
    NASAL: ("ның", "ды", "ға", "да", "нан", "мен", "дай"),
    SIBILANT: ("дың", "ды", "ға", "да", "дан", "бен", "дай"),
    HARD: ("тың", "ты", "қа", "та", "тан", "пен", "тай"),
}
_CASES_OF_MINE = ("ның", "ды", "а", "да", "нан", "мен", "дай")  # after the owners м and ң
_CASES_OF_ITS = ("ның", "н", "на", "нда", "нан", "мен", "ндай")  # after the owner ы, сы
_LOCATIVE = 3
_TO_FRONT = str.maketrans("аықғұу", "еікгүу")


def noun_endings() -> Endings:
    """Plural, owner, case, and what may follow the locative (the -дағы of қаладағы), in every legal combination."""
    table: Endings = {}
    for stem in _CASES:
        _enter(table, stem, filter(None, _after_stem(stem)))
    return table


def verb_endings() -> Endings:
    """Finite forms, participles with their cases, converbs and moods, plain and negated; not the bare stem."""
    table: Endings = {}
    for stem in _CASES:
        _enter(table, stem, _after_verb(stem))
        negation = _by_class(stem, "ма", "ба", "па")
        _enter(table, stem, (negation + ending for ending in (*_after_verb(VOWEL), "с", "с" + "тан", "й")))
        _enter(table, stem, (negation + "у" + ending for ending in _after_stem(GLIDE)))
    return table


def _after_stem(stem: int) -> Iterator[str]:
    yield ""
    yield from _cases(_CASES[stem])
    yield from _owned(stem)
    plural = next(letters for classes, letters in _PLURALS if classes & stem)
    for ending in ("", *_cases(_CASES[GLIDE]), *_owned(GLIDE)):
        yield plural + ending
    more = "ра" if stem == VOWEL else "ыра"  # the comparative of adjectives: жақсырақ, and its owner's жақсырағы
    yield more + "қ"
    yield from (more + "ғы" + ending for ending in ("", *_CASES_OF_ITS))


def _owned(stem: int) -> Iterator[str]:
    for owner in _OWNERS_AFTER_VOWEL if stem == VOWEL else _OWNERS_AFTER_CONSONANT:
        yield owner
        if owner.endswith(("м", "ң")):
            cases = _CASES_OF_MINE
        elif owner.endswith("з"):
            cases = _CASES[SIBILANT]
        else:
            cases = _CASES_OF_ITS
        for case in _cases(cases):
            yield owner + case


def _cases(cases: tuple[str, ...]) -> Iterator[str]:
    yield from cases
    where = cases[_LOCATIVE] + "ғы"
    yield where
    yield from (where + ending for ending in _CASES[VOWEL][:-1])
    yield from (where + "лар" + ending for ending in ("", *_CASES[GLIDE][:-1]))
    yield cases[0][:-1].replace("ы", "і") + "кі"  # the -нікі of баланікі has no back form


def _after_verb(stem: int) -> Iterator[str]:
    hard = stem == HARD
    past = "ты" if hard else "ды"
    yield past
    yield from (past + person for person in ("м", "ң", "қ", "ңыз", "ңыздар", "ңдар"))
    for participle in ("қан" if hard else "ған", "йтын" if stem == VOWEL else "атын"):
        yield from (participle + ending for ending in _after_stem(NASAL))
        yield from (participle + person for person in ("мын", "сың", "сыз", "быз"))
    known = ("қан" if hard else "ған") + "дығы"
    yield from (known + ending for ending in ("", *_CASES_OF_ITS))
    yield from (("қ" if hard else "ғ") + ending for ending in ("анша", "алы", "ысы", "ым", "ың", "ымыз"))
    present = "й" if stem == VOWEL else "а"
    yield from (present + person for person in ("ды", "мын", "сың", "сыз", "мыз", "сыңдар", "сыздар"))
    future = "р" if stem == VOWEL else "ар"
    yield from (future + person for person in ("", "мын", "сың", "сыз", "мыз"))
    converb = "п" if stem == VOWEL else "ып"
    yield from (converb + ending for ending in ("", "ты", "пын", "сың", "сыз", "пыз"))
    purpose = _by_class(stem, "мақ", "бақ", "пақ")
    yield from (purpose, purpose + "шы", purpose + "пын", purpose + "пыз")
    yield from ("са" + person for person in ("", "м", "ң", "қ", "ңыз", "ңыздар"))
    yield from ("сын", *(("йын", "йық") if stem == VOWEL else ("айын", "айық")))
    polite = "ң" if stem == VOWEL else "ың"
    yield from (polite + ending for ending in ("ыз", "ыздар", "дар"))


def _by_class(stem: int, soft: str, voiced: str, hard: str) -> str:
    if stem in (NASAL, SIBILANT):
        return voiced
    return hard if stem == HARD else soft


def _enter(table: Endings, stem: int, endings: Iterable[str]) -> None:
    for ending in endings:
        back, front = ending, ending.translate(_TO_FRONT)
        if back == front:  # мен, бен, пен, п, р, м: the same after any vowel
            table.setdefault(back, []).append((stem, BACK | FRONT))
        else:
            table.setdefault(back, []).append((stem, BACK))
            table.setdefault(front, []).append((stem, FRONT))


def merged(table: Endings) -> dict[str, tuple[int, int]]:
    """The same with one pair for each ending: the classes it may follow after back and after front vowels."""
    result: dict[str, tuple[int, int]] = {}
    for ending, pairs in table.items():
        back = front = 0
        for stem, harmony in pairs:
            back |= stem if harmony & BACK else 0
            front |= stem if harmony & FRONT else 0
        result[ending] = (back, front)
    return result
