"""The API's own two views of a story: the card of a list and the whole of a detail page."""

from typing import Any

from mediaexchange.core.languages.localize import localized
from newsexchange.dopesheet import dopesheet_of
from newsexchange.models import Story
from newsexchange.text import StoryText, languages_of, withheld_languages_of

CARD = "card"
DETAIL = "detail"


def card(story: Story, text: StoryText, shown: str) -> dict[str, Any]:
    """What a list needs to choose by; bodies stay out of it."""
    return {
        "uid": str(story.uid),
        "version": story.version,
        "status": story.status,
        "pubstatus": story.pubstatus,
        "broadcaster": {
            "slug": story.broadcaster.slug,
            "name": localized(story.broadcaster, "name", shown),
            "ownership": story.broadcaster.ownership,
        },
        "language": text.language,
        "text_origin": text.origin,
        "text_is_stale": text.is_stale,
        "languages": languages_of(story),
        "original_language": story.language,
        "headline": text.headline,
        "summary": text.summary,
        "slugline": story.slugline,
        "topics": story.topics,
        "urgency": story.urgency,
        "embargoed_until": _moment(story.embargoed_until),
        "is_held": story.is_held,
        "published_at": _moment(story.published_at),
        "versioned_at": _moment(story.versioned_at),
    }


def detail(story: Story, text: StoryText, shown: str) -> dict[str, Any]:
    """Everything a newsroom needs to use the story."""
    return card(story, text, shown) | {
        "body": text.body,
        "editors_note": story.editors_note,
        "byline": story.byline,
        "dateline_place": story.dateline_place,
        "link": story.link,
        "keywords": story.keywords,
        "credit": story.credit,
        "copyright_notice": story.copyright_notice,
        "usage_terms": story.usage_terms,
        "is_open": story.is_open,
        **dopesheet_of(story),
        "withheld_languages": withheld_languages_of(story),
        "source": {"feed": story.feed.slug if story.feed else None, "guid": story.source_guid},
    }


def _moment(value: Any) -> str | None:
    return value.isoformat() if value else None
