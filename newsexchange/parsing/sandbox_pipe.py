"""What the sandbox and its child say to each other: pickles behind their length."""

import struct
from dataclasses import dataclass
from typing import IO

LENGTH = struct.Struct(">Q")
CHUNK_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Job:
    """One document to parse, with the limits of the child while it does."""

    payload: bytes
    format: str
    content_type: str
    cpu_seconds: int
    memory_bytes: int
    known: frozenset[bytes] = frozenset()


def write_message(pipe: IO[bytes], message: bytes) -> None:
    """The message behind its length, all of it: an unbuffered pipe may take less than offered."""
    for part in (LENGTH.pack(len(message)), message):
        view = memoryview(part)
        while view:
            view = view[pipe.write(view) :]


def read_message(pipe: IO[bytes], limit: int) -> bytes:
    """The next message. Raises EOFError when the other side has gone or announces more than the limit."""
    (length,) = LENGTH.unpack(_read_exactly(pipe, LENGTH.size))
    if length > limit:
        raise EOFError(f"a message of {length} bytes, at most {limit} are read")
    return _read_exactly(pipe, length)


def _read_exactly(pipe: IO[bytes], length: int) -> bytes:
    parts = []
    while length:
        part = pipe.read(min(length, CHUNK_BYTES))
        if not part:
            raise EOFError("the other side has gone")
        parts.append(part)
        length -= len(part)
    return b"".join(parts)
