"""What ffprobe says of a recording. It reads foreign bytes, so it runs in a child with limits and without a network."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import structlog

from archive.constants import FileRefusal
from archive.errors import FileRefusedError

SECONDS = 45  # by the wall clock; the child's own limits are in probe_child
MAX_ANSWER_BYTES = 1024 * 1024
_CHILD = Path(__file__).with_name("probe_child.py")
_KEPT = (
    "codec_type", "codec_name", "profile", "width", "height", "sample_aspect_ratio", "display_aspect_ratio", "pix_fmt",
    "field_order", "r_frame_rate", "avg_frame_rate", "sample_rate", "channels", "channel_layout", "bit_rate",
    "bits_per_raw_sample", "duration", "nb_frames",
)  # fmt: skip

log = structlog.get_logger(__name__)


def technical_of(path: Path) -> dict[str, Any]:
    """Format, duration and streams by ffprobe's names; empty where ffprobe is not installed, which the log says.

    Raises FileRefusedError for a recording that cannot be read, or not within the limits.
    """
    program = shutil.which("ffprobe")
    if program is None:
        log.info("media.not-probed", reason="ffprobe is not installed")
        return {}
    try:
        child = subprocess.run(  # noqa: S603 — our own child, and a path that we made
            [sys.executable, "-I", "-S", str(_CHILD), program, str(path)],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=SECONDS,
            check=True,
            env={"LANG": "C.UTF-8", "PATH": os.defpath},  # no secret of ours is there to be found
        )
        said = json.loads(child.stdout[:MAX_ANSWER_BYTES])
    except (subprocess.SubprocessError, ValueError) as error:
        log.info("media.unreadable", error=type(error).__name__)
        raise FileRefusedError(FileRefusal.UNREADABLE) from error
    return _kept(said)


def _kept(said: dict[str, Any]) -> dict[str, Any]:
    format = said.get("format", {})
    streams = [{name: stream[name] for name in _KEPT if name in stream} for stream in said.get("streams", [])]
    if not streams:
        raise FileRefusedError(FileRefusal.UNREADABLE)
    technical: dict[str, Any] = {"format": str(format.get("format_name", "")), "streams": streams}
    try:
        technical["duration_ms"] = round(float(format["duration"]) * 1000)
    except (KeyError, ValueError):
        return technical
    return technical
