"""Walk every page, form, answer and document in every language, and report what its reader would not understand."""

import os
import subprocess
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from mediaexchange.core.languages.catalogs.stores import ROOT

WALKS = "tests/translations"


class Command(BaseCommand):
    """Runs walks of the test suite on embedded servers of their own; touches no data. Fails if anything is left."""

    help = "Look for untranslated and hard-coded words on every page, in API problems and mail (needs the tests)."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--processes", type=int, default=2, help="how many walk at once (default 2)")

    def handle(self, *args: Any, processes: int, **options: Any) -> None:
        if not (ROOT / WALKS).is_dir():
            raise CommandError("The walks belong to the tests: run this in a working copy of the source.")
        command = [sys.executable, "-m", "pytest", WALKS, "-q", "--no-header", "--tb=no"]
        command += ["--numprocesses", str(processes), "--dist", "load"]
        # The interpreter is our own and the rest is written here.
        finished = subprocess.run(command, cwd=ROOT, env=_environment(), check=False)  # noqa: S603
        if finished.returncode:
            raise CommandError("Something is left over: see above.")


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
    return kept | {"DJANGO_SETTINGS_MODULE": "mediaexchange.settings.test", "WALK_EVERY_LANGUAGE": "1"}
