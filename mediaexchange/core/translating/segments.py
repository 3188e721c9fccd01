"""A text cut into what is translated one by one, and put together again with every tag where it was.

Works on sanitised HTML, which is well-formed. Tags of blocks stay outside the segments. Tags inside a line stay with
their words, and no cut is made within an element: every segment is well-formed by itself.
"""

import html
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

_TAG = re.compile(r"""</?([a-zA-Z][a-zA-Z0-9]*)(?:[^<>"]|"[^"]*")*>""")
_INLINE = frozenset({"a", "b", "strong", "i", "em", "u", "s", "sub", "sup", "small", "q", "cite", "code"})
_WORD = re.compile(r"\w")
# A full stop with what closes after it, white space, and the first letter or digit of what follows.
_STOP = re.compile(r"""[.!?…]+(?:&quot;|["»“”’)\]]|</[a-z]+>)*(?=\s+(?:&quot;|["«„“‘(\[—–-]|<[^<>]*>|\s)*([^\W_]))""")
_LAST_WORD = re.compile(r"([\w]+)[.]$")
_ABBREVIATIONS = frozenset({
    "бр", "гђа", "гђе", "ген", "др", "дипл", "инж", "ин", "ил", "нпр", "мр", "проф", "св", "сл", "стр", "тј", "тзв",
    "ул", "чл", "акад", "гос", "долл", "обл", "просп", "руб", "тыс", "мыс", "br", "gdja", "gđa", "gen", "dipl", "inž",
    "npr", "mr", "mrs", "ms", "dr", "prof", "st", "sv", "str", "tj", "tzv", "ul", "jr", "vs", "capt", "col",
    "gov", "sen",
})  # fmt: skip
_SERBIAN = ("sr", "hr", "bs")


@dataclass(frozen=True, slots=True)
class Cut:
    """``pieces`` alternates what stays as it is and what is translated: it begins and ends with what stays."""

    pieces: tuple[str, ...]

    @property
    def segments(self) -> list[str]:
        return list(self.pieces[1::2])

    def joined(self, translations: Sequence[str]) -> str:
        """The whole with these in place of its segments. ValueError if they are not as many."""
        if len(translations) != len(self.pieces) // 2:
            raise ValueError("There is one translation for each segment.")
        parts = list(self.pieces)
        parts[1::2] = translations
        return "".join(parts)


def cut_html(text: str, language: str) -> Cut:
    """Sanitised HTML, cut at blocks and, within them, between sentences of this language."""
    pieces, position = [""], 0
    for match in _structure(text):
        _add_run(pieces, text[position : match.start()], language)
        pieces[-1] += match[0]
        position = match.end()
    _add_run(pieces, text[position:], language)
    return Cut(tuple(pieces))


def aligned(source: Cut, target: Cut) -> list[tuple[str, str]]:
    """Which segments say the same in a text and its translation, block by block.

    Sentences where a block has as many in both, else the block as a whole; nothing where the blocks differ in number.
    """
    ours, theirs = _blocks(source), _blocks(target)
    if len(ours) != len(theirs):
        return []
    pairs: list[tuple[str, str]] = []
    for one, other in zip(ours, theirs, strict=True):
        is_even = len(one) == len(other)
        pairs += zip(one, other, strict=True) if is_even else [(" ".join(one), " ".join(other))]
    return pairs


def cut_plain(text: str) -> Cut:
    """A line of plain text, as one segment of HTML; ``plain`` leads back."""
    pieces = [""]
    _add(pieces, html.escape(text, quote=False))
    return Cut(tuple(pieces))


def plain(markup: str) -> str:
    """A segment as plain text."""
    return html.unescape(_TAG.sub("", markup))


def escaped(markup: str) -> str:
    """The words of what may be markup, as HTML that shows just them."""
    return html.escape(plain(markup), quote=False)


def same_tags(source: str, target: str) -> bool:
    """Whether a translation holds the tags that its source holds, to the letter; order is the language's own."""
    return Counter(_tags(source)) == Counter(_tags(target)) and is_balanced(target)


def is_balanced(markup: str) -> bool:
    """Whether every element is closed, in order."""
    still_open: list[str] = []
    for match in _TAG.finditer(markup):
        name = match[1].lower()
        if name == "br":
            continue
        if not match[0].startswith("</"):
            still_open.append(name)
        elif not still_open or still_open.pop() != name:
            return False
    return not still_open


def _blocks(cut: Cut) -> list[list[str]]:
    """Segments with nothing but white space between them stand in one block."""
    blocks: list[list[str]] = []
    for before, segment in zip(cut.pieces[::2], cut.pieces[1::2], strict=False):
        if before.strip() or not blocks:
            blocks.append([])
        blocks[-1].append(segment)
    return blocks


def _structure(text: str) -> list[re.Match[str]]:
    """The tags that stay outside of segments: those of blocks, and of inline elements that hold a block."""
    still_open: list[tuple[re.Match[str], bool]] = []
    found: list[re.Match[str]] = []
    for match in _TAG.finditer(text):
        if match[1].lower() not in _INLINE:
            found.append(match)
            still_open = [(opening, True) for opening, _holds in still_open]
        elif not match[0].startswith("</"):
            still_open.append((match, False))
        elif still_open:
            opening, holds_block = still_open.pop()
            found += [opening, match] if holds_block else []
    return sorted(found, key=re.Match.start)


def _tags(markup: str) -> list[str]:
    return [match[0] for match in _TAG.finditer(markup)]


def _add_run(pieces: list[str], run: str, language: str) -> None:
    """What stands between two tags of blocks, sentence by sentence."""
    position = 0
    for end in _ends(run, language):
        _add(pieces, run[position:end])
        position = end
    _add(pieces, run[position:])


def _add(pieces: list[str], segment: str) -> None:
    """White space round it stays outside, and what has no words is no segment."""
    if not _WORD.search(plain(segment)):
        pieces[-1] += segment
        return
    words = segment.strip()
    start = segment.index(words)
    pieces[-1] += segment[:start]
    pieces += [words, segment[start + len(words) :]]


def _ends(run: str, language: str) -> list[int]:
    """Where sentences end outside every element, before the white space."""
    inside = _spans_of_elements(run)
    return [
        match.end()
        for match in _STOP.finditer(run)
        if not any(start < match.end() < end for start, end in inside)
        and not match[1].islower()
        and _is_end(run[: match.end()], language)
    ]


def _spans_of_elements(run: str) -> list[tuple[int, int]]:
    spans, opened = [], []
    for match in _TAG.finditer(run):
        if not match[0].startswith("</"):
            opened.append(match.start())
        elif opened:
            start = opened.pop()
            if not opened:
                spans.append((start, match.end()))
    spans += [(start, len(run)) for start in opened[:1]]
    return spans


def _is_end(text: str, language: str) -> bool:
    """Not after initials and abbreviations, nor in Serbian after ordinals, which end in a full stop."""
    match = _LAST_WORD.search(text)
    if match is None:
        return True
    word = match[1]
    if word.isdigit():
        return language not in _SERBIAN
    return len(word) > 1 and word.lower() not in _ABBREVIATIONS
