"""The first kilobytes of a payload, enough to see what it claims to be."""

import re

from newsexchange.parsing.base import DocumentError
from newsexchange.parsing.charset import decode_document, without_declaration

OPENING_BYTES = 64 * 1024  # prologs with long licence comments exist
PROLOG = re.compile(r"\s+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>", re.DOTALL | re.IGNORECASE)
ROOT = re.compile(r"<(?:[\w.-]+:)?([A-Za-z_][\w.-]*)")


def opening_text(payload: bytes, content_type: str) -> str:
    """The decoded beginning, "" when it fits no encoding."""
    head = payload[:OPENING_BYTES]
    for cut in range(4):  # the slice may end inside a character
        try:
            return without_declaration(decode_document(head[: len(head) - cut], content_type))
        except DocumentError:
            continue
    return ""


def root_name(payload: bytes, content_type: str) -> str:
    """The local name of the root element, as written; "" when there is none near the beginning."""
    text = opening_text(payload, content_type)
    position = 0
    while match := PROLOG.match(text, position):
        position = match.end()
    root = ROOT.match(text, position)
    return root[1] if root else ""
