"""Reading a table in a child process that can be killed: hostile bytes cost a child, never a worker."""

import json
import subprocess
import sys
from pathlib import Path

from broadcasters.parsing.base import Code, Table, TableError

GIBIBYTE = 1024**3
PROJECT_ROOT = Path(__file__).resolve().parents[2]


def read_in_child(
    payload: bytes, kind: str, *, sheet: str = "", seconds: int = 60, memory_bytes: int = 2 * GIBIBYTE
) -> Table:
    """``read_table`` behind limits of seconds and of address space. Raises TableError."""
    limits = {"kind": kind, "sheet": sheet, "seconds": seconds, "memory_bytes": memory_bytes}
    try:
        done = subprocess.run(
            [sys.executable, "-m", "broadcasters.parsing.child"],
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
        raise TableError(Code.PARSER_FAILED, f"it was not read within {seconds} s") from None
    try:
        answer = json.loads(done.stdout)
        if "refused" in answer:
            code, detail, sheets = answer["refused"]
            raise TableError(str(code), str(detail), [str(name) for name in sheets])
        said = answer["table"]
        rows = [(int(place), [str(cell) for cell in cells]) for place, cells in said["rows"]]
        header, sheets = ([str(text) for text in said[name]] for name in ("header", "sheets"))
        return Table(str(said["format"]), header, rows, str(said["notes"]), str(said["sheet"]), sheets)
    except (ValueError, LookupError, TypeError) as error:
        detail = f"the reader did not survive this table (exit status {done.returncode})"
        raise TableError(Code.PARSER_FAILED, detail) from error
