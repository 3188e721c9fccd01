"""Erasing what the audit trail quotes of a row, where somebody has a right to it. That it was done stays for ever."""

from django.db import connection, transaction

from mediaexchange.core.context import acting
from mediaexchange.core.models import User
from mediaexchange.core.trail.sql import PAYLOAD

_KEEP = f"""
INSERT INTO core_auditerasure (entry_id, payload, reason)
SELECT entry.id, {PAYLOAD}, %(reason)s
  FROM core_auditentry AS entry
 WHERE entry.table_name = %(table)s AND entry.row_pk = %(row_pk)s AND entry.changed <> '{{}}'
    ON CONFLICT (entry_id) DO NOTHING
"""  # noqa: S608 — the digest is a constant of ours

_ERASE = """
UPDATE core_auditentry AS entry
   SET changed = '{}'
  FROM core_auditerasure AS erasure
 WHERE erasure.entry_id = entry.id AND entry.table_name = %(table)s AND entry.row_pk = %(row_pk)s
   AND entry.changed <> '{}'
"""


@transaction.atomic
def erase_values(table: str, row_pk: str, *, actor: User, reason: str) -> int:
    """Empty all that the trail quotes of one row; returns how many entries. Safe to repeat.

    When, by whom and in which table something was done stays. Dumps made before hold the values until they are rotated.
    """
    asked = {"table": table, "row_pk": row_pk, "reason": reason}
    with acting(actor.pk), connection.cursor() as cursor:
        cursor.execute(_KEEP, asked)
        cursor.execute(_ERASE, asked)
        return int(cursor.rowcount)
