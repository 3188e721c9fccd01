"""SubRip (.srt), in and out: no standard, but one shape that everybody reads."""

import re
from collections.abc import Sequence

from archive.formats.cues import Beyond, Cue, Fault, Run, SubtitleError, Subtitles, Written, checked, clock, in_order
from archive.formats.markup import runs_of

CONTENT_TYPE = "application/x-subrip"
_TIME = r"(\d{1,3}):([0-5]?\d):([0-5]?\d)[,.](\d{1,3})"
_TIMING = re.compile(rf"{_TIME}\s*-->\s*{_TIME}(?:\s+(.*))?\Z")
_PLACE = re.compile(r"\{\\an([1-9])\}")
_OTHER_CODES = re.compile(r"\{\\[a-zA-Z][^{}]*\}")
_NUMBER = re.compile(r"\d{1,9}\Z")


def read_srt(text: str) -> Subtitles:
    """Numbers may be missing, wrong or double, and commas full stops; anything but cues is refused with its line.

    Raises SubtitleError.
    """
    lines = [line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    beyond: set[Beyond] = set()
    starts = [number for number, line in enumerate(lines) if _TIMING.match(line.strip())]
    _check_before(lines, starts)
    cues = []
    for place, at in enumerate(starts):
        end = starts[place + 1] if place + 1 < len(starts) else len(lines)
        body = lines[at + 1 : end]
        if place + 1 < len(starts) and body and _NUMBER.match(body[-1].strip()):
            body = body[:-1]  # the number of the next one
        cues.append(_cue(lines[at].strip(), body, at + 1, beyond))
    return Subtitles("srt", in_order(cues), frozenset(beyond))


def write_srt(cues: Sequence[Cue]) -> Written:
    """Line ends as the players of this format expect them."""
    blocks = []
    for number, cue in enumerate(cues, 1):
        text = _place(cue) + "".join(map(_tagged, cue.runs))
        timing = f"{clock(cue.start_ms, ',')} --> {clock(cue.end_ms, ',')}"
        blocks.append("\r\n".join((str(number), timing, *text.split("\n"), "")))
    lost = {Beyond.VOICE} if any(run.voice for cue in cues for run in cue.runs) else set()
    return Written("\r\n".join((*blocks, "")).encode(), frozenset(lost))


def _check_before(lines: Sequence[str], starts: Sequence[int]) -> None:
    """Raises SubtitleError for what stands before the first cue, and for lines that mean to be timings."""
    before = lines[: starts[0]] if starts else lines
    for number, line in enumerate(before, 1):
        if line.strip() and not _NUMBER.match(line.strip("\ufeff \t")):
            fault = Fault.BAD_TIME if "-->" in line else Fault.NOT_THIS_FORMAT
            raise SubtitleError(fault, number, line)
    known = set(starts)
    for number, line in enumerate(lines, 1):
        if "-->" in line and number - 1 not in known:
            raise SubtitleError(Fault.BAD_TIME, number, line)


def _cue(timing: str, body: Sequence[str], line: int, beyond: set[Beyond]) -> Cue:
    match = _TIMING.match(timing)
    if match is None:
        raise SubtitleError(Fault.BAD_TIME, line, timing)
    start_ms, end_ms = checked(_ms(match.groups()[:4]), _ms(match.groups()[4:8]), line)
    if match[9]:
        beyond.add(Beyond.POSITION)
    text = "\n".join(body).strip("\n")
    place = _PLACE.search(text)
    number = int(place[1]) if place else 2
    text = _PLACE.sub("", text)
    if _OTHER_CODES.search(text):
        beyond.add(Beyond.STYLESHEET)
        text = _OTHER_CODES.sub("", text)
    runs = runs_of(text, classes={}, beyond=beyond, is_vtt=False)
    return Cue(start_ms, end_ms, tuple(runs), {1: "start", 0: "end"}.get(number % 3, ""), number > 6)


def _ms(parts: Sequence[str]) -> int:
    hours, minutes, seconds = (int(part) for part in parts[:3])
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + int(parts[3].ljust(3, "0"))


def _place(cue: Cue) -> str:
    number = {"start": 1, "": 2, "end": 3}[cue.align] + (6 if cue.is_top else 0)
    return "" if number == 2 else f"{{\\an{number}}}"


def _tagged(run: Run) -> str:
    text = run.text
    for tag, is_set in (("u", run.is_underlined), ("i", run.is_italic), ("b", run.is_bold)):
        text = f"<{tag}>{text}</{tag}>" if is_set else text
    return f'<font color="{run.colour}">{text}</font>' if run.colour else text
