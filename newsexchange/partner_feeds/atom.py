"""Atom 1.0 (RFC 4287) with the exchange extension fields."""

from collections.abc import Sequence
from datetime import datetime

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

CONTENT_TYPE = "application/atom+xml; charset=utf-8"

ATOM = "http://www.w3.org/2005/Atom"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def render(feed: PartnerFeed, items: Sequence[Item], *, url: str, modified_at: datetime) -> bytes:
    """The feed as a document; the body of an entry is escaped HTML."""
    root = etree.Element(f"{{{ATOM}}}feed", {XML_LANG: feed.language_bcp47}, nsmap={None: ATOM, "nar": NAR})
    add_text(root, f"{{{ATOM}}}id", f"tag:example.org,2026:{feed.path}")
    add_text(root, f"{{{ATOM}}}title", feed.name)
    add_text(root, f"{{{ATOM}}}updated", rfc3339(modified_at))
    etree.SubElement(root, f"{{{ATOM}}}link", {"rel": "self", "href": url, "type": "application/atom+xml"})
    for item in items:
        _add_entry(root, item)
    document: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return document


def _add_entry(root: etree._Element, item: Item) -> None:
    entry = etree.SubElement(root, f"{{{ATOM}}}entry", {XML_LANG: item.language})
    add_text(entry, f"{{{ATOM}}}id", item.guid)
    add_text(entry, f"{{{ATOM}}}title", item.headline)
    add_text(entry, f"{{{ATOM}}}published", rfc3339(item.published_at))
    add_text(entry, f"{{{ATOM}}}updated", rfc3339(item.updated_at))
    author = etree.SubElement(entry, f"{{{ATOM}}}author")
    add_text(author, f"{{{ATOM}}}name", item.byline)
    etree.SubElement(entry, f"{{{ATOM}}}link", {"rel": "alternate", "href": item.link})
    for topic in item.topics:
        etree.SubElement(entry, f"{{{ATOM}}}category", {"term": topic, "scheme": MEDIA_TOPIC_SCHEME})
    add_text(entry, f"{{{ATOM}}}rights", item.copyright_notice)
    source = etree.SubElement(entry, f"{{{ATOM}}}source")
    add_text(source, f"{{{ATOM}}}title", item.credit)
    add_text(entry, f"{{{ATOM}}}summary", item.summary)
    add_text(entry, f"{{{ATOM}}}content", item.body, type="html")
    add_exchange_fields(entry, item)
