"""The whole project through one command: real processes, a miniature application."""

import contextlib
import os
import signal
import socket
import time
from collections.abc import Callable

import pytest

from tests.launcher.miniature import Miniature, becomes, postmaster, read_until

pytestmark = [pytest.mark.launcher, pytest.mark.enable_socket]
Install = Callable[..., Miniature]


def runs_everything(project: Miniature) -> bool:
    """Whether the scheduler, which is started last, has become a program of its own."""
    return any("celery" in arguments and "beat" in arguments for arguments in project.processes().values())


def test_a_first_start_prepares_everything_and_a_second_one_nothing(install: Install) -> None:
    project = install()
    first = project.up("--demo")
    read_until(first, "editor / secret")
    first.send_signal(signal.SIGTERM)
    assert first.wait(15) == 0
    assert {command.split()[0] for command in project.commands()} == {
        "migrate",
        "collectstatic",
        "rebuild_search",
        "demo_data",
        "partner_feeds",
    }
    (project.data / "commands.txt").unlink()
    began = time.monotonic()
    second = project.up("--demo")
    assert time.monotonic() - began < 5
    read_until(second, "editor / secret")
    assert sorted(command.split()[0] for command in project.commands()) == ["demo_data", "partner_feeds"]


def test_ctrl_c_leaves_no_process_and_takes_less_than_ten_seconds(install: Install) -> None:
    project = install()
    process = project.up()
    assert becomes(lambda: runs_everything(project))
    began = time.monotonic()
    process.send_signal(signal.SIGINT)
    assert process.wait(15) == 0
    assert time.monotonic() - began < 10
    assert project.processes() == {}


def test_a_second_ctrl_c_kills_what_does_not_want_to_stop(install: Install) -> None:
    project = install()
    process = project.up()
    assert becomes(lambda: runs_everything(project))  # whoever stops a fork before it is a program stops its parent too
    for pid in project.processes():
        if pid != process.pid:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGSTOP)
    process.send_signal(signal.SIGINT)
    read_until(process, "Stopping …")
    time.sleep(0.3)
    began = time.monotonic()
    process.send_signal(signal.SIGINT)
    process.wait(15)
    assert time.monotonic() - began < 5
    assert becomes(lambda: project.processes() == {}, 3)


def test_a_killed_web_server_is_started_again(install: Install) -> None:
    project = install()
    project.up()
    before = project.web_master()
    os.kill(before, signal.SIGKILL)
    assert becomes(lambda: project.web_master() != before)


def test_a_killed_database_is_started_again(install: Install) -> None:
    project = install()
    project.up()
    before = postmaster(project.data)
    os.kill(before, signal.SIGKILL)
    assert becomes(lambda: bool(project.web_master()) and postmaster(project.data) != before, 20)


def test_a_program_that_always_dies_ends_the_start_with_an_error(install: Install) -> None:
    project = install()
    (project.root / "celery" / "__main__.py").write_text("raise SystemExit(3)\n")
    process = project.up()
    written = read_until(process, "giving up")
    assert "worker   | ended unexpectedly with status 3; starts again in 0.25 s\n" in written, "named, and no colour"
    assert process.wait(15) == 1
    assert project.processes() == {}


def test_a_failing_migration_ends_the_start_with_an_error_and_stops_the_servers(install: Install) -> None:
    project = install()
    manage = project.root / "manage.py"
    manage.write_text(
        manage.read_text().replace('if command == "migrate":', 'if command == "migrate":\n    sys.exit(4)')
    )
    status, written = project.run("--port", str(project.port))
    assert status == 1
    assert "migrate failed with status 4" in written
    assert project.processes() == {}


def test_after_a_kill_9_the_next_start_works_on_the_same_port_and_data(install: Install) -> None:
    project = install()
    process = project.up()
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    again = project.up()
    assert project.web_master()
    again.send_signal(signal.SIGTERM)
    assert again.wait(15) == 0
    assert becomes(lambda: project.processes() == {}, 3)  # a worker's child ends once it notices that its parent has


def test_orphans_that_survived_the_launcher_are_stopped_by_the_next_start(install: Install) -> None:
    project = install()
    process = project.up()
    stuck = project.web_master()
    os.kill(stuck, signal.SIGSTOP)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    project.up()
    assert project.web_master() != stuck
    assert becomes(lambda: stuck not in project.processes(), 3)


def test_a_port_in_use_is_reported_before_anything_starts(install: Install) -> None:
    project = install()
    with socket.socket() as other:
        other.bind(("127.0.0.1", project.port))
        other.listen()
        status, written = project.run("--port", str(project.port))
    assert status == 1
    assert f"Port {project.port} cannot be used" in written
    assert not (project.data / "postgres").exists()


def test_a_second_launcher_on_the_same_data_is_told_where_the_first_one_is(install: Install) -> None:
    project = install()
    project.up()
    status, written = project.run("--port", str(project.port))
    assert status == 1
    assert f"already running at http://127.0.0.1:{project.port}" in written
    assert project.web_master()


def test_output_may_be_closed_by_a_pager_without_stopping_the_project(install: Install) -> None:
    project = install()
    process = project.up()
    assert process.stdout is not None
    process.stdout.close()
    with contextlib.suppress(OSError):  # the server dies of this request and may take the answer with it
        project.get("/crash")
    assert becomes(lambda: bool(project.web_master()))
    process.send_signal(signal.SIGTERM)
    assert process.wait(15) == 0


def test_a_bad_port_is_refused(install: Install) -> None:
    status, written = install().run("--port", "99999")
    assert status == 2
    assert "'99999' is no port number" in written
