"""``manage.py load_checklists``: what countries demand of correspondents, and skills; again and again."""

from typing import Any

from django.core.management.base import BaseCommand

from correspondents.services.checklist import load_checklists

RESULTS = ("created", "updated", "unchanged")


class Command(BaseCommand):
    help = "Create and update the checklists of countries and the list of skills."

    def handle(self, *args: Any, **options: Any) -> None:
        counts = load_checklists()
        width = max(map(len, counts))
        self.stdout.write(" ".join(["".ljust(width), *(result.rjust(9) for result in RESULTS)]))
        for model, count in counts.items():
            self.stdout.write(" ".join([model.ljust(width), *(str(count[result]).rjust(9) for result in RESULTS)]))
