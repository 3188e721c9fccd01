"""EBU STL (Tech 3264-E) in: subtitles of a teletext age, by code tables such as 00 Latin and 01 Cyrillic."""

import io
import struct

from ttconv.stl import reader  # type: ignore[import-untyped]
from ttconv.stl.config import STLReaderConfiguration  # type: ignore[import-untyped]

from archive.formats.cues import Beyond, Fault, SubtitleError, Subtitles, in_order
from archive.formats.ttml import cues_of, heeded

CONTENT_TYPE = "application/x-ebu-stl"
_HEAD, _BLOCK = 1024, 128
_TABLES = {b"00": "iso6937", b"01": "iso8859-5", b"02": "iso8859-6", b"03": "iso8859-7", b"04": "iso8859-8"}
_COMMENT = 15  # the byte that marks a block as one for people who work on it
_USER_DATA = range(0xF0, 0xFF)


def is_stl(data: bytes) -> bool:
    return data[3:6] == b"STL" and data[6:8].isdigit() and data[8:9] == b"."


def read_stl(data: bytes) -> Subtitles:
    """Times are counted from the programme's start timecode, where the file has one that fits. Raises SubtitleError."""
    if not is_stl(data[:_HEAD]) or len(data) < _HEAD:
        raise SubtitleError(Fault.NOT_THIS_FORMAT, None, data[:11].decode("latin-1"))
    if (len(data) - _HEAD) % _BLOCK:
        raise SubtitleError(Fault.MALFORMED, None, "cut off")
    blocks = [data[at : at + _BLOCK] for at in range(_HEAD, len(data), _BLOCK)]
    said = [block for block in blocks if not block[_COMMENT]]
    beyond = {Beyond.NOTES} if len(said) < len(blocks) or any(block[3] in _USER_DATA for block in blocks) else set()
    try:
        with heeded() as complaints:
            kept = io.BytesIO(data[:_HEAD] + b"".join(said))
            document = reader.to_model(kept, STLReaderConfiguration(program_start_tc=_start(data, said)))
    except (ValueError, struct.error, LookupError, ArithmeticError) as error:
        raise SubtitleError(Fault.MALFORMED, None, str(error)) from error
    if complaints:
        raise SubtitleError(Fault.MALFORMED, None, "; ".join(complaints))
    cues = in_order(cues_of(document))
    if any("\ufffd" in cue.text for cue in cues):
        raise SubtitleError(Fault.BAD_LETTER)
    return Subtitles("stl", cues, frozenset(beyond), document.get_lang() or "", _TABLES.get(data[12:14], ""))


def _start(data: bytes, blocks: list[bytes]) -> str | None:
    """The programme's start, unless subtitles lie before it: then they are counted from zero already."""
    digits = data[256:264]
    if not digits.isdigit():
        return None
    start = tuple(int(digits[at : at + 2]) for at in range(0, 8, 2))
    first = min((tuple(block[5:9]) for block in blocks), default=start)
    return "TCP" if first >= start else None
