"""HTTP Live Streaming (RFC 8216) of a proxy: nothing is encoded anew, the parts are ranges of one file."""

from pathlib import Path

from archive.media.ffmpeg import Progress, run_ffmpeg, source_of
from archive.media.filters import Known, seconds_for
from archive.media.made import Made

PART_S = 6
PLAYLIST, MEDIA = "index.m3u8", "index.mp4"


def make_hls(proxy: Path, known: Known, folder: Path, on_progress: Progress) -> Made:
    """A playlist of type VOD and one fragmented MP4, whose name stands in it without any path. Raises MediaError."""
    duration_ms = int(known.get("duration_ms") or 0)
    said = run_ffmpeg(
        [
            *source_of(proxy), "-map", "0:v:0?", "-map", "0:a:0?", "-c", "copy", "-f", "hls", "-hls_time", str(PART_S),
            "-hls_playlist_type", "vod", "-hls_segment_type", "fmp4", "-hls_flags", "single_file",
            "-hls_segment_filename", MEDIA, PLAYLIST,
        ],
        seconds=seconds_for(duration_ms, 2),
        on_progress=on_progress,
        duration_ms=duration_ms,
        folder=folder,
    )  # fmt: skip
    names = tuple(sorted(path.name for path in folder.iterdir() if path.name != PLAYLIST))
    facts = {"duration_ms": duration_ms, "part_s": PART_S}
    return Made((PLAYLIST, *names), "application/vnd.apple.mpegurl", facts, is_folder=True, log=said.log)
