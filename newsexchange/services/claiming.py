"""Claiming what is due: a lease with a fencing token, so that whoever lost it meanwhile has its late word refused.

Within one subscription the events of a story go one after another; other stories do not wait for them.
"""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any, NamedTuple
from uuid import UUID, uuid4

import orjson
from django.db import connection

from newsexchange.constants import Destination

LEASE = timedelta(seconds=60)
FEW = 4  # at a time for whom has failed or never answered: as many as it takes to open its breaker

# A subscription whose breaker was open lets one delivery through until one succeeds, and whoever failed last or never
# answered yet, a few. A digest is one message: there, order within a story is the composer's. Drop folders are
# ours: what is withdrawn is taken out of them though their subscription is paused. Windows and what is under way come
# as JSON: a join with them is planned for a handful, and then looks through all of them for every subscription.
_CLAIM = """
WITH known AS MATERIALIZED (
    SELECT subscription.id, subscription.destination,
           subscription.is_active AND broadcaster.is_active AND subscription.disabled_at IS NULL AS is_listening,
           least(coalesce((%(windows)s::jsonb ->> subscription.id::text)::int, %(each)s),
                 CASE WHEN subscription.trips > 0 THEN 1
                      WHEN subscription.failures > 0 OR subscription.last_success_at IS NULL THEN %(few)s
                      ELSE %(each)s + %(limit)s END)
           - coalesce((%(in_flight)s::jsonb ->> subscription.id::text)::int, 0) AS slots
      FROM newsexchange_subscription AS subscription
      JOIN broadcasters_broadcaster AS broadcaster ON broadcaster.id = subscription.broadcaster_id
     WHERE subscription.destination = ANY(%(destinations)s)
       AND (subscription.destination = 'drop'
            OR (subscription.is_active AND broadcaster.is_active AND subscription.disabled_at IS NULL))
       AND (subscription.open_until IS NULL OR subscription.open_until <= statement_timestamp())
       AND NOT (%(healthy_only)s AND subscription.failures > 0)
), ready AS MATERIALIZED (
    SELECT * FROM known WHERE slots > 0 ORDER BY id <= %(after)s, id
), chosen AS MATERIALIZED (
    SELECT due.id
      FROM ready CROSS JOIN LATERAL (
           SELECT delivery.id
             FROM newsexchange_delivery AS delivery
            WHERE delivery.subscription_id = ready.id AND delivery.status = 'pending'
              AND delivery.due_at <= statement_timestamp()
              AND (delivery.leased_until IS NULL OR delivery.leased_until < statement_timestamp())
              AND (ready.is_listening OR (
                   SELECT event.is_retraction FROM core_outboxevent AS event WHERE event.id = delivery.event_id))
              AND (ready.destination = 'email' OR NOT EXISTS (
                   SELECT FROM newsexchange_delivery AS earlier
                    WHERE earlier.subscription_id = delivery.subscription_id AND earlier.status = 'pending'
                      AND earlier.subject_uid = delivery.subject_uid AND earlier.position < delivery.position
                      AND (ready.is_listening OR earlier.leased_until >= statement_timestamp())))
            ORDER BY delivery.due_at, delivery.position
            LIMIT ready.slots
              FOR UPDATE OF delivery SKIP LOCKED) AS due
     LIMIT %(limit)s
), claimed AS (
    UPDATE newsexchange_delivery AS delivery
       SET lease_token = %(token)s, leased_until = statement_timestamp() + %(lease)s
      FROM chosen
     WHERE delivery.id = chosen.id
 RETURNING delivery.id, delivery.uid, delivery.subscription_id, delivery.event_id, delivery.attempts,
           delivery.lease_token, delivery.position
)
SELECT id, uid, subscription_id, event_id, attempts, lease_token FROM claimed ORDER BY position, subscription_id
"""


class Claim(NamedTuple):
    """A delivery under lease, with what must be known of it to send it and to say how it went."""

    pk: int
    uid: UUID
    subscription_id: int
    event_id: int
    attempts: int
    lease_token: UUID


def claim_due(
    destinations: Iterable[Destination],
    limit: int,
    *,
    each: int = 50,
    windows: Mapping[int, int] | None = None,
    in_flight: Mapping[int, int] | None = None,
    after: int = 0,
    healthy_only: bool = False,
) -> list[Claim]:
    """Lease up to ``limit`` due deliveries. One subscription may have ``each`` under way, or what ``windows`` says.

    Of that, ``in_flight`` is taken. Paused, disabled and tripped subscriptions are passed over, but for withdrawals
    from paused drop folders. Subscriptions after id ``after`` come first: give the last one served, and nobody starves.
    """
    values: dict[str, Any] = {
        "destinations": [str(destination) for destination in destinations],
        "limit": limit,
        "each": each,
        "few": FEW,
        "windows": _json(windows),
        "in_flight": _json(in_flight),
        "after": after,
        "healthy_only": healthy_only,
        "token": uuid4(),
        "lease": LEASE,
    }
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, values)
        return [Claim._make(row) for row in cursor.fetchall()]


def _json(numbers: Mapping[int, int] | None) -> str:
    return orjson.dumps(dict(numbers or {}), option=orjson.OPT_NON_STR_KEYS).decode()
