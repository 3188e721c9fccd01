"""What no field takes: kept word for word as notes of the record, under the path that it stood at."""

from collections.abc import Iterator

from lxml import etree

from archive.parsing.base import ParsedRecord
from archive.parsing.reading import local

MAX_NOTES = 200  # of one element; a document of another kind would fill pages
MAX_NOTE_CHARS = 20_000
_NOISE = frozenset({"schemalocation", "lang", "ref", "source", "version", "type"})


def keep_rest(record: ParsedRecord, element: etree._Element) -> None:
    """One note for an element with all that stands in and below it."""
    lines = []
    for path, value in _values(element, local(element)):
        lines.append((path, value))
        if len(lines) >= MAX_NOTES:
            break
    if not lines:
        return
    if len(lines) == 1:
        record.note(*_cut(lines[0]))
    else:
        record.note(*_cut((local(element), "; ".join(f"{path.partition('.')[2]}={value}" for path, value in lines))))


def _cut(line: tuple[str, str]) -> tuple[str, str]:
    return line[0], line[1][:MAX_NOTE_CHARS]


def _values(element: etree._Element, path: str) -> Iterator[tuple[str, str]]:
    text = " ".join((element.text or "").split())
    if text:
        yield path, text
    for name, value in element.attrib.items():
        plain = str(name).rpartition("}")[2]
        if plain.lower() not in _NOISE and str(value).strip():
            yield f"{path}.{plain}", " ".join(str(value).split())
    for child in element.iterchildren(etree.Element):
        yield from _values(child, f"{path}.{local(child)}")
        tail = " ".join((child.tail or "").split())
        if tail:
            yield path, tail
