"""IPTC ninjs 3.1: one document per story and language. The schema forbids unknown properties."""

from typing import Any

from mediaexchange.core.languages.localize import localized
from newsexchange.dopesheet import rendition_values
from newsexchange.models import Story
from newsexchange.parsing.sanitise import html_to_text
from newsexchange.text import StoryText

NAME = "ninjs-3.1"
CONTENT_TYPE = "application/json"
STANDARD = {"name": "ninjs", "version": "3.1", "schema": "https://www.iptc.org/std/ninjs/ninjs-schema_3.1.json"}


def story_uri(story: Story) -> str:
    """The globally unique name of a story, whatever address it is read at (RFC 9562 URN)."""
    return f"urn:uuid:{story.uid}"


def render(story: Story, text: StoryText) -> dict[str, Any]:
    """The document as JSON-ready values. Empty properties are left out; an indefinite hold has no date to say."""
    document = {
        "uri": story_uri(story),
        "standard": STANDARD,
        "type": "text",
        "representationType": "full",
        "version": str(story.version),
        "versionCreated": _moment(story.versioned_at),
        "firstCreated": _moment(story.published_at),
        "embargoedUntil": _moment(story.embargoed_until),
        "pubStatus": story.pubstatus,
        "urgency": story.urgency,
        "language": text.language,
        "headlines": [{"role": "main", "value": text.headline}] if text.headline else [],
        "descriptions": [{"role": "summary", "value": html_to_text(text.summary)}] if text.summary else [],
        "bodies": _bodies(text),
        "slugline": story.slugline,
        "edNote": story.editors_note,
        "by": story.byline,
        "located": story.dateline_place,
        "copyrightNotice": story.copyright_notice,
        "usageTerms": story.usage_terms,
        "subjects": [{"uri": f"http://cv.iptc.org/newscodes/mediatopic/{_code(topic)}"} for topic in story.topics],
        "infoSources": [{"name": story.credit or localized(story.broadcaster, "name", "en")}],
        "altIds": [{"role": "source", "value": story.source_guid}] if story.source_guid else [],
        "renditions": [
            _rendition(index, item) for index, item in enumerate(map(rendition_values, story.renditions.all()))
        ],
    }
    return {name: value for name, value in document.items() if value not in (None, "", [])}


def _bodies(text: StoryText) -> list[dict[str, Any]]:
    if not text.body:
        return []
    plain = html_to_text(text.body)
    return [{"role": "main", "contentType": "text/html", "value": text.body, "charCount": len(plain)}]


def _rendition(index: int, item: dict[str, Any]) -> dict[str, Any]:
    rendition = {
        "name": item.get("rel") or f"rendition-{index + 1}",
        "href": item["href"],
        "contentType": item.get("content_type"),
        "width": item.get("width"),
        "height": item.get("height"),
        "sizeInBytes": item.get("size_bytes"),
        "duration": item["duration_ms"] // 1000 if item.get("duration_ms") else None,
    }
    return {name: value for name, value in rendition.items() if value not in (None, "")}


def _code(topic: str) -> str:
    return topic.rpartition(":")[2]


def _moment(value: Any) -> str | None:
    return value.isoformat(timespec="seconds") if value else None
