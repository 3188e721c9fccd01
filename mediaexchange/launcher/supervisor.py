"""Runs the project's processes: shows what they write, starts again what dies, and stops them in order."""

import os
import selectors
import signal
import subprocess
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from mediaexchange.launcher.claim import Claim
from mediaexchange.launcher.console import Console
from mediaexchange.launcher.errors import LauncherError
from mediaexchange.launcher.interrupts import Interrupts
from mediaexchange.launcher.layout import REPOSITORY
from mediaexchange.launcher.processes import die_with_parent, stop_all

TICK = 0.1
WATCH_SECONDS = 2.0
RESTARTS_PER_MINUTE = 5


@dataclass(frozen=True)
class Program:
    """What to run; `stop_stage` orders the stopping (lowest first), each stage having `stop_seconds`."""

    name: str
    command: list[str]
    stop_stage: int = 0
    stop_seconds: float = 2.5
    once: bool = False
    plain: bool = False


@dataclass
class Child:
    program: Program
    process: subprocess.Popen[bytes] | None = None
    unfinished: bytes = b""
    deaths: deque[float] = field(default_factory=deque)
    restart_at: float = 0.0


class Supervisor:
    """Single-threaded, because children end with the thread that started them."""

    def __init__(self, claim: Claim, console: Console, interrupts: Interrupts, environment: dict[str, str]) -> None:
        self._claim = claim
        self._console = console
        self._interrupts = interrupts
        self._environment = environment
        self._children: list[Child] = []
        self._selector = selectors.DefaultSelector()
        self._watches: list[Callable[[], None]] = []
        self._watched_at = 0.0

    def watch(self, check: Callable[[], None]) -> None:
        """Call `check` every two seconds."""
        self._watches.append(check)

    def start(self, program: Program) -> None:
        """Start a program that is to run until `stop`. Starting it a second time does nothing."""
        if not any(child.program.name == program.name for child in self._children):
            child = Child(program)
            self._children.append(child)
            self._spawn(child)

    def run_to_end(self, programs: list[Program]) -> None:
        """Run programs side by side and wait for all. Raises LauncherError naming the first that fails."""
        running = [Child(program) for program in programs]
        self._children += running
        for child in running:
            self._spawn(child)
        self.run_until(lambda: all(child.process and child.process.poll() is not None for child in running))
        for child in running:
            self._drain(child)
            self._children.remove(child)
            assert child.process is not None
            self._claim.remove(child.process.pid)
            if child.process.returncode:
                raise LauncherError(f"{child.program.name} failed with status {child.process.returncode}.")

    def run_until(self, done: Callable[[], bool], seconds: float | None = None) -> bool:
        """Look after the children until `done`, False after `seconds`. A request to stop raises KeyboardInterrupt."""
        deadline = None if seconds is None else time.monotonic() + seconds
        self._interrupts.raises = False
        while not done():
            if self._interrupts.count:
                raise KeyboardInterrupt
            if deadline is not None and time.monotonic() >= deadline:
                return False
            self._pump()
            self._look_after()
        return True

    def stop(self) -> None:
        """Stop every child, stage by stage; a further request to stop kills them. Safe to repeat."""
        self._interrupts.raises = False
        patience = self._interrupts.count + 1
        for stage in sorted({child.program.stop_stage for child in self._children}):
            children = [child for child in self._children if child.program.stop_stage == stage and child.process]
            for child in children:
                if child.process and child.process.poll() is None:
                    child.process.send_signal(signal.SIGTERM)
            deadline = time.monotonic() + max((child.program.stop_seconds for child in children), default=0)
            while any(child.process and child.process.poll() is None for child in children):
                if time.monotonic() >= deadline or self._interrupts.count >= patience:
                    break
                self._pump()
            for child in children:
                self._end(child)
        self._children.clear()

    def _spawn(self, child: Child) -> None:
        child.process = subprocess.Popen(  # noqa: S603 - commands are built by the launcher, without a shell
            child.program.command,
            cwd=REPOSITORY,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=die_with_parent(signal.SIGTERM),
        )
        assert child.process.stdout is not None
        os.set_blocking(child.process.stdout.fileno(), False)
        self._selector.register(child.process.stdout, selectors.EVENT_READ, child)
        self._claim.add(child.program.name, child.process.pid)

    def _pump(self) -> None:
        """Show what the children have written, waiting one tick at most."""
        if not self._selector.get_map():
            time.sleep(TICK)
            return
        for key, _ in self._selector.select(TICK):
            self._read(key.data)

    def _read(self, child: Child) -> None:
        stream = child.process.stdout if child.process else None
        if stream is None or stream.closed:
            return
        try:
            received = os.read(stream.fileno(), 65536)
        except BlockingIOError:
            return
        if not received:
            self._selector.unregister(stream)
            stream.close()
        *lines, child.unfinished = (child.unfinished + received).split(b"\n")
        for line in lines:
            self._show(child, line)

    def _show(self, child: Child, line: bytes) -> None:
        text = line.decode(errors="replace").rstrip()
        if child.program.plain:
            self._console.say(text)
        else:
            self._console.line(child.program.name, text)

    def _drain(self, child: Child) -> None:
        """Show the rest of an ended child's output and close the pipe, which a grandchild may still hold open."""
        stream = child.process.stdout if child.process else None
        while stream and not stream.closed:
            events = self._selector.select(0)
            if not any(key.data is child for key, _ in events):
                self._selector.unregister(stream)
                stream.close()
            for key, _ in events:
                self._read(key.data)
        if child.unfinished:
            self._show(child, child.unfinished)
            child.unfinished = b""

    def _end(self, child: Child) -> None:
        """Kill what is left of the child's session and forget it."""
        assert child.process is not None
        pid = child.process.pid
        stop_all(lambda: self._claim.members(pid), (signal.SIGKILL, 2.0))
        child.process.wait()
        self._drain(child)
        self._claim.remove(child.process.pid)
        child.process = None

    def _look_after(self) -> None:
        now = time.monotonic()
        for child in self._children:
            if child.program.once:
                continue
            if child.process is None and now >= child.restart_at:
                self._spawn(child)
            elif child.process is not None and child.process.poll() is not None:
                self._bury(child, now)
        if now - self._watched_at >= WATCH_SECONDS:
            self._watched_at = now
            for check in self._watches:
                check()

    def _bury(self, child: Child, now: float) -> None:
        assert child.process is not None
        status = child.process.returncode
        self._end(child)
        child.deaths.append(now)
        while child.deaths[0] < now - 60:
            child.deaths.popleft()
        if len(child.deaths) > RESTARTS_PER_MINUTE:
            raise LauncherError(
                f"{child.program.name} ended {len(child.deaths)} times within a minute, "
                f"last with status {status}: giving up."
            )
        delay = 0.25 * 2 ** (len(child.deaths) - 1)
        child.restart_at = now + delay
        self._console.line(child.program.name, f"ended unexpectedly with status {status}; starts again in {delay:g} s")
