"""Stories that say nearly the same, found across feeds by the signature of their original text.

A story without a signature is the obligation; a task signs it and looks for its neighbours within a week.
Only stories that agree with it in a quarter of the signature are compared, found by an index: any pair that differs in
up to three bits, and most of those in up to six.
"""

from collections.abc import Sequence

from django.db import connection, transaction

from mediaexchange.core.languages.tags import STORED
from newsexchange.constants import StoryStatus
from newsexchange.models import Edition, NearDuplicate, Story
from newsexchange.parsing.sanitise import html_to_text
from newsexchange.services.drafting_editions import key_of
from newsexchange.similarity import signature_of

FARTHEST = 6  # differing bits of 64

_SIGN = """
UPDATE newsexchange_story AS story SET signature = given.signature
  FROM unnest(%(ids)s::bigint[], %(signatures)s::bigint[]) AS given(id, signature)
 WHERE story.id = given.id
"""

# Each arm of the union is one index on a quarter of the signature.
_LINK = """
WITH fresh AS (
    SELECT id, signature, feed_id, broadcaster_id, published_at
      FROM newsexchange_story WHERE id = ANY(%(ids)s) AND signature <> 0
), near AS (
    SELECT fresh.id AS one, other.id AS two FROM fresh JOIN newsexchange_story AS other
        ON ((other.signature >> 0) & 65535) = ((fresh.signature >> 0) & 65535)
       AND other.signature IS NOT NULL AND NOT (other.signature = 0)
       AND other.published_at BETWEEN fresh.published_at - interval '7 days' AND fresh.published_at + interval '7 days'
    UNION
    SELECT fresh.id, other.id FROM fresh JOIN newsexchange_story AS other
        ON ((other.signature >> 16) & 65535) = ((fresh.signature >> 16) & 65535)
       AND other.signature IS NOT NULL AND NOT (other.signature = 0)
       AND other.published_at BETWEEN fresh.published_at - interval '7 days' AND fresh.published_at + interval '7 days'
    UNION
    SELECT fresh.id, other.id FROM fresh JOIN newsexchange_story AS other
        ON ((other.signature >> 32) & 65535) = ((fresh.signature >> 32) & 65535)
       AND other.signature IS NOT NULL AND NOT (other.signature = 0)
       AND other.published_at BETWEEN fresh.published_at - interval '7 days' AND fresh.published_at + interval '7 days'
    UNION
    SELECT fresh.id, other.id FROM fresh JOIN newsexchange_story AS other
        ON ((other.signature >> 48) & 65535) = ((fresh.signature >> 48) & 65535)
       AND other.signature IS NOT NULL AND NOT (other.signature = 0)
       AND other.published_at BETWEEN fresh.published_at - interval '7 days' AND fresh.published_at + interval '7 days'
)
INSERT INTO newsexchange_nearduplicate (story_id, other_id, distance)
SELECT DISTINCT later.id, earlier.id, bit_count((later.signature # earlier.signature)::bit(64))
  FROM near
  JOIN newsexchange_story AS later ON later.id IN (near.one, near.two)
  JOIN newsexchange_story AS earlier ON earlier.id IN (near.one, near.two)
 WHERE (later.published_at, later.id) > (earlier.published_at, earlier.id)
   AND (later.feed_id IS DISTINCT FROM earlier.feed_id OR later.broadcaster_id <> earlier.broadcaster_id)
   AND bit_count((later.signature # earlier.signature)::bit(64)) <= %(farthest)s
ON CONFLICT DO NOTHING
"""


@transaction.atomic
def link_near_duplicates(limit: int = 200) -> int:
    """Sign the published stories that have waited longest and link their neighbours; returns how many were signed.

    Safe to repeat, and for several workers side by side: of two stories signed at the same time by two of them, whose
    transactions do not see each other, the later commit is not compared with the earlier one; hence one at a time.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext('newsexchange.near-duplicates'))")
        if not cursor.fetchone()[0]:
            return 0
    unsigned = Story.objects.filter(signature__isnull=True, status=StoryStatus.PUBLISHED).order_by("pk")
    stories = list(unsigned.select_for_update(of=("self",), no_key=True, skip_locked=True)[:limit])
    if not stories:
        return 0
    ids = [story.pk for story in stories]
    NearDuplicate.objects.filter(story__in=ids).delete()
    NearDuplicate.objects.filter(other__in=ids).delete()
    with connection.cursor() as cursor:
        cursor.execute(_SIGN, {"ids": ids, "signatures": [signature_of(text) for text in _original_texts(stories)]})
        cursor.execute(_LINK, {"ids": ids, "farthest": FARTHEST})
    return len(stories)


def _original_texts(stories: Sequence[Story]) -> list[str]:
    """Headline and text of each story in its first language, as plain text."""
    outside = [story.pk for story in stories if key_of(story.language) not in STORED]
    editions = {(row.story_id, row.language): row for row in Edition.objects.filter(story__in=outside)}
    texts = []
    for story in stories:
        key = key_of(story.language)
        if key in STORED:
            headline, body = getattr(story, f"headline_{key}") or "", getattr(story, f"body_{key}") or ""
        else:
            edition = editions.get((story.pk, key))
            headline, body = (edition.headline, edition.body) if edition else ("", "")
        texts.append(f"{headline}\n{html_to_text(body)}")
    return texts
