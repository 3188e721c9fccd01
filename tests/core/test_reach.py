"""A Redis that hangs: whoever a visitor waits for gives up soon, and asks again only after a while."""

import os
import shutil
import signal
import tempfile
import time
from pathlib import Path

import pytest

from mediaexchange.core import bell, reach
from mediaexchange.core.api import throttling
from mediaexchange.launcher.layout import Layout
from mediaexchange.launcher.servers import Servers, running
from mediaexchange.launcher.urls import broker_url

TASK = "mediaexchange.core.tasks.beat_heart"


@pytest.fixture
def hang(settings, monkeypatch):
    """Stop a Valkey of the test's own, which everybody asks for the while, without ending it."""
    directory = Path(tempfile.mkdtemp(prefix="mx-reach-"))
    directory.chmod(0o755)
    monkeypatch.setattr(reach, "_away_until", 0.0)
    with running(Servers(Layout.at(directory / "data"), durable=False, postgres=False)) as servers:
        address = servers.environment()["REDIS_URL"]
        settings.REDIS_URL = address
        settings.REDIS_OPTIONS = reach.CLIENT_OPTIONS
        settings.CACHES = {
            "default": settings.CACHES["default"] | {"LOCATION": address, "OPTIONS": reach.CLIENT_OPTIONS}
        }
        monkeypatch.setenv("CELERY_BROKER_WRITE_URL", broker_url(address))
        throttling._client.cache_clear()
        pid = servers.started[0].process.pid
        yield lambda: os.kill(pid, signal.SIGSTOP)
        os.kill(pid, signal.SIGCONT)
    throttling._client.cache_clear()
    shutil.rmtree(directory, ignore_errors=True)


def seconds_of(deed):
    begun = time.monotonic()
    deed()
    return time.monotonic() - begun


def test_a_bell_whose_redis_hangs_gives_up_soon_and_rests_a_while(hang):
    bell.wake(TASK)  # connected
    assert reach._away_until == 0.0
    hang()
    assert 0.9 < seconds_of(lambda: bell.wake(TASK)) < 4
    assert seconds_of(lambda: [bell.wake(TASK) for _ in range(5)]) < 0.9


@pytest.mark.django_db
def test_a_request_whose_redis_hangs_is_answered_soon_and_uncounted(belgrade, hang):
    assert "RateLimit" in belgrade.get("me/").headers
    hang()
    answers = []
    assert seconds_of(lambda: answers.append(belgrade.get("me/"))) < 3
    assert (answers[0].status_code, "RateLimit" in answers[0].headers) == (200, False)
    assert reach._away_until > time.monotonic()
    bell._rung_at = -1.0
    assert seconds_of(bell.ring) < 0.2
