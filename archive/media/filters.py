"""How a source is brought into the shape of what is made of it: upright, square pixels, whole frames, an even size."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from archive.constants import ScanOrder, TrackKind

Known = Mapping[str, Any]  # what archive.media.probe.probe returned
LONG_SIDE, SHORT_SIDE = 1280, 720
_GUESSED = {"aac", "mp3", "mpegvideo", "mpeg", "mpegts"}  # ffprobe's names
LEAST_BITS_A_SECOND = 500  # a recording with fewer is not as long as it says


def picture_of(known: Known) -> Known | None:
    """The first moving or still picture."""
    tracks = (track for track in known["tracks"] if track["kind"] == TrackKind.VIDEO)
    return next((track for track in tracks if track.get("width") and track.get("height")), None)


def sounds_of(known: Known) -> list[Known]:
    return [track for track in known["tracks"] if track["kind"] == TrackKind.AUDIO]


def is_interlaced(picture: Known) -> bool:
    return picture.get("scan_order") in (ScanOrder.TOP_FIRST, ScanOrder.BOTTOM_FIRST)


def rate_of(picture: Known) -> Fraction | None:
    if not picture.get("rate_numerator"):
        return None
    return Fraction(picture["rate_numerator"], picture["rate_denominator"])


def shown_size(picture: Known) -> tuple[int, int]:
    """Width and height in square pixels, as it is seen: turned upright, not yet made smaller."""
    pixel = Fraction(picture.get("pixel_numerator") or 1, picture.get("pixel_denominator") or 1)
    width, height = max(2, round(picture["width"] * pixel)), int(picture["height"])
    return (height, width) if picture.get("rotation") in (90, 270) else (width, height)


def fitted(size: tuple[int, int], long_side: int = LONG_SIDE, short_side: int = SHORT_SIDE) -> tuple[int, int]:
    """As large as fits, never larger than it is, both sides even."""
    scale = min(Fraction(1), Fraction(long_side, max(size)), Fraction(short_side, min(size)))
    width, height = (max(2, round(side * scale / 2) * 2) for side in size)
    return width, height


def upright(picture: Known, size: tuple[int, int]) -> str:
    """Filters that give this size. ffmpeg has turned the picture already, by what the file says of it."""
    deinterlace = "bwdif=mode=send_frame:parity=auto:deint=all," if is_interlaced(picture) else ""
    return f"{deinterlace}scale={size[0]}:{size[1]}:flags=bicubic,setsar=1"


def stereo(known: Known) -> str:
    """The sound that is played, as a filter graph to [a]; "" without sound. Two mono tracks are left and right."""
    sounds = sounds_of(known)
    if not sounds:
        return ""
    if len(sounds) > 1 and sounds[0].get("channels") == sounds[1].get("channels") == 1:
        pair = "".join(f"[0:{sound['position']}]" for sound in sounds[:2])
        return f"{pair}join=inputs=2:channel_layout=stereo[a]"
    # A mono sound stays mono; more than two channels are mixed to two.
    layout = "mono" if sounds[0].get("channels") == 1 else "stereo"
    return f"[0:{sounds[0]['position']}]aformat=channel_layouts={layout}[a]"


def duration_of(known: Known, size_bytes: int) -> int:
    """Milliseconds, but never more than a file of this size can hold: a number in a header is only a claim."""
    durations = [known.get("duration_ms") or 0, *(track.get("duration_ms") or 0 for track in known["tracks"])]
    return min(max(durations), _most(size_bytes))


def is_length_known(known: Known) -> bool:
    """Whether the container says how long it lasts. Of others a probe guesses by the bit rate, or knows nothing."""
    return known["format"] not in _GUESSED and bool(known.get("duration_ms"))


def longest_of(known: Known, size_bytes: int) -> int:
    """Milliseconds that may come out of it at most. Time stamps can lie as well as heads."""
    if not is_length_known(known):
        return _most(size_bytes)
    return min(duration_of(known, size_bytes) * 11 // 10 + 10_000, _most(size_bytes))


def _most(size_bytes: int) -> int:
    return size_bytes * 8 * 1000 // LEAST_BITS_A_SECOND


def seconds_for(duration_ms: int, times: float) -> float:
    """How long work on so much may take: ``times`` its length, and what starting takes, twelve hours at most."""
    return min(120 + times * duration_ms / 1000, 12 * 3600)
