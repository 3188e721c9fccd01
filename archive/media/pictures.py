"""Many small pictures in one: the strip of key frames, and the sprite that a player shows above its time line."""

import re
from pathlib import Path

from archive.constants import StepError
from archive.media.errors import MediaError
from archive.media.ffmpeg import Progress, run_ffmpeg, source_of
from archive.media.filters import Known, fitted, picture_of, seconds_for, shown_size
from archive.media.made import Made

MOST_KEY_FRAMES, FEWEST_KEY_FRAMES = 24, 8
MOST_IN_SPRITE = 120
COLUMNS = 8
FRAME_SIDES = (192, 108)
_TAIL_MS = 50  # sound may last a little longer than the picture
_ALL_FRAMES_MS = 120_000  # of longer proxies only the frames that stand for themselves are looked at
_CUT = 0.3  # how unlike the frame before a frame is that begins a shot, of 1
_TIMES = 6.0
_SCORED = re.compile(r"pts_time:([0-9.]+)\s+lavfi\.scene_score=([0-9.]+)")


def make_key_frames(proxy: Path, known: Known, folder: Path, on_progress: Progress) -> Made:
    """A JPEG with the first frame of each shot, eight to a row; ``facts["frames"]`` say where and when.

    Where there are few shots, frames between them are added; of many, some are left out. Raises MediaError.
    """
    size, duration_ms = _small(known), _lasts(known)
    chosen = _chosen(_scores(proxy, known, folder, on_progress), duration_ms)
    if not chosen:
        raise MediaError(StepError.NOTHING_INSIDE)
    columns, rows = _grid(len(chosen))
    wanted = "+".join(f"between(t,{at - 0.002:.4f},{at + 0.002:.4f})" for at in chosen)
    graph = f"select='{wanted}',{_scaled(size)},tile={columns}x{rows}"
    log = _drawn(proxy, known, graph, folder, "keyframes.jpg", on_progress)
    frames = [
        {"at_ms": round(at * 1000), "x": number % columns * size[0], "y": number // columns * size[1]}
        for number, at in enumerate(chosen)
    ]
    facts = {"frame_width": size[0], "frame_height": size[1], "columns": columns, "rows": rows, "frames": frames}
    return Made(("keyframes.jpg",), "image/jpeg", facts, log=log)


def make_sprite(proxy: Path, known: Known, folder: Path, on_progress: Progress) -> Made:
    """A JPEG with a frame every so many seconds, and the WebVTT track that names them by place. Raises MediaError."""
    size, duration_ms = _small(known), _lasts(known)
    interval_s = max(1, -(-duration_ms // (1000 * MOST_IN_SPRITE)))
    count = 1 + max(0, duration_ms - _TAIL_MS) // (1000 * interval_s)
    columns, rows = _grid(count)
    each = f"select='isnan(prev_selected_t)+gt(floor(t/{interval_s}),floor(prev_selected_t/{interval_s}))'"
    graph = f"{each},{_scaled(size)},tile={columns}x{rows}"
    log = _drawn(proxy, known, graph, folder, "sprite.jpg", on_progress)
    places = [(number % columns * size[0], number // columns * size[1]) for number in range(count)]
    cues = [
        f"{_time(number * interval_s * 1000)} --> {_time(min((number + 1) * interval_s * 1000, duration_ms))}\n"
        f"sprite.jpg#xywh={x},{y},{size[0]},{size[1]}\n"
        for number, (x, y) in enumerate(places)
    ]
    (folder / "sprite.vtt").write_text("\n".join(["WEBVTT\n", *cues]), encoding="utf-8")
    facts = {
        "frame_width": size[0], "frame_height": size[1], "columns": columns, "rows": rows, "count": count,
        "interval_ms": interval_s * 1000,
    }  # fmt: skip
    return Made(("sprite.vtt", "sprite.jpg"), "text/vtt", facts, is_folder=True, log=log)


def _lasts(known: Known) -> int:
    """Milliseconds of the picture alone."""
    return int((picture_of(known) or {}).get("duration_ms") or known.get("duration_ms") or 0)


def _small(known: Known) -> tuple[int, int]:
    picture = picture_of(known)
    if picture is None:
        raise MediaError(StepError.NOTHING_INSIDE)
    return fitted(shown_size(picture), *FRAME_SIDES)


def _scaled(size: tuple[int, int]) -> str:
    return f"scale={size[0]}:{size[1]}:flags=area:out_range=pc,setsar=1,format=yuv420p"


def _grid(count: int) -> tuple[int, int]:
    columns = min(COLUMNS, count)
    return columns, -(-count // columns)


def _opened(proxy: Path, known: Known) -> list[str]:
    is_long = int(known.get("duration_ms") or 0) > _ALL_FRAMES_MS
    return source_of(proxy, "-skip_frame", "nokey") if is_long else source_of(proxy)


def _drawn(proxy: Path, known: Known, graph: str, folder: Path, name: str, on_progress: Progress) -> str:
    said = run_ffmpeg(
        [*_opened(proxy, known), "-map", "0:v:0", "-vf", graph, "-frames:v", "1", "-q:v", "4", "-update", "1",
         "-f", "image2", name],
        seconds=seconds_for(int(known.get("duration_ms") or 0), _TIMES),
        on_progress=on_progress,
        folder=folder,
    )  # fmt: skip
    if not (folder / name).exists():
        raise MediaError(StepError.NOTHING_INSIDE, said.log)
    return said.log


def _scores(proxy: Path, known: Known, folder: Path, on_progress: Progress) -> list[tuple[float, float]]:
    """Seconds, and how unlike the frame before: from 0 to 1."""
    graph = "scale=192:-2:flags=area,select='gte(scene,0)',metadata=print:key=lavfi.scene_score:file=scores.txt"
    duration_ms = int(known.get("duration_ms") or 0)
    run_ffmpeg(
        [*_opened(proxy, known), "-map", "0:v:0", "-vf", graph, "-f", "null", "-"],
        seconds=seconds_for(duration_ms, _TIMES),
        on_progress=lambda percent: on_progress(percent // 2),
        duration_ms=duration_ms,
        folder=folder,
    )
    said = (folder / "scores.txt").read_text(encoding="utf-8")
    return [(float(at), float(score)) for at, score in _SCORED.findall(said)]


def _chosen(scored: list[tuple[float, float]], duration_ms: int) -> list[float]:
    """Seconds of the frames that are shown, in their order."""
    if not scored:
        return []
    chosen = [scored[0][0]]
    for at, score in scored[1:]:
        if score >= _CUT and at - chosen[-1] >= 0.5:
            chosen.append(at)
    if len(chosen) > MOST_KEY_FRAMES:
        chosen = [chosen[number * len(chosen) // MOST_KEY_FRAMES] for number in range(MOST_KEY_FRAMES)]
    times = [at for at, _score in scored]
    for number in range(1, FEWEST_KEY_FRAMES):
        if len(chosen) >= FEWEST_KEY_FRAMES:
            break
        wished = number * duration_ms / 1000 / FEWEST_KEY_FRAMES
        nearest = min(times, key=lambda at: abs(at - wished))
        if min(abs(nearest - at) for at in chosen) >= duration_ms / 1000 / FEWEST_KEY_FRAMES / 2:
            chosen.append(nearest)
    return sorted(chosen)


def _time(at_ms: int) -> str:
    seconds, ms = divmod(at_ms, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{ms:03}"
