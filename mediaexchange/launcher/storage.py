"""Directories of the embedded servers: who owns them, and where they go when the data directory is closed to them."""

import os
import stat
from pathlib import Path

from mediaexchange.launcher.accounts import Account
from mediaexchange.launcher.binaries import trusted_directory
from mediaexchange.launcher.errors import LauncherError
from mediaexchange.launcher.layout import Layout


def prepare_data(layout: Layout) -> None:
    """Create the data directory. Raises LauncherError where it cannot be written."""
    try:
        if not layout.data.exists():
            layout.data.mkdir(parents=True)
            layout.data.chmod(0o755)
        layout.logs.mkdir(exist_ok=True)
        layout.lock.touch()
    except OSError as error:
        raise LauncherError(
            f"Cannot write to {layout.data} ({error.strerror}). Set MEDIAEXCHANGE_DATA to a directory of yours."
        ) from error


def server_home(directory: Path, layout: Layout, account: Account) -> Path:
    """The real folder behind `directory`, a link to a shared place if `account` could not enter the data directory."""
    if directory.is_symlink() or account.may_enter(layout.data):
        return directory.resolve()
    if directory.is_dir():
        raise LauncherError(f"The account of the servers can no longer enter {layout.data}; open that path for others.")
    layout.shared.mkdir(mode=0o755, exist_ok=True)
    layout.shared.chmod(0o755)
    trusted_directory(layout.shared)
    home = layout.shared / directory.name
    directory.symlink_to(home)
    return home


def prepare_sockets(layout: Layout, account: Account) -> None:
    """Create the private directory of the sockets: whoever may enter it may connect."""
    layout.sockets.mkdir(mode=0o700, exist_ok=True)
    info = layout.sockets.lstat()
    if not stat.S_ISDIR(info.st_mode) or info.st_uid not in {os.geteuid(), account.uid}:
        raise LauncherError(f"{layout.sockets} belongs to somebody else; look at it, remove it and start again.")
    account.give(layout.sockets, 0o710 if account.switch else 0o700)
