"""The text of a NewsML-G2 item as HTML: XHTML, NITF, plain text, and descriptions where there is no text."""

import base64
import binascii
import copy
from dataclasses import dataclass

from lxml import etree

from newsexchange.parsing.g2_metadata import (
    SUMMARY_ROLES,
    block_html,
    code_of,
    find_all,
    in_tongue,
    last_part,
    role_of,
    speaks,
    tongue_of,
)
from newsexchange.parsing.markup import (
    XML_NS,
    ambiguous_to_html,
    inner_html,
    language_tag,
    local_name,
    looks_like_html,
    one_line,
    plain_to_html,
    text_of,
    tidy,
)
from newsexchange.parsing.nitf_body import Content, nitf_content, remove_element


@dataclass(frozen=True, slots=True)
class Inline:
    """One rendition of the text that stands in the item itself."""

    content: Content
    role: str  # the last part of its rendition, lower case
    language: str  # "" is the item's


def inline_texts(item: etree._Element, headline: str) -> list[Inline]:
    """Every inline rendition that is a text, XML before data."""
    found = [
        Inline(_inline_xml(element, headline), *_rendered(element, item))
        for element in find_all(item, "contentSet/inlineXML")
    ]
    found += [
        Inline(Content(_inline_data(element)), *_rendered(element, item))
        for element in find_all(item, "contentSet/inlineData")
    ]
    return [inline for inline in found if inline.content.html]


def story_body(item: etree._Element, inline: list[Inline], tag: str) -> Content:
    """The first inline text in the item's language, else the first; without any, the descriptions of item and parts."""
    chosen = next((text for text in inline if speaks(text.language, tag)), inline[0] if inline else None)
    return chosen.content if chosen is not None else Content(_descriptions(item, tag))


def _rendered(element: etree._Element, item: etree._Element) -> tuple[str, str]:
    root = next(element.iterchildren(etree.Element), None)
    own = "" if root is None else language_tag(root.get(f"{XML_NS}lang") or root.get("lang"))
    return last_part(code_of(element, "rendition")).lower(), own or tongue_of(element, item)


def package_body(item: etree._Element) -> str:
    """What a package says of the items it refers to."""
    parts = []
    for reference in item.iterfind(".//{*}groupSet//{*}itemRef"):
        title = next((one_line(text_of(element)) for element in find_all(reference, "title")), "")
        parts.append(plain_to_html(title))
        parts += [block_html(element) for element in find_all(reference, "description")]
    return "".join(parts)


def _descriptions(item: etree._Element, tag: str) -> str:
    own = [element for element in find_all(item, "contentMeta/description") if role_of(element) not in SUMMARY_ROLES]
    parts = find_all(item, "partMeta/description")
    return "".join(block_html(element) for group in (own, parts) for element in in_tongue(group, item, tag))


def _inline_xml(element: etree._Element, headline: str) -> Content:
    root = next(element.iterchildren(etree.Element), None)
    if root is None:
        return Content(ambiguous_to_html(text_of(element)))
    if local_name(root) == "nitf":
        return nitf_content(root)
    if local_name(root) == "html":
        body = next(root.iterfind("{*}body"), None)
        return Content(_xhtml(root if body is None else body, headline))
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
