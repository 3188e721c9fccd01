"""Timed text in any of the formats: found out, read, put into the language's stored script, written in a charset."""

import codecs
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext_lazy as _

from archive.formats import srt, stl, ttml, webvtt
from archive.formats.charset import UndecodableError, UnencodableError, decode, encode
from archive.formats.cues import MAX_BYTES, Cue, Fault, Run, SubtitleError, Subtitles, Written
from mediaexchange.core.errors import DomainError
from mediaexchange.core.languages.normalise import normalise_text
from mediaexchange.core.languages.serbian import to_latin

_BETWEEN = "\n\ue000\n"  # between runs while a whole text is judged: a private letter that no text holds
_XML_CHARSET = re.compile(r'encoding="[^"]*"')


@dataclass(frozen=True, slots=True)
class Format:
    """``write`` is None for what is only read. ``is_unicode``: the format allows no charset but UTF-8."""

    name: str
    content_type: str
    extension: str
    write: Callable[[Sequence[Cue], str], Written] | None
    is_unicode: bool = False


FORMATS = {
    each.name: each
    for each in (
        Format("vtt", webvtt.CONTENT_TYPE, "vtt", webvtt.write_vtt, is_unicode=True),
        Format("srt", srt.CONTENT_TYPE, "srt", lambda cues, _language: srt.write_srt(cues)),
        Format("ttml", ttml.CONTENT_TYPE, "ttml", ttml.write_ttml),
        Format("stl", stl.CONTENT_TYPE, "stl", None),
    )
}
WRITTEN = tuple(name for name, each in FORMATS.items() if each.write is not None)


def read_subtitles(data: bytes, *, format: str = "", charset: str = "") -> Subtitles:
    """The cues of a file; its format and charset are found out unless they are named.

    Raises SubtitleError with the reason and, where it is known, the line.
    """
    if len(data) > MAX_BYTES:
        raise SubtitleError(Fault.TOO_LARGE)
    if format == "stl" or (not format and stl.is_stl(data)):
        return stl.read_stl(data)
    try:
        text, found = decode(data, charset)
    except UndecodableError as error:
        raise SubtitleError(Fault.CHARSET) from error
    if "\0" in text:
        raise SubtitleError(Fault.NOT_THIS_FORMAT)
    readers = {"vtt": webvtt.read_vtt, "srt": srt.read_srt, "ttml": ttml.read_ttml}
    read = readers[format or _looks_like(text)](text)
    return replace(read, charset=found)


def write_subtitles(cues: Sequence[Cue], format: str, *, language: str = "", charset: str = "utf-8") -> Written:
    """A file of these cues; with ``lost`` of what the format cannot carry.

    Raises DomainError where the charset lacks letters of the text: which ones stand in ``letters``.
    """
    known = FORMATS[format]
    if known.write is None:
        raise DomainError("format-not-written", _("This format is only read."), format=format)
    written = known.write(cues, language)
    if codecs.lookup(charset).name == "utf-8":
        return written
    if known.is_unicode:
        raise DomainError("charset-not-possible", _("WebVTT is always in UTF-8."), charset=charset)
    text = written.content.decode()
    if format == "ttml":
        text = _XML_CHARSET.sub(f'encoding="{charset.upper()}"', text, count=1)
    try:
        return Written(encode(text, charset), written.lost)
    except UnencodableError as error:
        raise DomainError(
            "letters-missing",
            _("%(charset)s does not have these letters: %(letters)s")
            % {"charset": charset, "letters": " ".join(error.letters)},
            charset=charset,
            letters=error.letters,
        ) from error


def normalised(cues: Sequence[Cue], language: str) -> tuple[Cue, ...]:
    """As it is stored. What script a text is in is a matter of the whole, not of the cue or the run."""
    texts = [run.text for cue in cues for run in cue.runs]
    whole = normalise_text(_BETWEEN.join(text.replace("\ue000", "") for text in texts), language)
    return _with_texts(cues, whole.split(_BETWEEN))


def in_latin(cues: Sequence[Cue]) -> tuple[Cue, ...]:
    """Serbian Cyrillic as Latin."""
    return _with_texts(cues, [to_latin(run.text) for cue in cues for run in cue.runs])


def plain(cues: Sequence[Cue]) -> list[list[int | str]]:
    """[start ms, end ms, text], as the database keeps them."""
    return [[cue.start_ms, cue.end_ms, cue.text] for cue in cues]


def from_plain(rows: Sequence[Sequence[int | str]]) -> tuple[Cue, ...]:
    return tuple(Cue(int(start), int(end), (Run(str(text)),)) for start, end, text in rows)


def _with_texts(cues: Sequence[Cue], texts: Sequence[str]) -> tuple[Cue, ...]:
    left = iter(texts)
    return tuple(replace(cue, runs=tuple(replace(run, text=next(left)) for run in cue.runs)) for cue in cues)


def _looks_like(text: str) -> str:
    opening = text[:2000].lstrip("\ufeff \t\r\n")
    if opening.startswith("WEBVTT"):
        return "vtt"
    return "ttml" if opening.startswith("<") else "srt"
