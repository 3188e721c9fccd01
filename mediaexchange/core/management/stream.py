"""Commands that turn standard input into standard output, line by line, whatever the locale's encoding is."""

import codecs
import os
import sys
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand, CommandError


class LineCommand(BaseCommand):
    """Reads UTF-8 and answers each line at once, so that it can stand in a pipe. Needs neither database nor checks."""

    requires_system_checks = []

    def answer(self, convert: Callable[[str], str]) -> None:
        """Write `convert(line)` for each line; a line end comes with the line, if it has one."""
        try:
            for line in lines(sys.stdin.buffer):
                self._write(convert(line))
        except BrokenPipeError:
            # The reader (head, for example) has had enough; keep the interpreter from complaining when it flushes.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

    def answer_text(self, convert: Callable[[str], str]) -> None:
        """The same for a line without its end; the answer always ends in a line feed."""
        self.answer(lambda line: convert(line.rstrip("\r\n")) + "\n")

    def _write(self, text: str) -> None:
        binary: Any = getattr(self.stdout, "buffer", None)  # bytes, so that the locale's encoding does not matter
        if binary is None:
            self.stdout.write(text, ending="")
        else:
            binary.write(text.encode())
            binary.flush()


def lines(stream: BinaryIO) -> Iterator[str]:
    """The lines with their ends; CommandError names the line and byte that is not UTF-8."""
    for number, line in enumerate(stream, start=1):
        if number == 1:
            line = line.removeprefix(codecs.BOM_UTF8)
        try:
            yield line.decode()
        except UnicodeDecodeError as error:
            raise CommandError(f"Line {number}, byte {error.start + 1}: the input is not valid UTF-8.") from error
