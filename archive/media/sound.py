"""What is seen and measured of sound: the waveform, and loudness by EBU R128."""

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

from archive.constants import StepError
from archive.media.errors import MediaError
from archive.media.ffmpeg import Progress, run_ffmpeg, source_of
from archive.media.filters import Known, duration_of, longest_of, seconds_for, sounds_of, stereo
from archive.media.made import Made

WAVE_SIZE = (1800, 120)
MOST_MEASURED = 16  # tracks
_COLOUR = "0x2563eb"
_MOST_SAMPLES = 400_000_000  # the filter keeps them all until the end
_TIMES = 6.0
_SUMMARY = re.compile(
    r"Parsed_ebur128_(\d+) @[^\n]*Summary:\s+Integrated loudness:\s+I:\s+(\S+) LUFS.*?LRA:\s+(\S+) LU\b"
    r".*?Peak:\s+(\S+) dBFS",
    re.DOTALL,
)


def make_waveform(source: Path, known: Known, folder: Path, on_progress: Progress) -> Made:
    """A PNG without a background, quiet sounds raised so that speech is seen. Raises MediaError."""
    graph = stereo(known)
    if not graph:
        raise MediaError(StepError.NOTHING_INSIDE)
    duration_ms = duration_of(known, source.stat().st_size)
    rate_hz = max(100, min(8000, _MOST_SAMPLES * 1000 // max(1, duration_ms)))
    enough = f"apad=whole_len={2 * WAVE_SIZE[0]}"  # the filter wants two samples for each line of the picture
    drawn = f"showwavespic=s={WAVE_SIZE[0]}x{WAVE_SIZE[1]}:colors={_COLOUR}:scale=sqrt:draw=full"
    graph += f";[a]aformat=channel_layouts=mono,aresample={rate_hz},{enough},{drawn}[v]"
    said = run_ffmpeg(
        [*source_of(source), "-filter_complex", graph, "-map", "[v]", "-frames:v", "1", "-update", "1",
         "-f", "image2", "waveform.png"],
        seconds=seconds_for(longest_of(known, source.stat().st_size), _TIMES),
        on_progress=on_progress,
        folder=folder,
    )  # fmt: skip
    if not (folder / "waveform.png").exists():
        raise MediaError(StepError.NOTHING_INSIDE, said.log)
    facts = {"width": WAVE_SIZE[0], "height": WAVE_SIZE[1], "duration_ms": duration_ms}
    return Made(("waveform.png",), "image/png", facts, log=said.log)


def measure_loudness(source: Path, known: Known, on_progress: Progress) -> dict[int, dict[str, Any]]:
    """Integrated loudness, range and true peak of each sound track (EBU R128, ITU-R BS.1770), by its position.

    Numbers are strings with one decimal. Silence has no peak. Raises MediaError.
    """
    sounds = sounds_of(known)[:MOST_MEASURED]
    if not sounds:
        raise MediaError(StepError.NOTHING_INSIDE)
    duration_ms = duration_of(known, source.stat().st_size)
    graph = ";".join(
        f"[0:{sound['position']}]ebur128=peak=true:framelog=quiet[m{number}]" for number, sound in enumerate(sounds)
    )
    maps = [part for number in range(len(sounds)) for part in ("-map", f"[m{number}]")]
    said = run_ffmpeg(
        [*source_of(source), "-filter_complex", graph, *maps, "-f", "null", "-"],
        seconds=seconds_for(longest_of(known, source.stat().st_size), _TIMES),
        on_progress=on_progress,
        duration_ms=duration_ms,
        verbosity="info",
        written_bytes=0,
    )
    found = {int(number): values for number, *values in _SUMMARY.findall(said.log)}
    if len(found) < len(sounds):
        raise MediaError(StepError.NOTHING_INSIDE, said.log)
    names = ("loudness_lufs", "loudness_range_lu", "true_peak_dbtp")
    return {
        sound["position"]: {name: _tenths(value) for name, value in zip(names, found[number], strict=True)}
        for number, sound in enumerate(sounds)
    }


def _tenths(value: str) -> str | None:
    number = Decimal(value)
    return str(number.quantize(Decimal("0.1"))) if number.is_finite() else None
