"""Atom 1.0 (RFC 4287) and 0.3, with tombstones (RFC 6721)."""

import base64
import binascii
from dataclasses import replace
from datetime import datetime

from lxml import etree

from newsexchange.parsing.base import Entity, Entry, Format, ParsedDocument, Rendition
from newsexchange.parsing.dates import parse_date
from newsexchange.parsing.markup import (
    XML_NS,
    absolute,
    ambiguous_to_html,
    inner_html,
    language_tag,
    local_name,
    one_line,
    plain_to_html,
    raw_of,
    text_of,
    tidy,
    whole_number,
    with_absolute_urls,
)
from newsexchange.parsing.opening import root_name
from newsexchange.parsing.preflight import read_text
from newsexchange.parsing.sanitise import html_to_text
from newsexchange.parsing.status import embargo_of_element, pubstatus_of_element
from newsexchange.parsing.syndication import (
    Children,
    children_of,
    document,
    first,
    first_text,
    load,
    media_renditions,
    texts,
)

XHTML_TYPES = frozenset({"xhtml", "application/xhtml+xml"})
HTML_TYPES = frozenset({"html", "text/html"})


def parse(payload: bytes, content_type: str = "") -> ParsedDocument:
    """Every entry and tombstone of a feed, or a single entry document."""
    root, elements, collected = load(read_text(payload, content_type), "entry", "deleted-entry")
    feed = {} if root in elements else children_of(root)
    authors = _people(feed, "atom:author", "author", base_of(root, ""))
    rights = plain_of(first(feed, "atom:rights", "atom:copyright"))
    for element in elements:
        if local_name(element).rpartition(":")[2] == "deleted-entry":
            collected.entries.append(_tombstone(element))
            continue
        entry = _entry(element, _link(feed, base_of(root, "")))
        collected.entries.append(
            replace(
                entry,
                copyright_notice=entry.copyright_notice or rights,
                entities=entry.entities
                if any(person.role == "author" for person in entry.entities)
                else authors + entry.entities,
                byline=entry.byline or ", ".join(person.name for person in authors),
            )
        )
    language = language_tag(root.get(f"{XML_NS}lang"))
    return document("atom", collected, language=language, title=plain_of(first(feed, "atom:title")))


def _tombstone(element: etree._Element) -> Entry:
    children = children_of(element)
    return Entry(
        guid=tidy(element.get("ref")),
        pubstatus="canceled",
        updated_at=parse_date(element.get("when")),
        editors_note=plain_of(first(children, "at:comment")),
        raw=raw_of(element),
    )


def _entry(element: etree._Element, feed_link: str) -> Entry:
    children = children_of(element)
    source_element = first(children, "atom:source")
    source = {} if source_element is None else children_of(source_element)
    base = base_of(element, feed_link)
    people = _people(children, "atom:author", "author", base) or _people(source, "atom:author", "author", base)
    embargo = embargo_of_element(first(children, "nar:embargoed"))
    content = first(children, "atom:content")
    return Entry(
        guid=first_text(children, "atom:id", "id"),
        version=whole_number(first_text(children, "nar:version")),
        language=_declared_language(element),
        headline=plain_of(first(children, "atom:title", "title", "media:title")),
        summary=html_of(first(children, "atom:summary", "summary", "media:description"), base),
        body=html_of(content, base),
        editors_note=first_text(children, "nar:edNote"),
        byline=", ".join(person.name for person in people),
        link=_link(children, base),
        published_at=_date(children, "atom:published", "atom:issued", "atom:created", "published", "dc:date"),
        updated_at=_date(children, "atom:updated", "atom:modified", "updated", "dcterms:modified"),
        pubstatus=pubstatus_of_element(first(children, "nar:pubStatus")),
        embargoed_until=embargo.embargoed_until,
        is_held_indefinitely=embargo.is_held_indefinitely,
        credit=plain_of(first(source, "atom:title")),
        copyright_notice=plain_of(first(children, "atom:rights", "atom:copyright"))
        or plain_of(first(source, "atom:rights")),
        usage_terms="\n".join(texts(children, "nar:usageTerms", "dcterms:license", "creativeCommons:license")),
        keywords=_keywords(children) or _keywords(source),
        entities=people + _people(children, "atom:contributor", "contributor", base),
        renditions=_renditions(children, content, base) + media_renditions(children, base),
        raw=raw_of(element),
    )


def base_of(element: etree._Element, default: str) -> str:
    """The base URL that xml:base attributes of an element and those around it add up to."""
    own = [value for around in (element, *element.iterancestors()) if (value := around.get(f"{XML_NS}base"))]
    base = default
    for value in reversed(own):
        base = absolute(base, value) or base
    return base


def _declared_language(element: etree._Element) -> str:
    """The entry's own xml:lang or that of its content: what holds for the feed is not repeated here."""
    texts_inside = [child for child in element if local_name(child) in {"content", "title", "summary"}]
    return next((tag for holder in (element, *texts_inside) if (tag := language_tag(holder.get(f"{XML_NS}lang")))), "")


def html_of(element: etree._Element | None, default_base: str) -> str:
    """A text construct or content element as HTML, its links absolute; "" for media or anything out of line."""
    if element is None:
        return ""
    kind, markup = _typed(element)
    if kind == "plain":
        markup = plain_to_html(markup)
    return with_absolute_urls(markup, base_of(element, default_base))


def plain_of(element: etree._Element | None) -> str:
    """A text construct as one line of plain text: markup only where its type says that there is some."""
    if element is None:
        return ""
    kind, text = _typed(element)
    return one_line(html_to_text(text) if kind == "html" else text)


def _typed(element: etree._Element) -> tuple[str, str]:
    """("html" or "plain", text). RFC 4287 sections 3.1.1 and 4.1.3.3; Atom 0.3 says mode instead."""
    declared = tidy(element.get("type")).partition(";")[0].strip().lower()
    mode = tidy(element.get("mode")).lower()
    if mode == "base64" or _is_binary(declared, element):
        decoded = _decoded(text_of(element))
        return ("plain", decoded) if declared == "text/plain" else ("html", ambiguous_to_html(decoded))
    if declared in XHTML_TYPES or (len(element) and mode != "escaped"):
        wrapper = element[0] if len(element) == 1 and local_name(element[0]) == "div" else element
        return "html", inner_html(wrapper)
    if declared in HTML_TYPES:
        return "html", text_of(element)
    if mode == "escaped" and not declared:
        return "html", ambiguous_to_html(text_of(element))
    return "plain", text_of(element)


def _is_binary(declared: str, element: etree._Element) -> bool:
    if "/" not in declared or len(element):
        return False
    return not (declared.startswith("text/") or declared.endswith(("+xml", "/xml")))


def _decoded(text: str) -> str:
    try:
        return base64.b64decode("".join(text.split()), validate=True).decode()
    except (binascii.Error, ValueError):  # a picture, or no base64 at all
        return ""


def _link(children: Children, base: str) -> str:
    for element in (*children.get("atom:link", ()), *children.get("link", ())):
        if element.get("rel", "alternate") == "alternate" and (
            link := absolute(base_of(element, base), element.get("href"))
        ):
            return link
    return ""


def _date(children: Children, *names: str) -> datetime | None:
    return next(
        (date for name in names for element in children.get(name, ()) if (date := parse_date(text_of(element)))), None
    )


def _people(children: Children, name: str, role: str, base: str) -> tuple[Entity, ...]:
    found = []
    for element in children.get(name, ()):
        parts = {local_name(child).rpartition(":")[2]: one_line(text_of(child)) for child in element}
        if who := parts.get("name") or parts.get("email") or one_line(element.text):
            found.append(Entity(name=who, role=role, uri=absolute(base, parts.get("uri") or parts.get("url"))))
    return tuple(dict.fromkeys(found))


def _keywords(children: Children) -> tuple[str, ...]:
    labels = [one_line(element.get("label") or element.get("term")) for element in children.get("atom:category", ())]
    labels += texts(children, "category", "dc:subject", "media:category")
    return tuple(dict.fromkeys(label for label in labels if label))


def _renditions(children: Children, content: etree._Element | None, base: str) -> tuple[Rendition, ...]:
    found = [
        Rendition(
            href=href,
            rel="enclosure",
            content_type=tidy(element.get("type")),
            title=one_line(element.get("title")),
            size_bytes=whole_number(element.get("length")),
        )
        for element in (*children.get("atom:link", ()), *children.get("link", ()))
        if element.get("rel") == "enclosure" and (href := absolute(base_of(element, base), element.get("href")))
    ]
    if content is not None and (href := absolute(base_of(content, base), content.get("src"))):
        found.append(Rendition(href=href, rel="content", content_type=tidy(content.get("type"))))
    return tuple(found)


def sniff(opening: bytes, content_type: str) -> bool:
    """Whether the root element is a feed or a single entry."""
    return root_name(opening, content_type) in {"feed", "entry"}


FORMAT = Format("atom", parse, sniff)
