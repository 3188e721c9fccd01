"""Open feeds out: RSS 2.0, Atom 1.0 and JSON Feed 1.1 per broadcaster, language and topic, without key or account.

They hold what a broadcaster released to the public, never what is embargoed, withheld, killed or restricted; that is
computed for every request, so a shared cache may keep an answer for a minute and no longer.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.utils import feedgenerator
from django.utils.translation import gettext, override
from django.views.decorators.http import require_safe

from broadcasters.models import Broadcaster
from mediaexchange.core.languages.localize import localized
from mediaexchange.core.languages.tags import STORED_AS, shown_language, to_bcp47
from newsexchange.formats.outgoing import story_uri
from newsexchange.models import Story
from newsexchange.parsing.sanitise import html_to_text
from newsexchange.text import StoryText, text_of

LENGTH = 50
FRESH_S = 60
_TOPIC = re.compile(r"medtop:\d{8}\Z")


@dataclass(frozen=True, slots=True)
class Channel:
    """What stands at the head of a feed."""

    title: str
    description: str
    language: str
    url: str
    home: str


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
            url=request.build_absolute_uri(),
            home=broadcaster.website or request.build_absolute_uri("/"),
        )
    content_type, render = FORMATS[extension]
    items = _items(broadcaster, language, topic)
    response = HttpResponse(render(channel, items), content_type=content_type)
    response.headers["Cache-Control"] = f"public, max-age={FRESH_S}"
    response.headers["Content-Language"] = to_bcp47(language)
    return response


def _items(broadcaster: Broadcaster, language: str, topic: str) -> list[Item]:
    """The newest stories with text of their own in the language: a reader of a language feed wants that language."""
    stories = Story.objects.for_open_feeds().filter(broadcaster=broadcaster)
    stories = stories.exclude(**{f"headline_{STORED_AS[language]}": ""})
    stories = stories.filter(**{f"headline_{STORED_AS[language]}__isnull": False})
    if topic:
        stories = stories.filter(topics__contains=[topic])
    newest = stories.prefetch_related("editions").order_by("-versioned_at", "-id")[:LENGTH]
    return [(story, text_of(story, language)) for story in newest]


def _syndicated(kind: type[feedgenerator.SyndicationFeed]) -> Any:
    def render(channel: Channel, items: Iterable[Item]) -> str:
        feed = kind(
            title=channel.title,
            link=channel.home,
            description=channel.description,
            language=channel.language,
            feed_url=channel.url,
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
    }
    return {name: value for name, value in item.items() if value or name == "content_html"}


def _moment(value: datetime | None) -> str | None:
    return value.isoformat() if value else None


FORMATS = {
    "rss": ("application/rss+xml; charset=utf-8", _syndicated(feedgenerator.Rss201rev2Feed)),
    "atom": ("application/atom+xml; charset=utf-8", _syndicated(feedgenerator.Atom1Feed)),
    "json": ("application/feed+json", _json_feed),
}
