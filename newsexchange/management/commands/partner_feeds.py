"""Runs the make-believe partner newsrooms in the foreground."""

import signal
from argparse import ArgumentParser
from pathlib import Path
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from newsexchange.partner_feeds.server import PartnerFeedServer


class Command(BaseCommand):
    """Needs no database; stops at once on SIGTERM or Ctrl-C."""

    help = "Play three make-believe partner newsrooms with living feeds, for demonstrations."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: loopback)")
        parser.add_argument("--port", type=int, required=True, help="port to listen on; 0 takes any free one")
        parser.add_argument("--speed", type=float, default=1.0, help="how fast the timeline runs; 2 is twice as fast")
        parser.add_argument("--began-file", type=Path, help="remember here when it began; a restart goes on from there")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            server = PartnerFeedServer(
                options["host"], options["port"], speed=options["speed"], began_file=options["began_file"]
            )
        except (OSError, ValueError) as error:
            raise CommandError(str(error)) from error
        signal.signal(signal.SIGTERM, _stop)
        self.stderr.write(f"Partner feeds at {server.newsrooms.base_url}/")
        with server:
            try:
                server.serve_forever()
            except KeyboardInterrupt:
                return


def _stop(signal_number: int, frame: FrameType | None) -> None:
    raise SystemExit(0)
