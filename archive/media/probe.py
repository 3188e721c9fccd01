"""What ffprobe says of a file. It reads foreign bytes, so it runs in a child with limits and without a network."""

import json
import re
from pathlib import Path
from typing import Any

import structlog

from archive.constants import FileRefusal, StepError, TrackKind
from archive.errors import FileRefusedError
from archive.media import binaries
from archive.media.errors import MediaError
from archive.media.ffmpeg import DEMUXERS, run_ffmpeg, source_of
from archive.media.sandbox import Limits, run
from archive.media.technical import as_still, seconds_ms, start_timecode_of, tracks_of

SECONDS = 45
MEMORY_BYTES = 1024**3
_KEPT = (
    "codec_type", "codec_name", "profile", "width", "height", "sample_aspect_ratio", "display_aspect_ratio", "pix_fmt",
    "field_order", "r_frame_rate", "avg_frame_rate", "sample_rate", "channels", "channel_layout", "bit_rate",
    "bits_per_raw_sample", "duration", "nb_frames",
)  # fmt: skip

_DESCRIBED = re.compile(r"Video: \w+[^,\n]*, (\w+)[^\n]*?, (\d+)x(\d+)")

log = structlog.get_logger(__name__)


def technical_of(path: Path) -> dict[str, Any]:
    """Format, duration and streams by ffprobe's names.

    Raises FileRefusedError for a recording that cannot be read, or not within the limits.
    """
    try:
        said = _asked(path, "-show_format", "-show_streams")
    except MediaError as error:
        log.info("media.unreadable", error=error.code.value)
        raise FileRefusedError(FileRefusal.UNREADABLE) from error
    if not said.get("streams"):
        raise FileRefusedError(FileRefusal.UNREADABLE)
    return _summary(said)


def probe(path: Path, *, is_still: bool = False) -> dict[str, Any]:
    """The same with ``tracks`` (fields of Track), ``start_timecode`` and ``picture_starts_s``. Raises MediaError.

    ``picture_starts_s`` is how much later than the file the picture begins.
    """
    said = _asked(path, "-show_format", "-show_streams")
    if not said.get("streams"):
        raise MediaError(StepError.UNREADABLE)
    for stream in said["streams"]:
        if stream.get("codec_type") == "video":
            if not stream.get("width"):
                stream |= _looked_at(path, int(stream["index"]))
            if not is_still and stream.get("field_order", "unknown") == "unknown":
                stream["field_order"] = _fields_of(path, int(stream["index"]))
    found = _summary(said) | {"tracks": tracks_of(said["streams"]), "start_timecode": start_timecode_of(said)}
    if is_still:
        found.pop("duration_ms", None)
        found["tracks"] = [as_still(track) for track in found["tracks"]]
    starts = [float(stream["start_time"]) for stream in said["streams"] if _is_picture(found, stream)]
    found["picture_starts_s"] = (starts[0] if starts else 0.0) - float(said.get("format", {}).get("start_time", 0) or 0)
    return found


def _is_picture(found: dict[str, Any], stream: dict[str, Any]) -> bool:
    return found["tracks"][int(stream["index"])]["kind"] == TrackKind.VIDEO and "start_time" in stream


def _looked_at(path: Path, index: int) -> dict[str, Any]:
    """Size and pixels of a picture that ffprobe knows by name only, as ffmpeg tells of it."""
    try:
        said = run_ffmpeg(
            [*source_of(path), "-map", f"0:{index}", "-frames:v", "1", "-f", "null", "-"],
            seconds=SECONDS,
            verbosity="info",
            written_bytes=0,
        )
    except MediaError:
        return {}
    match = _DESCRIBED.search(said.log)
    return {"pix_fmt": match[1], "width": int(match[2]), "height": int(match[3])} if match else {}


def _fields_of(path: Path, index: int) -> str:
    """By the first frames, where the stream's head does not say. Not known is "unknown"."""
    wanted = ["-read_intervals", "%+#3", "-show_entries", "frame=interlaced_frame,top_field_first"]
    try:
        frames = _asked(path, "-select_streams", str(index), *wanted).get("frames", [])
    except MediaError:
        return "unknown"
    shown = [frame for frame in frames if "interlaced_frame" in frame]
    if not shown:
        return "unknown"
    if not any(frame["interlaced_frame"] for frame in shown):
        return "progressive"
    return "tt" if shown[0].get("top_field_first") else "bb"


def _asked(path: Path, *wanted: str) -> dict[str, Any]:
    arguments = ["-v", "error", "-protocol_whitelist", "file", "-format_whitelist", DEMUXERS, "-of", "json", *wanted]
    said = run(
        binaries.ffprobe(), [*arguments, "-i", f"file:{path}"], Limits(SECONDS, MEMORY_BYTES, 0), reads=[str(path)]
    )
    try:
        answer = json.loads(said.output)
    except ValueError as error:
        raise MediaError(StepError.UNREADABLE, said.log) from error
    if not isinstance(answer, dict):
        raise MediaError(StepError.UNREADABLE, said.log)
    return answer


def _summary(said: dict[str, Any]) -> dict[str, Any]:
    format = said.get("format", {})
    streams = [{name: stream[name] for name in _KEPT if name in stream} for stream in said["streams"]]
    technical: dict[str, Any] = {"format": str(format.get("format_name", "")), "streams": streams}
    duration_ms = seconds_ms(format.get("duration", ""))
    return technical if duration_ms is None else technical | {"duration_ms": duration_ms}
