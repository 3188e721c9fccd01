"""Fixtures of the launcher's tests: installations of their own, under a path every account may enter."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.launcher.miniature import Miniature


@pytest.fixture
def place() -> Iterator[Path]:
    """A directory of the test's own in which root's servers, running as another account, can work."""
    directory = Path(tempfile.mkdtemp(prefix="mx-launcher-test-"))
    directory.chmod(0o755)
    yield directory
    shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture
def install(place: Path) -> Iterator[Callable[..., Miniature]]:
    """Make an installation at a path below the test's directory."""
    made: list[Miniature] = []

    def make(name: str = "project", **options: object) -> Miniature:
        made.append(Miniature(place / name, **options))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for miniature in made:
        miniature.stop()
