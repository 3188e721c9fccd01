"""Many rows in one statement, handed to PostgreSQL as one JSON document.

Django's ``bulk_create`` quotes every value of every row in Python, and writes JSON with six characters for a Cyrillic
letter; for stories with all their texts that took longer than everything else. ``new_row`` makes the rows: a model's
constructor looks up the default of each of sixty columns, in each language where it is translated, for every row.
"""

from collections.abc import Callable, Collection, Sequence
from functools import cache
from typing import Any, TypeVar

import orjson
import psycopg
from django.db import connection
from django.db.models import DateField, Field, Model
from django.db.models.base import ModelState
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
_M = TypeVar("_M", bound=Model)


def new_row(model: type[_M], **values: Any) -> _M:
    """An unsaved row with the model's defaults and these values, made without its constructor or its signals."""
    same, fresh = _blank(model)
    row = model.__new__(model)
    row.__dict__.update(same, _state=ModelState())
    for name, default in fresh:
        row.__dict__[name] = default()
    for name, value in values.items():
        setattr(row, name, value)
    return row


@cache
def _blank(model: type[Model]) -> tuple[dict[str, Any], list[tuple[str, Callable[[], Any]]]]:
    """What all new rows share, and what each needs one of its own of: lists, dictionaries, random identities."""
    same = {name: value for name, value in model().__dict__.items() if name != "_state"}
    fresh = [
        (field.attname, field.get_default)
        for field in model._meta.concrete_fields
        if field.has_default() and callable(field.default)
    ]
    return same, fresh


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
    plain = [(str(field.column), field.attname) for field in fields if _is_stored_as_held(field)]
    others = [field for field in fields if not _is_stored_as_held(field)]
    values = []
    for row in rows:
        held = row.__dict__
        value = {column: held[name] for column, name in plain}
        for field in others:
            value[str(field.column)] = field.pre_save(row, is_new)
        values.append(value)
    connection.ensure_connection()
    # Bound by the server: the document would otherwise be quoted here, and be read twice there.
    with psycopg.Cursor(connection.connection) as bound:
        wrap = connection.make_debug_cursor if connection.queries_logged else connection.make_cursor
        cursor = wrap(bound)  # type: ignore[arg-type]  # what it wraps is the driver's cursor
        cursor.execute(statement.as_string(), {"rows": orjson.dumps(values, default=_as_it_stands).decode()})
        return cursor.fetchall() if is_new else []


def _is_stored_as_held(field: "Field[Any, Any]") -> bool:
    if isinstance(field, DateField):
        return not (field.auto_now or field.auto_now_add)
    return type(field).pre_save is Field.pre_save


def _as_it_stands(value: object) -> Any:
    if isinstance(value, bytes):
        return orjson.Fragment(value)
    raise TypeError


def _column(field: "Field[Any, Any]") -> Identifier:
    return Identifier(str(field.column))
