"""IPTC ninjs 3.1: one document per story and language. The schema forbids unknown properties.

What it has no property for stands in our own terms (``newsexchange.parsing.own_terms``), a body with a role of its own.
"""

import re
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import orjson
from django.utils.translation import gettext as _

from newsexchange.constants import EditionOrigin
from newsexchange.formats.addresses import address, uri_or_nothing
from newsexchange.formats.outgoing import Outgoing
from newsexchange.formats.shotlist import correction_text, shotlist
from newsexchange.formats.words import ai_label, restriction_in_words, text_origin_label
from newsexchange.parsing import base, own_terms
from newsexchange.parsing.odrl import LANGUAGE
from newsexchange.parsing.sanitise import html_to_text

NAME = "ninjs-3.1"
CONTENT_TYPE = "application/json"
STANDARD = {"name": "ninjs", "version": "3.1", "schema": "https://www.iptc.org/std/ninjs/ninjs-schema_3.1.json"}
SOURCE_TYPES = "http://cv.iptc.org/newscodes/digitalsourcetype/"
MEDIA_TOPICS = "http://cv.iptc.org/newscodes/mediatopic/"
_KINDS = {"person": "people", "organisation": "organisations", "place": "places", "event": "events"}
_NEWSCODE = re.compile(r"[A-Za-z]+")
_TECHNICAL = {"format": "format", "videocodec": "videoCodec", "aspectratio": "aspectRatio", "bitrate": "bitrate"}
_SCANS = {"progressive", "interlaced"}

Json = dict[str, Any]


def render(out: Outgoing) -> Json:
    """The document as JSON-ready values, empty properties left out. An indefinite hold is a date far away."""
    entry = out.entry
    document = {
        "uri": entry.guid,
        "standard": STANDARD,
        "type": entry.kind,
        "representationType": "full",
        "version": str(entry.version),
        "versionCreated": _moment(entry.updated_at),
        "firstCreated": _moment(entry.published_at),
        "embargoedUntil": _moment(own_terms.HELD_UNTIL if entry.is_held_indefinitely else entry.embargoed_until),
        "expires": _moment(entry.expires_at),
        "pubStatus": entry.pubstatus,
        "urgency": entry.urgency,
        "language": entry.language,
        "headlines": [{"role": "main", "contentType": "text/plain", "value": entry.headline}] if entry.headline else [],
        "descriptions": [{"role": "summary", "contentType": "text/html", "value": entry.summary}]
        if entry.summary
        else [],
        "bodies": _bodies(out),
        "slugline": entry.slugline,
        "edNote": entry.editors_note,
        "by": entry.byline,
        "located": entry.dateline_place,
        "copyrightNotice": entry.copyright_notice,
        "usageTerms": usage_terms(out),
        "rightsInfo": _rights(entry),
        "subjects": [*_topics(entry), *({"name": word, "rel": "keyword"} for word in entry.keywords)],
        "infoSources": _sources(out),
        "altIds": [{"role": role, "value": value} for role, value in entry.alt_ids],
        "genres": _genres(out),
        "trustIndicators": _trust(out),
        "digitalSourceType": _source_type(entry.digital_source_type),
        "renditions": [_rendition(place, item) for place, item in enumerate(entry.renditions)],
        "associations": [
            _association(place, item) for place, item in enumerate(entry.associations) if uri_or_nothing(item.uri)
        ],
        **_entities(entry),
    }
    return _filled(document)


def _bodies(out: Outgoing) -> list[Json]:
    entry = out.entry
    bodies = []
    if entry.body:
        count = len(html_to_text(entry.body))
        bodies.append({"role": "main", "contentType": "text/html", "value": entry.body, "charCount": count})
    for role, text in ((own_terms.SHOTLIST, shotlist(out)), (own_terms.CORRECTION, correction_text(out))):
        if text:
            bodies.append({"role": role, "contentType": "text/plain", "value": text})
    terms = orjson.dumps(own_terms.written(entry, more(out))).decode()
    return [*bodies, {"role": own_terms.ROLE, "contentType": own_terms.CONTENT_TYPE, "value": terms}]


def more(out: Outgoing) -> Json:
    """What our own terms say for people and other programs, and what no reading of ours turns into a row."""
    said = {
        "text": {
            "origin": str(out.text_origin),
            "is_stale": out.is_stale,
            "translated_from_version": out.translated_from_version,
            "ai_tool": out.ai_tool,
            "ai_label": out.ai_label,
        },
        "languages": list(out.languages),
        "original_language": out.original_language,
        "origin": {
            "slug": out.origin.slug,
            "name": out.origin.name,
            "ownership": out.origin.ownership,
            "country_code": out.origin.country_code,
        },
        "correction_note": out.correction_note,
    }
    return {name: _filled(value) if isinstance(value, dict) else value for name, value in said.items() if value}


def usage_terms(out: Outgoing) -> str:
    """The terms and then, for readers who do not know our data, every restriction in words."""
    zone = ZoneInfo(out.origin.time_zone)
    words = []
    for item in out.entry.restrictions:
        shot = "" if item.shot is None else _("Shot %(number)d: ") % {"number": item.shot + 1}
        words.append(shot + restriction_in_words(item, zone))
    return "\n".join(filter(None, (out.entry.usage_terms, *words)))


def _rights(entry: base.Entry) -> Json | None:
    expression = own_terms.written_rights(entry)
    return {"langId": LANGUAGE, "encodedRights": expression} if expression else None


def _topics(entry: base.Entry) -> list[Json]:
    return [{"uri": MEDIA_TOPICS + topic.rpartition(":")[2]} for topic in entry.topics]


def _entities(entry: base.Entry) -> Json:
    lists: dict[str, list[Json]] = {}
    for item in entry.entities:
        named = _filled({"name": item.name, "rel": item.role, "uri": uri_or_nothing(item.uri)})
        if not uri_or_nothing(item.uri) and item.uri:
            named["literal"] = item.uri
        lists.setdefault(_KINDS.get(item.kind, "objects"), []).append(named)
    if uri_or_nothing(entry.event_uri):
        lists.setdefault("events", []).append({"uri": entry.event_uri})
    return lists


def _sources(out: Outgoing) -> list[Json]:
    origin = {
        "name": out.origin.name,
        "role": "origin",
        "uri": uri_or_nothing(out.origin.website),
        "literal": out.origin.slug,
    }
    credit = {"name": out.entry.credit, "role": "credit"}
    return [*([credit] if out.entry.credit else []), _filled(origin)]


def _genres(out: Outgoing) -> list[Json]:
    """Where the text comes from, and whether its source has moved on since."""
    said = [(str(out.text_origin), text_origin_label(out))]
    said += [("stale", "")] if out.is_stale else []
    said += [("correction", "")] if out.is_correction else []
    return [_filled({"literal": word, "name": label, "uri": f"{own_terms.TERMS}:{word}"}) for word, label in said]


def _trust(out: Outgoing) -> list[Json]:
    """Who owns the origin, and how artificial intelligence took part."""
    said = [(f"ownership:{out.origin.ownership}", out.origin.ownership_label)]
    if out.entry.ai_use or out.ai_label or out.text_origin == EditionOrigin.MACHINE:
        said.append((f"ai:{out.entry.ai_use or out.text_origin}", ai_label(out)))
    return [_filled({"role": f"{own_terms.TERMS}:{word}", "title": label}) for word, label in said]


def _source_type(name: str) -> Json | None:
    if not name:
        return None
    return {"literal": name} | ({"uri": SOURCE_TYPES + name} if _NEWSCODE.fullmatch(name) else {})


def _rendition(place: int, item: base.Rendition) -> Json:
    technical = dict(item.technical)
    scan = technical.get("videoscan", "")
    rendition = {
        "name": item.rel or f"rendition-{place + 1}",
        "href": address(item.href),
        "contentType": item.content_type,
        "title": item.title,
        "width": item.width,
        "height": item.height,
        "sizeInBytes": item.size_bytes,
        "duration": item.duration_ms / 1000 if item.duration_ms is not None else None,
        "scanType": scan if scan in _SCANS else None,
        "frameRate": _decimal(technical.get("videoframerate") or technical.get("framerate")),
        **{ours: technical.get(theirs) for theirs, ours in _TECHNICAL.items()},
    }
    return _filled(rendition)


def _association(place: int, item: base.Association) -> Json:
    kinds = {"text", "picture", "graphic", "audio", "video", "composite"}
    association = {
        "name": item.role or f"association-{place + 1}",
        "rel": item.role,
        "uri": item.uri,
        "type": item.kind if item.kind in kinds else None,
        "headlines": [{"value": item.headline}] if item.headline else [],
        "language": item.language,
        "version": item.version,
    }
    return _filled(association)


def _filled(values: Json) -> Json:
    return {name: value for name, value in values.items() if value not in (None, "", [], {})}


def _decimal(text: str | None) -> float | None:
    return float(text) if text and re.fullmatch(r"[0-9]{1,5}(\.[0-9]{1,6})?", text, re.ASCII) else None


def _moment(value: datetime | None) -> str | None:
    return value.isoformat() if value else None
