"""The contenders as running servers: ours and the peers', each with two workers and the same database."""

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parent.parent
PEERS = ROOT / "benchmarks" / "peers"
WORKERS = "2"


@dataclass(slots=True)
class Contender:
    """A server process and how to ask it for a list and a detail page."""

    name: str
    port: int
    process: subprocess.Popen[bytes]
    lists: list[bytes] = field(default_factory=list)
    details: list[bytes] = field(default_factory=list)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def serving(
    name: str, command: list[str], environment: dict[str, str], log: IO[bytes], *, cwd: Path = ROOT
) -> Iterator[Contender]:
    """Run a server until the block ends; ``{port}`` in the command is filled in. RuntimeError if it does not start."""
    port = free_port()
    process = subprocess.Popen(
        [part.format(port=port) for part in command],
        cwd=cwd,
        env=os.environ | environment | {"PORT": str(port)},
        stdout=log,
        stderr=log,
        stdin=subprocess.DEVNULL,
    )
    try:
        _wait(name, port, process)
        yield Contender(name, port, process)
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(name: str, port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            time.sleep(1.0)  # the second worker
            return
        time.sleep(0.2)
    raise RuntimeError(f"{name} did not start; its log says why.")


def ours() -> list[str]:
    configuration = str(ROOT / "deploy" / "gunicorn.conf.py")
    bind = ["--bind", "127.0.0.1:{port}", "--log-level", "error"]
    return [sys.executable, "-m", "gunicorn", "--config", configuration, *bind, "mediaexchange.wsgi:application"]


def gunicorn(python: str, application: str) -> list[str]:
    options = ["--workers", WORKERS, "--threads", "4", "--worker-class", "gthread", "--log-level", "error"]
    return [python, "-m", "gunicorn", *options, "--bind", "127.0.0.1:{port}", application]


def uvicorn(python: str, application: str) -> list[str]:
    options = ["--workers", WORKERS, "--no-access-log", "--log-level", "error", "--lifespan", "on"]
    return [python, "-m", "uvicorn", *options, "--host", "127.0.0.1", "--port", "{port}", application]
