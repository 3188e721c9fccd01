"""Marking what was found in the text that is shown: in its script, by the same lexemes that the index holds."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from itertools import islice

from django.utils.safestring import SafeString, mark_safe

from mediaexchange.core.languages.tags import STORED_AS, stored_language
from mediaexchange.core.search.analysis import NAME, WORD, analyse, name_lexemes
from mediaexchange.core.search.asking import Asked

_WORDS_BEFORE, _WORDS_SHOWN = 8, 36
_WORDS_READ = 1_000  # of one text, to find where the words stand together
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class _Word:
    start: int
    end: int
    is_hit: bool


def analyse_together(texts: Iterable[tuple[str, str]]) -> None:
    """Read the words of (text, language) pairs in one statement a language; what is marked next costs none."""
    by_language: dict[str, set[str]] = {}
    for text, tag in texts:
        by_language.setdefault(_stored(tag), set()).update(match.group().lower() for match in _matches(text))
    for language, words in by_language.items():
        analyse(words, language)


def _matches(text: str) -> list[re.Match[str]]:
    return list(islice(WORD.finditer(text), _WORDS_READ))


def marked(text: str, tag: str, asked: Asked) -> SafeString:
    """The whole text, escaped, with ``<mark>`` round each word that was asked for and no other markup."""
    return _rendered(text, _words(text, tag, asked), 0, len(text))


def snippet(texts: Sequence[str], tag: str, asked: Asked) -> SafeString:
    """A passage of the first text that holds words asked for, escaped and marked; the beginning if none does."""
    texts = [_SPACES.sub(" ", text).strip() for text in texts]
    for text in texts:
        words = _words(text, tag, asked)
        if any(word.is_hit for word in words):
            return _passage(text, words)
    first = next((text for text in texts if text), "")
    return _passage(first, _words(first, tag, asked))


def _passage(text: str, words: Sequence[_Word]) -> SafeString:
    first = max(_densest(words) - _WORDS_BEFORE, 0)
    first = max(min(first, len(words) - _WORDS_SHOWN), 0)
    shown = words[first : first + _WORDS_SHOWN]
    if not shown:
        return mark_safe("")
    start = 0 if first == 0 else shown[0].start
    is_cut = first + _WORDS_SHOWN < len(words)
    end = shown[-1].end if is_cut else min(len(text), shown[-1].end + 200)
    body = _rendered(text, shown, start, end)
    return mark_safe(("… " if start else "") + body + (" …" if is_cut or end < len(text) else ""))  # noqa: S308 — escaped there


def _densest(words: Sequence[_Word]) -> int:
    """The hit from which on most others follow within a passage."""
    hits = [number for number, word in enumerate(words) if word.is_hit]
    reach = _WORDS_SHOWN - _WORDS_BEFORE
    return max(hits, key=lambda at: (sum(at <= other < at + reach for other in hits), -at), default=0)


def _rendered(text: str, words: Iterable[_Word], start: int, end: int) -> SafeString:
    parts: list[str] = []
    at = start
    for word in words:
        if word.is_hit:
            parts += (escape(text[at : word.start]), "<mark>", escape(text[word.start : word.end]), "</mark>")
            at = word.end
    parts.append(escape(text[at:end]))
    return mark_safe("".join(parts))  # noqa: S308 — every part is escaped but the marks


def _words(text: str, tag: str, asked: Asked) -> list[_Word]:
    language = _stored(tag)
    matches = _matches(text)
    known = analyse((match.group().lower() for match in matches), language)
    hits: dict[str, bool] = {}
    words = []
    for match in matches:
        written = match.group()
        if written not in hits:
            hits[written] = _is_hit(written, language, known.get(written.lower(), frozenset()), asked)
        words.append(_Word(match.start(), match.end(), hits[written]))
    return words


def _is_hit(written: str, language: str, lexemes: frozenset[str], asked: Asked) -> bool:
    lower = written.lower()
    if not lexemes:
        return False
    if lexemes & asked.marks:
        return True
    names = name_lexemes(lower, language, lexemes) if written[0] != lower[0] else frozenset()
    if names & asked.marks:
        return True
    return any(
        lexeme.startswith(prefix)
        for prefix in asked.mark_prefixes
        for lexeme in (names if prefix.startswith(NAME) else lexemes)
    )


def _stored(tag: str) -> str:
    return STORED_AS.get(tag) or stored_language(tag) or tag
