"""Bytes from a stranger → a tree that is safe to walk: no network, no entities, bounded size, depth and attributes."""

import html.entities
import re

from lxml import etree

from newsexchange.parsing.base import DocumentError, ReasonCode
from newsexchange.parsing.charset import decode_document, without_declaration

MAX_BYTES = 15 * 1024 * 1024  # what the fetcher lets through after decompression
BLANKS = b" \t\r\n\0\xef\xbb\xbf\xfe\xff"  # white space and byte order marks, in any width
MAX_DEPTH = 100  # the deepest real NewsML-G2 item has about 25; libxml2 itself stops at 256
MAX_ATTRIBUTES = 200  # on one element; 200,000 cost feedparser 40 s of CPU
MAX_ENTRIES = 50_000  # more than twice the largest feed we measured; every entry costs memory of its own
MAX_ENTITY_CHARS = 16  # room for a character such as <!ENTITY nbsp "&#160;">, none for a bomb

# XML 1.0 section 2.2: characters that no document may hold, written out or by reference.
ILLEGAL_CHARACTERS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
TOO_DEEP = etree.XPath("boolean(" + "/*" * (MAX_DEPTH + 1) + ")")
TOO_MANY_ATTRIBUTES = etree.XPath(f"boolean(//*[count(@*) > {MAX_ATTRIBUTES}])")
# What is never closed reaches to the end: looking for its end again and again would take quadratic time.
CDATA_OR_AMPERSAND = re.compile(
    r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)|&(#[0-9]+;|#[xX][0-9a-fA-F]+;|[a-zA-Z][a-zA-Z0-9]*;)?"
    r"|<(?=[\s=0-9])",
    re.DOTALL,
)
# Possessive: a tag that is never closed must not be tried from every equals sign in it.
UNQUOTED_TAG = re.compile(r"<[A-Za-z][^<>=\"']*+=[^<>\"']*+>")
UNQUOTED = re.compile(r"(\s[A-Za-z_:][\w:.-]*+=)([^\s=<>]+?)(?=\s|/?>)")
XML_ENTITIES = frozenset({"amp;", "lt;", "gt;", "quot;", "apos;"})


def check_size(payload: bytes) -> None:
    """Raises DocumentError for a payload that is empty or above MAX_BYTES."""
    if len(payload) > MAX_BYTES:
        raise DocumentError(ReasonCode.TOO_LARGE, f"{len(payload)} bytes, at most {MAX_BYTES} are read")
    if not payload.strip(BLANKS):
        raise DocumentError(ReasonCode.NOT_WELL_FORMED, "the document is empty")


def check_entry_count(count: int) -> None:
    """Raises DocumentError for more than MAX_ENTRIES."""
    if count > MAX_ENTRIES:
        raise DocumentError(ReasonCode.TOO_LARGE, f"{count} entries, at most {MAX_ENTRIES} are read")


def read_text(payload: bytes, content_type: str) -> str:
    """The document as text, its size checked and its XML declaration removed. Raises DocumentError."""
    check_size(payload)
    return without_declaration(decode_document(payload, content_type))


def load_xml(text: str) -> etree._Element:
    """The root of a well-formed document; DocumentError says what is wrong with any other."""
    try:
        return _load(text, recover=False)
    except etree.XMLSyntaxError as error:
        raise DocumentError(ReasonCode.NOT_WELL_FORMED, str(error)) from error


def load_damaged_xml(text: str) -> etree._Element:
    """The root of what can be saved of a document that is not well-formed. The caller accounts for what is missing."""
    mended = mend(text)
    try:
        return _load(mended, recover=False)
    except etree.XMLSyntaxError:
        pass
    try:
        return _load(mended, recover=True)
    except etree.XMLSyntaxError as error:
        raise DocumentError(ReasonCode.NOT_WELL_FORMED, str(error)) from error


def mend(text: str) -> str:
    """The commonest damage repaired without loss: HTML's entities, bare & and <, control characters, missing quotes."""

    def repaired(match: re.Match[str]) -> str:
        reference = match[1]
        if reference is None:
            return html.escape(match[0]) if match[0] in {"&", "<"} else match[0]
        if reference in XML_ENTITIES:
            return match[0]
        if reference.startswith("#"):
            # XML knows "&#x41;" alone, HTML "&#X41;" too.
            return match[0].lower() if _is_legal(reference) else ""
        return _character(reference) or f"&amp;{reference}"

    text = ILLEGAL_CHARACTERS.sub("", CDATA_OR_AMPERSAND.sub(repaired, text))
    return UNQUOTED_TAG.sub(lambda tag: UNQUOTED.sub(r'\1"\2"', tag[0]), text)


def _character(reference: str) -> str:
    """What "eacute;" stands for, "" if nothing. Escaped: "LT;" is known to HTML too and must not open a tag."""
    return html.escape(html.entities.html5.get(reference, ""))


def _is_legal(reference: str) -> bool:
    digits = reference[1:-1]
    if len(digits) > 8:
        return False
    code = int(digits[1:], 16) if digits[0] in "xX" else int(digits)
    return 0 < code <= 0x10FFFF and not ILLEGAL_CHARACTERS.match(chr(code))


def _load(text: str, *, recover: bool) -> etree._Element:
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        recover=recover,
        remove_comments=True,
        remove_pis=True,
    )
    if "<!DOCTYPE" in text:
        text = _with_characters(text)
    root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    if root is None:  # the recovering parser found nothing at all
        raise DocumentError(ReasonCode.NOT_WELL_FORMED, "there is no element in it")
    if TOO_DEEP(root):
        raise DocumentError(ReasonCode.TOO_DEEP, f"elements nest deeper than {MAX_DEPTH}")
    if TOO_MANY_ATTRIBUTES(root):
        raise DocumentError(ReasonCode.TOO_LARGE, f"an element has more than {MAX_ATTRIBUTES} attributes")
    _refuse_entities(root)
    return root


def _with_characters(text: str) -> str:
    """HTML's named characters in place of references to them, which a document type may have declared elsewhere."""

    def character(match: re.Match[str]) -> str:
        reference = match[1]
        known = reference is not None and reference not in XML_ENTITIES
        return (_character(reference) if known else "") or match[0]

    return CDATA_OR_AMPERSAND.sub(character, text)


def _refuse_entities(root: etree._Element) -> None:
    """Nothing is expanded: a document that declares or wants more than a character is refused."""
    dtd = root.getroottree().docinfo.internalDTD
    if dtd is not None:
        for entity in dtd.iterentities():
            content = entity.content or ""  # nothing for an external one, which is never fetched
            if content and (entity.name not in html.entities.name2codepoint or len(content) > MAX_ENTITY_CHARS):
                detail = f"the document defines an entity of its own: {entity.name[:40]}"
                raise DocumentError(ReasonCode.BAD_STRUCTURE, detail)
    reference = next(root.iter(etree.Entity), None)
    if reference is not None:
        detail = f"the document refers to an unknown entity: {reference.name[:40]}"
        raise DocumentError(ReasonCode.BAD_STRUCTURE, detail)
