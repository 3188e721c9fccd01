"""What a feed's last document led to, so that the next one is read without the entries it repeats byte by byte.

An entry is remembered with its story and the hash under which that story holds it (``Story.source_hash``). Before a
skipped entry counts as unchanged, the story is asked whether it still holds it; if not, the document is read whole.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from struct import Struct
from typing import Self

from django.db import connection

from newsexchange.models import Feed, FeedMemory
from newsexchange.parsing.base import ParsedDocument
from newsexchange.parsing.known import FINGERPRINT_BYTES, fingerprint_of
from newsexchange.services.drafting import Sent
from newsexchange.services.intake import Outcome

_ROW = Struct(f">{FINGERPRINT_BYTES}sq16s")  # fingerprint, story id, half of its hash
_HEAD_BYTES = 16

_HELD = """
SELECT id, source_hash, source_guid, uid FROM newsexchange_story
 WHERE feed_id = %(feed)s AND id = ANY(%(ids)s::bigint[])
"""
_STORED = """
SELECT source_guid, source_hash, id FROM newsexchange_story
 WHERE feed_id = %(feed)s AND source_guid = ANY(%(guids)s::text[])
"""
_KEEP = """
INSERT INTO newsexchange_feedmemory (feed_id, entries) VALUES (%(feed)s, %(entries)s)
ON CONFLICT (feed_id) DO UPDATE SET entries = excluded.entries
"""


@dataclass(frozen=True, slots=True)
class Memory:
    """By fingerprint: story id and half of the hash."""

    feed: Feed
    entries: Mapping[bytes, tuple[int, bytes]] = field(default_factory=dict)

    @classmethod
    def of(cls, feed: Feed) -> Self:
        """Nothing is remembered once the feed is read with another default language."""
        stored = FeedMemory.objects.filter(pk=feed.pk).values_list("entries", flat=True).first()
        content = bytes(stored) if stored else b""
        if content[:_HEAD_BYTES] != _head(feed):
            return cls(feed)
        rows = _ROW.iter_unpack(content[_HEAD_BYTES:])
        return cls(feed, {fingerprint: (story_id, digest) for fingerprint, story_id, digest in rows})

    def outcomes(self, skipped: Sequence[bytes]) -> list[Outcome] | None:
        """What became of entries that were not read; None if a story has changed its source or is gone."""
        if not skipped:
            return []
        wanted: dict[int, bytes] = {}
        for fingerprint in skipped:
            if fingerprint not in self.entries:
                return None
            story_id, digest = self.entries[fingerprint]
            if wanted.setdefault(story_id, digest) != digest:
                return None
        with connection.cursor() as cursor:
            cursor.execute(_HELD, {"feed": self.feed.pk, "ids": list(wanted)})
            held = cursor.fetchall()
        if len(held) < len(wanted) or any(_half(source_hash) != wanted[pk] for pk, source_hash, _guid, _uid in held):
            return None
        return [Outcome("unchanged", guid, uid) for _pk, _hash, guid, uid in held]

    def keep(self, document: ParsedDocument, sent: Iterable[Sent]) -> None:
        """Remember this document in place of the last: what was skipped again, and what its stories now hold.

        Entries that share an identity are looked at together each time, so they are not remembered.
        """
        if not document.context:
            return
        by_guid: dict[str, Sent | None] = {}
        for item in sent:
            by_guid[item.guid] = None if item.guid in by_guid else item
        entries = {fingerprint: self.entries[fingerprint] for fingerprint in document.skipped}
        for guid, source_hash, story_id in self._stored([guid for guid, item in by_guid.items() if item]):
            alone = by_guid[guid]
            if alone is not None and alone.digest == source_hash and alone.entry.raw:
                entries[fingerprint_of(alone.entry.raw, document.context)] = (story_id, _half(source_hash))
        if entries != self.entries:
            rows = [_ROW.pack(fingerprint, *entry) for fingerprint, entry in entries.items()]
            with connection.cursor() as cursor:
                cursor.execute(_KEEP, {"feed": self.feed.pk, "entries": b"".join([_head(self.feed), *rows])})

    def _stored(self, guids: list[str]) -> list[tuple[str, str, int]]:
        if not guids:
            return []
        with connection.cursor() as cursor:
            cursor.execute(_STORED, {"feed": self.feed.pk, "guids": guids})
            return list(cursor.fetchall())


def _head(feed: Feed) -> bytes:
    return blake2b(feed.language.encode(), digest_size=_HEAD_BYTES).digest()


def _half(source_hash: str) -> bytes:
    return bytes.fromhex(source_hash)[:16]
