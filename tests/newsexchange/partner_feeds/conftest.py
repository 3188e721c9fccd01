"""A run of the newsrooms that starts on a fixed afternoon, and a way to ask them anything at any second of it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from newsexchange.partner_feeds.responses import Newsrooms, Response
from newsexchange.partner_feeds.story_files import read_stories
from newsexchange.partner_feeds.timeline import Item, Timeline

STARTED_AT = datetime(2026, 11, 20, 14, 3, 7, tzinfo=UTC)

AskAt = Callable[..., Response]
ItemsAt = Callable[[str, float], tuple[Item, ...]]


def newsrooms_started_at(started_at: datetime, speed: float = 1.0) -> Newsrooms:
    shelf = read_stories()
    return Newsrooms(shelf, Timeline(shelf.stories, started_at=started_at, speed=speed), "http://127.0.0.1:8099")


@pytest.fixture
def newsrooms() -> Newsrooms:
    return newsrooms_started_at(STARTED_AT)


@pytest.fixture
def ask(newsrooms: Newsrooms) -> AskAt:
    """Ask for a path, so many seconds after the start, with request headers as keywords (``if_none_match=…``)."""

    def at(path: str, seconds: float = 0, **headers: str) -> Response:
        lower_case = {name.replace("_", "-"): value for name, value in headers.items()}
        return newsrooms.respond(path, lower_case, STARTED_AT + timedelta(seconds=seconds))

    return at


@pytest.fixture
def items_at(newsrooms: Newsrooms) -> ItemsAt:
    return lambda path, seconds: newsrooms.timeline.items(path, STARTED_AT + timedelta(seconds=seconds))
