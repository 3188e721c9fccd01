"""Marking what was found in the text that is shown: by the lexemes that the index holds, in the reader's script."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from html import escape
from itertools import islice

from django.utils.safestring import SafeString, mark_safe

from mediaexchange.core.languages.resolve import Resolved
from mediaexchange.core.languages.tags import STORED_AS, stored_language
from mediaexchange.core.search.analysis import NAME, WORD, analyse, name_lexemes
from mediaexchange.core.search.asking import Asked

_BEFORE, _SHOWN = 8, 36  # words
_AFTER_A_HIT = 400  # words read on, to find the passage with most of those asked for
_READ = 2_000  # words of one text at most
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class _Word:
    start: int
    end: int
    is_hit: bool


@dataclass(slots=True)
class Marker:
    """Marks the words of one question in many texts; what it has learnt of a word serves for all of them.

    ``convert`` turns a passage in a language into the script in which it is shown, after its words were compared.
    """

    asked: Asked
    convert: Callable[[str, str], str]
    _hits: dict[tuple[str, str], bool] = field(default_factory=dict)

    def learn(self, texts: Iterable[Resolved]) -> None:
        """Read the words of texts, in one statement a language."""
        by_language: dict[str, set[str]] = {}
        for each in texts:
            words = (match.group() for match in islice(WORD.finditer(each.text), _READ))
            by_language.setdefault(_stored(each.language), set()).update(words)
        for language, written in by_language.items():
            new = {word for word in written if (language, word) not in self._hits}
            known = analyse({word.lower() for word in new}, language)
            for word in new:
                self._hits[language, word] = self._is_hit(word, language, known.get(word.lower(), frozenset()))

    def marked(self, text: str, tag: str) -> SafeString:
        """The whole text, escaped, with ``<mark>`` round each word that was asked for and no other markup."""
        return self._rendered(Resolved(text, tag), self._words(text, tag), 0, len(text))

    def snippet(self, texts: Sequence[Resolved]) -> tuple[SafeString, str]:
        """A passage of the first text that holds words asked for, escaped and marked, and the language of that text.

        The beginning of the first text if none holds any.
        """
        flat = [Resolved(said, each.language) for each in texts if (said := _SPACES.sub(" ", each.text).strip())]
        read = [(each, self._words(each.text, each.language)) for each in flat]
        hit = (each for each in read if any(word.is_hit for word in each[1]))
        chosen = next(hit, read[0] if read else None)
        return (self._passage(*chosen), chosen[0].language) if chosen else (mark_safe(""), "")

    def _words(self, text: str, tag: str) -> list[_Word]:
        language, hits = _stored(tag), self._hits
        words, last = [], _READ
        for number, match in enumerate(WORD.finditer(text)):
            if number >= last:
                break
            is_hit = hits.get((language, match.group()), False)
            if is_hit and last == _READ:
                last = min(_READ, number + _AFTER_A_HIT)
            words.append(_Word(match.start(), match.end(), is_hit))
        return words

    def _passage(self, said: Resolved, words: Sequence[_Word]) -> SafeString:
        first = max(min(_densest(words) - _BEFORE, len(words) - _SHOWN), 0)
        shown = words[first : first + _SHOWN]
        if not shown:
            return mark_safe("")
        start = shown[0].start if first else 0
        following = words[first + _SHOWN : first + _SHOWN + 1]
        end = shown[-1].end if following else min(len(said.text), shown[-1].end + 100)
        body = self._rendered(said, shown, start, end)
        return mark_safe(("… " if start else "") + body + (" …" if end < len(said.text) else ""))  # noqa: S308 — escaped there

    def _rendered(self, said: Resolved, words: Iterable[_Word], start: int, end: int) -> SafeString:
        def shown(begin: int, until: int) -> str:
            return escape(self.convert(said.text[begin:until], said.language))

        parts: list[str] = []
        at = start
        for word in words:
            if word.is_hit:
                parts += (shown(at, word.start), "<mark>", shown(word.start, word.end), "</mark>")
                at = word.end
        parts.append(shown(at, end))
        return mark_safe("".join(parts))  # noqa: S308 — every part is escaped but the marks

    def _is_hit(self, written: str, language: str, lexemes: frozenset[str]) -> bool:
        if not lexemes:
            return False
        if lexemes & self.asked.marks:
            return True
        lower = written.lower()
        names = name_lexemes(lower, language, lexemes) if written[0] != lower[0] else frozenset()
        return bool(names & self.asked.marks) or any(
            lexeme.startswith(prefix)
            for prefix in self.asked.mark_prefixes
            for lexeme in (names if prefix.startswith(NAME) else lexemes)
        )


def _densest(words: Sequence[_Word]) -> int:
    """The hit from which on most others follow within a passage."""
    hits = [number for number, word in enumerate(words) if word.is_hit]
    reach = _SHOWN - _BEFORE
    return max(hits, key=lambda at: (sum(at <= other < at + reach for other in hits), -at), default=0)


def _stored(tag: str) -> str:
    return STORED_AS.get(tag) or stored_language(tag) or tag
