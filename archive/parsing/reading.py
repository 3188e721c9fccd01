"""Bytes from anywhere → text, and a tree that is safe to walk: no network, no entities, bounded size and depth.

What is not well-formed is read as far as it goes; then ``is_damaged`` says that something may be missing.
"""

import codecs
import re
from dataclasses import dataclass

import charset_normalizer
from lxml import etree

from archive.parsing.base import MAX_BYTES, Code, DocumentError

MAX_DEPTH = 60
MAX_ATTRIBUTES = 200  # of one element
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WIDE = (
    (re.compile(rb"[\x09-\x7e]\0\0\0[\x09-\x7e]\0\0\0"), "utf-32-le"),
    (re.compile(rb"\0\0\0[\x09-\x7e]\0\0\0[\x09-\x7e]"), "utf-32-be"),
    (re.compile(rb"[\x09-\x7e]\0[\x09-\x7e]\0"), "utf-16-le"),
    (re.compile(rb"\0[\x09-\x7e]\0[\x09-\x7e]"), "utf-16-be"),
)
_DECLARATION = re.compile(r"\s*<\?xml\b[^>]{0,500}?\?>")
_DECLARED = re.compile(rb"""<\?xml\b[^>]{0,300}?encoding\s*=\s*["']([\w.:-]{1,40})["']""")
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_DOCTYPE = re.compile(r"<!DOCTYPE[^\[>]{0,2000}(\[)?", re.IGNORECASE)
_TOO_DEEP = etree.XPath("boolean(" + "/*" * (MAX_DEPTH + 1) + ")")
_TOO_WIDE = etree.XPath(f"boolean(//*[count(@*) > {MAX_ATTRIBUTES}])")
_GUESSABLE = ["cp1251", "koi8_r", "iso8859_5", "cp1250", "cp1252"]
_SAMPLE_BYTES = 64 * 1024
# Python calls these text, but they turn ASCII into something else.
_NOT_FOR_DOCUMENTS = frozenset({"utf-7", "idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined"})


@dataclass(frozen=True, slots=True)
class Tree:
    root: etree._Element
    is_damaged: bool


def check_size(payload: bytes) -> None:
    """Raises DocumentError for nothing, and for too much."""
    if len(payload) > MAX_BYTES:
        raise DocumentError(Code.TOO_LARGE, f"{len(payload)} bytes, at most {MAX_BYTES} are read")
    if not payload.strip(b" \t\r\n\0\xef\xbb\xbf\xfe\xff"):
        raise DocumentError(Code.NO_RECORDS, "the document is empty")


def decode(payload: bytes) -> str:
    """By byte order mark, else as UTF-8, else as the XML declaration says, else as the letters suggest.

    Cyrillic in windows-1251 is what old catalogues of our partners export. Raises DocumentError.
    """
    for mark, encoding in _MARKS:
        if payload.startswith(mark):
            return _strictly(payload[len(mark) :], encoding)
    for pattern, encoding in _WIDE:
        if pattern.match(payload):
            return _strictly(payload, encoding)
    try:
        return payload.decode("utf-8")
    except UnicodeDecodeError:
        pass
    declared = _DECLARED.search(payload[:600])
    if declared and (codec := _codec(declared[1].decode("ascii"))):
        try:
            return payload.decode(codec)
        except UnicodeDecodeError:
            pass
    return _guess(payload)


def _strictly(payload: bytes, encoding: str) -> str:
    try:
        return payload.decode(encoding)
    except UnicodeDecodeError as error:
        raise DocumentError(Code.BAD_ENCODING, f"not valid {encoding}: {error.reason}") from error


def _codec(label: str) -> str:
    try:
        info = codecs.lookup(label)
    except LookupError:
        return ""
    is_usable = info._is_text_encoding and info.name not in _NOT_FOR_DOCUMENTS
    # A wide encoding would have shown in the first bytes.
    return info.name if is_usable and not info.name.startswith(("utf-16", "utf-32")) else ""


def _guess(payload: bytes) -> str:
    telling = b"\n".join(line for line in payload.splitlines() if not line.isascii())[:_SAMPLE_BYTES]
    best = charset_normalizer.from_bytes(telling, cp_isolation=_GUESSABLE).best()
    if best is not None:
        try:
            return payload.decode(best.encoding)
        except UnicodeDecodeError:
            pass  # the sample fitted, the rest does not
    raise DocumentError(Code.BAD_ENCODING, "the text fits none of the encodings that it could be in")


def load_tree(payload: bytes) -> Tree:
    """The root of an XML document, mended where it must be. Raises DocumentError."""
    check_size(payload)
    text = decode(payload).lstrip("\ufeff")
    declaration = _DECLARATION.match(text)
    text = text[declaration.end() :] if declaration else text
    doctype = _DOCTYPE.search(text[:20_000])
    if doctype and doctype[1]:
        # Nobody's catalogue needs entities of its own; whoever declares some wants them expanded or fetched.
        raise DocumentError(Code.HOSTILE, "the document brings declarations of its own (an internal DTD subset)")
    try:
        return Tree(_checked(_parsed(text, recover=False)), is_damaged=False)
    except etree.XMLSyntaxError as error:
        wrong = str(error)
    try:
        return Tree(_checked(_parsed(_ILLEGAL.sub("", text), recover=True)), is_damaged=True)
    except etree.XMLSyntaxError:
        raise DocumentError(Code.NOT_WELL_FORMED, wrong[:300]) from None


def _parsed(text: str, *, recover: bool) -> etree._Element:
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
    root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    if root is None:  # the recovering parser found nothing at all
        raise DocumentError(Code.NOT_WELL_FORMED, "there is no element in it")
    return root


def _checked(root: etree._Element) -> etree._Element:
    if _TOO_DEEP(root):
        raise DocumentError(Code.HOSTILE, f"elements nest deeper than {MAX_DEPTH}")
    if _TOO_WIDE(root):
        raise DocumentError(Code.HOSTILE, f"an element has more than {MAX_ATTRIBUTES} attributes")
    return root


def local(element: etree._Element) -> str:
    """The name without its namespace: real documents bind prefixes to anything."""
    return element.tag.rpartition("}")[2].rpartition(":")[2] if isinstance(element.tag, str) else ""


def text_of(element: etree._Element | None) -> str:
    """All text inside, white space at line ends and around it taken away."""
    if element is None:
        return ""
    whole = "".join(element.itertext()) if len(element) else element.text or ""
    lines = (" ".join(line.split()) for line in whole.strip().splitlines())
    return "\n".join(lines).strip()


def line_of(element: etree._Element | None) -> str:
    return " ".join(text_of(element).split())


def attribute(element: etree._Element, *names: str) -> str:
    """The first of these attributes that says something, whatever its namespace and case."""
    wanted = {name.lower() for name in names}
    for name, value in element.attrib.items():
        if str(name).rpartition("}")[2].lower() in wanted and str(value).strip():
            return " ".join(str(value).split())
    return ""


def children(element: etree._Element) -> list[etree._Element]:
    return list(element.iterchildren(etree.Element))
