"""``manage.py demo_data``: the reference data, fictional staff, and the partner feeds of the demonstration."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from newsexchange.demo import PASSWORD, demo_access, load_demo


class Command(BaseCommand):
    help = "Fill an empty system with the demonstration; safe to repeat. Refused where production settings are in use."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--print-access", action="store_true", help="only print accounts, a key and the first call")
        parser.add_argument("--base-url", default="http://127.0.0.1:8000", help="where the web server answers")

    def handle(self, *args: Any, print_access: bool, base_url: str, **options: Any) -> None:
        if not hasattr(settings, "PARTNER_FEEDS_URL"):
            raise CommandError("The demonstration is for development settings: its passwords are public.")
        if print_access:
            self.stdout.write(self._access(base_url))
            return
        for line in load_demo(settings.PARTNER_FEEDS_URL):
            self.stdout.write(line)

    def _access(self, base_url: str) -> str:
        access = demo_access()
        accounts = "\n".join(f"  {user:<18} {role}" for user, role in access.accounts)
        return (
            f"Admin      {base_url}/admin/\n"
            f"API        {base_url}/api/v1/docs/\n"
            f"Open feed  {base_url}/feeds/rts/sr-Latn.rss\n\n"
            f"Accounts, all with the password {PASSWORD!r}:\n{accounts}\n\n"
            f"API key of PTRC's newsroom: {access.key}\n"
            f"API key of a sandbox to write in: {access.sandbox_key}\n"
            f"First call:\n"
            f"  curl -H 'Authorization: Bearer {access.key}' '{base_url}/api/v1/stories/?limit=3&lang=sr-Latn'"
        )
