"""The options of `manage.py up`, shared by the direct start and by Django's command."""

import argparse
import os

DEFAULT_PORT = 8000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=_port, default=None, help=f"port of the web server (PORT, else {DEFAULT_PORT})")
    parser.add_argument("--demo", action="store_true", help="load demo data once and serve partner feeds on loopback")
    parser.add_argument("--only", choices=["servers"], help="run nothing but PostgreSQL and Valkey")
    parser.add_argument(
        "--exec",
        dest="command",
        nargs=argparse.REMAINDER,
        metavar="CMD",
        help="start the servers, run this command with their addresses in the environment, and end with its status",
    )


def parse(arguments: list[str]) -> argparse.Namespace:
    """Everything after a bare `--` is a command, as after `--exec`."""
    parser = argparse.ArgumentParser(prog="manage.py up", description="Start the whole project on this machine.")
    add_arguments(parser)
    own, separator, command = _split(arguments)
    options = parser.parse_args(own)
    if separator:
        if options.command is not None:
            parser.error("give a command after --exec or after --, not both")
        options.command = command
    if options.command == []:
        parser.error("a command is missing")
    if options.port is None:
        try:
            options.port = _port(os.environ.get("PORT") or str(DEFAULT_PORT))
        except argparse.ArgumentTypeError as error:
            parser.error(f"PORT: {error}")
    return options


def _split(arguments: list[str]) -> tuple[list[str], bool, list[str]]:
    before_exec = arguments.index("--exec") if "--exec" in arguments else len(arguments)
    if "--" not in arguments[:before_exec]:
        return arguments, False, []
    at = arguments.index("--")
    return arguments[:at], True, arguments[at + 1 :]


def _port(text: str) -> int:
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise argparse.ArgumentTypeError(f"{text!r} is no port number (1 to 65535)")
    return int(text)
