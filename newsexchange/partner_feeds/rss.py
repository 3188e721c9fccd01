"""RSS 2.0 with content:encoded, Dublin Core and the exchange extension fields."""

from collections.abc import Sequence
from datetime import datetime
from email.utils import format_datetime

from lxml import etree

from newsexchange.partner_feeds.catalog import PartnerFeed
from newsexchange.partner_feeds.exchange_extensions import (
    MEDIA_TOPIC_SCHEME,
    NAR,
    add_exchange_fields,
    add_text,
    rfc3339,
)
from newsexchange.partner_feeds.timeline import Item

CONTENT_TYPE = "application/rss+xml; charset=utf-8"

ATOM = "http://www.w3.org/2005/Atom"
CONTENT = "http://purl.org/rss/1.0/modules/content/"
DC = "http://purl.org/dc/elements/1.1/"
DCTERMS = "http://purl.org/dc/terms/"
NAMESPACES = {"atom": ATOM, "content": CONTENT, "dc": DC, "dcterms": DCTERMS, "nar": NAR}


def render(
    feed: PartnerFeed, items: Sequence[Item], *, url: str, modified_at: datetime, malformed: Sequence[str] = ()
) -> bytes:
    """The feed as a document. ``malformed`` are raw ``<item>`` elements: well-formed XML, useless as news."""
    root = etree.Element("rss", {"version": "2.0"}, nsmap=NAMESPACES)
    channel = etree.SubElement(root, "channel")
    add_text(channel, "title", feed.name)
    add_text(channel, "link", "https://example.org/" + feed.broadcaster_slug)
    add_text(channel, "description", feed.name)
    add_text(channel, "language", feed.language_bcp47)
    add_text(channel, "lastBuildDate", format_datetime(modified_at, usegmt=True))
    add_text(channel, "ttl", "1")
    etree.SubElement(channel, f"{{{ATOM}}}link", {"rel": "self", "href": url, "type": "application/rss+xml"})
    for item in items:
        _add_item(channel, item)
    for piece in malformed:
        channel.append(etree.fromstring(piece))
    etree.cleanup_namespaces(root, top_nsmap=NAMESPACES, keep_ns_prefixes=list(NAMESPACES))
    document: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return document


def _add_item(channel: etree._Element, item: Item) -> None:
    element = etree.SubElement(channel, "item")
    add_text(element, "title", item.headline)
    add_text(element, "link", item.link)
    add_text(element, "guid", item.guid, isPermaLink="false")
    add_text(element, "pubDate", format_datetime(item.published_at, usegmt=True))
    add_text(element, f"{{{DCTERMS}}}modified", rfc3339(item.updated_at))
    add_text(element, f"{{{DC}}}creator", item.byline)
    add_text(element, f"{{{DC}}}publisher", item.credit)
    add_text(element, f"{{{DC}}}rights", item.copyright_notice)
    for topic in item.topics:
        add_text(element, "category", topic, domain=MEDIA_TOPIC_SCHEME)
    add_text(element, "description", item.summary)
    add_text(element, f"{{{CONTENT}}}encoded", "").text = etree.CDATA(item.body)
    add_exchange_fields(element, item)
