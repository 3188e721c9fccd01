"""The circuit breaker of a subscription: who fails is left alone for a while, for longer each time.

The rows of subscriptions are locked before those of their deliveries, here and wherever both change.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection

from mediaexchange.core.outbox import record
from newsexchange.models import Subscription

BREAKER_AFTER = 4  # failures in a row
BREAKER_FIRST = timedelta(minutes=1)
BREAKER_LONGEST = timedelta(hours=24)
_NOTED_EVERY = timedelta(seconds=10)  # how exact “last success” of a healthy subscription is

# The ids are given twice: with statistics of yesterday a join alone is planned as every subscription × every result.
# In one order, so that two dispatchers never wait for each other. Who only goes on being well has nothing written.
_LOCK = """
SELECT subscription.id
  FROM newsexchange_subscription AS subscription
  JOIN unnest(%(ids)s::bigint[], %(failed)s::bool[]) AS told(id, has_failed) ON told.id = subscription.id
 WHERE subscription.id = ANY(%(ids)s::bigint[])
   AND (told.has_failed OR subscription.failures > 0 OR subscription.open_until IS NOT NULL
        OR subscription.last_success_at IS NULL
        OR subscription.last_success_at < statement_timestamp() - %(noted_every)s)
 ORDER BY subscription.id
   FOR NO KEY UPDATE OF subscription
"""

_JUDGE = """
WITH told AS (
    SELECT * FROM unnest(
        %(ids)s::bigint[], %(successes)s::bool[], %(failures)s::int[], %(errors)s::text[], %(pauses)s::interval[],
        %(gone)s::bool[]
    ) AS told(id, has_success, failures, error, pause, is_gone)
), known AS (
    SELECT told.*, subscription.open_until,
           CASE WHEN told.has_success THEN 0 ELSE subscription.failures END + told.failures AS in_a_row,
           CASE WHEN told.has_success THEN 0 ELSE subscription.trips END AS trips
      FROM newsexchange_subscription AS subscription JOIN told USING (id)
     WHERE subscription.id = ANY(%(ids)s::bigint[])
), state AS (
    SELECT *, failures > 0 AND in_a_row >= %(breaker_after)s
              AND (open_until IS NULL OR open_until <= statement_timestamp()) AS opens
      FROM known
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
 WHERE subscription.id = state.id AND subscription.id = ANY(%(ids)s::bigint[])
"""


@dataclass(slots=True)
class Verdict:
    """What the results of one batch say of a subscription; failures are those after its last success."""

    has_success: bool = False
    failures: int = 0
    error: str = ""
    pause: timedelta | None = None
    is_gone: bool = False

    def hear_success(self) -> None:
        self.has_success, self.failures, self.error = True, 0, ""

    def hear_failure(self, error: str, *, pause: timedelta | None, is_gone: bool) -> None:
        self.failures += 1
        self.error = error
        self.pause = pause or self.pause
        self.is_gone = self.is_gone or is_gone


def lock_for_judging(failed_by_id: Mapping[int, bool]) -> set[int]:
    """Lock, until the transaction ends, those of these subscriptions in which something may have to be written."""
    values: dict[str, Any] = {
        "ids": list(failed_by_id),
        "failed": list(failed_by_id.values()),
        "noted_every": _NOTED_EVERY,
    }
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, values)
        return {int(pk) for (pk,) in cursor.fetchall()}


def judge(verdicts: Mapping[int, Verdict]) -> None:
    """Count successes and failures of locked subscriptions, open and close breakers, disable what is gone."""
    if not verdicts:
        return
    disabled = list(_to_disable(pk for pk, verdict in verdicts.items() if verdict.is_gone))
    told = verdicts.values()
    values: dict[str, Any] = {
        "ids": list(verdicts),
        "successes": [verdict.has_success for verdict in told],
        "failures": [verdict.failures for verdict in told],
        "errors": [verdict.error for verdict in told],
        "pauses": [verdict.pause for verdict in told],
        "gone": [verdict.is_gone for verdict in told],
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


def _to_disable(ids: Iterable[int]) -> Iterable[Subscription]:
    gone = list(ids)
    return Subscription.objects.filter(pk__in=gone, disabled_at__isnull=True) if gone else ()
