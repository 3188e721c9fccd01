"""A sealed trail for tests, and hands that reach past the database's guards."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from mediaexchange.core.models import AuditEntry, KeepWord
from mediaexchange.core.trail.verifying import verify

GUARDS = [("core_auditentry", "append_only"), ("core_auditentry", "only_erased"), ("core_auditseal", "append_only")]


class _Undone(Exception):
    pass


def write(*texts: str) -> list[int]:
    """One audited row for each text; the ids of their entries."""
    rows = [KeepWord.objects.create(text=f"Word {text}") for text in texts]
    entries = AuditEntry.objects.filter(table_name="core_keepword", row_pk__in=[str(row.pk) for row in rows])
    return list(entries.order_by("pk").values_list("pk", flat=True))


def execute(sql: str, *values) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


@contextmanager
def undone() -> Iterator[None]:
    """A transaction that does not commit."""
    try:
        with transaction.atomic():
            yield
            raise _Undone
    except _Undone:
        pass


@contextmanager
def unguarded() -> Iterator[None]:
    """As whoever owns the tables can reach past their guards."""
    with transaction.atomic():
        for table, trigger in GUARDS:
            execute(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")
        yield
        execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table, trigger in GUARDS:
            execute(f"ALTER TABLE {table} ENABLE TRIGGER {trigger}")


def faults() -> set[tuple[str, int]]:
    return {(str(finding.fault), finding.number) for checked in verify() for finding in checked.findings}
