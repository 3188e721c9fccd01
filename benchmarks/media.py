"""How fast footage becomes what browsers play: our probe and proxy, in their sandbox, beside ffmpeg at a shell prompt.

Two recordings wait in both cases. We work on as many at once as there are places, each with its share of the cores; at
a prompt one follows the other, each with all cores. Seconds of footage a second of waiting.
"""

import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from django.conf import settings

from archive.media import binaries
from archive.media.probe import probe
from archive.media.proxy import make_proxy
from benchmarks.report import Goal, Report

OURS, PLAIN = "ours", "ffmpeg at a prompt"
FOOTAGE_S = 20
FILES = 2
_SOURCES = {
    "1080i MXF": (
        "testsrc2=size=1920x1080:rate=50,interlace=scan=tff",
        ["-c:v", "mpeg2video", "-b:v", "50M", "-flags", "+ilme+ildct", "-c:a", "pcm_s16le"],
        "mxf",
        "bwdif=mode=send_frame,scale=1280:720",
    ),
    "720p phone": (
        "testsrc2=size=1280x720:rate=30000/1001",
        ["-c:v", "libx264", "-preset", "ultrafast", "-b:v", "12M", "-c:a", "aac"],
        "mp4",
        "scale=1280:720",
    ),
}
GOALS = [
    Goal(f"probe and proxy, {name}", OURS, PLAIN, 0.9, f"{name}: the sandbox and reading again cost a tenth at most")
    for name in _SOURCES
]


def measure(report: Report, *, rounds: int) -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        for name, (picture, encoding, ending, filters) in _SOURCES.items():
            source = folder / f"source.{ending}"
            _plain(["-f", "lavfi", "-i", f"{picture}", *_tone(), "-t", str(FOOTAGE_S), *encoding, str(source)])
            for _ in range(rounds):
                for contender, work in ((OURS, partial(_ours, source)), (PLAIN, partial(_prompt, source, filters))):
                    report.add(f"probe and proxy, {name}", contender, "s/s", FILES * FOOTAGE_S / _seconds(work, folder))


def _tone() -> list[str]:
    return ["-f", "lavfi", "-i", "sine=frequency=1000:sample_rate=48000"]


def _seconds(work: Callable[[Path], None], folder: Path) -> float:
    target = folder / "work"
    target.mkdir()
    started = time.perf_counter()
    work(target)
    took = time.perf_counter() - started
    shutil.rmtree(target)
    return took


def _ours(source: Path, target: Path) -> None:
    with ThreadPoolExecutor(settings.MEDIA_STEPS_AT_ONCE) as pool:
        list(pool.map(lambda number: _proxy(source, target / str(number)), range(FILES)))


def _proxy(source: Path, target: Path) -> None:
    target.mkdir()
    make_proxy(source, probe(source), target, lambda _percent: None)


def _prompt(source: Path, filters: str, target: Path) -> None:
    for number in range(FILES):
        wanted = ["-v", "error", "-show_format", "-show_streams", "-of", "json", str(source)]
        subprocess.run([binaries.ffprobe(), *wanted], check=True, capture_output=True)
        codecs = ["-c:v", "libx264", "-preset", "veryfast", "-crf", "23", "-maxrate", "3M", "-bufsize", "6M"]
        codecs += ["-pix_fmt", "yuv420p", "-c:a", "aac", "-b:a", "128k", "-movflags", "+faststart"]
        _plain(["-i", str(source), "-vf", filters, *codecs, str(target / f"{number}.mp4")])


def _plain(arguments: list[str]) -> None:
    subprocess.run([binaries.ffmpeg(), "-v", "error", "-nostdin", "-y", *arguments], check=True)
