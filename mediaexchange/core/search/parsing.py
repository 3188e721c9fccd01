"""What was typed, taken apart: words, "phrases", -words, prefix*. Whatever it is, it is understood or refused."""

import re
import unicodedata
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from mediaexchange.core.errors import DomainError, Message
from mediaexchange.core.languages.normalise import normalise_text
from mediaexchange.core.search.analysis import scripts_of, words_in

MAX_CHARACTERS = 200
MAX_WORDS = 12
MIN_PREFIX = 3  # letters before the star; shorter ones would match a large part of all words
MIN_UNFINISHED = 4

_QUOTES = re.compile("[“”„‟«»＂]")
_PART = re.compile(r'(?P<minus>[-−])?"(?P<phrase>[^"]*)"|(?P<word>[^\s"]+)')


class SearchError(DomainError):
    """A question that cannot be asked as it stands; ``parameter`` is what has to change."""

    status = 400

    def __init__(self, code: str, message: Message, *, parameter: str = "q") -> None:
        super().__init__(code, message)
        self.parameter = parameter


@dataclass(frozen=True, slots=True)
class Term:
    """Lower-case words that follow each other: one word, or a phrase. Of a prefix the last word may go on."""

    words: tuple[str, ...]
    is_negative: bool = False
    is_prefix: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """``script`` is what it was typed in: "Latn", "Cyrl", or "" for neither or both."""

    typed: str
    terms: tuple[Term, ...]
    script: str

    @property
    def positive(self) -> tuple[Term, ...]:
        return tuple(term for term in self.terms if not term.is_negative)

    @property
    def negative(self) -> tuple[Term, ...]:
        return tuple(term for term in self.terms if term.is_negative)


def parse(typed: str) -> Question:
    """Raises SearchError for a question without a word to look for, or one that is too long."""
    if len(typed) > MAX_CHARACTERS:
        raise SearchError("search-too-long", _("Search for at most %(count)d characters.") % {"count": MAX_CHARACTERS})
    text = _QUOTES.sub('"', normalise_text(typed, "und"))
    terms = [term for match in _PART.finditer(text) if (term := _term(match)) is not None]
    if not any(not term.is_negative for term in terms):
        raise SearchError("search-empty", _("Give a word to search for."))
    if sum(len(term.words) for term in terms) > MAX_WORDS:
        raise SearchError("search-too-long", _("Search for at most %(count)d words.") % {"count": MAX_WORDS})
    return Question(text.strip(), tuple(dict.fromkeys(terms)), _script(terms))


def unfinished(typed: str) -> str:
    """The question of somebody who may still be typing: its last word may go on."""
    return re.sub(rf"(?:[^\W_]{{{MIN_UNFINISHED},}})$", r"\g<0>*", typed)


def _term(match: re.Match[str]) -> Term | None:
    phrase = match["phrase"]
    if phrase is not None:
        words = _lowered(phrase)
        return Term(words, is_negative=match["minus"] is not None) if words else None
    word = match["word"]
    words = _lowered(word)
    if not words:
        return None
    is_prefix = word.endswith("*") and len(words[-1]) >= MIN_PREFIX
    return Term(words, is_negative=word[0] in "-−", is_prefix=is_prefix)


def _lowered(text: str) -> tuple[str, ...]:
    return tuple(unicodedata.normalize("NFC", word.lower()) for word in words_in(text))


def _script(terms: list[Term]) -> str:
    found = [scripts_of(word) for term in terms for word in term.words]
    has_cyrillic, has_latin = any(one for one, _other in found), any(other for _one, other in found)
    if has_cyrillic == has_latin:
        return ""
    return "Cyrl" if has_cyrillic else "Latn"
