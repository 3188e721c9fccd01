"""The body of a webhook: what happened to which story and where to fetch it. No text of a story is ever in it."""

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import UUID

import orjson
from django.conf import settings
from django.urls import NoReverseMatch, reverse

from mediaexchange.core.languages.tags import SHOWN, STORED_AS, to_bcp47
from mediaexchange.core.models import OutboxEvent
from newsexchange.feeds import FORMATS as FEED_FORMATS
from newsexchange.formats.registry import DOCUMENTS
from newsexchange.models import RecallNotice, Story

if TYPE_CHECKING:
    from newsexchange.delivery.checking import ToldStory

CONTENT_TYPE = "application/json"
FORM_TYPE = "application/x-www-form-urlencoded"
_PAGES = {
    "item": "api:item-detail",
    "recall": "api:recall-detail",
    "request": "api:request-detail",
    "subscription": "api:subscription-detail",
}


def body_of(event: OutboxEvent, story: "ToldStory | None", notice: RecallNotice | None) -> bytes:
    """The message, below 20 kB by far. ``notice`` is the receiver's, if it has one."""
    data: dict[str, Any] = {
        "event": str(event.uid),
        "subject": event.subject_type,
        "uid": str(event.subject_uid),
        "is_retraction": event.is_retraction,
        **(_story_values(event, story) if story else _page(event)),
        **(_recall_values(event, notice) if "recall" in event.data else {}),
    }
    return orjson.dumps({"type": event.kind, "timestamp": event.at.isoformat(), "data": data})


def ping_of(story: Story) -> bytes:
    """The form that tells a WebSub hub which open feeds have changed; ``hub.url`` comes once for each feed."""
    languages = [shown for shown in SHOWN if getattr(story, f"headline_{STORED_AS[shown]}")]
    feeds = [
        settings.PUBLIC_URL + reverse("feeds:open", args=[story.broadcaster.slug, to_bcp47(shown), extension])
        for shown in languages
        for extension in FEED_FORMATS
    ]
    narrowed = [f"{feed}?{urlencode({'topic': topic})}" for feed in feeds for topic in story.topics[:10]]
    return urlencode([("hub.mode", "publish"), *(("hub.url", feed) for feed in (*feeds, *narrowed))]).encode()


def _story_values(event: OutboxEvent, story: "ToldStory") -> dict[str, Any]:
    values: dict[str, Any] = {
        "version": event.subject_version,
        "pubstatus": story.pubstatus,
        "origin": story.origin,
    }
    if not event.is_retraction:
        url = _absolute("api:story-detail", story.uid)
        values |= {"url": url, "documents": {name: f"{url}documents/{name}/" for name in DOCUMENTS}}
    return values


def _recall_values(event: OutboxEvent, notice: RecallNotice | None) -> dict[str, Any]:
    recall = event.data["recall"]
    values = {"uid": recall, "kind": event.data.get("recall_kind"), "url": _absolute("api:recall-detail", UUID(recall))}
    if notice is not None:
        values |= {
            "acknowledge_by": notice.due_at.isoformat(),
            "acknowledge_url": _absolute("api:recall-notice-acknowledge", notice.uid),
        }
    return {"recall": values}


def _page(event: OutboxEvent) -> dict[str, Any]:
    try:
        return {"url": _absolute(_PAGES[event.subject_type], event.subject_uid)}
    except (KeyError, NoReverseMatch):
        return {}  # what has no page of its own is known by its identity


def _absolute(name: str, uid: UUID) -> str:
    return str(settings.PUBLIC_URL + reverse(name, args=[uid]))
