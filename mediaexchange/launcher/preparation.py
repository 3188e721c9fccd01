"""What a start can skip: fingerprints of the last migration, static files and demo data, cheap to compare."""

import hashlib
import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from mediaexchange.launcher.layout import REPOSITORY

STATIC_STAMP = ".fingerprint"


class DatabaseNote:
    """A JSON comment on the database itself, so that it is lost together with what it tells about."""

    def __init__(self, url: str) -> None:
        self._url = url

    def migrations_are_current(self) -> bool:
        """Whether this code's migrations were the last applied and nobody has applied or reverted any since."""
        with psycopg.connect(self._url) as connection:
            noted = _read(connection).get("migrations")
            return noted is not None and noted == [_migration_files(), *_applied(connection)]

    def note_migrations(self) -> None:
        with psycopg.connect(self._url) as connection:
            _write(connection, _read(connection) | {"migrations": [_migration_files(), *_applied(connection)]})

    def has_demo(self, partner_feeds_url: str) -> bool:
        """Whether demo data was loaded completely and points at these partner feeds."""
        with psycopg.connect(self._url) as connection:
            return bool(_read(connection).get("demo") == partner_feeds_url)

    def note_demo(self, partner_feeds_url: str) -> None:
        with psycopg.connect(self._url) as connection:
            _write(connection, _read(connection) | {"demo": partner_feeds_url})


def static_files_are_current(static_root: Path) -> bool:
    try:
        return (static_root / STATIC_STAMP).read_text() == _static_files()
    except OSError:
        return False


def note_static_files(static_root: Path) -> None:
    static_root.mkdir(parents=True, exist_ok=True)
    (static_root / STATIC_STAMP).write_text(_static_files())


def _read(connection: psycopg.Connection[Any]) -> dict[str, Any]:
    query = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database()"
    row = connection.execute(query).fetchone()
    try:
        content = json.loads(row[0]) if row and row[0] else {}
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}


def _write(connection: psycopg.Connection[Any], note: dict[str, Any]) -> None:
    """Only the owner may comment; with a stranger's database every start checks the migrations in full."""
    database = sql.Identifier(connection.info.dbname)
    try:
        connection.execute(sql.SQL("COMMENT ON DATABASE {} IS {}").format(database, sql.Literal(json.dumps(note))))
    except psycopg.errors.InsufficientPrivilege:
        connection.rollback()


def _applied(connection: psycopg.Connection[Any]) -> list[int]:
    if connection.execute("SELECT to_regclass('django_migrations')").fetchone() == (None,):
        return [0, 0]
    row = connection.execute("SELECT count(*), coalesce(max(id), 0) FROM django_migrations").fetchone()
    return list(row) if row else [0, 0]


def _migration_files() -> str:
    return _fingerprint(
        [
            REPOSITORY / "requirements.txt",
            *REPOSITORY.glob("*/migrations/*.py"),
            *REPOSITORY.glob("*/*/migrations/*.py"),
        ]
    )


def _static_files() -> str:
    folders = [*REPOSITORY.glob("*/static"), *REPOSITORY.glob("*/*/static")]
    files = [file for folder in folders if folder.parts[-2] != "var" for file in folder.rglob("*") if file.is_file()]
    return _fingerprint([REPOSITORY / "requirements.txt", *files])


def _fingerprint(files: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for file in sorted(files):
        digest.update(os.fsencode(file.relative_to(REPOSITORY)) + b"\0" + file.read_bytes())
    return digest.hexdigest()[:32]
