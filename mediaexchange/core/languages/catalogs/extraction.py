"""Translatable strings of sources, found with GNU xgettext as `makemessages` finds them, but written nowhere."""

import shutil
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import polib
from django.template import TemplateSyntaxError
from django.utils.translation import templatize

_TEMPLATES = {".html", ".txt"}
_OPTIONS = {
    "django": (
        "--language=Python",
        "--keyword=gettext_noop",
        "--keyword=gettext_lazy",
        "--keyword=ngettext_lazy:1,2",
        "--keyword=pgettext:1c,2",
        "--keyword=npgettext:1c,2,3",
        "--keyword=pgettext_lazy:1c,2",
        "--keyword=npgettext_lazy:1c,2,3",
    ),
    "djangojs": (
        "--language=JavaScript",
        "--keyword=gettext_noop",
        "--keyword=gettext_lazy",
        "--keyword=ngettext_lazy:1,2",
        "--keyword=pgettext:1c,2",
        "--keyword=npgettext:1c,2,3",
    ),
}


class ExtractionError(Exception):
    """The sources could not be read for translatable strings; the text says why."""


def extract(root: Path, files: Iterable[Path], domain: str = "django") -> list[polib.POEntry]:
    """The messages of `files` (Python, templates or, for djangojs, scripts) with places relative to `root`, in order.

    Raises ExtractionError when xgettext is missing or refuses a file, or a template's translation tags are wrong.
    """
    program = shutil.which("xgettext")
    if program is None:
        raise ExtractionError("xgettext is missing: install the Debian package gettext.")
    with TemporaryDirectory() as folder:
        names = "\n".join(str(_readable(root, file, Path(folder))) for file in sorted(files))
        if not names:
            return []
        command = [
            program,
            "--from-code=UTF-8",
            "--add-comments=Translators",
            "--add-location=file",
            "--no-wrap",
            "--files-from=-",
            "--output=-",
            *_OPTIONS[domain],
        ]
        # The program is the system's gettext and the names are those of installed or own sources.
        result = subprocess.run(  # noqa: S603
            command, input=names, capture_output=True, text=True, encoding="utf-8", check=False
        )
        if result.returncode:
            raise ExtractionError(result.stderr.strip())
        entries = list(polib.pofile(result.stdout)) if result.stdout else []  # no message, no output
        for entry in entries:
            entry.occurrences = [(_place(name, root, Path(folder)), "") for name, _ in entry.occurrences]
    return sorted(entries, key=lambda entry: (entry.occurrences, entry.msgid, entry.msgctxt or ""))


def own_sources(root: Path, ignored: frozenset[str]) -> Iterator[Path]:
    """Python files and templates below `root`, except in hidden folders and the top folders named in `ignored`."""
    for top in sorted(root.iterdir()):
        if top.name.startswith(".") or top.name in ignored:
            continue
        for path in [top] if top.is_file() else sorted(top.rglob("*")):
            if path.suffix == ".py" or path.suffix in _TEMPLATES:
                yield path


def _readable(root: Path, file: Path, folder: Path) -> Path:
    """The file itself, or what Django's template engine makes of its translation tags in a temporary copy."""
    if file.suffix not in _TEMPLATES:
        return file
    copy = folder / f"{file.relative_to(root)}.py"
    copy.parent.mkdir(parents=True, exist_ok=True)
    try:
        copy.write_text(templatize(file.read_text(encoding="utf-8"), origin=str(file)), encoding="utf-8")
    except (SyntaxError, TemplateSyntaxError) as error:
        raise ExtractionError(f"{file}: {error}") from error
    return copy


def _place(name: str, root: Path, folder: Path) -> str:
    path = Path(name)
    if path.is_relative_to(folder):
        return path.relative_to(folder).with_suffix("").as_posix()
    return path.relative_to(root).as_posix()
