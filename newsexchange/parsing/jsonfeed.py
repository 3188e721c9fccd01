"""JSON Feed 1.0 and 1.1, with the exchange's own extension object "_exchange"."""

import re
from collections.abc import Iterator

from newsexchange.parsing.base import (
    Association,
    Collected,
    DocumentError,
    Entity,
    Entry,
    Format,
    ParsedDocument,
    Problem,
    ReasonCode,
    Rendition,
    RightsStatement,
    Text,
)
from newsexchange.parsing.dates import parse_date
from newsexchange.parsing.json_text import JsonObject, dump_json, line, lines, load_json, mapping, objects, string
from newsexchange.parsing.known import Known
from newsexchange.parsing.leftovers import with_leftovers_of_json
from newsexchange.parsing.markup import (
    absolute,
    language_tag,
    milliseconds,
    plain_to_html,
    urgency,
    whole_number,
    with_absolute_urls,
)
from newsexchange.parsing.opening import opening_text
from newsexchange.parsing.preflight import check_entry_count
from newsexchange.parsing.status import Embargo, read_embargo, read_pubstatus

VERSION = re.compile(r'"version"\s*:\s*"https?:\\?/\\?/(?:www\.)?jsonfeed\.org\\?/version')

ENDING_BYTES = 4096
# Of what is not here, such as a publisher's own extensions, nothing is read but everything kept.
READ = frozenset({
    "id", "url", "external_url", "title", "content_html", "content_text", "summary", "image", "banner_image", "tags",
    "authors", "author", "language", "attachments", "date_published", "date_modified", "_exchange",
})  # fmt: skip


def parse(payload: bytes, content_type: str = "", known: Known | None = None) -> ParsedDocument:
    """Every item of a feed."""
    feed = load_json(payload, content_type)
    if not isinstance(feed, dict) or not isinstance(feed.get("items", []), list):
        raise DocumentError(ReasonCode.BAD_STRUCTURE, "a JSON Feed is an object with a list of items")
    if "items" not in feed and "version" not in feed and ("id" in feed or "title" in feed):
        feed = {"items": [feed]}  # an item alone, as quarantine keeps it
    check_entry_count(len(feed.get("items", [])))
    base = absolute("", feed.get("home_page_url")) if isinstance(feed.get("home_page_url"), str) else ""
    authors = _authors(feed)
    collected = Collected()
    known = known or Known()
    known.begin("jsonfeed", dump_json({name: value for name, value in feed.items() if name != "items"}))
    for item in feed.get("items", []):
        raw = dump_json(item)
        if not isinstance(item, dict):
            collected.problems.append(Problem(ReasonCode.BAD_STRUCTURE, "the item is not an object", raw=raw))
        elif not known.skips(raw):
            entry = _entry(item, raw, base, authors)
            collected.entries.append(with_leftovers_of_json(entry, item, READ) if item.keys() - READ else entry)
    return ParsedDocument(
        "jsonfeed",
        tuple(collected.entries),
        tuple(collected.problems),
        language=language_tag(string(feed.get("language"))),
        title=line(feed.get("title")),
    )


def _entry(item: JsonObject, raw: bytes, feed_base: str, feed_authors: tuple[Entity, ...]) -> Entry:
    extension = mapping(item.get("_exchange"))
    link = absolute(feed_base, string(item.get("url"))) or absolute(feed_base, string(item.get("external_url")))
    authors = _authors(item) or feed_authors
    # An embargo that is there but empty is a hold without end, as in NewsML-G2.
    embargo = read_embargo(extension["embargoed_until"]) if "embargoed_until" in extension else Embargo()
    texts = tuple(_texts(item, link or feed_base))
    credit, terms = line(extension.get("credit")), string(extension.get("usage_terms"))
    return Entry(
        guid=string(item.get("id")),
        version=whole_number(extension.get("version")),
        language=language_tag(string(extension.get("language")) or string(item.get("language"))),
        headline=line(item.get("title")),
        summary=next((text.value for text in texts if text.kind == "summary"), ""),
        body=next((text.value for text in texts if text.kind == "body"), ""),
        texts=texts,
        editors_note=string(extension.get("editors_note")),
        byline=", ".join(person.name for person in authors),
        link=link,
        published_at=parse_date(string(item.get("date_published"))),
        updated_at=parse_date(string(item.get("date_modified"))),
        urgency=urgency(extension.get("urgency")),
        pubstatus=read_pubstatus(extension.get("pubstatus")),
        embargoed_until=embargo.embargoed_until,
        is_held_indefinitely=embargo.is_held_indefinitely,
        credit=credit,
        usage_terms=terms,
        rights=(RightsStatement(usage_terms=terms),) if terms else (),
        topics=lines(extension.get("topics")),
        keywords=lines(item.get("tags")),
        entities=authors,
        renditions=_renditions(item, link or feed_base),
        associations=tuple(_others(item, feed_base, link)),
        raw=raw,
    )


def _texts(item: JsonObject, base: str) -> Iterator[Text]:
    """The HTML form of the text is its body; the plain form beside it is kept too."""
    if headline := line(item.get("title")):
        yield Text("headline", headline)
    if summary := plain_to_html(string(item.get("summary"))):
        yield Text("summary", summary)
    if body := with_absolute_urls(string(item.get("content_html")), base):
        yield Text("body", body)
    if plain := plain_to_html(string(item.get("content_text"))):
        yield Text("body", plain, role="text")


def _others(item: JsonObject, feed_base: str, link: str) -> Iterator[Association]:
    """The page elsewhere that an item is about, beside its own address."""
    external = absolute(feed_base, string(item.get("external_url")))
    if external and external != link:
        yield Association("external", uri=external, href=external)


def _authors(holder: JsonObject) -> tuple[Entity, ...]:
    """Version 1.1 has a list, 1.0 a single object."""
    found = objects(holder.get("authors")) or objects(holder.get("author"))
    people = (Entity(line(author.get("name")), "author", absolute("", string(author.get("url")))) for author in found)
    return tuple(dict.fromkeys(person for person in people if person.name))


def _renditions(item: JsonObject, base: str) -> tuple[Rendition, ...]:
    found = [
        Rendition(href=href, rel=rel)
        for rel in ("image", "banner_image")
        if (href := absolute(base, string(item.get(rel))))
    ]
    for attachment in objects(item.get("attachments")):
        if href := absolute(base, string(attachment.get("url"))):
            found.append(
                Rendition(
                    href=href,
                    rel="enclosure",
                    content_type=string(attachment.get("mime_type")),
                    title=line(attachment.get("title")),
                    size_bytes=whole_number(attachment.get("size_in_bytes")),
                    duration_ms=milliseconds(string(attachment.get("duration_in_seconds"))),
                )
            )
    return tuple(found)


def sniff(opening: bytes, content_type: str) -> bool:
    """Whether the document names the specification, or its HTTP type does."""
    text = opening_text(opening, content_type)
    # Software that sorts its keys writes the version last.
    ending = opening[-ENDING_BYTES:].decode("latin-1")
    return text.startswith("{") and (
        "application/feed+json" in content_type or any(map(VERSION.search, (text, ending)))
    )


FORMAT = Format("jsonfeed", parse, sniff, skips_known=True)
