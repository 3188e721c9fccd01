"""The content of a NewsML-G2 item and what is said of it: descriptive metadata, parts of the recording, text, files."""

import re
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import lxml.html
import orjson
from lxml import etree

from newsexchange.formats.addresses import address, uri_or_nothing
from newsexchange.formats.outgoing import Outgoing
from newsexchange.formats.words import ai_label, text_origin_label
from newsexchange.parsing import base
from newsexchange.parsing.g2_metadata import NAR
from newsexchange.parsing.markup import XML_NS
from newsexchange.parsing.sanitise import html_to_text

LANG = f"{XML_NS}lang"
XHTML = "http://www.w3.org/1999/xhtml"
SOURCE_TYPES = "http://cv.iptc.org/newscodes/digitalsourcetype/"
MILLISECONDS = "timeunit:milliseconds"
# What XML 1.0 cannot hold, escaped or not (section 2.2).
_IMPOSSIBLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NATURES = {"person": "person", "organisation": "organisation", "place": "geoArea", "event": "event"}
_NEWSCODE = re.compile(r"[A-Za-z]+")
_TAG = re.compile(r"[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*")
_DAY = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?", re.ASCII)
_CODE = re.compile(r"[^\s:]+")
# Technical data under names of the standard, by the form of their values; the rest stays in our own terms.
_CODED = {"videocodec": "vcdc", "audiocodec": "acdc", "colourspace": "mx"}
_COUNTED = {"audiobitrate", "audiosamplesize", "audiosamplerate", "videoavgbitrate", "resolution", "orientation"}
_NUMBER = re.compile(r"[0-9]{1,9}", re.ASCII)
_DECIMAL = re.compile(r"[0-9]{1,5}(\.[0-9]{1,6})?", re.ASCII)


def g2(name: str) -> str:
    return f"{NAR}{name}"


def add(parent: etree._Element, name: str, text: str = "", **attributes: str) -> etree._Element:
    """A child in the namespace of NewsML-G2, with what XML can hold of the text."""
    element = etree.SubElement(parent, g2(name), {key: xml_text(value) for key, value in attributes.items()})
    if text:
        element.text = xml_text(text)
    return element


def xml_text(text: str) -> str:
    return _IMPOSSIBLE.sub("", text)


def json_text(value: Any) -> str:
    return orjson.dumps(value).decode()


def moment(at: datetime | None) -> str:
    return at.isoformat() if at else ""


def zone_of(out: Outgoing) -> ZoneInfo:
    return ZoneInfo(out.origin.time_zone)


def shot_id(place: int) -> str:
    return f"shot-{place + 1}"


def identity(name: str) -> dict[str, str]:
    """As a URI if it is one, else as a literal."""
    uri = uri_or_nothing(name)
    return {"uri": uri} if uri else {"literal": name}


def add_links(meta: etree._Element, entry: base.Entry) -> None:
    for item in entry.associations:
        where = {"residref": item.uri} if item.uri else {"href": address(item.href)}
        if any(where.values()):
            link = add(meta, "link", **where)
            if _CODE.fullmatch(item.role):
                link.set("rel", f"mx:{item.role}")
            if item.headline:
                add(link, "title", item.headline)


def add_content_meta(item: etree._Element, out: Outgoing) -> None:
    entry = out.entry
    meta = add(item, "contentMeta")
    if entry.urgency:
        add(meta, "urgency", str(entry.urgency))
    if name := entry.digital_source_type:
        known = _NEWSCODE.fullmatch(name)
        add(meta, "digitalSourceType", **({"uri": SOURCE_TYPES + name} if known else {"literal": name}))
    if entry.dateline_place:
        add(add(meta, "located", literal=entry.dateline_place), "name", entry.dateline_place)
    if entry.credit:
        add(add(meta, "infoSource", literal=entry.credit), "name", entry.credit)
    for role, name in (("author", "creator"), ("contributor", "contributor")):
        for entity in entry.entities:
            if entity.role == role:
                add(add(meta, name, **identity(entity.uri or entity.name)), "name", entity.name)
    for role, value in entry.alt_ids:
        alternative = add(meta, "altId", value)
        if _CODE.fullmatch(role):
            alternative.set("type", f"mx:{role}")
    add(meta, "language", tag=entry.language)
    _add_genres(meta, out)
    for word in entry.keywords:
        add(meta, "keyword", word)
    for topic in entry.topics:
        add(meta, "subject", type="cpnat:abstract", qcode=topic)
    for entity in entry.entities:
        if entity.role not in ("author", "contributor"):
            nature = f"cpnat:{_NATURES.get(entity.kind, 'object')}"
            add(add(meta, "subject", type=nature, **identity(entity.uri or entity.name)), "name", entity.name)
    if uri := uri_or_nothing(entry.event_uri):
        add(meta, "subject", type="cpnat:event", uri=uri)
    _add_lines(meta, entry)


def _add_genres(meta: etree._Element, out: Outgoing) -> None:
    """Where the text comes from, whether its source has moved on since, and how AI took part."""
    said = [(str(out.text_origin), text_origin_label(out))]
    said += [("stale", "")] if out.is_stale else []
    said += [(f"ai-{out.entry.ai_use}" if out.entry.ai_use else "ai", label)] if (label := ai_label(out)) else []
    for word, label in said:
        genre = add(meta, "genre", qcode=f"mx:{word}")
        if label:
            add(genre, "name", label)


def _add_lines(meta: etree._Element, entry: base.Entry) -> None:
    dateline = ", ".join(filter(None, (entry.dateline_place, str(entry.dateline_on or ""))))
    lines = [
        ("slugline", entry.slugline),
        ("headline", entry.headline),
        ("dateline", dateline),
        ("by", entry.byline),
        ("creditline", entry.credit),
    ]
    for name, text in lines:
        if text:
            add(meta, name, text)
    if entry.summary:
        add(meta, "description", html_to_text(entry.summary), role="drol:summary")


def add_parts(item: etree._Element, out: Outgoing) -> None:
    """Shots, then soundbites, each with its times where both ends are known."""
    for place, shot in enumerate(out.entry.shots):
        part = _add_part(item, shot_id(place), place, shot.in_ms, shot.out_ms)
        if _DAY.fullmatch(shot.shot_on):
            add(part, "contentCreated", shot.shot_on)
        if shot.location:
            add(add(part, "located", literal=shot.location), "name", shot.location)
        if shot.source:
            add(add(part, "infoSource", literal=shot.source), "name", shot.source)
        if _TAG.fullmatch(shot.language):
            language = add(part, "language", tag=shot.language)
            if shot.audio:
                language.set("role", f"mx:{shot.audio}")
        _add_descriptions(part, shot.description)
    for place, bite in enumerate(out.entry.soundbites):
        part = _add_part(item, f"soundbite-{place + 1}", len(out.entry.shots) + place, bite.in_ms, bite.out_ms)
        add(part, "role", qcode="mx:soundbite")
        if _TAG.fullmatch(bite.language):
            add(part, "language", tag=bite.language)
        if bite.speaker:
            subject = add(part, "subject", type="cpnat:person", literal=bite.speaker)
            add(subject, "name", bite.speaker)
            for language, role in bite.speaker_role:
                _in_language(add(subject, "definition", role), language)
        _add_descriptions(part, ((bite.language, bite.text), *bite.translations))


def _add_part(item: etree._Element, partid: str, place: int, in_ms: int | None, out_ms: int | None) -> etree._Element:
    part = add(item, "partMeta", partid=partid, seq=str(place + 1))
    if in_ms is not None and out_ms is not None:
        add(part, "timeDelim", start=str(in_ms), end=str(out_ms), timeunit=MILLISECONDS)
    return part


def _add_descriptions(part: etree._Element, texts: base.Pairs) -> None:
    for language, text in texts:
        if text:
            _in_language(add(part, "description", text), language)


def _in_language(element: etree._Element, language: str) -> None:
    if _TAG.fullmatch(language):
        element.set(LANG, language)


def add_content(item: etree._Element, out: Outgoing) -> None:
    content = add(item, "contentSet")
    if out.entry.body:
        inline = add(content, "inlineXML", contenttype="application/xhtml+xml")
        inline.set(LANG, out.entry.language)
        html = etree.SubElement(inline, f"{{{XHTML}}}html", nsmap={None: XHTML})
        head = etree.SubElement(html, f"{{{XHTML}}}head")
        etree.SubElement(head, f"{{{XHTML}}}title").text = xml_text(out.entry.headline)
        html.append(_xhtml(out.entry.body))
    for rendition in out.entry.renditions:
        _add_rendition(content, rendition)
    if not len(content):
        item.remove(content)


def _xhtml(body: str) -> etree._Element:
    """HTML as stored, sanitised, with every element in the namespace of XHTML."""
    root: etree._Element = lxml.html.fragment_fromstring(xml_text(body), create_parent="body")
    for element in root.iter(etree.Element):
        element.tag = f"{{{XHTML}}}{element.tag}"
    return root


def _add_rendition(content: etree._Element, item: base.Rendition) -> None:
    values = {
        "rendition": f"mx:{item.rel}" if _CODE.fullmatch(item.rel) else "",
        "href": address(item.href),
        "contenttype": item.content_type,
        "title": item.title,
        "size": _said(item.size_bytes),
        "width": _said(item.width),
        "height": _said(item.height),
        "duration": _said(item.duration_ms),
        "durationunit": MILLISECONDS if item.duration_ms is not None else "",
        "language": item.language if _TAG.fullmatch(item.language) else "",
        **{name: value for name, text in item.technical if (value := _technical(name, text))},
    }
    remote = add(content, "remoteContent", **{name: value for name, value in values.items() if value})
    kind, _colon, checksum = item.checksum.partition(":")
    if checksum and _CODE.fullmatch(kind):
        add(remote, "hash", checksum, hashtype=f"mx:{kind}")


def _technical(name: str, text: str) -> str:
    if name in _CODED and _CODE.fullmatch(text):
        return f"{_CODED[name]}:{text}"
    if (name in _COUNTED and _NUMBER.fullmatch(text)) or (name == "videoframerate" and _DECIMAL.fullmatch(text)):
        return text
    return ""


def _said(number: int | None) -> str:
    return "" if number is None else str(number)
