"""Foreign HTML made safe to show, and HTML reduced to text. The last step of reading, whatever the parser."""

import html
import re
from collections import Counter

import nh3

MAX_HTML_BYTES = 2 * 1024 * 1024  # a story, not a book
MAX_OPEN_ELEMENTS = 100  # nh3 needs quadratic time for elements that are never closed

TAGS = {
    "p", "br", "b", "strong", "i", "em", "u", "s", "sub", "sup", "small", "a", "ul", "ol", "li", "dl", "dt", "dd",
    "blockquote", "q", "cite", "code", "pre", "h2", "h3", "h4", "figure", "figcaption", "hr", "table", "caption",
    "thead", "tbody", "tfoot", "tr", "th", "td",
}  # fmt: skip
ATTRIBUTES = {
    "a": {"href"},
    "th": {"colspan", "rowspan", "scope"},
    "td": {"colspan", "rowspan"},
    "ol": {"start"},
    "blockquote": {"cite"},
    "q": {"cite"},
    "*": {"lang", "dir"},
}
SCHEMES = {"http", "https", "mailto", "tel"}
SILENT_TAGS = {"script", "style", "template", "noscript", "title"}  # their content is not text

# Elements that HTML never closes, or closes itself when the next one starts: they cannot pile up.
SELF_LIMITING = frozenset({
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr",
    "p", "li", "dt", "dd", "tr", "td", "th",
})  # fmt: skip
TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)[^<>]*>")
# Where one line of text ends and another begins.
LINE_BREAK = re.compile(
    r"<(?:br|hr)\b[^<>]*>|</(?:p|div|li|tr|h[1-6]|blockquote|section|article|header|figure|dd|dt|table|ul|ol)\s*>", re.I
)
MARKUP = re.compile("[<>&\0\r\xa0]")  # text without these is the same before and after cleaning

# Built once: handing over all those sets costs as much as cleaning a short text.
CLEANER = nh3.Cleaner(
    tags=TAGS,
    clean_content_tags=SILENT_TAGS,
    attributes=ATTRIBUTES,
    url_schemes=SCHEMES,
    url_relative="deny",
    link_rel="nofollow noopener",
    strip_comments=True,
)
STRIPPER = nh3.Cleaner(tags=set(), clean_content_tags=SILENT_TAGS)


def clean_html(text: str) -> str:
    """HTML with nothing left but harmless formatting; too large or too deeply nested markup is reduced to its text."""
    if not MARKUP.search(text):
        return text
    return CLEANER.clean(text) if _is_bounded(text) else _stripped(text)


def html_to_text(text: str) -> str:
    """The words alone, entities decoded once, one line for each block. Not safe to show unescaped."""
    text = " ".join(text.split())
    if "<" not in text:  # a headline with a character reference needs no parser
        return " ".join(html.unescape(text).split()) if "&" in text else text
    marked = LINE_BREAK.sub(lambda match: match[0] + "\n", text)
    bare = STRIPPER.clean(marked) if _is_bounded(marked) else _stripped(marked)
    lines = (" ".join(line.split()) for line in html.unescape(bare).split("\n"))
    return "\n".join(filter(None, lines))


def _is_bounded(text: str) -> bool:
    if len(text) > MAX_HTML_BYTES or (not text.isascii() and len(text.encode("utf-8", "replace")) > MAX_HTML_BYTES):
        return False
    if text.count("<") <= MAX_OPEN_ELEMENTS:
        return True
    still_open: Counter[str] = Counter()
    depth = 0
    for closing, name in TAG.findall(text):
        name = name.lower()
        if name in SELF_LIMITING:
            continue
        if not closing:
            still_open[name] += 1
            depth += 1
            if depth > MAX_OPEN_ELEMENTS:
                return False
        elif still_open[name]:
            still_open[name] -= 1
            depth -= 1
    return True


def _stripped(text: str) -> str:
    """Linear in any text: tags out, the rest escaped again. Loses formatting, never words."""
    return html.escape(html.unescape(TAG.sub("", text)), quote=False)
