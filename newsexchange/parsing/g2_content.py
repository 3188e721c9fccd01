"""The text of a NewsML-G2 item as HTML: XHTML, NITF, plain text, and descriptions where there is no text."""

import base64
import binascii
import copy
from dataclasses import dataclass

from lxml import etree

from newsexchange.parsing.g2_metadata import SUMMARY_ROLES, block_html, find_all, place_of_dateline, role_of
from newsexchange.parsing.markup import (
    ambiguous_to_html,
    inner_html,
    local_name,
    looks_like_html,
    one_line,
    plain_to_html,
    text_of,
    tidy,
)

# NITF 3.x elements that HTML calls by another name; the rest either agree or are unwrapped by the sanitiser.
NITF_TO_HTML = {
    "hl1": "h2",
    "hl2": "h3",
    "bq": "blockquote",
    "block": "div",
    "media": "figure",
    "media-caption": "figcaption",
}
NITF_SILENT = frozenset({"media-reference", "media-metadata", "media-producer", "note"})


@dataclass(frozen=True, slots=True)
class Content:
    """A text as HTML, and what NITF repeats beside it."""

    html: str = ""
    headline: str = ""
    byline: str = ""
    dateline: str = ""


def story_body(item: etree._Element, headline: str) -> Content:
    """The inline text in its best form; without any, the item's descriptions and those of its parts."""
    candidates = [_inline_xml(element, headline) for element in find_all(item, "contentSet/inlineXML")]
    candidates += [Content(_inline_data(element)) for element in find_all(item, "contentSet/inlineData")]
    for candidate in candidates:
        if candidate.html:
            return candidate
    return Content(_descriptions(item))


def package_body(item: etree._Element) -> str:
    """What a package says of the items it refers to."""
    parts = []
    for reference in item.iterfind(".//{*}groupSet//{*}itemRef"):
        title = next((one_line(text_of(element)) for element in find_all(reference, "title")), "")
        parts.append(plain_to_html(title))
        parts += [block_html(element) for element in find_all(reference, "description")]
    return "".join(parts)


def _descriptions(item: etree._Element) -> str:
    own = [element for element in find_all(item, "contentMeta/description") if role_of(element) not in SUMMARY_ROLES]
    return "".join(block_html(element) for element in (*own, *find_all(item, "partMeta/description")))


def _inline_xml(element: etree._Element, headline: str) -> Content:
    root = next(element.iterchildren(etree.Element), None)
    if root is None:
        return Content(ambiguous_to_html(text_of(element)))
    if local_name(root) == "nitf":
        return _nitf(root)
    if local_name(root) == "html":
        body = next(root.iterfind("{*}body"), None)
        return Content("" if body is None else _xhtml(body, headline))
    return Content(inner_html(element))


def _xhtml(body: etree._Element, headline: str) -> str:
    header = next(body.iterchildren("{*}header"), None)
    if header is not None and headline and any(one_line(text_of(h1)) == headline for h1 in header.iterfind("{*}h1")):
        # A page header that repeats the metadata: headline, byline and keywords have fields of their own.
        body = copy.deepcopy(body)
        repeated = next(body.iterchildren("{*}header"))
        _remove(repeated)
    return inner_html(body)


def _nitf(root: etree._Element) -> Content:
    head = next(root.iterfind("{*}body/{*}body.head"), None)
    content = next(root.iterfind("{*}body/{*}body.content"), None)
    if content is None:
        return Content(inner_html(root))
    content = copy.deepcopy(content)
    for element in list(content.iter(etree.Element)):
        name = local_name(element)
        if name in NITF_SILENT:
            _remove(element)
        elif name in NITF_TO_HTML:
            element.tag = NITF_TO_HTML[name]
    return Content(
        html=inner_html(content),
        headline=_under(head, "{*}hedline/{*}hl1"),
        byline=_under(head, "{*}byline"),
        dateline=_under(head, "{*}dateline/{*}location") or place_of_dateline(_under(head, "{*}dateline")),
    )


def _under(element: etree._Element | None, path: str) -> str:
    return "" if element is None else one_line(text_of(next(element.iterfind(path), None)))


def _remove(element: etree._Element) -> None:
    """The element goes, the text after it stays."""
    parent = element.getparent()
    if parent is None:
        return
    previous = element.getprevious()
    if previous is not None:
        previous.tail = (previous.tail or "") + (element.tail or "")
    else:
        parent.text = (parent.text or "") + (element.tail or "")
    parent.remove(element)


def _inline_data(element: etree._Element) -> str:
    content_type = tidy(element.get("contenttype")).partition(";")[0].lower()
    text = text_of(element)
    if "base64" in tidy(element.get("encoding")).lower():
        try:
            text = base64.b64decode("".join(text.split()), validate=True).decode()
        except (binascii.Error, ValueError):  # a picture, or no base64 at all
            return ""
    if content_type in {"text/html", "application/xhtml+xml"}:
        return tidy(text) if looks_like_html(text) else plain_to_html(text)
    return plain_to_html(text) if content_type in {"", "text/plain"} or content_type.startswith("text/") else ""
