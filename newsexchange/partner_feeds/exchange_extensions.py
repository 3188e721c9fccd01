"""What RSS, Atom and JSON Feed have no words for: status, embargo, version, editor's note and terms."""

from datetime import datetime

from lxml import etree

from newsexchange.partner_feeds.timeline import Item

NAR = "http://iptc.org/std/nar/2006-10-01/"
MEDIA_TOPIC_SCHEME = "http://cv.iptc.org/newscodes/mediatopic/"


def add_text(parent: etree._Element, tag: str, text: str, **attributes: str) -> etree._Element:
    """Append ``<tag>text</tag>``; a namespaced tag is written in Clark notation."""
    element = etree.SubElement(parent, tag, attributes)
    element.text = text
    return element


def add_exchange_fields(parent: etree._Element, item: Item) -> None:
    """Append the NewsML-G2 properties that a syndication format lacks, in the NewsML-G2 namespace."""
    add_text(parent, f"{{{NAR}}}version", str(item.version))
    add_text(parent, f"{{{NAR}}}pubStatus", item.pubstatus)
    if item.is_held_indefinitely:
        add_text(parent, f"{{{NAR}}}embargoed", "")
    elif item.embargoed_until:
        add_text(parent, f"{{{NAR}}}embargoed", rfc3339(item.embargoed_until))
    if item.editors_note:
        add_text(parent, f"{{{NAR}}}edNote", item.editors_note)
    add_text(parent, f"{{{NAR}}}usageTerms", item.usage_terms)


def rfc3339(moment: datetime) -> str:
    """UTC to the second: ``2026-11-22T03:00:00Z``."""
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
