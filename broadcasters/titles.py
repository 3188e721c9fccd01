"""How titles are compared: to know an airing again, and to guess what was aired in whatever script it was written."""

import hashlib
import re
import unicodedata
from uuid import UUID

from mediaexchange.core.languages.names import name_key

_SPACES = re.compile(r"\s+")
_SHORT = 2  # letters of words that say nothing: of, и, на, мен


def programme_key(title: str, programme_id: str = "") -> str:
    """What tells two airings of one moment on one channel apart: the house's own number, else the title."""
    plain = _SPACES.sub(" ", unicodedata.normalize("NFKC", programme_id or title)).strip().casefold()
    digest = hashlib.sha256(plain.encode()).hexdigest()[:40]
    return f"{'id' if programme_id else 'title'}:{digest}"


def subject_key(subject_type: str, subject_uid: UUID) -> str:
    return f"{subject_type}:{subject_uid}"[:80]


def words(title: str) -> frozenset[str]:
    """The words of a title as keys that are the same in Cyrillic and Latin, short ones left out."""
    return frozenset(word for word in name_key(title).split() if len(word) > _SHORT)


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """From 0 to 1: what part of the words of both titles they share, and whether one holds the other."""
    if not one or not other:
        return 0.0
    shared = len(one & other)
    fewer = min(len(one), len(other))
    held = shared / fewer if fewer >= 3 else 0.0
    return max(shared / len(one | other), held * 0.9)


def reference_uid(text: str) -> UUID | None:
    """The identity in a reference: a bare UUID, a URN (RFC 9562), or the last part of an address of ours."""
    found = _UUID.search(text.casefold())
    return UUID(found[0]) if found else None


_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
