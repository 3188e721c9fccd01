"""Load on an HTTP server: a few kept-alive connections, each sending its next request when its answer is complete."""

import asyncio
import itertools
import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

CONNECTIONS = 8
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Window:
    """What one window of load measured. ``cpu_ms`` is CPU time of the server's processes for each request."""

    requests: int
    errors: int
    seconds: float
    cpu_ms: float
    p50_ms: float
    p95_ms: float

    @property
    def rate(self) -> float:
        return self.requests / self.seconds


def run_window(
    port: int, requests: Sequence[bytes], seconds: float, pid: int, *, connections: int = CONNECTIONS
) -> Window:
    """Send these raw HTTP/1.1 requests in turn for so long; anything but a 200 counts as an error."""
    before = cpu_seconds(pid)
    started = time.monotonic()
    latencies, errors = asyncio.run(_load(port, itertools.cycle(requests), started + seconds, connections))
    elapsed = time.monotonic() - started
    spent = cpu_seconds(pid) - before
    latencies.sort()
    count = max(len(latencies), 1)
    return Window(
        requests=len(latencies),
        errors=errors,
        seconds=elapsed,
        cpu_ms=spent * 1000 / count,
        p50_ms=latencies[len(latencies) // 2] * 1000 if latencies else 0.0,
        p95_ms=latencies[int(len(latencies) * 0.95)] * 1000 if latencies else 0.0,
    )


async def _load(port: int, requests: Iterator[bytes], until: float, connections: int) -> tuple[list[float], int]:
    latencies: list[float] = []
    errors = 0

    async def connection() -> None:
        nonlocal errors
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1024 * 1024)
        while time.monotonic() < until:
            sent = time.monotonic()
            writer.write(next(requests))
            head = await reader.readuntil(b"\r\n\r\n")
            await _body(reader, head)
            latencies.append(time.monotonic() - sent)
            errors += b" 200 " not in head[:20]
            if b"\r\nconnection: close" in head.lower():
                writer.close()
                reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1024 * 1024)
        writer.close()

    await asyncio.gather(*(connection() for _ in range(connections)))
    return latencies, errors


async def _body(reader: asyncio.StreamReader, head: bytes) -> None:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            await reader.readexactly(int(line[15:]))
            return
        if line.startswith(b"transfer-encoding: chunked"):
            while size := int((await reader.readuntil(b"\r\n")).strip(), 16):
                await reader.readexactly(size + 2)
            await reader.readexactly(2)
            return


def cpu_seconds(pid: int) -> float:
    """User and system time of a process and its living descendants."""
    return sum(_own_cpu(each) for each in _family(pid)) / _TICKS


def _own_cpu(pid: int) -> int:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:
        return 0
    return int(fields[11]) + int(fields[12])


def _family(pid: int) -> Iterator[int]:
    yield pid
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in children.read_text().split():
            yield from _family(int(child))


def request(path: str, headers: dict[str, str] | None = None) -> bytes:
    """A GET as bytes."""
    lines = [
        f"GET {path} HTTP/1.1",
        "Host: 127.0.0.1",
        *(f"{name}: {value}" for name, value in (headers or {}).items()),
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()
