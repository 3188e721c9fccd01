"""A published version: kept whole, told to whoever may know. Batches: one statement a table."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import orjson
from django.db.models import prefetch_related_objects

from mediaexchange.core.bell import ring_after_commit
from mediaexchange.core.languages.tags import STORED
from mediaexchange.core.models import OutboxEvent, User
from mediaexchange.core.outbox import record
from mediaexchange.core.rows import insert_rows, new_row
from mediaexchange.core.search.indexing import refresh_written
from newsexchange.constants import OPENING_OFFERS, VersionKind
from newsexchange.dopesheet import PREFETCH, Dopesheet, dopesheet_of, dopesheets_of
from newsexchange.models import Edition, Offer, Story, StoryVersion
from newsexchange.querysets import audience_of
from newsexchange.search import STORY
from newsexchange.services.documents import renew_documents
from newsexchange.services.receipt import note_opening

_KEPT = (
    "language", "kind", "slugline", "editors_note", "byline", "dateline_place", "dateline_on", "event_uri",
    "assignment_uri", "link", "topics", "keywords", "entities", "alt_ids", "associations", "hops", "source_texts",
    "source_rights", "duration_ms", "expires_at", "urgency", "pubstatus", "embargoed_until", "is_held", "credit",
    "copyright_notice", "usage_terms", "is_open",
)  # fmt: skip
_SAID = (*_KEPT, *(f"{field}_{language}" for field in ("headline", "summary", "body") for language in STORED))


def write_versions(
    stories: Sequence[Story],
    *,
    actor: User | None,
    notes: Mapping[int, str] | None = None,
    kind: VersionKind = VersionKind.UPDATE,
    editions: Mapping[int, Sequence[Edition]] | None = None,
    with_dopesheet: Collection[int] | None = None,
) -> None:
    """Keep the current version of stories whose rows are already written and locked; documents of older ones go.

    ``notes`` are by story id. Runs in the caller's transaction; who may know is told by ``announce``. What a person
    saves is rendered at once, what feeds bring by a task. A caller who knows them spares us asking for ``editions``, by
    story id, and for dopesheets of other stories than ``with_dopesheet``.
    """
    ids = [story.pk for story in stories]
    if actor is not None:
        prefetch_related_objects(stories, *PREFETCH, "broadcaster", "feed")
        dopesheets = {story.pk: dopesheet_of(story) for story in stories}
    else:
        editions = _editions_of(ids) if editions is None else editions
        for story in stories:
            story.known_editions = editions.get(story.pk, ())
        dopesheets = dopesheets_of(ids if with_dopesheet is None else with_dopesheet)
    insert_rows(
        [
            new_row(
                StoryVersion,
                story_id=story.pk,
                version=story.version,
                source_version=story.source_version,
                snapshot=_snapshot(story, dopesheets.get(story.pk, {})),
                was_open=story.is_out_in_the_open(),
                kind=kind,
                note=(notes or {}).get(story.pk, ""),
                actor_id=actor.pk if actor else None,
                published_at=story.versioned_at,
            )
            for story in stories
        ]
    )
    refresh_written(STORY, stories)
    renew_documents(stories, at_once=actor is not None)
    note_opening(ids)


def snapshot(story: Story) -> dict[str, Any]:
    """Everything a version said, as JSON-ready values; text by column, other languages by tag."""
    return dict(orjson.loads(_snapshot(story, dopesheet_of(story))))


def _snapshot(story: Story, dopesheet: Dopesheet) -> bytes:
    held, others, withheld = story.__dict__, {}, []
    kept: dict[str, Any] = {name: value for name in _SAID if (value := held[name])}
    for edition in story.each_edition():
        if edition.language not in STORED:
            others[edition.language] = {
                "headline": edition.headline, "summary": edition.summary, "body": edition.body
            }  # fmt: skip
        if edition.ai_block_reason():
            withheld.append(edition.language)
    kept |= {"other_languages": others, "withheld_languages": withheld}
    kept |= {name: rows for name, rows in dopesheet.items() if rows}
    return orjson.dumps(kept)


def _editions_of(story_ids: Sequence[int]) -> dict[int, list[Edition]]:
    found: dict[int, list[Edition]] = defaultdict(list)
    for edition in Edition.objects.filter(story__in=story_ids).order_by("language"):
        found[edition.story_id].append(edition)
    return found


def retract(story: Story, kind: str, *, actor: User | None) -> None:
    """Tell others who could read a story that they cannot now. It passes where announcements of it no longer do."""
    record(
        kind,
        subject_type="story",
        subject_uid=story.uid,
        subject_version=story.version,
        audience=audience_of(story) - {story.broadcaster_id},
        actor=actor,
        is_retraction=True,
    )


def announce(stories: Sequence[Story], *, kinds: Mapping[int, str], actor: User | None) -> None:
    """One event a story, of the kind given by story id, for its broadcaster and those it is offered to or taken by.

    What a reader may not see at the moment of reading is left out there: an announcement under embargo tells nobody.
    """
    audiences: dict[int, set[int]] = {story.pk: {story.broadcaster_id} for story in stories}
    offered = Offer.objects.filter(story__in=audiences, status__in=OPENING_OFFERS)
    for story_id, broadcaster_id in offered.values_list("story_id", "to_broadcaster_id"):
        audiences[story_id].add(broadcaster_id)
    ring_after_commit()
    insert_rows(
        [
            new_row(
                OutboxEvent,
                kind=kinds[story.pk],
                subject_type="story",
                subject_uid=story.uid,
                subject_version=story.version,
                audience=sorted(audiences[story.pk]),
                actor_id=actor.pk if actor else None,
            )
            for story in stories
        ]
    )
