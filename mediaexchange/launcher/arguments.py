"""The options of `manage.py up`, shared by the direct start and by Django's command."""

import argparse
import os

DEFAULT_PORT = 8000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=_port, default=None, help=f"port of the web server (PORT, else {DEFAULT_PORT})")
    parser.add_argument("--demo", action="store_true", help="load demo data once and serve partner feeds on loopback")
    parser.add_argument("--only", choices=["servers"], help="run nothing but PostgreSQL and Valkey")
    parser.add_argument("--remove-data", action="store_true", help="delete the database, the queues and all files")
    parser.add_argument(
        "--exec",
        dest="command",
        nargs=argparse.REMAINDER,
        metavar="CMD",
        help="start the servers, run this command with their addresses in the environment, and end with its status",
    )


def parse(arguments: list[str]) -> argparse.Namespace:
    """Everything after the first `--exec` or bare `--` is the command, whatever it looks like."""
    parser = argparse.ArgumentParser(prog="manage.py up", description="Start the whole project on this machine.")
    add_arguments(parser)
    at = next((index for index, word in enumerate(arguments) if word in {"--", "--exec"}), None)
    options = parser.parse_args(arguments[:at])
    if at is not None:
        options.command = arguments[at + 1 :]
        if not options.command:
            parser.error("a command is missing")
    if options.port is None:
        try:
            options.port = _port(os.environ.get("PORT") or str(DEFAULT_PORT))
        except argparse.ArgumentTypeError as error:
            parser.error(f"PORT: {error}")
    return options


def _port(text: str) -> int:
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise argparse.ArgumentTypeError(f"{text!r} is no port number (1 to 65535)")
    return int(text)
