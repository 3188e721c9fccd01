"""The parts of a text whose letters are not prose: markup, addresses, handles and placeholders."""

import html
import re
from collections.abc import Callable, Iterator

# Possessive and bounded throughout: hostile markup costs linear time.
_MARKED = r"""
    (?=[<&%{$@\#HhFfWw]) (?:
    <[A-Za-z/!?] (?: [^<>"']++ | "[^"]*+" | '[^']*+' ){0,80}+ >     # a tag; quoted attributes may hold < and >
  | <[A-Za-z/!?] [^<>]{0,1000}+ >                                   # a tag with unbalanced quotes
  | &(?: \#\d{1,7} | \#[xX][\da-fA-F]{1,6} | [A-Za-z][A-Za-z\d]{1,31} );
  | %\(\w{1,60}\)[a-zA-Z] | %[sd]\b
  | \$?\{{1,2}[^{}]{0,200}+\}{1,2}
  | @(?<!\w@)\w+ | \#(?<![\w&]\#)(?=[^\W\d])\w+
  | (?:(?i:https?|ftp)://|(?<!\w)(?i:www)\.)[^\s<>"']+
    )"""
# Only suffixes that are not also Serbian words, because a missing space after a full stop is common (so no .me, .si).
_SUFFIX = r"""\.(?i:com|org|net|info|edu|gov|int|tv|eu|rs|hr|mk|kz|ru|uk|de|fr|ch|hu|срб|рф|қаз|html?|php|pdf|docx?
    |xlsx?|pptx?|jpe?g|png|gif|svg|webp|zip|mp[34]|wav|mov|txt|csv|xml|json)(?![\w-])"""
_ADDRESS = rf"""
    (?<![\w.+-])[\w.+-]++@[\w-]++(?:\.[\w-]++)+
  | (?<![\w.@-])[\w-]++(?:\.[\w-]++)*{_SUFFIX}(?:[/?:][^\s<>"']*)?"""

_MARKS_ONLY = re.compile(_MARKED, re.VERBOSE)
_MARKS_AND_ADDRESSES = re.compile(f"{_ADDRESS} | {_MARKED}", re.VERBOSE)
_MARK_NEAR = re.compile(r"[<&%{@#]|://|[wW]\.")
_SUFFIX_NEAR = re.compile(_SUFFIX, re.VERBOSE)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][\da-fA-F]{1,6}|[A-Za-z]{4,8});")


def protected_spans(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of every span that must not be transliterated, in order and without overlaps."""
    pattern = _pattern_for(text)
    if pattern is not None:
        for match in pattern.finditer(text):
            yield match.span()


def convert_outside(text: str, convert: Callable[[str], str]) -> str:
    """Apply `convert` to the prose between protected spans and leave the spans as they are."""
    parts: list[str] = []
    position = 0
    for start, end in protected_spans(text):
        parts += (convert(text[position:start]), text[start:end])
        position = end
    parts.append(convert(text[position:]))
    return "".join(parts)


def prose(text: str) -> str:
    """The text with a space in place of every protected span."""
    pattern = _pattern_for(text)
    return text if pattern is None else pattern.sub(" ", text)


def decode_letters(text: str, alphabet: frozenset[str]) -> str:
    """Write character references to letters of `alphabet` as the letters; &amp;, &lt; and the like stay references."""
    if "&" not in text:
        return text

    def letter(match: re.Match[str]) -> str:
        character = html.unescape(match.group())
        return character if character in alphabet else match.group()

    return _ENTITY.sub(letter, text)


def _pattern_for(text: str) -> re.Pattern[str] | None:
    """What finds the protected spans of this text, None if it cannot have any. Addresses are rare, and dear to find."""
    if "@" in text or _SUFFIX_NEAR.search(text):
        return _MARKS_AND_ADDRESSES
    return _MARKS_ONLY if _MARK_NEAR.search(text) else None
