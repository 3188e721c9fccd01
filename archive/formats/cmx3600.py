"""Edit decision lists in the CMX 3600 layout: events of two timecode ranges, and notes in lines that begin with “*”.

The layout knows no frame rate and no letters beyond ASCII. The rate comes from the footage; notes are written in UTF-8,
where Cyrillic and Kazakh survive, and are read in whatever charset they are.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from archive.formats.charset import decode
from archive.formats.shots import MAX_REEL, MAX_TITLE, Collected, Footage, Shot, ShotFault, ShotList
from archive.timecode import TimecodeError, day_of, frames_of, may_drop, timecode_of
from mediaexchange.core.languages.normalise import normalise_text

CONTENT_TYPE = "text/plain; charset=utf-8"
_RECORD_START = "01:00:00:00"
_EVENT = re.compile(
    r"(?P<number>\d{1,6}[A-Z]?)\s+(?P<reel>\S+)\s+(?P<tracks>(?:V|A\d*|B|AA|NONE|U|/|,)+\d*(?:/V)?)\s+"
    r"(?P<edit>C|D|K[BO]?|W\d{1,3})\b\s*(?P<length>\d{1,4})?\s*\(?F?\)?\s+(?P<times>\d.*)\Z",
    re.IGNORECASE,
)
_TIME = re.compile(r"\d{1,2}:\d{2}:\d{2}[:;.,]\d{2}")
_FCM = re.compile(r"FCM:\s*(NON[- ]?DROP|DROP)", re.IGNORECASE)
_NOTE = re.compile(
    r"\*\s*(FROM CLIP NAME|CLIP NAME|TITLE|COMMENT|REEL|SOURCE FILE)"
    r"(?:\s+([A-Za-z]{2,3}(?:-[A-Za-z0-9]+)*))?\s*:\s?(.*)",
    re.IGNORECASE,
)
_PLAIN_REEL = re.compile(r"[A-Za-z0-9_.-]{1,32}\Z")
_NO_FOOTAGE = frozenset({"BL", "BLK", "BLACK", "BARS"})
_RESERVED = _NO_FOOTAGE | {"AX"}
_SKIPPED = ("TITLE:", "SPLIT:", "GPI", "MASTER/SLAVE", "SWITCHER")


@dataclass(slots=True)
class _Event:
    place: int
    number: str
    reel: str
    edit: str
    times: list[str]
    is_drop: bool
    notes: list[str] = field(default_factory=list)
    texts: dict[tuple[str, str], list[str]] = field(default_factory=dict)  # (what, language) → lines


def read_edl(data: bytes, footage: Footage, *, charset: str = "") -> ShotList:
    """The events whose source is footage, as shots; every other one is refused with its line and reason.

    ``footage`` gives the rate and the timecode of the first frame. Raises UndecodableError.
    """
    text, _charset = decode(data, charset)
    name, found, events = "", Collected(), []
    is_drop = False
    for place, raw in enumerate(text.splitlines(), 1):
        line = raw.strip("\ufeff \t\x1a\0")
        if not line:
            continue
        if line.upper().startswith("TITLE:"):
            name = name or line[6:].strip()
        elif match := _FCM.match(line):
            is_drop = not match[1].upper().startswith("NON")
        elif match := _EVENT.match(line):
            times = _TIME.findall(match["times"])
            events.append(_Event(place, match["number"], match["reel"], match["edit"].upper(), times, is_drop))
        elif line.startswith("*") and events:
            _note(events[-1], line)
        elif line.upper().startswith(("M2", "TO CLIP", ">>>", "EFFECTS NAME")) and events:
            events[-1].notes.append(line)
        elif not line.upper().startswith(_SKIPPED) and not line.startswith("*"):
            found.refuse(place, ShotFault.UNREADABLE, line)
    for index, event in enumerate(events):
        _take(event, events[index + 1 : index + 2], footage, found)
    found.refused.sort(key=lambda refused: refused.place)
    return found.listed(normalise_text(name, "und"))


def write_edl(shots: Sequence[Shot], footage: Footage, *, language: str = "en") -> bytes:
    """The shots one after the other from 01:00:00:00 on. ``FROM CLIP NAME`` is in that language or the nearest.

    All languages stand in notes of their own (``* TITLE kk: …``), which ``read_edl`` understands again.
    """
    is_drop = footage.is_drop and may_drop(footage.rate)
    lines = [f"TITLE: {_one_line(footage.name)}", f"FCM: {'DROP FRAME' if is_drop else 'NON-DROP FRAME'}", ""]
    at = frames_of(_RECORD_START, footage.rate, is_drop=is_drop)
    reels = _reels(shots)
    for number, shot in enumerate(shots, 1):
        length = shot.out_frame - shot.in_frame
        start = footage.start_frame + shot.in_frame
        ranges = (start, start + length, at, at + length)
        times = " ".join(timecode_of(each, footage.rate, is_drop=is_drop) for each in ranges)
        lines.append(f"{number:03d}  {reels[shot.reel]:<8} V     C        {times}")
        if reels[shot.reel] != shot.reel and shot.reel:
            lines.append(f"* REEL: {_one_line(shot.reel)}")
        if title := _nearest(shot.titles, language):
            lines.append(f"* FROM CLIP NAME: {_one_line(title)}")
        lines += [f"* TITLE {tag}: {_one_line(text)}" for tag, text in shot.titles.items() if tag]
        for tag, text in shot.descriptions.items():
            mark = f"* COMMENT {tag}:" if tag else "* COMMENT:"
            lines += [f"{mark} {line}" for line in text.split("\n")]
        at += length
    return ("\r\n".join(lines) + "\r\n").encode()


def _note(event: _Event, line: str) -> None:
    match = _NOTE.match(line)
    if match is None:
        event.notes.append(line.lstrip("* "))
        return
    what, tag = match[1].upper(), (match[2] or "")
    what = {"CLIP NAME": "FROM CLIP NAME", "SOURCE FILE": "REEL"}.get(what, what)
    event.texts.setdefault((what, tag), []).append(match[3])


def _take(event: _Event, following: Sequence[_Event], footage: Footage, found: Collected) -> None:
    is_drop = event.is_drop or any(";" in time for time in event.times)
    try:
        times = [frames_of(time, footage.rate, is_drop=is_drop) for time in event.times]
    except TimecodeError as error:
        found.refuse(event.place, ShotFault.BAD_TIMECODE, str(error))
        return
    if len(times) < 2:
        found.refuse(event.place, ShotFault.UNREADABLE, " ".join(event.times))
        return
    if event.reel.upper() in _NO_FOOTAGE:
        found.refuse(event.place, ShotFault.NO_SOURCE, event.reel)
        return
    start, end = times[:2]
    begins_transition = any(other.number == event.number and other.edit != "C" for other in following)
    if start == end and begins_transition:
        return  # the outgoing side of a dissolve, which lasts no time of its own
    if end < start:
        end += day_of(footage.rate, is_drop=is_drop)  # over midnight
    first = start - footage.start_frame
    shot = Shot(first, first + end - start, footage.rate, _reel(event), *_texts(event))
    found.add(shot, event.place, length=footage.length)


def _reel(event: _Event) -> str:
    full = event.texts.get(("REEL", ""))
    reel = full[0] if full else "" if event.reel.upper() == "AX" else event.reel
    return normalise_text(reel, "und").strip()[:MAX_REEL]


def _texts(event: _Event) -> tuple[dict[str, str], dict[str, str]]:
    titles: dict[str, str] = {}
    descriptions: dict[str, list[str]] = {}
    for (what, tag), lines in event.texts.items():
        if what == "TITLE" and tag:
            titles[tag] = lines[0][:MAX_TITLE]
        elif what == "COMMENT":
            descriptions.setdefault(tag, []).extend(lines)
    if not titles and (name := event.texts.get(("FROM CLIP NAME", ""))):
        titles[""] = name[0][:MAX_TITLE]
    if event.notes:
        descriptions.setdefault("", []).extend(event.notes)
    return titles, {tag: "\n".join(lines) for tag, lines in descriptions.items()}


def _reels(shots: Iterable[Shot]) -> Mapping[str, str]:
    """Names that the layout can hold, one for each reel: its own where it fits."""
    names = {shot.reel for shot in shots}
    given = {"": "AX"} | {name: name for name in names if _PLAIN_REEL.match(name) and name.upper() not in _RESERVED}
    number = 0
    for name in sorted(names - given.keys()):
        while (short := f"R{(number := number + 1):03d}") in names:
            pass
        given[name] = short
    return given


def _nearest(texts: Mapping[str, str], language: str) -> str:
    return texts.get(language) or texts.get("en") or next(iter(texts.values()), "")


def _one_line(text: str) -> str:
    return " ".join(text.split())
