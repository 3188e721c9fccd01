"""The watermarked preview for partners: smaller than the proxy, with words and a running timecode in the picture.

A recording of sound alone gets a short tone every ten seconds.
"""

from fractions import Fraction
from pathlib import Path

from archive.media.ffmpeg import Progress, run_ffmpeg, source_of, threads
from archive.media.filters import Known, fitted, picture_of, rate_of, seconds_for, shown_size, stereo
from archive.media.made import Made
from archive.media.probe import probe
from archive.media.watermark import burnt_in

LONG_SIDE, SHORT_SIDE = 854, 480
_TONE = "aevalsrc='0.12*sin(2*PI*1000*t)*lt(mod(t,10),0.4)':sample_rate=48000:channel_layout=mono"
_TIMES = 15.0


def make_preview(proxy: Path, folder: Path, on_progress: Progress, *, text: str, start_timecode: str) -> Made:
    """``proxy`` is one of ``make_proxy``. Raises MediaError."""
    known = probe(proxy)
    picture, duration_ms = picture_of(known), int(known.get("duration_ms") or 0)
    if picture is None:
        return _sound(proxy, known, folder, on_progress, duration_ms)
    size = fitted(shown_size(picture), LONG_SIDE, SHORT_SIDE)
    rate = rate_of(picture) or Fraction(25)
    sound = ["-map", "0:a:0", "-c:a", "aac", "-b:a", "96k"] if stereo(known) else []
    with burnt_in(text, size, rate, start_timecode) as (inputs, overlay):
        graph = f"[0:{picture['position']}]scale={size[0]}:{size[1]}:flags=bicubic,setpts=PTS-STARTPTS[plain];{overlay}"
        said = run_ffmpeg(
            [
                *source_of(proxy), *inputs, "-filter_complex", graph, "-map", "[v]", *sound, "-c:v", "libx264",
                "-preset", "veryfast", "-crf", "27", "-map_metadata", "-1", "-movflags", "+faststart", *threads(),
                "-f", "mp4", "preview.mp4",
            ],
            seconds=seconds_for(duration_ms, _TIMES),
            on_progress=on_progress,
            duration_ms=duration_ms,
            folder=folder,
        )  # fmt: skip
    facts = {"width": size[0], "height": size[1], "duration_ms": duration_ms, "text": text}
    return Made(("preview.mp4",), "video/mp4", facts, log=said.log)


def _sound(proxy: Path, known: Known, folder: Path, on_progress: Progress, duration_ms: int) -> Made:
    graph = f"{_TONE}[tone];{stereo(known)};[a][tone]amix=inputs=2:duration=first:normalize=0[mixed]"
    said = run_ffmpeg(
        [
            *source_of(proxy), "-filter_complex", graph, "-map", "[mixed]", "-c:a", "aac", "-b:a", "96k",
            "-map_metadata", "-1", "-movflags", "+faststart", "-f", "mp4", "preview.m4a",
        ],
        seconds=seconds_for(duration_ms, _TIMES),
        on_progress=on_progress,
        duration_ms=duration_ms,
        folder=folder,
    )  # fmt: skip
    return Made(("preview.m4a",), "audio/mp4", {"duration_ms": duration_ms}, log=said.log)
