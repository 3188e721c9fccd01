"""A document of a feed becomes stories: what is readable is stored, the rest is quarantined, nothing is dropped.

One pipeline for synchronised feeds, files delivered by hand and replays. The same content again changes nothing; an
older version never overwrites a newer one; one bad entry never sinks the batch.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import orjson
from django.db import DataError, IntegrityError, ProgrammingError, transaction
from django.utils import timezone

from mediaexchange.core.languages.tags import STORED
from newsexchange.constants import RECALL_OF, EditionOrigin, FeedFormat, PubStatus, QuarantineReason, StoryStatus
from newsexchange.models import Edition, Feed, Offer, Story
from newsexchange.parsing.base import DocumentError, Entry, Problem
from newsexchange.parsing.sandbox import parse_in_child
from newsexchange.services.dopesheet import write_dopesheets
from newsexchange.services.drafting import Draft, draft_of
from newsexchange.services.publishing import announce, retract, write_versions
from newsexchange.services.quarantine import quarantine
from newsexchange.services.recall import recall_story
from newsexchange.services.receipt import note_opening

CHUNK = 200  # entries written in one transaction
_TEXT = ("headline", "summary", "body")
_DOPESHEET = "dopesheet"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one entry: ``result`` is created, updated, unchanged, outdated, recalled, quarantined or empty."""

    result: str
    guid: str = ""
    uid: UUID | None = None
    reason: str = ""
    detail: str = ""
    is_whole_document: bool = False


def ingest_document(
    feed: Feed, payload: bytes, *, content_type: str = "", format: str = FeedFormat.AUTO
) -> list[Outcome]:
    """Read a document in a sandboxed child and store it. Every entry it holds has exactly one outcome."""
    try:
        document = parse_in_child(payload, format, content_type)
    except DocumentError as error:
        problem = Problem(error.reason, error.detail, raw=payload)
        quarantine(feed, [problem], content_type=content_type, format=format)
        return [Outcome("quarantined", reason=error.reason, detail=error.detail, is_whole_document=True)]
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
    except (DataError, IntegrityError, ProgrammingError) as error:
        if len(drafts) > 1:
            return [outcome for draft in drafts for outcome in _store(feed, [draft], format)]
        return [_refuse(feed, drafts[0], format, QuarantineReason.REFUSED_BY_DATABASE, str(error).splitlines()[0])]


@transaction.atomic
def _write(feed: Feed, drafts: Sequence[Draft], format: str) -> list[Outcome]:
    guids = [draft.guid for draft in drafts]
    existing = {
        story.source_guid: story
        for story in Story.objects.select_for_update(of=("self",), no_key=True)
        .filter(feed=feed, source_guid__in=guids)
        .order_by("pk")
    }
    outcomes, new, changed = [], [], []
    for draft in drafts:
        story = existing.get(draft.guid)
        if story is None:
            new.append(draft)
        elif story.source_hash == draft.digest:
            _remember_version(story, draft)
            outcomes.append(Outcome("unchanged", draft.guid, story.uid))
        elif _is_outdated(draft, story):
            outcomes.append(Outcome("outdated", draft.guid, story.uid))
        elif story.pubstatus == PubStatus.CANCELED:
            outcomes.append(_refuse(feed, draft, format, QuarantineReason.STORY_CANCELED, ""))
        else:
            changed.append((story, draft))
    return outcomes + _create(feed, new) + _update(feed, changed)


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
    write_dopesheets(_with_dopesheet(zip(stories, drafts, strict=True)))
    _offer_by_module(feed, stories)
    write_versions(stories, actor=None)
    announce(stories, kinds=dict.fromkeys((story.pk for story in stories), "story.published"), actor=None)
    return [Outcome("created", story.source_guid, story.uid) for story in stories]


def _update(feed: Feed, changed: Sequence[tuple[Story, Draft]]) -> list[Outcome]:
    """New content becomes a new version; a changed publishing status goes the way of a recall or its end."""
    outcomes, corrected, kinds, taken_back = [], [], {}, []
    now = timezone.now()
    note_opening([story.pk for story, _draft in changed])  # before the feed can close what was open
    for story, draft in changed:
        was_open = story.is_out_in_the_open()
        kinds[story.pk] = "story.updated"
        said_before = story.source_said.get(_DOPESHEET)
        if draft.pubstatus == PubStatus.USABLE and _is_withheld_by_the_feed(story):
            story.pubstatus = PubStatus.USABLE  # in the same version as the new text: the old one stays withdrawn
            kinds[story.pk] = "story.restored"
        _fill(story, draft)
        if story.source_said[_DOPESHEET] != said_before:
            write_dopesheets([(story, draft.entry)])
        if draft.pubstatus not in (PubStatus.USABLE, story.pubstatus):
            story.save()
            _write_editions([(story, draft)])
            recall_story(story, actor=None, kind=RECALL_OF[draft.pubstatus], reason=draft.fields["editors_note"])
            outcomes.append(Outcome("recalled", story.source_guid, story.uid))
            continue
        story.version += 1
        story.versioned_at = now
        if story.is_under_embargo():
            story.released_at = None
        if was_open or story.is_out_in_the_open():
            story.opened_at = story.opened_at or now
        story.save()
        corrected.append((story, draft))
        if was_open and not story.is_out_in_the_open():
            taken_back.append(story)
    _write_editions(corrected)
    stories = [story for story, _draft in corrected]
    _offer_by_module(feed, [story for story in stories if kinds[story.pk] == "story.restored"])
    notes = {story.pk: draft.fields["editors_note"] for story, draft in corrected}
    write_versions(stories, actor=None, notes=notes)
    announce(stories, kinds=kinds, actor=None)
    for story in taken_back:
        retract(story, "story.embargoed", actor=None)
    return outcomes + [Outcome("updated", story.source_guid, story.uid) for story in stories]


def _with_dopesheet(pairs: Iterable[tuple[Story, Draft]]) -> list[tuple[Story, Entry]]:
    return [(story, draft.entry) for story, draft in pairs if any(draft.dopesheet.values())]


def _is_withheld_by_the_feed(story: Story) -> bool:
    """What the desk withheld, the desk restores: feeds that know no status say "usable" all the time."""
    if story.pubstatus != PubStatus.WITHHELD:
        return False
    last = story.recalls.order_by("id").last()
    return last is None or last.recalled_by_id is None


def _remember_version(story: Story, draft: Draft) -> None:
    """The same content under a higher version: an older version that arrives late must not win against it."""
    version = draft.entry.version
    if version is not None and (story.source_version is None or version > story.source_version):
        Story.objects.filter(pk=story.pk).update(
            source_version=version, source_updated_at=draft.entry.updated_at or story.source_updated_at
        )


def _fill(story: Story, draft: Draft) -> None:
    """Take over what the feed says, field by field, and only where it says something else than last time.

    What the desk has set meanwhile (an embargo, a hold, terms) is not undone by a source that never spoke of it.
    """
    said = orjson.loads(orjson.dumps(draft.fields | {_DOPESHEET: draft.dopesheet}))
    for name, value in draft.fields.items():
        if name not in story.source_said or story.source_said[name] != said[name]:
            setattr(story, name, value)
    for name, value in draft.text.items():
        if draft.stored:
            setattr(story, f"{name}_{draft.stored}", value)
    story.source_said = said
    story.source_version = draft.entry.version if draft.entry.version is not None else story.source_version
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
    parties = module.active_parties()
    if feed.broadcaster not in parties:
        return
    Offer.objects.bulk_create(
        [
            Offer(story=story, to_broadcaster=party, module=module)
            for story in stories
            if story.pubstatus == PubStatus.USABLE
            for party in parties
            if party.pk != feed.broadcaster_id
        ],
        ignore_conflicts=True,
    )


def _refuse(feed: Feed, draft: Draft, format: str, reason: QuarantineReason, detail: str) -> Outcome:
    problem = Problem(reason, detail, guid=draft.guid, raw=draft.entry.raw)
    quarantine(feed, [problem], format=format)
    return Outcome("quarantined", draft.guid, reason=reason, detail=detail)


def _not_in_the_future(moment: datetime | None, now: datetime) -> datetime:
    """A source's clock may be wrong; ours decides what "first published" can mean."""
    return moment if moment is not None and moment <= now else now
