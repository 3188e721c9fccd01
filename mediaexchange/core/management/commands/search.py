"""``manage.py search --as USER [--lang L] [--json] QUERY``: what that user finds, and nothing else."""

import sys
from argparse import ArgumentParser
from typing import Any

import orjson
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from mediaexchange.core.languages.tags import shown_language, to_bcp47
from mediaexchange.core.models import User
from mediaexchange.core.search.asking import Filters
from mediaexchange.core.search.parsing import SearchError
from mediaexchange.core.search.registry import all_types, types_for
from mediaexchange.core.search.results import Result, search


class Command(BaseCommand):
    help = "Search as a member of staff or a service account does, with their rights."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("query", nargs="+", metavar="QUERY", help='words, "phrases", -exceptions, beginnings*')
        parser.add_argument("--as", dest="reader", required=True, metavar="USER", help="username of who searches")
        parser.add_argument("--lang", default="", help="BCP 47 tag of the reader's language; else the account's own")
        parser.add_argument("--type", dest="types", action="append", choices=[each.key for each in all_types()])
        parser.add_argument("--limit", type=int, default=20, choices=range(1, 51), metavar="1-50")
        parser.add_argument("--json", action="store_true", help="one JSON object a line for each result")

    def handle(self, *args: Any, query: list[str], reader: str, **options: Any) -> None:
        user = User.objects.filter(username=reader, is_active=True).first()
        if user is None:
            raise CommandError(f"There is no active user “{reader}”.")
        language = shown_language(options["lang"] or to_bcp47(user.language))
        if language is None:
            raise CommandError(f"“{options['lang']}” is not a language that is shown here.")
        with translation.override(language):
            try:
                found = search(
                    " ".join(query), user, types_for(user), language=language,
                    filters=Filters(types=tuple(options["types"] or ())), limit=options["limit"],
                )  # fmt: skip
            except SearchError as error:
                raise CommandError(str(error)) from error
            for result in found.results:
                self.stdout.write(_json(result) if options["json"] else _plain(result))
        self._tell(f"{found.count}{'+' if found.count_is_capped else ''} found")
        for suggestion in found.suggestions:
            self._tell(f"Did you mean: {suggestion}")

    def _tell(self, text: str) -> None:
        """Beside the results, so that these can be piped."""
        self.stderr.write(text)
        sys.stderr.flush()


def _plain(result: Result) -> str:
    day = f"{result.fresh_at:%Y-%m-%d}" if result.fresh_at else "–"
    return f"{result.type}  {result.uid}  {day}  {result.language}  {result.title}"


def _json(result: Result) -> str:
    line = {
        "type": result.type,
        "uid": result.uid,
        "url": result.url,
        "language": result.language,
        "title": result.title,
        "marked_title": result.marked_title,
        "snippet": result.snippet,
        "snippet_language": result.snippet_language,
        "fresh_at": result.fresh_at,
        "origin": result.origin,
        "kind": result.kind,
    }
    return orjson.dumps(line, default=str).decode()
