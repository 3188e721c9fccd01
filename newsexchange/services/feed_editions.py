"""The editions of stories that feeds have changed: renewed ones fresh, the others stale if their original moved on."""

from collections import defaultdict
from collections.abc import Sequence
from operator import attrgetter
from typing import Any

from django.utils import timezone

from mediaexchange.core.languages.tags import STORED
from mediaexchange.core.rows import insert_rows, new_row
from newsexchange.constants import AiUse, EditionOrigin
from newsexchange.models import Edition
from newsexchange.services.drafting_editions import DraftEdition, key_of
from newsexchange.services.feed_change import Change

_WRITTEN = [
    "origin", "script", "ai_use", "digital_source_type", "translated_from_version", "is_stale", "changed_at",
    "headline", "summary", "body",
]  # fmt: skip


def existing_editions(changes: Sequence[Change]) -> dict[int, dict[str, Edition]]:
    """By story id and language."""
    found: dict[int, dict[str, Edition]] = defaultdict(dict)
    old = [change.story.pk for change in changes if not change.is_new]
    for edition in Edition.objects.filter(story__in=old) if old else ():
        found[edition.story_id][edition.language] = edition
    return found


def set_columns(change: Change, existing: dict[str, Edition]) -> None:
    """Put the renewed texts into the story's columns. A translation made or checked by a person stays as it is."""
    for key in [key for key in change.renewed if _is_the_desks(existing.get(key)) and not _is_own(change, key)]:
        del change.renewed[key]
    for edition in change.renewed.values():
        if edition.stored:
            for name, value in edition.text.items():
                setattr(change.story, f"{name}_{edition.stored}", value)


def write_editions(changes: Sequence[Change], existing: dict[int, dict[str, Edition]]) -> dict[int, list[Edition]]:
    """One statement for what is renewed, one for what has turned stale, one for what is up to date again.

    Returns the rows of new stories, by story id and in the order of their languages.
    """
    rows, stale, fresh_again = [], [], []
    for change in changes:
        known = existing.get(change.story.pk, {})
        rows += [_row(change, key, edition, known.get(key)) for key, edition in change.renewed.items()]
        versions = _versions(change)
        for key, edition in known.items():
            if key in change.renewed or _is_own(change, key):
                continue
            keeps_up = _keeps_up(versions.get(key), change)
            if change.has_moved and not edition.is_stale and not keeps_up:
                stale.append(edition.pk)
            elif key in versions and edition.is_stale and keeps_up and _has_spoken(change, key):
                fresh_again.append(edition.pk)
    new: dict[int, list[Edition]] = {change.story.pk: [] for change in changes if change.is_new}
    for row in sorted(rows, key=attrgetter("language")):
        if row.story_id in new:
            new[row.story_id].append(row)
    insert_rows([row for fresh in new.values() for row in fresh])
    Edition.objects.bulk_create(
        [row for row in rows if row.story_id not in new],
        update_conflicts=True,
        unique_fields=["story", "language"],
        update_fields=_WRITTEN,
    )
    if stale:
        Edition.objects.filter(pk__in=stale).update(is_stale=True)
    if fresh_again:
        Edition.objects.filter(pk__in=fresh_again).update(is_stale=False)
    return new


def _row(change: Change, key: str, edition: DraftEdition, known: Edition | None) -> Edition:
    is_behind = not _is_own(change, key) and any(
        draft.own.key == key and not _keeps_up(draft.entry.version, change, unsaid=True) for draft in change.further
    )
    return new_row(
        Edition,
        story_id=change.story.pk,
        language=key,
        origin=edition.origin,
        script=edition.script,
        translated_from_version=change.story.version if edition.origin == EditionOrigin.MACHINE else None,
        is_stale=is_behind,
        changed_at=timezone.now(),
        **_declared(edition, known),
        **({} if edition.stored in STORED else edition.text),
    )


def _declared(edition: DraftEdition, known: Edition | None) -> dict[str, Any]:
    """The feed's word on artificial intelligence, where it has one; what the desk has declared stays."""
    ai_use, source_type = edition.ai_use, edition.digital_source_type
    if known is not None:
        is_settled = ai_use == AiUse.NONE and (known.ai_tool or known.ai_label)
        ai_use = known.ai_use if not ai_use or is_settled else ai_use
        source_type = source_type or known.digital_source_type
    return {"ai_use": ai_use, "digital_source_type": source_type}


def _is_own(change: Change, key: str) -> bool:
    return key == key_of(change.story.language)


def _is_the_desks(edition: Edition | None) -> bool:
    if edition is None:
        return False
    return edition.origin == EditionOrigin.HUMAN or (
        edition.origin == EditionOrigin.MACHINE and edition.reviewed_by_id is not None
    )


def _versions(change: Change) -> dict[str, int]:
    """The version in which the feed last spoke each further language, by edition."""
    words = change.story.source_said.get("languages", {})
    return {key_of(tag): word["version"] for tag, word in words.items() if word.get("version") is not None}


def _keeps_up(version: int | None, change: Change, *, unsaid: bool = False) -> bool:
    """Whether a version is not behind the original's; ``unsaid`` where one of them has none."""
    known = change.story.source_version
    return unsaid if version is None or known is None else version >= known


def _has_spoken(change: Change, key: str) -> bool:
    return any(draft.own.key == key for draft in change.further)
