"""Print what each word of standard input is indexed or looked up under."""

import re
from collections.abc import Callable
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.db import OperationalError, connection

from mediaexchange.core.languages.kazakh_stems import lexemes, query_lexemes
from mediaexchange.core.management.stream import LineCommand
from mediaexchange.core.search.analysis import analyse, words_in

_WORD = re.compile(r"\w+(?:[-’'ʼ]\w+)*")
_BY_DATABASE = ("sr", "ru", "en")


class Command(LineCommand):
    """Kazakh needs no database; the other languages are stemmed by PostgreSQL."""

    help = "Print the lexemes of the words on each line (UTF-8), sorted and separated by spaces."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--lang", choices=("kk", *_BY_DATABASE), required=True, help="The words' language.")
        parser.add_argument("--query", action="store_true", help="As words that are looked up, not as indexed ones.")

    def handle(self, *args: Any, **options: Any) -> None:
        language = options["lang"]
        if language == "kk":
            self.answer_text(_kazakh(query_lexemes if options["query"] else lexemes))
            return
        try:
            connection.ensure_connection()
        except OperationalError as error:
            raise CommandError(
                f"Words in {language} are stemmed by PostgreSQL, which cannot be reached. Set DATABASE_URL. ({error})"
            ) from error
        self.answer_text(_postgresql(language))


def _kazakh(stem: Callable[[str], frozenset[str]]) -> Callable[[str], str]:
    return lambda line: " ".join(sorted(set().union(*map(stem, _WORD.findall(line)))))


def _postgresql(language: str) -> Callable[[str], str]:
    def stem(line: str) -> str:
        found = analyse((word.lower() for word in words_in(line.replace("\x00", ""))), language)
        return " ".join(sorted(frozenset().union(*found.values())))

    return stem
