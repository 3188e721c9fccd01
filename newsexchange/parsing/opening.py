"""The first kilobytes of a payload, enough to see what it claims to be."""

import re

from newsexchange.parsing.base import DocumentError
from newsexchange.parsing.charset import decode_document, without_declaration

OPENING_BYTES = 64 * 1024  # prologs with long licence comments exist
PROLOG = re.compile(r"\s+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>", re.DOTALL | re.IGNORECASE)
ROOT = re.compile(r"<(?:[\w.-]+:)?([A-Za-z_][\w.-]*)")
# What a web server's software may put before a feed that it generates: a warning, a greeting, a stray blank page.
MAX_JUNK_CHARS = 4096
HTML_SCRAPS = frozenset({"b", "br", "center", "div", "font", "hr", "p", "pre", "span", "table"})
FEED_BEGINS = re.compile(r"<\?xml\s[^<>]{0,200}\?>|<(?:rss|feed|rdf:RDF)[\s>]", re.IGNORECASE)


def opening_text(payload: bytes, content_type: str) -> str:
    """The decoded beginning, "" when it fits no encoding."""
    head = payload[:OPENING_BYTES]
    for cut in range(4):  # the slice may end inside a character
        try:
            return without_declaration(decode_document(head[: len(head) - cut], content_type))
        except DocumentError:
            continue
    return ""


def without_junk(text: str) -> str:
    """The text from where a feed begins, when scraps of something else stand before it and no web page is around it."""
    if text[:1] in {"", "{", "["}:
        return text
    name = _root(text)
    if name and name.lower() not in HTML_SCRAPS:
        return text
    begins = FEED_BEGINS.search(text, 0, MAX_JUNK_CHARS)
    return without_declaration(text[begins.start() :]) if begins else text


def root_name(payload: bytes, content_type: str) -> str:
    """The local name of the root element, as written; "" when there is none near the beginning."""
    return _root(without_junk(opening_text(payload, content_type)))


def _root(text: str) -> str:
    position = 0
    while match := PROLOG.match(text, position):
        position = match.end()
    root = ROOT.match(text, position)
    return root[1] if root else ""
