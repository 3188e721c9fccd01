"""Reading a document in a child process that can be killed: hostile bytes cost a child, never a worker.

Imports are rare and large: each gets a child of its own, which ends with it.
"""

import json
import subprocess
import sys
from pathlib import Path

from archive.parsing.base import Code, DocumentError, ParsedDocument, ParsedRecord, Problem

GIBIBYTE = 1024**3
PROJECT_ROOT = Path(__file__).resolve().parents[2]


def parse_in_child(
    payload: bytes,
    format: str = "",
    own_sources: frozenset[str] = frozenset(),
    *,
    seconds: int = 120,
    memory_bytes: int = 2 * GIBIBYTE,
) -> tuple[str, ParsedDocument]:
    """The format found, and ``registry.parse``, behind limits of seconds and of address space. Raises DocumentError."""
    limits = {"format": format, "own_sources": sorted(own_sources), "seconds": seconds, "memory_bytes": memory_bytes}
    try:
        done = subprocess.run(
            [sys.executable, "-m", "archive.parsing.child"],
            input=json.dumps(limits).encode() + b"\n" + payload,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=PROJECT_ROOT,
            # Nothing of our environment: no secret is there to be found.
            env={"PYTHONPATH": str(PROJECT_ROOT), "LANG": "C.UTF-8"},
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise DocumentError(Code.PARSER_FAILED, f"it was not read within {seconds} s") from None
    return _answer(done.stdout, done.returncode)


def _answer(output: bytes, returncode: int) -> tuple[str, ParsedDocument]:
    lines = output.splitlines()
    try:
        head = json.loads(lines[0])
        if "refused" in head:
            raise DocumentError(*map(str, head["refused"]))
        records = [_record(json.loads(line)) for line in lines[1:-1]]
        if json.loads(lines[-1]) != {"records": len(records)}:
            raise ValueError("the answer ends early")
        return str(head["format"]), ParsedDocument(records, [Problem(**each) for each in head["problems"]])
    except (ValueError, LookupError, TypeError) as error:
        detail = f"the reader did not survive this document (exit status {returncode})"
        raise DocumentError(Code.PARSER_FAILED, detail) from error


def _record(answer: dict[str, object]) -> ParsedRecord:
    refusal = answer["refusal"]
    return ParsedRecord(
        place=int(answer["place"]),  # type: ignore[call-overload]  # what is none raises, and is caught
        said=dict(answer["said"]),  # type: ignore[call-overload]
        problems=[Problem(**each) for each in answer["problems"]],  # type: ignore[attr-defined]
        refusal=Problem(**refusal) if isinstance(refusal, dict) else None,
    )
