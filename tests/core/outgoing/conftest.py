import contextlib
from collections.abc import Callable, Iterator

import pytest

from mediaexchange.core.outgoing.client import Client
from mediaexchange.core.outgoing.guard import AddressGuard
from tests.core.outgoing.loopback import LoopbackServer, Script

Serve = Callable[..., LoopbackServer]
ClientFor = Callable[..., Client]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Start servers that end with the test."""
    with contextlib.ExitStack() as running:

        def start(*scripts: Script) -> LoopbackServer:
            return running.enter_context(LoopbackServer(*scripts))

        yield start


@pytest.fixture
def client_for() -> ClientFor:
    """A client that may reach just these servers."""

    def make(*servers: LoopbackServer) -> Client:
        return Client(AddressGuard(server.pair for server in servers), user_agent="mediaexchange-test")

    return make
