"""Entries that were read before, told by their bytes before anything is made of them.

A fingerprint covers the entry's own bytes, what the format reads of the document around it, and the parsers themselves:
a changed line of theirs, or another libxml2, and everything is read again.
"""

from collections.abc import Collection
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path

from lxml import etree

FINGERPRINT_BYTES = 16
# What a channel says of itself anew with each visit, and no parser takes into an entry.
VOLATILE = frozenset({"lastBuildDate", "pubDate", "ttl", "generator", "updated", "modified", "items"})


class Known:
    """What a feed's last document left behind, and which of its entries a parser has skipped for it.

    Nothing is skipped before ``begin``; a format that never calls it has all its entries read every time.
    """

    def __init__(self, fingerprints: Collection[bytes] = ()) -> None:
        self._fingerprints = frozenset(fingerprints)
        self.context = b""
        self.skipped: dict[bytes, None] = {}  # in the order of the document

    def begin(self, format: str, *around: bytes) -> None:
        """Say what, beside its own bytes, the entries of this document are read with."""
        digest = blake2b(_generation(), digest_size=32)
        for part in (format.encode(), *around):
            digest.update(len(part).to_bytes(8, "big") + part)
        self.context = digest.digest()

    def skips(self, raw: bytes) -> bool:
        """Whether an entry with these bytes needs no reading; it is noted if so."""
        if not self._fingerprints or not self.context or not raw:
            return False
        fingerprint = fingerprint_of(raw, self.context)
        if fingerprint not in self._fingerprints:
            return False
        self.skipped[fingerprint] = None
        return True


def fingerprint_of(raw: bytes, context: bytes) -> bytes:
    """Of an entry's bytes, with ``ParsedDocument.context``."""
    return blake2b(raw, key=context, digest_size=FINGERPRINT_BYTES).digest()


def surroundings(root: etree._Element, elements: Collection[etree._Element]) -> list[bytes] | None:
    """All of an XML feed but its entries and what changes with every visit; None where entries stand in odd places."""
    entries = set(elements)
    holders = {element.getparent() for element in entries} - {None}
    holders |= {root, *root.iterchildren("{*}channel")}
    if any(holder is not root and holder.getparent() is not root for holder in holders):
        return None
    around = []
    for holder in (root, *(child for child in root if child in holders)):
        around.append(repr((holder.tag, sorted(holder.attrib.items()))).encode("utf-8", "replace"))
        around += [
            etree.tostring(child, encoding="utf-8", with_tail=False)
            for child in holder
            if child not in entries and child not in holders and not _is_volatile(child)
        ]
    return around


def _is_volatile(element: etree._Element) -> bool:
    return isinstance(element.tag, str) and element.tag.rpartition("}")[2] in VOLATILE


@lru_cache(maxsize=1)
def _generation() -> bytes:
    """Of the source of all parsers and the libraries they stand on."""
    digest = blake2b(repr((etree.LXML_VERSION, etree.LIBXML_VERSION)).encode(), digest_size=32)
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.digest()
