"""One terminal for many processes: each line carries the name of who wrote it."""

import io
import os
import sys

COLOURS = (36, 33, 35, 32, 34, 31)
WIDTH = 8


class Console:
    """Writes to standard output until that is closed, and then to nowhere: a closed pager must not stop a server."""

    def __init__(self) -> None:
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(errors="replace")  # a terminal without Cyrillic must not stop a server either
        self._coloured = sys.stdout.isatty() and "NO_COLOR" not in os.environ
        self._names: list[str] = []
        self._closed = False

    def say(self, text: str = "") -> None:
        if self._closed:
            return
        try:
            sys.stdout.write(f"{text}\n")
            sys.stdout.flush()
        except (BrokenPipeError, OSError):
            self._closed = True

    def line(self, name: str, text: str) -> None:
        """One line of `name`'s output."""
        if name not in self._names:
            self._names.append(name)
        label = f"{name:<{WIDTH}}"
        if self._coloured:
            label = f"\x1b[{COLOURS[self._names.index(name) % len(COLOURS)]}m{label}\x1b[0m"
        self.say(f"{label} | {text}")

    def error(self, text: str) -> None:
        sys.stderr.write(f"\x1b[31m{text}\x1b[0m\n" if self._coloured else f"{text}\n")
        sys.stderr.flush()
