"""How alike two sentences are, by their trigrams, and the ASCII key under which PostgreSQL can look for likely ones."""

import re
import unicodedata
from hashlib import sha256

from mediaexchange.core.translating.segments import plain

_SPACES = re.compile(r"\s+")
_WORD = re.compile(r"[^\W_]+")
_LETTERS = str.maketrans(
    dict(
        zip(
            "абвгдежзийклмнопрстуфхцчшщъыьэюяђјљњћџәғқңөұүһіё",
            "abvgdejziiklmnoprstufhccsshiieuadjlncdagknouuhie",
            strict=True,
        )
    )
    | dict.fromkeys("đ", "d")
)


def settled(text: str) -> str:
    """A sentence without differences that nobody sees: composed letters, single spaces."""
    return _SPACES.sub(" ", unicodedata.normalize("NFC", text)).strip()


def digest_of(text: str) -> str:
    """Names a sentence in the memory, tags included."""
    return sha256(settled(text).encode()).hexdigest()


def key_of(text: str) -> str:
    """Its words in small ASCII letters, one for a Cyrillic one: coarse on purpose, to find candidates by."""
    folded = unicodedata.normalize("NFKD", plain(text).lower().translate(_LETTERS))
    return " ".join(_WORD.findall(folded.encode("ascii", "ignore").decode()))


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
