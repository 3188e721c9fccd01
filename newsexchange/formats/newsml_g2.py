"""IPTC NewsML-G2 2.35, conformance level power: a newsItem per story and language, alone or in a newsMessage.

Attributes of the standard's own vocabularies go by the aliases of the IPTC catalog; ``mx`` are words of our own terms.
"""

from lxml import etree

from newsexchange.formats import newsml_g2_content as content
from newsexchange.formats.newsml_g2_content import LANG, add, g2, moment
from newsexchange.formats.ninjs31 import more
from newsexchange.formats.outgoing import Outgoing
from newsexchange.formats.shotlist import correction_text
from newsexchange.formats.words import restriction_in_words
from newsexchange.parsing import base, own_terms
from newsexchange.parsing.odrl import LANGUAGE
from newsexchange.parsing.status import IPTC_NAR

NAME = "newsml-g2"
CONTENT_TYPE = "application/vnd.iptc.g2.newsitem+xml"
MESSAGE = "newsml-g2-message"
MESSAGE_CONTENT_TYPE = "application/vnd.iptc.g2.newsmessage+xml"
CATALOG = "http://www.iptc.org/std/catalog/catalog.IPTC-G2-Standards_40.xml"
_NAMESPACES = {None: IPTC_NAR, "mx": own_terms.TERMS}


def render(out: Outgoing) -> str:
    """One newsItem."""
    item = etree.Element(g2("newsItem"), nsmap=_NAMESPACES)
    _fill(item, out)
    return _text(item)


def render_message(out: Outgoing) -> str:
    """A newsMessage of one item. It was sent when the version was made, so that it is the same for every reader."""
    message = etree.Element(g2("newsMessage"), nsmap=_NAMESPACES)
    header = add(message, "header")
    add(header, "sent", moment(out.entry.updated_at))
    add(header, "sender", out.entry.hops[-1].by)
    add(header, "transmitId", f"{out.entry.guid}:{out.entry.version}:{out.entry.language}")
    if out.entry.urgency:
        add(header, "priority", str(out.entry.urgency))
    add(header, "origin", out.origin.slug)
    _fill(add(add(message, "itemSet"), "newsItem"), out)
    return _text(message)


def _text(root: etree._Element) -> str:
    # A declaration without an encoding: the text becomes bytes, in UTF-8, only when it is sent.
    document: str = etree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0"?>\n{document}'


def _fill(item: etree._Element, out: Outgoing) -> None:
    entry = out.entry
    item.set("standard", "NewsML-G2")
    item.set("standardversion", "2.35")
    item.set("conformance", "power")
    item.set("guid", entry.guid)
    item.set("version", str(entry.version))
    item.set(LANG, entry.language)
    add(item, "catalogRef", href=CATALOG)
    catalog = add(item, "catalog")
    add(catalog, "scheme", alias="mx", uri=f"{own_terms.TERMS}:")
    _add_hops(item, entry)
    _add_rights(item, out)
    _add_item_meta(item, out)
    content.add_content_meta(item, out)
    content.add_parts(item, out)
    content.add_content(item, out)


def _add_hops(item: etree._Element, entry: base.Entry) -> None:
    history = add(item, "hopHistory")
    for place, hop in enumerate(entry.hops):
        element = add(history, "hop", seq=str(place))
        if hop.at:
            element.set("timestamp", moment(hop.at))
        if hop.by:
            party = add(element, "party", **content.identity(hop.by))
            add(party, "name", hop.by)
        if hop.action and not hop.action.split()[1:]:
            action = hop.action if ":" in hop.action.strip(":") else f"mx:{hop.action}"
            add(element, "action", qcode=action)


def _add_rights(item: etree._Element, out: Outgoing) -> None:
    """First what holds for the whole, with all restrictions as data; then, in words, what holds for single shots."""
    entry, zone = out.entry, content.zone_of(out)
    rights = add(item, "rightsInfo")
    if entry.copyright_notice:
        add(rights, "copyrightNotice", entry.copyright_notice)
    if entry.usage_terms:
        add(rights, "usageTerms", entry.usage_terms)
    for restriction in entry.restrictions:
        if restriction.shot is None:
            add(rights, "usageTerms", restriction_in_words(restriction, zone))
    if expression := own_terms.written_rights(entry):
        add(rights, "rightsExpressionData", expression, langid=LANGUAGE, enctype="application/ld+json")
    if not len(rights):
        item.remove(rights)
    for restriction in entry.restrictions:
        if restriction.shot is not None:
            rights = add(item, "rightsInfo", idrefs=content.shot_id(restriction.shot))
            add(rights, "usageTerms", restriction_in_words(restriction, zone))


def _add_item_meta(item: etree._Element, out: Outgoing) -> None:
    entry = out.entry
    meta = add(item, "itemMeta")
    add(meta, "itemClass", qcode=f"ninat:{entry.kind}")
    provider = add(meta, "provider", literal=out.origin.slug)
    add(provider, "name", out.origin.name)
    add(provider, "definition", out.origin.ownership_label)
    add(meta, "versionCreated", moment(entry.updated_at))
    if entry.published_at:
        add(meta, "firstCreated", moment(entry.published_at))
    if entry.is_held_indefinitely:
        add(meta, "embargoed")
    elif entry.embargoed_until:
        add(meta, "embargoed", moment(entry.embargoed_until))
    add(meta, "pubStatus", qcode=f"stat:{entry.pubstatus}")
    if entry.editors_note:
        add(meta, "edNote", entry.editors_note)
    if out.is_correction:
        add(meta, "edNote", correction_text(out), role=f"mx:{own_terms.CORRECTION}")
        add(meta, "signal", qcode="sig:correction")
    if entry.expires_at:
        add(meta, "expires", moment(entry.expires_at))
    content.add_links(meta, entry)
    terms = etree.SubElement(meta, own_terms.ELEMENT)
    terms.text = content.xml_text(content.json_text(own_terms.written(entry, more(out))))
