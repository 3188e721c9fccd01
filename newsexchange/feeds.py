"""Open feeds out: RSS 2.0, Atom 1.0 and JSON Feed 1.1 per broadcaster, language and topic, without key or account.

They hold what a broadcaster released to the public, never what is embargoed, withheld, killed or restricted, nor a text
whose use of AI is not declared; that is computed for every request, so a shared cache may keep an answer for a minute
and no longer. With a WebSub hub every feed names it, and itself by the address that the hub is told of.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from django.conf import settings
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.utils import feedgenerator
from django.utils.encoding import iri_to_uri
from django.utils.translation import gettext, override
from django.views.decorators.http import require_safe

from broadcasters.models import Broadcaster
from mediaexchange.core.languages.localize import localized
from mediaexchange.core.languages.tags import STORED_AS, shown_language, to_bcp47
from newsexchange.formats.outgoing import story_uri
from newsexchange.models import Edition, Rendition, Story
from newsexchange.parsing.sanitise import html_to_text
from newsexchange.text import StoryText, text_of

LENGTH = 50
FRESH_S = 60
_UNKNOWN_TYPE = "application/octet-stream"
_TOPIC = re.compile(r"medtop:\d{8}\Z")


@dataclass(frozen=True, slots=True)
class Channel:
    """What stands at the head of a feed."""

    title: str
    description: str
    language: str
    url: str
    home: str
    hub: str  # the address of the WebSub hub, "" without one


Item = tuple[Story, StoryText]


@require_safe
def open_feed(request: HttpRequest, slug: str, tag: str, extension: str) -> HttpResponse:
    """One open feed; ``?topic=medtop:…`` narrows it. Conditional requests are answered 304 by the middleware."""
    language = shown_language(tag)
    if language is None or to_bcp47(language).lower() != tag.lower() or extension not in FORMATS:
        raise Http404
    topic = request.GET.get("topic", "")
    if topic and not _TOPIC.match(topic):
        return HttpResponseBadRequest(gettext("“topic” is an IPTC Media Topic such as medtop:01000000."))
    broadcaster = Broadcaster.objects.filter(slug=slug, is_active=True).first()
    if broadcaster is None:
        raise Http404
    with override(language):
        channel = Channel(
            title=localized(broadcaster, "name"),
            description=gettext("Stories released to the public by %(name)s")
            % {"name": localized(broadcaster, "name")},
            language=to_bcp47(language),
            url=_own_address(request),
            home=broadcaster.website or request.build_absolute_uri("/"),
            hub=settings.WEBSUB_HUB_URL,
        )
    content_type, render = FORMATS[extension]
    items = _items(broadcaster, language, topic)
    response = HttpResponse(render(channel, items), content_type=content_type)
    response.headers["Cache-Control"] = f"public, max-age={FRESH_S}"
    response.headers["Content-Language"] = to_bcp47(language)
    if channel.hub:
        response.headers["Link"] = f'<{channel.hub}>; rel="hub", <{channel.url}>; rel="self"'
    return response


def _own_address(request: HttpRequest) -> str:
    """A hub knows a feed by its public address, whatever name the server was called by."""
    if settings.WEBSUB_HUB_URL:
        return str(settings.PUBLIC_URL) + request.get_full_path()
    return request.build_absolute_uri()


def _items(broadcaster: Broadcaster, language: str, topic: str) -> list[Item]:
    """The newest stories with text of their own in the language: a reader of a language feed wants that language."""
    stories = Story.objects.for_open_feeds().filter(broadcaster=broadcaster)
    stories = stories.exclude(**{f"headline_{STORED_AS[language]}": ""})
    stories = stories.filter(**{f"headline_{STORED_AS[language]}__isnull": False})
    blocked = Edition.objects.blocked().filter(story_id=OuterRef("pk"), language=STORED_AS[language])
    stories = stories.exclude(Exists(blocked))
    if topic:
        stories = stories.filter(topics__contains=[topic])
    newest = stories.prefetch_related("editions", "renditions").order_by("-versioned_at", "-id")[:LENGTH]
    return [(story, text_of(story, language)) for story in newest]


class _Rss(feedgenerator.Rss201rev2Feed):
    def add_root_elements(self, handler: Any) -> None:
        super().add_root_elements(handler)
        if self.feed["hub"]:
            handler.addQuickElement("atom:link", None, {"rel": "hub", "href": self.feed["hub"]})


class _Atom(feedgenerator.Atom1Feed):
    def add_root_elements(self, handler: Any) -> None:
        super().add_root_elements(handler)
        if self.feed["hub"]:
            handler.addQuickElement("link", None, {"rel": "hub", "href": self.feed["hub"]})


def _files(story: Story) -> list[Rendition]:
    """What anybody can fetch where the source keeps it. Our own copies are for those who may read the story here."""
    return [item for item in story.renditions.all() if item.href.startswith(("https://", "http://"))]


def _syndicated(kind: type[feedgenerator.SyndicationFeed], most_files: int | None) -> Any:
    def render(channel: Channel, items: Iterable[Item]) -> str:
        feed = kind(
            title=channel.title,
            link=channel.home,
            description=channel.description,
            language=channel.language,
            feed_url=channel.url,
            hub=channel.hub,
        )
        for story, text in items:
            feed.add_item(
                title=text.headline,
                link=story.link or channel.home,
                description=text.body or text.summary,
                unique_id=story_uri(story),
                unique_id_is_permalink=False,
                pubdate=story.published_at,
                updateddate=story.versioned_at,
                author_name=story.byline or None,
                item_copyright=story.copyright_notice or None,
                categories=story.topics,
                enclosures=[
                    feedgenerator.Enclosure(
                        iri_to_uri(item.href), str(item.size_bytes or 0), item.content_type or _UNKNOWN_TYPE
                    )
                    for item in _files(story)[:most_files]
                ],
            )
        return feed.writeString("utf-8")

    return render


def _json_feed(channel: Channel, items: Iterable[Item]) -> bytes:
    """JSON Feed 1.1."""
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": channel.title,
        "description": channel.description,
        "language": channel.language,
        "home_page_url": channel.home,
        "feed_url": channel.url,
        **({"hubs": [{"type": "WebSub", "url": channel.hub}]} if channel.hub else {}),
        "items": [_json_item(story, text) for story, text in items],
    }
    return orjson.dumps(document)


def _json_item(story: Story, text: StoryText) -> dict[str, Any]:
    item = {
        "id": story_uri(story),
        "url": story.link,
        "title": text.headline,
        "summary": html_to_text(text.summary),
        "content_html": text.body or text.summary,
        "date_published": _moment(story.published_at),
        "date_modified": _moment(story.versioned_at),
        "authors": [{"name": story.byline}] if story.byline else [],
        "tags": story.topics,
        "language": text.language,
        "attachments": [_attachment(item) for item in _files(story)],
    }
    return {name: value for name, value in item.items() if value or name == "content_html"}


def _attachment(item: Rendition) -> dict[str, Any]:
    attachment = {
        "url": iri_to_uri(item.href),
        "mime_type": item.content_type or _UNKNOWN_TYPE,
        "title": item.title,
        "size_in_bytes": item.size_bytes,
        "duration_in_seconds": item.duration_ms // 1000 if item.duration_ms is not None else None,
    }
    return {name: value for name, value in attachment.items() if value not in (None, "")}


def _moment(value: datetime | None) -> str | None:
    return value.isoformat() if value else None


FORMATS = {
    "rss": ("application/rss+xml; charset=utf-8", _syndicated(_Rss, most_files=1)),
    "atom": ("application/atom+xml; charset=utf-8", _syndicated(_Atom, most_files=None)),
    "json": ("application/feed+json", _json_feed),
}
