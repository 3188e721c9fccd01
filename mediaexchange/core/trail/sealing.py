"""Sealing the audit trail: batches of committed entries become links of a chain that cannot be altered unseen.

Entries commit out of the order of their ids. So the newest id is marked with a fence: the number of a transaction that
begins later than all that may still commit a smaller id. It is sealed once all older ones of this database have ended.
Writers wait for nobody, and nobody waits for other databases of the server.
"""

import time

from django.db import connection, transaction

from mediaexchange.core.trail.sql import ENTRY_DIGEST, SEAL_DIGEST

BATCH = 1000
_SEALER = 0x6D78_7365  # advisory lock key: "mxse"

# A transaction holds a lock upon its own number until it has ended and can be seen. The lock has 32 bits of the number.
_RUNS_BEFORE = """
EXISTS (
    SELECT FROM pg_locks AS held
      LEFT JOIN pg_stat_activity AS session ON session.pid = held.pid
     WHERE held.locktype = 'transactionid' AND held.mode = 'ExclusiveLock'
       AND (held.pid IS NULL OR session.datname = current_database())
       AND (({fence}) - held.transactionid::text::bigint) & 4294967295 BETWEEN 1 AND 2147483647
)
"""

# The trigger draws an entry's id when its transaction has a number already; this one gets its own after it has seen the
# newest id. A fence of the future was set by another server, before the database was restored here.
_MARK = f"""
INSERT INTO core_auditmark AS mark (id, last_id, fence)
SELECT 1, max(id), pg_current_xact_id()::text::bigint
  FROM core_auditentry
HAVING max(id) > coalesce((SELECT last_id FROM core_auditseal ORDER BY position DESC LIMIT 1), 0)
    ON CONFLICT (id) DO UPDATE SET last_id = excluded.last_id, fence = excluded.fence
 WHERE mark.fence > excluded.fence OR NOT {_RUNS_BEFORE.format(fence="mark.fence")}
"""  # noqa: S608 — constants of ours

_MAY_SEAL = f"SELECT 1 FROM core_auditmark AS mark WHERE NOT {_RUNS_BEFORE.format(fence='mark.fence')}"  # noqa: S608

_SEAL = f"""
WITH head AS (SELECT position, digest, last_id FROM core_auditseal ORDER BY position DESC LIMIT 1),
batch AS (
    SELECT entry.id, {ENTRY_DIGEST} AS digest
      FROM core_auditentry AS entry
      LEFT JOIN core_auditerasure AS erasure ON erasure.entry_id = entry.id
     WHERE entry.id > coalesce((SELECT last_id FROM head), 0)
       AND entry.id <= (SELECT last_id FROM core_auditmark)
     ORDER BY entry.id
     LIMIT %s
), seal AS (
    SELECT coalesce((SELECT position FROM head), 0) + 1 AS position, (SELECT digest FROM head) AS previous_digest,
           (SELECT last_id FROM head) AS after_id, max(id) AS last_id, array_agg(id ORDER BY id) AS entries,
           array_agg(digest ORDER BY id) AS digests, statement_timestamp() AS sealed_at
      FROM batch
    HAVING count(*) > 0
)
INSERT INTO core_auditseal (position, previous_digest, after_id, last_id, entries, digests, sealed_at, digest)
SELECT position, previous_digest, after_id, last_id, entries, digests, sealed_at, {SEAL_DIGEST} FROM seal
RETURNING cardinality(entries)
"""  # noqa: S608 — both digests are constants of ours


def seal_entries(*, seconds: float = 60.0) -> int:
    """Seal what has been committed, for about so many seconds; returns how many entries. Safe to repeat and to kill.

    What is written meanwhile, or while an older transaction runs, waits for the next time. Inside of a transaction
    nothing is sealed.
    """
    if connection.in_atomic_block:
        return 0
    ends = time.monotonic() + seconds
    sealed = _seal_marked(ends)
    if time.monotonic() < ends:
        _mark()
        sealed += _seal_marked(ends)
    return sealed


def _seal_marked(ends: float) -> int:
    sealed = 0
    while time.monotonic() < ends and (count := seal_batch()):
        sealed += count
    return sealed


def _mark() -> None:
    with connection.cursor() as cursor:
        cursor.execute(_MARK)


@transaction.atomic
def seal_batch() -> int:
    """One seal of at most ``BATCH`` entries up to the mark; returns how many, 0 if nothing may be sealed yet."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_SEALER])
        cursor.execute(_MAY_SEAL)
        if cursor.fetchone() is None:
            return 0
        cursor.execute(_SEAL, [BATCH])  # its snapshot is younger than lock and answer: seals and entries are in it
        row = cursor.fetchone()
    return int(row[0]) if row else 0
