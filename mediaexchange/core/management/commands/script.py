"""Convert Serbian text between its scripts, from standard input to standard output."""

import codecs
import os
import sys
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand, CommandError, CommandParser

from mediaexchange.core.languages.serbian import to_cyrillic, to_latin
from mediaexchange.core.languages.serbian_words import DEFAULT_KEEP


class Command(BaseCommand):
    """Works line by line and needs neither database nor checks; markup that spans lines is not recognised as markup."""

    help = "Convert Serbian text (UTF-8) from standard input to the other script on standard output."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--to", choices=("latin", "cyrillic"), required=True, help="The script to write.")
        parser.add_argument(
            "--keep",
            nargs="+",
            action="extend",
            default=[],
            metavar="WORD",
            help="Words or phrases that stay Latin, besides the usual foreign names (with --to cyrillic).",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        convert: Callable[[str], str] = to_latin
        if options["to"] == "cyrillic":
            convert = partial(to_cyrillic, keep=DEFAULT_KEEP.union(options["keep"]))
        try:
            for line in _lines(sys.stdin.buffer):
                self._write(convert(line))
        except BrokenPipeError:
            # The reader (head, for example) has had enough; keep the interpreter from complaining when it flushes.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

    def _write(self, text: str) -> None:
        binary = getattr(self.stdout, "buffer", None)  # bytes, so that the locale's encoding does not matter
        if binary is None:
            self.stdout.write(text, ending="")
        else:
            binary.write(text.encode())
            binary.flush()


def _lines(stream: BinaryIO) -> Iterator[str]:
    for number, line in enumerate(stream, start=1):
        if number == 1:
            line = line.removeprefix(codecs.BOM_UTF8)
        try:
            yield line.decode()
        except UnicodeDecodeError as error:
            raise CommandError(f"Line {number}, byte {error.start + 1}: the input is not valid UTF-8.") from error
