"""``manage.py validate_catalogue``: look at every item again, and count what is found."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Count

from archive.models import Item
from archive.services.validation import BATCH, validate_items
from archive.validation import RULES
from broadcasters.models import Broadcaster


class Command(BaseCommand):
    help = "Keep each item's validation status and its reasons, and list how many items each rule finds fault with."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--broadcaster", default="", help="slug of the one house to look at")

    def handle(self, *args: Any, broadcaster: str, **options: Any) -> None:
        items = Item.objects.order_by("pk")
        if broadcaster:
            if not Broadcaster.objects.filter(slug=broadcaster).exists():
                raise CommandError(f"There is no broadcaster “{broadcaster}”.")
            items = items.filter(broadcaster__slug=broadcaster)
        after = changed = 0
        while ids := list(items.filter(pk__gt=after).values_list("pk", flat=True)[:BATCH]):
            changed += validate_items(ids)
            after = ids[-1]
        for status, number in (
            items.order_by().values_list("validation").annotate(number=Count("pk")).order_by("validation")
        ):
            self.stdout.write(f"{status}: {number}")
        for rule in RULES:
            number = items.filter(validation_reasons__contains=[{"code": rule.code}]).count()
            if number:
                self.stdout.write(f"  {rule.code}: {number}")
        self.stdout.write(f"changed: {changed}")
