"""Translated text made recognisable: while `marking`, gettext writes in letters that nothing else uses.

Every letter that comes out of a catalog is moved to a private plane of Unicode. What still has common letters on a page
never went through gettext: it is hard-coded, or it is data. What was looked up is remembered, so that one walk shows
for every language whether its catalog has it.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from typing import Any
from unittest.mock import patch

from django.utils import translation as active
from django.utils.safestring import SafeData, mark_safe
from django.utils.translation import trans_real

from mediaexchange.core.languages.leftovers.words import foreign_words

PLANE = 0xF0000
_BASIC = 0xFFFF
_SEPARATOR = "\x04"  # as gettext joins context and message
# Placeholders, markup, entities and addresses must stay what they are.
_KEPT = re.compile(
    r"%\(\w+\)[#0 +-]*\d*(?:\.\d+)?[A-Za-z]|%[#0 +-]*\d*(?:\.\d+)?[sdrif]|\{[^{}]*\}|<[^<>]*>|&\w+;|&#\d+;|https?://\S+"
)

Function = Callable[..., str]
Message = tuple[str, int | None]  # what gettext looks up: the msgid with its context, and a number for plurals


class Lookups:
    """Every message that was looked up, with the place that stood in ``place`` when it was for the first time."""

    def __init__(self) -> None:
        self.place = ""
        self.first_places: dict[Message, str] = {}

    def note(self, message: Message) -> None:
        self.first_places.setdefault(message, self.place)


@cache
def moved(text: str) -> str:
    """The text with its letters in the private plane, all but placeholders and markup."""
    parts, end = [], 0
    for kept in _KEPT.finditer(text):
        parts += [_moved(text[end : kept.start()]), kept.group()]
        end = kept.end()
    return "".join([*parts, _moved(text[end:])])


def brought_back(text: str) -> str:
    """The text as a reader would see it."""
    return "".join(chr(ord(letter) & _BASIC) if ord(letter) >= PLANE else letter for letter in text)


@contextmanager
def marking() -> Iterator[Lookups]:
    """Within the block every translation, lazy ones too, comes out in private letters."""
    lookups = Lookups()
    with ExitStack() as stack:
        for name, message_of in _MESSAGES.items():
            marked = _marked(getattr(trans_real, name), message_of, lookups)
            stack.enter_context(patch.object(_backend(), name, marked, create=True))
        yield lookups


def is_translated(message: Message, language: str) -> bool:
    """Whether a catalog of the language has the message, in words of that language and in its script."""
    msgid, number = message
    if language == "en":
        return not foreign_words(msgid, language)
    for translation in _chain(trans_real.translation(language), language.partition("-")[0]):
        keys = [msgid, (msgid, translation.plural(1))] if number is None else [(msgid, translation.plural(number))]
        for key in keys:
            if (text := translation._catalog.get(key)) is not None:
                return not foreign_words(text, language)
    return False


def _chain(translation: Any, base: str) -> Iterator[Any]:
    """The catalog and those of its fallbacks that are of the same language: gettext goes from ru_RU to ru by itself."""
    yield translation
    while (translation := translation._fallback) is not None:
        if str(translation.info().get("language", "")).partition("_")[0] == base:
            yield translation


def _backend() -> Any:
    """Django's own switch between real and no translation, through which every call goes; not in its stubs."""
    return vars(active)["_trans"]


def _marked(original: Function, message_of: Callable[..., Message], lookups: Lookups) -> Function:
    def lookup(*arguments: Any) -> str:
        text = original(*arguments)
        message = message_of(*arguments)
        if text and not _is_marked(message[0]):  # a model's name may be looked up again when it is counted
            lookups.note(message)
        marked = moved(str(text))
        return mark_safe(marked) if isinstance(text, SafeData) else marked  # noqa: S308 — as safe as it was

    return lookup


def _is_marked(text: str) -> bool:
    return any(ord(letter) >= PLANE for letter in text)


def _moved(text: str) -> str:
    return "".join(chr(PLANE + ord(letter)) if letter.isalpha() and ord(letter) < _BASIC else letter for letter in text)


def _singular(message: str) -> Message:
    return str(message).replace("\r\n", "\n").replace("\r", "\n"), None


_MESSAGES: dict[str, Callable[..., Message]] = {
    "gettext": _singular,
    "pgettext": lambda context, message: _singular(f"{context}{_SEPARATOR}{message}"),
    "ngettext": lambda one, _many, number: (str(one), int(number)),
    "npgettext": lambda context, one, _many, number: (f"{context}{_SEPARATOR}{one}", int(number)),
}
