"""The account the embedded servers run under: PostgreSQL refuses to work as root."""

import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mediaexchange.launcher.errors import LauncherError

CANDIDATES = ("nobody", "postgres")


@dataclass(frozen=True)
class Account:
    """A user of this machine; `switch` is true when becoming it means giving up root."""

    uid: int
    gid: int
    switch: bool

    def popen_options(self) -> dict[str, Any]:
        """Arguments for `subprocess.Popen` which make the child run under this account and no other group."""
        if not self.switch:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def give(self, path: Path, mode: int) -> None:
        """Make the account the owner of `path`; our own group keeps the right to enter where `mode` says so."""
        path.chmod(mode)
        if self.switch:
            os.chown(path, self.uid, os.getegid())

    def may_enter(self, directory: Path) -> bool:
        """Whether the account can reach what lies in `directory`, judged by the mode bits of it and its parents."""
        resolved = directory.resolve()
        return all(self._may_search(folder) for folder in (resolved, *resolved.parents))

    def _may_search(self, folder: Path) -> bool:
        if not self.switch:
            return os.access(folder, os.X_OK)
        info = folder.stat()
        if info.st_uid == self.uid:
            return bool(info.st_mode & stat.S_IXUSR)
        if info.st_gid == self.gid:
            return bool(info.st_mode & stat.S_IXGRP)
        return bool(info.st_mode & stat.S_IXOTH)


def server_account(data: Path | None = None) -> Account:
    """Ourselves, or for root an unprivileged account: the owner of `data` if it exists already, else nobody.

    Raises LauncherError where root finds no unprivileged account to become.
    """
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid(), switch=False)
    if data is not None and data.exists() and data.stat().st_uid != 0:
        owner = data.stat().st_uid
        try:
            return Account(owner, pwd.getpwuid(owner).pw_gid, switch=True)
        except KeyError:
            return Account(owner, owner, switch=True)
    for name in CANDIDATES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid, switch=True)
    raise LauncherError(
        f"PostgreSQL does not run as root and this machine has none of the accounts {', '.join(CANDIDATES)}. "
        "Start as an ordinary user, or point DATABASE_URL at a server."
    )
