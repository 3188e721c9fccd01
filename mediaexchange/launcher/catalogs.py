"""Compiled translations, made from the .po files where they are missing or older."""

import os
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

from mediaexchange.launcher.layout import REPOSITORY


def stale_catalogs(root: Path = REPOSITORY) -> list[Path]:
    """The .po files of the project and its apps whose .mo file is missing or older."""
    sources = [*root.glob("locale/**/LC_MESSAGES/*.po"), *root.glob("*/locale/*/LC_MESSAGES/*.po")]
    return sorted(source for source in sources if _modified(source.with_suffix(".mo")) < _modified(source))


def compile_catalogs(sources: list[Path]) -> str | None:
    """Compile with gettext's msgfmt or polib, whichever is there; returns why it was not possible, None if it was."""
    if not shutil.which("msgfmt") and not find_spec("polib"):
        return "translations not compiled: install gettext, or polib with `make setup`"
    for source in sources:
        if not os.access(source.parent, os.W_OK):
            return f"translations not compiled: {source.parent} is read-only"
        partial = source.with_suffix(f".mo.{os.getpid()}")  # another process may be compiling it, too
        _compile(source, partial)
        partial.replace(source.with_suffix(".mo"))
    return None


def _compile(source: Path, target: Path) -> None:
    if find_spec("polib"):
        import polib

        polib.pofile(str(source)).save_as_mofile(str(target))
    else:
        subprocess.run(["msgfmt", "-o", str(target), str(source)], check=True)  # noqa: S603, S607 - msgfmt is the system's


def _modified(path: Path) -> float:
    return path.stat().st_mtime if path.exists() else 0.0
