"""A list of shots, whatever file it comes from or goes to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

from django.utils.translation import gettext_lazy as _

from mediaexchange.core.errors import Message


class ShotFault(StrEnum):
    """Why an event is no segment."""

    UNREADABLE = "unreadable"
    BAD_TIMECODE = "bad-timecode"
    NO_LENGTH = "no-length"
    NO_SOURCE = "no-source"
    NO_RANGE = "no-range"
    BEFORE_START = "before-start"
    BEYOND_END = "beyond-end"
    SAME_AGAIN = "same-again"
    BAD_RATE = "bad-rate"
    TOO_MANY = "too-many"


FAULTS: dict[str, Message] = {
    ShotFault.UNREADABLE: _("The line is no event of an edit list."),
    ShotFault.BAD_TIMECODE: _("This timecode does not occur at this frame rate."),
    ShotFault.NO_LENGTH: _("The event lasts no time."),
    ShotFault.NO_SOURCE: _("The event shows no footage but black or colour bars."),
    ShotFault.NO_RANGE: _("The clip does not say which part of its footage it shows."),
    ShotFault.BEFORE_START: _("The event begins before the footage’s first timecode."),
    ShotFault.BEYOND_END: _("The event ends after the footage."),
    ShotFault.SAME_AGAIN: _("The same stretch is named before."),
    ShotFault.BAD_RATE: _("This is no frame rate."),
    ShotFault.TOO_MANY: _("There are more events than one list may hold."),
}
MAX_SHOTS = 5_000
MAX_TITLE = 300
MAX_REEL = 100


@dataclass(frozen=True, slots=True)
class Shot:
    """From ``in_frame`` up to, not including, ``out_frame``, counted from the footage's first frame.

    Texts are by BCP 47 tag; "" is a language that the file does not name.
    """

    in_frame: int
    out_frame: int
    rate: Fraction
    reel: str = ""
    titles: Mapping[str, str] = field(default_factory=dict)
    descriptions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RefusedShot:
    """``place`` is the line of the file, or the number of the clip, from 1; ``code`` is a ShotFault."""

    place: int
    code: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class ShotList:
    name: str
    shots: tuple[Shot, ...]
    refused: tuple[RefusedShot, ...] = ()


@dataclass(frozen=True, slots=True)
class Footage:
    """What shots are of. ``start_frame`` is the timecode of the first frame, as frames; lengths are in frames."""

    name: str
    rate: Fraction
    start_frame: int = 0
    is_drop: bool = False
    length: int | None = None
    url: str = ""


class Collected:
    """Shots as they are read: what repeats, lies outside the footage or is too much is refused."""

    def __init__(self) -> None:
        self.shots: list[Shot] = []
        self.refused: list[RefusedShot] = []
        self._seen: set[tuple[int, int, Fraction, str]] = set()

    def add(self, shot: Shot, place: int, *, length: int | None = None) -> None:
        fault = _fault(shot, length)
        key = shot.in_frame, shot.out_frame, shot.rate, shot.reel
        if fault is None and key in self._seen:
            fault = ShotFault.SAME_AGAIN
        if fault is None and len(self.shots) >= MAX_SHOTS:
            fault = ShotFault.TOO_MANY
        if fault is not None:
            self.refuse(place, fault, next(iter(shot.titles.values()), ""))
            return
        self._seen.add(key)
        self.shots.append(shot)

    def refuse(self, place: int, code: ShotFault, detail: str = "") -> None:
        self.refused.append(RefusedShot(place, code.value, detail[:200]))

    def listed(self, name: str) -> ShotList:
        return ShotList(name, tuple(self.shots), tuple(self.refused))


def _fault(shot: Shot, length: int | None) -> ShotFault | None:
    if shot.out_frame <= shot.in_frame:
        return ShotFault.NO_LENGTH
    if shot.in_frame < 0:
        return ShotFault.BEFORE_START
    if length is not None and shot.out_frame > length:
        return ShotFault.BEYOND_END
    return None
