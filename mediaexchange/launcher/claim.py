"""Who is running on a data directory, kept so that the next start can clean up after a killed launcher."""

import fcntl
import json
import signal
from typing import Any, BinaryIO

from mediaexchange.launcher.errors import AlreadyRunningError
from mediaexchange.launcher.layout import Layout
from mediaexchange.launcher.processes import session_members, started_at, stop_all
from mediaexchange.launcher.storage import prepare_data


class Claim:
    """The exclusive right to run the project's processes on one data directory; the kernel ends it with the process."""

    def __init__(self, layout: Layout, address: str) -> None:
        """Raises AlreadyRunningError, with the other launcher's address, when it is taken."""
        prepare_data(layout)
        self._layout = layout
        self._address = address
        self._children: dict[int, tuple[str, int]] = {}
        self._lock: BinaryIO = layout.data.joinpath("launcher.lock").open("ab")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._lock.close()
            other = self._read().get("address", "another address")
            raise AlreadyRunningError(
                f"The project is already running at {other} with data in {layout.data}."
            ) from None

    def stop_orphans(self) -> list[str]:
        """Stop what an earlier launcher could not stop because it was killed; returns the names."""
        names = []
        for record in self._read().get("children", []):
            pid, started = record["pid"], record["started"]
            if session_members(pid, started):
                names.append(record["name"])
                stop_all(lambda p=pid, s=started: session_members(p, s), (signal.SIGTERM, 3.0), (signal.SIGKILL, 2.0))  # type: ignore[misc]
        self._write()
        return names

    def add(self, name: str, pid: int) -> None:
        """Remember a child which leads a session of its own."""
        started = started_at(pid)
        if started is not None:
            self._children[pid] = (name, started)
            self._write()

    def members(self, pid: int) -> list[int]:
        """The living processes of a remembered child, itself included."""
        return session_members(pid, self._children[pid][1]) if pid in self._children else []

    def remove(self, pid: int) -> None:
        if self._children.pop(pid, None):
            self._write()

    def release(self) -> None:
        self._layout.state.unlink(missing_ok=True)
        self._lock.close()

    def _read(self) -> dict[str, Any]:
        try:
            content = json.loads(self._layout.state.read_text())
        except (OSError, ValueError):
            return {}
        return content if isinstance(content, dict) else {}

    def _write(self) -> None:
        children = [{"name": name, "pid": pid, "started": at} for pid, (name, at) in self._children.items()]
        partial = self._layout.state.with_suffix(".partial")
        partial.write_text(json.dumps({"address": self._address, "children": children}))
        partial.replace(self._layout.state)
