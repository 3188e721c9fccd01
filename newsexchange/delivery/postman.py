"""A thread that posts many parcels at once while its owner talks to the database."""

import asyncio
import threading
import time
from collections import Counter, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from types import TracebackType
from typing import Self

import structlog

from mediaexchange.core.outgoing.courier import Answer, Courier
from mediaexchange.core.outgoing.errors import OutgoingError
from newsexchange.services.claiming import Claim

MOST = 800  # under way at a time, below the usual limit of open files
STALLED_S = 0.5  # what is unanswered for so long is not waited for with the others
_TOGETHER, _PACE_S = 10, 0.003  # begun at a time; then those that came back leave their connections to the next

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Parcel:
    """One delivery ready to go. ``start_before``, on the monotonic clock, keeps a sleeper from using a lost lease.

    ``told`` is (story's id, receiver's id) if its arrival is a receipt. ``begun_at`` is set by the postman.
    """

    delivery: Claim
    url: str
    body: bytes
    headers: Mapping[str, str]
    start_before: float
    told: tuple[int, int] | None = None
    begun_at: float = float("inf")


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
        self._under_way: dict[int, dict[int, Parcel]] = {}  # by subscription and delivery, the oldest first
        self._timeout = timeout
        self._waiting: deque[Parcel] = deque()  # for their turn; only the thread's
        self._reports: deque[Report] = deque()
        self._enough = 1
        self._has_enough = threading.Event()
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

    def stalled(self, seconds: float) -> dict[int, int]:
        """How many parcels of each subscription have been unanswered for so long; those without any are left out."""
        before = time.monotonic() - seconds
        counts = {}
        for pk, parcels in self._under_way.items():
            count = 0
            for parcel in parcels.values():
                if parcel.begun_at > before:
                    break
                count += 1
            if count:
                counts[pk] = count
        return counts

    def send(self, parcels: Iterable[Parcel]) -> None:
        parcels = list(parcels)
        for parcel in parcels:
            self.in_flight[parcel.delivery.subscription_id] += 1
            self._under_way.setdefault(parcel.delivery.subscription_id, {})[parcel.delivery.pk] = parcel
        self._loop.call_soon_threadsafe(self._start, parcels)

    def collect(self, seconds: float, enough: int) -> list[Report]:
        """What comes back within these seconds; sooner if it is ``enough``, or all but what has stalled.

        Its owner sleeps until then: to be woken by every answer would cost more than to send it.
        """
        expected = self.load - sum(self.stalled(STALLED_S).values())
        self._has_enough.clear()
        self._enough = max(1, min(enough, expected))
        if self.load and len(self._reports) < self._enough:
            self._has_enough.wait(seconds)
        reports = [self._reports.popleft() for _ in range(len(self._reports))]
        for report in reports:
            self._forget(report.parcel.delivery)
        return reports

    def _forget(self, delivery: Claim) -> None:
        self.in_flight[delivery.subscription_id] -= 1
        under_way = self._under_way[delivery.subscription_id]
        del under_way[delivery.pk]
        if not under_way:
            del self._under_way[delivery.subscription_id], self.in_flight[delivery.subscription_id]

    def _run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._closing = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        async with Courier(connections=MOST) as self._courier:
            self._ready.set()
            await self._closing.wait()
            self._waiting.clear()
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    def _start(self, parcels: list[Parcel]) -> None:
        is_idle = not self._waiting
        self._waiting.extend(parcels)
        if is_idle:
            self._begin()

    def _begin(self) -> None:
        """The next few; the rest when the loop has seen to what came back."""
        for _ in range(min(_TOGETHER, len(self._waiting))):
            parcel = self._waiting.popleft()
            task = self._loop.create_task(self._deliver(parcel))
            self._tasks.add(task)
            task.add_done_callback(partial(self._end, parcel))
        if self._waiting:
            self._loop.call_later(_PACE_S, self._begin)

    async def _deliver(self, parcel: Parcel) -> None:
        parcel.begun_at = started = time.monotonic()
        if started > parcel.start_before:
            self._report(Report(parcel))
            return
        try:
            answer = await self._courier.post(parcel.url, parcel.body, headers=parcel.headers, timeout=self._timeout)
        except OutgoingError as error:
            self._report(Report(parcel, error=error, elapsed_ms=round((time.monotonic() - started) * 1000)))
        else:
            self._report(Report(parcel, answer=answer, elapsed_ms=answer.elapsed_ms))

    def _end(self, parcel: Parcel, task: asyncio.Task[None]) -> None:
        """A defect of ours is a failure like any other: what is never reported would be waited for without end."""
        self._tasks.discard(task)
        if not task.cancelled() and (crash := task.exception()):
            log.error("postman.crashed", delivery=str(parcel.delivery.uid), exc_info=crash)
            self._report(Report(parcel, error=OutgoingError(f"internal: {type(crash).__name__}")))

    def _report(self, report: Report) -> None:
        self._reports.append(report)
        if len(self._reports) >= self._enough:
            self._has_enough.set()
