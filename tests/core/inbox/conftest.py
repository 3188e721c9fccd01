import pytest

from newsexchange.services.request import ask_story
from tests.factories import make_user


@pytest.fixture
def reader(rts):
    """At RTS's exchange desk, told at once of requests."""
    return make_user(rts, email="desk@example.org", language="en")


@pytest.fixture
def asker(ptrc):
    return make_user(ptrc)


@pytest.fixture
def ask(rts, ptrc, asker):
    """PTRC asks RTS for a story, of which RTS's people are told."""

    def ask(subject: str = "Snow in Belgrade"):
        return ask_story(asker=ptrc, of=rts, actor=asker, subject=subject)

    return ask
