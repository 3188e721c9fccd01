"""What people can read on a page, in an answer of the API, or in a text; and what of it was translated by nobody."""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from lxml import html

from mediaexchange.core.languages.leftovers.marking import PLANE, brought_back
from mediaexchange.core.languages.leftovers.words import foreign_words, is_international

Text = tuple[str, str]  # what is said, and where

_SILENT = {"script", "style", "template", "noscript", "textarea", "code", "pre", "kbd", "svg"}
_ICON = "material-symbols-outlined"  # its text is the name of a sign in a font
_ATTRIBUTES = ("title", "aria-label", "aria-description", "placeholder", "data-placeholder", "alt", "label", "summary")
_BUTTONS = {"submit", "button", "reset"}
_NO_PROSE = re.compile(
    r"\w+://\S+|[\w.+-]+@[\w.-]+\w"  # addresses
    r"|\b[\w-]*\d[\w-]*\b"  # numbers, identifiers, hashes
    r"|\b[A-Za-z]+(?:[._:]\w+)+\b"  # names in programs
    r"|/[\w./<>:-]+"  # paths
    r"|\b(?:YYYY|hh)[\w:.\[\]-]*|\[[\w:.\[\]-]*\]"  # formats of dates
    r"|\b(?:video|audio|image|text|application)/[\w.+-]+"  # media types
    r"|\[[a-z]{2}\]"  # the language of a column
    r"|\w*\*{3,}"  # a masked password
    r"|\b(?:[Aa]pi-)?[Zz]z\w*"  # what tests call their own rows
)
_WORD = re.compile("[A-Za-zÀ-ɏ]{2,}|[Ѐ-ԯ]+")
_MARKED = re.compile(f"[{chr(PLANE)}-{chr(PLANE + 0xFFFD)}]+")
_SAID = {"title", "detail", "message", "messages"}


class Data:
    """Words that may stand on a page though gettext never saw them: names of places and languages, in one pattern."""

    def __init__(self, words: Iterable[str]) -> None:
        longest_first = sorted({word for word in words if word}, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, longest_first)) or r"(?!)")
        self._known: dict[str, str] = {}

    def hard_coded(self, text: str) -> str:
        """The words of a text that never went through gettext, or "" if there are none."""
        if text not in self._known:
            self._known[text] = self._left(text)
        return self._known[text]

    def _left(self, text: str) -> str:
        rest = _MARKED.sub(lambda found: " " * len(found.group()), text)
        if not _words(_NO_PROSE.sub(" ", rest)):
            return ""
        return " ".join(_words(_NO_PROSE.sub(" ", self._pattern.sub(" ", rest))))


class Foreign(Data):
    """For pages in unmarked letters: what is in another language or script, as far as letters tell."""

    def __init__(self, language: str, words: Iterable[str]) -> None:
        super().__init__(words)
        self._language = language

    def _left(self, text: str) -> str:
        return " ".join(foreign_words(_NO_PROSE.sub(" ", self._pattern.sub(" ", text)), self._language))


def hard_coded(texts: Iterable[Text], data: Data) -> Iterator[Text]:
    """Those texts that hold words which never went through gettext: the words with their text, and the place."""
    for text, place in texts:
        if words := data.hard_coded(text):
            yield f"{words} — {' '.join(brought_back(text).split())}", place


def of_page(content: str) -> Iterator[Text]:
    """Every visible text of an HTML page and every text that is read out, but for parts that declare a language."""
    yield from _of_element(html.document_fromstring(content))


def of_answer(data: Any, key: str = "") -> Iterator[Text]:
    """What an answer of the API says to people."""
    if isinstance(data, dict):
        for name, value in data.items():
            yield from of_answer(value, name)
    elif isinstance(data, list):
        for value in data:
            yield from of_answer(value, key)
    elif isinstance(data, str) and key in _SAID:
        yield data, key


def _of_element(element: Any) -> Iterator[Text]:
    name = element.tag
    if not isinstance(name, str) or (name != "html" and (element.get("lang") or element.get("translate") == "no")):
        return
    for attribute in _ATTRIBUTES:
        if value := element.get(attribute):
            yield value, f"{name}[{attribute}]"
    if name == "input" and element.get("type") in _BUTTONS and element.get("value"):
        yield element.get("value"), "input[value]"
    if buttons := element.get("data-inline-formset"):
        options = json.loads(buttons)["options"]
        yield from ((options[key], f"{name}[data-inline-formset]") for key in ("addText", "deleteText"))
    if name in _SILENT or _ICON in element.get("class", ""):
        return
    if element.text and element.text.strip():
        yield element.text, name
    for child in element:
        yield from _of_element(child)
        if child.tail and child.tail.strip():
            yield child.tail, name


def _words(text: str) -> list[str]:
    return [word for word in _WORD.findall(text) if not is_international(word)]
