"""The system's Chromium against a live server of the suite. A page that misbehaves fails its test."""

import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import cache
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.desk import DESKTOP, Desk
from tests.browser.watch import Watch

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

# Long, as a machine may be busy with other things; what does not come at all still fails.
_PATIENCE_MS = 60_000
expect.set_options(timeout=_PATIENCE_MS / 2)

OpenDesk = Callable[..., Desk]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    found = next(filter(None, map(shutil.which, _NAMES)), None)
    if found is None:
        pytest.fail("No browser found: install the Debian package `chromium`.", pytrace=False)
    with pytest.MonkeyPatch.context() as environment:
        # Playwright's event loop runs in this thread, beside the fixtures' queries, which never wait on it.
        environment.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        with sync_playwright() as playwright:
            chromium = playwright.chromium.launch(executable_path=found, args=_FLAGS)
            yield chromium
            chromium.close()


@pytest.fixture
def open_desk(request: pytest.FixtureRequest, browser: Browser, live_server: Any) -> Iterator[OpenDesk]:
    """Opens a window with a profile of its own; when the test is over, every window must have behaved."""
    cache.clear()
    windows = []

    def opened(language: str = "en", **options: Any) -> Desk:
        context = browser.new_context(viewport=DESKTOP, **options)
        context.set_default_timeout(_PATIENCE_MS)
        windows.append((context, Watch(context, live_server.url)))
        road = request.node.originalname.removeprefix("test_")
        return Desk(context.new_page(), live_server.url, language, road)

    yield opened
    complaints = []
    for context, watch in windows:
        context.close()
        complaints += watch.complaints
    assert not complaints, "\n".join(complaints)
