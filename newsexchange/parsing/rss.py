"""RSS 0.90 to 2.0 and RSS 1.0 (RDF), with the modules that news feeds use."""

from dataclasses import replace
from datetime import datetime

from lxml import etree

from newsexchange.parsing.base import Entity, Entry, Format, ParsedDocument, Rendition
from newsexchange.parsing.dates import parse_date
from newsexchange.parsing.markup import (
    XML_NS,
    absolute,
    ambiguous_to_html,
    ambiguous_to_plain,
    inner_html,
    language_tag,
    one_line,
    raw_of,
    text_of,
    tidy,
    whole_number,
    with_absolute_urls,
)
from newsexchange.parsing.opening import root_name
from newsexchange.parsing.preflight import read_text
from newsexchange.parsing.status import embargo_of_element, pubstatus_of_element
from newsexchange.parsing.syndication import (
    Children,
    children_of,
    document,
    first,
    first_text,
    load,
    media_renditions,
    people_named,
    texts,
)

RDF_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
RDF_RESOURCE = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}resource"


def parse(payload: bytes, content_type: str = "") -> ParsedDocument:
    """Every item of a feed; a damaged feed yields what is whole and a problem for the rest."""
    root, items, collected = load(read_text(payload, content_type), "item")
    top = children_of(root)
    channel_element = first(top, "channel")
    channel = top if channel_element is None else children_of(channel_element)
    base = absolute("", root.get(f"{XML_NS}base")) or _channel_link(channel)
    authors = texts(channel, "dc:creator")
    rights = one_line(first_text(channel, "copyright", "dc:rights"))
    for item in items:
        entry = _entry(item, base)
        collected.entries.append(
            replace(
                entry,
                copyright_notice=entry.copyright_notice or rights,
                entities=entry.entities or people_named(authors, "author"),
            )
        )
    language = language_tag(first_text(channel, "language", "dc:language") or root.get(f"{XML_NS}lang"))
    return document("rss", collected, language=language, title=ambiguous_to_plain(first_text(channel, "title")))


def _channel_link(channel: Children) -> str:
    return next((link for element in channel.get("link", ()) if (link := absolute("", text_of(element)))), "")


def _entry(item: etree._Element, feed_base: str) -> Entry:
    children = children_of(item)
    base = absolute(feed_base, item.get(f"{XML_NS}base")) or feed_base
    summary, body = _texts(children, base)
    authors = texts(children, "author", "dc:creator", "itunes:author")
    embargo = embargo_of_element(first(children, "nar:embargoed"))
    link = _link(children, base)
    return Entry(
        guid=_guid(children) or tidy(item.get(RDF_ABOUT)),
        version=whole_number(first_text(children, "nar:version")),
        language=language_tag(item.get(f"{XML_NS}lang") or first_text(children, "dc:language")),
        headline=ambiguous_to_plain(_title(children)),
        summary=summary,
        body=body,
        editors_note=first_text(children, "nar:edNote"),
        byline=", ".join(authors),
        link=link,
        published_at=_first_date(children, "pubDate", "dc:date", "dcterms:issued", "dcterms:created", "atom:published"),
        updated_at=_first_date(children, "dcterms:modified", "atom:updated"),
        pubstatus=pubstatus_of_element(first(children, "nar:pubStatus")),
        embargoed_until=embargo.embargoed_until,
        is_held_indefinitely=embargo.is_held_indefinitely,
        credit=one_line(first_text(children, "media:credit", "dc:publisher", "source")),
        copyright_notice=one_line(first_text(children, "copyright", "dc:rights", "dcterms:rights", "media:copyright")),
        usage_terms=_usage_terms(children),
        keywords=_keywords(children),
        entities=people_named(authors, "author") + _credited(children),
        renditions=_enclosures(children, base) + media_renditions(children, base),
        raw=raw_of(item),
    )


def _guid(children: Children) -> str:
    return first_text(children, "guid", "dc:identifier", "atom:id")


def _link(children: Children, base: str) -> str:
    for element in children.get("link", ()):
        if link := absolute(base, text_of(element)):
            return link
    for element in children.get("atom:link", ()):
        if element.get("rel", "alternate") == "alternate" and (link := absolute(base, element.get("href"))):
            return link
    guid = first(children, "guid")
    # RSS 2.0: a guid is a permanent link unless it says that it is not.
    if guid is not None and guid.get("isPermaLink", "true").strip().lower() == "true":
        return absolute("", text_of(guid))
    return ""


def _title(children: Children) -> str:
    """The first title; inline markup that was not escaped is kept for the reduction to plain text."""
    for name in ("title", "dc:title", "media:title"):
        for element in children.get(name, ()):
            if text := inner_html(element) if len(element) else text_of(element):
                return text
    return first_text(children_of_group(children), "media:title")


def children_of_group(children: Children) -> Children:
    """What the first media group holds, an empty mapping without one."""
    group = first(children, "media:group")
    return {} if group is None else children_of(group)


def _texts(children: Children, base: str) -> tuple[str, str]:
    """Summary and body: an item with only one text has it as its body."""
    full = _html(
        first(children, "content:encoded", "xhtml:body", "xhtml:div", "atom:content", "fullText", "fulltext"), base
    )
    short = _html(first(children, "description", "dc:description", "itunes:summary", "atom:summary"), base)
    for members in (children, children_of_group(children)):
        short = short or _html(first(members, "media:description"), base)
    return (short if short != full else "", full) if full else ("", short)


def _html(element: etree._Element | None, base: str) -> str:
    if element is None:
        return ""
    markup = inner_html(element) if len(element) else ambiguous_to_html(text_of(element))
    own_base = absolute(base, element.get(f"{XML_NS}base")) or base
    return with_absolute_urls(markup, own_base)


def _first_date(children: Children, *names: str) -> datetime | None:
    return next(
        (date for name in names for element in children.get(name, ()) if (date := parse_date(text_of(element)))), None
    )


def _usage_terms(children: Children) -> str:
    terms = list(texts(children, "nar:usageTerms", "dcterms:license", "creativeCommons:license"))
    terms += [
        url
        for element in children.get("cc:license", ())
        if (url := tidy(element.get(RDF_RESOURCE)) or text_of(element))
    ]
    return "\n".join(dict.fromkeys(terms))


def _keywords(children: Children) -> tuple[str, ...]:
    # The first text node alone: some feeds nest an image into their category.
    categories = [one_line(element.text) for name in ("category", "dc:subject") for element in children.get(name, ())]
    media = [
        one_line(element.text)
        for members in (children, children_of_group(children))
        for element in members.get("media:category", ())
    ]
    listed = [word.strip() for text in texts(children, "media:keywords", "itunes:keywords") for word in text.split(",")]
    return tuple(dict.fromkeys(word for word in categories + media + listed if word))


def _credited(children: Children) -> tuple[Entity, ...]:
    credits = (
        Entity(name=one_line(text_of(element)), role=tidy(element.get("role")))
        for element in children.get("media:credit", ())
    )
    contributors = people_named(texts(children, "dc:contributor"), "contributor")
    return (*contributors, *(person for person in credits if person.name))


def _enclosures(children: Children, base: str) -> tuple[Rendition, ...]:
    return tuple(
        Rendition(
            href=href,
            rel="enclosure",
            content_type=tidy(element.get("type")),
            size_bytes=whole_number(element.get("length")),
        )
        for element in children.get("enclosure", ())
        if (href := absolute(base, element.get("url")))
    )


def sniff(opening: bytes, content_type: str) -> bool:
    """Whether the root element is one of RSS, or the HTTP header says so."""
    return root_name(opening, content_type) in {"rss", "RDF", "rdf"}


FORMAT = Format("rss", parse, sniff)
