"""Restrictions of a story, entered by its own desk or rights officer."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from broadcasters.models import Broadcaster
from broadcasters.permissions import require
from mediaexchange.core.languages.normalise import normalise_text
from mediaexchange.core.models import User
from mediaexchange.core.outbox import record
from newsexchange.constants import StoryStatus
from newsexchange.dopesheet import restriction_values
from newsexchange.models import Restriction, Shot, Story, StoryDocument
from newsexchange.querysets import audience_of
from newsexchange.rights import may_use
from newsexchange.services.alive import require_alive
from newsexchange.services.bounds import require_room
from newsexchange.services.publishing import write_versions


@transaction.atomic
def set_restrictions(
    story: Story, rows: Sequence[Mapping[str, Any]], *, actor: User, keep: bool = False, note: str = ""
) -> Story:
    """Put these restrictions in the place of all, or beside them if told to ``keep``. Safe to repeat.

    A row's ``shot`` is the place of a shot from 0. What changes makes a new version of a published story; whoever the
    story is offered to hears of it, and whoever may not use it any more hears that it is gone for them. Raises
    ValidationError with errors by row, ForbiddenError, ConflictError for a killed story, DomainError for too many.
    """
    story = Story.objects.select_for_update(of=("self",), no_key=True).get(pk=story.pk)
    require(actor, "newsexchange.change_restriction", story.broadcaster_id)
    require_alive(story)
    shots = list(story.shots.all())
    wanted = _checked(story, rows, shots)
    places = {shot.pk: place for place, shot in enumerate(shots)}
    standing = list(story.restrictions.all())
    known = [restriction_values(item, places) for item in standing]
    said = [restriction_values(item, places) for item in wanted]
    gone = [] if keep else [item for item, value in zip(standing, known, strict=True) if value not in said]
    fresh = [item for place, item in enumerate(wanted) if said[place] not in known and said[place] not in said[:place]]
    if not gone and not fresh:
        return story
    require_room(Restriction, before=len(standing), after=len(standing) - len(gone) + len(fresh))
    could = users_of(story)
    Restriction.objects.filter(pk__in=[item.pk for item in gone]).delete()
    Restriction.objects.bulk_create(fresh)
    story.versioned_at = timezone.now()
    if story.status != StoryStatus.PUBLISHED:
        story.save(update_fields=["versioned_at"])
        StoryDocument.objects.filter(story=story).delete()
        return story
    story.version += 1
    story.save(update_fields=["version", "versioned_at"])
    write_versions([story], actor=actor, notes={story.pk: note})
    lost = tell_who_lost(story, could, actor=actor)
    _tell(story, audience_of(story) - lost, actor, is_retraction=False)
    return story


def _checked(story: Story, rows: Sequence[Mapping[str, Any]], shots: list[Shot]) -> list[Restriction]:
    """Rows that stand for themselves. Raises ValidationError: a list of messages by field for each row."""
    made, errors = [], {}
    for number, row in enumerate(rows):
        values = dict(row)
        place = values.pop("shot", None)
        values["note"] = normalise_text(values.get("note", ""), "und").strip()
        try:
            if place is not None and place not in range(len(shots)):
                raise ValidationError({"shot": _("There is no such shot.")})
            item = Restriction(story=story, shot=None if place is None else shots[place], **values)
            item.full_clean(exclude=["story"], validate_constraints=False)
            made.append(item)
        except ValidationError as error:
            errors[number] = error
    if errors:
        raise RestrictionsError(errors)
    return made


class RestrictionsError(ValidationError):
    """What is wrong with which row."""

    def __init__(self, by_row: Mapping[int, ValidationError]) -> None:
        messages = [message for error in by_row.values() for message in error.messages]
        super().__init__(messages)
        self.by_row = by_row


def users_of(story: Story) -> set[int]:
    """Ids of the partners that may use it in some way, by the rows as they stand."""
    partners = Broadcaster.objects.in_bulk(audience_of(story) - {story.broadcaster_id})
    return {pk for pk, partner in partners.items() if may_use(story, partner).is_allowed}


def tell_who_lost(story: Story, could: set[int], *, actor: User | None) -> set[int]:
    """Tell those of ``could`` who may not use it any more that it is gone for them; returns who they are."""
    lost = could - users_of(story)
    _tell(story, lost, actor, is_retraction=True)
    return lost


def _tell(story: Story, audience: set[int], actor: User | None, *, is_retraction: bool) -> None:
    if audience:
        record(
            "story.restricted",
            subject_type="story",
            subject_uid=story.uid,
            subject_version=story.version,
            audience=audience,
            actor=actor,
            is_retraction=is_retraction,
        )
