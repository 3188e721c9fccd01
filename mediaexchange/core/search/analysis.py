"""From a word to the lexemes under which the index holds it: the same for texts, questions and marks.

Words are told apart here and only stemmed by PostgreSQL, so that all forms of a word share one place in its text:
phrases work across scripts, and what is marked in a snippet is what was found.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from django.db import connection

from mediaexchange.core.languages.folding import fold, fold_kazakh
from mediaexchange.core.languages.kazakh_stems import lexemes as kazakh_lexemes
from mediaexchange.core.languages.kazakh_stems import query_lexemes as kazakh_query_lexemes
from mediaexchange.core.languages.names import name_key
from mediaexchange.core.languages.serbian import to_latin
from mediaexchange.core.languages.sibilants import before_the_change
from mediaexchange.core.languages.tags import STORED
from mediaexchange.core.search.stop_words import KAZAKH, SERBIAN

Lexemes = frozenset[str]
NAME = "n="
NOTHING: Lexemes = frozenset()

WORD = re.compile(r"[^\W_]+")
_CYRILLIC = re.compile("[\u0400-\u052f]")
_LATIN = re.compile("[a-z\u00c0-\u024f\u1e00-\u1eff]")
_LONGEST = 60  # letters; longer ones are no words
_KEPT = 30_000  # forms a language in memory: a few megabytes

# Snowball dictionaries that PostgreSQL has for languages without a column of their own.
_DICTIONARIES = {
    "sr": "serbian", "ru": "russian", "en": "english", "hu": "hungarian", "ro": "romanian", "de": "german",
    "fr": "french", "es": "spanish", "it": "italian", "tr": "turkish",
}  # fmt: skip
# Endings that Snowball leaves on names or takes only from some: Вучићем, Токаевым; the second kind makes adjectives of
# them: Вучићева. Each is tried, since a surname may end like one.
_NAME_ENDINGS = {
    "sr": (re.compile("(?:ima|om|em|oj|a|u|e|i)$"), re.compile("(?:ev|ov)(?:ima|om|oj|a|u|e|i|o)$")),
    "ru": (re.compile("(?:ами|ыми|ого|ому|ым|ом|ем|ой|ых|а|у|е|ы|и)$"),),
    "en": (re.compile("s$"),),
}


@dataclass(frozen=True, slots=True)
class Language:
    """How words of one language are read: ``bases`` are the spellings that are stemmed, and compared with ``stops``."""

    code: str
    dictionary: str
    bases: Callable[[str], tuple[str, ...]]
    stops: frozenset[str] = field(default_factory=frozenset)


def _serbian(word: str) -> tuple[str, ...]:
    latin = to_latin(word) if _CYRILLIC.search(word) else word
    earlier = before_the_change(latin)
    return (latin, fold(latin), *earlier, *map(fold, earlier))


def _russian(word: str) -> tuple[str, ...]:
    return (word.replace("ё", "е"),)


def _folded(word: str) -> tuple[str, ...]:
    return (word,) if word.isascii() else (word, fold(word))


def _own(code: str) -> Language:
    if code == "sr":
        return Language(code, "serbian_stem", _serbian, SERBIAN)
    if code == "ru":
        return Language(code, "russian_stem", _russian)
    return Language(code, f"{_DICTIONARIES[code]}_stem" if code in _DICTIONARIES else "simple", _folded)


@lru_cache(maxsize=200)
def language_of(tag: str) -> Language:
    """By the primary subtag. One that PostgreSQL cannot stem is found by whole words."""
    return _own(tag.partition("-")[0].lower())


def words_in(text: str) -> list[str]:
    """The words in their order, as written; all of them count as places."""
    return WORD.findall(unicodedata.normalize("NFC", text))


_known: dict[str, dict[str, Lexemes]] = {}


def analyse(words: Iterable[str], tag: str) -> Mapping[str, Lexemes]:
    """Lower-case word → lexemes in that language; none for a stop word. One statement for those not met lately."""
    language = language_of(tag)
    known = _known.setdefault(language.code, {})
    wanted = {word for word in words if len(word) <= _LONGEST}
    found = {word: lexemes for word in wanted if (lexemes := known.get(word)) is not None}
    if missing := wanted - found.keys():
        new = _kazakh(missing) if language.code == "kk" else _stemmed(missing, language)
        if len(known) + len(new) > _KEPT:
            known.clear()
        known.update(new)
        found.update(new)
    return found


def name_lexemes(word: str, tag: str, lexemes: Lexemes) -> Lexemes:
    """Keys under which the word is found if it is a name, in whatever language, script and case it was typed."""
    code = language_of(tag).code
    forms = {word, *lexemes} if code != "kk" else {word, *(form for form in lexemes if form not in KAZAKH)}
    base = to_latin(word) if code == "sr" else word
    for ending in _NAME_ENDINGS.get(code, ()):
        stripped = ending.sub("", base)
        forms |= {stripped} if len(stripped) > 3 else set()
    return frozenset(NAME + key for form in forms if len(key := name_key(form)) > 2 and " " not in key)


def query_lexemes(word: str, tag: str, lexemes: Lexemes) -> Lexemes:
    """What a word of a question looks for in that language, given its lexemes: for Kazakh fewer than a text holds."""
    if language_of(tag).code != "kk" or not lexemes:
        return lexemes
    asked = kazakh_query_lexemes(word)
    return asked | {fold_kazakh(word)} if word == fold_kazakh(word) else asked


def scripts_of(word: str) -> tuple[bool, bool]:
    """Whether a lower-case word has Cyrillic letters, and whether it has Latin ones."""
    return _CYRILLIC.search(word) is not None, _LATIN.search(word) is not None


def _kazakh(words: Iterable[str]) -> dict[str, Lexemes]:
    found = {}
    for word in words:
        if word in KAZAKH:
            found[word] = NOTHING
            continue
        forms = kazakh_lexemes(word)
        found[word] = frozenset({*forms, *map(fold_kazakh, forms)})
    return found


def _stemmed(words: Iterable[str], language: Language) -> dict[str, Lexemes]:
    bases = {word: language.bases(word) for word in words}
    forms = list({base for spelled in bases.values() for base in spelled})
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT form, ts_lexize(%s::regdictionary, form) FROM unnest(%s::text[]) AS form",
            [language.dictionary, forms],
        )
        stems = {form: (form,) if found is None else tuple(found) for form, found in cursor.fetchall()}
    return {word: _lexemes(word, spelled, stems, language) for word, spelled in bases.items()}


def _lexemes(word: str, spelled: tuple[str, ...], stems: Mapping[str, tuple[str, ...]], language: Language) -> Lexemes:
    if language.stops.intersection(spelled):
        return NOTHING
    found = frozenset(stem for base in spelled for stem in stems[base] if stem)
    # Who searches without naming the language asks for the word as it is written.
    return found | {word, *spelled} if found and language.code not in STORED else found
