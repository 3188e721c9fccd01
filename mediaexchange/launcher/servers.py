"""Both embedded servers together: `with running():` is all a caller needs."""

import contextlib
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from mediaexchange.launcher.accounts import server_account
from mediaexchange.launcher.embedded import EmbeddedServer
from mediaexchange.launcher.layout import SOCKET_ROOT, Layout
from mediaexchange.launcher.postgres import PostgresServer
from mediaexchange.launcher.storage import prepare_data, prepare_sockets
from mediaexchange.launcher.urls import database_url, redis_url
from mediaexchange.launcher.valkey import ValkeyServer

THROWAWAY = "mx-throwaway-"


class Servers:
    """PostgreSQL and Valkey of one layout, each left out where the environment already names a server.

    Start and stop from the main thread: the servers end with the thread that started them.
    """

    def __init__(self, layout: Layout, *, durable: bool = True, postgres: bool = True, valkey: bool = True) -> None:
        self.layout = layout
        self.account = server_account(layout.postgres)
        self._wanted: list[EmbeddedServer] = []
        if valkey:
            self._wanted.append(ValkeyServer(layout, self.account, durable=durable))
        if postgres:
            self._wanted.append(PostgresServer(layout, self.account, durable=durable))
        self.started: list[EmbeddedServer] = []
        self.adopted: list[EmbeddedServer] = []

    @classmethod
    def from_environment(cls) -> "Servers":
        """Those of this installation which DATABASE_URL and REDIS_URL do not replace."""
        return cls(
            Layout.from_environment(),
            postgres=not os.environ.get("DATABASE_URL"),
            valkey=not os.environ.get("REDIS_URL"),
        )

    def start(self) -> None:
        """Start or adopt; returns when all answer. Raises LauncherError, and then nothing is left running."""
        prepare_data(self.layout)
        try:
            self._start(self._wanted)
        except BaseException:
            for server in self._wanted:
                server.stop()
            raise

    def _start(self, servers: list[EmbeddedServer]) -> None:
        """The lock keeps a second launcher from starting the same server at the same moment."""
        with self.layout.lock.open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            prepare_sockets(self.layout, self.account)
            for server in servers:
                (self.started if server.start() else self.adopted).append(server)

    def stop(self) -> None:
        """Stop what `start` started; adopted servers stay. Safe to repeat."""
        for server in self.started:
            server.ask_to_stop()
        while self.started:
            self.started.pop().stop()
        with contextlib.suppress(OSError), self.layout.lock.open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self.layout.sockets.rmdir()

    def kill(self) -> None:
        """Stop at once what `start` started, without waiting."""
        for server in self.started:
            server.kill()

    def revive(self) -> list[str]:
        """Start again what has ended and return the names; an adopted server whose owner has left becomes ours."""
        dead = [server for server in self.started if server.process and server.process.poll() is not None]
        dead += [server for server in self.adopted if not server.is_healthy()]
        if dead:
            self.started = [server for server in self.started if server not in dead]
            self.adopted = [server for server in self.adopted if server not in dead]
            self._start(dead)
        return [server.name for server in dead]

    def environment(self) -> dict[str, str]:
        """The addresses as environment variables, for child processes."""
        names = {server.name for server in self._wanted}
        return {
            "MEDIAEXCHANGE_DATA": str(self.layout.data),
            "DATABASE_URL": database_url(self.layout if PostgresServer.name in names else None),
            "REDIS_URL": redis_url(self.layout if ValkeyServer.name in names else None),
        }


@contextlib.contextmanager
def running(servers: Servers | None = None) -> Iterator[Servers]:
    """The installation's servers (or those given) answer inside the block; afterwards those it started are stopped."""
    servers = servers or Servers.from_environment()
    servers.start()
    try:
        yield servers
    finally:
        servers.stop()


@contextlib.contextmanager
def throwaway(*, durable: bool = False) -> Iterator[Servers]:
    """Empty servers in a temporary directory for tests, quick and unsafe unless told; of killed runs nothing stays."""
    for leftover in SOCKET_ROOT.glob(f"{THROWAWAY}*"):
        _remove_if_abandoned(leftover)
    directory = Path(tempfile.mkdtemp(prefix=THROWAWAY, dir=SOCKET_ROOT))
    directory.chmod(0o755)
    layout = Layout.at(directory)
    try:
        with (directory / "in-use").open("wb") as claim:
            fcntl.flock(claim, fcntl.LOCK_EX)
            with running(Servers(layout, durable=durable)) as servers:
                yield servers
    finally:
        _remove(layout)


def _remove_if_abandoned(directory: Path) -> None:
    with contextlib.suppress(OSError), (directory / "in-use").open("rb") as claim:
        fcntl.flock(claim, fcntl.LOCK_EX | fcntl.LOCK_NB)
        _remove(Layout.at(directory))


def _remove(layout: Layout) -> None:
    shutil.rmtree(layout.sockets, ignore_errors=True)
    shutil.rmtree(layout.data, ignore_errors=True)
