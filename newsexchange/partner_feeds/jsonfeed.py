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
    """The feed as a document. JSON Feed says nowhere when it changed, so ``modified_at`` is left to the HTTP headers."""
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
        "_exchange": {
            "pubstatus": item.pubstatus,
            "embargoed_until": rfc3339(item.embargoed_until) if item.embargoed_until else None,
            "version": item.version,
            "language": item.language,
            "editors_note": item.editors_note,
            "credit": item.credit,
            "usage_terms": item.usage_terms,
            "urgency": item.urgency,
            "topics": list(item.topics),
        },
    }
