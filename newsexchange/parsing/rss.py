"""RSS 0.90 to 2.0 and RSS 1.0 (RDF), with the modules that news feeds use; CDF, which it grew out of, is read too."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from lxml import etree

from newsexchange.parsing.base import Association, Entity, Entry, Format, Hop, ParsedDocument, Rendition, Text
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
    milliseconds,
    one_line,
    plain_to_html,
    raw_of,
    text_of,
    tidy,
    whole_number,
    with_absolute_urls,
)
from newsexchange.parsing.media_rss import MEDIA_READ, Media, kind_of, read_media
from newsexchange.parsing.opening import root_name
from newsexchange.parsing.preflight import read_text
from newsexchange.parsing.status import pubstatus_of_element
from newsexchange.parsing.syndication import (
    RDF_RESOURCE,
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

RDF_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
HEADLINES = ("title", "dc:title", "atom:title", "itunes:title")
BODIES = ("content:encoded", "xhtml:body", "xhtml:div", "atom:content", "fullText", "fullitem", "content")
SUMMARIES = (
    "description",
    "abstract",
    "dc:description",
    "dcterms:abstract",
    "itunes:summary",
    "atom:summary",
    "summary",
)
PUBLISHED = ("pubDate", "dc:date", "dcterms:issued", "dcterms:created", "atom:published", "atom:issued", "published",
             "created")  # fmt: skip
UPDATED = ("dcterms:modified", "atom:updated", "atom:modified", "updated", "modified")
AUTHORS = ("author", "dc:creator", "itunes:author", "atom:author")
IDENTITIES = ("guid", "dc:identifier", "atom:id", "id")
NOTICES = ("copyright", "dc:rights", "dcterms:rights", "atom:rights", "rights")
REPLIES = ("comments", "wfw:comment", "wfw:commentRss", "wfw:commentRSS")
# All that is read of an item; of Media RSS and of what is here for its attributes, by the functions that know it.
READ = frozenset({
    *HEADLINES, *BODIES, *SUMMARIES, *PUBLISHED, *UPDATED, *AUTHORS, *IDENTITIES, *NOTICES, *REPLIES,
    *RELATION_ELEMENTS, *MEDIA_READ, "link", "atom:link", "enclosure", "category", "dc:subject", "dcterms:subject",
    "atom:category", "itunes:category", "itunes:keywords", "itunes:subtitle", "itunes:duration", "itunes:image",
    "podcast:person", "podcast:transcript", "source", "atom:source", "dc:publisher", "dc:language",
    "dcterms:identifier",
    "dc:contributor", "dcterms:contributor", "atom:contributor", "dcterms:license", "dcterms:accessRights",
    "dcterms:rightsHolder", "creativeCommons:license", "cc:license", "nar:usageTerms", "nar:embargoed",
    "nar:pubStatus", "nar:version", "nar:edNote", "expirationDate", "dcterms:valid",
})  # fmt: skip


def parse(payload: bytes, content_type: str = "", known: Known | None = None) -> ParsedDocument:
    """Every item of a feed; a damaged feed yields what is whole and a problem for the rest."""
    root, items, collected = load(read_text(payload, content_type), "item")
    top = children_of(root)
    channel_element = first(top, "channel")
    channel = top if channel_element is None else children_of(channel_element)
    base = absolute("", root.get(f"{XML_NS}base")) or _channel_link(channel)
    authors = texts(channel, "dc:creator")
    rights = one_line(first_text(channel, "copyright", "dc:rights"))
    known = known or Known()
    if (around := surroundings(root, items)) is not None:
        known.begin("rss", *around)
    for item in items:
        raw = raw_of(item)
        if known.skips(raw):
            continue
        entry = _entry(item, raw, base, channel)
        if (rights and not entry.copyright_notice) or (authors and not entry.entities):
            entry = replace(
                entry,
                copyright_notice=entry.copyright_notice or rights,
                entities=entry.entities or people_named(authors, "author"),
            )
        collected.entries.append(entry)
    language = language_tag(first_text(channel, "language", "dc:language") or root.get(f"{XML_NS}lang"))
    return document("rss", collected, language=language, title=ambiguous_to_plain(first_text(channel, "title")))


def _channel_link(channel: Children) -> str:
    return next((link for element in channel.get("link", ()) if (link := absolute("", text_of(element)))), "")


def _entry(item: etree._Element, raw: bytes, feed_base: str, channel: Children) -> Entry:
    children = children_of(item)
    base = absolute(feed_base, item.get(f"{XML_NS}base")) or feed_base
    media = read_media(children, base, channel)
    spoken = (*_texts(children, base), *media.texts)
    summary, body = _summary_and_body(spoken, media)
    authors = _names(children, *AUTHORS)
    published_at = first_date(children, *PUBLISHED) or parse_date(item.get("lastmod") or item.get("LASTMOD"))
    updated_at = first_date(children, *UPDATED)
    starts_at, expires_at = validity(children)
    embargo = hold(children, starts_at, published_at)
    guid = _guid(children) or tidy(item.get(RDF_ABOUT))
    notice = "\n".join(texts(children, *NOTICES))
    terms = usage_terms(children) or ("" if media.is_licensed else usage_terms(channel))
    length = milliseconds(first_text(children, "itunes:duration"))
    status = pubstatus_of_element(first(children, "nar:pubStatus"))
    return Entry(
        guid=guid,
        version=whole_number(first_text(children, "nar:version")),
        language=language_tag(item.get(f"{XML_NS}lang") or first_text(children, "dc:language")),
        kind=kind_of(media, spoken),
        headline=next((text.value for text in spoken if text.kind == "headline"), "") or media.title,
        summary=summary,
        body=body,
        texts=(*spoken, *_other_texts(children, published_at, updated_at, starts_at, expires_at)),
        editors_note=first_text(children, "nar:edNote"),
        byline=", ".join(authors),
        link=_link(children, base) or absolute(base, item.get("href") or item.get("HREF")),
        published_at=published_at,
        updated_at=updated_at,
        expires_at=expires_at,
        pubstatus=status if status != "usable" else media.pubstatus,
        embargoed_until=embargo.embargoed_until,
        is_held_indefinitely=embargo.is_held_indefinitely,
        credit=media.credit or one_line(first_text(children, "dc:publisher", "source")),
        copyright_notice=notice or media.copyright_notice,
        usage_terms="\n".join(filter(None, (terms, media.usage_terms))),
        rights=(*statements(children, notice, terms), *media.rights),
        restrictions=media.restrictions,
        keywords=_keywords(children, media),
        entities=(*people_named(authors, "author"), *_others(children), *media.entities),
        renditions=(*_enclosures(children, base, length), *media.renditions),
        shots=media.shots,
        duration_ms=length,
        associations=tuple(dict.fromkeys((*links_to_others(children, base), *_other_places(children, base)))),
        alt_ids=tuple(_other_ids(item, children, guid)),
        hops=_hops(children),
        raw=raw,
    )


def _guid(children: Children) -> str:
    return first_text(children, *IDENTITIES)


def _other_ids(item: etree._Element, children: Children, guid: str) -> Iterator[tuple[str, str]]:
    for role, value in (
        ("about", tidy(item.get(RDF_ABOUT))),
        *(("identifier", text) for text in texts(children, "dc:identifier", "dcterms:identifier")),
        *(("id", text) for text in texts(children, "atom:id", "id")),
    ):
        if value and value != guid:
            yield role, value


def _link(children: Children, base: str) -> str:
    for element in children.get("link", ()):
        if link := absolute(base, text_of(element)):
            return link
    for element in (*children.get("atom:link", ()), *children.get("link", ())):
        if element.get("rel", "alternate") == "alternate" and (link := absolute(base, element.get("href"))):
            return link
    guid = first(children, "guid")
    # RSS 2.0: a guid is a permanent link unless it says that it is not.
    if guid is not None and guid.get("isPermaLink", "true").strip().lower() == "true":
        return absolute("", text_of(guid))
    return ""


def _texts(children: Children, base: str) -> Iterator[Text]:
    """Every headline, body and summary, the module's name for it as the role."""
    for kind, names in (("headline", HEADLINES), ("body", BODIES), ("summary", SUMMARIES)):
        for name in names:
            for element in children.get(name, ()):
                value = _headline(element) if kind == "headline" else _html(element, base)
                if text := said(kind, value, element, name.partition(":")[2].lower()):
                    yield text
    for element in children.get("itunes:subtitle", ()):
        if text := said("summary", plain_to_html(text_of(element)), element, "subtitle"):
            yield text


def _other_texts(children: Children, *dates: datetime | None) -> Iterator[Text]:
    """The vocabularies that categories are from, dates beside the first, and all that nothing else here reads."""
    for name, attribute in (("category", "domain"), ("atom:category", "scheme")):
        for element in children.get(name, ()):
            word = one_line(element.get("label") or element.get("term") or element.text)
            if word and (scheme := tidy(element.get(attribute))):
                yield Text("keyword", word, scheme)
    yield from odd_dates(children, (*PUBLISHED, *UPDATED, "expirationDate"), *dates)
    yield from properties_of(children, READ)


def _other_places(children: Children, base: str) -> Iterator[Association]:
    """Where an item was taken from, where it is discussed, and addresses that lead nowhere from here."""
    for element in children.get("source", ()):
        if url := tidy(element.get("url")):
            yield Association("source", uri=url, href=absolute(base, url), headline=one_line(element.text))
    for name in REPLIES:
        for element in children.get(name, ()):
            if url := absolute(base, text_of(element)):
                yield Association("replies", uri=url, href=url, kind=name.rpartition(":")[2])
    for name in ("enclosure", "link", "atom:link"):
        for element in children.get(name, ()):
            stated = (element.get("url"), element.get("href"), element.get(RDF_RESOURCE), text_of(element))
            if any(stated) and not any(absolute(base, address) for address in stated):
                yield from unaddressed(tidy(element.get("rel")) or name.rpartition(":")[2], element, *stated)


def _names(children: Children, *names: str) -> tuple[str, ...]:
    """Of people written as text, or as Atom writes them: a name, an address, an e-mail."""
    if not any(len(element) for name in names for element in children.get(name, ())):
        return texts(children, *names)
    found = []
    for name in names:
        for element in children.get(name, ()):
            parts = children_of(element, "atom:")
            found.append(one_line(first_text(parts, "atom:name", "atom:email") or text_of(element)))
    return tuple(dict.fromkeys(filter(None, found)))


def _headline(element: etree._Element) -> str:
    """Inline markup that was not escaped is kept for the reduction to plain text."""
    return ambiguous_to_plain(inner_html(element) if len(element) else text_of(element))


def _summary_and_body(spoken: tuple[Text, ...], media: Media) -> tuple[str, str]:
    """An item with only one text has it as its body."""
    full = next((text.value for text in spoken if text.kind == "body"), "")
    short = next((text.value for text in spoken if text.kind == "summary" and text.role != "subtitle"), "")
    short = short or media.description or next((text.value for text in spoken if text.kind == "summary"), "")
    return (short if short != full else "", full) if full else ("", short)


def _html(element: etree._Element, base: str) -> str:
    markup = inner_html(element) if len(element) else ambiguous_to_html(text_of(element))
    own_base = absolute(base, element.get(f"{XML_NS}base")) or base
    return with_absolute_urls(markup, own_base)


def _keywords(children: Children, media: Media) -> tuple[str, ...]:
    # The first text node alone: some feeds nest an image into their category.
    categories = [
        one_line(element.text)
        for name in ("category", "dc:subject", "dcterms:subject", "atom:category")
        for element in children.get(name, ())
    ]
    categories += [
        one_line(element.get("label") or element.get("term") or element.get("text"))
        for name in ("atom:category", "itunes:category")
        for element in children.get(name, ())
    ]
    listed = [word.strip() for text in texts(children, "itunes:keywords") for word in text.split(",")]
    return tuple(dict.fromkeys(word for word in (*categories, *media.keywords, *listed) if word))


def _others(children: Children) -> Iterator[Entity]:
    yield from people_named(texts(children, "dc:contributor", "dcterms:contributor", "atom:contributor"), "contributor")
    for element in children.get("podcast:person", ()):
        if name := one_line(text_of(element)):
            yield Entity(name=name, role=tidy(element.get("role")) or "host", uri=absolute("", element.get("href")))


def _enclosures(children: Children, base: str, length: int | None) -> Iterator[Rendition]:
    for element in children.get("enclosure", ()):
        # RSS 1.0 has a module for enclosures that writes rdf:resource.
        if href := absolute(base, element.get("url") or element.get(RDF_RESOURCE) or element.get("href")):
            yield Rendition(
                href=href,
                rel="enclosure",
                content_type=tidy(element.get("type")),
                size_bytes=whole_number(element.get("length")),
                duration_ms=length,
            )
    for element in (*children.get("atom:link", ()), *children.get("link", ())):
        if element.get("rel") == "enclosure" and (href := absolute(base, element.get("href"))):
            size = whole_number(element.get("length"))
            yield Rendition(href=href, rel="enclosure", content_type=tidy(element.get("type")), size_bytes=size)
    for element in children.get("podcast:transcript", ()):
        if href := absolute(base, element.get("url")):
            language = language_tag(element.get("language"))
            yield Rendition(href=href, rel="transcript", content_type=tidy(element.get("type")), language=language)
    for element in children.get("itunes:image", ()):
        if href := absolute(base, element.get("href")):
            yield Rendition(href=href, rel="thumbnail")


def _hops(children: Children) -> tuple[Hop, ...]:
    element = first(children, "source", "atom:source")
    if element is None:
        return ()
    inner = children_of(element, "atom:") if len(element) else {}
    return hop_of(one_line(first_text(inner, "atom:title") if inner else text_of(element)))


def sniff(opening: bytes, content_type: str) -> bool:
    """Whether the root element is one of RSS, or the HTTP header says so."""
    return root_name(opening, content_type).lower() in {"rss", "rdf", "channel"}


FORMAT = Format("rss", parse, sniff, skips_known=True)
