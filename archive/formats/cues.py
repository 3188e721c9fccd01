"""Timed text between two formats: cues of runs of one style, and what cannot be read or would be lost."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from mediaexchange.core.errors import DomainError, Message

MAX_CUES = 30_000
MAX_RUNS = 2_000  # of one cue
MAX_BYTES = 8 * 1024 * 1024
_LINE_END = re.compile(r"(?<![ \t])[ \t]*+\n[ \t\n]*+")
MAX_MS = 100 * 60 * 60 * 1000  # a hundred hours


class Fault(StrEnum):
    """Why a file of timed text is not read."""

    CHARSET = "charset-unknown"
    TOO_LARGE = "too-large"
    NOT_THIS_FORMAT = "not-this-format"
    BAD_TIME = "bad-time"
    NO_LENGTH = "no-length"
    NO_TEXT = "no-text"
    NO_END = "no-end"
    MALFORMED = "malformed"
    DOCTYPE = "doctype"
    BAD_LETTER = "bad-letter"


FAULTS: dict[str, Message] = {
    Fault.CHARSET: _("The text is in no charset that is known here."),
    Fault.TOO_LARGE: _("The text is longer than is kept here."),
    Fault.NOT_THIS_FORMAT: _("This is no file of that format."),
    Fault.BAD_TIME: _("Here a time is expected."),
    Fault.NO_LENGTH: _("The cue ends before it begins."),
    Fault.NO_TEXT: _("There is not one cue in it."),
    Fault.NO_END: _("The cue has no end."),
    Fault.MALFORMED: _("The document is damaged."),
    Fault.DOCTYPE: _("Documents with a DOCTYPE are not read."),
    Fault.BAD_LETTER: _("It holds letters that its charset does not have."),
}


class Beyond(StrEnum):
    """What timed text may carry that a format, or the plain text kept here, cannot."""

    BOLD = "bold"
    ITALIC = "italic"
    UNDERLINE = "underline"
    COLOUR = "colour"
    VOICE = "voice"
    POSITION = "position"
    NOTES = "notes"
    STYLESHEET = "stylesheet"
    REGIONS = "regions"
    RUBY = "ruby"
    STEPS = "steps"
    LANGUAGE = "language"
    FONT = "font"


BEYOND: dict[str, Message] = {
    Beyond.BOLD: _("bold"),
    Beyond.ITALIC: _("italics"),
    Beyond.UNDERLINE: _("underlining"),
    Beyond.COLOUR: _("colours"),
    Beyond.VOICE: _("names of speakers"),
    Beyond.POSITION: _("positions"),
    Beyond.NOTES: _("notes"),
    Beyond.STYLESHEET: _("style sheets"),
    Beyond.REGIONS: _("regions"),
    Beyond.RUBY: _("ruby"),
    Beyond.STEPS: _("steps within a cue"),
    Beyond.LANGUAGE: _("passages in another language"),
    Beyond.FONT: _("fonts and sizes"),
}


class SubtitleError(DomainError):
    """A file that is not read: ``fault`` with the line, from 1, where it is known."""

    def __init__(self, fault: Fault, line: int | None = None, detail: str = "") -> None:
        message: Message = FAULTS[fault]
        if line is not None:
            message = _("Line %(line)d: %(reason)s") % {"line": line, "reason": message}
        super().__init__(fault.value, message, line=line, found=detail[:100] or None)


@dataclass(frozen=True, slots=True)
class Run:
    """Text of one style; lines are parted by line feeds. ``colour`` is "#rrggbb" or "", which is white."""

    text: str
    is_bold: bool = False
    is_italic: bool = False
    is_underlined: bool = False
    colour: str = ""
    voice: str = ""

    @property
    def style(self) -> tuple[bool, bool, bool, str, str]:
        return self.is_bold, self.is_italic, self.is_underlined, self.colour, self.voice


@dataclass(frozen=True, slots=True)
class Cue:
    """``align`` is start, end or "" for the middle; ``is_top`` puts it at the upper edge of the picture."""

    start_ms: int
    end_ms: int
    runs: tuple[Run, ...]
    align: str = ""
    is_top: bool = False

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True, slots=True)
class Subtitles:
    """A file as it was read. ``beyond`` is what it carries besides cues and their styles; ``language`` a tag or ""."""

    format: str
    cues: tuple[Cue, ...]
    beyond: frozenset[Beyond] = frozenset()
    language: str = ""
    charset: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """A file to hand out, and what it could not carry."""

    content: bytes
    lost: frozenset[Beyond] = field(default_factory=frozenset)


def checked(start_ms: int, end_ms: int, line: int | None) -> tuple[int, int]:
    """Raises SubtitleError for a cue that ends before it begins or lies beyond all footage."""
    if end_ms <= start_ms:
        raise SubtitleError(Fault.NO_LENGTH, line)
    if start_ms < 0 or end_ms > MAX_MS:
        raise SubtitleError(Fault.BAD_TIME, line)
    return start_ms, end_ms


def in_order(cues: Iterable[Cue]) -> tuple[Cue, ...]:
    """By their beginning; those without words go. Raises SubtitleError for none, or too many, also of runs."""
    said = sorted((cue for cue in map(_tidy, cues) if cue.text), key=lambda cue: cue.start_ms)
    if not said:
        raise SubtitleError(Fault.NO_TEXT)
    if len(said) > MAX_CUES:
        raise SubtitleError(Fault.TOO_LARGE)
    return tuple(said)


def _tidy(cue: Cue) -> Cue:
    """Neighbours of one style joined, no empty runs and lines (they would end a cue), no blanks round the whole."""
    if len(cue.runs) > MAX_RUNS:
        raise SubtitleError(Fault.TOO_LARGE)
    runs: list[Run] = []
    for run in cue.runs:
        text = _LINE_END.sub("\n", run.text)
        if not runs or runs[-1].text.endswith("\n"):
            text = text.lstrip(" \t\n")
        elif text.startswith("\n"):
            runs[-1] = replace(runs[-1], text=runs[-1].text.rstrip(" \t"))
        if runs and runs[-1].style == run.style:
            runs[-1] = replace(runs[-1], text=runs[-1].text + text)
        elif text:
            runs.append(replace(run, text=text))
    while runs and not (last := runs[-1].text.rstrip(" \t\n")):
        runs.pop()
    if runs:
        runs[-1] = replace(runs[-1], text=last)
    return replace(cue, runs=tuple(runs))


def used_by(cues: Sequence[Cue]) -> frozenset[Beyond]:
    """The styles that occur."""
    found = set()
    for cue in cues:
        if cue.align or cue.is_top:
            found.add(Beyond.POSITION)
        for run in cue.runs:
            found |= set(_styles_of(run))
    return frozenset(found)


def _styles_of(run: Run) -> Iterator[Beyond]:
    if run.is_bold:
        yield Beyond.BOLD
    if run.is_italic:
        yield Beyond.ITALIC
    if run.is_underlined:
        yield Beyond.UNDERLINE
    if run.colour:
        yield Beyond.COLOUR
    if run.voice:
        yield Beyond.VOICE


def clock(ms: int, mark: str = ".") -> str:
    """HH:MM:SS.mmm"""
    seconds, rest = divmod(ms, 1000)
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}{mark}{rest:03d}"
