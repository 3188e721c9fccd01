"""What an item of a feed says under names that nothing else here reads: kept as properties, so that no word is lost."""

import re
from collections.abc import Collection, Iterator

from lxml import etree

from newsexchange.parsing.base import Text
from newsexchange.parsing.elements import Children
from newsexchange.parsing.markup import XML_NS, local_name, one_line

# Numbers of comments, views and votes are others at every visit: kept, they would make an unchanged story a new one.
COUNTED = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)*%?")
MEASURING = ("geo", "georss", "gml")  # prefixes of elements whose numbers say where something is


def properties_of(children: Children, read: Collection[str]) -> Iterator[Text]:
    """A property for each element whose name is not among those ``read``, under its name in the document."""
    for name, elements in children.items():
        if name not in read:
            for element in elements:
                if value := words_in(element):
                    yield Text("property", value, _written_name(element))


def words_in(element: etree._Element) -> str:
    """All words in an element on one line, those of attributes too; without bare numbers, unless they are a place."""
    is_place = element.prefix in MEASURING
    found = []
    for node in element.iter(etree.Element):
        found += [value for name, value in node.attrib.items() if not str(name).startswith(XML_NS)]
        found.append(node.text or "")
        if node is not element:
            found.append(node.tail or "")
    lines = (one_line(value) for value in found)
    return " ".join(line for line in lines if line and (is_place or not COUNTED.fullmatch(line)))


def _written_name(element: etree._Element) -> str:
    name = local_name(element)
    return f"{element.prefix}:{name}" if element.prefix else name
