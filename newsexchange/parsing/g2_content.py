"""The text of a NewsML-G2 item as HTML: XHTML, NITF, plain text, and descriptions where there is no text."""

import base64
import binascii
import copy

from lxml import etree

from newsexchange.parsing.g2_metadata import SUMMARY_ROLES, block_html, find_all, role_of
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
from newsexchange.parsing.nitf_body import Content, nitf_content, remove_element


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
        return nitf_content(root)
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
        remove_element(repeated)
    return inner_html(body)


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
