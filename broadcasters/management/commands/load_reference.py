"""``manage.py load_reference``: the project's reference data into the database; again and again without duplicates."""

from typing import Any

from django.core.management.base import BaseCommand

from broadcasters.services.reference import load_reference

RESULTS = ("created", "updated", "unchanged")


class Command(BaseCommand):
    help = "Create and update places, broadcasters, channels, people, institutions, memoranda and modules."

    def handle(self, *args: Any, **options: Any) -> None:
        counts = load_reference()
        width = max(map(len, counts))
        self.stdout.write(" ".join(["".ljust(width), *(result.rjust(9) for result in RESULTS)]))
        for model, count in counts.items():
            self.stdout.write(" ".join([model.ljust(width), *(str(count[result]).rjust(9) for result in RESULTS)]))
