"""What an item says and no field of its entry took: kept as properties, so that reading it never loses a word.

Agencies put into metadata what no standard foresees and no parser looks for. An entry is therefore held against its
item at the end: a value that is nowhere in the entry becomes part of a property under the name of what it stands in.
"""

import html
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import date
from itertools import chain
from typing import Any

from lxml import etree

from newsexchange.parsing.base import (
    Association,
    Entity,
    Entry,
    Hop,
    Rendition,
    Restriction,
    RightsStatement,
    Shot,
    Soundbite,
    Text,
    names_of,
)
from newsexchange.parsing.dates import parse_date
from newsexchange.parsing.g2_metadata import last_part
from newsexchange.parsing.json_text import JsonObject
from newsexchange.parsing.markup import XML_NS, language_tag, local_name, one_line

LONGEST_EXACT = 4  # shorter words stand inside others by accident
# For one entry; what comes after is kept without looking for it.
MAX_LOOKED_FOR = 10_000  # values
MAX_LOOKED_THROUGH = 50_000_000  # characters
NUMBER = re.compile(r"[+-]?[0-9]{1,18}(?:\.[0-9]{1,18})?")
DATED = re.compile(r"[0-9]{4}-?[0-9]{2}-?[0-9]{2}")
TAG = re.compile(r"<[^<>]*>")
CODES = ("qcode", "code")
PARTS = frozenset({Association, Entity, Hop, Rendition, Restriction, RightsStatement, Shot, Soundbite, Text})
SCHEMAS = "{http://www.w3.org/2001/XMLSchema-instance}"


class Said:
    """All that an entry holds, to be asked whether something is among it."""

    def __init__(self, entry: Entry) -> None:
        self._words: set[str] = set()
        self._numbers: set[float] = set()
        self._moments: set[date] = set()
        for name in names_of(Entry):
            if name != "raw":
                self._take(getattr(entry, name))
        self._text = ""
        self._values_left, self._characters_left = MAX_LOOKED_FOR, MAX_LOOKED_THROUGH

    def holds(self, value: str, *, is_code: bool = False) -> bool:
        """Whether the value is in the entry, as it is, as a date, a number, a language, or as what a role ends with;
        the code of a concept only whole."""
        if self._values_left <= 0:
            return False
        self._values_left -= 1
        line = _line(value).casefold()
        if not line or line in self._words:
            return True
        if DATED.match(line) and (moment := parse_date(line)) is not None:
            return moment in self._moments
        if NUMBER.fullmatch(line):
            return float(line) in self._numbers or float(line) * 1000 in self._numbers
        ends = set() if is_code else {last_part(line), language_tag(line).casefold()} - {""}
        return not ends.isdisjoint(self._words) or (len(line) >= LONGEST_EXACT and self._is_inside(line))

    def _is_inside(self, line: str) -> bool:
        if not self._text:
            self._text = _flat(" \n ".join(self._words))
        self._characters_left -= len(self._text)
        return self._characters_left > 0 and (_flat(line) if "<" in line or "&" in line else line) in self._text

    def _take(self, value: Any) -> None:
        kind = type(value)
        if kind is str:
            if value:
                self._words.add(_line(value).casefold())
        elif kind is tuple:
            for item in value:
                self._take(item)
        elif kind in PARTS:
            for name in names_of(kind):  # type: ignore[arg-type]  # every class can be hashed
                self._take(getattr(value, name))
        elif kind is int or kind is float:
            self._numbers.add(value)
        elif isinstance(value, date):
            self._moments.add(value)


def with_leftovers_of_xml(entry: Entry, blocks: Iterable[etree._Element], skipped: Collection[str]) -> Entry:
    """The entry with a property for each element in the blocks that says more, and for each block's own words.

    ``skipped`` names what is never looked at inside a block: elements plainly, attributes with an @.
    """
    said = Said(entry)
    found = []
    for block in blocks:
        own = chain(_attributes(block, "", skipped), [("", block.text or "")])
        found.append(_property(local_name(block), "", said, own))
        for element in block.iterchildren(etree.Element):
            if local_name(element) not in skipped:
                title = next((one_line(each.text) for each in element.iterfind("{*}name")), "")
                found.append(_property(local_name(element), title, said, _of_element(element, skipped)))
    return _completed(entry, found)


def with_leftovers_of_json(entry: Entry, item: JsonObject, skipped: Collection[str]) -> Entry:
    """The same for an object: a property for each of its members, or each member of a list, that says more."""
    said = Said(entry)
    found = []
    for name, value in item.items():
        if name not in skipped:
            for each in value if isinstance(value, list) else [value]:
                title = each.get("name") if isinstance(each, dict) else ""
                found.append(_property(name, title if isinstance(title, str) else "", said, _of_value(each, "")))
    return _completed(entry, found)


def _completed(entry: Entry, found: Iterable[Text | None]) -> Entry:
    properties = tuple(dict.fromkeys(one for one in found if one is not None))
    return replace(entry, texts=(*entry.texts, *properties)) if properties else entry


def _property(name: str, title: str, said: Said, values: Iterator[tuple[str, str]]) -> Text | None:
    """ "Reuters: role=photographer; Belgrade" under "creator": attributes by their names, texts as they are."""
    lines = ((path, _line(value)) for path, value in values)
    words = [
        f"{path}={line}" if path else line for path, line in lines if not said.holds(line, is_code=path.endswith(CODES))
    ]
    if not words:
        return None
    return Text("property", ": ".join(filter(None, (title, "; ".join(dict.fromkeys(words))))), name)


def _of_element(element: etree._Element, skipped: Collection[str], above: str = "") -> Iterator[tuple[str, str]]:
    yield from _attributes(element, above, skipped)
    if element.text:
        yield "", element.text
    for child in element.iterchildren(etree.Element):
        if (name := local_name(child)) not in skipped:
            yield from _of_element(child, skipped, f"{above}{name}.")
        if child.tail:
            yield "", child.tail


def _attributes(element: etree._Element, above: str, skipped: Collection[str]) -> Iterator[tuple[str, str]]:
    for name, value in element.attrib.items():
        plain = str(name).rpartition("}")[2]
        if f"@{plain}" not in skipped and not str(name).startswith((SCHEMAS, XML_NS)):
            yield f"{above}{plain}", str(value)


def _of_value(value: Any, above: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, each in value.items():
            yield from _of_value(each, f"{above}.{name}" if above else name)
    elif isinstance(value, list):
        for each in value:
            yield from _of_value(each, above)
    elif isinstance(value, str | int | float) and not isinstance(value, bool):
        yield above, str(value)


def _line(text: str) -> str:
    """As ``one_line``, for texts that are many and mostly short."""
    return " ".join(text.split())


def _flat(text: str) -> str:
    return _line(html.unescape(TAG.sub(" ", html.unescape(text)))).casefold()
