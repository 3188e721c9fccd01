import os
from collections.abc import Iterator

import pytest

from tests.faults.exchange import BEATS, WORKERS, Exchange, installation

SEED = int(os.environ.get("FAULTS_SEED", "2026"))  # another one finds other moments


@pytest.fixture(scope="module")
def whole_exchange() -> Iterator[Exchange]:
    with installation(SEED) as exchange:
        yield exchange


@pytest.fixture
def exchange(whole_exchange: Exchange) -> Exchange:
    """Two workers and two beats run, and nothing is left of the test before."""
    missing = [name for name in (*BEATS, *WORKERS) if name not in whole_exchange.running()]
    whole_exchange.start(*missing)
    return whole_exchange
