"""The ledger of who received which story, and by which road. It never expires: recalls go by it."""

from collections.abc import Collection, Iterable
from itertools import product

from django.db import connection
from django.db.models import Q
from django.db.models.functions import Now

from broadcasters.querysets import member_ids
from mediaexchange.core.models import User
from newsexchange.constants import OPENING_OFFERS, PubStatus, Road, StoryStatus
from newsexchange.models import Offer, RecallNotice, Story

# What is known is left out before the conflict clause: a reader who comes again costs a look at the index, no write.
_NOTE = """
INSERT INTO newsexchange_receipt (story_id, broadcaster_id, road, first_version, last_version)
SELECT story.id, receiver.id, %(road)s, story.version, story.version
  FROM unnest(%(stories)s::bigint[], %(broadcasters)s::bigint[]) AS receiver(story_id, id)
  JOIN newsexchange_story AS story ON story.id = receiver.story_id
 WHERE story.broadcaster_id <> receiver.id
   AND NOT EXISTS (
       SELECT FROM newsexchange_receipt AS known
        WHERE known.story_id = story.id AND known.broadcaster_id = receiver.id
          AND known.road = %(road)s AND known.last_version >= story.version)
 ORDER BY story.id, receiver.id
    ON CONFLICT (story_id, broadcaster_id, road)
    DO UPDATE SET last_version = excluded.last_version, last_at = statement_timestamp()
 WHERE newsexchange_receipt.last_version < excluded.last_version
"""


def note_receipts(story_ids: Iterable[int], broadcaster_ids: Iterable[int], road: Road) -> int:
    """Note that each broadcaster received the current version of each story; returns how many rows were written.

    Safe to repeat: one statement, which writes nothing for a version already noted on this road. The origin is left
    out.
    """
    return note_pairs(set(product(set(story_ids), set(broadcaster_ids))), road)


def note_pairs(pairs: Collection[tuple[int, int]], road: Road) -> int:
    """The same for pairs of a story's and a receiver's id, each pair once."""
    if not pairs:
        return 0
    stories, broadcasters = zip(*pairs, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, {"stories": list(stories), "broadcasters": list(broadcasters), "road": str(road)})
        return int(cursor.rowcount)


def note_reading(stories: Iterable[Story], reader: User, road: Road) -> None:
    """Note what a person or key has read, for those of its broadcasters that it could be read through.

    Whoever belongs to a story's origin reads it as the origin: nothing is noted.
    """
    members = member_ids(reader)
    offers = Offer.objects.filter(story__in=[story.pk for story in stories], to_broadcaster__in=members)
    received: dict[int, list[int]] = {}
    pairs = offers.exclude(story__broadcaster__in=members).values_list("to_broadcaster_id", "story_id")
    for broadcaster_id, story_id in pairs:
        received.setdefault(broadcaster_id, []).append(story_id)
    for broadcaster_id, story_ids in received.items():
        note_receipts(story_ids, [broadcaster_id], road)


def note_opening(story_ids: Iterable[int]) -> None:
    """Write into offers since when their partner could read it, for stories that are open by the database's clock.

    Called after whatever may open a story, and before whatever may close it or take an offer back: an embargo ends
    without anybody doing anything. An expired story counts as having been open: its embargo may have ended first.
    """
    opened = Story.objects.filter(
        Q(embargoed_until__isnull=True) | Q(embargoed_until__lte=Now()),
        pk__in=story_ids,
        status=StoryStatus.PUBLISHED,
        pubstatus=PubStatus.USABLE,
        is_held=False,
    )
    unopened = Offer.objects.filter(status__in=OPENING_OFFERS, opened_at__isnull=True, story__in=opened)
    unopened.update(opened_at=Now())


def recipients_of(story: Story) -> set[int]:
    """Everybody who could ever have had it: receipts, takers, those told before, and offers that were open to them."""
    told = RecallNotice.objects.filter(recall__story=story).values_list("broadcaster_id")
    opened = story.offers.filter(opened_at__isnull=False).values_list("to_broadcaster_id")
    received = story.receipts.values_list("broadcaster_id")
    everybody = story.takes.values_list("broadcaster_id").union(told, opened, received)
    return {broadcaster_id for (broadcaster_id,) in everybody} - {story.broadcaster_id}
