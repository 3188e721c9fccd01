"""How alike two sentences are, by their trigrams, and the numbers by which an index finds likely ones."""

import random
import re
import unicodedata
from hashlib import sha256
from zlib import crc32

from mediaexchange.core.translating.segments import plain

_SPACES = re.compile(r"\s+")
_WORD = re.compile(r"[^\W_]+")
_PRIME = 2**61 - 1
_BANDS, _ROWS = 28, 4
_SEEDS = random.Random(0x6D78)  # noqa: S311 — the same numbers in every process, for ever: they stand in rows
_FUNCTIONS = [(_SEEDS.randrange(1, _PRIME), _SEEDS.randrange(_PRIME)) for _ in range(_BANDS * _ROWS)]


def settled(text: str) -> str:
    """A sentence without differences that nobody sees: composed letters, single spaces."""
    return _SPACES.sub(" ", unicodedata.normalize("NFC", text)).strip()


def digest_of(text: str) -> str:
    """Names a sentence in the memory, tags included."""
    return sha256(settled(text).encode()).hexdigest()


def bands_of(text: str) -> list[int]:
    """Numbers of 32 bits, of which sentences that are alike share at least one (MinHash of the trigrams, in bands).

    Of pairs that are 60 per cent alike 98 in 100 share one, of those that are 10 per cent alike 3 in 1000. Empty for a
    text without words.
    """
    hashes = [crc32(trigram.encode()) for trigram in _trigrams(text)]
    if not hashes:
        return []
    least = [min((factor * number + shift) % _PRIME for number in hashes) for factor, shift in _FUNCTIONS]
    rows = (least[start : start + _ROWS] for start in range(0, len(least), _ROWS))
    return [crc32(repr((band, row)).encode()) - 2**31 for band, row in enumerate(rows)]


def percent_alike(one: str, other: str) -> int:
    """0 to 100 by the trigrams that the words share; 100 only for what is the same to the letter, tags included."""
    if settled(one) == settled(other):
        return 100
    first, second = _trigrams(one), _trigrams(other)
    if not first or not second:
        return 0
    return min(99, 100 * len(first & second) // len(first | second))


def _trigrams(text: str) -> set[str]:
    words = _WORD.findall(plain(text).lower())
    return {
        padded[start : start + 3] for padded in (f"  {word} " for word in words) for start in range(len(padded) - 2)
    }
