"""The little markup inside cues that WebVTT and SubRip share: tags that open and close styles."""

import re
from collections.abc import Iterator
from dataclasses import replace

from archive.formats.cues import Beyond, Run

COLOURS = {
    "white": "", "lime": "#00ff00", "cyan": "#00ffff", "red": "#ff0000", "yellow": "#ffff00", "magenta": "#ff00ff",
    "blue": "#0000ff", "black": "#000000",
}  # fmt: skip
_TAG = re.compile(r"<(/?)([A-Za-z]+|\d[\d:.]*+)((?:\.[^\s<>.]+)*+)(?:[ \t]++([^<>]*+))?>")
_HEX = re.compile(r"#?([0-9a-fA-F]{6})\Z")
_FONT_COLOUR = re.compile(r"""color\s*=\s*+["']?\s*+([#\w]+)""", re.IGNORECASE)
_OF_VTT = frozenset({"b", "i", "u", "c", "v", "lang", "ruby", "rt"})
_OF_SRT = frozenset({"b", "i", "u", "font"})


def colour_of(name: str) -> str | None:
    """ "#rrggbb", "" for white, None for no colour."""
    if name.lower() in COLOURS:
        return COLOURS[name.lower()]
    match = _HEX.match(name)
    if match is None:
        return None
    found = f"#{match[1].lower()}"
    return "" if found == "#ffffff" else found


def runs_of(text: str, *, classes: dict[str, str], beyond: set[Beyond], is_vtt: bool) -> Iterator[Run]:
    """The text as runs. Unknown tags are left as they stand; what cannot be kept is added to ``beyond``.

    ``classes`` are colours that a style sheet gives to class names.
    """
    stack: list[tuple[str, Run]] = []
    style, at = Run(""), 0
    for match in _TAG.finditer(text):
        name = match[2].lower()
        if name[0].isdigit() and is_vtt:
            beyond.add(Beyond.STEPS)
        elif name not in (_OF_VTT if is_vtt else _OF_SRT):
            continue
        yield replace(style, text=text[at : match.start()])
        at = match.end()
        if name[0].isdigit():
            continue
        if match[1]:
            while stack:
                opened, before = stack.pop()
                style = before
                if opened == name:
                    break
        else:
            stack.append((name, style))
            style = _opened(style, name, match[3], match[4] or "", classes, beyond)
    yield replace(style, text=text[at:])


def _opened(style: Run, name: str, dotted: str, annotation: str, classes: dict[str, str], beyond: set[Beyond]) -> Run:
    if name == "b":
        style = replace(style, is_bold=True)
    if name == "i":
        style = replace(style, is_italic=True)
    if name == "u":
        style = replace(style, is_underlined=True)
    if name == "v":
        style = replace(style, voice=annotation.strip())
    if name in {"ruby", "rt"}:
        beyond.add(Beyond.RUBY)
    if name == "lang":
        beyond.add(Beyond.LANGUAGE)
    if name == "font":
        found = _FONT_COLOUR.search(annotation)
        colour = colour_of(found[1]) if found else None
        if colour is None or re.search(r"\b(?:face|size)\s*=", annotation, re.IGNORECASE):
            beyond.add(Beyond.FONT)
        return style if colour is None else replace(style, colour=colour)
    for each in filter(None, dotted.split(".")):
        colour = classes.get(each, COLOURS.get(each))
        if colour is not None:
            style = replace(style, colour=colour)
        elif not each.startswith("bg_"):
            beyond.add(Beyond.STYLESHEET)
    return style
