"""A document of a feed becomes stories: what is readable is stored, the rest is quarantined, nothing is dropped.

One pipeline for synchronised feeds, files delivered by hand and replays. The same content again changes nothing; an
older version never overwrites a newer one; one bad entry never sinks the batch.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import DataError, IntegrityError, transaction
from django.utils import timezone

from mediaexchange.core.languages.tags import STORED
from newsexchange.constants import RECALL_OF, EditionOrigin, FeedFormat, PubStatus, QuarantineReason, StoryStatus
from newsexchange.models import Edition, Feed, Offer, Story
from newsexchange.parsing.base import DocumentError, Problem
from newsexchange.parsing.sandbox import parse_in_child
from newsexchange.services.drafting import Draft, draft_of
from newsexchange.services.publishing import announce, write_versions
from newsexchange.services.quarantine import quarantine
from newsexchange.services.recall import recall_story, restore_story

CHUNK = 200  # entries written in one transaction
_TEXT = ("headline", "summary", "body")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one entry: ``result`` is created, updated, unchanged, outdated, recalled, quarantined or empty."""

    result: str
    guid: str = ""
    uid: UUID | None = None
    reason: str = ""
    detail: str = ""


def ingest_document(
    feed: Feed, payload: bytes, *, content_type: str = "", format: str = FeedFormat.AUTO
) -> list[Outcome]:
    """Read a document in a sandboxed child and store it. Every entry it holds has exactly one outcome."""
    try:
        document = parse_in_child(payload, format, content_type)
    except DocumentError as error:
        problem = Problem(error.reason, error.detail, raw=payload)
        quarantine(feed, [problem], content_type=content_type, format=format)
        return [Outcome("quarantined", reason=error.reason, detail=error.detail)]
    quarantine(feed, document.problems, content_type=content_type, format=document.format, document=payload)
    outcomes = [
        Outcome("quarantined", problem.guid, reason=problem.reason, detail=problem.detail)
        for problem in document.problems
    ]
    drafts = []
    for draft in (draft_of(entry, document, feed) for entry in document.entries):
        if draft.has_text or draft.pubstatus == PubStatus.CANCELED:
            drafts.append(draft)
        else:
            detail = "nothing is left of the text once it is made safe"
            outcomes.append(_refuse(feed, draft, document.format, QuarantineReason.NO_TEXT, detail))
    for start in range(0, len(drafts), CHUNK):
        outcomes += _store(feed, drafts[start : start + CHUNK], document.format)
    if not outcomes:
        return [Outcome("empty", reason=QuarantineReason.NO_ENTRIES, detail="a readable document without entries")]
    return outcomes


def _store(feed: Feed, drafts: Sequence[Draft], format: str) -> list[Outcome]:
    """Write a chunk in one transaction; if the database refuses it, entry by entry: only the bad one is refused."""
    try:
        return _write(feed, drafts, format)
    except (DataError, IntegrityError) as error:
        if len(drafts) > 1:
            return [outcome for draft in drafts for outcome in _store(feed, [draft], format)]
        return [_refuse(feed, drafts[0], format, QuarantineReason.REFUSED_BY_DATABASE, str(error).splitlines()[0])]


@transaction.atomic
def _write(feed: Feed, drafts: Sequence[Draft], format: str) -> list[Outcome]:
    guids = [draft.guid for draft in drafts]
    existing = {
        story.source_guid: story
        for story in Story.objects.select_for_update().filter(feed=feed, source_guid__in=guids).order_by("pk")
    }
    outcomes, new, changed = [], [], []
    for draft in drafts:
        story = existing.get(draft.guid)
        if story is None:
            new.append(draft)
        elif story.source_hash == draft.digest:
            outcomes.append(Outcome("unchanged", draft.guid, story.uid))
        elif _is_outdated(draft, story):
            outcomes.append(Outcome("outdated", draft.guid, story.uid))
        elif story.pubstatus == PubStatus.CANCELED:
            outcomes.append(_refuse(feed, draft, format, QuarantineReason.STORY_CANCELED, ""))
        else:
            changed.append((story, draft))
    return outcomes + _create(feed, new) + _update(changed)


def _is_outdated(draft: Draft, story: Story) -> bool:
    """By version where both sides have one, else by time where both have one; otherwise what comes later is newer."""
    version, known = draft.entry.version, story.source_version
    if version is not None and known is not None and version != known:
        return version < known
    moment = draft.entry.updated_at
    return moment is not None and story.source_updated_at is not None and moment < story.source_updated_at


def _create(feed: Feed, drafts: Sequence[Draft]) -> list[Outcome]:
    now = timezone.now()
    stories = []
    for draft in drafts:
        story = Story(
            broadcaster_id=feed.broadcaster_id,
            feed=feed,
            source_guid=draft.guid,
            version=1,
            status=StoryStatus.PUBLISHED,
            pubstatus=draft.pubstatus,
            is_open=feed.is_open,
            published_at=_not_in_the_future(draft.entry.published_at, now),
            versioned_at=now,
        )
        _fill(story, draft)
        story.opened_at = None if story.is_under_embargo() or story.pubstatus != PubStatus.USABLE else now
        stories.append(story)
    Story.objects.bulk_create(stories)
    _write_editions(zip(stories, drafts, strict=True))
    _offer_by_module(feed, stories)
    write_versions(stories, actor=None)
    announce(stories, kinds=dict.fromkeys((story.pk for story in stories), "story.published"), actor=None)
    return [Outcome("created", story.source_guid, story.uid) for story in stories]


def _update(changed: Sequence[tuple[Story, Draft]]) -> list[Outcome]:
    """New content becomes a new version; a changed publishing status goes the way of a recall or its end."""
    outcomes, corrected = [], []
    for story, draft in changed:
        if draft.pubstatus == PubStatus.USABLE and story.pubstatus == PubStatus.WITHHELD:
            story.pubstatus = restore_story(story, actor=None).pubstatus
        if draft.pubstatus != PubStatus.USABLE:
            outcomes.append(_recall(story, draft))
        else:
            corrected.append((story, draft))
    now = timezone.now()
    for story, draft in corrected:
        story.refresh_from_db(fields=["version"])
        _fill(story, draft)
        story.version += 1
        story.versioned_at = now
        if story.is_under_embargo():
            story.released_at = None
        else:
            story.opened_at = story.opened_at or now
        story.save()
    _write_editions(corrected)
    stories = [story for story, _draft in corrected]
    notes = {story.pk: draft.fields["editors_note"] for story, draft in corrected}
    write_versions(stories, actor=None, notes=notes)
    announce(stories, kinds=dict.fromkeys((story.pk for story in stories), "story.updated"), actor=None)
    return outcomes + [Outcome("updated", story.source_guid, story.uid) for story in stories]


def _recall(story: Story, draft: Draft) -> Outcome:
    # The reason reaches those who lose the story: never the headline.
    recall_story(story, actor=None, kind=RECALL_OF[draft.pubstatus], reason=draft.fields["editors_note"])
    Story.objects.filter(pk=story.pk).update(
        source_hash=draft.digest, source_version=draft.entry.version, source_updated_at=draft.entry.updated_at
    )
    return Outcome("recalled", story.source_guid, story.uid)


def _fill(story: Story, draft: Draft) -> None:
    for name, value in draft.fields.items():
        setattr(story, name, value)
    for name, value in draft.text.items():
        if draft.stored:
            setattr(story, f"{name}_{draft.stored}", value)
    story.source_version = draft.entry.version
    story.source_updated_at = draft.entry.updated_at
    story.source_hash = draft.digest


def _write_editions(pairs: Iterable[tuple[Story, Draft]]) -> None:
    """The edition of the language that came in is fresh; every other language of the story has turned stale."""
    pairs = list(pairs)
    now = timezone.now()
    Edition.objects.bulk_create(
        [
            Edition(
                story=story,
                language=draft.stored or draft.language,
                origin=EditionOrigin.ORIGINAL,
                script=draft.script,
                changed_at=now,
                **({} if draft.stored in STORED else draft.text),
            )
            for story, draft in pairs
        ],
        update_conflicts=True,
        unique_fields=["story", "language"],
        update_fields=["origin", "script", "is_stale", "changed_at", *_TEXT],
    )
    for story, draft in pairs:
        if story.version > 1:
            story.editions.exclude(language=draft.stored or draft.language).update(is_stale=True)


def _offer_by_module(feed: Feed, stories: Sequence[Story]) -> None:
    """While the feed's module runs, its new stories stand before all its other parties."""
    module = feed.module
    if module is None or not module.is_running:
        return
    parties = [pk for pk in module.parties.values_list("pk", flat=True) if pk != feed.broadcaster_id]
    Offer.objects.bulk_create(
        Offer(story=story, to_broadcaster_id=party, module=module)
        for story in stories
        if story.pubstatus == PubStatus.USABLE
        for party in parties
    )


def _refuse(feed: Feed, draft: Draft, format: str, reason: QuarantineReason, detail: str) -> Outcome:
    problem = Problem(reason, detail, guid=draft.guid, raw=draft.entry.raw)
    quarantine(feed, [problem], format=format)
    return Outcome("quarantined", draft.guid, reason=reason, detail=detail)


def _not_in_the_future(moment: datetime | None, now: datetime) -> datetime:
    """A source's clock may be wrong; ours decides what "first published" can mean."""
    return moment if moment is not None and moment <= now else now
