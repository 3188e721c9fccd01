"""Shot lists as OpenTimelineIO (schema Timeline.1): one clip a segment, exact to the frame, names in all languages."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import opentimelineio as otio  # type: ignore[import-untyped]
import orjson
from django.utils.translation import gettext_lazy as _
from opentimelineio.opentime import RationalTime, TimeRange, to_timecode  # type: ignore[import-untyped]

from archive.formats.shots import MAX_REEL, MAX_TITLE, Collected, Footage, Shot, ShotFault, ShotList
from archive.timecode import TimecodeError, rate_near
from mediaexchange.core.errors import DomainError
from mediaexchange.core.languages.normalise import normalise_text

CONTENT_TYPE = "application/vnd.opentimelineio+json"
OWN = "mediaexchange"
_DEEPEST = 64  # nesting; the library's own reader trusts its input
_LARGEST_FRAME = 2**53  # what its numbers hold exactly


def write_otio(shots: Sequence[Shot], footage: Footage, *, language: str = "en") -> bytes:
    """The shots one after the other in a picture track; each refers to the footage with its first timecode and length.

    A clip is called by its title in that language or the nearest; all languages stand in ``metadata.mediaexchange``.
    """
    timeline = otio.schema.Timeline(footage.name, global_start_time=_time(footage.start_frame, footage.rate))
    timeline.metadata[OWN] = {"rate": _written(footage.rate), "drop_frame": footage.is_drop}
    track = otio.schema.Track("V1", kind=otio.schema.TrackKind.Video)
    timeline.tracks.append(track)
    for shot in shots:
        track.append(_clip(shot, footage, language))
    return bytes(otio.adapters.write_to_string(timeline, "otio_json").encode())


def read_otio(data: bytes, footage: Footage) -> ShotList:
    """Clips, and markers that cover a stretch, as shots; every other is refused with its number and reason.

    Where a clip's media say their first timecode, frames are counted from there, otherwise from that of ``footage``.
    Raises DomainError for what is no timeline.
    """
    timeline, found = _parsed(data), Collected()
    for place, clip in enumerate(_clips(timeline), 1):
        _take(clip, place, footage, found)
    return found.listed(normalise_text(getattr(timeline, "name", "") or "", "und"))


def _clip(shot: Shot, footage: Footage, language: str) -> Any:
    name = shot.titles.get(language) or shot.titles.get("en") or next(iter(shot.titles.values()), "")
    within = _range(footage.start_frame + shot.in_frame, shot.out_frame - shot.in_frame, shot.rate)
    available = None if footage.length is None else _range(footage.start_frame, footage.length, footage.rate)
    media = (
        otio.schema.ExternalReference(footage.url, available)
        if footage.url
        else otio.schema.MissingReference(footage.name, available)
    )
    clip = otio.schema.Clip(name, media_reference=media, source_range=within)
    clip.metadata[OWN] = {
        "titles": dict(shot.titles),
        "descriptions": dict(shot.descriptions),
        "reel": shot.reel,
        "rate": _written(shot.rate),
        "in_frame": shot.in_frame,
        "out_frame": shot.out_frame,
    }
    if shot.reel:
        clip.metadata["cmx_3600"] = {"reel": shot.reel}
    clip.markers.append(otio.schema.Marker(name, within, color=otio.schema.MarkerColor.GREEN))
    return clip


def _parsed(data: bytes) -> Any:
    try:
        if _depth(orjson.loads(data)) > _DEEPEST:
            raise ValueError("nested too deeply")
        read = otio.adapters.read_from_string(data.decode(), "otio_json")
    except (ValueError, TypeError, KeyError, otio.exceptions.OTIOError) as error:
        raise DomainError("not-otio", _("This is no OpenTimelineIO document.")) from error
    if not hasattr(read, "find_clips") and not isinstance(read, otio.schema.Clip):
        raise DomainError("not-otio", _("This is no OpenTimelineIO document."))
    return read


def _depth(value: Any, at: int = 1) -> int:
    if at > _DEEPEST or not isinstance(value, dict | list):
        return at
    inner = value.values() if isinstance(value, dict) else value
    return max((_depth(each, at + 1) for each in inner), default=at)


def _clips(timeline: Any) -> list[Any]:
    return [timeline] if isinstance(timeline, otio.schema.Clip) else list(timeline.find_clips())


def _take(clip: Any, place: int, footage: Footage, found: Collected) -> None:
    within = clip.source_range
    available = clip.media_reference.available_range if clip.media_reference is not None else None
    within = within or available
    if within is None:
        found.refuse(place, ShotFault.NO_RANGE, clip.name)
        return
    shot = _shot(within, available, footage, _said_of(clip))
    if isinstance(shot, ShotFault):
        found.refuse(place, shot, clip.name)
        return
    notes = []
    for marker in clip.markers:
        if marker.marked_range == within and marker.name == clip.name:
            continue  # our own, or one that says nothing new
        marked = _shot(marker.marked_range, available, footage, {"titles": {"": marker.name}})
        if marker.marked_range.duration.value > 0 and isinstance(marked, Shot):
            found.add(marked, place, length=_length(marked, footage))
        else:
            notes.append(f"{_timecode(marker.marked_range.start_time)} {marker.name} {marker.comment}".strip())
    if notes:
        said = dict(shot.descriptions)
        said[""] = "\n".join(filter(None, (said.get("", ""), *notes)))
        shot = Shot(shot.in_frame, shot.out_frame, shot.rate, shot.reel, shot.titles, said)
    found.add(shot, place, length=_length(shot, footage))


def _shot(within: Any, available: Any, footage: Footage, said: Mapping[str, Any]) -> "Shot | ShotFault":
    try:
        rate = rate_near(within.duration.rate)
    except TimecodeError:
        return ShotFault.BAD_RATE
    start, length = _frames(within.start_time, rate), _frames(within.duration, rate)
    first = _frames(available.start_time, rate) if available is not None else _rescaled(footage, rate)
    if start is None or length is None or first is None:
        return ShotFault.BAD_TIMECODE
    return Shot(
        start - first,
        start - first + length,
        rate,
        normalise_text(str(said.get("reel", "")), "und").strip()[:MAX_REEL],
        {tag: text[:MAX_TITLE] for tag, text in _texts(said.get("titles")).items()},
        _texts(said.get("descriptions")),
    )


def _said_of(clip: Any) -> Mapping[str, Any]:
    own = _plain(clip.metadata.get(OWN))
    cmx = _plain(clip.metadata.get("cmx_3600"))
    titles = _texts(own.get("titles")) or ({"": clip.name} if clip.name else {})
    return {
        "titles": titles,
        "descriptions": own.get("descriptions"),
        "reel": own.get("reel") or cmx.get("reel") or "",
    }


def _plain(value: Any) -> Mapping[str, Any]:
    return dict(value) if hasattr(value, "keys") else {}


def _texts(value: Any) -> dict[str, str]:
    return {str(tag): text for tag, text in _plain(value).items() if isinstance(text, str) and text}


def _frames(time: Any, rate: Fraction) -> int | None:
    """A time as whole frames at the rate; None for what is too far or no number."""
    value = time.value if time.rate == float(rate) else time.rescaled_to(float(rate)).value
    return round(value) if abs(value) < _LARGEST_FRAME else None


def _rescaled(footage: Footage, rate: Fraction) -> int:
    return round(footage.start_frame * rate / footage.rate)


def _length(shot: Shot, footage: Footage) -> int | None:
    """The footage's length in the shot's frames, rounded up: where rates differ an edge may lie between two frames."""
    return None if footage.length is None else -int(-footage.length * shot.rate / footage.rate // 1)


def _time(frames: int, rate: Fraction) -> Any:
    return RationalTime(frames, float(rate))


def _range(start: int, length: int, rate: Fraction) -> Any:
    return TimeRange(_time(start, rate), _time(length, rate))


def _timecode(time: Any) -> str:
    try:
        return str(to_timecode(time))
    except ValueError:
        return ""


def _written(rate: Fraction) -> list[int]:
    return [rate.numerator, rate.denominator]
