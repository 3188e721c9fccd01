import pytest
from django.core.cache import cache

from tests.training.factories import make_coordinator, make_workshop


@pytest.fixture(autouse=True)
def nobody_has_asked() -> None:
    """Public pages count who asks how often."""
    cache.clear()


@pytest.fixture
def host(rts):
    """RTS's coordinator."""
    return make_coordinator(rts)


@pytest.fixture
def sender(ptrc):
    """PTRC's coordinator."""
    return make_coordinator(ptrc)


@pytest.fixture
def workshop(rts, ptrc):
    return make_workshop(rts)
