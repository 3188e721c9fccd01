"""Running ffmpeg on foreign bytes: only demuxers and protocols that a file of the store can need."""

import os
import re
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path

from django.conf import settings

from archive.media import binaries
from archive.media.sandbox import Limits, Said, run
from archive.services.picture import MAX_PIXELS

# Nothing here opens another file by what it reads: no playlists, lists, captions by name, devices or scripts.
DEMUXERS = (
    "mov,matroska,webm,mpeg,mpegvideo,mpegts,mxf,avi,wav,w64,aiff,mp3,aac,flac,ogg,gif,png_pipe,jpeg_pipe,tiff_pipe,"
    "webp_pipe"
)
MEMORY_BYTES = 4 * 1024**3
PERCENT_MOST = 99  # the last one is given when the result has been stored
_OUT_TIME = re.compile(rb"out_time_us=(\d+)")

Progress = Callable[[int], None]


def source_of(path: Path, *before: str) -> list[str]:
    """The arguments that open a foreign file; ``before`` are options of its input, such as ``-ss``."""
    allowed = ["-protocol_whitelist", "file", "-format_whitelist", DEMUXERS, "-max_pixels", str(MAX_PIXELS)]
    return [*before, *allowed, "-i", f"file:{path}"]


def run_ffmpeg(
    arguments: Sequence[str],
    *,
    seconds: float,
    on_progress: Progress | None = None,
    duration_ms: int | None = None,
    folder: Path | None = None,
    written_bytes: int | None = None,
    verbosity: str = "warning",
) -> Said:
    """Run it under limits, for ``seconds`` at most; open inputs with ``source_of``.

    ``on_progress`` is called about twice a second with the percentage of ``duration_ms`` that is done, whether
    anything has moved or not: whoever holds a lease renews it there. What it raises ends the program.
    It starts in ``folder`` and may write there alone, and read nothing but its inputs. ``written_bytes`` is what one
    file may grow to; 0 forbids writing. With neither it is bound by its options alone. Raises MediaError.
    """
    is_free = folder is None and written_bytes != 0
    heard, percent = bytearray(), 0

    def on_output(piece: bytes) -> None:
        nonlocal percent
        heard.extend(piece)
        found = _OUT_TIME.findall(heard)
        if found and duration_ms:
            percent = max(percent, min(PERCENT_MOST, int(found[-1]) // 10 // duration_ms))
        del heard[:-200]

    options = ["-hide_banner", "-nostdin", "-nostats", "-loglevel", f"level+{verbosity}", "-progress", "pipe:1", "-y"]
    return run(
        binaries.ffmpeg(),
        [*options, *arguments],
        Limits(
            seconds,
            MEMORY_BYTES,
            settings.MAX_MEDIA_BYTES if written_bytes is None else written_bytes,
            cores=os.cpu_count() or 1,
        ),
        folder=folder,
        reads=None if is_free else inputs_of(arguments),
        on_output=on_output,
        on_tick=None if on_progress is None else lambda: on_progress(percent),
    )


def inputs_of(arguments: Sequence[str]) -> list[str]:
    """Paths of the files that are opened."""
    following = [value for name, value in pairwise(arguments) if name == "-i"]
    return [value.removeprefix("file:") for value in following if value.startswith("file:")]


def threads() -> list[str]:
    """So many that all steps which may run at once share the cores."""
    return ["-threads", str(max(1, (os.cpu_count() or 1) // settings.MEDIA_STEPS_AT_ONCE))]
