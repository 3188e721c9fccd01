"""What the XML documents share: elements by name, texts that XML can hold, tags of languages."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from lxml import etree

from archive.models import Item
from mediaexchange.core.languages.tags import to_bcp47

XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
# XML 1.0 section 2.2.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Shown:
    """An item for one reader. ``is_own``: their house holds it, so they see its shelves, its provenance, how many parts
    it should have, where its carriers stand and which files there are.

    ``shows_parent``: they may read the whole that it is part of.
    """

    item: Item
    is_own: bool = False
    shows_parent: bool = False


def clean(text: object) -> str:
    return _ILLEGAL.sub("", str(text))


def add(
    parent: etree._Element, name: str, text: object = "", attributes: Mapping[str, object] | None = None
) -> etree._Element:
    """A child in the parent's namespace, or in one written as ``{…}name``; attributes that say nothing are left out."""
    tag = name if name.startswith("{") else f"{{{etree.QName(parent).namespace}}}{name}"
    child = etree.SubElement(parent, tag)
    for key, value in (attributes or {}).items():
        if value not in (None, ""):
            child.set(key, clean(value))
    if text not in (None, ""):
        child.text = clean(text)
    return child


def tag_of(language: str) -> str:
    """The BCP 47 tag of a stored language's column: Serbian is written in Cyrillic."""
    return to_bcp47(language)


def serialised(root: etree._Element) -> bytes:
    document: bytes = etree.tostring(root, encoding="utf-8", xml_declaration=True)
    return document
