import pytest

from tests.stores import disk_stores


@pytest.fixture(autouse=True)
def stores(tmp_path, settings):
    """Media and drops on a disk of the test's own."""
    return disk_stores(settings, tmp_path)
