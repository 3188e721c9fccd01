"""How much two texts resemble each other: a 64-bit simhash over runs of words, the same in either Serbian script."""

import re
import unicodedata
from hashlib import blake2b

BITS = 64
RUNS = (1, 2)  # features are words and pairs of words: longer runs let one edit change too much of a short text
FEWEST_WORDS = 12  # below this, any two texts resemble each other
UNSIGNED = 0  # the signature of a text too short to have one

_CYRILLIC = "абвгдђежзијклљмнњопрстћуфхцчџш"
_SOUNDS = "a b v g d dj e z z i j k l lj m n nj o p r s t c u f h c c dz s"
_LATIN = str.maketrans(dict(zip(_CYRILLIC, _SOUNDS.split(), strict=True)) | {"đ": "dj"})
_MARKS = re.compile("[\u0300-\u036f]")
_WORD = re.compile(r"\w+")
_LANE = 16  # bits of a counter: texts of up to 65,535 runs
_SPREAD = [sum(((byte >> bit) & 1) << (_LANE * bit) for bit in range(8)) for byte in range(256)]
_LONGEST = 2**_LANE - 1


def folded(text: str) -> str:
    """Lower case, Serbian Cyrillic as Latin, letters without marks: Танјуг, Tanjug and TANJUG are one."""
    latin = unicodedata.normalize("NFC", text).casefold().translate(_LATIN)
    return latin if latin.isascii() else _MARKS.sub("", unicodedata.normalize("NFKD", latin))


def signature_of(text: str) -> int:
    """The simhash of plain text as a signed 64-bit number; ``UNSIGNED`` for a few words."""
    words = _WORD.findall(folded(text))
    if len(words) < FEWEST_WORDS:
        return UNSIGNED
    runs = {" ".join(words[start : start + size]) for size in RUNS for start in range(len(words) - size + 1)}
    runs = set(sorted(runs)[:_LONGEST]) if len(runs) > _LONGEST else runs
    counters = [0] * (BITS // 8)
    for run in runs:
        for place, byte in enumerate(blake2b(run.encode(), digest_size=BITS // 8).digest()):
            counters[place] += _SPREAD[byte]
    value = 0
    half = len(runs) / 2
    for place, counter in enumerate(counters):
        for bit in range(8):
            if (counter >> (_LANE * bit)) & _LONGEST > half:
                value |= 1 << (8 * place + bit)
    signed = value - (1 << BITS) if value >> (BITS - 1) else value
    return signed or 1  # a text that has a signature never has that of one too short


def distance(one: int, other: int) -> int:
    """In how many of 64 bits two signatures differ."""
    return ((one ^ other) & ((1 << BITS) - 1)).bit_count()
