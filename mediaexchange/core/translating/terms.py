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
    """The glossary's concepts in a segment, in the order of the glossary, and whether its translation uses them.

    A term that stands only within a longer one is not spoken of: “archive” in “archive footage”.
    """
    words, translated = _words(source), _words(target)
    known = {term.concept: term for term in targets}
    spans = {term: _spans(words, term) for term in sources if term.concept in known}
    everywhere = {span for found in spans.values() for span in found}
    return [
        Hit(
            term.concept,
            term,
            known[term.concept],
            is_missing=bool(translated) and not _spans(translated, known[term.concept]),
        )
        for term, found in spans.items()
        if any(not _is_within(span, everywhere) for span in found)
    ]


def _spans(words: Sequence[str], term: Term) -> list[tuple[int, int]]:
    """Where the words speak of a term: first word, and the one after the last."""
    return [span for text in term.texts for span in _places(words, _words(text))]


def _places(words: Sequence[str], wanted: Sequence[str]) -> list[tuple[int, int]]:
    size = len(wanted)
    starts = range(len(words) - size + 1) if size else ()
    return [(start, start + size) for start in starts if all(map(_is_form_of, words[start : start + size], wanted))]


def _is_within(span: tuple[int, int], others: Iterable[tuple[int, int]]) -> bool:
    return any(start <= span[0] and span[1] <= end and end - start > span[1] - span[0] for start, end in others)


def _is_form_of(word: str, base: str) -> bool:
    """Whether it may be an inflected form: the stem of the base, and an ending of bearable length."""
    stem = base if len(base) <= 3 else base[: -1 if len(base) < 10 else -2]
    return word.startswith(stem) and len(word) - len(base) <= (_LONGEST_ENDING if len(base) > 4 else 3)


def _words(text: str) -> list[str]:
    return _WORD.findall(plain(text).lower())
