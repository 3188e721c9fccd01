""" "Did you mean": words of names that sound like what was typed, from records that the reader sees and no others."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from mediaexchange.core.compiled import run
from mediaexchange.core.languages.names import name_key
from mediaexchange.core.models import User
from mediaexchange.core.search.analysis import scripts_of, words_in
from mediaexchange.core.search.finding import visible_ids
from mediaexchange.core.search.parsing import Question
from mediaexchange.core.search.registry import SearchType

MAX_SUGGESTIONS = 3
_SHORTEST = 4  # letters of a word that can be mistyped
_CANDIDATES = 100
_ALIKE = """
SELECT type, object_id, text, key, similarity(key, %s) AS likeness
  FROM core_searchname WHERE type = ANY (%s) AND key %% %s ORDER BY likeness DESC, text LIMIT %s
"""


@dataclass(frozen=True, slots=True)
class _Alike:
    text: str
    key: str
    likeness: float


def suggest(question: Question, reader: User, types: Sequence[SearchType]) -> list[str]:
    """The question with one word replaced by a name that is known, most alike first; nothing if all names are known."""
    keys = [each.key for each in types if each.has_names]
    if not keys:
        return []
    found: list[tuple[float, str]] = []
    for word in dict.fromkeys(word for term in question.positive for word in term.words):
        key = name_key(word)
        if len(word) < _SHORTEST or len(key) < _SHORTEST - 1 or " " in key:
            continue
        alike = _alike(key, reader, keys)
        if any(each.key == key for each in alike):
            continue  # this one is spelt as somebody is called
        in_script = [each for each in alike if scripts_of(each.text.lower()) == scripts_of(word)]
        spelt: dict[str, _Alike] = {}  # one spelling of each name: the one with diacritics
        for each in sorted(in_script, key=lambda one: one.text.isascii()):
            spelt.setdefault(each.key, each)
        found += ((-each.likeness, _replaced(question.typed, word, each.text)) for each in spelt.values())
    return list(dict.fromkeys(text for _likeness, text in sorted(found)))[:MAX_SUGGESTIONS]


def _alike(key: str, reader: User, keys: list[str]) -> list[_Alike]:
    rows = run(_ALIKE, [key, keys, key, _CANDIDATES])
    by_type: dict[str, set[int]] = {}
    for type_key, object_id, *_said in rows:
        by_type.setdefault(type_key, set()).add(object_id)
    seen = {type_key: visible_ids(type_key, ids, reader) for type_key, ids in by_type.items()}
    return [_Alike(*said) for type_key, object_id, *said in rows if object_id in seen[type_key]]


def _replaced(typed: str, word: str, name: str) -> str:
    """The question as typed, with the name in the word's place; words are compared as they are read."""
    for written in words_in(typed):
        if written.lower() == word:
            return re.sub(rf"(?<![^\W_]){re.escape(written)}(?![^\W_])", name.replace("\\", ""), typed, count=1)
    return name
