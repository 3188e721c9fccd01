"""The embedded PostgreSQL: one cluster on a private socket, with a role for the project that is no superuser."""

import shutil
import signal
import subprocess
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from mediaexchange.launcher.binaries import postgres_binaries
from mediaexchange.launcher.embedded import EmbeddedServer
from mediaexchange.launcher.errors import LauncherError
from mediaexchange.launcher.urls import DATABASE, ROLE

SUPERUSER = "postgres"
EXTENSIONS = ("btree_gist", "intarray", "pg_trgm")
SETTINGS = {
    "listen_addresses": "",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "max_wal_size": "512MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "logging_collector": "off",
    "log_checkpoints": "off",
}
UNSAFE_BUT_QUICK = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "wal_level": "minimal"} | {
    "max_wal_senders": "0"
}


class PostgresServer(EmbeddedServer):
    name = "PostgreSQL"
    stop_signal = signal.SIGINT  # "fast": disconnects the clients and writes a checkpoint
    last_resort = signal.SIGQUIT  # "immediate": recovers at the next start

    @property
    def directory(self) -> Path:
        return self.layout.postgres

    def is_healthy(self) -> bool:
        if not self.layout.postgres_socket.exists():
            return False
        try:
            with self._connect("postgres") as connection:
                answer = connection.execute("SHOW data_directory").fetchone()
        except psycopg.OperationalError:
            return False
        return answer is not None and Path(answer[0]) == self.directory.resolve()

    def prepare(self, home: Path) -> None:
        program = postgres_binaries(self.account)
        written_by = home / "PG_VERSION"
        if written_by.exists():
            self._check_version(program, written_by.read_text().strip(), home)
            return
        if home.exists() and any(home.iterdir()):
            raise LauncherError(f"{home} is neither empty nor a PostgreSQL data directory.")
        self._initialise(program, home)

    def command(self, home: Path) -> list[str]:
        settings = SETTINGS | ({} if self.durable else UNSAFE_BUT_QUICK)
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        program = postgres_binaries(self.account) / "postgres"
        return [str(program), "-D", str(home), "-k", str(self.layout.sockets), *options]

    def clear_stale(self, home: Path) -> None:
        """Without this a pid file whose pid was given to another process of the account blocks the start for ever."""
        (home / "postmaster.pid").unlink(missing_ok=True)
        for socket in (self.layout.postgres_socket, self.layout.sockets / f"{self.layout.postgres_socket.name}.lock"):
            socket.unlink(missing_ok=True)

    def bootstrap(self) -> None:
        """Role, extensions in the template (so that test databases have them too) and, last of all, the database."""
        with self._connect("postgres") as connection:
            if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
                return
            role = sql.Identifier(ROLE)
            if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE]).fetchone():
                connection.execute(sql.SQL("CREATE ROLE {} LOGIN CREATEDB NOBYPASSRLS").format(role))
            with self._connect("template1") as template:
                for extension in EXTENSIONS:
                    template.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(extension)))
            connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(DATABASE), role))

    def _connect(self, database: str) -> psycopg.Connection[Any]:
        return psycopg.connect(
            host=str(self.layout.sockets),
            port=5432,
            user=SUPERUSER,
            dbname=database,
            connect_timeout=3,
            autocommit=True,
        )

    def _initialise(self, program: Path, home: Path) -> None:
        """Run initdb beside `home` and rename: an interrupted one is thrown away at the next start."""
        partial = home.with_name(f"{home.name}.partial")
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(mode=0o700)
        self.account.give(partial, 0o700)
        options = ["--auth=trust", f"--username={SUPERUSER}", "--encoding=UTF8", "--locale=C", "--no-instructions"]
        options += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", *([] if self.durable else ["--no-sync"])]
        done = subprocess.run(  # noqa: S603 - the program comes from an installed wheel, without a shell
            [str(program / "initdb"), "-D", str(partial), *options],
            cwd="/",
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            **self.account.popen_options(),
        )
        if done.returncode:
            raise LauncherError(f"initdb failed in {partial}:\n{done.stdout}{done.stderr}")
        if home.exists():
            home.rmdir()
        partial.rename(home)

    def _check_version(self, program: Path, written_by: str, home: Path) -> None:
        installed = subprocess.run(  # noqa: S603 - as above
            [str(program / "postgres"), "--version"], capture_output=True, text=True, check=True
        ).stdout.split()[-1]
        if installed.split(".")[0] != written_by:
            raise LauncherError(
                f"{home} was written by PostgreSQL {written_by} and {installed} is installed. Dump it with the old "
                "version and restore it with the new one, or remove the directory to start afresh."
            )
