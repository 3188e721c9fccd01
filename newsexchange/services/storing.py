"""Drafts are compared with what is stored, and what differs is written: one statement a table for a whole chunk."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from mediaexchange.core.rows import insert_rows, new_row, update_rows
from newsexchange.constants import (
    RECALL_OF,
    PubStatus,
    QuarantineReason,
    StoryStatus,
    VersionKind,
)
from newsexchange.models import Edition, Story
from newsexchange.services.dopesheet import write_dopesheets
from newsexchange.services.drafting import Draft
from newsexchange.services.feed_change import (
    Change,
    is_echo,
    is_known,
    is_main,
    is_outdated_by,
    is_twin,
    remember,
)
from newsexchange.services.feed_editions import existing_editions, set_columns, write_editions
from newsexchange.services.feed_offers import offer_changes
from newsexchange.services.feed_said import is_older, languages_of, word_of
from newsexchange.services.intake import Intake, Outcome
from newsexchange.services.loops import passage_of
from newsexchange.services.publishing import announce, retract, write_versions
from newsexchange.services.quarantine import refuse_each
from newsexchange.services.recall import lift_notices, recall_story
from newsexchange.services.receipt import note_opening
from newsexchange.services.restriction import tell_who_lost, users_of
from newsexchange.services.rules import Verdict, judge

_TEXT_COLUMNS = {
    item.name for item in Story._meta.concrete_fields if item.name.startswith(("headline_", "summary_", "body_"))
}
_SOURCE = {"source_version", "source_updated_at", "source_hash", "source_said"}
_WRITTEN = [
    *sorted(_TEXT_COLUMNS | _SOURCE),
    "version", "pubstatus", "language", "kind", "slugline", "editors_note", "byline", "dateline_place", "dateline_on",
    "event_uri", "assignment_uri", "link", "topics", "keywords", "entities", "alt_ids", "associations", "hops",
    "source_texts", "source_rights", "duration_ms", "signature", "urgency", "embargoed_until", "is_held",
    "expires_at", "expired_at", "released_at", "credit", "copyright_notice", "usage_terms",
    "versioned_at",
]  # fmt: skip


@dataclass(slots=True)
class _Sorted:
    """The drafts of a chunk by what is to be done about them."""

    outcomes: list[Outcome] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    touched: dict[int, Story] = field(default_factory=dict)  # nothing new, but how new it is
    looping: list[tuple[Draft, str]] = field(default_factory=list)
    unauthorised: list[tuple[Draft, str]] = field(default_factory=list)
    left_out: list[tuple[Draft, str]] = field(default_factory=list)
    dead: list[tuple[Draft, str]] = field(default_factory=list)

    def told(self, result: str, draft: Draft, story: Story) -> None:
        self.outcomes.append(Outcome(result, draft.guid, story.uid))


@transaction.atomic
def store(intake: Intake, groups: Sequence[Sequence[Draft]]) -> list[Outcome]:
    """Write a chunk of drafts, grouped by identity: a group is one story, whatever the number of its languages."""
    done = _sort(intake, groups)
    outcomes = done.outcomes
    if done.looping:
        outcomes += refuse_each(intake, done.looping, QuarantineReason.LOOP)
    if done.unauthorised:
        outcomes += refuse_each(intake, done.unauthorised, QuarantineReason.NOT_OWN_OUTPUT)
    if done.left_out:
        outcomes += refuse_each(intake, done.left_out, QuarantineReason.LEFT_OUT, "left-out")
    if done.dead:
        outcomes += refuse_each(intake, done.dead, QuarantineReason.STORY_CANCELED)
    new = [change for change in done.changes if change.is_new]
    outcomes += _create(intake, new) if new else []
    old = [change for change in done.changes if not change.is_new]
    outcomes += _update(intake, old) if old else []
    changed = {change.story.pk for change in old}
    _upsert([story for pk, story in done.touched.items() if pk not in changed], sorted(_SOURCE))
    return outcomes


def _sort(intake: Intake, groups: Sequence[Sequence[Draft]]) -> _Sorted:
    done = _Sorted()
    guids = [group[0].guid for group in groups]
    ours = Story.objects.filter(feed=intake.feed, source_guid__in=guids)
    known = frozenset(ours.values_list("source_guid", flat=True))
    passage = passage_of(intake.feed, [draft for group in groups for draft in group], known)
    wanted = Q(feed=intake.feed, source_guid__in=known) | Q(pk__in=passage.returning.values())
    locked = Story.objects.select_for_update(of=("self",), no_key=True).filter(wanted).order_by("pk")
    stories = list(locked) if known or passage.returning else []
    for story in stories:
        if story.broadcaster_id == intake.feed.broadcaster_id:
            story.broadcaster = intake.feed.broadcaster  # else search asks for it, story by story
    by_guid = {story.source_guid: story for story in stories if story.feed_id == intake.feed.pk}
    by_pk = {story.pk: story for story in stories}
    for group in groups:
        guid = group[0].guid
        if guid in passage.refused:
            done.looping += [(draft, passage.refused[guid]) for draft in group]
        elif guid in passage.unauthorised:
            done.unauthorised += [(draft, passage.unauthorised[guid]) for draft in group]
        elif guid in passage.returning:
            _compare(intake, Change(by_pk[passage.returning[guid]], is_returning=True), group, done)
        elif guid in by_guid:
            _compare(intake, Change(by_guid[guid]), group, done)
        else:
            _begin(intake, group, done)
    return done


def _begin(intake: Intake, group: Sequence[Draft], done: _Sorted) -> None:
    """A new identity: its first language is the one that comes first."""
    admitted = [(draft, verdict) for draft in group if (verdict := _admitted(intake, draft, done)) is not None]
    if not admitted:
        return
    lead, verdict = admitted[0]
    story = new_row(Story, feed=intake.feed, broadcaster=intake.feed.broadcaster, source_guid=lead.guid)
    story.language = lead.own.language
    change = Change(story, lead, verdict=verdict, is_new=True)
    languages = {lead.own.language}
    for draft, _verdict in admitted[1:]:
        if draft.own.language in languages or is_main(draft, story):
            languages_of(story)[draft.own.language] = word_of(draft)  # the same in another script
            done.told("unchanged", draft, story)
        else:
            languages.add(draft.own.language)
            change.further.append(draft)
    done.changes.append(change)


def _compare(intake: Intake, change: Change, group: Sequence[Draft], done: _Sorted) -> None:
    """Sort the drafts of a stored story into what changes nothing, what is too late, and what is news."""
    story = change.story
    exact = {draft.own.language for draft in group}
    for draft in group:
        languages = languages_of(story)
        word = languages.get(draft.own.language)
        is_first = is_main(draft, story)
        if change.is_returning and is_first:
            if is_echo(draft, story):
                done.told("unchanged", draft, story)
                continue
            result = "news"
        elif is_first and not (is_twin(draft, story) or (draft.own.language in languages and story.language in exact)):
            result = _against_first(story, draft, done)
        else:
            result = _against_language(story, draft, done)
            if result == "news" and is_twin(draft, story):
                languages[draft.own.language] = word_of(draft)
                done.touched[story.pk] = story
                result = "unchanged"
            elif result == "news" and word is None and (verdict := _admitted(intake, draft, done)) is None:
                continue
        if result != "news":
            done.told(result, draft, story)
        elif story.pubstatus == PubStatus.CANCELED:
            done.dead.append((draft, ""))
        elif is_first:
            change.main = draft
            change.verdict = judge(intake.rules, draft)
        else:
            change.further.append(draft)
            verdict = judge(intake.rules, draft)
            if change.main is None:
                change.verdict = Verdict((), verdict.offer_to, verdict.offers_by_module, verdict.is_held)
    if change.drafts:
        done.changes.append(change)


def _against_first(story: Story, draft: Draft, done: _Sorted) -> str:
    said = story.source_said
    if said.get("digest") == draft.digest:
        version, known = draft.entry.version, story.source_version
        if story.source_hash != draft.sent.digest and not (
            version is not None and known is not None and version < known
        ):
            remember(story, draft)
            done.touched[story.pk] = story
        return "unchanged"
    return "outdated" if is_older(draft, story.source_version, story.source_updated_at) else "news"


def _against_language(story: Story, draft: Draft, done: _Sorted) -> str:
    languages = languages_of(story)
    word = languages.get(draft.own.language)
    if is_known(word, draft):
        version, known = draft.entry.version, word["version"] if word else None
        if version is None or known is None or version <= known:
            return "unchanged"
        return "news"  # it says the same of a newer original: fresh again
    return "outdated" if is_outdated_by(word, draft) else "news"


def _admitted(intake: Intake, draft: Draft, done: _Sorted) -> Verdict | None:
    """What the rules want for something new; None if they leave it out. What a person sends is never left out."""
    verdict = judge(intake.rules, draft)
    if not verdict.is_left_out:
        return verdict
    if not intake.lets_all_in:
        done.left_out.append((draft, "a rule of the feed leaves it out"))
        return None
    return judge([rule for rule in intake.rules if rule.action != "drop"], draft)


def _create(intake: Intake, changes: Sequence[Change]) -> list[Outcome]:
    now = timezone.now()
    for change in changes:
        story = change.story
        story.version, story.status, story.is_open = 1, StoryStatus.PUBLISHED, intake.feed.is_open
        story.versioned_at = now
        story.published_at = _not_in_the_future(change.main.entry.published_at if change.main else None, now)
        change.apply()
        set_columns(change, {})
        story.pubstatus = change.wanted_status
    stories = [change.story for change in changes]
    insert_rows(stories)
    editions = write_editions(changes, {})
    _write_dopesheets(changes)
    offer_changes(intake.feed, changes, all_by_module=True)
    _write_versions(changes, editions, [change.story.pk for change in changes if change.has_new_dopesheet])
    announce(stories, kinds=dict.fromkeys((story.pk for story in stories), "story.published"), actor=None)
    return [Outcome("created", draft.guid, change.story.uid) for change in changes for draft in change.drafts]


def _update(intake: Intake, changes: Sequence[Change]) -> list[Outcome]:
    """New content becomes a new version; a changed publishing status goes the way of a recall or its end."""
    now = timezone.now()
    existing = existing_editions(changes)
    recalled, kept, taken_back, restored = [], [], [], []
    kinds: dict[int, str] = {}
    for change in changes:
        story = change.story
        was_open = story.is_out_in_the_open()
        kinds[story.pk] = "story.corrected" if change.is_correction else "story.updated"
        change.apply()
        set_columns(change, existing.get(story.pk, {}))
        wanted = change.wanted_status
        if wanted == PubStatus.USABLE and _is_withheld_by_the_feed(story):
            story.pubstatus = PubStatus.USABLE  # in the same version as the new text: the old one stays withdrawn
            kinds[story.pk] = "story.restored"
            restored.append(change)
        if wanted not in (PubStatus.USABLE, story.pubstatus):
            recalled.append(change)
            continue
        story.version += 1
        story.versioned_at = now
        if story.is_under_embargo():
            story.released_at = None
        kept.append(change)
        if was_open and story.is_under_embargo():
            taken_back.append(story)
    could = {change.story.pk: users_of(change.story) for change in kept if change.has_new_dopesheet}
    note_opening([change.story.pk for change in changes])  # while the rows still say that they are open
    _upsert([change.story for change in changes], _WRITTEN)
    write_editions(changes, existing)
    _write_dopesheets(changes)
    offer_changes(intake.feed, kept, all_by_module=False, restored=restored)
    _write_versions(kept)
    if restored:
        lift_notices([change.story for change in restored])
    announce([change.story for change in kept], kinds=kinds, actor=None)
    for story in taken_back:
        retract(story, "story.embargoed", actor=None)
    for change in kept:
        if could.get(change.story.pk):
            tell_who_lost(change.story, could[change.story.pk], actor=None)
    for change in recalled:
        recall_story(change.story, actor=None, kind=RECALL_OF[change.wanted_status], reason=change.note)
    results = {id(change): "recalled" for change in recalled}
    return [
        Outcome(results.get(id(change), "updated"), draft.guid, change.story.uid)
        for change in changes
        for draft in change.drafts
    ]


def _upsert(stories: Sequence[Story], columns: Iterable[str]) -> None:
    """Write these columns of locked rows in one statement; a CASE for each row and column would take longer."""
    update_rows(stories, list(columns))


def _write_dopesheets(changes: Iterable[Change]) -> None:
    pairs = [(change.story, change.main.entry) for change in changes if change.has_new_dopesheet and change.main]
    if pairs:
        write_dopesheets(pairs)


def _write_versions(
    changes: Iterable[Change],
    editions: Mapping[int, Sequence[Edition]] | None = None,
    with_dopesheet: Collection[int] | None = None,
) -> None:
    by_kind: dict[VersionKind, list[Change]] = {}
    for change in changes:
        kind = VersionKind.CORRECTION if change.is_correction else VersionKind.UPDATE
        by_kind.setdefault(kind, []).append(change)
    for kind, alike in by_kind.items():
        notes = {change.story.pk: change.note for change in alike}
        write_versions(
            [change.story for change in alike],
            actor=None,
            notes=notes,
            kind=kind,
            editions=editions,
            with_dopesheet=with_dopesheet,
        )


def _is_withheld_by_the_feed(story: Story) -> bool:
    """What the desk withheld, the desk restores: feeds that know no status say "usable" all the time."""
    if story.pubstatus != PubStatus.WITHHELD:
        return False
    last = story.recalls.order_by("id").last()
    return last is None or last.recalled_by_id is None


def _not_in_the_future(moment: datetime | None, now: datetime) -> datetime:
    """A source's clock may be wrong; ours decides what "first published" can mean."""
    return moment if moment is not None and moment <= now else now
