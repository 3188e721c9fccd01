import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.core.outgoing.loopback import LoopbackServer, Script
from tests.newsexchange.delivery.receivers import Receiver


@pytest.fixture
def reachable(settings) -> Callable[[str], None]:
    """Lets the project post to a test's own server."""
    settings.OUTGOING_ALLOWED_ADDRESSES = ()

    def allow(pair: str) -> None:
        settings.OUTGOING_ALLOWED_ADDRESSES = (*settings.OUTGOING_ALLOWED_ADDRESSES, pair)

    return allow


@pytest.fixture
def receive(reachable) -> Iterator[Callable[..., Receiver]]:
    """Start receivers that end with the test."""
    with contextlib.ExitStack() as running:

        def start(*answers: Any, delay: float = 0) -> Receiver:
            receiver = running.enter_context(Receiver(*answers, delay=delay))
            reachable(receiver.pair)
            return receiver

        yield start


@pytest.fixture
def misbehave(reachable) -> Iterator[Callable[..., LoopbackServer]]:
    """Start servers that play scripts instead of speaking HTTP properly."""
    with contextlib.ExitStack() as running:

        def start(*scripts: Script, **options: Any) -> LoopbackServer:
            server = running.enter_context(LoopbackServer(*scripts, **options))
            reachable(server.pair)
            return server

        yield start
