"""A queryset's SQL, built once and run often: the rule stays in the queryset, the cost of building it is paid once.

Give the queryset marks where values will stand, and the values when it runs. PostgreSQL prepares the statement on each
connection the first time.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import count
from typing import Any

import psycopg
from django.db import connection
from django.db.models import QuerySet

_MARK = re.compile("%[s%]")


@dataclass(frozen=True, slots=True)
class Compiled:
    """``slots`` maps the place of a parameter to the name of the value that stands there; the others are constants."""

    sql: str
    constants: tuple[Any, ...]
    slots: tuple[tuple[int, str], ...]

    def parameters(self, values: dict[str, Any]) -> list[Any]:
        filled = list(self.constants)
        for place, name in self.slots:
            filled[place] = values[name]
        return filled


def compile_queryset(queryset: QuerySet[Any], marks: dict[str, Any]) -> Compiled:
    """``marks`` maps names to values that occur nowhere else in the query. Raises LookupError if one was not found."""
    sql, parameters = queryset.query.get_compiler(connection.alias).as_sql()
    slots = []
    for name, mark in marks.items():
        places = [place for place, value in enumerate(parameters) if type(value) is type(mark) and value == mark]
        if not places:
            raise LookupError(f"the query has no place for {name}")
        slots += [(place, name) for place in places]
    return Compiled(sql, tuple(parameters), tuple(slots))


def run(sql: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    """All rows of a reading statement, prepared by the server on this connection. Raises Django's database errors."""
    if connection.queries_logged:  # somebody counts: be seen
        with connection.cursor() as logged:
            logged.execute(sql, parameters)
            return list(logged.fetchall())
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.RawCursor(connection.connection) as cursor:
        return cursor.execute(_numbered(sql), parameters, prepare=True).fetchall()


@lru_cache(maxsize=256)
def _numbered(sql: str) -> str:
    """With PostgreSQL's own marks, $1 and on: the driver would look through a long statement for ours every time."""
    number = count(1)
    return _MARK.sub(lambda mark: "%" if mark[0] == "%%" else f"${next(number)}", sql)
