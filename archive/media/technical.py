"""What ffprobe says of a file, in the words of our tracks."""

import re
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from archive.constants import ScanOrder, TrackKind
from archive.media.languages import tag_of
from archive.timecode import tidy_timecode

# Fields of a Track that a probe fills in; its language is another matter.
FIELDS = (
    "position", "kind", "codec", "profile", "duration_ms", "bit_rate", "rate_numerator", "rate_denominator", "width",
    "height", "rotation", "pixel_numerator", "pixel_denominator", "picture_numerator", "picture_denominator",
    "scan_order", "pixel_format", "bit_depth", "sample_rate_hz", "channels", "channel_layout", "loudness_lufs",
    "loudness_range_lu", "true_peak_dbtp",
)  # fmt: skip
_RATES = [
    Fraction(base * 1000, 1001) if is_slow else Fraction(base)
    for base in (24, 25, 30, 48, 50, 60, 100, 120)
    for is_slow in ((True, False) if base not in (25, 50, 100) else (False,))
] + [Fraction(n) for n in (8, 10, 12, 15, 16, 18, 20)]
_EXACT = Fraction(1, 5000)  # 23.976 and 24 are five times as far from one another
_NEAR = Fraction(1, 100)
_FIELDS_FIRST = {
    "progressive": ScanOrder.PROGRESSIVE,
    "tt": ScanOrder.TOP_FIRST,
    "bt": ScanOrder.TOP_FIRST,
    "bb": ScanOrder.BOTTOM_FIRST,
    "tb": ScanOrder.BOTTOM_FIRST,
}
_DEPTH = re.compile(r"(?:p|gray|y2|x2rgb)(9|10|12|14|16)(?:le|be)?\Z")
_KINDS = {"video": TrackKind.VIDEO, "audio": TrackKind.AUDIO, "subtitle": TrackKind.SUBTITLE}
_MOST = 2**31 - 1


def tracks_of(streams: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """One dictionary a stream, with fields of Track that are known. A cover in a music file is no moving picture."""
    return [_track(position, stream) for position, stream in enumerate(streams)]


def start_timecode_of(said: Mapping[str, Any]) -> str:
    """The container's, else the first that a stream has; "" if there is none."""
    places = [said.get("format", {}), *said.get("streams", [])]
    for place in places:
        if timecode := tidy_timecode(str(_tags(place).get("timecode", ""))):
            return timecode
    return ""


def seconds_ms(value: Any) -> int | None:
    """Milliseconds of a number of seconds, or of H:MM:SS.fraction; None for what is neither."""
    parts = str(value).split(":")
    try:
        seconds = sum(Fraction(part) * 60**place for place, part in enumerate(reversed(parts)))
    except (ValueError, ZeroDivisionError):
        return None
    return round(seconds * 1000) if seconds >= 0 else None


def rate_of(stream: Mapping[str, Any]) -> Fraction | None:
    """Frames a second. A field rate is halved, a measured average made exact where it is as good as a usual rate."""
    average, regular = _fraction(stream.get("avg_frame_rate")), _fraction(stream.get("r_frame_rate"))
    if average is None:
        return regular
    exact = _usual(average, _EXACT)
    if exact is not None:
        return exact
    if regular is not None and regular in _RATES:
        for candidate in (regular, regular / 2):
            if abs(candidate - average) <= candidate * _NEAR:
                return candidate
    return average.limit_denominator(100_000)


def _track(position: int, stream: Mapping[str, Any]) -> dict[str, Any]:
    kind = _kind(stream)
    track: dict[str, Any] = {
        "position": position,
        "kind": kind.value,
        "codec": str(stream.get("codec_name") or stream.get("codec_tag_string") or "")[:60],
        "profile": str(stream.get("profile", ""))[:60],
        "language": "" if kind == TrackKind.TIMECODE else tag_of(str(_tags(stream).get("language", ""))),
        "duration_ms": seconds_ms(stream.get("duration")) or seconds_ms(_tags(stream).get("DURATION", "")),
        "bit_rate": _number(stream.get("bit_rate")),
    }
    if stream.get("codec_type") == "video":
        track |= _picture(stream)
    elif kind == TrackKind.AUDIO:
        track |= {
            "sample_rate_hz": _number(stream.get("sample_rate")),
            "channels": _number(stream.get("channels")),
            "channel_layout": str(stream.get("channel_layout", ""))[:40],
            "bit_depth": _number(stream.get("bits_per_raw_sample")) or _number(stream.get("bits_per_sample")),
        }
    return {name: value for name, value in track.items() if value not in (None, "")}


def _kind(stream: Mapping[str, Any]) -> TrackKind:
    if stream.get("codec_tag_string") == "tmcd" or stream.get("codec_name") == "timecode":
        return TrackKind.TIMECODE
    if stream.get("disposition", {}).get("attached_pic"):
        return TrackKind.DATA
    return _KINDS.get(str(stream.get("codec_type")), TrackKind.DATA)


def as_still(track: Mapping[str, Any]) -> dict[str, Any]:
    """A still picture has no rate, length or fields, though programs tell of some."""
    moving = ("rate_numerator", "rate_denominator", "duration_ms", "scan_order", "bit_rate")
    return {name: value for name, value in track.items() if name not in moving}


def _picture(stream: Mapping[str, Any]) -> dict[str, Any]:
    rate, pixel = rate_of(stream), _fraction(stream.get("sample_aspect_ratio"))
    width, height = _number(stream.get("width")), _number(stream.get("height"))
    picture = Fraction(width, height) * (pixel or 1) if width and height else None
    pixel_format = str(stream.get("pix_fmt", ""))[:30]
    return {
        "width": width,
        "height": height,
        "rate_numerator": rate and rate.numerator,
        "rate_denominator": rate and rate.denominator,
        "rotation": rotation_of(stream),
        "pixel_numerator": pixel and pixel.numerator,
        "pixel_denominator": pixel and pixel.denominator,
        "picture_numerator": picture and picture.numerator,
        "picture_denominator": picture and picture.denominator,
        "scan_order": _FIELDS_FIRST.get(str(stream.get("field_order", "")), ""),
        "pixel_format": pixel_format,
        "bit_depth": _depth(pixel_format) or _number(stream.get("bits_per_raw_sample")),
    }


def _depth(pixel_format: str) -> int | None:
    """Bits of a sample of each colour; None for a format that is not known."""
    if not pixel_format or pixel_format.startswith("mono"):
        return 1 if pixel_format else None
    if pixel_format.startswith(("rgb48", "bgr48", "rgba64", "bgra64", "ya16", "xyz12")):
        return 12 if pixel_format.startswith("xyz") else 16
    if pixel_format.endswith(("f16le", "f16be")):
        return 16
    if pixel_format.endswith(("f32le", "f32be")):
        return 32
    match = _DEPTH.search(pixel_format)
    return int(match[1]) if match else 8


def rotation_of(stream: Mapping[str, Any]) -> int:
    """Degrees by which the picture is turned clockwise when shown: 0, 90, 180 or 270."""
    for side in stream.get("side_data_list", []):
        if "rotation" in side:
            return round(-float(side["rotation"]) / 90) * 90 % 360
    return 0


def _usual(value: Fraction, within: Fraction) -> Fraction | None:
    nearest = min(_RATES, key=lambda rate: abs(rate - value))
    return nearest if abs(nearest - value) <= nearest * within else None


def _tags(place: Mapping[str, Any]) -> Mapping[str, Any]:
    tags = place.get("tags", {})
    return tags if isinstance(tags, Mapping) else {}


def _fraction(value: Any) -> Fraction | None:
    """ "25/1" and "16:15"; None where it is not known, which is told as nought."""
    try:
        found = Fraction(str(value).replace(":", "/"))
    except (ValueError, ZeroDivisionError):
        return None
    return found if found > 0 and found.numerator <= _MOST and found.denominator <= _MOST else None


def _number(value: Any) -> int | None:
    try:
        found = int(value)
    except (TypeError, ValueError):
        return None
    return found if 0 < found < 2**63 else None
