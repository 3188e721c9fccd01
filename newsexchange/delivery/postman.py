"""A thread that posts many parcels at once while its owner talks to the database."""

import asyncio
import contextlib
import queue
import threading
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from mediaexchange.core.outgoing.courier import Answer, Courier
from mediaexchange.core.outgoing.errors import OutgoingError
from newsexchange.models import Delivery

_TOGETHER, _PACE_S = 20, 0.004  # 5,000 a second: more than one process can send


@dataclass(frozen=True, slots=True)
class Parcel:
    """One delivery ready to go. ``start_before``, on the monotonic clock, keeps a sleeper from using a lost lease."""

    delivery: Delivery
    url: str
    body: bytes
    headers: Mapping[str, str]
    start_before: float


@dataclass(frozen=True, slots=True)
class Report:
    """What became of a parcel: an answer, a failure, or neither when it was too late to start."""

    parcel: Parcel
    answer: Answer | None = None
    error: OutgoingError | None = None
    elapsed_ms: int = 0


class Postman:
    """Use it as a context in one thread. Everything sent is reported once, however the other side behaves."""

    def __init__(self, *, timeout: float) -> None:
        self.in_flight: Counter[int] = Counter()  # by subscription
        self._started: dict[int, dict[int, float]] = {}  # subscription → delivery → since when
        self._timeout = timeout
        self._reports: queue.SimpleQueue[Report] = queue.SimpleQueue()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="postman", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.wait()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Abandon what is still under way; its leases end by themselves."""
        self._loop.call_soon_threadsafe(self._closing.set)
        self._thread.join()

    @property
    def load(self) -> int:
        return self.in_flight.total()

    def slow(self, seconds: float) -> list[int]:
        """Subscriptions that have left something unanswered for so long."""
        before = time.monotonic() - seconds
        return [pk for pk, started in self._started.items() if next(iter(started.values())) < before]

    def send(self, parcels: Iterable[Parcel]) -> None:
        parcels = list(parcels)
        now = time.monotonic()
        for parcel in parcels:
            self.in_flight[parcel.delivery.subscription_id] += 1
            self._started.setdefault(parcel.delivery.subscription_id, {})[parcel.delivery.pk] = now
        self._loop.call_soon_threadsafe(self._start, parcels)

    def collect(self, seconds: float, enough: int) -> list[Report]:
        """What comes back within these seconds; sooner if it is ``enough`` or all that is under way."""
        reports: list[Report] = []
        enough = min(enough, self.load)
        deadline = time.monotonic() + seconds
        with contextlib.suppress(queue.Empty):
            while len(reports) < enough:
                reports.append(self._reports.get(timeout=max(0, deadline - time.monotonic())))
            while True:
                reports.append(self._reports.get_nowait())
        for report in reports:
            self._forget(report.parcel.delivery)
        return reports

    def _forget(self, delivery: Delivery) -> None:
        self.in_flight[delivery.subscription_id] -= 1
        started = self._started[delivery.subscription_id]
        del started[delivery.pk]
        if not started:
            del self._started[delivery.subscription_id], self.in_flight[delivery.subscription_id]

    def _run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._closing = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        async with Courier() as self._courier:
            self._ready.set()
            await self._closing.wait()
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    def _start(self, parcels: list[Parcel]) -> None:
        """Begin a few at a time: those that come back at once leave their connections to the next."""
        for turn, start in enumerate(range(0, len(parcels), _TOGETHER)):
            self._loop.call_later(turn * _PACE_S, self._begin, parcels[start : start + _TOGETHER])

    def _begin(self, parcels: list[Parcel]) -> None:
        for parcel in parcels:
            task = self._loop.create_task(self._deliver(parcel))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _deliver(self, parcel: Parcel) -> None:
        started = time.monotonic()
        if started > parcel.start_before:
            self._reports.put(Report(parcel))
            return
        try:
            answer = await self._courier.post(parcel.url, parcel.body, headers=parcel.headers, timeout=self._timeout)
        except OutgoingError as error:
            self._reports.put(Report(parcel, error=error, elapsed_ms=round((time.monotonic() - started) * 1000)))
        else:
            self._reports.put(Report(parcel, answer=answer, elapsed_ms=answer.elapsed_ms))
