"""``manage.py erase_audit TABLE ROW --as USER --reason TEXT``: empty what the audit trail quotes of one row."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from mediaexchange.core.models import User
from mediaexchange.core.trail.erasing import erase_values


class Command(BaseCommand):
    help = (
        "Empty what the audit trail quotes of one row, where somebody has a right to it. When, by whom and where "
        "something was done stays, and so does this erasure. It cannot be undone."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("table", metavar="TABLE", help="such as core_user")
        parser.add_argument("row", metavar="ROW", help="the row's key")
        parser.add_argument("--as", dest="actor", required=True, metavar="USER", help="username of a superuser")
        parser.add_argument("--reason", required=True, metavar="TEXT", help="on what right; it stays, so name nobody")

    def handle(self, *args: Any, table: str, row: str, actor: str, reason: str, **options: Any) -> None:
        user = User.objects.filter(username=actor, is_active=True, is_superuser=True).first()
        if user is None:
            raise CommandError(f"There is no active superuser “{actor}”.")
        if not 0 < len(reason.strip()) <= 200:
            raise CommandError("A reason has 1 to 200 characters.")
        count = erase_values(table, row, actor=user, reason=reason.strip())
        self.stdout.write(f"{count} entries erased")
