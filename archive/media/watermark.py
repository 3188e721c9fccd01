"""Words and a running timecode burnt into a preview. Their pictures are set with typst, which brings its own fonts."""

from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path

import typst

from archive.media.local import work_folder
from archive.timecode import counts_from, dropped_a_minute, nominal

_FONT = "DejaVu Sans Mono"  # inside typst; has all letters of Serbian and Kazakh
_LABEL = b"""
#set page(width: auto, height: auto, margin: 4pt, fill: none)
#set text(font: sys.inputs.font, size: 30pt, weight: "bold", fill: white.transparentize(35%),
  stroke: 0.6pt + black.transparentize(50%))
#sys.inputs.text
"""
_DIGITS = b"""
#let wide = int(sys.inputs.wide) * 1pt
#let high = int(sys.inputs.high) * 1pt
#set page(width: 12 * wide, height: high, margin: 0pt, fill: black.transparentize(35%))
#set text(font: sys.inputs.font, size: 0.78 * high, fill: white)
#grid(columns: (wide,) * 12, rows: (high,), align: center + horizon, .."0123456789:;".clusters())
"""


@contextmanager
def burnt_in(text: str, size: tuple[int, int], rate: Fraction, start: str) -> Iterator[tuple[list[str], str]]:
    """Arguments for two more inputs (1 and 2), and the graph that lays them over [plain] and gives [v].

    ``start`` is the timecode of the first frame, "" for 00:00:00:00. The frames of [plain] begin at nought and follow
    each other at ``rate``.
    """
    width, height = size
    high = max(12, height // 16 // 2 * 2)
    wide = max(8, round(high * 0.62 / 2) * 2)
    if wide * 11 > width:  # very narrow: smaller figures
        wide = max(2, width // 11 // 2 * 2)
    with work_folder() as folder:
        label, digits = folder / "label.png", folder / "digits.png"
        _draw(_LABEL, label, ppi=144, text=text)
        _draw(_DIGITS, digits, ppi=72, wide=str(wide), high=str(high))
        yield (
            ["-i", f"file:{label}", "-i", f"file:{digits}"],
            f"[1:v]scale={max(2, width * 3 // 5 // 2 * 2)}:-2,format=yuva420p[label];"
            f"{_running(wide, high, rate, start)}[timecode];"
            f"[plain][label]overlay=(W-w)/2:H/8[marked];"
            f"[marked][timecode]overlay=(W-w)/2:H-h-H/24:shortest=1,format=yuv420p[v]",
        )


def _draw(source: bytes, target: Path, *, ppi: int, **inputs: str) -> None:
    """What comes from outside goes in as an input, never as part of the source."""
    picture = typst.compile(
        source, format="png", ppi=float(ppi), sys_inputs={"font": _FONT, **inputs}, ignore_system_fonts=True
    )
    assert isinstance(picture, bytes)
    target.write_bytes(picture)


def _running(wide: int, high: int, rate: Fraction, start: str) -> str:
    """From the strip of figures, for every frame, the eleven that stand for its number; side by side."""
    base, (first, is_dropped) = nominal(rate), counts_from(start, rate)
    count = f"({first}+n)"
    if is_dropped:
        count = _with_dropped(count, rate)
    count = f"mod({count},{24 * 3600 * base})"
    seconds = f"floor({count}/{base})"
    pairs = (f"floor({seconds}/3600)", f"mod(floor({seconds}/60),60)", f"mod({seconds},60)", f"mod({count},{base})")
    places = [place for pair in pairs for place in (f"floor({pair}/10)", f"mod({pair},10)")]
    for at, sign in ((2, 10), (5, 10), (8, 11 if is_dropped else 10)):
        places.insert(at, str(sign))
    # A little early, so that rounding never shows the number of the frame before.
    clock = f"loop=loop=-1:size=1:start=0,settb=AVTB,setpts='max(0,N-0.25)*{rate.denominator}/{rate.numerator}/TB'"
    names = [f"[f{number}]" for number in range(len(places))]
    cut = [
        f"[s{number}]crop={wide}:{high}:'{wide}*{place}':0{name}"
        for number, (place, name) in enumerate(zip(places, names, strict=True))
    ]
    strips = "".join(f"[s{number}]" for number in range(len(places)))
    head = f"[2:v]{clock},format=yuva420p,split={len(places)}{strips}"
    return ";".join([head, *cut, f"{''.join(names)}hstack=inputs={len(places)}"])


def _with_dropped(count: str, rate: Fraction) -> str:
    """Frames as numbers in which the first of each minute but the tenth are left out."""
    base, dropped = nominal(rate), dropped_a_minute(rate)
    ten, one = 600 * base - 9 * dropped, 60 * base - dropped
    rest = f"mod({count},{ten})"
    minutes = f"if(gte({rest},{60 * base}),floor(({rest}-{60 * base})/{one})+1,0)"
    return f"(floor({count}/{ten})*{600 * base}+{rest}+{dropped}*{minutes})"
