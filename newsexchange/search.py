"""Stories as search finds them: one entry for each language in which a story says something."""

from collections.abc import Collection, Iterable, Sequence
from functools import cache
from typing import Any

from django.db.models import BigIntegerField, Exists, Expression, F, OuterRef, Q, QuerySet, Value
from django.db.models.expressions import RawSQL

from broadcasters.models import Broadcaster
from broadcasters.querysets import member_ids
from mediaexchange.core.compiled import Compiled, compile_queryset, run
from mediaexchange.core.errors import Message
from mediaexchange.core.languages.resolve import Resolved
from mediaexchange.core.languages.tags import STORED
from mediaexchange.core.models import User
from mediaexchange.core.search.registry import Document, SearchType, Shown, Text, Wanted, register
from newsexchange.constants import ContentKind
from newsexchange.models import Edition, Restriction, Story
from newsexchange.parsing.sanitise import html_to_text

STORY = "story"
_FIELDS = ("headline", "summary", "body")
_USER_MARK, _ID_MARK, _LANGUAGE_MARK = 2**62 + 4, 2**62 + 5, "x-any"
_IDS = RawSQL("SELECT unnest(%s::bigint[])", ([_ID_MARK],), BigIntegerField())


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
        found: dict[int, Shown] = {}
        by_language: dict[str, dict[int, bool]] = {}
        for each in wanted:
            by_language.setdefault(each.language, {})[each.object_id] = each.is_whole
        for code, whole in by_language.items():
            for pk, uid, slugline, *said in _said(reader, list(whole), code):
                headline, summary, body = (html_to_text(text or "") for text in said)
                texts = tuple(Resolved(text, code) for text in ((body, summary) if whole[pk] else (summary,)))
                found[pk] = Shown(str(uid), "", headline or slugline or str(uid), texts, code)
        return found

    def withheld(self, reader: User, object_id: Expression, language: Expression) -> QuerySet[Any]:
        """Texts that lack their word on AI, from everybody but their own house."""
        blocked = Edition.objects.blocked().filter(story=object_id, language=language)
        return blocked.exclude(story__broadcaster__in=member_ids(reader))

    def whole(self, reader: User, object_id: Expression) -> QuerySet[Any]:
        """One's own stories, and others without any restriction to weigh."""
        # The second condition says nothing new. It keeps PostgreSQL from hashing all restrictions for a few stories.
        rules = Restriction.objects.filter(story_id=OuterRef("pk"), story_id__gte=OuterRef("pk"))
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


def _given(reader: User, language: Expression) -> QuerySet[Any]:
    """Stories whose text in this language the reader sees."""
    blocked = Edition.objects.blocked().filter(story_id=OuterRef("pk"), language=language)
    return Story.objects.visible_to(reader).filter(Q(broadcaster__in=member_ids(reader)) | ~Exists(blocked))


def _said(reader: User, ids: list[int], language: str) -> list[tuple[Any, ...]]:
    """(id, UID, slug line, headline, summary, text) in this language of those stories whose text the reader sees."""
    values = {"user": reader.pk or 0, "ids": ids, "language": language}
    if language in STORED:
        compiled, names = _columns(language), ("id", "uid", "slugline", *(f"{field}_{language}" for field in _FIELDS))
    else:
        compiled, names = _outside(), ("story_id", "uid", "slugline", *_FIELDS)
    selected = ", ".join(f"given.{name}" for name in names)
    # Whoever compiles the inner statement puts its columns in any order.
    return run(f"SELECT {selected} FROM ({compiled.sql}) AS given", compiled.parameters(values))  # noqa: S608


@cache
def _columns(language: str) -> Compiled:
    stories = _given(User(pk=_USER_MARK), Value(language)).filter(pk__in=_IDS)
    names = ("id", "uid", "slugline", *(f"{field}_{language}" for field in _FIELDS))
    return compile_queryset(stories.order_by().values_list(*names), {"user": _USER_MARK, "ids": [_ID_MARK]})


@cache
def _outside() -> Compiled:
    stories = _given(User(pk=_USER_MARK), Value(_LANGUAGE_MARK)).filter(pk__in=_IDS)
    editions = Edition.objects.filter(language=_LANGUAGE_MARK, story__in=stories.order_by().values("pk"))
    named = editions.order_by().annotate(uid=F("story__uid"), slugline=F("story__slugline"))
    return compile_queryset(
        named.values_list("story_id", "uid", "slugline", *_FIELDS),
        {"user": _USER_MARK, "ids": [_ID_MARK], "language": _LANGUAGE_MARK},
    )
