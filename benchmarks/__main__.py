"""``python -m benchmarks``: measure everything in one run, print a table, write JSON. ``make bench`` calls it."""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.servers import ROOT
from mediaexchange.launcher.servers import throwaway

PARTS = (
    "sync", "memory", "webhooks", "reading", "desk", "search", "languages",
    "harvesting", "catalogue", "media", "uploading", "airings",
)  # fmt: skip


def main() -> int:
    """Exit status 0 when everything was measured, whatever the figures: speed is reported, never asserted."""
    arguments = _arguments()
    with throwaway() as servers, tempfile.NamedTemporaryFile(prefix="bench-", suffix=".log", delete=False) as log:
        environment = servers.environment() | {"DJANGO_SETTINGS_MODULE": "mediaexchange.settings.development"}
        environment |= {"LOG_LEVEL": "ERROR", "STATIC_ROOT": str(servers.layout.data / "static")}
        os.environ.update(environment)
        print(f"Servers' output goes to {log.name}.", flush=True)
        for command in (["migrate", "--no-input"], ["collectstatic", "--no-input"]):
            subprocess.run([sys.executable, "manage.py", *command, "-v0"], cwd=ROOT, check=True)
        import django

        django.setup()
        from benchmarks import (
            airings,
            catalogue,
            dataset,
            desk,
            fanout,
            harvesting,
            languages,
            media,
            memory,
            reading,
            searching,
            syncing,
            uploading,
        )
        from benchmarks.report import Report

        report = Report()
        goals = []
        if "sync" in arguments.only:
            print("Feed synchronisation …", flush=True)
            syncing.measure(report, rounds=arguments.rounds, entries=arguments.entries)
            goals += syncing.GOALS
        if "memory" in arguments.only:
            print("Memory …", flush=True)
            memory.measure(report)
            goals += memory.GOALS
        if "webhooks" in arguments.only:
            print("Webhook fan-out …", flush=True)
            fanout.measure(report, environment, rounds=arguments.rounds, log=log)
            goals += fanout.GOALS
        if {"reading", "desk"} & set(arguments.only):
            print(f"Loading {arguments.stories:,} stories …", flush=True)
            superuser = environment["DATABASE_URL"].replace("//mediaexchange@", "//postgres@")
            data = dataset.load(arguments.stories, superuser)
        if "reading" in arguments.only:
            print("Lists, details, depth …", flush=True)
            reading.measure(
                report, data, environment, arguments.peers_python,
                rounds=arguments.rounds, seconds=arguments.seconds, log=log,
            )  # fmt: skip
            goals += reading.GOALS
        if "desk" in arguments.only:
            print("Staff's lists …", flush=True)
            desk.measure(report, environment, rounds=arguments.rounds, seconds=arguments.seconds, log=log)
            goals += desk.GOALS
        if "search" in arguments.only:
            print(f"Loading {arguments.searched:,} stories for search …", flush=True)
            searching.measure(
                report, environment, stories=arguments.searched, rounds=arguments.rounds, seconds=arguments.seconds,
                log=log,
            )  # fmt: skip
            goals += searching.GOALS
        if "languages" in arguments.only:
            print("Scripts, lexemes, name keys …", flush=True)
            languages.measure(report, rounds=arguments.rounds)
            goals += languages.GOALS
        if "harvesting" in arguments.only:
            print("Harvesting by OAI-PMH …", flush=True)
            harvesting.measure(report, rounds=arguments.rounds)
            goals += harvesting.GOALS
        if "catalogue" in arguments.only:
            print(f"Loading {arguments.items:,} items of footage …", flush=True)
            superuser = environment["DATABASE_URL"].replace("//mediaexchange@", "//postgres@")
            catalogue.measure(report, superuser, items=arguments.items, rounds=arguments.rounds)
            goals += catalogue.GOALS
        if "media" in arguments.only:
            print("Probe and proxy …", flush=True)
            media.measure(report, rounds=arguments.rounds)
            goals += media.GOALS
        if "uploading" in arguments.only:
            print("Uploads …", flush=True)
            uploading.measure(report, environment, rounds=arguments.rounds, log=log)
            goals += uploading.GOALS
        if "airings" in arguments.only:
            print(f"A log of {arguments.airings:,} airings …", flush=True)
            airings.measure(report, airings=arguments.airings, rounds=arguments.rounds)
            goals += airings.GOALS
        print(report.table(goals))
        report.write(
            arguments.json, goals, stories=arguments.stories, entries=arguments.entries, rounds=arguments.rounds
        )
        print(f"Written to {arguments.json}.")
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--stories", type=int, default=100_000, help="stories in the database (100,000)")
    parser.add_argument("--entries", type=int, default=1_000, help="entries of the feed that is synchronised (1,000)")
    parser.add_argument("--rounds", type=int, default=5, help="interleaved rounds of each scenario (5)")
    parser.add_argument("--seconds", type=float, default=4.0, help="length of a window of load (4)")
    parser.add_argument("--searched", type=int, default=1_000_000, help="stories in the search index (1,000,000)")
    parser.add_argument("--items", type=int, default=1_000_000, help="items in the archive's catalogue (1,000,000)")
    parser.add_argument("--airings", type=int, default=10_000, help="rows of the as-run log (10,000)")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS)
    parser.add_argument("--json", type=Path, default=ROOT / "build" / "bench.json")
    default = ROOT / ".venv" / "bench" / "bin" / "python"
    parser.add_argument(
        "--peers-python", default=str(default) if default.exists() else "", help="Wagtail's environment"
    )
    arguments = parser.parse_args()
    if arguments.peers_python:
        arguments.peers_python = os.path.abspath(arguments.peers_python)  # the peers run in folders of their own
    return arguments


if __name__ == "__main__":
    sys.exit(main())
