"""One picture that stands for the whole: of a recording a typical frame, of a still the still itself made smaller."""

from pathlib import Path

from archive.constants import StepError
from archive.media.errors import MediaError
from archive.media.ffmpeg import Progress, run_ffmpeg, source_of
from archive.media.filters import Known, fitted, picture_of, seconds_for, shown_size
from archive.media.made import Made

_LOOKED_AT = 60  # frames; the most typical of them is taken
_STILL_SECONDS = 120


def make_poster(source: Path, known: Known, folder: Path, on_progress: Progress, *, is_still: bool) -> Made:
    """JPEG of a proxy, or of a still picture. Raises MediaError."""
    picture = picture_of(known)
    if picture is None:
        raise MediaError(StepError.NOTHING_INSIDE)
    size, duration_ms = fitted(shown_size(picture)), int(known.get("duration_ms") or 0)
    at_ms = 0 if is_still else duration_ms // 10
    typical = "" if is_still else f"thumbnail={_LOOKED_AT},"
    opening = source_of(source) if is_still else source_of(source, "-ss", f"{at_ms / 1000:.3f}")
    scaled = f"scale={size[0]}:{size[1]}:flags=lanczos:out_range=pc,setsar=1,format=yuv420p"
    graph = f"[0:{picture['position']}]{typical}{scaled}[v]"
    said = run_ffmpeg(
        [*opening, "-filter_complex", graph, "-map", "[v]", "-frames:v", "1", "-q:v", "3", "-update", "1",
         "-f", "image2", "poster.jpg"],
        seconds=_STILL_SECONDS if is_still else seconds_for(10_000, 4),
        on_progress=on_progress,
        folder=folder,
    )  # fmt: skip
    if not (folder / "poster.jpg").exists():
        raise MediaError(StepError.NOTHING_INSIDE, said.log)
    facts = {"width": size[0], "height": size[1]} | ({} if is_still else {"near_ms": at_ms})
    return Made(("poster.jpg",), "image/jpeg", facts, log=said.log)
