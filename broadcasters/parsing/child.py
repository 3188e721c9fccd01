"""The child that reads one table under limits and ends: a line of limits and the bytes in, one document of JSON out."""

import json
import resource
import sys
from dataclasses import asdict
from typing import Any

from broadcasters.parsing.base import Code, TableError
from broadcasters.parsing.tables import read_table

MAX_OPEN_FILES = 64


def main() -> None:
    limits = json.loads(sys.stdin.buffer.readline())
    _lock_down(limits["memory_bytes"], limits["seconds"])
    payload = sys.stdin.buffer.read()
    answers = sys.stdout
    sys.stdout = sys.stderr  # what a library prints cannot disturb the answer
    try:
        answer: dict[str, Any] = {"table": asdict(read_table(payload, limits["kind"], limits["sheet"]))}
    except TableError as error:
        answer = {"refused": [error.code, error.detail, error.sheets]}
    except MemoryError:
        answer = {"refused": [Code.PARSER_FAILED, "more memory was needed than it may have", []]}
    answers.write(json.dumps(answer))
    answers.flush()


def _lock_down(memory_bytes: int, seconds: int) -> None:
    """No files written, no processes started, no core dumps; an end to memory and CPU."""
    for kind, limit in (
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, MAX_OPEN_FILES),
        (resource.RLIMIT_AS, memory_bytes),
        (resource.RLIMIT_CPU, seconds),
    ):
        resource.setrlimit(kind, (limit, limit))


if __name__ == "__main__":
    main()
