"""Memory: the largest feed that is read, and a thousand small ones after each other."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.report import Goal, Report
from benchmarks.syncing import feed_document

OURS, LIMIT = "media exchange", "goal"
LARGEST_ENTRIES = 9_000  # just below the 15 MiB that are read
FEEDS, ENTRIES = 1_000, 50
_MORE_MB, _FLAT_MB = 30.0, 5.0

GOALS = [
    Goal(scenario, OURS, LIMIT, 1, f"at most {limit:g} MB: {scenario}")
    for scenario, limit in (
        ("15 MB feed, more in the worker", _MORE_MB),
        ("15 MB feed, more in the parser", _MORE_MB),
        ("1,000 feeds, growth after the first 200", _FLAT_MB),
    )
]


def measure(report: Report) -> None:
    """In processes of their own: a peak cannot be taken back."""
    for line in (*_ask("large"), *_ask("many")):
        scenario, megabytes, limit = line.rsplit("\t", 2)
        report.add(scenario, OURS, "MB", float(megabytes), less=True)
        report.add(scenario, LIMIT, "MB", float(limit), less=True)


def _ask(what: str) -> list[str]:
    command = [sys.executable, "-m", "benchmarks.memory", what]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return [line for line in done.stdout.splitlines() if line.count("\t") == 2]


def _large() -> Iterator[tuple[str, float, float]]:
    """What the document itself takes is not counted: it is read whole before it is parsed."""
    from newsexchange.models import Feed
    from newsexchange.parsing import sandbox
    from newsexchange.services.ingest import ingest_document
    from tests.factories import make_broadcaster, make_feed

    feed = make_feed(make_broadcaster("rts"), slug="large", language="sr-Cyrl")  # numbers begin anew in each process
    ingest_document(Feed.objects.get(pk=feed.pk), feed_document(1, ENTRIES))
    payload = feed_document(2, LARGEST_ENTRIES)
    child = sandbox._worker.process.pid if sandbox._worker.process else 0
    before, child_before = _peak_mb("self"), _peak_mb(child)
    watched = _Watched(child)
    with watched:
        outcomes = ingest_document(Feed.objects.get(pk=feed.pk), payload)
    if sum(outcome.result == "created" for outcome in outcomes) != LARGEST_ENTRIES:
        raise RuntimeError("Not every entry was stored.")
    yield "15 MB feed, more in the worker", _peak_mb("self") - before, _MORE_MB
    yield "15 MB feed, more in the parser", max(watched.peak_mb - child_before - len(payload) / 1e6, 0.1), _MORE_MB


def _many() -> Iterator[tuple[str, float, float]]:
    from newsexchange.parsing import sandbox
    from newsexchange.services.ingest import ingest_document
    from tests.factories import make_broadcaster, make_feed

    broadcaster = make_broadcaster("rts")
    early = 0.0
    for number in range(FEEDS):
        feed = make_feed(broadcaster, slug=f"many{number}", language="sr-Cyrl")
        ingest_document(feed, feed_document(number + 10, ENTRIES))
        if number == FEEDS // 5:
            early = _both(sandbox)
    yield "1,000 feeds, growth after the first 200", max(_both(sandbox) - early, 0.1), _FLAT_MB


def _both(sandbox: object) -> float:
    process = sandbox._worker.process  # type: ignore[attr-defined]
    return _resident_mb("self") + (_resident_mb(process.pid) if process else 0.0)


class _Watched:
    """The highest peak of a child that may be gone when the work is done."""

    def __init__(self, pid: int) -> None:
        import threading

        self.peak_mb, self._pid = 0.0, pid
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def _look(self) -> None:
        while not self._stop.wait(0.05):
            self.peak_mb = max(self.peak_mb, _peak_mb(self._pid))

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()


def _peak_mb(pid: int | str) -> float:
    return _status_mb(pid, "VmHWM:")


def _resident_mb(pid: int | str) -> float:
    return _status_mb(pid, "VmRSS:")


def _status_mb(pid: int | str, name: str) -> float:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except FileNotFoundError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith(name)), 0.0)


def main() -> None:
    import django

    django.setup()
    for scenario, megabytes, limit in {"large": _large, "many": _many}[sys.argv[1]]():
        print(f"{scenario}\t{megabytes:.1f}\t{limit}", flush=True)


if __name__ == "__main__":
    main()
