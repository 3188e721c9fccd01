import pytest

from tests.archive import footage
from tests.stores import disk_stores


@pytest.fixture(autouse=True)
def stores(tmp_path, settings):
    """Media and drops on a disk of the test's own."""
    return disk_stores(settings, tmp_path)


@pytest.fixture(scope="session")
def media(tmp_path_factory):
    """A folder of tiny recordings by name, made once; see ``footage``."""
    return footage.make_all(tmp_path_factory.mktemp("footage"))
