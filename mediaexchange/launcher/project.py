"""One run of the whole project: what is prepared, which programs run, and in which order."""

import os
import sys
from pathlib import Path

from mediaexchange.launcher.catalogs import compile_catalogs, stale_catalogs
from mediaexchange.launcher.claim import Claim
from mediaexchange.launcher.console import Console
from mediaexchange.launcher.errors import LauncherError
from mediaexchange.launcher.interrupts import Interrupts
from mediaexchange.launcher.layout import REPOSITORY
from mediaexchange.launcher.ports import HOST, answers, remembered_port, require_free
from mediaexchange.launcher.preparation import DatabaseNote, note_static_files, static_files_are_current
from mediaexchange.launcher.servers import Servers
from mediaexchange.launcher.supervisor import Program, Supervisor

QUEUES = "ingest,deliver,media,default"
READY_SECONDS = 120.0
GRACEFUL_SECONDS = "2"


def manage(*arguments: str) -> list[str]:
    """A management command under this interpreter."""
    return [sys.executable, str(REPOSITORY / "manage.py"), *arguments]


class Project:
    """Call `run` once. Every program it starts has ended when it returns or raises."""

    def __init__(self, port: int, *, demo: bool, console: Console, interrupts: Interrupts) -> None:
        self._port = port
        self._demo = demo
        self._console = console
        self._interrupts = interrupts
        self._servers = Servers.from_environment()
        self._address = f"http://{HOST}:{port}"

    def run(self) -> None:
        """Start everything and look after it until somebody asks to stop (KeyboardInterrupt) or it cannot go on."""
        claim = Claim(self._servers.layout, self._address)
        try:
            for name in claim.stop_orphans():
                self._console.say(f"Stopped {name}, left over from a start that was killed.")
            require_free(self._port)
            self._servers.start()
            self._run_programs(claim)
        finally:
            self._interrupts.raises = False
            if self._interrupts.count > 1:
                self._servers.kill()
            self._servers.stop()
            claim.release()

    def _run_programs(self, claim: Claim) -> None:
        environment = self._environment()
        supervisor = Supervisor(claim, self._console, self._interrupts, environment)
        supervisor.watch(self._revive_servers)
        try:
            note = DatabaseNote(environment["DATABASE_URL"])
            self._prepare(supervisor, note, Path(environment["STATIC_ROOT"]))
            if self._demo:
                self._load_demo(supervisor, note, environment["PARTNER_FEEDS_URL"])
            supervisor.start(self._web())
            if not supervisor.run_until(lambda: answers(self._port, "/health/ready"), READY_SECONDS):
                raise LauncherError(f"{self._address}/health/ready did not answer within {READY_SECONDS:g} s.")
            self._announce()
            for program in self._background():
                supervisor.start(program)
            if self._demo:
                access = manage("demo_data", "--print-access", "--base-url", self._address)
                supervisor.run_to_end([Program("access", access, once=True, plain=True)])
            supervisor.run_until(lambda: False)
        finally:
            self._console.say("Stopping …")
            supervisor.stop()

    def _environment(self) -> dict[str, str]:
        data = self._servers.layout.data
        environment = dict(os.environ) | self._servers.environment()
        environment |= {
            "PORT": str(self._port),
            "PUBLIC_URL": os.environ.get("PUBLIC_URL") or self._address,
            "PYTHONUNBUFFERED": "1",
            "STATIC_ROOT": os.environ.get("STATIC_ROOT") or str(data / "static"),
            "WEB_GRACEFUL_SECONDS": GRACEFUL_SECONDS,
        }
        if self._demo:
            port = remembered_port(data / "partner-feeds.port", preferred=min(self._port + 1, 65535))
            environment["PARTNER_FEEDS_URL"] = f"http://{HOST}:{port}"
            self._feeds_port = port
        return environment

    def _prepare(self, supervisor: Supervisor, note: DatabaseNote, static_root: Path) -> None:
        if (stale := stale_catalogs()) and (problem := compile_catalogs(stale)):
            self._console.line("start", problem)
        steps = []
        if not (migrated := note.migrations_are_current()):
            steps.append(Program("migrate", manage("migrate", "--no-input"), once=True))
        if not (collected := static_files_are_current(static_root)):
            steps.append(Program("static", manage("collectstatic", "--no-input", "--verbosity=0"), once=True))
        if steps:
            self._console.say(f"Preparing: {', '.join(step.name for step in steps)} …")
            supervisor.run_to_end(steps)
        if not migrated:
            # Rows of a release that had no search index yet; nothing to do in a new database.
            supervisor.run_to_end([Program("search", manage("rebuild_search", "--once"), once=True)])
            note.note_migrations()
        if not collected:
            note_static_files(static_root)

    def _load_demo(self, supervisor: Supervisor, note: DatabaseNote, feeds_url: str) -> None:
        if note.has_demo(feeds_url):
            return
        self._feeds_began.unlink(missing_ok=True)  # a new database hears everything from the start
        supervisor.start(self._feeds())
        self._console.say("Loading demo data …")
        supervisor.run_to_end([Program("demo", manage("demo_data"), once=True)])
        note.note_demo(feeds_url)

    @property
    def _feeds_began(self) -> Path:
        return self._servers.layout.data / "partner-feeds.began"

    def _web(self) -> Program:
        configuration = str(REPOSITORY / "deploy" / "gunicorn.conf.py")
        bind = f"{HOST}:{self._port}"
        command = [sys.executable, "-m", "gunicorn", "--config", configuration, "--bind", bind]
        return Program("web", [*command, "mediaexchange.wsgi:application"])

    def _feeds(self) -> Program:
        command = manage("partner_feeds", "--port", str(self._feeds_port), "--began-file", str(self._feeds_began))
        return Program("feeds", command, stop_stage=2, stop_seconds=1)

    def _background(self) -> list[Program]:
        level = os.environ.get("WORKER_LOG_LEVEL", "WARNING")  # a line for every due task would bury everything else
        quiet = ["-W", "ignore:You're running the worker with superuser privileges"]  # on this machine only, by request
        celery = [sys.executable, *quiet, "-m", "celery", "--quiet", "--app", "mediaexchange.celery:app"]
        worker = [*celery, "worker", "--queues", QUEUES, "--concurrency", "3", "--loglevel", level]
        beat = [*celery, "beat", "--loglevel", level, "--pidfile", ""]
        programs = [
            Program("worker", [*worker, "--without-gossip", "--without-mingle"], stop_stage=1),
            Program("beat", beat),
        ]
        return [self._feeds(), *programs] if self._demo else programs

    def _announce(self) -> None:
        lines = [
            f"Ready at {self._address}",
            f"  staff   {self._address}/admin/",
            f"  data    {self._servers.layout.data}",
            "  stop    Ctrl-C",
        ]
        rule = "-" * max(len(line) for line in lines)
        self._console.say("\n".join(["", rule, *lines, rule, ""]))

    def _revive_servers(self) -> None:
        for name in self._servers.revive():
            self._console.say(f"{name} had ended and was started again.")
