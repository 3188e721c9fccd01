"""From one version of a story to the next: the frame round everything that changes a stored story's words."""

from dataclasses import dataclass
from typing import Self

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from broadcasters.permissions import require
from mediaexchange.core.errors import ConflictError, DomainError
from mediaexchange.core.models import User
from mediaexchange.core.search.indexing import refresh
from newsexchange.constants import StoryStatus, VersionKind
from newsexchange.models import Story, StoryDocument
from newsexchange.search import STORY
from newsexchange.services.alive import require_alive
from newsexchange.services.publishing import announce, retract, write_versions
from newsexchange.services.receipt import note_opening

_EVENTS = {VersionKind.UPDATE: "story.updated", VersionKind.CORRECTION: "story.corrected"}


@dataclass(slots=True)
class Turn:
    """``begin`` locks the story and asks whether the actor may; ``advance`` once something changes; then the caller
    writes, and ``end`` keeps, renders and tells.

    All in the caller's transaction. ``story`` is the locked row as it stands in the database.
    """

    story: Story
    actor: User
    was_open: bool
    is_changed: bool = False

    @classmethod
    def begin(cls, story: Story, *, actor: User) -> Self:
        """Raises ForbiddenError for a story the actor does not edit, ConflictError for a killed one."""
        locked = Story.objects.select_for_update(of=("self",), no_key=True).get(pk=story.pk)
        require(actor, "newsexchange.change_story", locked.broadcaster_id)
        require_alive(locked)
        note_opening([locked.pk])  # before an embargo can close what was open
        return cls(locked, actor, locked.is_out_in_the_open())

    def advance(self) -> None:
        """Something changes: a published story gets its next number, which editions written from now on name."""
        self.is_changed = True
        self.story.versioned_at = timezone.now()
        if self.story.status == StoryStatus.PUBLISHED:
            self.story.version += 1

    def end(self, written: set[str], *, kind: VersionKind = VersionKind.UPDATE, note: str = "") -> None:
        """Save the ``written`` fields; of a published story that changed, keep and tell the new version.

        A story that an embargo or a hold takes back from readers is retracted for them; of its end ``tell_expired``
        tells. A correction says in its note what was wrong: DomainError without one, ConflictError for what nobody has
        read yet.
        """
        story = self.story
        if kind == VersionKind.CORRECTION:
            self._check_correction(note)
        if story.is_under_embargo():
            story.released_at = None  # its end is to be announced again
        if "expires_at" in written:
            story.expired_at = None  # and so is the story's own
        bookkeeping = {"released_at", "expired_at", "version", "versioned_at"}
        story.save(update_fields={*written, *bookkeeping})
        if not self.is_changed:
            return
        if story.status != StoryStatus.PUBLISHED:
            StoryDocument.objects.filter(story=story).delete()  # a draft has no versions to tell them apart by
            refresh(STORY, [story.pk])
            return
        write_versions([story], actor=self.actor, notes={story.pk: note}, kind=kind)
        announce([story], kinds={story.pk: _EVENTS[kind]}, actor=self.actor)
        if self.was_open and story.is_under_embargo():
            retract(story, "story.embargoed", actor=self.actor)

    def _check_correction(self, note: str) -> None:
        if self.story.status != StoryStatus.PUBLISHED:
            raise ConflictError(
                "not-published",
                _("Only a published story is corrected."),
                current=self.story.status,
                wanted=str(StoryStatus.PUBLISHED),
            )
        if not note.strip():
            raise DomainError("note-missing", _("Say what is corrected: partners read it beside the new version."))
        if not self.is_changed:
            raise DomainError("nothing-changed", _("A correction changes something."))
