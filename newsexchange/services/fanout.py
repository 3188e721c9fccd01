"""From events to deliveries: every event × every subscription that wants it, one statement a batch.

``Fanout.position`` moves in the transaction that writes the rows: nothing is left out and, with a unique constraint
below, nothing made twice, however often it is killed. One fans out at a time; others pass by.
"""

import json
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Q

from mediaexchange.core.models import OutboxEvent
from mediaexchange.core.outbox import number_events
from mediaexchange.core.rights.territories import CODES, KNOWN, naming
from newsexchange.constants import Destination
from newsexchange.models import Fanout, Subscription

NAME = "deliveries"
MOST_EVENTS = 500  # of one statement
MOST_BATCHES = 20  # of one call
MOST_ROWS = 20_000  # that one statement may make, roughly
_PLACES = json.dumps({code: sorted(naming(code)) for code in sorted(CODES)})
_KNOWN_PLACES = sorted(KNOWN)

# What a subscription hears. An announcement passes the saved filter and tells of a story that its broadcaster sees at
# this moment; a retraction passes for whoever may have had the story, whatever the filter says today. A hub hears of
# changes to what stands, or has just stood, in the open feeds of its own broadcaster, and of nothing else: what it is
# told is no secret. Of a story that is barred at home the ledger says so once, and is silent while that lasts; whoever
# wants only what is clear does not find even that.
_WANTED = """
  FROM core_outboxevent AS event
  JOIN newsexchange_subscription AS subscription ON subscription.broadcaster_id = ANY(event.audience)
  JOIN broadcasters_broadcaster AS home ON home.id = subscription.broadcaster_id
  LEFT JOIN newsexchange_story AS story ON event.subject_type = 'story' AND story.uid = event.subject_uid
 CROSS JOIN LATERAL (
       SELECT story.status = 'published' AND story.pubstatus = 'usable' AND NOT story.is_held
              AND (story.embargoed_until IS NULL OR story.embargoed_until <= statement_timestamp())
              AND (story.expires_at IS NULL OR story.expires_at > statement_timestamp()) AS is_out,
              story.broadcaster_id = subscription.broadcaster_id AS is_own) AS state
 WHERE (home.is_active OR event.is_retraction) AND CASE
    WHEN event.subject_type <> 'story' THEN
         subscription.destination IN ('webhook', 'pull')
         AND (event.kind <> 'subscription.test' OR event.subject_uid = subscription.uid)
    WHEN story.id IS NULL THEN
         event.is_retraction AND subscription.destination <> 'hub'
    WHEN subscription.destination = 'hub' THEN
         state.is_own
         AND event.kind LIKE 'story.%%' AND event.kind NOT IN ('story.offered', 'story.taken', 'story.used')
         AND ((state.is_out AND story.is_open AND story.usage_terms = '' AND NOT EXISTS (
               SELECT FROM newsexchange_restriction AS bound WHERE bound.story_id = story.id))
              OR EXISTS (
              SELECT FROM newsexchange_storyversion AS version
               WHERE version.story_id = story.id
                 AND version.version BETWEEN event.subject_version - 1 AND event.subject_version
                 AND version.was_open AND (version.snapshot ->> 'is_open')::boolean
                 AND NOT version.snapshot ?| ARRAY['usage_terms', 'restrictions']))
    WHEN event.is_retraction AND (
         EXISTS (SELECT FROM newsexchange_receipt AS receipt
                  WHERE receipt.story_id = story.id AND receipt.broadcaster_id = subscription.broadcaster_id)
         OR EXISTS (SELECT FROM newsexchange_delivery AS told
                     WHERE told.subject_uid = event.subject_uid AND told.subscription_id = subscription.id
                       AND (told.status = 'delivered' OR told.attempts > 0 OR told.leased_until IS NOT NULL))
         ) THEN true
    ELSE (event.is_retraction OR state.is_own OR (state.is_out AND EXISTS (
              SELECT FROM newsexchange_offer AS offer
               WHERE offer.story_id = story.id AND offer.to_broadcaster_id = subscription.broadcaster_id
                 AND offer.status IN ('open', 'taken'))))
         AND (subscription.destination IN ('webhook', 'pull') OR event.kind LIKE 'story.%%' OR event.is_retraction)
         AND (subscription.topics = '{}' OR story.topics && subscription.topics)
         AND (subscription.kinds = '{}' OR story.kind = ANY(subscription.kinds))
         AND (subscription.languages = '{}' OR EXISTS (
              SELECT FROM newsexchange_edition AS edition
                JOIN unnest(subscription.languages) AS wished(tag)
                  ON split_part(lower(wished.tag), '-', 1) = split_part(lower(edition.language), '-', 1)
               WHERE edition.story_id = story.id))
         AND (NOT EXISTS (SELECT FROM newsexchange_subscription_origins AS any_origin
                           WHERE any_origin.subscription_id = subscription.id)
              OR EXISTS (SELECT FROM newsexchange_subscription_origins AS origin
                          WHERE origin.subscription_id = subscription.id
                            AND origin.broadcaster_id = story.broadcaster_id))
         AND (state.is_own OR NOT (subscription.only_clear OR coalesce((
              SELECT told.status = 'canceled' AND told.error = 'use-refused'
                FROM newsexchange_delivery AS told
               WHERE told.subject_uid = event.subject_uid AND told.subscription_id = subscription.id
               ORDER BY told.position DESC
               LIMIT 1), false))
              OR NOT EXISTS (
              SELECT FROM newsexchange_restriction AS bar
               CROSS JOIN LATERAL (
                    SELECT ARRAY(SELECT jsonb_array_elements_text(%(places)s::jsonb -> home.country_code)) AS names)
                    AS here
               WHERE bar.story_id = story.id AND bar.shot_id IS NULL AND bar.is_barred AND bar.platforms = '{}'
                 AND (bar.starts_at IS NULL OR bar.starts_at <= statement_timestamp())
                 AND (bar.ends_at IS NULL OR bar.ends_at > statement_timestamp())
                 AND (bar.territories = '{}' OR (bar.territories && here.names::varchar[]) <> bar.is_elsewhere
                      OR NOT (bar.is_elsewhere OR bar.territories <@ %(known)s::varchar[]))))
    END
"""

# A digest waits for its hour, by the broadcaster's clock; that something is withdrawn is told at once. Who is paused or
# disabled misses announcements, and hears of withdrawals as soon as it listens again: they wait in the ledger.
_INSERT = """
WITH made AS (
    INSERT INTO newsexchange_delivery (uid, subscription_id, event_id, subject_uid, position, status, attempts, error,
                                       due_at)
    SELECT gen_random_uuid(), subscription.id, event.id, event.subject_uid, event.position, 'pending', 0, '',
           CASE WHEN subscription.destination = 'email' AND NOT event.is_retraction THEN (
                SELECT min(moment)
                  FROM generate_series(0, 1) AS days_ahead
                 CROSS JOIN LATERAL (
                       SELECT ((statement_timestamp() AT TIME ZONE home.time_zone)::date + days_ahead
                               + subscription.digest_at) AT TIME ZONE home.time_zone AS moment) AS digest
                 WHERE moment > statement_timestamp())
                ELSE statement_timestamp() END
"""
_SUPERSEDE = """
       AND event.position > %(after)s AND event.position <= %(until)s
       AND subscription.destination <> 'pull'
       AND ((subscription.is_active AND subscription.disabled_at IS NULL) OR event.is_retraction)
       AND event.at >= subscription.created_at
       AND (%(subscription)s::bigint IS NULL OR subscription.id = %(subscription)s)
       AND (%(since)s::timestamptz IS NULL OR event.at >= %(since)s)
       AND (%(before)s::timestamptz IS NULL OR event.at < %(before)s)
     ORDER BY event.position, subscription.id
        ON CONFLICT (subscription_id, event_id) DO NOTHING
 RETURNING subscription_id, subject_uid, position, event_id
), superseded AS (
    UPDATE newsexchange_delivery AS earlier
       SET status = CASE WHEN own.is_retraction THEN earlier.status ELSE 'canceled' END,
           finished_at = CASE WHEN own.is_retraction THEN NULL ELSE statement_timestamp() END,
           error = CASE WHEN own.is_retraction THEN earlier.error ELSE 'superseded' END,
           due_at = CASE WHEN own.is_retraction THEN statement_timestamp() ELSE earlier.due_at END
      FROM made
      JOIN core_outboxevent AS retraction ON retraction.id = made.event_id AND retraction.is_retraction,
           core_outboxevent AS own
     WHERE earlier.subject_uid = made.subject_uid AND earlier.subscription_id = made.subscription_id
       AND earlier.position < made.position AND earlier.status = 'pending' AND own.id = earlier.event_id
       AND (earlier.leased_until IS NULL OR earlier.leased_until < statement_timestamp())
)
SELECT count(*) FROM made
"""
_MAKE = "".join((_INSERT, _WANTED, _SUPERSEDE))

_PAGE = """
       AND subscription.id = %(subscription)s AND event.position > %(after)s AND event.position <= %(until)s
     ORDER BY event.position
     LIMIT %(limit)s
"""
_PULL = "".join(("SELECT event.id", _WANTED, _PAGE))

_NEXT = """
SELECT max(position), count(*) FROM (
    SELECT position FROM core_outboxevent WHERE position > %s ORDER BY position LIMIT %s) AS batch
"""


def fan_out() -> int:
    """Number what is new and make deliveries of it. Nothing while another is at it.

    A long backlog is left to the next calls, so that whoever sends what is made need not wait for the end. Returns how
    many events were gone through, whether or not anybody wants them: 0 says that there is nothing left to do here.
    """
    seen = made = 0
    if not has_events_to_fan_out():
        return seen
    number_events()
    for _ in range(MOST_BATCHES):
        events, deliveries = _fan_out_batch()
        seen += events
        made += deliveries
        if not events or made >= MOST_ROWS:
            break
    return seen


def has_events_to_fan_out() -> bool:
    """Whether events were written that have no deliveries yet, numbered or not."""
    reached = Fanout.objects.filter(name=NAME).values_list("position", flat=True).first() or 0
    return OutboxEvent.objects.filter(Q(position__isnull=True) | Q(position__gt=reached)).exists()


def fan_out_again(subscription: Subscription, since: datetime, until: datetime | None = None) -> int:
    """Make the deliveries that an active subscription missed in this time, while it was paused or disabled."""
    with transaction.atomic():
        reached = Fanout.objects.filter(name=NAME).values_list("position", flat=True).first() or 0
        return _make(after=0, until=reached, subscription=subscription.pk, since=since, before=until)


def wanted_by(subscription: Subscription, *, after: int, until: int, limit: int) -> list[int]:
    """Ids of the events of these positions that pass the subscription's filter, in order: for a partner who fetches."""
    with connection.cursor() as cursor:
        cursor.execute(
            _PULL,
            _places() | {"subscription": subscription.pk, "after": after, "until": until, "limit": limit},
        )
        return [int(pk) for (pk,) in cursor.fetchall()]


@transaction.atomic
def _fan_out_batch() -> tuple[int, int]:
    """Of the next batch of numbered events: their number and that of the deliveries made; (0, 0) if there is none or
    somebody else has it."""
    Fanout.objects.get_or_create(name=NAME)
    fanout = Fanout.objects.select_for_update(skip_locked=True).filter(name=NAME).first()
    if fanout is None:
        return 0, 0
    listening = Subscription.objects.filter(is_active=True, disabled_at__isnull=True).exclude(
        destination=Destination.PULL
    )
    size = max(1, min(MOST_EVENTS, MOST_ROWS // max(1, listening.count())))
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [fanout.position, size])
        until, events = cursor.fetchone()
    if until is None:
        return 0, 0
    made = _make(after=fanout.position, until=until)
    Fanout.objects.filter(name=NAME).update(position=until)
    return int(events), made


def _make(
    *,
    after: int,
    until: int,
    subscription: int | None = None,
    since: datetime | None = None,
    before: datetime | None = None,
) -> int:
    values = {"after": after, "until": until, "subscription": subscription, "since": since, "before": before}
    with connection.cursor() as cursor:
        cursor.execute(_MAKE, _places() | values)
        return int(cursor.fetchone()[0])


def _places() -> dict[str, Any]:
    return {"places": _PLACES, "known": _KNOWN_PLACES}
