"""Stories as search finds them: one entry for each language in which a story says something."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.db.models import Exists, Expression, OuterRef, Q, QuerySet

from broadcasters.models import Broadcaster
from broadcasters.querysets import member_ids
from mediaexchange.core.errors import Message
from mediaexchange.core.languages.tags import STORED
from mediaexchange.core.models import User
from mediaexchange.core.search.registry import Document, SearchType, Shown, Text, Wanted, register
from newsexchange.constants import ContentKind
from newsexchange.models import Edition, Restriction, Story
from newsexchange.parsing.sanitise import html_to_text

STORY = "story"
_FIELDS = ("headline", "summary", "body")


@register
class StorySearch(SearchType):
    key = STORY
    model = Story
    icon = "newspaper"
    resource = "stories"
    route = "api:story-detail"

    def kinds(self) -> dict[str, Message]:
        return {kind.value: kind.label for kind in ContentKind}

    def objects(self, ids: Collection[int]) -> Sequence[Story]:
        return list(Story.objects.filter(pk__in=ids).select_related("broadcaster").prefetch_related("editions"))

    def describe(self, record: Story) -> Iterable[Document]:
        """Text that others may not read for want of a word on AI is indexed too: who finds it is asked on reading."""
        card = (record.slugline,)
        rest = (*record.keywords, record.byline, record.dateline_place)
        for language, (headline, summary, body) in _texts_of(record).items():
            yield Document(
                object_id=record.pk,
                language=language,
                texts=(
                    Text("A", headline, language),
                    Text("B", summary, language),
                    *(Text("B", words, language) for words in card if words),
                    *(Text("C", words, language) for words in rest if words),
                    Text("D", body, language),
                ),
                fresh_at=record.published_at or record.versioned_at,
                origin=record.broadcaster.slug,
                kind=record.kind,
                topics=tuple(record.topics),
            )

    def shown(self, wanted: Sequence[Wanted], reader: User, language: str) -> dict[int, Shown]:
        ids = [each.object_id for each in wanted]
        rows = Story.objects.visible_to(reader).filter(pk__in=ids).prefetch_related("editions")
        stories = {story.pk: story for story in rows}
        own = set(rows.filter(broadcaster__in=member_ids(reader)).values_list("pk", flat=True))
        found = {}
        for each in wanted:
            story = stories.get(each.object_id)
            texts = _texts_of(story).get(each.language) if story else None
            if story is None or texts is None or (story.pk not in own and _is_blocked(story, each.language)):
                continue  # out of sight, or said otherwise, since it was found
            headline, summary, body = texts
            found[story.pk] = Shown(
                uid=str(story.uid),
                slug="",
                title=headline or story.slugline or str(story.uid),
                texts=(body, summary) if each.is_whole else (summary,),
                language=each.language,
            )
        return found

    def seen(self, reader: User, object_id: Expression, language: Expression) -> QuerySet[Any]:
        blocked = Edition.objects.blocked().filter(story_id=OuterRef("pk"), language=language)
        own = Q(broadcaster__in=member_ids(reader))
        return super().seen(reader, object_id, language).filter(own | ~Exists(blocked))

    def whole(self, reader: User, object_id: Expression) -> QuerySet[Any]:
        """One's own stories, and others without any restriction to weigh."""
        rules = Restriction.objects.filter(story_id=OuterRef("pk"))
        return Story.objects.filter(Q(broadcaster__in=member_ids(reader)) | ~Exists(rules), pk=object_id)

    def wholes(self, reader: User, ids: Collection[int]) -> set[int]:
        """Those that one of the reader's broadcasters may use in some way: the others show only their card."""
        return {
            pk
            for broadcaster in Broadcaster.objects.of(reader).order_by("pk")
            for pk in Story.objects.filter(pk__in=ids).usable_in(broadcaster).values_list("pk", flat=True)
        }


def _texts_of(story: Story) -> dict[str, tuple[str, str, str]]:
    """Plain headline, summary and text by language, ours by column and others by edition."""
    texts = {language: [getattr(story, f"{field}_{language}") or "" for field in _FIELDS] for language in STORED}
    for edition in story.each_edition():
        if edition.language not in STORED:
            texts[edition.language] = [edition.headline, edition.summary, edition.body]
    return {
        language: (html_to_text(headline), html_to_text(summary), html_to_text(body))
        for language, (headline, summary, body) in texts.items()
        if headline or body
    }


def _is_blocked(story: Story, language: str) -> bool:
    return any(edition.language == language and edition.ai_block_reason() for edition in story.editions.all())
