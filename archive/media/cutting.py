"""Cutting a clip exactly to the frame: decoded, cut and encoded anew."""

from contextlib import ExitStack
from fractions import Fraction
from pathlib import Path

from archive.constants import ScanOrder, StepError
from archive.media.errors import MediaError
from archive.media.ffmpeg import Progress, run_ffmpeg, source_of, threads
from archive.media.filters import Known, fitted, picture_of, rate_of, seconds_for, shown_size, sounds_of, upright
from archive.media.probe import probe
from archive.media.watermark import burnt_in
from archive.timecode import later

_FIRST: dict[str, str] = {ScanOrder.TOP_FIRST: "tff", ScanOrder.BOTTOM_FIRST: "bff"}
_EARLIER_S = 10.0
_LEAST_RATE = Fraction(25)  # of a picture that does not say how fast it goes


def cut_clip(
    source: Path,
    target: Path,
    *,
    in_ms: int,
    out_ms: int,
    watermark: str = "",
    on_progress: Progress | None = None,
) -> int:
    """Write from the frame at ``in_ms`` up to, not including, the one at ``out_ms``, counted from the first frame.

    ``target`` ends in .mp4 (H.264, AAC), .mov (H.264 with the source's depth and chroma, PCM) or .wav (sound alone).
    With a ``watermark`` it is a preview: small, with the text and the timecode burnt in. Without, fields stay fields
    and pixels keep their shape. The source's start timecode goes on in it. Returns its length in milliseconds.
    Raises MediaError, and what ``on_progress`` raises.
    """
    known = probe(source)
    picture = None if target.suffix in (".wav", ".m4a") else picture_of(known)
    sounds = sounds_of(known)
    if picture is None and not sounds:
        raise MediaError(StepError.NOTHING_INSIDE)
    stretch = _Stretch(known, picture, in_ms, out_ms)
    graph = [
        f"[0:{sound['position']}]atrim=start={stretch.skipped_s:.6f}:duration={stretch.duration_s:.6f},"
        f"asetpts=PTS-STARTPTS[a{number}]"
        for number, sound in enumerate(sounds)
    ]
    maps = [f"[a{number}]" for number in range(len(sounds))]
    arguments = source_of(source, "-ss", f"{stretch.seek_s:.6f}", "-t", f"{stretch.read_s:.6f}")
    with ExitStack() as drawn:
        if picture is not None:
            plain = f"[0:{picture['position']}]trim=start={stretch.picture_from_s:.6f},setpts=PTS-STARTPTS"
            maps.insert(0, "[v]")
            if watermark:
                size = fitted(shown_size(picture))
                inputs, overlay = drawn.enter_context(burnt_in(watermark, size, stretch.rate, stretch.start_timecode))
                arguments += inputs
                graph.append(f"{plain},{upright(picture, size)}[plain];{overlay}")
            else:
                graph.append(f"{plain},crop=trunc(iw/2)*2:trunc(ih/2)*2[v]")
        arguments += ["-filter_complex", ";".join(graph)]
        for name in maps:
            arguments += ["-map", name]
        arguments += _encoding(target, picture, stretch, is_preview=bool(watermark))
        arguments += ["-map_metadata", "-1", *threads(), f"file:{target}"]
        seconds = seconds_for(stretch.duration_ms, 40)
        run_ffmpeg(
            arguments,
            seconds=seconds,
            on_progress=on_progress,
            duration_ms=stretch.duration_ms,
            folder=target.parent,
        )
    return stretch.duration_ms


class _Stretch:
    """Where to cut. Some containers land behind the place that is sought, so one well before it is sought and the rest
    is counted. The picture is cut half a frame early: rounding cannot lose or win a frame."""

    def __init__(self, known: Known, picture: Known | None, in_ms: int, out_ms: int) -> None:
        if not 0 <= in_ms < out_ms:
            raise ValueError("A clip begins at or after nought, before it ends.")
        self.rate = (picture and rate_of(picture)) or _LEAST_RATE
        self.start_timecode = str(known.get("start_timecode", ""))
        if picture is None:
            self.frames, begins_s, self.duration_s = 0, in_ms / 1000, (out_ms - in_ms) / 1000
        else:
            first, end = (round(at * self.rate / 1000) for at in (in_ms, out_ms))
            self.frames = max(1, end - first)
            begins_s = float(known["picture_starts_s"]) + float(first / self.rate)
            self.duration_s = float(self.frames / self.rate)
            self.start_timecode = later(self.start_timecode, first, self.rate)
        self.seek_s = max(0.0, begins_s - _EARLIER_S)
        self.skipped_s = begins_s - self.seek_s
        self.picture_from_s = max(0.0, self.skipped_s - float(1 / self.rate) / 2)
        self.read_s = self.skipped_s + self.duration_s + 1

    @property
    def duration_ms(self) -> int:
        return round(self.duration_s * 1000)


def _encoding(target: Path, picture: Known | None, stretch: _Stretch, *, is_preview: bool) -> list[str]:
    is_quicktime = target.suffix == ".mov"
    if target.suffix == ".wav":
        return ["-c:a", "pcm_s24le", "-f", "wav", "-rf64", "auto"]
    sound = ["-c:a", "pcm_s24le"] if is_quicktime else ["-c:a", "aac", "-b:a", "128k" if is_preview else "320k"]
    container = ["-movflags", "+faststart", "-f", "mov" if is_quicktime else "mp4"]
    if picture is None:
        return [*sound, *container]
    frames = ["-r", f"{stretch.rate.numerator}/{stretch.rate.denominator}", "-frames:v", str(stretch.frames)]
    timecode = ["-timecode", stretch.start_timecode] if stretch.start_timecode else []
    if is_preview:
        quality = ["-preset", "veryfast", "-crf", "26", "-pix_fmt", "yuv420p"]
    else:
        quality = ["-preset", "medium", "-crf", "14", "-pix_fmt", _pixels(picture) if is_quicktime else "yuv420p"]
        quality += _fields(picture)
    return ["-c:v", "libx264", *quality, *frames, *sound, *timecode, *container]


def _pixels(picture: Known) -> str:
    """The nearest that H.264 has to the source's."""
    source = str(picture.get("pixel_format", ""))
    chroma = "422" if "422" in source else "444" if "444" in source or source.startswith(("rgb", "gbr")) else "420"
    return f"yuv{chroma}p{'10le' if int(picture.get('bit_depth') or 8) > 8 else ''}"


def _fields(picture: Known) -> list[str]:
    first = _FIRST.get(picture.get("scan_order", ""))
    return ["-flags", "+ilme+ildct", "-x264-params", f"{first}=1"] if first else []
