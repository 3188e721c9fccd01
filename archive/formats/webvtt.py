"""WebVTT (W3C Candidate Recommendation of 4 April 2019), in and out."""

import html
import re
from collections.abc import Mapping, Sequence

from archive.formats.cues import Beyond, Cue, Fault, Run, SubtitleError, Subtitles, Written, checked, clock, in_order
from archive.formats.markup import COLOURS, colour_of, runs_of

CONTENT_TYPE = "text/vtt; charset=utf-8"
_SIGNATURE = re.compile(r"\ufeff?WEBVTT(?:[ \t\n].*)?\Z")
_TIME = r"((?:\d{2,}:)?[0-5]\d:[0-5]\d\.\d{3})"
_TIMING = re.compile(rf"{_TIME}[ \t]*-->[ \t]*{_TIME}(?:[ \t]+(.*))?\Z")
_CLASS_COLOUR = re.compile(r"::cue\(\s*\.([\w-]+)\s*\)\s*\{\s*color:\s*([#\w]+)\s*+;?\s*+\}")
_NAMED = {colour: name for name, colour in COLOURS.items() if colour}


def read_vtt(text: str) -> Subtitles:
    """Raises SubtitleError with the line of what is not WebVTT: such a file is mended, not guessed at."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if not _SIGNATURE.match(lines[0]):
        raise SubtitleError(Fault.NOT_THIS_FORMAT, 1, lines[0])
    beyond: set[Beyond] = set()
    classes: dict[str, str] = {}
    cues = []
    at = _after_block(lines, 0)
    language = ""
    for line in lines[1:at]:
        name, _colon, value = line.partition(":")
        if name.strip().lower() == "language":
            language = value.strip()
        else:
            beyond.add(Beyond.NOTES)
    while at < len(lines):
        if not lines[at].strip():
            at += 1
            continue
        end = _after_block(lines, at)
        first = lines[at]
        if first.startswith("NOTE") and "-->" not in first:
            beyond.add(Beyond.NOTES)
        elif first.strip() == "STYLE":
            _read_styles("\n".join(lines[at + 1 : end]), classes, beyond)
        elif first.strip() == "REGION":
            beyond.add(Beyond.REGIONS)
        else:
            cues.append(_cue(lines[at:end], at + 1, classes, beyond))
        at = end
    return Subtitles("vtt", in_order(cues), frozenset(beyond), language)


def write_vtt(cues: Sequence[Cue], language: str = "") -> Written:
    """Everything that cues can say has its place here."""
    colours = sorted({run.colour for cue in cues for run in cue.runs if run.colour and run.colour not in _NAMED})
    classes = dict(_NAMED) | {colour: f"colour-{colour[1:]}" for colour in colours}
    parts = ["WEBVTT" + (f"\nLanguage: {language}" if language else "")]
    if colours:
        rules = "\n".join(f"::cue(.{classes[colour]}) {{ color: {colour} }}" for colour in colours)
        parts.append(f"STYLE\n{rules}")
    for cue in cues:
        settings = (" line:0" if cue.is_top else "") + (f" align:{cue.align}" if cue.align else "")
        timing = f"{clock(cue.start_ms)} --> {clock(cue.end_ms)}{settings}"
        parts.append(f"{timing}\n{''.join(_tagged(run, classes) for run in cue.runs)}")
    return Written(("\n\n".join(parts) + "\n").encode())


def _after_block(lines: Sequence[str], at: int) -> int:
    while at < len(lines) and lines[at].strip():
        at += 1
    return at


def _cue(block: Sequence[str], line: int, classes: dict[str, str], beyond: set[Beyond]) -> Cue:
    if "-->" not in block[0]:
        block, line = block[1:], line + 1  # an identifier, which means nothing to viewers
    match = _TIMING.match(block[0].strip()) if block else None
    if match is None:
        raise SubtitleError(Fault.BAD_TIME, line, block[0] if block else "")
    start_ms, end_ms = checked(_ms(match[1]), _ms(match[2]), line)
    runs = runs_of("\n".join(block[1:]), classes=classes, beyond=beyond, is_vtt=True)
    settings = dict(each.split(":", 1) for each in (match[3] or "").split() if ":" in each)
    align = {"left": "start", "start": "start", "right": "end", "end": "end"}.get(settings.pop("align", ""), "")
    is_top = settings.get("line", "").rstrip("%").split(",")[0] in {"0", "1", "2", "5", "10"}
    if is_top:
        settings.pop("line")
    if "region" in settings:
        beyond.add(Beyond.REGIONS)
    if settings.keys() - {"region"}:
        beyond.add(Beyond.POSITION)
    return Cue(start_ms, end_ms, tuple(_decoded(run) for run in runs), align, is_top)


def _decoded(run: Run) -> Run:
    is_plain = "&" not in run.text and "&" not in run.voice
    if is_plain:
        return run
    return Run(html.unescape(run.text), *run.style[:4], html.unescape(run.voice))


def _ms(text: str) -> int:
    clock_part, milliseconds = text.split(".")
    seconds = 0
    for part in clock_part.split(":"):
        seconds = seconds * 60 + int(part)
    return seconds * 1000 + int(milliseconds)


def _read_styles(text: str, classes: dict[str, str], beyond: set[Beyond]) -> None:
    for name, value in _CLASS_COLOUR.findall(text):
        if (colour := colour_of(value)) is not None:
            classes[name] = colour
    if _CLASS_COLOUR.sub("", text).strip():
        beyond.add(Beyond.STYLESHEET)


def _tagged(run: Run, classes: Mapping[str, str]) -> str:
    text = run.text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    for tag, is_set in (("u", run.is_underlined), ("i", run.is_italic), ("b", run.is_bold)):
        text = f"<{tag}>{text}</{tag}>" if is_set else text
    if run.colour:
        text = f"<c.{classes[run.colour]}>{text}</c>"
    if run.voice:
        voice = run.voice.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        text = f"<v {voice}>{text}</v>"
    return text
