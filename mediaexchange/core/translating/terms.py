"""Finding terms of a glossary in running text, where they are inflected."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from mediaexchange.core.translating.segments import plain

_WORD = re.compile(r"[^\W_]+(?:[-’'][^\W_]+)*")
_LONGEST_ENDING = 6  # Kazakh puts several suffixes on one word


@dataclass(frozen=True, slots=True)
class Term:
    """A concept's words in one language; any of ``texts`` will do."""

    concept: str
    language: str
    texts: tuple[str, ...]
    doubt: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """A concept that a source speaks of, and what it is called in the target's language.

    ``is_missing``: the target has text and none of the words. A hint to look, since a translation may do without.
    """

    concept: str
    source: Term
    target: Term
    is_missing: bool = field(default=False)


def hits_in(source: str, target: str, sources: Iterable[Term], targets: Iterable[Term]) -> list[Hit]:
    """The glossary's concepts in a segment, in the order of the glossary, and whether its translation uses them."""
    words, translated = _words(source), _words(target)
    known = {term.concept: term for term in targets}
    found = [term for term in sources if term.concept in known and _speaks_of(words, term)]
    return [
        Hit(
            term.concept,
            term,
            known[term.concept],
            bool(translated) and not _speaks_of(translated, known[term.concept]),
        )
        for term in found
    ]


def _speaks_of(words: Sequence[str], term: Term) -> bool:
    return any(_contains(words, _words(text)) for text in term.texts)


def _contains(words: Sequence[str], wanted: Sequence[str]) -> bool:
    size = len(wanted)
    if not size:
        return False
    windows = (words[start : start + size] for start in range(len(words) - size + 1))
    return any(all(map(_is_form_of, window, wanted)) for window in windows)


def _is_form_of(word: str, base: str) -> bool:
    """Whether it may be an inflected form: the stem of the base, and an ending of bearable length."""
    stem = base if len(base) <= 3 else base[: -1 if len(base) < 10 else -2]
    return word.startswith(stem) and len(word) - len(base) <= (_LONGEST_ENDING if len(base) > 4 else 3)


def _words(text: str) -> list[str]:
    return _WORD.findall(plain(text).lower())
