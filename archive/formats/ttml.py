"""TTML and its profile for subtitles, IMSC 1.1 text (W3C), in and out; EBU-TT is read as what it is, TTML."""

import logging
import threading
import xml.etree.ElementTree as ET
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import ttconv.style_properties as styles  # type: ignore[import-untyped]
from ttconv import model
from ttconv.imsc import reader  # type: ignore[import-untyped]
from ttconv.style_properties import StyleProperties

from archive.formats.cues import Beyond, Cue, Fault, Run, SubtitleError, Subtitles, Written, checked, clock, in_order

CONTENT_TYPE = "application/ttml+xml"
_ALIGN = {styles.TextAlignType.start: "start", styles.TextAlignType.end: "end", styles.TextAlignType.center: ""}
_DEEPEST = 40
_MAX_SHOWN = 300_000  # runs of all cues together: parts that overlap in time are repeated in each
_LOGGER = logging.getLogger("ttconv")
_LOGGER.addHandler(logging.NullHandler())
_LOGGER.propagate = False  # what it has to say of a document is told to whoever brought it
_FONTS = (StyleProperties.FontFamily, StyleProperties.FontSize)
_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<tt xmlns="http://www.w3.org/ns/ttml" xmlns:tts="http://www.w3.org/ns/ttml#styling"
    xmlns:ttp="http://www.w3.org/ns/ttml#parameter" xml:lang={language} xml:space="preserve"
    ttp:timeBase="media" ttp:contentProfiles="http://www.w3.org/ns/ttml/profile/imsc1.1/text">
<head><layout>
<region xml:id="bottom" tts:origin="10% 10%" tts:extent="80% 80%" tts:displayAlign="after" tts:textAlign="center"/>
<region xml:id="top" tts:origin="10% 10%" tts:extent="80% 80%" tts:displayAlign="before" tts:textAlign="center"/>
</layout></head>
<body><div>
"""


def read_ttml(text: str) -> Subtitles:
    """The text in all its regions. Raises SubtitleError, with the line where the XML itself is damaged."""
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise SubtitleError(Fault.DOCTYPE)
    try:
        root = ET.fromstring(_without_declaration(text))  # noqa: S314 — without a DOCTYPE there are no entities
    except ET.ParseError as error:
        raise SubtitleError(Fault.MALFORMED, error.position[0], str(error)) from error
    if root.tag.rpartition("}")[2] != "tt" or _depth(root) > _DEEPEST:
        raise SubtitleError(Fault.NOT_THIS_FORMAT)
    _close(root)
    with heeded() as complaints:
        document = reader.to_model(ET.ElementTree(root))
    if document is None or complaints:
        raise SubtitleError(Fault.MALFORMED, None, "; ".join(complaints))
    return Subtitles("ttml", in_order(cues_of(document)), _beyond(root, document), document.get_lang() or "")


def write_ttml(cues: Sequence[Cue], language: str = "") -> Written:
    """IMSC 1.1 text with two regions, at the bottom and at the top of the picture."""
    rows = [_HEAD.format(language=quoteattr(language))]
    for cue in cues:
        align = f' tts:textAlign="{cue.align}"' if cue.align else ""
        region = "top" if cue.is_top else "bottom"
        said = "".join(map(_span, cue.runs))
        rows.append(f'<p region="{region}" begin="{clock(cue.start_ms)}" end="{clock(cue.end_ms)}"{align}>{said}</p>\n')
    rows.append("</div></body></tt>\n")
    lost = {Beyond.VOICE} if any(run.voice for cue in cues for run in cue.runs) else set()
    return Written("".join(rows).encode(), frozenset(lost))


@contextmanager
def heeded() -> Iterator[list[str]]:
    """What the library only logs as errors while it reads: times and elements that it passes over."""
    complaints: list[str] = []
    handler = _Listener(complaints)
    _LOGGER.addHandler(handler)
    try:
        yield complaints
    finally:
        _LOGGER.removeHandler(handler)


class _Listener(logging.Handler):
    """Hears this thread alone."""

    def __init__(self, complaints: list[str]) -> None:
        super().__init__(logging.ERROR)
        self._complaints, self._thread = complaints, threading.get_ident()

    def emit(self, record: logging.LogRecord) -> None:
        if record.thread == self._thread and len(self._complaints) < 5:
            self._complaints.append(record.getMessage())


@dataclass(frozen=True, slots=True)
class _Piece:
    """A run with the time in which it is shown; None has no end of its own."""

    begin: Fraction
    end: Fraction | None
    run: Run


@dataclass(frozen=True, slots=True)
class _At:
    """What an element inherits."""

    begin: Fraction
    end: Fraction | None
    style: Run
    align: str
    is_top: bool
    is_preserved: bool


def cues_of(document: Any) -> Iterator[Cue]:
    """One cue a paragraph; a paragraph whose parts come and go is as many as it has moments.

    Raises SubtitleError for parts without an end, and where so many overlap that they would take forever.
    """
    if document.get_body() is None:
        return
    # ttconv's reader has resolved references to styles and sequential times already.
    start = _At(Fraction(0), None, Run(""), "", is_top=False, is_preserved=False)
    count = 0
    for paragraph, at in _paragraphs(document.get_body(), start):
        pieces = list(_pieces(paragraph, at))
        if not at.is_preserved:
            pieces = _collapsed(pieces)
        if any(piece.end is None and piece.run.text.strip() for piece in pieces):
            raise SubtitleError(Fault.NO_END, None, "".join(piece.run.text for piece in pieces))
        for begin, end, runs in _stretches(pieces):
            count += len(runs)
            if count > _MAX_SHOWN:
                raise SubtitleError(Fault.TOO_LARGE)
            if any(run.text.strip() for run in runs):
                start_ms, end_ms = checked(round(begin * 1000), round(end * 1000), None)
                yield Cue(start_ms, end_ms, runs, at.align, at.is_top)


def _stretches(pieces: Sequence[_Piece]) -> Iterator[tuple[Fraction, Fraction, tuple[Run, ...]]]:
    """From each moment at which a piece comes or goes to the next: what is shown all the while, as it is written."""
    coming: defaultdict[Fraction, set[int]] = defaultdict(set)
    going: defaultdict[Fraction, set[int]] = defaultdict(set)
    for place, piece in enumerate(pieces):
        if piece.end is not None and piece.begin < piece.end:
            coming[piece.begin].add(place)
            going[piece.end].add(place)
    shown: set[int] = set()
    for begin, end in pairwise(sorted(coming.keys() | going.keys())):
        shown = shown - going[begin] | coming[begin]
        yield begin, end, tuple(pieces[place].run for place in sorted(shown))


def _paragraphs(element: Any, at: _At) -> Iterator[tuple[Any, _At]]:
    at = _inherited(element, at)
    if isinstance(element, model.P):
        yield element, at
        return
    for child in element:
        yield from _paragraphs(child, at)


def _inherited(element: Any, at: _At) -> _At:
    begin = at.begin + (element.get_begin() or 0)
    own_end = element.get_end()
    ends = [each for each in (at.end, None if own_end is None else at.begin + own_end) if each is not None]
    at = replace(at, begin=begin, end=min(ends, default=None))
    for source in (element.get_region(), element):
        at = at if source is None else _styled(source, at)
    return replace(at, is_preserved=element.get_space() == model.WhiteSpaceHandling.PRESERVE)


def _styled(source: Any, at: _At) -> _At:
    style = at.style
    if (slant := source.get_style(StyleProperties.FontStyle)) is not None:
        style = replace(style, is_italic=slant != styles.FontStyleType.normal)
    if (weight := source.get_style(StyleProperties.FontWeight)) is not None:
        style = replace(style, is_bold=weight == styles.FontWeightType.bold)
    decoration = source.get_style(StyleProperties.TextDecoration)
    if decoration is not None and getattr(decoration, "underline", None) is not None:
        style = replace(style, is_underlined=bool(decoration.underline))
    if (colour := source.get_style(StyleProperties.Color)) is not None:
        written = "#{:02x}{:02x}{:02x}".format(*colour.components[:3])
        style = replace(style, colour="" if written == "#ffffff" else written)
    align = source.get_style(StyleProperties.TextAlign)
    if isinstance(source, model.Region):
        shown = source.get_style(StyleProperties.DisplayAlign)
        at = replace(at, is_top=shown in {None, styles.DisplayAlignType.before})
    return replace(at, style=style, align=_ALIGN.get(align, at.align) if align is not None else at.align)


def _pieces(element: Any, at: _At) -> Iterator[_Piece]:
    for child in element:
        if isinstance(child, model.Text):
            yield _Piece(at.begin, at.end, replace(at.style, text=child.get_text()))
        elif isinstance(child, model.Br):
            yield _Piece(at.begin, at.end, replace(at.style, text="\n"))
        elif isinstance(child, model.Rt | model.Rp):
            continue  # said in ``beyond``
        else:
            yield from _pieces(child, _inherited(child, at))


def _collapsed(pieces: Sequence[_Piece]) -> list[_Piece]:
    """White space as XML writers leave it: any number of blanks and line ends is one blank; only <br/> parts lines."""
    found, after_blank = [], True
    for piece in pieces:
        text = piece.run.text
        if text == "\n":
            after_blank = True
        else:
            words = " ".join(text.split())
            begins, ends = text[:1].isspace(), text[-1:].isspace()
            text = (" " if begins and not after_blank else "") + words + (" " if ends and words else "")
            after_blank = text.endswith(" ") if text else after_blank
        found.append(replace(piece, run=replace(piece.run, text=text)))
    return found


def _beyond(root: ET.Element, document: Any) -> frozenset[Beyond]:
    found = set()
    regions = list(document.iter_regions())
    if len(regions) > 2:
        found.add(Beyond.REGIONS)
    body = document.get_body()
    elements = list(body.dfs_iterator()) if body is not None else []
    if any(isinstance(each, model.Ruby) for each in elements):
        found.add(Beyond.RUBY)
    if any(each.has_style(style) for each in (*elements, *regions) for style in _FONTS):
        found.add(Beyond.FONT)
    if any(each.tag.rpartition("}")[2] == "set" for each in root.iter()):
        found.add(Beyond.STEPS)
    return frozenset(found)


def _span(run: Run) -> str:
    text = "<br/>".join(escape(line) for line in run.text.split("\n"))
    said = (
        (' tts:fontStyle="italic"' if run.is_italic else "")
        + (' tts:fontWeight="bold"' if run.is_bold else "")
        + (' tts:textDecoration="underline"' if run.is_underlined else "")
        + (f' tts:color="{run.colour}"' if run.colour else "")
    )
    return f"<span{said}>{text}</span>"


def _close(root: ET.Element) -> None:
    """Say of containers that begin later and do not say when they end that they last: the library ends them at once."""
    for element in root.iter():
        is_container = element.tag.rpartition("}")[2] in {"body", "div"}
        if is_container and "begin" in element.attrib and not element.attrib.keys() & {"end", "dur"}:
            element.set("end", "360000s")


def _depth(root: ET.Element) -> int:
    deepest, below = 0, [(root, 1)]
    while below:
        element, at = below.pop()
        deepest = max(deepest, at)
        below.extend((child, at + 1) for child in element)
    return deepest


def _without_declaration(text: str) -> str:
    """The charset that is declared no longer holds: the text is decoded."""
    text = text.lstrip("\ufeff \t\r\n")
    return text.partition("?>")[2] if text.startswith("<?xml") else text
