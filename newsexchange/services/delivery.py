"""The ledger of deliveries: writing down how each went. Every destination goes through here.

What is said under a lost lease is refused. What failed is tried again by a ladder of waits.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import orjson
import structlog
from django.db import connection, transaction

from newsexchange.constants import DeliveryStatus
from newsexchange.services.breaker import Verdict, judge, lock_for_judging
from newsexchange.services.claiming import Claim

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
LONGEST_RETRY_AFTER = timedelta(hours=24)
GONE = 410

log = structlog.get_logger(__name__)

# A failed attempt is not repeated once a retraction of the same story waits behind it.
_CLOSE = """
WITH told AS (
    SELECT * FROM json_to_recordset(%(told)s::json) AS told(
        id bigint, token uuid, status text, wait_s float, answer int, error text, duration_ms int, counted int)
), closed AS (
    UPDATE newsexchange_delivery AS delivery
       SET status = word.status,
           attempts = delivery.attempts + told.counted,
           due_at = CASE WHEN word.status = 'pending' THEN statement_timestamp() + told.wait_s * interval '1 second'
                         ELSE delivery.due_at END,
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


@dataclass(frozen=True, slots=True)
class Result:
    """How one claimed delivery went. Make it by ``delivered``, ``missed`` or ``canceled``."""

    delivery: Claim
    status: DeliveryStatus
    answer: int | None = None  # HTTP status, if something answered
    error: str = ""
    duration_ms: int | None = None
    retry_after: timedelta | None = None


def delivered(delivery: Claim, *, answer: int | None = None, duration_ms: int | None = None) -> Result:
    """It arrived."""
    return Result(delivery, DeliveryStatus.DELIVERED, answer, duration_ms=duration_ms)


def missed(
    delivery: Claim,
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


def canceled(delivery: Claim, reason: str) -> Result:
    """It must not be sent any more. Says nothing about the health of the subscription."""
    return Result(delivery, DeliveryStatus.CANCELED, error=reason)


@transaction.atomic
def finish(results: Sequence[Result]) -> set[int]:
    """Write results down in one statement a table; returns the ids of the deliveries whose lease still stood.

    What was said under a lost lease is dropped: the new holder says how it went. Subscriptions are locked first.
    """
    if not results:
        return set()
    heard = [result for result in results if result.status != DeliveryStatus.CANCELED]
    locked = _lock(heard) if heard else set()
    stood = _close(results)
    judge(_verdicts([result for result in heard if result.delivery.pk in stood], locked))
    if len(stood) < len(results):
        log.info("delivery.lease-lost", count=len(results) - len(stood))
    return stood


def _lock(results: Sequence[Result]) -> set[int]:
    has_failed: dict[int, bool] = {}
    for result in results:
        pk = result.delivery.subscription_id
        has_failed[pk] = has_failed.get(pk, False) or result.status != DeliveryStatus.DELIVERED
    return lock_for_judging(has_failed)


def _close(results: Sequence[Result]) -> set[int]:
    told = [
        {
            "id": result.delivery.pk,
            "token": result.delivery.lease_token,
            "status": result.status,
            "wait_s": _wait(result).total_seconds(),
            "answer": result.answer,
            "error": result.error.replace("\0", ""),
            "duration_ms": result.duration_ms,
            "counted": int(result.status != DeliveryStatus.CANCELED),
        }
        for result in sorted(results, key=lambda result: result.delivery.pk)
    ]
    with connection.cursor() as cursor:
        cursor.execute(_CLOSE, {"told": orjson.dumps(told).decode()})
        return {int(pk) for (pk,) in cursor.fetchall()}


def _wait(result: Result) -> timedelta:
    """How long until the next attempt; nothing for what is over."""
    if result.status != DeliveryStatus.PENDING:
        return timedelta(0)
    rung = LADDER[result.delivery.attempts] * random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311 — spreads load
    return max(rung, _pause(result) or rung)


def _pause(result: Result) -> timedelta | None:
    return min(result.retry_after, LONGEST_RETRY_AFTER) if result.retry_after else None


def _verdicts(results: Sequence[Result], locked: set[int]) -> dict[int, Verdict]:
    """By subscription. What was not locked has only gone on being well."""
    verdicts: dict[int, Verdict] = {}
    for result in results:
        pk = result.delivery.subscription_id
        if pk not in locked:
            continue
        verdict = verdicts.setdefault(pk, Verdict())
        if result.status == DeliveryStatus.DELIVERED:
            verdict.hear_success()
        else:
            verdict.hear_failure(result.error, pause=_pause(result), is_gone=result.answer == GONE)
    return verdicts
