"""From a question to what PostgreSQL matches, language by language: every word, in any of its readings."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from mediaexchange.core.languages.folding import fold
from mediaexchange.core.languages.kazakh_latin import kazakh_readings
from mediaexchange.core.languages.names import name_key
from mediaexchange.core.languages.serbian import to_latin
from mediaexchange.core.languages.tags import STORED, stored_language
from mediaexchange.core.search.analysis import NAME, analyse, name_lexemes, query_lexemes, scripts_of
from mediaexchange.core.search.indexing import MAX_LEXEME, UNDATED, quoted
from mediaexchange.core.search.parsing import Question, Term

# Languages whose words a question may mean, by script; one that has no column is asked for by filter.
_LATIN = ("sr", "en")
_CYRILLIC = ("sr", "ru", "kk")
_MOST_DAYS, _MOST_MONTHS = 45, 36


@dataclass(frozen=True, slots=True)
class Filters:
    """Narrowing; an empty one asks for everything. ``since`` and ``until`` are days in UTC, both included."""

    types: tuple[str, ...] = ()
    language: str = ""
    origin: str = ""
    kind: str = ""
    topic: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What one word may be: its lexemes, and the languages in which nobody looks for such a word."""

    lexemes: frozenset[str]
    stop_in: frozenset[str] = frozenset()
    prefixes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with the readings of its words.

    ``marks`` and ``mark_prefixes`` are what a word of a text must have to be marked in a snippet.
    """

    question: Question
    readings: dict[str, Reading]
    marks: frozenset[str] = field(default=frozenset())
    mark_prefixes: frozenset[str] = field(default=frozenset())

    def matching(self, weights: str = "") -> str:
        """The words asked for, as a tsquery; with weights, only where they stand there."""
        positive = [self._term(term, weights) for term in self.question.positive]
        return " & ".join(part for part in positive if part)

    def unwanted(self, weights: str = "") -> str:
        negative = [self._term(term, weights) for term in self.question.negative]
        return " & ".join(f"!{part}" for part in negative if part)

    def _term(self, term: Term, weights: str) -> str:
        if len(term.words) == 1:
            return self._word(term, term.words[0], weights, is_last=True)
        parts, gap = "", 1
        for place, word in enumerate(term.words):
            is_last = place == len(term.words) - 1
            if self.readings[word].stop_in and not is_last and not parts:
                continue  # a phrase cannot begin with what the index leaves out
            if self.readings[word].stop_in:
                gap += 1
                continue
            one = self._word(term, word, weights, is_last=is_last)
            parts, gap = (f"{parts} <{gap}> {one}", 1) if parts else (one, 1)
        return f"({parts})" if parts else self._word(term, term.words[-1], weights, is_last=True)

    def _word(self, term: Term, word: str, weights: str, *, is_last: bool) -> str:
        reading = self.readings[word]
        label = f":{weights}" if weights else ""
        parts = [quoted(lexeme) + label for lexeme in sorted(reading.lexemes)]
        if term.is_prefix and is_last:
            parts += [f"{quoted(prefix)}:*{weights}" for prefix in sorted(reading.prefixes)]
        if len(term.words) == 1 and not term.is_negative:
            parts += [quoted(f"l={language}") for language in sorted(reading.stop_in) if self._asks_in(language)]
        return f"({' | '.join(parts)})"

    def _asks_in(self, language: str) -> bool:
        """Any text in its language satisfies a stop word, as long as some other word is looked for there."""
        readings = (self.readings[word] for term in self.question.positive for word in term.words)
        return any(language not in reading.stop_in for reading in readings)


def ask(question: Question, language: str = "") -> Asked:
    """Read every word in the languages it may be of, or in the one that is filtered by. One statement a language."""
    terms = question.terms
    words = {word for term in terms for word in term.words}
    by_language: dict[str, set[str]] = {}
    for word in words:
        for code in _languages_for(word, language):
            by_language.setdefault(code, set()).add(word)
    known = {code: analyse(asked, code) for code, asked in by_language.items()}
    readings = {
        word: _reading(
            word,
            {code: found[word] for code, found in known.items() if word in found},
            kazakh_readings(word) if stored_language(language or "kk") == "kk" else frozenset(),
        )
        for word in words
    }
    positive = {word for term in question.positive for word in term.words}
    prefixed = {term.words[-1] for term in question.positive if term.is_prefix}
    return Asked(
        question,
        readings,
        frozenset().union(*(readings[word].lexemes for word in positive)),
        frozenset().union(*(readings[word].prefixes for word in prefixed)),
    )


def _languages_for(word: str, wanted: str) -> Collection[str]:
    if wanted:
        return {stored_language(wanted) or wanted}
    has_cyrillic, has_latin = scripts_of(word)
    if has_cyrillic == has_latin:
        return STORED
    known = _CYRILLIC if has_cyrillic else _LATIN
    return {*known, *(code for code in STORED if code not in {*_LATIN, *_CYRILLIC})}


def _reading(word: str, known: dict[str, frozenset[str]], kazakh: frozenset[str]) -> Reading:
    """``kazakh`` is what it is in Kazakh if it was typed in Latin letters."""
    lexemes, names = {word, fold(word)}, {NAME + key for key in [name_key(word)] if len(key) > 2 and " " not in key}
    stop_in = set()
    for code, found in known.items():
        if found:
            lexemes |= query_lexemes(word, code, found)
            names |= name_lexemes(word, code, found)
        else:
            stop_in.add(code)
    if not stop_in:
        lexemes |= names | kazakh
    prefixes = {word, fold(word), to_latin(word)} | {NAME + name_key(word)}
    return Reading(
        frozenset(lexeme for lexeme in lexemes if 0 < len(lexeme) <= MAX_LEXEME),
        frozenset(stop_in),
        frozenset(prefix for prefix in prefixes if 2 < len(prefix.removeprefix(NAME)) <= MAX_LEXEME),
    )


def filtering(filters: Filters, allowed: Collection[str], known: Collection[str]) -> str:
    """The filters as words of the query, "" for none; of all ``known`` types only the ``allowed`` may be given."""
    types = [key for key in allowed if not filters.types or key in filters.types]
    parts = [] if len(types) == len(known) else [_any(f"y={key}" for key in types)]
    if filters.language:
        parts.append(quoted(f"l={stored_language(filters.language) or filters.language}"))
    for mark, value in (("o", filters.origin), ("k", filters.kind), ("t", filters.topic)):
        if value:
            parts.append(quoted(f"{mark}={value}"))
    return " & ".join(parts)


def period(since: date | None, until: date | None, today: date) -> str:
    """Days as words, by months or years where there are too many: it may ask for more than was wanted, never for less.

    "" if the period has no beginning.
    """
    if since is None:
        return ""
    last = max(until or today + timedelta(days=1), since)
    days = (last - since).days + 1
    if days <= _MOST_DAYS:
        return _any(f"d={since + timedelta(days=number):%Y%m%d}" for number in range(days))
    months = (last.year - since.year) * 12 + last.month - since.month + 1
    if months <= _MOST_MONTHS:
        numbers = range(since.year * 12 + since.month - 1, since.year * 12 + since.month - 1 + months)
        return _any(f"d={number // 12:04d}{number % 12 + 1:02d}" for number in numbers)
    return _any(f"d={year:04d}" for year in range(since.year, last.year + 1))


def together(*parts: str) -> str:
    """All of the parts that say anything."""
    return " & ".join(f"({part})" for part in parts if part)


def undated() -> str:
    return quoted(UNDATED)


def day_of(moment: datetime) -> date:
    return moment.astimezone(UTC).date()


def _any(lexemes: Iterable[str]) -> str:
    return f"({' | '.join(map(quoted, lexemes))})"
