"""The demonstration's footage: test pictures, tones and a slate that names the category. Nothing of it is foreign."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import typst
from django.utils import translation

from archive.constants import Category
from archive.media.ffmpeg import run_ffmpeg
from archive.media.local import work_folder
from archive.models import Item
from mediaexchange.core.languages.localize import localized

_SECONDS_ALLOWED = 120
_RATE = 25
_WIDTH, _HEIGHT = 640, 360
_LANGUAGES = ("sr", "kk", "ru", "en")
_FONT = "DejaVu Sans Mono"  # inside typst; has all letters of Serbian and Kazakh
_SLATE = b"""
#set page(width: 640pt, height: 360pt, margin: 24pt, fill: none)
#set text(font: sys.inputs.font, size: 15pt, fill: white)
#place(bottom + left, block(fill: black.transparentize(25%), inset: 10pt, width: 100%)[
  #text(size: 20pt, weight: "bold", sys.inputs.title) \\
  #for line in sys.inputs.categories.split("\\n") [#line \\ ]
  #sys.inputs.identifier
])
"""
_PICTURES = {
    "bars": f"smptehdbars=size={_WIDTH}x{_HEIGHT}:rate={_RATE}",
    "tone": f"testsrc2=size={_WIDTH}x{_HEIGHT}:rate={_RATE}",
    "grey": f"testsrc2=size={_WIDTH}x{_HEIGHT}:rate={_RATE},hue=s=0",
    "silent": f"testsrc2=size={_WIDTH}x{_HEIGHT}:rate={_RATE},hue=s=0,noise=alls=6:allf=t",
}
_TONES_HZ = {"bars": 1000, "tone": 440, "grey": 220}


@contextmanager
def generated(item: Item, seconds: int, kind: str) -> Iterator[Path]:
    """A file of so many seconds at 25 frames a second, whose first timecode is 10:00:00:00; gone afterwards.

    ``kind`` is "bars", "tone", "grey" or "silent", which has no sound. Raises MediaError.
    """
    with work_folder() as folder:
        slate, target = folder / "slate.png", folder / "footage.mov"
        slate.write_bytes(_slate(item))
        source = ["-f", "lavfi", "-i", f"{_PICTURES[kind]},format=yuv420p", "-i", f"file:{slate}"]
        sound: list[str] = []
        if kind in _TONES_HZ:
            source += ["-f", "lavfi", "-i", f"sine=frequency={_TONES_HZ[kind]}:sample_rate=48000,volume=-6dB"]
            sound = ["-map", "2:a", "-c:a", "pcm_s16le"]
        run_ffmpeg(
            [
                *source, "-filter_complex", "[0:v][1:v]overlay=0:0,format=yuv420p[v]", "-map", "[v]", *sound,
                "-t", str(seconds), "-c:v", "libx264", "-preset", "ultrafast", "-crf", "20",
                "-timecode", "10:00:00:00", f"file:{target}",
            ],
            seconds=_SECONDS_ALLOWED,
        )  # fmt: skip
        yield target


def _slate(item: Item) -> bytes:
    """The title in the language of the house, and the category in all four."""
    categories = []
    for language in _LANGUAGES:
        with translation.override(language):
            categories.append(str(Category(item.category).label))
    own = "kk" if item.broadcaster.country_code == "KZ" else "sr"
    inputs = {
        "font": _FONT,
        "title": localized(item, "title", own),
        "categories": "\n".join(dict.fromkeys(categories)),
        "identifier": item.identifier,
    }
    picture = typst.compile(_SLATE, format="png", ppi=72.0, sys_inputs=inputs, ignore_system_fonts=True)
    assert isinstance(picture, bytes)
    return picture
