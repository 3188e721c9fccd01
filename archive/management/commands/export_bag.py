"""``manage.py export_bag IDENTIFIER… --broadcaster SLUG --target FOLDER``: masters, packed for another archive."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import bagit  # type: ignore[import-untyped]
from django.core.management.base import BaseCommand, CommandError

from archive.models import Item
from archive.services.bag import export_bag
from mediaexchange.core.errors import DomainError


class Command(BaseCommand):
    help = "Write a BagIt bag with the masters of items, their PBCore and PREMIS records, and verify it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("identifiers", nargs="+", metavar="IDENTIFIER", help="the house's own identifiers")
        parser.add_argument("--broadcaster", required=True, help="slug of the house that holds the items")
        parser.add_argument("--target", required=True, type=Path, help="a folder that is empty or not there yet")

    def handle(self, *args: Any, identifiers: list[str], broadcaster: str, target: Path, **options: Any) -> None:
        items = list(Item.objects.filter(broadcaster__slug=broadcaster, identifier__in=identifiers))
        if missing := sorted(set(identifiers) - {item.identifier for item in items}):
            raise CommandError(f"{broadcaster} has no items {', '.join(missing)}.")
        try:
            bag = export_bag(items, target, actor=None)
        except (DomainError, OSError, bagit.BagError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{target}: verified. Files of the store: {len(bag.files)}. Bytes: {bag.size_bytes}.")
