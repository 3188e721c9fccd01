"""JSON Feed 1.1; what the format lacks stands in the custom object ``_exchange``."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import orjson

from newsexchange.partner_feeds.catalog import PartnerFeed
from newsexchange.partner_feeds.exchange_extensions import rfc3339
from newsexchange.partner_feeds.timeline import Item

CONTENT_TYPE = "application/feed+json; charset=utf-8"


def render(feed: PartnerFeed, items: Sequence[Item], *, url: str, modified_at: datetime) -> bytes:
    """The feed as a document. JSON Feed does not say when it changed: ``modified_at`` is left to HTTP."""
    return orjson.dumps(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": feed.name,
            "home_page_url": "https://example.org/" + feed.broadcaster_slug,
            "feed_url": url,
            "language": feed.language_bcp47,
            "items": [_item(item) for item in items],
        },
        option=orjson.OPT_INDENT_2,
    )


def _item(item: Item) -> dict[str, Any]:
    extension: dict[str, Any] = {
        "pubstatus": item.pubstatus,
        "version": item.version,
        "language": item.language,
        "editors_note": item.editors_note,
        "credit": item.credit,
        "usage_terms": item.usage_terms,
        "urgency": item.urgency,
        "topics": list(item.topics),
    }
    # Present but null means a hold without end, so an item without embargo must not have the key.
    if item.is_held_indefinitely:
        extension["embargoed_until"] = None
    elif item.embargoed_until:
        extension["embargoed_until"] = rfc3339(item.embargoed_until)
    return {
        "id": item.guid,
        "url": item.link,
        "title": item.headline,
        "summary": item.summary,
        "content_html": item.body,
        "date_published": rfc3339(item.published_at),
        "date_modified": rfc3339(item.updated_at),
        "authors": [{"name": item.byline}],
        "language": item.language,
        "tags": [item.slugline],
        "_exchange": extension,
    }
