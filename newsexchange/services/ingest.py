"""A document of a feed becomes stories: what is readable is stored, the rest is quarantined, nothing is dropped.

One pipeline for synchronised feeds, pushed documents, files delivered by hand and replays. The same content again
changes nothing; an older version never overwrites a newer one; one bad entry never sinks the batch.
"""

from collections.abc import Iterable, Iterator, Sequence

from django.db import DataError, IntegrityError, ProgrammingError

from mediaexchange.core.languages.normalise import normalise_text
from newsexchange.constants import FeedFormat, PubStatus, QuarantineReason
from newsexchange.models import Feed, Story
from newsexchange.parsing.base import DocumentError, ParsedDocument, Problem
from newsexchange.parsing.sandbox import parse_in_child
from newsexchange.services.drafting import UNDETERMINED, Draft, Sent, draft_of, sent_entry
from newsexchange.services.intake import Intake, Outcome
from newsexchange.services.quarantine import quarantine, refuse
from newsexchange.services.remembering import Memory
from newsexchange.services.rules import rules_of
from newsexchange.services.storing import store

CHUNK = 200  # entries written in one transaction
LOOK_UP = 2000  # identities asked for in one query


def ingest_document(
    feed: Feed, payload: bytes, *, content_type: str = "", format: str = FeedFormat.AUTO, lets_all_in: bool = False
) -> list[Outcome]:
    """Read a document in a sandboxed child and store it. Every entry it holds has exactly one outcome.

    With ``lets_all_in``, for what a person sends, no rule of the feed leaves anything out.
    """
    memory = Memory.of(feed)
    try:
        document = parse_in_child(payload, format, content_type, known=memory.entries.keys())
        unread = memory.outcomes(document.skipped)
        if unread is None or _meet(document, unread):
            memory, unread = Memory(feed), []
            document = parse_in_child(payload, format, content_type)
    except DocumentError as error:
        problem = Problem(error.reason, error.detail, raw=payload)
        quarantine(feed, [problem], content_type=content_type, format=format)
        return [Outcome("quarantined", reason=error.reason, detail=error.detail, is_whole_document=True)]
    sent = [sent_entry(entry, document, feed) for entry in document.entries]
    outcomes = unread + _take_in_all(feed, document, sent, payload, content_type, lets_all_in)
    memory.keep(document, sent)
    return outcomes or [_nothing()]


def ingest_entries(
    feed: Feed, document: ParsedDocument, payload: bytes = b"", *, content_type: str = "", lets_all_in: bool = False
) -> list[Outcome]:
    """Store what was read of a payload; see ``ingest_document``."""
    sent = [sent_entry(entry, document, feed) for entry in document.entries]
    return _take_in_all(feed, document, sent, payload, content_type, lets_all_in) or [_nothing()]


def _nothing() -> Outcome:
    return Outcome("empty", reason=QuarantineReason.NO_ENTRIES, detail="a readable document without entries")


def _meet(document: ParsedDocument, unread: Sequence[Outcome]) -> bool:
    """Whether an entry that was read shares its identity with one that was not: they are to be looked at together."""
    guids = {outcome.guid for outcome in unread}
    read = (*(entry.guid for entry in document.entries), *(problem.guid for problem in document.problems))
    return bool(guids) and any(normalise_text(guid, UNDETERMINED) in guids for guid in read)


def _take_in_all(
    feed: Feed, document: ParsedDocument, sent: Sequence[Sent], payload: bytes, content_type: str, lets_all_in: bool
) -> list[Outcome]:
    quarantine(feed, document.problems, content_type=content_type, format=document.format, document=payload)
    outcomes = [
        Outcome("quarantined", problem.guid, reason=problem.reason, detail=problem.detail)
        for problem in document.problems
    ]
    unchanged = _unchanged(feed, sent)
    outcomes += unchanged
    if len(unchanged) < len(sent):
        outcomes += _take_in(feed, document, sent, {outcome.guid for outcome in unchanged}, lets_all_in)
    return outcomes


def _unchanged(feed: Feed, sent: Sequence[Sent]) -> list[Outcome]:
    """What came exactly like this last time: told by its hash alone, without a lock, a row or any cleaning.

    Entries that share an identity (one story in several languages) are looked at together, and more closely.
    """
    by_guid: dict[str, Sent | None] = {}
    for item in sent:
        by_guid[item.guid] = None if item.guid in by_guid else item
    outcomes = []
    guids = list(by_guid)
    for start in range(0, len(guids), LOOK_UP):
        known = Story.objects.filter(feed=feed, source_guid__in=guids[start : start + LOOK_UP])
        for guid, digest, uid in known.values_list("source_guid", "source_hash", "uid"):
            alone = by_guid[guid]
            if alone is not None and alone.digest == digest:
                outcomes.append(Outcome("unchanged", guid, uid))
    return outcomes


def _take_in(
    feed: Feed, document: ParsedDocument, sent: Iterable[Sent], unchanged: set[str], lets_all_in: bool
) -> list[Outcome]:
    intake = Intake(feed, document.format, tuple(rules_of(feed.pk)), lets_all_in)
    outcomes, drafts, empty = [], [], []
    for item in sent:
        if item.guid in unchanged:
            continue
        draft = draft_of(item, document, feed)
        if draft.has_text or draft.pubstatus == PubStatus.CANCELED:
            drafts.append(draft)
        else:
            empty.append(draft)
    if empty:
        detail = "nothing is left of the text once it is made safe"
        outcomes += refuse(intake, empty, QuarantineReason.NO_TEXT, detail)
    for chunk in _chunks(drafts):
        outcomes += _store(intake, chunk)
    return outcomes


def _chunks(drafts: Sequence[Draft]) -> Iterator[list[list[Draft]]]:
    """Groups of drafts with one identity, in the order of the document, ``CHUNK`` groups at a time."""
    groups: dict[str, list[Draft]] = {}
    for draft in drafts:
        groups.setdefault(draft.guid, []).append(draft)
    all_groups = list(groups.values())
    for start in range(0, len(all_groups), CHUNK):
        yield all_groups[start : start + CHUNK]


def _store(intake: Intake, groups: Sequence[Sequence[Draft]]) -> list[Outcome]:
    """Write a chunk in one transaction; if the database refuses it, story by story: only the bad one is refused."""
    try:
        return store(intake, groups)
    except (DataError, IntegrityError, ProgrammingError) as error:
        if len(groups) > 1:
            return [outcome for group in groups for outcome in _store(intake, [group])]
        return refuse(intake, groups[0], QuarantineReason.REFUSED_BY_DATABASE, str(error).splitlines()[0])
