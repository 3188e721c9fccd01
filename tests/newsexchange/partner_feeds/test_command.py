"""The command as the demonstration starts and stops it: a process of its own, without a database."""

import re
import signal
import subprocess
import sys
from http.client import HTTPConnection
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[3]


def test_the_command_serves_without_a_database_and_stops_cleanly_on_sigterm() -> None:
    command = [sys.executable, "manage.py", "partner_feeds", "--port", "0"]
    with subprocess.Popen(command, cwd=PROJECT, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stderr is not None
            found = (re.search(r"Partner feeds at http://127\.0\.0\.1:(\d+)/", line) for line in process.stderr)
            port = next(int(match[1]) for match in found if match)
            connection = HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/rts/vesti.rss")
            assert connection.getresponse().status == 200
            connection.close()
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=5) == 0
        finally:
            process.kill()
