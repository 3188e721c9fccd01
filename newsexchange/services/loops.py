"""News that comes back: what has passed through this exchange before is refused, unless its own origin sends it.

Hops and versions are claims that anybody can write. So the origin is believed to speak only in a feed that is declared
its own output; what renews its story from any other feed waits in quarantine.

A (a broadcaster) offers a story here, B takes it, C has it from B, and C's or A's feed brings it here again: by its hop
history, by our identity among its own, or by an identity under which a broadcaster on its way had the story from us.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.conf import settings

from broadcasters.models import Broadcaster
from mediaexchange.core.languages.tags import STORED
from newsexchange.models import Feed, Receipt, Story, Take
from newsexchange.services.drafting import Draft
from newsexchange.similarity import folded

_OURS = re.compile(r"urn:uuid:([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\Z", re.IGNORECASE)
_GLOBAL = re.compile(r"(?:urn|tag|https?):\S", re.IGNORECASE)  # "17" is an identity in its feed only
_NOT_WORDS = re.compile(r"\W+")


@dataclass(frozen=True, slots=True)
class _Known:
    """A story that an entry names."""

    pk: int
    uid: UUID
    broadcaster_id: int


@dataclass(slots=True)
class Passage:
    """By guid: why an entry is refused, and which story of its own broadcaster it updates though it came otherwise.

    ``unauthorised`` are those that would be let through if the feed were declared the broadcaster's own output.
    """

    refused: dict[str, str] = field(default_factory=dict)
    unauthorised: dict[str, str] = field(default_factory=dict)
    returning: dict[str, int] = field(default_factory=dict)


def passage_of(feed: Feed, drafts: Sequence[Draft], stored: frozenset[str]) -> Passage:
    """Look at all drafts of a chunk at once. ``stored`` are the guids that this feed has brought before."""
    passage = Passage()
    named = _named(feed, drafts, stored)
    people = _Identities()
    for draft in drafts:
        before, after, has_passed = _way(draft)
        story, is_by_uid = named.get(draft.guid, (None, False))
        # Who keeps our identity and tells neither its way nor its version may be anybody whose news this feed brings.
        is_told = bool(before) or draft.entry.version is not None
        own_only = is_told and all(people.is_broadcaster(name, feed.broadcaster_id) for name in after)
        if draft.guid in stored:
            if has_passed and not own_only:
                passage.refused[draft.guid] = _detail(story)
        elif story is not None and story.broadcaster_id == feed.broadcaster_id and is_by_uid and own_only:
            if feed.is_own_output:
                passage.returning[draft.guid] = story.pk
            else:
                passage.unauthorised[draft.guid] = (
                    f"it renews urn:uuid:{story.uid}; the feed did not bring that and is not declared own output"
                )
        elif has_passed or (story is not None and is_by_uid) or _is_received(story, feed, before, people):
            passage.refused[draft.guid] = _detail(story)
    return passage


def _way(draft: Draft) -> tuple[list[str], list[str], bool]:
    """Who passed it on in all, who did after this exchange (or in all, if it was not here), and whether it was here."""
    names = [hop.by for hop in draft.entry.hops]
    ours = settings.EXCHANGE_URI.casefold()
    places = [place for place, name in enumerate(names) if name.strip().casefold() == ours]
    return names, names[places[-1] + 1 :] if places else names, bool(places)


def _named(feed: Feed, drafts: Sequence[Draft], stored: frozenset[str]) -> dict[str, tuple[_Known, bool]]:
    """By guid the story that a draft names, and whether by our own identity: two queries, whatever the number."""
    ids = {draft.guid: [draft.guid, *(value for _role, value in draft.entry.alt_ids)] for draft in drafts}
    uids = {value: UUID(match[1]) for values in ids.values() for value in values if (match := _OURS.match(value))}
    ours = Story.objects.filter(uid__in=set(uids.values())) if uids else Story.objects.none()
    by_uid = {uid: _Known(pk, uid, owner) for pk, uid, owner in ours.values_list("pk", "uid", "broadcaster_id")}
    foreign = {
        value
        for guid, values in ids.items()
        if guid not in stored
        for value in values
        if value not in uids and len(value) <= 1000 and _GLOBAL.match(value)
    }
    by_guid: dict[str, _Known] = {}
    if foreign:
        rows = Story.objects.filter(source_guid__in=foreign).exclude(source_guid="")
        rows = rows.exclude(broadcaster=feed.broadcaster_id).order_by("-pk")
        for guid, pk, uid, broadcaster_id in rows.values_list("source_guid", "pk", "uid", "broadcaster_id"):
            by_guid[guid] = _Known(pk, uid, broadcaster_id)  # the oldest stays
    named = {}
    for guid, all_ids in ids.items():
        for value in all_ids:
            if value in uids and (known := by_uid.get(uids[value])):
                named[guid] = (known, True)
                break
            if value in by_guid:
                named.setdefault(guid, (by_guid[value], False))
    return named


def _is_received(story: _Known | None, feed: Feed, before: Iterable[str], people: "_Identities") -> bool:
    """Whether the sender, or anybody on the way to them, had the story from this exchange."""
    if story is None:
        return False
    on_the_way = {feed.broadcaster_id, *(pk for name in before for pk in people.broadcasters(name))}
    on_the_way.discard(story.broadcaster_id)
    held = {"story": story.pk, "broadcaster__in": on_the_way}
    return Take.objects.filter(**held).exists() or Receipt.objects.filter(**held).exists()


def _detail(story: _Known | None) -> str:
    if story is None:
        return f"its hop history names this exchange, {settings.EXCHANGE_URI}"
    return f"it is the story urn:uuid:{story.uid}, which this exchange has passed on"


class _Identities:
    """Which broadcaster a hop means: by slug, by any of its names, or by its web site. Read when first asked."""

    def __init__(self) -> None:
        self._by_name: Mapping[str, set[int]] | None = None

    def broadcasters(self, name: str) -> set[int]:
        if self._by_name is None:
            self._by_name = _names()
        return self._by_name.get(_plain(name), set())

    def is_broadcaster(self, name: str, broadcaster_id: int) -> bool:
        return broadcaster_id in self.broadcasters(name)


def _names() -> dict[str, set[int]]:
    found: dict[str, set[int]] = {}
    for broadcaster in Broadcaster.objects.all():
        names = [broadcaster.slug, broadcaster.website, f"urn:uuid:{broadcaster.uid}"]
        names += [
            getattr(broadcaster, f"{field}_{language}") for field in ("name", "abbreviation") for language in STORED
        ]
        for name in filter(None, names):
            found.setdefault(_plain(name), set()).add(broadcaster.pk)
    return found


def _plain(name: str) -> str:
    text = name.strip().casefold().removeprefix("https://").removeprefix("http://").removeprefix("www.")
    return _NOT_WORDS.sub(" ", folded(text)).strip()
