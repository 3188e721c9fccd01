"""Which characters a file of text is made of, and which of them a single-byte charset cannot hold."""

import codecs
import re

import charset_normalizer

# What may be asked for by name.
CHARSETS = ("utf-8", "utf-16", "windows-1251", "iso-8859-5", "windows-1250")
MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
CYRILLIC = ("cp1251", "iso8859-5")
OTHERS = ["cp1250", "cp1252", "iso8859_2", "koi8_r"]
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f]")
_CYRILLIC = re.compile("[\u0400-\u04ff]")
_MIXED = re.compile("[A-Za-z][\u0400-\u04ff]|[\u0400-\u04ff][A-Za-z]")
_VOWELS = frozenset("аеиоу")
_ENOUGH = 0.25  # of the letters of prose these vowels are two fifths, read by the other table a fifteenth
_SAMPLE = 64 * 1024


class UndecodableError(ValueError):
    """Bytes that are text in no charset that is expected here."""


class UnencodableError(ValueError):
    """Letters that a charset does not have; ``letters`` are these, sorted, each once."""

    def __init__(self, charset: str, letters: str) -> None:
        super().__init__(f"{charset}: {letters}")
        self.charset, self.letters = charset, letters


def decode(data: bytes, charset: str = "") -> tuple[str, str]:
    """The text without its mark, and the charset found. A mark wins, then what was named, then UTF-8, then a guess.

    Raises UndecodableError.
    """
    for mark, found in MARKS:
        if data.startswith(mark):
            return _strictly(data[len(mark) :], found), found
    wide = _wide(data)
    for candidate in (wide, charset, "utf-8"):
        if not candidate:
            continue
        try:
            text = data.decode(candidate)
        except (UnicodeDecodeError, LookupError):
            continue
        if "\0" not in text:
            return text, codecs.lookup(candidate).name
    return _guess(data)


def encode(text: str, charset: str) -> bytes:
    """Raises UnencodableError with the letters that this charset lacks; nothing is ever replaced by “?”."""
    try:
        return text.encode(charset)
    except UnicodeEncodeError:
        missing = sorted({letter for letter in text if not _fits(letter, charset)})
        raise UnencodableError(charset, "".join(missing)) from None


def _fits(letter: str, charset: str) -> bool:
    try:
        letter.encode(charset)
    except UnicodeEncodeError:
        return False
    return True


def _strictly(data: bytes, charset: str) -> str:
    try:
        return data.decode(charset)
    except UnicodeDecodeError as error:
        raise UndecodableError(charset) from error


def _wide(data: bytes) -> str:
    """UTF-16 without a mark: every other byte of what is ASCII in it is zero."""
    sample = data[:2000]
    if len(sample) < 4 or len(data) % 2:
        return ""
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if max(even, odd) * 5 < len(sample) // 2:
        return ""
    return "utf-16-be" if even > odd else "utf-16-le"


def _guess(data: bytes) -> tuple[str, str]:
    """Among single-byte charsets the one in which words look like words."""
    sample = data[:_SAMPLE]
    likeness = {charset: _likeness(sample, charset) for charset in CYRILLIC}
    best = max(likeness, key=lambda charset: likeness[charset])
    if likeness[best] < _ENOUGH:
        match = charset_normalizer.from_bytes(sample, cp_isolation=OTHERS).best()
        if match is None:
            raise UndecodableError("unknown")
        best = match.encoding
    text = _strictly(data, best)
    if "\0" in text:
        raise UndecodableError(best)
    return text, codecs.lookup(best).name


def _likeness(sample: bytes, charset: str) -> float:
    """What part of the Cyrillic letters are the commonest vowels; 0 where the text cannot be Cyrillic."""
    try:
        text = sample.decode(charset).lower()
    except UnicodeDecodeError:
        return 0.0
    letters = _CYRILLIC.findall(text)
    if not letters or _CONTROLS.search(text) or 2 * len(_MIXED.findall(text)) > len(letters):
        return 0.0
    return sum(1 for letter in letters if letter in _VOWELS) / len(letters)
