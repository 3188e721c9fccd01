"""The ledger of deliveries: claiming what is due, and writing down how it went. Every destination goes through here.

A claim is a lease with a fencing token: whoever lost it meanwhile has its late word refused. Within one subscription
the events of a story go one after another; other stories do not wait for them.
"""

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

import structlog
from django.db import connection, transaction

from mediaexchange.core.outbox import record
from newsexchange.constants import DeliveryStatus, Destination
from newsexchange.models import Delivery, Subscription

LEASE = timedelta(seconds=60)
LADDER = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)  # the waits between the attempts; the first is made at once
MAX_ATTEMPTS = len(LADDER) + 1
JITTER = 0.2
BREAKER_AFTER = 4  # failures in a row
BREAKER_FIRST = timedelta(minutes=1)
BREAKER_LONGEST = timedelta(hours=24)
LONGEST_RETRY_AFTER = timedelta(hours=24)
GONE = 410
_NOTED_EVERY = timedelta(seconds=10)  # how exact “last success” of a healthy subscription is

log = structlog.get_logger(__name__)

# A subscription whose breaker was open lets one delivery through until one succeeds, and whoever failed last or never
# answered yet, a few. A digest is one message: there, order within a story is the composer's. Drop folders are
# ours: what is withdrawn is taken out of them though their subscription is paused.
_CLAIM = """
WITH ready AS MATERIALIZED (
    SELECT subscription.id, subscription.destination,
           subscription.is_active AND broadcaster.is_active AND subscription.disabled_at IS NULL AS is_listening,
           CASE WHEN subscription.trips > 0 THEN 1
                WHEN subscription.failures > 0 OR subscription.last_success_at IS NULL THEN least(10, %(each)s)
                ELSE %(each)s END - coalesce(busy.amount, 0) AS slots
      FROM newsexchange_subscription AS subscription
      JOIN broadcasters_broadcaster AS broadcaster ON broadcaster.id = subscription.broadcaster_id
      LEFT JOIN unnest(%(busy_ids)s::bigint[], %(busy_amounts)s::int[]) AS busy(id, amount)
             ON busy.id = subscription.id
     WHERE subscription.destination = ANY(%(destinations)s)
       AND (subscription.destination = 'drop'
            OR (subscription.is_active AND broadcaster.is_active AND subscription.disabled_at IS NULL))
       AND (subscription.open_until IS NULL OR subscription.open_until <= statement_timestamp())
       AND NOT (%(healthy_only)s AND subscription.failures > 0)
     ORDER BY subscription.id <= %(after)s, subscription.id
), chosen AS MATERIALIZED (
    SELECT due.id
      FROM ready CROSS JOIN LATERAL (
           SELECT delivery.id
             FROM newsexchange_delivery AS delivery
            WHERE delivery.subscription_id = ready.id AND delivery.status = 'pending'
              AND delivery.due_at <= statement_timestamp()
              AND (delivery.leased_until IS NULL OR delivery.leased_until < statement_timestamp())
              AND (ready.is_listening OR EXISTS (
                   SELECT FROM core_outboxevent AS event WHERE event.id = delivery.event_id AND event.is_retraction))
              AND (ready.destination = 'email' OR NOT EXISTS (
                   SELECT FROM newsexchange_delivery AS earlier
                    WHERE earlier.subscription_id = delivery.subscription_id AND earlier.status = 'pending'
                      AND earlier.subject_uid = delivery.subject_uid AND earlier.position < delivery.position
                      AND (ready.is_listening OR earlier.leased_until >= statement_timestamp())))
            ORDER BY delivery.due_at, delivery.position
            LIMIT greatest(ready.slots, 0)
              FOR UPDATE OF delivery SKIP LOCKED) AS due
     LIMIT %(limit)s
), claimed AS (
    UPDATE newsexchange_delivery AS delivery
       SET lease_token = %(token)s, leased_until = statement_timestamp() + %(lease)s
      FROM chosen
     WHERE delivery.id = chosen.id
 RETURNING delivery.*
)
SELECT * FROM claimed ORDER BY position, subscription_id
"""

# A failed attempt is not repeated once a retraction of the same story waits behind it.
_CLOSE = """
WITH told AS (
    SELECT * FROM unnest(
        %(ids)s::bigint[], %(tokens)s::uuid[], %(statuses)s::text[], %(waits)s::interval[], %(answers)s::int[],
        %(errors)s::text[], %(durations)s::int[], %(counts)s::int[]
    ) AS told(id, token, status, wait, answer, error, duration_ms, counted)
), closed AS (
    UPDATE newsexchange_delivery AS delivery
       SET status = word.status,
           attempts = delivery.attempts + told.counted,
           due_at = CASE WHEN word.status = 'pending' THEN statement_timestamp() + told.wait ELSE delivery.due_at END,
           finished_at = CASE WHEN word.status = 'pending' THEN NULL ELSE statement_timestamp() END,
           lease_token = NULL, leased_until = NULL,
           response_status = told.answer, error = told.error, duration_ms = told.duration_ms
      FROM told
      CROSS JOIN LATERAL (
           SELECT CASE WHEN told.status = 'pending' AND EXISTS (
                            SELECT FROM newsexchange_delivery AS this
                              JOIN newsexchange_delivery AS later
                                ON later.subscription_id = this.subscription_id AND later.status = 'pending'
                               AND later.subject_uid = this.subject_uid AND later.position > this.position
                              JOIN core_outboxevent AS event ON event.id = later.event_id AND event.is_retraction
                              JOIN core_outboxevent AS own ON own.id = this.event_id AND NOT own.is_retraction
                             WHERE this.id = told.id)
                       THEN 'canceled' ELSE told.status END AS status) AS word
     WHERE delivery.id = told.id AND delivery.lease_token = told.token AND delivery.status = 'pending'
 RETURNING delivery.id, delivery.attempts
), failed AS (
    INSERT INTO newsexchange_deliveryattempt (delivery_id, number, at, response_status, error, duration_ms)
    SELECT closed.id, closed.attempts, statement_timestamp(), told.answer, told.error, told.duration_ms
      FROM closed JOIN told USING (id)
     WHERE told.status IN ('pending', 'failed')
)
SELECT id FROM closed
"""

# Rows are locked in one order, so that two dispatchers never wait for each other; what is counted is what was locked.
_JUDGE = """
WITH told AS (
    SELECT * FROM unnest(
        %(ids)s::bigint[], %(successes)s::bool[], %(failures)s::int[], %(errors)s::text[], %(pauses)s::interval[],
        %(gone)s::bool[]
    ) AS told(id, has_success, failures, error, pause, is_gone)
), locked AS MATERIALIZED (
    SELECT subscription.id, subscription.open_until,
           CASE WHEN told.has_success THEN 0 ELSE subscription.failures END + told.failures AS failures,
           CASE WHEN told.has_success THEN 0 ELSE subscription.trips END AS trips
      FROM newsexchange_subscription AS subscription JOIN told ON told.id = subscription.id
     WHERE NOT told.has_success OR told.failures > 0 OR subscription.failures > 0
        OR subscription.open_until IS NOT NULL OR subscription.last_success_at IS NULL
        OR subscription.last_success_at < statement_timestamp() - %(noted_every)s
     ORDER BY subscription.id
       FOR NO KEY UPDATE OF subscription
), state AS (
    SELECT told.*, locked.trips, locked.failures AS in_a_row,
           told.failures > 0 AND locked.failures >= %(breaker_after)s
           AND (locked.open_until IS NULL OR locked.open_until <= statement_timestamp()) AS opens
      FROM locked JOIN told USING (id)
)
UPDATE newsexchange_subscription AS subscription
   SET failures = state.in_a_row,
       trips = state.trips + CASE WHEN state.opens THEN 1 ELSE 0 END,
       open_until = CASE
           WHEN state.opens THEN statement_timestamp() + greatest(
                least(%(first)s * power(2, least(state.trips, 20)), %(longest)s), state.pause)
           WHEN state.pause IS NOT NULL
                THEN greatest(subscription.open_until, statement_timestamp() + state.pause)
           WHEN state.has_success AND state.failures = 0 THEN NULL
           ELSE subscription.open_until END,
       last_success_at = CASE WHEN state.has_success THEN statement_timestamp() ELSE subscription.last_success_at END,
       last_error_at = CASE WHEN state.error <> '' THEN statement_timestamp() ELSE subscription.last_error_at END,
       last_error = CASE WHEN state.error <> '' THEN state.error
                         WHEN state.has_success THEN '' ELSE subscription.last_error END,
       disabled_at = CASE WHEN state.is_gone THEN coalesce(subscription.disabled_at, statement_timestamp())
                          ELSE subscription.disabled_at END
  FROM state
 WHERE subscription.id = state.id
"""


@dataclass(frozen=True, slots=True)
class Result:
    """How one claimed delivery went. Make it by ``delivered``, ``missed`` or ``canceled``."""

    delivery: Delivery
    status: DeliveryStatus
    answer: int | None = None  # HTTP status, if something answered
    error: str = ""
    duration_ms: int | None = None
    retry_after: timedelta | None = None


def delivered(delivery: Delivery, *, answer: int | None = None, duration_ms: int | None = None) -> Result:
    """It arrived."""
    return Result(delivery, DeliveryStatus.DELIVERED, answer, duration_ms=duration_ms)


def missed(
    delivery: Delivery,
    error: str,
    *,
    answer: int | None = None,
    duration_ms: int | None = None,
    retry_after: timedelta | None = None,
) -> Result:
    """This attempt failed; it is repeated by the ladder, not before ``retry_after``, and given up after the last rung.

    An answer of 410 disables the subscription. ``error`` is read by the subscriber: it never quotes a response.
    """
    is_last = delivery.attempts + 1 >= MAX_ATTEMPTS
    status = DeliveryStatus.FAILED if is_last else DeliveryStatus.PENDING
    return Result(delivery, status, answer, error[:300], duration_ms, retry_after)


def canceled(delivery: Delivery, reason: str) -> Result:
    """It must not be sent any more. Says nothing about the health of the subscription."""
    return Result(delivery, DeliveryStatus.CANCELED, error=reason)


def claim_due(
    destinations: Iterable[Destination],
    limit: int,
    *,
    each: int = 50,
    in_flight: Mapping[int, int] | None = None,
    after: int = 0,
    healthy_only: bool = False,
) -> list[Delivery]:
    """Lease up to ``limit`` due deliveries, at most ``each`` less ``in_flight`` of one subscription.

    Paused, disabled and tripped subscriptions are passed over, but for withdrawals from paused drop folders.
    Subscriptions after id ``after`` come first: give the last one served, and nobody starves.
    """
    busy = dict(in_flight or {})
    return list(
        Delivery.objects.raw(
            _CLAIM,
            {
                "destinations": [str(destination) for destination in destinations],
                "limit": limit,
                "each": each,
                "busy_ids": list(busy),
                "busy_amounts": list(busy.values()),
                "after": after,
                "healthy_only": healthy_only,
                "token": uuid4(),
                "lease": LEASE,
            },
        )
    )


@transaction.atomic
def finish(results: Sequence[Result]) -> set[int]:
    """Write results down in one statement a table; returns the ids of the deliveries whose lease still stood.

    What was said under a lost lease is dropped: the new holder says how it went.
    """
    if not results:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(
            _CLOSE,
            {
                "ids": [result.delivery.pk for result in results],
                "tokens": [result.delivery.lease_token for result in results],
                "statuses": [str(result.status) for result in results],
                "waits": [_wait(result) for result in results],
                "answers": [result.answer for result in results],
                "errors": [result.error for result in results],
                "durations": [result.duration_ms for result in results],
                "counts": [int(result.status != DeliveryStatus.CANCELED) for result in results],
            },
        )
        stood = {int(pk) for (pk,) in cursor.fetchall()}
    _judge([result for result in results if result.delivery.pk in stood])
    if len(stood) < len(results):
        log.info("delivery.lease-lost", count=len(results) - len(stood))
    return stood


def _wait(result: Result) -> timedelta:
    """How long until the next attempt; nothing for what is over."""
    if result.status != DeliveryStatus.PENDING:
        return timedelta(0)
    rung = LADDER[result.delivery.attempts] * random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311 — spreads load
    return max(rung, _pause(result) or rung)


def _pause(result: Result) -> timedelta | None:
    return min(result.retry_after, LONGEST_RETRY_AFTER) if result.retry_after else None


@dataclass(slots=True)
class _Verdict:
    """What the results of one batch say of a subscription; failures are those after its last success."""

    has_success: bool = False
    failures: int = 0
    error: str = ""
    pause: timedelta | None = None
    is_gone: bool = False

    def hear(self, result: Result) -> None:
        if result.status == DeliveryStatus.DELIVERED:
            self.has_success, self.failures, self.error = True, 0, ""
        else:
            self.failures += 1
            self.error = result.error
            self.pause = _pause(result) or self.pause
            self.is_gone = self.is_gone or result.answer == GONE


def _judge(results: Sequence[Result]) -> None:
    """Count successes and failures of each subscription, open and close breakers, disable what is gone."""
    verdicts: dict[int, _Verdict] = {}
    for result in results:
        if result.status != DeliveryStatus.CANCELED:
            verdicts.setdefault(result.delivery.subscription_id, _Verdict()).hear(result)
    if not verdicts:
        return
    gone = [pk for pk, verdict in verdicts.items() if verdict.is_gone]
    disabled = list(Subscription.objects.filter(pk__in=gone, disabled_at__isnull=True)) if gone else []
    told = verdicts.values()
    values: dict[str, Any] = {
        "ids": list(verdicts),
        "successes": [verdict.has_success for verdict in told],
        "failures": [verdict.failures for verdict in told],
        "errors": [verdict.error for verdict in told],
        "pauses": [verdict.pause for verdict in told],
        "gone": [verdict.is_gone for verdict in told],
        "noted_every": _NOTED_EVERY,
        "first": BREAKER_FIRST,
        "longest": BREAKER_LONGEST,
        "breaker_after": BREAKER_AFTER,
    }
    with connection.cursor() as cursor:
        cursor.execute(_JUDGE, values)
    for subscription in disabled:
        record(
            "subscription.disabled",
            subject_type="subscription",
            subject_uid=subscription.uid,
            audience=[subscription.broadcaster_id],
            actor=None,
        )
