"""Deeds of staff on their own stories."""

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce, Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from broadcasters.permissions import require
from mediaexchange.core.errors import ConflictError
from mediaexchange.core.languages.normalise import normalise_text
from mediaexchange.core.languages.tags import STORED
from mediaexchange.core.models import User
from newsexchange.constants import EditionOrigin, PubStatus, StoryStatus
from newsexchange.models import Edition, Story, StoryVersion
from newsexchange.parsing.sanitise import clean_html
from newsexchange.services.publishing import announce, retract, write_versions

TEXT_FIELDS = ("headline", "summary", "body")
PLAIN_FIELDS = (
    "slugline", "editors_note", "byline", "dateline_place", "link", "credit", "copyright_notice", "usage_terms",
)  # fmt: skip
WRITTEN_TEXT = {f"{field}_{language}" for field in TEXT_FIELDS for language in STORED} | set(PLAIN_FIELDS)


@transaction.atomic
def save_story(story: Story, *, actor: User, changed: set[str], note: str = "") -> Story:
    """Store what an editor typed; a published story gets a new version, and its other languages turn stale.

    ``changed`` names the fields that differ (``headline_kk``, ``urgency`` …): of a stored story only these are written,
    so that two editors of different fields do not undo each other. A story that an embargo or hold takes back from
    readers is retracted for them. Raises ForbiddenError for a story of a broadcaster the actor does not edit for,
    ConflictError for a canceled one.
    """
    require(actor, "newsexchange.change_story" if story.pk else "newsexchange.add_story", story.broadcaster)
    if not story.pk:
        story.created_by = actor
        _clean(story, WRITTEN_TEXT)
        story.save()
        _update_editions(story, set(STORED), actor)
        return story
    current = Story.objects.select_for_update(of=("self",), no_key=True).get(pk=story.pk)
    _refuse_canceled(current)
    was_open = current.is_out_in_the_open()
    for name in changed:
        setattr(current, name, getattr(story, name))
    _clean(current, changed)
    written = set(changed)
    if current.is_under_embargo():
        current.released_at = None  # its end is to be announced again
    if was_open or current.is_out_in_the_open():
        current.opened_at = current.opened_at or timezone.now()
    is_new_version = current.status == StoryStatus.PUBLISHED and bool(changed)
    if is_new_version:
        current.version += 1
        current.versioned_at = timezone.now()
    current.save(update_fields={*written, "released_at", "opened_at", "version", "versioned_at"})
    _update_editions(current, _languages_in(changed), actor)
    if is_new_version:
        write_versions([current], actor=actor, notes={current.pk: note})
        announce([current], kinds={current.pk: "story.updated"}, actor=actor)
        if was_open and not current.is_out_in_the_open():
            retract(current, "story.embargoed", actor=actor)
    return current


@transaction.atomic
def publish_story(story: Story, *, actor: User) -> Story:
    """Make a draft a story: version 1, rendered and announced. Safe to repeat: a published one stays as it is."""
    story = Story.objects.select_for_update(of=("self",), no_key=True).get(pk=story.pk)
    require(actor, "newsexchange.change_story", story.broadcaster_id)
    if story.status == StoryStatus.PUBLISHED:
        return story
    story.clean()
    story.status, story.version = StoryStatus.PUBLISHED, 1
    story.published_at = story.versioned_at = timezone.now()
    story.opened_at = None if story.is_under_embargo() else story.published_at
    story.save(update_fields=["status", "version", "published_at", "versioned_at", "opened_at"])
    write_versions([story], actor=actor)
    announce([story], kinds={story.pk: "story.published"}, actor=actor)
    return story


@transaction.atomic
def release_due_embargoes(limit: int = 200) -> int:
    """Announce stories whose embargo has passed; returns how many. Reading never waits for it: access is computed."""
    due = list(Story.objects.due_for_release().select_for_update(skip_locked=True, no_key=True)[:limit])
    Story.objects.filter(pk__in=[story.pk for story in due]).update(
        released_at=Now(), opened_at=Coalesce("opened_at", Now())
    )
    current = StoryVersion.objects.filter(story__in=due, version=F("story__version"))
    StoryVersion.objects.filter(pk__in=current.values("pk")).update(was_open=True)
    announce(due, kinds=dict.fromkeys((story.pk for story in due), "story.released"), actor=None)
    return len(due)


def _clean(story: Story, names: set[str]) -> None:
    """What was typed as it is stored: normalised, and markup made harmless."""
    for name in names & WRITTEN_TEXT:
        field, _separator, language = name.rpartition("_")
        if field in TEXT_FIELDS:
            text = normalise_text(getattr(story, name) or "", language)
            setattr(story, name, text if field == "headline" else clean_html(text))
        else:
            setattr(story, name, normalise_text(getattr(story, name), "und"))


def _languages_in(changed: set[str]) -> set[str]:
    return {language for language in STORED if any(f"{field}_{language}" in changed for field in TEXT_FIELDS)}


def _refuse_canceled(story: Story) -> None:
    if story.pubstatus == PubStatus.CANCELED:
        raise ConflictError(
            "story-canceled",
            _("The story was killed; nothing revives it."),
            current=story.pubstatus,
            wanted=str(PubStatus.USABLE),
        )


def _update_editions(story: Story, touched: set[str], actor: User) -> None:
    """Editions exist for the languages with text; the ones not touched while the original moved on turn stale."""
    written = {
        language for language in STORED if any(getattr(story, f"{field}_{language}") for field in ("headline", "body"))
    }
    existing = {edition.language: edition for edition in story.editions.select_for_update(of=("self",))}
    first = not existing and not story.editions.exists()
    for language in written - existing.keys():
        is_original = first and language == min(written, key=lambda code: code != story.language)
        Edition.objects.create(
            story=story,
            language=language,
            origin=EditionOrigin.ORIGINAL if is_original else EditionOrigin.HUMAN,
            translated_from_version=None if is_original else story.version,
            reviewed_by=None if is_original else actor,
        )
    originals = {code for code, edition in existing.items() if edition.origin == EditionOrigin.ORIGINAL}
    for language in touched & existing.keys():
        Edition.objects.filter(pk=existing[language].pk).update(
            is_stale=False,
            changed_at=timezone.now(),
            **({} if language in originals else {"translated_from_version": story.version, "reviewed_by": actor}),
        )
    if touched & originals:
        stale = story.editions.exclude(language__in=touched).exclude(origin=EditionOrigin.ORIGINAL)
        stale.update(is_stale=True)
    story.editions.filter(language__in=set(STORED) - written).delete()
