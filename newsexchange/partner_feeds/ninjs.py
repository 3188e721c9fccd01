"""A JSON array of IPTC ninjs documents: 3.1, or 2.2 for the feeds whose path ends in ``.ninjs2``."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import orjson

from newsexchange.partner_feeds.catalog import PartnerFeed
from newsexchange.partner_feeds.exchange_extensions import MEDIA_TOPIC_SCHEME, rfc3339
from newsexchange.partner_feeds.timeline import Item

CONTENT_TYPE = "application/json; charset=utf-8"


def render(feed: PartnerFeed, items: Sequence[Item], *, url: str, modified_at: datetime) -> bytes:
    """The feed as a document. A ninjs list has no envelope, so neither ``url`` nor ``modified_at`` appears in it."""
    document_of = _as_2_2 if feed.path.endswith(".ninjs2") else _as_3_1
    return orjson.dumps([document_of(item) for item in items], option=orjson.OPT_INDENT_2)


def _as_3_1(item: Item) -> dict[str, Any]:
    document: dict[str, Any] = {
        "uri": item.guid,
        "type": "text",
        "representationType": "full",
        "version": str(item.version),
        "firstCreated": rfc3339(item.published_at),
        "versionCreated": rfc3339(item.updated_at),
        "pubStatus": item.pubstatus,
        "urgency": item.urgency,
        "copyrightHolder": item.credit,
        "copyrightNotice": item.copyright_notice,
        "usageTerms": item.usage_terms,
        "language": item.language,
        "slugline": item.slugline,
        "by": item.byline,
        "located": item.place,
        "headlines": [{"role": "main", "contentType": "text/plain", "value": item.headline}],
        "descriptions": [{"role": "summary", "contentType": "text/plain", "value": item.summary}],
        "bodies": [{"role": "main", "contentType": "text/html", "value": item.body}],
        "subjects": _subjects(item),
        "standard": {
            "name": "ninjs",
            "version": "3.1",
            "schema": "http://www.iptc.org/std/ninjs/ninjs-schema_3.1.json",
        },
    }
    if item.editors_note:
        document["edNote"] = item.editors_note
    if item.embargoed_until:
        document["embargoedUntil"] = rfc3339(item.embargoed_until)
    return document


def _as_2_2(item: Item) -> dict[str, Any]:
    document: dict[str, Any] = {
        "uri": item.guid,
        "type": "text",
        "representationtype": "full",
        "version": str(item.version),
        "firstcreated": rfc3339(item.published_at),
        "versioncreated": rfc3339(item.updated_at),
        "pubstatus": item.pubstatus,
        "urgency": item.urgency,
        "copyrightholder": item.credit,
        "copyrightnotice": item.copyright_notice,
        "usageterms": item.usage_terms,
        "language": item.language,
        "slugline": item.slugline,
        "by": item.byline,
        "located": item.place,
        "headlines": [{"role": "main", "contenttype": "text/plain", "value": item.headline}],
        "descriptions": [{"role": "summary", "contenttype": "text/plain", "value": item.summary}],
        "bodies": [{"role": "main", "contenttype": "text/html", "value": item.body}],
        "subjects": _subjects(item),
        "standard": {
            "name": "ninjs",
            "version": "2.2",
            "schema": "http://www.iptc.org/std/ninjs/ninjs-schema_2.2.json",
        },
    }
    if item.editors_note:
        document["ednote"] = item.editors_note
    if item.embargoed_until:
        document["embargoed"] = rfc3339(item.embargoed_until)
    return document


def _subjects(item: Item) -> list[dict[str, str]]:
    return [{"uri": MEDIA_TOPIC_SCHEME + topic.removeprefix("medtop:"), "rel": "about"} for topic in item.topics]
