"""The subscribers' server: keeps what arrives, by path, and may be told to hold an answer back."""

import asyncio
import json
import random
import threading
import time
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from aiohttp import web


@dataclass(frozen=True)
class Arrival:
    """One POST; ``at`` is in Unix seconds, ``path`` names the subscription."""

    path: str
    headers: dict[str, str]
    body: bytes
    at: float = field(default_factory=time.time)

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def event(self) -> str:
        return str(self.data["event"])

    @property
    def type(self) -> str:
        return str(json.loads(self.body)["type"])

    @property
    def data(self) -> dict[str, Any]:
        return dict(json.loads(self.body)["data"])


class Sink:
    """Answers 204 after some milliseconds, so that a kill also falls between a message and its answer."""

    def __init__(self, seed: int) -> None:
        self.arrivals: list[Arrival] = []
        self.held = threading.Event()  # the path below has been asked and not answered
        self.held_path = ""
        self._released = asyncio.Event()
        self._random = random.Random(seed)
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._closing.set)
        self._thread.join()

    def hold(self, path: str) -> None:
        """Do not answer the next message to this path until ``release``. Release one before holding another."""
        self.held.clear()
        self._released = asyncio.Event()
        self.held_path = path

    def release(self) -> None:
        self._loop.call_soon_threadsafe(self._released.set)

    def to(self, path: str) -> list[Arrival]:
        return [arrival for arrival in list(self.arrivals) if arrival.path == path]

    def about(self, uid: str) -> list[Arrival]:
        return [arrival for arrival in list(self.arrivals) if arrival.data["uid"] == uid]

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._closing = asyncio.Event()
        app = web.Application()
        app.router.add_post("/{path}", self._receive)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0, backlog=512)
        await site.start()
        self.port = int(runner.addresses[0][1])
        self._ready.set()
        await self._closing.wait()
        await runner.cleanup()

    async def _receive(self, request: web.Request) -> web.Response:
        body = await request.read()
        headers = {name.lower(): value for name, value in request.headers.items()}
        path = request.match_info["path"]
        self.arrivals.append(Arrival(path, headers, body))
        if path == self.held_path:
            self.held_path, released = "", self._released
            self.held.set()
            await released.wait()
        await asyncio.sleep(self._random.uniform(0, 0.03))
        return web.Response(status=204)
