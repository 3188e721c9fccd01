"""A whole installation to be mistreated: durable servers, workers, beats, newsrooms and a subscribers' server.

Use it in the main thread: the kernel ends the servers with the thread that started them.
"""

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import redis

from mediaexchange.launcher.embedded import EmbeddedServer
from mediaexchange.launcher.layout import REPOSITORY
from mediaexchange.launcher.postgres import PostgresServer
from mediaexchange.launcher.processes import die_with_parent
from mediaexchange.launcher.project import QUEUES, manage
from mediaexchange.launcher.servers import Servers, throwaway
from mediaexchange.launcher.valkey import ValkeyServer
from tests.faults.sink import Sink

CELERY = [sys.executable, "-W", "ignore:You're running the worker", "-m", "celery", "--quiet"]
APP = ["--app", "mediaexchange.celery:app"]
WORKER = [*CELERY, *APP, "worker", "--queues", QUEUES, "--concurrency", "3", "--loglevel", "INFO"]
WORKER += ["--without-gossip", "--without-mingle", "--include", "tests.faults.saboteur"]
BEAT = [*CELERY, *APP, "beat", "--loglevel", "WARNING", "--pidfile", ""]
WORKERS, BEATS = ("worker-1", "worker-2"), ("beat-1", "beat-2")
SETTLED_S = 120.0

_UNFINISHED = """
SELECT (SELECT count(*) FROM core_outboxevent
         WHERE position IS NULL OR position > coalesce((SELECT position FROM newsexchange_fanout), 0)),
       (SELECT count(*) FROM newsexchange_delivery AS told JOIN newsexchange_subscription AS wish
           ON wish.id = told.subscription_id AND wish.is_active WHERE status = 'pending'),
       (SELECT count(*) FROM newsexchange_inbounddelivery WHERE status = 'waiting'),
       (SELECT count(*) FROM newsexchange_story
         WHERE embargoed_until < now() + interval '1 hour' AND released_at IS NULL AND pubstatus = 'usable')
"""


class Newsroom:
    """A process that writes; `ask` waits for its answer, `begin` and `answer` do not."""

    def __init__(self, environment: dict[str, str], log: Path) -> None:
        self._log = log
        with log.open("ab") as errors:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.faults.newsroom"],
                cwd=REPOSITORY,
                env=environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                start_new_session=True,
                preexec_fn=die_with_parent(signal.SIGKILL),
            )

    def begin(self, deed: str, **values: Any) -> None:
        assert self.process.stdin
        self.process.stdin.write(json.dumps({"deed": deed, **values}) + "\n")
        self.process.stdin.flush()

    def answer(self) -> Any:
        assert self.process.stdout
        line = self.process.stdout.readline()
        assert line, f"the newsroom ended with {self.process.wait()}: {self._log.read_text(errors='replace')[-3000:]}"
        return json.loads(line)

    def ask(self, deed: str, **values: Any) -> Any:
        self.begin(deed, **values)
        return self.answer()

    def end(self) -> int:
        """Let it go and return its exit status, negative for a signal."""
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe:
                pipe.close()
        return self.process.wait(60)


class Exchange:
    """Programs run until they are killed on purpose; whatever ends by itself is started again and counted."""

    def __init__(self, servers: Servers, sink: Sink) -> None:
        self.servers = servers
        self.sink = sink
        self.paths: dict[str, tuple[int, str]] = {}  # subscription → broadcaster's id, secret
        self.hidden = ""  # uid of a story that is under embargo all the time
        self.ended: Counter[str] = Counter()
        self.url = servers.environment()["DATABASE_URL"]
        self._newsrooms: list[Newsroom] = []
        self._programs: dict[str, tuple[list[str], subprocess.Popen[bytes]]] = {}
        self._environment = os.environ | servers.environment()
        self._environment |= {
            "DJANGO_SETTINGS_MODULE": "mediaexchange.settings.development",
            "PARTNER_FEEDS_URL": f"http://127.0.0.1:{sink.port}",  # the one address that may be reached on loopback
            "PYTHONUNBUFFERED": "1",
        }

    def prepare(self) -> None:
        done = subprocess.run(
            manage("migrate", "--no-input", "--verbosity", "0"), cwd=REPOSITORY, env=self._environment, check=False,
            capture_output=True, text=True,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        newsroom = self.newsroom()
        made = newsroom.ask("set_up", sink=f"http://127.0.0.1:{self.sink.port}")
        self.paths = {path: (broadcaster, secret) for path, (broadcaster, secret) in made.items()}
        self.hidden = newsroom.ask("publish_secret", name="until-tomorrow")
        newsroom.end()

    def newsroom(self) -> Newsroom:
        newsroom = Newsroom(self._environment, self.log_of("newsroom"))
        self._newsrooms.append(newsroom)
        return newsroom

    def log_of(self, name: str) -> Path:
        return self.servers.layout.logs / f"{name}.log"

    def logs(self) -> dict[str, str]:
        return {path.name: path.read_text(errors="replace") for path in self.servers.layout.logs.iterdir()}

    def start(self, *names: str) -> None:
        for name in names:
            command = [*WORKER, "--hostname", f"{name}@test"] if name.startswith("worker") else BEAT
            with self.log_of(name).open("ab") as log:
                process = subprocess.Popen(
                    command, cwd=REPOSITORY, env=self._environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                    start_new_session=True, preexec_fn=die_with_parent(signal.SIGTERM),
                )  # fmt: skip
            self._programs[name] = command, process

    def send(self, number: signal.Signals, *names: str) -> None:
        """To the whole process group, as the kernel's memory killer or an impatient supervisor does at worst."""
        for name in names:
            process = self._programs[name][1]
            os.killpg(process.pid, number)
            if number == signal.SIGKILL:
                process.wait()
                del self._programs[name]

    def running(self) -> list[str]:
        return list(self._programs)

    def look_after(self) -> None:
        """Start again what ended by itself, as the launcher does."""
        for name, (_command, process) in list(self._programs.items()):
            if process.poll() is not None:
                self.ended[name] += 1
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                self.start(name)

    def server(self, kind: type[EmbeddedServer]) -> EmbeddedServer:
        return next(server for server in self.servers.started if isinstance(server, kind))

    def crash_server(self, kind: type[EmbeddedServer], number: signal.Signals) -> None:
        """End a server and bring it back as the launcher does."""
        process = self.server(kind).process
        assert process
        process.send_signal(number)
        process.wait(60)
        assert self.servers.revive() == [kind.name]

    def valkey(self) -> redis.Redis:
        return redis.Redis.from_url(self.servers.environment()["REDIS_URL"])

    def rows(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.url, autocommit=True) as connection:
            return connection.execute(statement, values).fetchall()

    def unfinished(self) -> tuple[int, ...]:
        """Events without deliveries, deliveries, pushed documents and embargoes that wait."""
        return self.rows(_UNFINISHED)[0]

    def settle(self, seconds: float = SETTLED_S) -> float:
        """Wait until nothing waits any more; returns for how long it did, in seconds."""
        started = time.monotonic()
        assert self.until(lambda: not any(self.unfinished()), seconds), f"after {seconds} s wait {self.unfinished()}"
        return time.monotonic() - started

    def until(self, condition: Callable[[], Any], seconds: float = SETTLED_S) -> bool:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            self.look_after()
            if condition():
                return True
            time.sleep(0.1)
        return False

    def stop(self) -> None:
        for _command, process in self._programs.values():
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        self._programs.clear()
        for newsroom in self._newsrooms:  # still there only if a test failed
            newsroom.process.kill()
            newsroom.end()


class Tormentor:
    """Does everything of a list once, in an order and at moments that come from a seed."""

    def __init__(self, exchange: Exchange, seed: int) -> None:
        self.exchange = exchange
        self.random = random.Random(seed)
        self.done: Counter[str] = Counter()

    def torment(self, seconds: float, *, workers: int, valkeys: int, flushes: int, databases: int) -> None:
        deeds: list[Callable[[], None]] = [
            *[self.worker] * workers, *[self.valkey] * valkeys, *[self.flush] * flushes, *[self.database] * databases,
        ]  # fmt: skip
        self.random.shuffle(deeds)
        moments = sorted(self.random.uniform(0, seconds) for _ in deeds)
        started = time.monotonic()
        for moment, deed in zip(moments, deeds, strict=True):
            self.exchange.until(lambda moment=moment: time.monotonic() >= started + moment, seconds * 2)
            deed()
            self.done[deed.__name__] += 1

    def worker(self) -> None:
        name = self.random.choice(WORKERS)
        self.exchange.send(signal.SIGKILL, name)
        self.exchange.start(name)

    def valkey(self) -> None:
        self.exchange.crash_server(ValkeyServer, signal.SIGKILL)

    def flush(self) -> None:
        with contextlib.closing(self.exchange.valkey()) as client:
            client.flushall()

    def database(self) -> None:
        """Without a checkpoint; what was committed comes back from its log."""
        self.exchange.crash_server(PostgresServer, signal.SIGQUIT)


@contextlib.contextmanager
def installation(seed: int) -> Iterator[Exchange]:
    with Sink(seed) as sink, throwaway(durable=True) as servers:
        exchange = Exchange(servers, sink)
        try:
            exchange.prepare()
            yield exchange
        finally:
            exchange.stop()
