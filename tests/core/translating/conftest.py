"""A service on loopback that may be reached."""

from collections.abc import Iterator

import pytest

from tests.core.translating.stub import Stub


@pytest.fixture
def stub(settings) -> Iterator[Stub]:
    with Stub() as running:
        settings.OUTGOING_ALLOWED_ADDRESSES = (running.pair,)
        yield running
