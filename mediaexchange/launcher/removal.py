"""Forgetting an installation: its database, queues and files."""

import shutil
import signal
from pathlib import Path

from mediaexchange.launcher.claim import Claim
from mediaexchange.launcher.errors import LauncherError
from mediaexchange.launcher.layout import Layout
from mediaexchange.launcher.processes import stop_all, working_in

OURS = (
    "postgres.partial", "log", "static", "media", "partner-feeds.port", "partner-feeds.began", "demo-key.json",
    "launcher.json", "launcher.lock",
)  # fmt: skip


def remove_data(layout: Layout) -> None:
    """Delete what the project put into its data directory and nothing else. Raises LauncherError while it runs."""
    if not layout.lock.exists():
        raise LauncherError(f"{layout.data} holds no data of this project.")
    claim = Claim(layout, "nowhere")
    claim.stop_orphans()
    for directory in (layout.postgres, layout.valkey):
        home = directory.resolve()
        stop_all(lambda home=home: working_in(home), (signal.SIGTERM, 3.0), (signal.SIGKILL, 3.0))  # type: ignore[misc]
        _remove(home)
        _remove(directory)
    for path in (layout.shared, layout.sockets, *(layout.data / name for name in OURS)):
        _remove(path)
    claim.release()
    layout.lock.unlink()
    if not any(layout.data.iterdir()):
        layout.data.rmdir()


def _remove(path: Path) -> None:
    if path.is_symlink() or path.is_file():
        path.unlink()
    elif path.exists():
        shutil.rmtree(path)
