"""Starting, recognising and stopping processes of ours, including those a killed launcher left behind."""

import contextlib
import ctypes
import os
import signal
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

PROC = Path("/proc")
PR_SET_PDEATHSIG = 1


def die_with_parent(number: signal.Signals) -> Callable[[], None]:
    """A `preexec_fn`: the kernel will send `number` to the child when the thread that started it ends (Linux)."""
    parent = os.getpid()
    prctl = ctypes.CDLL(None).prctl if sys.platform == "linux" else None

    def ask_the_kernel() -> None:
        if prctl is not None:
            prctl(PR_SET_PDEATHSIG, int(number), 0, 0, 0)
            if os.getppid() != parent:
                os.kill(os.getpid(), number)

    return ask_the_kernel


def started_at(pid: int) -> int | None:
    """Start time in clock ticks since boot, which with the pid names one process for ever; None when there is none."""
    fields = _stat(pid)
    return int(fields[19]) if fields and fields[0] not in "ZX" else None


def is_alive(pid: int, started: int | None) -> bool:
    return started is not None and started_at(pid) == started


def session_members(leader: int, started: int) -> list[int]:
    """Living processes of the session `leader` opened, also after its death; [] if that pid is another process now."""
    current = started_at(leader)
    if current is not None and current != started:
        return []
    return [pid for pid in _all_pids() if (fields := _stat(pid)) and int(fields[3]) == leader and fields[0] not in "ZX"]


def working_in(directory: Path) -> list[int]:
    """Processes whose working directory is `directory`: both servers change into their data directory."""
    found = []
    for pid in _all_pids():
        with contextlib.suppress(OSError):
            if (PROC / str(pid) / "cwd").readlink() == directory:
                found.append(pid)
    return found


def send(pids: Iterable[int], number: signal.Signals) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, number)


def stop_all(find: Callable[[], list[int]], *steps: tuple[signal.Signals, float]) -> bool:
    """Send each step's signal to what `find` finds and wait at most its seconds; False if some are left at the end.

    It looks again while it waits: a process may have started another one between being found and being told.
    """
    for number, seconds in steps:
        told: set[int] = set()

        def none_left(number: signal.Signals = number, told: set[int] = told) -> bool:
            left = find()
            fresh = [pid for pid in left if pid not in told]
            send(fresh, number)
            send(fresh, signal.SIGCONT)  # a stopped process would never see the signal
            told.update(fresh)
            return not left

        if wait_until(none_left, seconds):
            return True
    return not find()


def wait_until(condition: Callable[[], bool], seconds: float, interval: float = 0.05) -> bool:
    """Whether `condition` came true within `seconds`."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() >= deadline:
            return False
        time.sleep(interval)
    return True


def _all_pids() -> list[int]:
    return [int(name) for name in os.listdir(PROC) if name.isdigit()] if PROC.is_dir() else []


def _stat(pid: int) -> list[str] | None:
    """The fields of proc(5) `stat` after the name, which may itself hold blanks and brackets."""
    try:
        return (PROC / str(pid) / "stat").read_text(errors="replace").rpartition(")")[2].split()
    except OSError:
        return None
