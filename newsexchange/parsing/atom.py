"""Atom 1.0 (RFC 4287) and 0.3, with tombstones (RFC 6721)."""

import base64
import binascii
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from lxml import etree

from newsexchange.parsing.base import Association, Entity, Entry, Format, ParsedDocument, PubStatus, Rendition, Text
from newsexchange.parsing.dates import parse_date
from newsexchange.parsing.elements import Children, children_of, first, first_text, texts
from newsexchange.parsing.known import Known, surroundings
from newsexchange.parsing.markup import (
    XML_NS,
    absolute,
    ambiguous_to_html,
    ambiguous_to_plain,
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
from newsexchange.parsing.media_rss import MEDIA_READ, kind_of, read_media
from newsexchange.parsing.opening import root_name
from newsexchange.parsing.preflight import read_text
from newsexchange.parsing.sanitise import html_to_text
from newsexchange.parsing.status import pubstatus_of_element
from newsexchange.parsing.syndication import (
    RELATION_ELEMENTS,
    document,
    first_date,
    hold,
    hop_of,
    links_to_others,
    load,
    odd_dates,
    people_named,
    said,
    statements,
    unaddressed,
    usage_terms,
    validity,
)
from newsexchange.parsing.unread import properties_of

XHTML_TYPES = frozenset({"xhtml", "application/xhtml+xml"})
HTML_TYPES = frozenset({"html", "text/html"})
DATES = ("atom:published", "atom:issued", "atom:created", "dc:date", "dcterms:issued", "dcterms:created")
UPDATED = ("atom:updated", "atom:modified", "dcterms:modified")
NOTICES = ("dc:rights", "dcterms:rights")
CREATORS = ("dc:creator", "itunes:author")
CONTRIBUTORS = ("dc:contributor", "dcterms:contributor")
# The texts of an entry: Atom's own, then those of modules that stand beside them.
TEXTS = (("headline", "atom:title"), ("summary", "atom:summary"), ("body", "atom:content"))
MORE_TEXTS = (("headline", "dc:title"), ("summary", "dc:description"), ("summary", "itunes:summary"),
              ("summary", "itunes:subtitle"), ("body", "content:encoded"))  # fmt: skip
# All that is read of an entry; of Media RSS, by the functions that know it.
READ = frozenset({
    *DATES, *UPDATED, *NOTICES, *CREATORS, *CONTRIBUTORS, *RELATION_ELEMENTS, *MEDIA_READ,
    *(name for _kind, name in (*TEXTS, *MORE_TEXTS)), "atom:id", "atom:link", "atom:author", "atom:contributor",
    "atom:category", "atom:rights", "atom:copyright", "atom:source", "dc:subject", "dc:identifier", "dcterms:license",
    "dcterms:accessRights", "creativeCommons:license", "cc:license", "dcterms:rightsHolder", "nar:usageTerms",
    "nar:embargoed", "nar:pubStatus", "nar:version", "nar:edNote", "expirationDate", "dcterms:valid",
})  # fmt: skip
# Atom Publishing Protocol (RFC 5023 section 13.1.1): an entry that its author has not published.
DRAFT = ("{http://www.w3.org/2007/app}control/{http://www.w3.org/2007/app}draft",
         "{http://purl.org/atom/app#}control/{http://purl.org/atom/app#}draft")  # fmt: skip


def parse(payload: bytes, content_type: str = "", known: Known | None = None) -> ParsedDocument:
    """Every entry and tombstone of a feed, or a single entry document."""
    root, elements, collected = load(read_text(payload, content_type), "entry", "deleted-entry")
    feed = {} if root in elements else children_of(root, "atom:")
    authors = _people(feed, "atom:author", "author", base_of(root, ""))
    rights = plain_of(first(feed, "atom:rights", "atom:copyright"))
    known = known or Known()
    if (around := surroundings(root, elements)) is not None:
        known.begin("atom", *around)
    for element in elements:
        raw = raw_of(element)
        if known.skips(raw):
            continue
        if local_name(element).rpartition(":")[2] == "deleted-entry":
            collected.entries.append(_tombstone(element, raw))
            continue
        entry = _entry(element, raw, _link(feed, base_of(root, "")), feed)
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


def _tombstone(element: etree._Element, raw: bytes) -> Entry:
    children = children_of(element, "atom:")
    return Entry(
        guid=tidy(element.get("ref")),
        pubstatus="canceled",
        updated_at=parse_date(element.get("when")),
        editors_note=plain_of(first(children, "at:comment")),
        raw=raw,
    )


def _entry(element: etree._Element, raw: bytes, feed_link: str, feed: Children) -> Entry:
    children = children_of(element, "atom:")
    source_element = first(children, "atom:source")
    source = {} if source_element is None else children_of(source_element, "atom:")
    base = base_of(element, feed_link)
    people = (
        _people(children, "atom:author", "author", base)
        or people_named(texts(children, *CREATORS), "author")
        or _people(source, "atom:author", "author", base)
    )
    content = first(children, "atom:content")
    media = read_media(children, base, feed)
    spoken = (*_texts(children, base), *media.texts)
    published_at, updated_at = first_date(children, *DATES), first_date(children, *UPDATED)
    starts_at, expires_at = validity(children)
    embargo = hold(children, starts_at, published_at)
    notice = plain_of(first(children, "atom:rights", "atom:copyright"))
    notice = "\n".join(dict.fromkeys(filter(None, (notice, *texts(children, *NOTICES)))))
    notice = notice or plain_of(first(source, "atom:rights"))
    terms = usage_terms(children) or usage_terms(source) or ("" if media.is_licensed else usage_terms(feed))
    origin = plain_of(first(source, "atom:title"))
    guid = first_text(children, "atom:id")
    status = _pubstatus(element, children)
    return Entry(
        guid=guid,
        version=whole_number(first_text(children, "nar:version")),
        language=_declared_language(element),
        kind=kind_of(media, spoken),
        headline=next((text.value for text in spoken if text.kind == "headline"), "") or media.title,
        summary=next((text.value for text in spoken if text.kind == "summary"), "") or media.description,
        body=next((text.value for text in spoken if text.kind == "body"), ""),
        texts=(*spoken, *_other_texts(children, published_at, updated_at, starts_at, expires_at)),
        editors_note=first_text(children, "nar:edNote"),
        byline=", ".join(person.name for person in people),
        link=_link(children, base),
        published_at=published_at,
        updated_at=updated_at,
        expires_at=expires_at,
        pubstatus=status if status != "usable" else media.pubstatus,
        embargoed_until=embargo.embargoed_until,
        is_held_indefinitely=embargo.is_held_indefinitely,
        credit=media.credit or origin,
        copyright_notice=notice or media.copyright_notice,
        usage_terms="\n".join(filter(None, (terms, media.usage_terms))),
        rights=(*statements(children, notice, terms), *media.rights),
        restrictions=media.restrictions,
        keywords=tuple(dict.fromkeys((*(_keywords(children) or _keywords(source)), *filter(None, media.keywords)))),
        entities=(
            *people,
            *_people(children, "atom:contributor", "contributor", base),
            *people_named(texts(children, *CONTRIBUTORS), "contributor"),
            *media.entities,
        ),
        renditions=(*_renditions(children, content, base), *media.renditions),
        shots=media.shots,
        associations=tuple(dict.fromkeys((*links_to_others(children, base), *_other_places(children, source, base)))),
        alt_ids=tuple(
            (role, value)
            for role, value in (
                ("identifier", first_text(children, "dc:identifier")),
                ("source", first_text(source, "atom:id")),
            )
            if value and value != guid
        ),
        hops=hop_of(origin),
        raw=raw,
    )


def _texts(children: Children, base: str) -> Iterator[Text]:
    for kind, name in TEXTS:
        for element in children.get(name, ()):
            if text := said(kind, plain_of(element) if kind == "headline" else html_of(element, base), element):
                yield text
    for kind, name in MORE_TEXTS:
        for element in children.get(name, ()):
            markup = inner_html(element) if len(element) else text_of(element)
            value = ambiguous_to_plain(markup) if kind == "headline" else ambiguous_to_html(markup)
            if text := said(kind, with_absolute_urls(value, base), element, name.partition(":")[2].lower()):
                yield text


def _other_texts(children: Children, *dates: datetime | None) -> Iterator[Text]:
    """Codes and vocabularies of categories, dates beside the first, and all that nothing else here reads."""
    for element in children.get("atom:category", ()):
        label, term, scheme = (one_line(element.get(name)) for name in ("label", "term", "scheme"))
        if scheme or (label and term and label != term):
            yield Text("keyword", term or label, scheme or "term")
    yield from odd_dates(children, (*DATES, *UPDATED, "expirationDate"), *dates)
    yield from properties_of(children, READ)


def _other_places(children: Children, source: Children, base: str) -> Iterator[Association]:
    """Where an entry was taken from, what it answers, and addresses that lead nowhere from here."""
    for element in source.get("atom:link", ()):
        if href := absolute(base_of(element, base), element.get("href")):
            yield Association("source", uri=href, href=href, kind=tidy(element.get("rel")))
    for element in children.get("thr:in-reply-to", ()):
        href = absolute(base, element.get("href") or element.get("source"))
        yield Association("in-reply-to", uri=tidy(element.get("ref")) or href, href=href)
    for element in children.get("atom:link", ()):
        if not absolute(base_of(element, base), element.get("href")):
            yield from unaddressed(tidy(element.get("rel")) or "alternate", element, element.get("href"))
    for element in children.get("atom:content", ()):
        if element.get("src") and not absolute(base_of(element, base), element.get("src")):
            yield from unaddressed("content", element, element.get("src"))


def _pubstatus(element: etree._Element, children: Children) -> PubStatus:
    """What the entry states; a draft is withheld."""
    if any(text_of(draft).lower() == "yes" for path in DRAFT for draft in element.iterfind(path)):
        return "withheld"
    return pubstatus_of_element(first(children, "nar:pubStatus"))


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
    for element in children.get("atom:link", ()):
        if element.get("rel", "alternate") == "alternate" and (
            link := absolute(base_of(element, base), element.get("href"))
        ):
            return link
    return ""


def _people(children: Children, name: str, role: str, base: str) -> tuple[Entity, ...]:
    found = []
    for element in children.get(name, ()):
        parts = {local_name(child).rpartition(":")[2]: one_line(text_of(child)) for child in element}
        if who := parts.get("name") or parts.get("email") or one_line(element.text):
            address = absolute(base, parts.get("uri") or parts.get("url"))
            mail = f"mailto:{parts['email']}" if parts.get("email") else ""
            found.append(Entity(name=who, role=role, uri=address or mail))
    return tuple(dict.fromkeys(found))


def _keywords(children: Children) -> tuple[str, ...]:
    labels = [one_line(element.get("label") or element.get("term")) for element in children.get("atom:category", ())]
    labels += texts(children, "dc:subject")
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
        for element in children.get("atom:link", ())
        if element.get("rel") == "enclosure" and (href := absolute(base_of(element, base), element.get("href")))
    ]
    if content is not None and (href := absolute(base_of(content, base), content.get("src"))):
        found.append(Rendition(href=href, rel="content", content_type=tidy(content.get("type"))))
    return tuple(found)


def sniff(opening: bytes, content_type: str) -> bool:
    """Whether the root element is a feed or a single entry."""
    return root_name(opening, content_type).lower() in {"feed", "entry"}


FORMAT = Format("atom", parse, sniff, skips_known=True)
