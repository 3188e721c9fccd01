"""`manage.py up`: the servers alone, the servers round a command, or the whole project."""

import os
import signal
import subprocess
import sys
import time

from mediaexchange.launcher.arguments import parse
from mediaexchange.launcher.console import Console
from mediaexchange.launcher.errors import LauncherError
from mediaexchange.launcher.interrupts import Interrupts
from mediaexchange.launcher.layout import Layout
from mediaexchange.launcher.processes import die_with_parent
from mediaexchange.launcher.project import Project
from mediaexchange.launcher.removal import remove_data
from mediaexchange.launcher.servers import Servers, running

STOPPED_BY_REQUEST = 0
REVIVE_SECONDS = 2


def main(arguments: list[str]) -> int:
    """Returns the exit status: 0 after a requested stop, 1 after a failure, else that of the command given."""
    options = parse(arguments)
    console = Console()
    interrupts = Interrupts()
    try:
        if options.command:
            return _run_command(options.command, interrupts)
        if options.remove_data:
            remove_data(Layout.from_environment())
            return 0
        if options.only:
            return _run_servers(console)
        Project(options.port, demo=options.demo, console=console, interrupts=interrupts).run()
    except LauncherError as error:
        console.error(str(error))
        return 1
    except KeyboardInterrupt:
        return STOPPED_BY_REQUEST
    return 0


def _run_servers(console: Console) -> int:
    with running() as servers:
        environment = servers.environment()
        console.say(f"DATABASE_URL={environment['DATABASE_URL']}")
        console.say(f"REDIS_URL={environment['REDIS_URL']}")
        if not servers.started:
            console.say("Already running.")
            return 0
        while True:
            time.sleep(REVIVE_SECONDS)
            for name in servers.revive():
                console.say(f"{name} had ended and was started again.")


def _run_command(command: list[str], interrupts: Interrupts) -> int:
    """Ctrl-C reaches the command from the terminal itself; SIGTERM is passed on."""
    with running(Servers.from_environment()) as servers:
        environment = dict(os.environ) | servers.environment()
        interrupts.raises = False
        try:
            process = subprocess.Popen(  # noqa: S603 - the person at the terminal wrote the command
                command, env=environment, preexec_fn=die_with_parent(signal.SIGTERM)
            )
        except OSError as error:
            sys.stderr.write(f"{command[0]}: {error.strerror}\n")
            return 127
        signal.signal(signal.SIGTERM, lambda number, frame: process.send_signal(number))
        status = process.wait()
    return 128 - status if status < 0 else status
