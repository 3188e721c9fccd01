"""A restore drill's ground: a dump is read into a PostgreSQL of its own, beside everything else, and thrown away."""

import contextlib
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

from mediaexchange.launcher.binaries import postgres_binaries
from mediaexchange.launcher.errors import LauncherError
from mediaexchange.launcher.servers import throwaway
from mediaexchange.launcher.urls import ROLE

_MOST_SAID = 2_000  # characters of what pg_restore says of its failure


@contextlib.contextmanager
def restored(dump: Path) -> Iterator[dict[str, str]]:
    """DATABASE_URL and REDIS_URL of servers that hold the dump, and nothing else, inside the block.

    The dump is one of ``pg_dump --format=custom`` (or ``directory``). Raises LauncherError with what pg_restore says if
    it cannot be read to its end.
    """
    with throwaway() as servers:
        environment = servers.environment()
        _restore(dump, postgres_binaries(servers.account) / "pg_restore", environment["DATABASE_URL"])
        yield {name: environment[name] for name in ("DATABASE_URL", "REDIS_URL")}


def _restore(dump: Path, program: Path, database: str) -> None:
    """As the manual says it is done on a real server."""
    options = ["--no-owner", "--no-privileges", "--no-comments", f"--role={ROLE}", "--exit-on-error"]
    options.append(f"--jobs={min(4, os.cpu_count() or 1)}")
    done = subprocess.run(  # noqa: S603 - the program comes from an installed wheel, without a shell
        [str(program), f"--dbname={database}", *options, str(dump)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode:
        raise LauncherError(f"{dump} cannot be restored:\n{done.stderr.strip()[-_MOST_SAID:]}")
