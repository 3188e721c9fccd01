"""Redis for those whom somebody waits for: they give up soon, and one that hangs is left alone for some seconds.

A Redis that is down refuses at once. One that hangs (a stopped process, a host that fell silent) costs a timeout each
time it is asked, and nothing that a visitor needs depends on it.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from kombu.exceptions import OperationalError
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError
from redis.exceptions import TimeoutError as RedisTimeoutError
from redis.retry import Retry

AWAY_S = 5.0  # how long this process leaves alone what has just hung
_PATIENCE_S = 0.3

# A connection that Redis has dropped is opened once more; one on which nothing comes is not waited for again.
CLIENT_OPTIONS: dict[str, Any] = {
    "socket_timeout": _PATIENCE_S,
    "socket_connect_timeout": _PATIENCE_S,
    "retry": Retry(NoBackoff(), 1, (RedisConnectionError,)),
}
BROKER_OPTIONS = {"socket_timeout": 1.0, "socket_connect_timeout": 1.0}

_away_until = 0.0


class AwayError(RedisError):
    """It hung a moment ago."""


@contextmanager
def reaching() -> Iterator[None]:
    """Round whatever asks Redis. Raises AwayError without asking for AWAY_S seconds after it hung in this process."""
    global _away_until
    if time.monotonic() < _away_until:
        raise AwayError("Redis hung a moment ago")
    try:
        yield
    except (OSError, RedisError, OperationalError) as error:
        if _is_late(error):
            _away_until = time.monotonic() + AWAY_S
        raise


def _is_late(error: BaseException | None) -> bool:
    """Celery's own errors say what caused them."""
    while error is not None:
        if isinstance(error, TimeoutError | RedisTimeoutError):
            return True
        error = error.__cause__
    return False
