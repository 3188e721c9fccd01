"""What goes out: a story in one format and language, rendered once for each version and stored.

Storing a story does not wait for rendering. ``renew_documents`` forgets what the last version looked like and writes a
row for each story whose cards are due; a task renders them, and whoever reads earlier renders what they read.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import connection, transaction

from broadcasters.models import Broadcaster
from mediaexchange.core.bell import wake
from mediaexchange.core.errors import ForbiddenError
from mediaexchange.core.languages.tags import SHOWN
from mediaexchange.core.models import User
from newsexchange.constants import OPENING_OFFERS
from newsexchange.dopesheet import PREFETCH
from newsexchange.formats.registry import EAGER, FORMATS, Format
from newsexchange.models import DueRendering, Offer, Story, StoryDocument
from newsexchange.querysets import StoryQuerySet
from newsexchange.rights import may_use, use_refused
from newsexchange.text import text_of

RENDER_DUE = "newsexchange.tasks.render_due_documents"
_DUE = "INSERT INTO newsexchange_duerendering (story_id) SELECT unnest(%s::bigint[]) ON CONFLICT DO NOTHING"
_WRITTEN = ["version", "content", "data", "text_language", "text_origin", "text_is_stale"]


@dataclass(frozen=True, slots=True)
class Document:
    """One story in one format and language, ready to be sent. ``language`` is the BCP 47 tag of the text it holds,
    by fallback another one than was asked for; ``text_origin`` and ``is_stale`` say how far to trust it."""

    content: bytes
    content_type: str
    filename: str
    language: str
    version: int
    text_origin: str
    is_stale: bool


def document_of(story: Story, format: str, language: str, *, reader: User | None = None) -> Document:
    """The current version in this format for a shown language, from the store or else rendered and stored now.

    With a reader, access is asked again in the statement that reads; without one the caller has asked. Raises
    Story.DoesNotExist for who lost sight of the story meanwhile, KeyError for a format that does not exist.
    """
    row = _rows([story.pk], FORMATS[format], language, reader).get(story.pk)
    if row is None:
        raise Story.DoesNotExist
    return Document(
        content=bytes(row.data) if row.data is not None else row.content.encode(),
        content_type=FORMATS[format].content_type,
        filename=f"{story.uid}-v{row.version}-{row.text_language}.{FORMATS[format].extension}",
        language=row.text_language,
        version=row.version,
        text_origin=row.text_origin,
        is_stale=row.text_is_stale,
    )


def require_document(story: Story, reader: User) -> None:
    """Ask whether a broadcaster of the reader's that the story is offered to may use it.

    The origin always may. Raises ForbiddenError "use-refused" with the reasons, Story.DoesNotExist without an offer.
    """
    members = Broadcaster.objects.of(reader)
    if members.filter(pk=story.broadcaster_id).exists():
        return
    offered = Offer.objects.filter(story=story, status__in=OPENING_OFFERS).values("to_broadcaster")
    refusal: ForbiddenError | None = None
    for broadcaster in members.filter(pk__in=offered).order_by("pk"):
        decision = may_use(story, broadcaster)
        if decision.is_allowed:
            return
        refusal = refusal or use_refused(decision, broadcaster)
    raise refusal or Story.DoesNotExist


def documents_of(story_ids: Sequence[int], format: str, language: str, *, reader: User) -> list[str]:
    """The text documents of stories, in this order, less those that the reader has lost sight of meanwhile.

    Access is asked again in the statement that reads the text. A document that is missing is rendered now.
    """
    rows = _rows(story_ids, FORMATS[format], language, reader)
    return [rows[story_id].content for story_id in story_ids if story_id in rows]


def renew_documents(stories: Sequence[Story], *, at_once: bool) -> None:
    """Forget what older versions of these locked stories looked like, in the transaction that made a new one.

    Cards and details are rendered here or, in bulk, by a task: the obligation is a row that outlives a lost message.
    """
    if earlier := [story.pk for story in stories if story.version > 1]:
        StoryDocument.objects.filter(story__in=earlier).delete()
    if at_once:
        render_documents(stories)
        return
    with connection.cursor() as cursor:
        cursor.execute(_DUE, [[story.pk for story in stories]])
    transaction.on_commit(_ring)


@transaction.atomic
def render_documents(
    stories: Sequence[Story], formats: Iterable[Format] = EAGER, languages: Iterable[str] = SHOWN
) -> None:
    """Render and store the current version of these locked stories, in place of what is stored."""
    rendered = [_rendered(story, item, shown) for story in stories for shown in languages for item in formats]
    StoryDocument.objects.bulk_create(
        rendered,
        update_conflicts=True,
        unique_fields=["story", "format", "language"],
        update_fields=_WRITTEN,
        batch_size=500,
    )


@transaction.atomic
def render_due(limit: int = 50) -> int:
    """Render the cards and details that wait longest; returns how many stories. Several may work side by side."""
    due = list(
        DueRendering.objects.select_for_update(skip_locked=True, of=("self",))
        .order_by("due_at", "pk")
        .values_list("pk", flat=True)[:limit]
    )
    if due:
        render_documents(_locked(Story.objects.filter(pk__in=due)))
        DueRendering.objects.filter(pk__in=due).delete()
    return len(due)


def _rows(story_ids: Sequence[int], format: Format, language: str, reader: User | None) -> dict[int, StoryDocument]:
    readable = StoryDocument.objects.all() if reader is None else StoryDocument.objects.visible_to(reader)
    wanted = readable.of_current_versions().filter(story__in=story_ids, format=format.name, language=language)
    found = {row.story_id: row for row in wanted}
    if missing := [story_id for story_id in story_ids if story_id not in found]:
        with transaction.atomic():
            visible = Story.objects.all() if reader is None else Story.objects.visible_to(reader)
            stories = _locked(visible.filter(pk__in=missing))
            render_documents([story for story in stories if story.version], [format], [language])
        found = {row.story_id: row for row in wanted.all()}
        # A draft changes without a new version: it is rendered for each of its few readers and never stored.
        found |= {story.pk: _rendered(story, format, language) for story in stories if not story.version}
    return found


def _locked(stories: StoryQuerySet[Story]) -> list[Story]:
    """In one order, so that two who render do not wait for each other."""
    locked = stories.select_for_update(of=("self",), no_key=True).order_by("pk")
    return list(locked.select_related("broadcaster").prefetch_related(*PREFETCH, "feed"))


def _rendered(story: Story, format: Format, shown: str) -> StoryDocument:
    text = text_of(story, shown)
    content = format.render(story, text, shown)
    return StoryDocument(
        story=story,
        version=story.version,
        language=shown,
        format=format.name,
        content=content if isinstance(content, str) else "",
        data=None if isinstance(content, str) else content,
        text_language=text.language,
        text_origin=text.origin,
        text_is_stale=text.is_stale,
    )


def _ring() -> None:
    wake(RENDER_DUE)
