"""Deeds of staff on their own stories."""

from collections.abc import Mapping

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from broadcasters.permissions import require
from mediaexchange.core.errors import DomainError
from mediaexchange.core.languages.normalise import normalise_text
from mediaexchange.core.languages.tags import STORED
from mediaexchange.core.models import User
from mediaexchange.core.outbox import record
from mediaexchange.core.search.indexing import refresh
from newsexchange.constants import OPENING_OFFERS, StoryStatus, VersionKind
from newsexchange.models import Offer, Story, StoryVersion
from newsexchange.parsing.sanitise import clean_html
from newsexchange.search import STORY
from newsexchange.services.edition import TEXT_FIELDS, Text, differing_texts, follow_texts, write_texts
from newsexchange.services.publishing import announce, write_versions
from newsexchange.services.receipt import note_opening
from newsexchange.services.version import Turn

PLAIN_FIELDS = (
    "slugline", "editors_note", "byline", "dateline_place", "link", "credit", "copyright_notice", "usage_terms",
    "event_uri", "assignment_uri",
)  # fmt: skip
WRITTEN_TEXT = {f"{field}_{language}" for field in TEXT_FIELDS for language in STORED} | set(PLAIN_FIELDS)


@transaction.atomic
def save_story(
    story: Story,
    *,
    actor: User,
    changed: set[str],
    note: str = "",
    kind: VersionKind = VersionKind.UPDATE,
    texts: Mapping[str, Text] | None = None,
) -> Story:
    """Store what an editor typed; a published story gets a new version, and its other languages turn stale.

    ``changed`` names the fields that may differ (``headline_kk``, ``urgency`` …): of a stored story only these are
    written, so that two editors of different fields do not undo each other, and what says the same once it is clean
    counts as untouched. ``texts`` are those in languages without columns, by BCP 47 tag. A correction needs a note. A
    story that an embargo or hold takes back from readers is retracted for them. Raises ForbiddenError for a story of a
    broadcaster the actor does not edit for, ConflictError for one that was killed, DomainError for a published one
    that would be left without words.
    """
    texts = texts or {}
    if not story.pk:
        require(actor, "newsexchange.add_story", story.broadcaster)
        story.created_by = actor
        _clean(story, WRITTEN_TEXT)
        story.save()
        write_texts(story, texts, actor=actor)
        follow_texts(story, STORED, actor=actor)
        refresh(STORY, [story.pk])
        return story
    turn = Turn.begin(story, actor=actor)
    changed = {name for name in changed if _take_over(turn.story, story, name)}
    texts = differing_texts(turn.story, texts)
    if changed or texts:
        turn.advance()
    write_texts(turn.story, texts, actor=actor)
    touched = _languages_in(changed) | set(texts)
    follow_texts(turn.story, touched, actor=actor)
    if touched and turn.story.status == StoryStatus.PUBLISHED:
        _require_words(turn.story)
    turn.end(changed, kind=kind, note=note)
    return turn.story


@transaction.atomic
def publish_story(story: Story, *, actor: User) -> Story:
    """Make a draft a story: version 1, rendered and announced. Safe to repeat: a published one stays as it is."""
    story = Story.objects.select_for_update(of=("self",), no_key=True).get(pk=story.pk)
    require(actor, "newsexchange.change_story", story.broadcaster_id)
    if story.status == StoryStatus.PUBLISHED:
        return story
    _require_words(story)
    story.status, story.version = StoryStatus.PUBLISHED, 1
    story.published_at = story.versioned_at = timezone.now()
    story.save(update_fields=["status", "version", "published_at", "versioned_at"])
    story.editions.filter(translated_from_version=0).update(translated_from_version=1)
    write_versions([story], actor=actor)
    announce([story], kinds={story.pk: "story.published"}, actor=actor)
    return story


@transaction.atomic
def release_due_embargoes(limit: int = 200) -> int:
    """Announce stories whose embargo has passed; returns how many. Reading never waits for it: access is computed."""
    due = list(Story.objects.due_for_release().select_for_update(skip_locked=True, no_key=True)[:limit])
    if not due:
        return 0  # and nobody is rung for nothing
    Story.objects.filter(pk__in=[story.pk for story in due]).update(released_at=Now())
    note_opening([story.pk for story in due])
    current = StoryVersion.objects.filter(story__in=due, version=F("story__version"))
    StoryVersion.objects.filter(pk__in=current.values("pk")).update(was_open=True)
    announce(due, kinds=dict.fromkeys((story.pk for story in due), "story.released"), actor=None)
    return len(due)


@transaction.atomic
def tell_expired(limit: int = 200) -> int:
    """Tell others who could read them of stories whose time has passed, once; returns how many stories.

    Reading never waits for it: access is computed. The origin keeps its story and set the time itself.
    """
    due = list(Story.objects.due_for_expiry().select_for_update(skip_locked=True, no_key=True)[:limit])
    note_opening([story.pk for story in due])
    opened = Offer.objects.filter(story__in=due, status__in=OPENING_OFFERS, opened_at__isnull=False)
    audiences: dict[int, set[int]] = {}
    for story_id, broadcaster_id in opened.values_list("story_id", "to_broadcaster_id"):
        audiences.setdefault(story_id, set()).add(broadcaster_id)
    for story in due:
        if story.pk in audiences:
            record(
                "story.expired",
                subject_type="story",
                subject_uid=story.uid,
                subject_version=story.version,
                audience=audiences[story.pk],
                actor=None,
                is_retraction=True,
            )
    Story.objects.filter(pk__in=[story.pk for story in due]).update(expired_at=Now())
    return len(due)


def _require_words(story: Story) -> None:
    if not story.has_words():
        raise DomainError("no-text", _("Give a headline or text in at least one language."))


def _take_over(stored: Story, story: Story, name: str) -> bool:
    """Write one field of what was typed into the stored row if that changes it: forms cut off the space round texts."""
    before = getattr(stored, name)
    setattr(stored, name, getattr(story, name))
    _clean(stored, {name})
    after = getattr(stored, name)
    is_same = (before or "").strip() == after.strip() if name in WRITTEN_TEXT else before == after
    if is_same:
        setattr(stored, name, before)
    return not is_same


def _clean(story: Story, names: set[str]) -> None:
    """What was typed as it is stored: normalised, and markup made harmless."""
    for name in names & WRITTEN_TEXT:
        field, _separator, language = name.rpartition("_")
        if field in TEXT_FIELDS:
            text = normalise_text(getattr(story, name) or "", language)
            setattr(story, name, text if field == "headline" else clean_html(text))
        else:
            setattr(story, name, normalise_text(getattr(story, name), "und"))
    if "keywords" in names:
        story.keywords = [normalise_text(word, "und") for word in story.keywords]


def _languages_in(changed: set[str]) -> set[str]:
    return {language for language in STORED if any(f"{field}_{language}" in changed for field in TEXT_FIELDS)}
