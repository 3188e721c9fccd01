"""The proxy: what browsers play. H.264 and AAC in MP4, or AAC alone; upright, square pixels, whole frames."""

import re
from pathlib import Path

from archive.constants import StepError
from archive.media.errors import MediaError
from archive.media.ffmpeg import Progress, run_ffmpeg, source_of, threads
from archive.media.filters import (
    Known,
    duration_of,
    fitted,
    is_length_known,
    longest_of,
    picture_of,
    rate_of,
    seconds_for,
    shown_size,
    stereo,
    upright,
)
from archive.media.made import Made
from archive.media.probe import probe

KEY_FRAME_S = 2  # HLS and the strips of small pictures go by key frames
_TIMES = 15.0
_DAMAGE = re.compile(r"\[(?:error|fatal)\]")
_SHORT_MS, _SHORT_PART = 300, 0.01


def make_proxy(source: Path, known: Known, folder: Path, on_progress: Progress) -> Made:
    """``known`` is what ``probe`` said of the source. Raises MediaError; nothing that can be played is one."""
    picture, sound = picture_of(known), stereo(known)
    if picture is None and not sound:
        raise MediaError(StepError.NOTHING_INSIDE)
    size_bytes = source.stat().st_size
    duration_ms, longest_ms = duration_of(known, size_bytes), longest_of(known, size_bytes)
    name = "proxy.mp4" if picture else "proxy.m4a"
    graph, maps, encoding = [sound] if sound else [], ["-map", "[a]"] if sound else [], list[str]()
    if picture is not None:
        size, rate = fitted(shown_size(picture)), rate_of(picture)
        graph.insert(0, f"[0:{picture['position']}]{upright(picture, size)},format=yuv420p[v]")
        maps = ["-map", "[v]", *maps]
        if rate is not None:
            encoding += ["-r", f"{rate.numerator}/{rate.denominator}", "-fps_mode", "cfr"]
        encoding += ["-c:v", "libx264", "-preset", "veryfast", "-profile:v", "high", "-crf", "23"]
        encoding += ["-maxrate", "3M", "-bufsize", "6M", "-force_key_frames", f"expr:gte(t,n_forced*{KEY_FRAME_S})"]
    if sound:
        encoding += ["-c:a", "aac", "-b:a", "128k", "-ar", "48000"]
    encoding += ["-map_metadata", "-1", "-movflags", "+faststart"]
    said = run_ffmpeg(
        [
            *source_of(source), "-filter_complex", ";".join(graph), *maps, *encoding, *threads(),
            "-t", f"{longest_ms / 1000:.3f}", "-f", "mp4", name,
        ],
        seconds=seconds_for(longest_ms, _TIMES),
        on_progress=on_progress,
        duration_ms=duration_ms,
        folder=folder,
    )  # fmt: skip
    result = _read_again(folder / name, said.log)
    lasts_ms = int(result.get("duration_ms") or 0)
    expected_ms = int((picture or {}).get("duration_ms") or duration_ms)
    is_short = is_length_known(known) and lasts_ms < expected_ms - _SHORT_MS - expected_ms * _SHORT_PART
    return Made(
        names=(name,),
        content_type="video/mp4" if picture else "audio/mp4",
        facts=_facts(result) | {"source_ms": expected_ms},
        is_partial=is_short or bool(_DAMAGE.search(said.log)),
        log=said.log,
    )


def _read_again(path: Path, log: str) -> Known:
    try:
        return probe(path)
    except MediaError as error:  # ffmpeg is content with having written nothing
        raise MediaError(StepError.NOTHING_INSIDE, log) from error


def _facts(result: Known) -> dict[str, object]:
    picture = picture_of(result)
    facts: dict[str, object] = {"duration_ms": result.get("duration_ms"), "has_sound": bool(stereo(result))}
    if picture is not None:
        facts |= {"width": picture["width"], "height": picture["height"]}
        rate = rate_of(picture)
        if rate is not None:
            facts["rate"] = [rate.numerator, rate.denominator]
    return facts
