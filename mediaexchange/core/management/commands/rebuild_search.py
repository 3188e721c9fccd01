"""``manage.py rebuild_search [--type TYPE …] [--check] [--once]``: the search index, built anew or only compared."""

import time
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from mediaexchange.core.search.rebuilding import Progress, check, has_been_built, rebuild
from mediaexchange.core.search.registry import SearchType, all_types

_EVERY_SECONDS = 2.0


class Command(BaseCommand):
    help = (
        "Build the search index anew. It may be killed at any time and started again: it goes on where it was. "
        "Nothing has to stop meanwhile."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        known = [each.key for each in all_types()]
        parser.add_argument(
            "--type",
            "--kind",
            dest="types",
            action="append",
            choices=known,
            metavar="TYPE",
            help="only this type; may be repeated: " + ", ".join(known),
        )
        way = parser.add_mutually_exclusive_group()
        way.add_argument(
            "--check",
            action="store_true",
            help="write nothing; say what differs, and end with status 1 if anything does",
        )
        way.add_argument("--once", action="store_true", help="only types that have never been built to the end")

    def handle(self, *args: Any, types: list[str] | None, check: bool, once: bool, **options: Any) -> None:
        wanted = [each for each in all_types() if types is None or each.key in types]
        if once:
            wanted = [each for each in wanted if not has_been_built(each)]
        wrong = sum(self._run(each, _check if check else rebuild).wrong for each in wanted)
        if wrong:
            raise CommandError(f"{wrong} records are not in the index as they should be.", returncode=1)

    def _run(self, search_type: SearchType, work: Callable[[SearchType], Iterator[Progress]]) -> Progress:
        started, told, begun = time.monotonic(), time.monotonic(), None
        progress = Progress(0, 0)
        for progress in work(search_type):
            begun = progress.done if begun is None else begun
            if (now := time.monotonic()) - told > _EVERY_SECONDS:
                told = now
                rate = (progress.done - begun) / (now - started)
                self.stdout.write(f"{search_type.key}: {progress.done} of {progress.total}, {rate:.0f} a second")
        seconds = time.monotonic() - started
        end = f", {progress.wrong} wrong" if work is _check else ""
        self.stdout.write(f"{search_type.key}: {progress.done} of {progress.total} done in {seconds:.1f} s{end}")
        return progress


_check = check
