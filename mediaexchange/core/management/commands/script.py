"""Convert Serbian text between its scripts, from standard input to standard output."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.core.management.base import CommandParser

from mediaexchange.core.languages.serbian import to_cyrillic, to_latin
from mediaexchange.core.languages.serbian_words import DEFAULT_KEEP
from mediaexchange.core.management.stream import LineCommand


class Command(LineCommand):
    """Works line by line; markup that spans lines is not recognised as markup."""

    help = "Convert Serbian text (UTF-8) from standard input to the other script on standard output."

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
        self.answer(convert)
