"""Bringing rows up to given values without undoing what a person has decided since."""

from collections import Counter
from collections.abc import Iterable
from typing import Any, TypeVar

from django.db.models import Manager, Model

from broadcasters.models.base import NamedRecord
from mediaexchange.core.models import AuditEntry

M = TypeVar("M", bound=Model)
Named = TypeVar("Named", bound=NamedRecord)


class Upsert:
    """Creates and updates rows, and counts by model what it did.

    A column, or a set of linked rows, that somebody signed in has changed keeps its value: the audit trail tells.
    """

    def __init__(self) -> None:
        self.counts: dict[str, Counter[str]] = {}
        self.written: list[Model] = []
        self._decided: dict[str, set[tuple[str, str]]] = {}

    def put(self, model: type[M], key: dict[str, Any], *, at_first: dict[str, Any] | None = None, **values: Any) -> M:
        """The row found by ``key``, with these values; ``at_first`` only counts when the row is made."""
        row = model._default_manager.filter(**key).first()
        if row is None:
            row = model(**key, **values, **(at_first or {}))
            row.clean_fields()
            row.save()
            self.written.append(row)
            self._count(model, "created")
            return row
        decided = self._decided_columns(model._meta.db_table)
        changed = [name for name, value in values.items() if _differs(row, name, value)]
        changed = [name for name in changed if (str(row.pk), _column(row, name)) not in decided]
        for name in changed:
            setattr(row, name, values[name])
        if changed:
            row.clean_fields()
            row.save(update_fields=changed)
            self.written.append(row)
        self._count(model, "updated" if changed else "unchanged")
        return row

    def link(self, links: Any, rows: Iterable[Model]) -> None:
        """Let a many-to-many manager hold exactly these rows, unless a person has chosen them."""
        wanted, present = {row.pk for row in rows}, set(links.values_list("pk", flat=True))
        if wanted != present and not _linked_by_hand(links):
            links.set(wanted)
            self._count(links.through, "updated" if present else "created")
        else:
            self._count(links.through, "unchanged")

    def _count(self, model: type[Model], result: str) -> None:
        self.counts.setdefault(model._meta.object_name or "", Counter())[result] += 1

    def _decided_columns(self, table: str) -> set[tuple[str, str]]:
        if table not in self._decided:
            entries = AuditEntry.objects.filter(table_name=table, action="update", actor_id__isnull=False)
            self._decided[table] = {
                (row_pk, column) for row_pk, changed in entries.values_list("row_pk", "changed") for column in changed
            }
        return self._decided[table]


def by_slug(model: type[Named]) -> dict[str, Named]:
    rows: Manager[Named] = model._default_manager
    return {row.slug: row for row in rows.all()}


def _column(row: Model, name: str) -> str:
    field: Any = row._meta.get_field(name)
    return str(field.column)


def _differs(row: Model, name: str, value: Any) -> bool:
    if isinstance(value, Model):
        return bool(getattr(row, f"{name}_id") != value.pk)
    current = getattr(row, name)
    return bool(current != value and (current or value))


def _linked_by_hand(links: Any) -> bool:
    return AuditEntry.objects.filter(
        table_name=links.through._meta.db_table,
        actor_id__isnull=False,
        **{f"changed__{links.source_field.column}": links.instance.pk},
    ).exists()
