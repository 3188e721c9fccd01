"""A NewsML-G2 2.35 newsMessage with one newsItem per story, bodies as inline XHTML."""

from collections.abc import Sequence
from datetime import datetime

from lxml import etree

from newsexchange.partner_feeds.catalog import PartnerFeed
from newsexchange.partner_feeds.exchange_extensions import NAR, add_text, rfc3339
from newsexchange.partner_feeds.timeline import Item

CONTENT_TYPE = "application/vnd.iptc.g2.newsmessage+xml; charset=utf-8"

XHTML = "http://www.w3.org/1999/xhtml"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
IPTC_CATALOG = "http://www.iptc.org/std/catalog/catalog.IPTC-G2-Standards_40.xml"


def render(feed: PartnerFeed, items: Sequence[Item], *, url: str, modified_at: datetime) -> bytes:
    """The feed as a document. ``sent`` is the last change, not the clock, so that an unchanged feed keeps its ETag."""
    root = etree.Element(_g2("newsMessage"), nsmap={None: NAR})
    header = etree.SubElement(root, _g2("header"))
    add_text(header, _g2("sent"), rfc3339(modified_at))
    add_text(header, _g2("sender"), f"{feed.broadcaster_slug}.example")
    add_text(header, _g2("transmitId"), url)
    add_text(header, _g2("priority"), "5")
    add_text(header, _g2("origin"), feed.name)
    item_set = etree.SubElement(root, _g2("itemSet"))
    for item in items:
        _add_news_item(item_set, item)
    document: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=False)
    return document


def _add_news_item(item_set: etree._Element, item: Item) -> None:
    news_item = etree.SubElement(
        item_set,
        _g2("newsItem"),
        {
            "guid": item.guid,
            "version": str(item.version),
            "standard": "NewsML-G2",
            "standardversion": "2.35",
            "conformance": "power",
            XML_LANG: item.language,
        },
    )
    etree.SubElement(news_item, _g2("catalogRef"), {"href": IPTC_CATALOG})
    _add_rights(news_item, item)
    _add_item_meta(news_item, item)
    _add_content_meta(news_item, item)
    content_set = etree.SubElement(news_item, _g2("contentSet"))
    inline = etree.SubElement(content_set, _g2("inlineXML"), {"contenttype": "application/xhtml+xml"})
    html = etree.SubElement(inline, f"{{{XHTML}}}html", nsmap={None: XHTML})
    add_text(etree.SubElement(html, f"{{{XHTML}}}head"), f"{{{XHTML}}}title", item.headline)
    html.append(etree.fromstring(f'<body xmlns="{XHTML}">{item.body}</body>'))


def _add_rights(news_item: etree._Element, item: Item) -> None:
    rights = etree.SubElement(news_item, _g2("rightsInfo"))
    holder = etree.SubElement(rights, _g2("copyrightHolder"), {"literal": item.credit})
    add_text(holder, _g2("name"), item.credit)
    add_text(rights, _g2("copyrightNotice"), item.copyright_notice)
    add_text(rights, _g2("usageTerms"), item.usage_terms)


def _add_item_meta(news_item: etree._Element, item: Item) -> None:
    meta = etree.SubElement(news_item, _g2("itemMeta"))
    etree.SubElement(meta, _g2("itemClass"), {"qcode": "ninat:text"})
    provider = etree.SubElement(meta, _g2("provider"), {"literal": item.credit})
    add_text(provider, _g2("name"), item.credit)
    add_text(meta, _g2("versionCreated"), rfc3339(item.updated_at))
    add_text(meta, _g2("firstCreated"), rfc3339(item.published_at))
    if item.is_held_indefinitely:
        etree.SubElement(meta, _g2("embargoed"))
    elif item.embargoed_until:
        add_text(meta, _g2("embargoed"), rfc3339(item.embargoed_until))
    etree.SubElement(meta, _g2("pubStatus"), {"qcode": f"stat:{item.pubstatus}"})
    if item.editors_note:
        add_text(meta, _g2("edNote"), item.editors_note)
    if item.signal:
        etree.SubElement(meta, _g2("signal"), {"qcode": f"sig:{item.signal}"})


def _add_content_meta(news_item: etree._Element, item: Item) -> None:
    meta = etree.SubElement(news_item, _g2("contentMeta"))
    add_text(meta, _g2("urgency"), str(item.urgency))
    add_text(meta, _g2("contentCreated"), rfc3339(item.published_at))
    add_text(meta, _g2("contentModified"), rfc3339(item.updated_at))
    located = etree.SubElement(meta, _g2("located"), {"literal": item.place})
    add_text(located, _g2("name"), item.place)
    creator = etree.SubElement(meta, _g2("creator"), {"literal": item.byline})
    add_text(creator, _g2("name"), item.byline)
    etree.SubElement(meta, _g2("language"), {"tag": item.language})
    for topic in item.topics:
        etree.SubElement(meta, _g2("subject"), {"type": "cpnat:abstract", "qcode": topic})
    add_text(meta, _g2("slugline"), item.slugline)
    add_text(meta, _g2("headline"), item.headline)
    add_text(meta, _g2("by"), item.byline)
    add_text(meta, _g2("creditline"), item.credit)
    add_text(meta, _g2("description"), item.summary, role="drol:summary")


def _g2(name: str) -> str:
    return f"{{{NAR}}}{name}"
