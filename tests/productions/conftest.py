import pytest

from tests.productions.factories import make_producer, make_production


@pytest.fixture
def producer(rts):
    """In Belgrade."""
    return make_producer(rts)


@pytest.fixture
def partner(ptrc):
    """PTRC's producer, in Astana."""
    return make_producer(ptrc)


@pytest.fixture
def production(rts, ptrc):
    """An idea of RTS that PTRC sees."""
    return make_production(rts, ptrc)
