"""What starting, adopting and stopping an embedded server has in common."""

import signal
import subprocess
import time
from abc import ABC, abstractmethod
from pathlib import Path
from typing import ClassVar

from mediaexchange.launcher.accounts import Account
from mediaexchange.launcher.errors import LauncherError
from mediaexchange.launcher.layout import Layout
from mediaexchange.launcher.processes import die_with_parent, stop_all, working_in
from mediaexchange.launcher.storage import server_home

ATTEMPTS = 3
READY_SECONDS = 60.0
LOG_BYTES = 10_000_000


class EmbeddedServer(ABC):
    """One server over one data directory; `durable=False` trades safety against power loss for speed, for tests."""

    name: ClassVar[str]
    stop_signal: ClassVar[signal.Signals]
    last_resort: ClassVar[signal.Signals]

    def __init__(self, layout: Layout, account: Account, *, durable: bool = True) -> None:
        self.layout = layout
        self.account = account
        self.durable = durable
        self.process: subprocess.Popen[bytes] | None = None

    @property
    @abstractmethod
    def directory(self) -> Path:
        """The data directory's name inside the layout; it may be a link."""

    @abstractmethod
    def is_healthy(self) -> bool:
        """Whether a server of this data directory answers a question, not merely accepts a connection."""

    @abstractmethod
    def prepare(self, home: Path) -> None:
        """Make `home` a data directory the server can start from. Safe to repeat."""

    @abstractmethod
    def command(self, home: Path) -> list[str]:
        """The server's argument vector."""

    @abstractmethod
    def clear_stale(self, home: Path) -> None:
        """Remove what a killed server left; called when no process works in `home`."""

    @abstractmethod
    def bootstrap(self) -> None:
        """Create what the project needs inside the running server. Safe to repeat."""

    def start(self) -> bool:
        """Run the server until it answers. False if a healthy one was there already, which then is not ours to stop."""
        if self.is_healthy():
            self.bootstrap()
            return False
        home = server_home(self.directory, self.layout, self.account)
        self._evict(home)
        self.prepare(home)
        for attempt in range(ATTEMPTS):
            self.clear_stale(home)
            self._spawn(home)
            if self._becomes_ready():
                self.bootstrap()
                return True
            self.stop()
            time.sleep(0.2 * (attempt + 1))
        raise LauncherError(f"{self.name} does not start. The end of {self.log}:\n{self._log_end()}")

    def ask_to_stop(self) -> None:
        """Begin what `stop` waits for."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(self.stop_signal)

    def stop(self) -> None:
        """Stop the server this object started: politely for 3 s, then firmly."""
        if self.process is None:
            return
        for number, seconds in ((self.stop_signal, 3.0), (self.last_resort, 2.0), (signal.SIGKILL, 2.0)):
            if self.process.poll() is not None:
                break
            self.process.send_signal(number)
            try:
                self.process.wait(seconds)
            except subprocess.TimeoutExpired:
                continue
        self.process = None

    def kill(self) -> None:
        """Stop within a second. Nothing committed is lost: both servers recover from their logs at the next start."""
        if self.process is not None:
            home = self.directory.resolve()
            stop_all(lambda: working_in(home), (self.last_resort, 0.5), (signal.SIGKILL, 0.5))

    @property
    def log(self) -> Path:
        return self.layout.logs / f"{self.name.lower()}.log"

    def _evict(self, home: Path) -> None:
        """Stop servers over the same data which do not answer any more; two at once would destroy it."""
        steps = ((self.stop_signal, 5.0), (self.last_resort, 3.0), (signal.SIGKILL, 3.0))
        if not stop_all(lambda: working_in(home), *steps):
            raise LauncherError(f"Processes {working_in(home)} still use {home} and cannot be stopped.")

    def _spawn(self, home: Path) -> None:
        if self.log.exists() and self.log.stat().st_size > LOG_BYTES:
            self.log.replace(self.log.with_suffix(".log.1"))
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603 - the program comes from an installed wheel, without a shell
                self.command(home),
                cwd="/",
                env={"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=die_with_parent(self.stop_signal),
                **self.account.popen_options(),
            )

    def _becomes_ready(self) -> bool:
        assert self.process is not None
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline and self.process.poll() is None:
            if self.is_healthy():
                return True
            time.sleep(0.02)
        return False

    def _log_end(self) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-12:])
