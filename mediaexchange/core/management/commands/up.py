"""Starts the project; manage.py runs the same code directly, before Django is imported."""

import sys

from django.core.management.base import BaseCommand, CommandParser

from mediaexchange.launcher.arguments import add_arguments
from mediaexchange.launcher.up import main


class Command(BaseCommand):
    help = "Start PostgreSQL, Valkey, the web server, the worker and the scheduler on this machine."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        add_arguments(parser)

    def run_from_argv(self, argv: list[str]) -> None:
        sys.exit(main(argv[2:]))

    def handle(self, *args: str, **options: object) -> None:
        """For `call_command`, which hands over parsed options."""
        arguments = ["--demo"] if options["demo"] else []
        arguments += ["--only", str(options["only"])] if options["only"] else []
        arguments += ["--remove-data"] if options["remove_data"] else []
        arguments += ["--port", str(options["port"])] if options["port"] else []
        command = options["command"]
        arguments += ["--exec", *command] if isinstance(command, list) else []
        sys.exit(main(arguments))
