"""Doorbells: a task is asked for now. After a commit somebody who delivers is woken, unless one is awake already.

Nothing depends on them. A bell that nobody hears costs the seconds until the timetable rings, never the caller's deed.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from celery import current_app
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from kombu import Producer, pools
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from mediaexchange.core.reach import BROKER_OPTIONS, reaching

DISPATCH = "newsexchange.tasks.dispatch_deliveries"
QUEUE = "deliver"
AWAKE = "deliver:awake"
AWAKE_S = 2  # how long one ring, or one sign of life of a dispatcher, keeps others from ringing
_QUIET_S = 0.2  # this process does not even ask the cache more often

# A kombu channel whose connection Redis has dropped under it stumbles over its own None.
UNHEARD = (OperationalError, RedisError, OSError, AttributeError)

log = structlog.get_logger(__name__)
_rung_at = -1.0


def wake(task: str, *, queue: str | None = None) -> None:
    """Ask for a task by name. Who did not hear it in a minute is woken by the timetable."""
    try:
        with sending() as producer:
            current_app.send_task(task, queue=queue, expires=60, retry=False, producer=producer)
    except UNHEARD as error:
        log.warning("bell.unheard", task=task, error=repr(error))


@contextmanager
def sending() -> Iterator[Producer]:
    """For messages that a visitor waits for: raises one of UNHEARD within seconds, a worker would wait longer."""
    options = settings.CELERY_BROKER_TRANSPORT_OPTIONS | BROKER_OPTIONS
    with (
        reaching(),
        pools.producers[current_app.connection_for_write(transport_options=options)].acquire(block=True) as one,
    ):
        yield one


def ring_after_commit() -> None:
    """Ring when the transaction under way has committed. Cheap: at most one message in two seconds goes out."""
    transaction.on_commit(ring)


def ring() -> None:
    """Wake a dispatcher now. A ring that another has just made counts."""
    global _rung_at
    if time.monotonic() - _rung_at < _QUIET_S:
        return
    try:
        with reaching():
            is_first = cache.add(AWAKE, 1, timeout=AWAKE_S)
    except RedisError:
        log.warning("outbox.bell-unheard")
        return
    if is_first:
        _rung_at = time.monotonic()
        wake(DISPATCH, queue=QUEUE)


def stay_awake() -> None:
    """A dispatcher is at work and looks for itself: nobody needs to ring."""
    try:
        with reaching():
            cache.set(AWAKE, 1, timeout=AWAKE_S)
    except RedisError:
        log.warning("outbox.bell-unheard")


def fall_asleep() -> None:
    """From now on others ring again. Whoever falls asleep looks once more afterwards."""
    try:
        with reaching():
            cache.delete(AWAKE)
    except RedisError:
        log.warning("outbox.bell-unheard")
