"""Parsing in a child process that can be killed: limits on time, CPU and memory that hostile bytes cannot talk past.

One child serves one process, one document at a time, and lives on between documents. It is a plain subprocess because
the daemonic workers of Celery may have no children of multiprocessing. It ends with its standard input, so no child
outlives its parent.
"""

import atexit
import io
import os
import pickle
import struct
import subprocess
import sys
import threading
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from newsexchange.parsing.base import (
    Association,
    DocumentError,
    Entity,
    Entry,
    Hop,
    ParsedDocument,
    Problem,
    ReasonCode,
    Rendition,
    Restriction,
    RightsStatement,
    Shot,
    Soundbite,
    Text,
)
from newsexchange.parsing.sandbox_pipe import Job, read_message, write_message

GIBIBYTE = 1024**3
MAX_REPLY_BYTES = 256 * 1024**2  # 15 MiB of XML with the raw entries beside their texts stay far below
PROJECT_ROOT = Path(__file__).resolve().parents[2]
# A child that a document took over could answer with a pickle that runs code here: only our own records are read.
READABLE: dict[tuple[str, str], Any] = {
    (kind.__module__, kind.__name__): kind
    for kind in (
        *(ParsedDocument, Entry, Problem, Entity, Rendition, Text, Restriction, Shot, Soundbite, Association),
        *(RightsStatement, Hop, date, datetime, timedelta, timezone),
    )
}
# What a pickle that is none, or is not ours, can raise beside UnpicklingError.
UNREADABLE = (pickle.UnpicklingError, ValueError, TypeError, AttributeError, LookupError)


class _Reader(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        try:
            return READABLE[module, name]
        except KeyError:
            raise pickle.UnpicklingError(f"{module}.{name} is not part of a parsed document") from None


@dataclass(slots=True)
class _Worker:
    """The child of this process. Not shared with forked processes: both would read the same replies."""

    process: subprocess.Popen[bytes] | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)

    def parse(self, job: Job, seconds: float) -> ParsedDocument:
        with self.lock:
            process = self._running()
            killer = threading.Timer(seconds, process.kill)
            killer.daemon = True
            killer.start()
            try:
                reply = self._ask(process, job)
            except (OSError, EOFError, struct.error, *UNREADABLE) as error:
                self.stop()
                raise DocumentError(ReasonCode.PARSER_FAILED, _obituary(process.returncode, seconds)) from error
            finally:
                killer.cancel()
            outcome, value, retires = reply
            if retires:
                self.stop()
        if outcome == "parsed" and isinstance(value, ParsedDocument):
            return value
        raise DocumentError(*value)

    def stop(self) -> None:
        """End the child, if any, and wait for it. The next document gets a new one."""
        process, self.process = self.process, None
        if process is None:
            return
        process.kill()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()
        process.wait()

    def forget(self) -> None:
        """In a forked process: let go of a child that belongs to the parent, without touching it."""
        process, self.process = self.process, None
        self.lock = threading.Lock()
        if process is not None:
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    pipe.close()
            process.returncode = 0  # not ours to wait for

    def _running(self) -> subprocess.Popen[bytes]:
        if self.process is not None and self.process.poll() is not None:
            self.stop()
        if self.process is None:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "newsexchange.parsing.sandbox_child"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                bufsize=0,
                cwd=PROJECT_ROOT,
                # Nothing of our environment: no secret is there to be found.
                env={"PYTHONPATH": str(PROJECT_ROOT), "PYTHONHASHSEED": "random", "LANG": "C.UTF-8"},
            )
        return self.process

    @staticmethod
    def _ask(process: subprocess.Popen[bytes], job: Job) -> tuple[str, Any, bool]:
        if process.stdin is None or process.stdout is None:
            raise EOFError
        write_message(process.stdin, pickle.dumps(job))
        outcome, value, retires = _read_reply(read_message(process.stdout, MAX_REPLY_BYTES))
        return str(outcome), value, bool(retires)


def _read_reply(message: bytes) -> Any:
    return _Reader(io.BytesIO(message)).load()


_worker = _Worker()
os.register_at_fork(after_in_child=_worker.forget)
atexit.register(_worker.stop)


def parse_in_child(
    payload: bytes,
    format: str,
    content_type: str,
    *,
    known: Collection[bytes] = (),
    seconds: int = 20,
    memory_bytes: int = GIBIBYTE,
) -> ParsedDocument:
    """registry.parse behind limits of wall-clock and CPU seconds and of address space. Raises DocumentError only."""
    job = Job(payload, format, content_type, seconds, memory_bytes, frozenset(known))
    return _worker.parse(job, seconds)


def _obituary(returncode: int | None, seconds: float) -> str:
    return f"the parser did not survive this document within {seconds:g} s and its memory (exit status {returncode})"
