"""``manage.py ingest PATH… --feed SLUG``: documents delivered by hand, through the same pipeline as any feed."""

from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
from django.core.management.base import BaseCommand, CommandError

from newsexchange.constants import FeedFormat
from newsexchange.models import Feed
from newsexchange.parsing.preflight import MAX_BYTES
from newsexchange.services.ingest import ingest_document
from newsexchange.services.intake import Outcome


class Command(BaseCommand):
    help = "Store the stories of files and directories; quarantine with a reason what cannot be used."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")
        parser.add_argument("--feed", required=True, help="slug of the feed they belong to")
        parser.add_argument("--format", default=FeedFormat.AUTO, choices=FeedFormat.values)
        parser.add_argument("--json", action="store_true", help="one JSON object a line for each entry")

    def handle(self, *args: Any, paths: list[Path], feed: str, format: str, json: bool, **options: Any) -> None:
        try:
            target = Feed.objects.select_related("broadcaster", "module").get(slug=feed)
        except Feed.DoesNotExist:
            known = ", ".join(Feed.objects.values_list("slug", flat=True)) or "none yet"
            raise CommandError(f"There is no feed “{feed}”. Feeds: {known}.") from None
        if missing := [str(path) for path in paths if not path.exists()]:
            raise CommandError(f"No such file or directory: {', '.join(missing)}")
        for path in _files(paths):
            for outcome in _ingest(target, path, format):
                self.stdout.write(_json_line(path, outcome) if json else _plain_line(path, outcome))


def _ingest(feed: Feed, path: Path, format: str) -> list[Outcome]:
    try:
        with path.open("rb") as file:
            payload = file.read(MAX_BYTES + 1)  # one more than allowed: the parser then says "too large"
    except OSError as error:
        return [Outcome("unreadable", reason="unreadable", detail=error.strerror or str(error))]
    return ingest_document(feed, payload, format=format)


def _files(paths: list[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(child for child in path.rglob("*") if child.is_file())
        else:
            yield path


def _json_line(path: Path, outcome: Outcome) -> str:
    line = {"path": str(path), "guid": outcome.guid, "result": outcome.result}
    if outcome.uid:
        line["uid"] = str(outcome.uid)
    else:
        line |= {"reason": outcome.reason, "detail": outcome.detail}
    return orjson.dumps(line).decode()


def _plain_line(path: Path, outcome: Outcome) -> str:
    return f"{path}: {outcome.result} {outcome.uid or outcome.reason} {outcome.guid}".rstrip()
