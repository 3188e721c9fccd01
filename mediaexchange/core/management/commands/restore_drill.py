"""``manage.py restore_drill DUMP``: can this dump be restored, and is what it holds whole?"""

import os
import subprocess
import sys
import time
from argparse import ArgumentParser
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import structlog
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from psycopg import sql

from mediaexchange.launcher.drill import restored
from mediaexchange.launcher.errors import LauncherError

_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
_NEWEST = "SELECT max(at) FROM core_auditentry"

log = structlog.get_logger(__name__)


class Command(BaseCommand):
    help = (
        "Restore a dump into a throwaway server, bring it up to the installed code, verify its audit trail, and read "
        "some of the media files that it names. Ends with status 1 if anything is wrong. The installation's own "
        "database is neither read nor written."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("dump", type=Path, help="made by pg_dump --format=custom")
        parser.add_argument(
            "--media", type=int, default=100, metavar="N", help="how many media files to read, at random (100)"
        )

    def handle(self, *args: Any, dump: Path, media: int, **options: Any) -> None:
        if not dump.exists():
            raise CommandError(f"There is no {dump}.")
        began = time.monotonic()
        try:
            with restored(dump) as addresses:
                self._told("restored", began)
                self._sum_up(addresses["DATABASE_URL"])
                failed = [
                    title
                    for title, *command in (
                        ("upgrade to the installed code", "migrate", "--no-input", "-v0"),
                        ("audit trail", "verify_audit"),
                        ("media files", "check_media", f"--sample={media}"),
                    )
                    if not self._is_well(title, command, addresses)
                ]
        except LauncherError as error:
            log.error("restore.failed", dump=str(dump))
            raise CommandError(str(error), returncode=1) from error
        except psycopg.errors.UndefinedTable as error:
            log.error("restore.failed", dump=str(dump))
            raise CommandError(f"{dump} is no dump of an exchange: it holds no audit trail.", returncode=1) from error
        if failed:
            log.error("restore.faults", dump=str(dump), failed=failed)
            raise CommandError(f"Restored, but not whole: {', '.join(failed)}.", returncode=1)
        self._told("The dump can be restored and is whole", began)

    def _sum_up(self, database: str) -> None:
        with psycopg.connect(database) as connection:
            tables = [name for (name,) in connection.execute(_TABLES)]
            counts = (
                connection.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(name))).fetchone()
                for name in tables
            )
            rows = sum(count[0] for count in counts if count)
            (newest,) = connection.execute(_NEWEST).fetchone() or (None,)
        self.stdout.write(f"{len(tables)} tables, {rows:,} rows")
        if newest is None:
            self.stdout.write("newest change: none")
            return
        hours = (datetime.now(UTC) - newest).total_seconds() / 3600
        self.stdout.write(f"newest change: {newest:%Y-%m-%d %H:%M:%S} UTC, {hours:.1f} hours ago")

    def _is_well(self, title: str, command: list[str], addresses: dict[str, str]) -> bool:
        """Run another command on the restored database, in a process that knows no other."""
        began = time.monotonic()
        done = subprocess.run(  # noqa: S603 - this program again
            [sys.executable, str(settings.BASE_DIR / "manage.py"), *command],
            env=os.environ | addresses,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
        )
        self._told(f"{title}: {'well' if done.returncode == 0 else 'FAILED'}", began)
        for line in done.stdout.splitlines():
            self.stdout.write(f"  {line}")
        return done.returncode == 0

    def _told(self, what: str, began: float) -> None:
        self.stdout.write(f"{what} ({time.monotonic() - began:.1f} s)")
        self.stdout.flush()
