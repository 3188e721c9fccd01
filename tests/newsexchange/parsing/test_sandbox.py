import multiprocessing
import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from newsexchange.parsing import sandbox
from newsexchange.parsing.base import DocumentError, ReasonCode
from newsexchange.parsing.registry import parse
from newsexchange.parsing.sandbox import parse_in_child
from tests.newsexchange.parsing.documents import rss

FEED = rss("<item><guid>1</guid><title>x</title><pubDate>Thu, 01 Jan 2004 19:48:21 GMT</pubDate></item>")
ROOT = Path(__file__).resolve().parents[3]
MEBIBYTE = 1024**2


@pytest.fixture(autouse=True)
def a_fresh_child():
    """A child retires after a while, and tests before these may have used it up."""
    sandbox._worker.stop()


def child_pid() -> int:
    process = sandbox._worker.process
    assert process is not None
    return process.pid


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def wait_until_dead(pid: int) -> bool:
    deadline = time.monotonic() + 10
    while is_alive(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not is_alive(pid)


def test_the_child_gives_what_the_parser_gives():
    assert parse_in_child(FEED, "auto", "") == parse(FEED)


def test_one_child_serves_many_documents():
    parse_in_child(FEED, "auto", "")
    first = child_pid()
    parse_in_child(FEED, "rss", "text/xml")
    assert child_pid() == first


def test_a_refusal_arrives_with_its_reason():
    with pytest.raises(DocumentError) as refused:
        parse_in_child(b"hello", "auto", "")
    assert refused.value.reason == ReasonCode.UNKNOWN_FORMAT


def test_a_stopped_child_is_killed_after_its_time_and_replaced():
    parse_in_child(FEED, "auto", "")
    stopped = child_pid()
    os.kill(stopped, signal.SIGSTOP)
    started = time.monotonic()
    with pytest.raises(DocumentError) as refused:
        parse_in_child(FEED, "auto", "", seconds=1)
    assert refused.value.reason == ReasonCode.PARSER_FAILED
    assert time.monotonic() - started < 5
    assert not is_alive(stopped)
    assert len(parse_in_child(FEED, "auto", "").entries) == 1


def test_a_killed_child_costs_one_document_and_no_more():
    parse_in_child(FEED, "auto", "")
    os.kill(child_pid(), signal.SIGKILL)
    assert wait_until_dead(child_pid())
    assert len(parse_in_child(FEED, "auto", "").entries) == 1


def test_too_little_memory_is_a_document_error():
    large = rss(
        "".join(
            f"<item><guid>{n}</guid><title>x</title><description>{'y ' * 400}</description></item>" for n in range(9000)
        )
    )
    sandbox._worker.stop()
    with pytest.raises(DocumentError) as refused:
        parse_in_child(large, "auto", "", memory_bytes=100 * MEBIBYTE)
    assert refused.value.reason in {ReasonCode.PARSER_FAILED, ReasonCode.NOT_WELL_FORMED}
    assert len(parse_in_child(FEED, "auto", "").entries) == 1


def test_threads_take_turns():
    results = []
    threads = [threading.Thread(target=lambda: results.append(parse_in_child(FEED, "auto", ""))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 8


def parse_in_a_daemon(queue) -> None:  # type: ignore[no-untyped-def]
    queue.put(len(parse_in_child(FEED, "auto", "").entries))
    queue.put(child_pid())
    sandbox._worker.stop()


def test_a_forked_daemonic_worker_has_a_child_of_its_own():
    parse_in_child(FEED, "auto", "")
    ours = child_pid()
    context = multiprocessing.get_context("fork")
    queue = context.Queue()
    worker = context.Process(target=parse_in_a_daemon, args=(queue,), daemon=True)
    worker.start()
    assert queue.get(timeout=20) == 1
    assert queue.get(timeout=20) != ours
    worker.join(20)
    assert is_alive(ours)
    assert len(parse_in_child(FEED, "auto", "").entries) == 1


def test_the_child_ends_when_its_parent_is_killed():
    program = (
        "from newsexchange.parsing import sandbox; import sys, time\n"
        "sandbox.parse_in_child(b'<rss/>', 'auto', '')\n"
        "print(sandbox._worker.process.pid, flush=True); time.sleep(60)"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, env={"PYTHONPATH": str(ROOT)}
    )
    assert parent.stdout is not None
    with parent.stdout:
        pid = int(parent.stdout.readline())
        assert is_alive(pid)
        parent.kill()
        parent.wait()
    assert wait_until_dead(pid)


def test_the_child_knows_neither_django_nor_our_environment():
    program = (
        "import sys, newsexchange.parsing.sandbox_child; print(any(name.split('.')[0] == 'django' for name "
        "in sys.modules))"
    )
    output = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": str(ROOT)},
    )
    assert output.stdout.strip() == "False"
    os.environ["CANARY_SECRET"] = "canary"
    try:
        sandbox._worker.stop()
        parse_in_child(FEED, "auto", "")
        assert b"canary" not in Path(f"/proc/{child_pid()}/environ").read_bytes()
    finally:
        del os.environ["CANARY_SECRET"]


def test_a_reply_that_would_run_code_is_not_read():
    class Attack:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return os.system, ("false",)

    with pytest.raises(pickle.UnpicklingError):
        sandbox._read_reply(pickle.dumps(("parsed", Attack(), False)))
