"""A media program in a child of its own: limited, watched, without our environment, and gone when its time is up."""

import contextlib
import json
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from archive.constants import StepError
from archive.media.errors import MediaError

LOG_BYTES = 16 * 1024  # the end of what a program said is what matters
_CHILD = Path(__file__).with_name("child.py")
_LOOK_S = 0.5
_KILLED = {
    signal.SIGXCPU: (StepError.TOOK_TOO_LONG, False),
    signal.SIGXFSZ: (StepError.TOO_LARGE, False),
    signal.SIGKILL: (StepError.KILLED, True),  # by the kernel for want of memory, or by an operator
    signal.SIGTERM: (StepError.KILLED, True),
}


@dataclass(frozen=True, slots=True)
class Limits:
    """``seconds`` by the wall clock; of processor time as many on each of the ``cores``."""

    seconds: float
    memory_bytes: int
    written_bytes: int
    cores: int = 1
    output_bytes: int = 4 * 1024 * 1024  # kept of the standard output; more ends the program

    def as_values(self) -> dict[str, list[int]]:
        """Soft and hard limits by their names in ``resource``."""
        cpu = int(self.seconds * self.cores) + 1
        return {
            # Above the soft limit a signal that tells; at the hard one the end.
            "RLIMIT_CPU": [cpu, cpu + 5],
            "RLIMIT_AS": [self.memory_bytes] * 2,
            "RLIMIT_FSIZE": [self.written_bytes] * 2,
            "RLIMIT_NOFILE": [256, 256],
            "RLIMIT_CORE": [0, 0],
        }


@dataclass(frozen=True, slots=True)
class Said:
    output: bytes
    log: str


def run(
    program: str,
    arguments: Sequence[str],
    limits: Limits,
    *,
    folder: Path | None = None,
    reads: Sequence[str] | None = None,
    on_output: Callable[[bytes], None] | None = None,
    on_tick: Callable[[], None] | None = None,
) -> Said:
    """Run it to its end. ``on_output`` gets what it writes, instead of keeping it; ``on_tick`` comes twice a second.

    ``folder`` is where it starts and may write. With ``reads`` it opens nothing but these paths, the system's libraries
    and that folder, where the kernel can see to it. Raises MediaError if it fails, is killed or takes too long, and
    whatever ``on_tick`` raises: then it is killed.
    """
    wishes: dict[str, object] = {"limits": limits.as_values()}
    if reads is not None:
        wishes |= {"read": list(reads), "write": [str(folder)] if folder else []}
    command = [sys.executable, "-I", "-S", str(_CHILD), json.dumps(wishes), program, *arguments]
    child = subprocess.Popen(  # noqa: S603 — our own child, and paths that we made
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=folder,
        start_new_session=True,
        env={"LANG": "C.UTF-8", "PATH": os.defpath},  # no secret of ours is there to be found
    )
    try:
        said = _listened(child, limits, on_output, on_tick)
    finally:
        _end(child)
    if child.returncode:
        raise _error_of(child.returncode, said.log)
    return said


def _listened(
    child: subprocess.Popen[bytes],
    limits: Limits,
    on_output: Callable[[bytes], None] | None,
    on_tick: Callable[[], None] | None,
) -> Said:
    deadline, output, log = time.monotonic() + limits.seconds, bytearray(), bytearray()
    with selectors.DefaultSelector() as selector:
        for pipe in (child.stdout, child.stderr):
            assert pipe is not None
            os.set_blocking(pipe.fileno(), False)
            selector.register(pipe, selectors.EVENT_READ)
        ticked = 0.0
        while selector.get_map():
            for key, _mask in selector.select(_LOOK_S):
                piece = os.read(key.fd, 65536)
                if not piece:
                    selector.unregister(key.fileobj)
                elif key.fileobj is child.stderr:
                    log += piece
                    del log[:-LOG_BYTES]
                elif on_output is not None:
                    on_output(piece)
                else:
                    output += piece
                    if len(output) > limits.output_bytes:
                        raise MediaError(StepError.TOO_LARGE, _text(log))
            if time.monotonic() > deadline:
                raise MediaError(StepError.TOOK_TOO_LONG, _text(log))
            if on_tick is not None and time.monotonic() - ticked >= _LOOK_S:
                ticked = time.monotonic()
                on_tick()
    try:
        child.wait(max(1.0, deadline - time.monotonic()))
    except subprocess.TimeoutExpired as error:
        raise MediaError(StepError.TOOK_TOO_LONG, _text(log)) from error
    return Said(bytes(output), _text(log))


def _end(child: subprocess.Popen[bytes]) -> None:
    """Whatever happened: nobody of its group is left, and its pipes are closed."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()
    for pipe in (child.stdout, child.stderr):
        if pipe is not None:
            pipe.close()


def _error_of(status: int, log: str) -> MediaError:
    if status < 0:
        code, may_pass = _KILLED.get(signal.Signals(-status), (StepError.UNREADABLE, False))
        return MediaError(code, log, may_pass=may_pass)
    if "No space left on device" in log:
        return MediaError(StepError.STORE, log, may_pass=True)
    if "File too large" in log:
        return MediaError(StepError.TOO_LARGE, log)
    if "Cannot allocate memory" in log:
        return MediaError(StepError.TOO_MUCH_MEMORY, log)
    return MediaError(StepError.UNREADABLE, log)


def _text(log: bytearray) -> str:
    return log.decode(errors="replace").replace("\0", "")
