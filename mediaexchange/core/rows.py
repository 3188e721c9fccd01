"""Many rows in one statement, handed to PostgreSQL as one JSON document.

Django's ``bulk_create`` quotes every value of every row in Python, and writes JSON with six characters for a Cyrillic
letter; for stories with all their texts that took longer than everything else.
"""

from collections.abc import Collection, Sequence
from typing import Any

import orjson
from django.db import connection
from django.db.models import Field, Model
from django.db.models.expressions import DatabaseDefault
from psycopg.sql import SQL, Composed, Identifier

_INSERT = """
INSERT INTO {table} ({columns})
SELECT {columns} FROM json_populate_recordset(NULL::{table}, %(rows)s::json) RETURNING {key}
"""
_UPDATE = """
UPDATE {table} AS stored SET {changes}
  FROM json_populate_recordset(NULL::{table}, %(rows)s::json) AS given WHERE stored.{key} = given.{key}
"""


def insert_rows(rows: Sequence[Model]) -> None:
    """Insert unsaved rows of one model, in this order, and give them their keys. What the database defaults, it sets.

    All rows leave the same columns to the database. Bytes in a JSON field are taken for JSON as it stands.
    """
    if not rows:
        return
    meta = rows[0]._meta
    left_out = {
        field
        for field in meta.concrete_fields
        if isinstance(value := field.pre_save(rows[0], add=True), DatabaseDefault) or (field.primary_key and not value)
    }
    fields = [field for field in meta.concrete_fields if field not in left_out]
    statement = SQL(_INSERT).format(
        table=Identifier(meta.db_table),
        columns=SQL(", ").join([_column(field) for field in fields]),
        key=_column(meta.pk),
    )
    for row, (key,) in zip(rows, _execute(statement, rows, fields, is_new=True), strict=True):
        row.pk = key
        row._state.adding = False
        row._state.db = connection.alias


def update_rows(rows: Sequence[Model], names: Collection[str]) -> None:
    """Write these fields of stored rows of one model; the caller has locked them."""
    if not rows:
        return
    meta = rows[0]._meta
    by_name = {field.name: field for field in meta.concrete_fields}
    fields = [by_name[name] for name in names]
    statement = SQL(_UPDATE).format(
        table=Identifier(meta.db_table),
        changes=SQL(", ").join([SQL("{column} = given.{column}").format(column=_column(field)) for field in fields]),
        key=_column(meta.pk),
    )
    _execute(statement, rows, [meta.pk, *fields], is_new=False)


def _execute(
    statement: Composed, rows: Sequence[Model], fields: Sequence["Field[Any, Any]"], *, is_new: bool
) -> list[tuple[Any]]:
    values = [{field.column: _value(field, row, is_new=is_new) for field in fields} for row in rows]
    with connection.cursor() as cursor:
        cursor.execute(statement.as_string(), {"rows": orjson.dumps(values).decode()})
        return cursor.fetchall() if is_new else []


def _column(field: "Field[Any, Any]") -> Identifier:
    return Identifier(str(field.column))


def _value(field: "Field[Any, Any]", row: Model, *, is_new: bool) -> Any:
    value = field.pre_save(row, is_new)
    return orjson.Fragment(value) if type(value) is bytes else value
