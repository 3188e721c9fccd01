"""Which characters a payload is made of: byte order mark, HTTP header, XML declaration (RFC 7303 section 3)."""

import codecs
import re
from collections.abc import Iterator

import charset_normalizer

from newsexchange.parsing.base import DocumentError, ReasonCode

# UTF-32 before UTF-16: its little-endian mark begins with the shorter one.
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# How "<" or "{" followed by an ASCII character looks when a wide encoding comes without a mark.
WIDE_OPENINGS = (
    (re.compile(rb"[<{\[\s]\0\0\0[\x09-\x7e]\0\0\0", re.DOTALL), "utf-32-le"),
    (re.compile(rb"\0\0\0[<{\[\s]\0\0\0[\x09-\x7e]", re.DOTALL), "utf-32-be"),
    (re.compile(rb"[<{\[\s]\0[\x09-\x7e]\0", re.DOTALL), "utf-16-le"),
    (re.compile(rb"\0[<{\[\s]\0[\x09-\x7e]", re.DOTALL), "utf-16-be"),
    (re.compile(rb"\x4c\x6f\xa7\x94"), "cp037"),  # "<?xml" in EBCDIC
)
# Labels that the field uses for a subset of what it really sends.
WIDER_THAN_LABELLED = {
    "iso8859-1": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
}
# Codecs that Python calls text but that turn plain ASCII markup into something else.
NOT_FOR_DOCUMENTS = frozenset({"utf-7", "idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined"})
# Text in these can be valid UTF-8 by accident, or is ASCII with escape sequences.
MULTI_BYTE = ("gb", "big5", "euc", "cp949", "cp932", "shift", "iso2022", "hz", "johab")
GUESSABLE = ["cp1251", "koi8_r", "cp1252"]  # what our partners' unlabelled or mislabelled feeds turned out to be
GUESS_SAMPLE_BYTES = 64 * 1024  # the detector is thousands of times slower than a decoder
WIDE_SAMPLE_BYTES = 4 * 1024  # and slower still where it tries every encoding that it knows
CONVINCING = 0.6  # how much of a text must look like its language for an encoding that nobody here expects
DECLARATION = re.compile(r"^\s*<\?xml\b([^>]{0,512}?)\?>")
DECLARED_ENCODING = re.compile(r"""encoding\s*=\s*["']\s*([\w.:-]{1,40})\s*["']""")
CHARSET_PARAMETER = re.compile(r"""charset\s*=\s*["']?\s*([\w.:-]{1,40})""", re.IGNORECASE)


def decode_document(payload: bytes, content_type: str) -> str:
    """The payload as text without byte order mark. Raises DocumentError when no encoding fits.

    Text that decodes as UTF-8 is UTF-8, even where it is labelled with a single-byte encoding: such labels are added by
    default and survive conversions, while text in a single-byte encoding is hardly ever valid UTF-8 by accident.
    """
    for mark, encoding in BYTE_ORDER_MARKS:
        if payload.startswith(mark):
            return _strictly(payload[len(mark) :], encoding)
    for pattern, encoding in WIDE_OPENINGS:
        if pattern.match(payload):
            return _strictly(payload, encoding)
    for encoding in _candidates(payload, content_type):
        try:
            return payload.decode(encoding)
        except UnicodeDecodeError:
            continue
    return _guess(payload)


def without_declaration(text: str) -> str:
    """The document after its XML declaration, whose encoding no longer holds once the text is decoded."""
    text = text.lstrip("\ufeff")  # some software writes a second mark
    declaration = DECLARATION.match(text)
    return (text[declaration.end() :] if declaration else text).lstrip()


def _strictly(payload: bytes, encoding: str) -> str:
    try:
        return payload.decode(encoding)
    except UnicodeDecodeError as error:
        raise DocumentError(ReasonCode.BAD_ENCODING, f"not valid {encoding}: {error.reason}") from error


def _candidates(payload: bytes, content_type: str) -> Iterator[str]:
    header = CHARSET_PARAMETER.search(content_type)
    declaration = DECLARATION.match(payload[:600].decode("latin-1"))
    declared = DECLARED_ENCODING.search(declaration[1]) if declaration else None
    named = [_codec(match[1]) for match in (header, declared) if match]
    if not any(encoding.startswith(MULTI_BYTE) for encoding in named):
        yield "utf-8"
    for encoding in named:
        # A wide encoding would have shown in the first bytes: here it is a label that survived a conversion.
        if encoding and not encoding.startswith(("utf-16", "utf-32")):
            yield encoding
    yield "utf-8"


def _codec(label: str) -> str:
    try:
        info = codecs.lookup(label)
    except LookupError:
        return ""
    if info.name in NOT_FOR_DOCUMENTS or not info._is_text_encoding:
        return ""
    return WIDER_THAN_LABELLED.get(info.name, info.name)


def _guess(payload: bytes) -> str:
    telling = b"\n".join(line for line in payload.splitlines() if not line.isascii())[:GUESS_SAMPLE_BYTES]
    best = charset_normalizer.from_bytes(telling, cp_isolation=GUESSABLE).best()
    # Hebrew, Greek or Thai letters are Cyrillic nonsense: what reads clearly better as another language is that.
    other = charset_normalizer.from_bytes(telling[:WIDE_SAMPLE_BYTES]).best()
    if other is not None and other.coherence >= CONVINCING and (best is None or other.coherence > best.coherence):
        best = other
    if best is not None:
        try:
            return payload.decode(best.encoding)
        except UnicodeDecodeError:
            pass  # the sample fitted, the rest does not: no honest answer is left
    raise DocumentError(ReasonCode.BAD_ENCODING, "the text fits none of the encodings it names, nor a common one")
