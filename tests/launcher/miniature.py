"""A copy of the launcher in a project of a few lines, so that starting it is quick and cannot touch the real one."""

import contextlib
import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
PACKAGES = next(path for path in sys.path if path.endswith("site-packages"))

MANAGE = """
import os, sys, time
os.chdir(os.path.dirname(os.path.abspath(__file__)))
command = sys.argv[1]
if command == "up":
    from mediaexchange.launcher.up import main
    sys.exit(main(sys.argv[2:]))
with open(os.path.join(os.environ["MEDIAEXCHANGE_DATA"], "commands.txt"), "a") as journal:
    journal.write(" ".join(sys.argv[1:]) + "\\n")
if command == "migrate":
    import psycopg
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS django_migrations (id int)")
if command == "demo_data" and "--print-access" in sys.argv:
    print("editor / secret")
if command == "partner_feeds":
    time.sleep(3600)
"""

WSGI = """
import os
import psycopg
from django.conf import settings

settings.configure(DATABASES={})

def application(environ, start_response):
    if environ["PATH_INFO"] == "/crash":
        os.kill(os.getppid(), 9)
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        connection.execute("SELECT 1")
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [str(os.getppid()).encode()]
"""

CELERY = """
import time

time.sleep(3600)
"""


class Miniature:
    """One installation of the copy; `up` starts it, `stop` ends whatever still runs."""

    def __init__(self, root: Path, *, uid: int | None = None, data: Path | None = None) -> None:
        self.root = root
        self.uid = uid
        self.data = data or root / "var"
        self.port = free_port()
        self._started: list[subprocess.Popen[str]] = []
        package = root / "mediaexchange"
        shutil.copytree(
            REPOSITORY / "mediaexchange" / "launcher",
            package / "launcher",
            ignore=shutil.ignore_patterns("__pycache__"),
        )
        shutil.copytree(REPOSITORY / "deploy", root / "deploy")
        (root / "celery").mkdir()
        for name, content in {
            "manage.py": MANAGE,
            "requirements.txt": "",
            "mediaexchange/__init__.py": "",
            "mediaexchange/wsgi.py": WSGI,
            "celery/__init__.py": "",
            "celery/__main__.py": CELERY,
        }.items():
            (root / name).write_text(content)
        if uid is not None:
            for path in (root, *root.rglob("*")):
                os.chown(path, uid, uid)

    def popen(self, *arguments: str, cwd: str = "/", **environment: str) -> subprocess.Popen[str]:
        python = "/usr/bin/python3" if self.uid is not None else sys.executable
        account = {"user": self.uid, "group": self.uid, "extra_groups": []} if self.uid is not None else {}
        kept = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL", "PORT"}}
        process = subprocess.Popen(
            [python, str(self.root / "manage.py"), "up", *arguments],
            cwd=cwd,
            env=kept | {"MEDIAEXCHANGE_DATA": str(self.data), "PYTHONPATH": PACKAGES, "HOME": "/"} | environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            **account,  # type: ignore[arg-type]
        )
        self._started.append(process)
        return process

    def run(self, *arguments: str, **environment: str) -> tuple[int, str]:
        """Exit status and everything written by a start which ends by itself."""
        process = self.popen(*arguments, **environment)
        output = process.communicate(timeout=60)[0]
        return process.returncode, output

    def up(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        """Start the whole project and wait until it is ready."""
        process = self.popen("--port", str(self.port), *arguments, **environment)
        read_until(process, "Ready at")
        return process

    def web_master(self) -> int:
        """The pid of the web server which answers, asked through the database."""
        return int(self.get("/health/ready"))

    def get(self, path: str) -> str:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        with contextlib.closing(connection):
            connection.request("GET", path)
            return connection.getresponse().read().decode()

    def commands(self) -> list[str]:
        return (self.data / "commands.txt").read_text().splitlines()

    def processes(self) -> dict[int, str]:
        """Living processes of this installation, known by its data directory in their environment or as their own."""
        found = {}
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit() or int(entry.name) == os.getpid():
                continue
            with contextlib.suppress(OSError):
                arguments = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                mine = f"MEDIAEXCHANGE_DATA={self.data}".encode() in (entry / "environ").read_bytes().split(b"\0")
                server = (entry / "cwd").readlink().is_relative_to(self.data)
                if arguments and (mine or server):
                    found[int(entry.name)] = arguments
        return found

    def stop(self) -> None:
        for process in self._started:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.communicate(timeout=15)
            if process.stdout:
                process.stdout.close()
        for pid in self.processes():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def read_until(process: subprocess.Popen[str], text: str) -> str:
    """Everything the process writes up to and including the line with `text`."""
    assert process.stdout is not None
    written = ""
    for line in process.stdout:
        written += line
        if text in line:
            return written
    raise AssertionError(f"ended with {process.wait()} before it wrote {text!r}:\n{written}")


def becomes(condition: Callable[[], bool], seconds: float = 10) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError, http.client.HTTPException, ValueError):
            if condition():
                return True
        time.sleep(0.05)
    return False


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def postmaster(data: Path) -> int:
    return int(re.split(r"\s", (data / "postgres" / "postmaster.pid").read_text())[0])
