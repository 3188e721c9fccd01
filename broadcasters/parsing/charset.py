"""Which letters a file of text is written in: by its mark, by the zeros of UTF-16, as UTF-8, else by trial."""

import codecs
import re

from broadcasters.parsing.base import Code, TableError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SAMPLE = 64 * 1024
_CYRILLIC = re.compile("[\u0400-\u04ff]")
_MIXED = re.compile("[A-Za-z][\u0400-\u04ff]|[\u0400-\u04ff][A-Za-z]")
_VOWELS = frozenset("аеиоу")
# Of the letters of Cyrillic prose these vowels are two fifths; of Latin text read as Windows-1251 they are few, and
# stand between Latin letters.
_ENOUGH = 0.2


def decode(data: bytes) -> tuple[str, str]:
    """The text without its mark, and the charset found. Raises TableError."""
    for mark, charset in _MARKS:
        if data.startswith(mark):
            return _strictly(data[len(mark) :], charset), charset
    for charset in filter(None, (_wide(data), "utf-8")):
        try:
            return data.decode(charset), charset
        except UnicodeDecodeError:
            continue
    charset = "cp1251" if _is_cyrillic(data[:_SAMPLE]) else "cp1250"
    return _strictly(data, charset), charset


def _strictly(data: bytes, charset: str) -> str:
    try:
        return data.decode(charset)
    except UnicodeDecodeError as error:
        raise TableError(Code.BAD_ENCODING, str(error)) from error


def _wide(data: bytes) -> str:
    """UTF-16 without a mark: every other byte of what is ASCII in it is zero."""
    sample = data[:2000]
    if len(sample) < 4 or len(data) % 2:
        return ""
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if max(even, odd) * 10 < len(sample) // 2:
        return ""
    return "utf-16-be" if even > odd else "utf-16-le"


def _is_cyrillic(sample: bytes) -> bool:
    text = sample.decode("cp1251", "replace").lower()
    letters = _CYRILLIC.findall(text)
    if not letters or 2 * len(_MIXED.findall(text)) > len(letters):
        return False
    return sum(letter in _VOWELS for letter in letters) / len(letters) >= _ENOUGH
