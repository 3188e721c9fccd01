"""The child that reads one document under limits and ends: a header line and the bytes in, lines of JSON out."""

import json
import resource
import sys
from dataclasses import asdict

from archive.parsing.base import Code, DocumentError
from archive.parsing.registry import format_of, parse

MAX_OPEN_FILES = 64


def main() -> None:
    limits = json.loads(sys.stdin.buffer.readline())
    _lock_down(limits["memory_bytes"], limits["seconds"])
    payload = sys.stdin.buffer.read()
    answers = sys.stdout
    sys.stdout = sys.stderr  # what a library prints cannot disturb the answers
    try:
        name = limits["format"] or format_of(payload)
        parsed = parse(payload, name, frozenset(limits["own_sources"]))
    except DocumentError as error:
        answers.write(json.dumps({"refused": [error.code, error.detail]}) + "\n")
    except MemoryError:
        answers.write(json.dumps({"refused": [Code.PARSER_FAILED, "more memory was needed than it may have"]}) + "\n")
    else:
        problems = [each.as_json() for each in parsed.problems]
        answers.write(json.dumps({"format": name, "problems": problems}) + "\n")
        for record in parsed.records:
            answers.write(json.dumps(asdict(record), ensure_ascii=True) + "\n")
        answers.write(json.dumps({"records": len(parsed.records)}) + "\n")
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
