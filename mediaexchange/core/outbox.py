"""The outbox: events are rows written with the change they tell of; positions are given after the commit.

A plain sequence is not gap-free: a slow transaction commits a smaller number after a reader has passed it. So rows are
born without a position, and ``number_events`` — one at a time, under an advisory lock — numbers the committed ones. The
order within a subject is the order in which its row lock was held, since the event's id is drawn while it is held.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from mediaexchange.core.bell import ring_after_commit
from mediaexchange.core.models import OutboxEvent, User

_NUMBERER = 0x6D78_6F75  # advisory lock key: "mxou"

_NUMBER = """
WITH last AS (SELECT coalesce(max(position), 0) AS position FROM core_outboxevent),
     born AS (SELECT id, row_number() OVER (ORDER BY id) AS place FROM core_outboxevent WHERE position IS NULL)
UPDATE core_outboxevent AS event
   SET position = last.position + born.place
  FROM born, last
 WHERE event.id = born.id
"""


def record(
    kind: str,
    *,
    subject_type: str,
    subject_uid: UUID,
    subject_version: int | None = None,
    audience: Iterable[int],
    actor: User | None,
    is_retraction: bool = False,
    **data: Any,
) -> OutboxEvent:
    """Write an event in the caller's transaction; it exists if and only if the change does."""
    if not connection.in_atomic_block:
        raise RuntimeError("An event is recorded in the transaction of its change.")
    ring_after_commit()
    return OutboxEvent.objects.create(
        kind=kind,
        subject_type=subject_type,
        subject_uid=subject_uid,
        subject_version=subject_version,
        audience=sorted(set(audience)),
        actor=actor,
        is_retraction=is_retraction,
        data=data,
    )


def number_events() -> int:
    """Give positions to committed events that have none; returns how many. Safe to call at any time, by anyone."""
    if not OutboxEvent.objects.filter(position__isnull=True).exists():
        return 0
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_NUMBERER])
        cursor.execute(_NUMBER)  # its snapshot is younger than the lock: the numberer before has committed
        return int(cursor.rowcount)
