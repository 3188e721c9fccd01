"""Verifying the audit trail: every seal follows from the one before, and every entry is what its seal says.

Whoever can write past the database's guards can also compute a whole new chain. That shows only against a digest of
its head that is kept elsewhere.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.db import connection

from mediaexchange.core.models import AuditEntry
from mediaexchange.core.trail.models import AuditSeal
from mediaexchange.core.trail.sql import ENTRY_DIGEST, SEAL_DIGEST

_WINDOW = 50  # seals of a thousand entries at most

_SEALS = f"""
SELECT seal.position, seal.after_id, seal.last_id, seal.digest = {SEAL_DIGEST},
       CASE WHEN seal.position = 1 THEN seal.previous_digest IS NULL AND seal.after_id IS NULL
            ELSE before.digest = seal.previous_digest AND before.last_id = seal.after_id END
  FROM core_auditseal AS seal
  LEFT JOIN core_auditseal AS before ON before.position = seal.position - 1
 WHERE seal.position BETWEEN %(first)s AND %(head)s
 ORDER BY seal.position
 LIMIT {_WINDOW}
"""  # noqa: S608 — both digests are constants of ours

_ENTRIES = f"""
WITH sealed AS (
    SELECT seal.position, item.id, item.digest
      FROM core_auditseal AS seal, unnest(seal.entries, seal.digests) AS item (id, digest)
     WHERE seal.position BETWEEN %(first)s AND %(last)s
), present AS (
    SELECT entry.id, {ENTRY_DIGEST} AS digest
      FROM core_auditentry AS entry
      LEFT JOIN core_auditerasure AS erasure ON erasure.entry_id = entry.id
     WHERE (%(after_id)s::bigint IS NULL OR entry.id > %(after_id)s) AND entry.id <= %(last_id)s
)
SELECT id, CASE WHEN present.digest IS NULL THEN 'removed' WHEN sealed.digest IS NULL THEN 'inserted' ELSE 'altered' END
  FROM sealed FULL JOIN present USING (id)
 WHERE sealed.digest IS DISTINCT FROM present.digest
 ORDER BY id
"""  # noqa: S608 — both digests are constants of ours


class Fault(StrEnum):
    ALTERED = "altered"
    REMOVED = "removed"
    INSERTED = "inserted"
    SEAL_ALTERED = "seal altered"
    SEAL_UNLINKED = "does not follow the seal before"


@dataclass(frozen=True, slots=True)
class Finding:
    """``number`` is an entry's id, or a seal's position if the fault is the seal's."""

    fault: Fault
    number: int


@dataclass(frozen=True, slots=True)
class Checked:
    """What was verified up to the seal at ``position``, a window at a time."""

    position: int
    findings: list[Finding]


def verify(*, first: int = 1) -> Iterator[Checked]:
    """Verify seals and their entries, from the seal at ``first`` to the present head. Writes nothing."""
    newest = head()
    while newest is not None and first <= newest.position:
        checked = _verify_window(first, newest.position)
        if checked is None:
            return
        yield checked
        first = checked.position + 1


def head() -> AuditSeal | None:
    """The newest seal; its digest stands for the whole trail up to its last entry."""
    return AuditSeal.objects.defer("entries", "digests").order_by("-position").first()


def unsealed_entries() -> int:
    """How many entries no seal covers yet."""
    newest = head()
    return AuditEntry.objects.filter(pk__gt=newest.last_id if newest else 0).count()


def _verify_window(first: int, newest: int) -> Checked | None:
    """None where a kept position has no seal after it."""
    with connection.cursor() as cursor:
        cursor.execute(_SEALS, {"first": first, "head": newest})
        seals = cursor.fetchall()
        if not seals:
            return None
        findings = [Finding(Fault.SEAL_ALTERED, seal[0]) for seal in seals if not seal[3]]
        findings += [Finding(Fault.SEAL_UNLINKED, seal[0]) for seal in seals if not seal[4]]
        last = seals[-1]
        window = {"first": seals[0][0], "last": last[0], "after_id": seals[0][1], "last_id": last[2]}
        cursor.execute(_ENTRIES, window)
        findings += [Finding(Fault(fault), number) for number, fault in cursor.fetchall()]
    return Checked(last[0], findings)
