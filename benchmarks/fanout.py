"""Webhooks: how many a second to quick and slow receivers, one story to many, and who suffers from one that hangs."""

import contextlib
import http.client
import json
import os
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import IO, Any

from benchmarks.report import Goal, Report
from benchmarks.servers import ROOT, free_port
from benchmarks.syncing import feed_document

OURS, PEER = "media exchange", "Celery task for each, requests"
SUBSCRIBERS, STORIES = 20, 100
MANY = 10_000
TURNS = 3  # of a round with and without a hung subscriber: what is compared differs by less than two runs do
PEER_COUNTS = {0: 1_000, 50: 400}

GOALS = [
    Goal(
        "webhooks, 0 ms receiver", OURS, PEER, 15, "webhook fan-out, receiver answers at once: against a task for each"
    ),
    Goal("webhooks, 50 ms receiver", OURS, PEER, 60, "webhook fan-out, receiver takes 50 ms"),
    Goal(
        "others' p95 beside a hung one",
        "with it",
        "without it",
        1 / 1.05,
        "p95 of the others with a hung subscriber (1/1.05)",
    ),
]


def measure(report: Report, environment: dict[str, str], *, rounds: int, log: IO[bytes]) -> None:
    from django.test import override_settings

    with contextlib.ExitStack() as stack:
        quick, slow, well = (stack.enter_context(_sink(delay, log)) for delay in (0, 50, 0))
        hung = stack.enter_context(_hung())
        allowed = tuple(f"127.0.0.1:{port}" for port in (quick, slow, well, hung))
        stack.enter_context(override_settings(OUTGOING_ALLOWED_ADDRESSES=allowed))
        _world()
        for _round in range(rounds):
            for delay, port in ((0, quick), (50, slow)):
                with _subscribers(port, SUBSCRIBERS):
                    rate = _send(STORIES, expected=STORIES * SUBSCRIBERS)
                report.add(f"webhooks, {delay} ms receiver", OURS, "posts/s", rate)
                report.add(
                    f"webhooks, {delay} ms receiver", PEER, "posts/s", _peer(port, PEER_COUNTS[delay], environment, log)
                )
            for turn in range(TURNS):
                beside = [("without it", hung, 0), ("one more that answers", well, 1), ("with it", hung, 1)]
                for name, port, count in beside[:: 1 - 2 * (turn % 2)]:
                    with _subscribers(quick, SUBSCRIBERS), _subscribers(port, count):
                        report.add("others' p95 beside a hung one", name, "ms", _p95(quick), less=True)
            with _subscribers(quick, SUBSCRIBERS):
                report.add("committed to delivered, 50/s × 20", OURS, "p99 ms", _steady(quick), less=True)
        with _subscribers(quick, MANY):
            started = time.perf_counter()
            _send(1, expected=MANY)
            report.add(f"one story to {MANY:,}", OURS, "s", time.perf_counter() - started, less=True)


def _world() -> None:
    from tests.factories import make_broadcaster, make_feed, make_module

    origin, reader = make_broadcaster("rts"), make_broadcaster("ptrc")
    make_feed(origin, slug="bench-out", module=make_module(origin, reader), language="sr-Cyrl")


@contextlib.contextmanager
def _subscribers(port: int, count: int) -> Iterator[None]:
    """So many subscriptions of the reader, for the time of the block."""
    from broadcasters.models import Broadcaster
    from newsexchange.delivery.signing import new_secret
    from newsexchange.models import Delivery, DeliveryAttempt, Subscription

    reader = Broadcaster.objects.get(slug="ptrc")
    Subscription.objects.bulk_create(
        Subscription(
            broadcaster=reader, name=f"{number}", destination="webhook",
            url=f"http://127.0.0.1:{port}/{number}", secret=new_secret(),
        )
        for number in range(count)
    )  # fmt: skip
    try:
        yield
    finally:
        ours = Subscription.objects.filter(url__startswith=f"http://127.0.0.1:{port}/")
        DeliveryAttempt.objects.filter(delivery__subscription__in=ours).delete()
        Delivery.objects.filter(subscription__in=ours).delete()
        ours.delete()


_batch = 0


def _publish(stories: int) -> None:
    global _batch
    from newsexchange.models import Feed
    from newsexchange.services.ingest import ingest_document

    _batch += 1
    outcomes = ingest_document(Feed.objects.get(slug="bench-out"), feed_document(50_000 + _batch, stories))
    if sum(outcome.result == "created" for outcome in outcomes) != stories:
        raise RuntimeError(f"Stories were not stored: {outcomes[0]}")


def _send(stories: int, expected: int) -> float:
    """Publish, then dispatch until all is delivered; returns deliveries a second of dispatching, fan-out included."""
    from newsexchange.services.dispatch import dispatch

    _publish(stories)
    started = time.perf_counter()
    arrived = dispatch(work_s=60, linger_s=0.0)
    elapsed = time.perf_counter() - started
    if arrived != expected:
        raise RuntimeError(f"{arrived} of {expected} deliveries arrived.")
    return arrived / elapsed


def _latencies(port: int, since: datetime | None = None) -> list[float]:
    """Milliseconds from the event's commit (nearly), or from a moment, to its delivery."""
    from newsexchange.models import Delivery

    rows = Delivery.objects.filter(
        status="delivered", subscription__url__startswith=f"http://127.0.0.1:{port}/"
    ).values_list("event__at", "finished_at")
    return sorted((finished - (since or at)).total_seconds() * 1000 for at, finished in rows)


def _p95(port: int) -> float:
    """From the beginning of the dispatch: the time of publishing is the same in all, and would hide a difference."""
    from newsexchange.services.dispatch import dispatch

    _publish(STORIES)
    started = datetime.now(UTC)
    dispatch(work_s=6, linger_s=0.0, timeout=3.0)
    latencies = _latencies(port, started)
    if len(latencies) != STORIES * SUBSCRIBERS:
        raise RuntimeError(f"{len(latencies)} of {STORIES * SUBSCRIBERS} deliveries arrived.")
    return statistics.quantiles(latencies, n=100)[94]


def _steady(port: int) -> float:
    """Fifty stories a second for four seconds, while the dispatcher runs beside the writer."""
    from django.db import connection

    from newsexchange.services.dispatch import dispatch

    def run() -> None:
        try:
            dispatch(work_s=7, linger_s=2.0)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    for _tick in range(40):
        began = time.perf_counter()
        _publish(5)
        time.sleep(max(0.0, 0.1 - (time.perf_counter() - began)))
    thread.join()
    return statistics.quantiles(_latencies(port), n=100)[98]


@contextlib.contextmanager
def _sink(delay_ms: int, log: IO[bytes]) -> Iterator[int]:
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.sink", str(port), str(delay_ms)], cwd=ROOT, stdout=log, stderr=log
    )
    try:
        for _attempt in range(100):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait()


@contextlib.contextmanager
def _hung() -> Iterator[int]:
    """Takes connections and never says a word."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(512)
        yield int(listener.getsockname()[1])


def _calls(port: int) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", "/")
        counts: dict[str, Any] = json.loads(connection.getresponse().read())
    finally:
        connection.close()
    return int(counts["calls"])


def _peer(port: int, count: int, environment: dict[str, str], log: IO[bytes]) -> float:
    from mediaexchange.launcher.urls import broker_url

    broker = broker_url(environment["REDIS_URL"]).replace("virtual_host=0", "virtual_host=5")
    settings = os.environ | {"PEER_BROKER_URL": broker}
    command = [sys.executable, "-m", "celery", "--quiet", "--app", "benchmarks.peers.task_per_delivery", "worker"]
    worker = subprocess.Popen(
        [*command, "--concurrency", "4", "--queues", "peer", "--loglevel", "ERROR"],
        cwd=ROOT, env=settings, stdout=log, stderr=log,
    )  # fmt: skip
    os.environ["PEER_BROKER_URL"] = broker
    from benchmarks.peers.task_per_delivery import app, deliver

    try:
        app.conf.broker_url = broker
        before = _calls(port)
        deliver.delay(f"http://127.0.0.1:{port}/peer", -1)  # the worker is up when this one has come
        _until(port, before + 1)
        started = time.perf_counter()
        for number in range(count):
            deliver.delay(f"http://127.0.0.1:{port}/peer", number)
        _until(port, before + 1 + count)
        return count / (time.perf_counter() - started)
    finally:
        worker.terminate()
        worker.wait()


def _until(port: int, calls: int) -> None:
    deadline = time.monotonic() + 120
    while _calls(port) < calls:
        if time.monotonic() > deadline:
            raise RuntimeError("The peer's worker did not deliver.")
        time.sleep(0.02)
