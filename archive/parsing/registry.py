"""Which format a document has, and its reader."""

from collections.abc import Callable
from typing import Any

from archive.parsing import ebucore, pbcore, tables
from archive.parsing.base import Code, DocumentError, ParsedDocument
from archive.parsing.reading import check_size, load_tree

READERS: dict[str, Callable[[bytes, frozenset[str]], ParsedDocument]] = {
    "csv": tables.parse_csv,
    "xlsx": tables.parse_xlsx,
    "pbcore": pbcore.parse,
    "ebucore": ebucore.parse,
}


def format_of(payload: bytes) -> str:
    """The format by content: names are never trusted. Raises DocumentError for what is none of ours."""
    check_size(payload)
    if payload.startswith(b"PK\x03\x04"):
        return "xlsx"
    opening = payload[:400].lstrip(b" \t\r\n\0\xef\xbb\xbf\xfe\xff")
    if opening.startswith(b"<"):
        root: Any = load_tree(payload).root
        for name, module in (("ebucore", ebucore), ("pbcore", pbcore)):
            if module.sniff(root):
                return name
        raise DocumentError(Code.UNKNOWN_FORMAT, "this XML is neither PBCore nor EBUCore")
    return "csv"


def parse(payload: bytes, format: str, own_sources: frozenset[str] = frozenset()) -> ParsedDocument:
    """Records and problems. Raises DocumentError and nothing else that a document could cause."""
    if format not in READERS:
        raise DocumentError(Code.UNKNOWN_FORMAT, f"there is no format called {format[:40]!r}")
    return READERS[format](payload, own_sources)
