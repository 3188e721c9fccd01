"""The embedded servers: starting, adopting, recovering, and every account and path they must live with."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
import redis

from mediaexchange.launcher import urls
from mediaexchange.launcher.layout import Layout
from mediaexchange.launcher.servers import Servers, running, throwaway
from tests.launcher.miniature import PACKAGES, Miniature, becomes, postmaster, read_until

pytestmark = [pytest.mark.launcher, pytest.mark.enable_socket]
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root to become another account")
ORDINARY_UID = 65534


def insert(url: str) -> int:
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (at timestamptz DEFAULT now())")
        connection.execute("INSERT INTO kept DEFAULT VALUES")
        row = connection.execute("SELECT count(*) FROM kept").fetchone()
    assert row
    return int(row[0])


def test_the_role_of_the_project_is_no_superuser_and_test_databases_have_the_extensions(place: Path) -> None:
    with running(Servers(Layout.at(place / "data"), durable=False)) as servers:
        url = servers.environment()["DATABASE_URL"]
        with psycopg.connect(url, autocommit=True) as connection:
            role = connection.execute(
                "SELECT rolname, rolsuper, rolbypassrls, rolcreatedb FROM pg_roles WHERE rolname = current_user"
            ).fetchone()
            assert role == ("mediaexchange", False, False, True)
            connection.execute("CREATE DATABASE test_of_extensions")
        with psycopg.connect(url, dbname="test_of_extensions") as connection:
            names = {name for (name,) in connection.execute("SELECT extname FROM pg_extension")}
            assert {"btree_gist", "intarray", "pg_trgm"} <= names
            lowered = connection.execute("SELECT lower('ЂУРЂЕВАК ҰЛТ')").fetchone()
            assert lowered == ("ђурђевак ұлт",)


def test_valkey_keeps_the_queue_through_a_kill_9_and_refuses_to_forget(place: Path) -> None:
    layout = Layout.at(place / "data")
    with running(Servers(layout, postgres=False)) as servers:
        client = redis.Redis.from_url(urls.redis_url(layout))
        assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
        client.config_set("appendfsync", "always")
        client.lpush("deliver", "ring")
        process = servers.started[0].process
        assert process is not None
        process.kill()
        process.wait()
        client.close()
        assert servers.revive() == ["Valkey"]
        assert redis.Redis.from_url(urls.redis_url(layout)).lrange("deliver", 0, -1) == [b"ring"]


def test_a_running_server_is_adopted_and_not_stopped_by_its_guest(place: Path) -> None:
    layout = Layout.at(place / "data")
    with running(Servers(layout, durable=False)) as owner:
        with running(Servers(layout, durable=False)) as guest:
            assert guest.started == []
            assert insert(urls.database_url(layout)) == 1
        assert insert(urls.database_url(layout)) == 2
        assert len(owner.started) == 2


def test_a_guest_takes_over_when_the_owner_leaves(place: Path) -> None:
    layout = Layout.at(place / "data")
    owner = Servers(layout, durable=False)
    owner.start()
    with running(Servers(layout, durable=False)) as guest:
        insert(urls.database_url(layout))
        owner.stop()
        assert sorted(guest.revive()) == ["PostgreSQL", "Valkey"]
        assert insert(urls.database_url(layout)) == 2


def test_a_killed_database_recovers_with_its_data_and_stale_pid_file(place: Path) -> None:
    layout = Layout.at(place / "data")
    with running(Servers(layout)) as servers:
        assert insert(urls.database_url(layout)) == 1
        os.kill(postmaster(layout.data), signal.SIGKILL)
        assert becomes(lambda: "PostgreSQL" in servers.revive())
        assert insert(urls.database_url(layout)) == 2
    stale = layout.postgres / "postmaster.pid"
    stale.write_text(f"1\n{layout.postgres}\n0\n5432\n{layout.sockets}\n\n0 0\nready\n")
    with running(Servers(layout)):
        assert insert(urls.database_url(layout)) == 3


def test_a_frozen_database_is_replaced(place: Path) -> None:
    layout = Layout.at(place / "data")
    frozen = Servers(layout, durable=False, valkey=False)
    frozen.start()
    insert(urls.database_url(layout))
    os.kill(postmaster(layout.data), signal.SIGSTOP)
    with running(Servers(layout, durable=False, valkey=False)) as servers:
        assert len(servers.started) == 1
        assert insert(urls.database_url(layout)) == 2
    frozen.stop()


def test_an_interrupted_initialisation_is_thrown_away(place: Path) -> None:
    layout = Layout.at(place / "data")
    (layout.data / "postgres.partial").mkdir(parents=True)
    (layout.data / "postgres.partial" / "half").write_text("")
    with running(Servers(layout, durable=False, valkey=False)):
        assert insert(urls.database_url(layout)) == 1


def test_removing_the_data_spares_foreign_files_and_refuses_foreign_directories(
    install: Callable[..., Miniature],
) -> None:
    project = install()
    project.run("--", "true")
    (project.data / "letter.txt").write_text("mine")
    assert project.run("--remove-data")[0] == 0
    assert [path.name for path in project.data.iterdir()] == ["letter.txt"]
    status, written = project.run("--remove-data")
    assert (status, "holds no data of this project" in written) == (1, True)


def test_servers_end_with_a_launcher_that_is_killed(install: Callable[..., Miniature]) -> None:
    project = install()
    process = project.popen("--only", "servers")
    read_until(process, "REDIS_URL")
    assert project.processes()
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert becomes(lambda: project.processes() == {})


def test_a_command_gets_the_addresses_and_gives_its_status(install: Callable[..., Miniature]) -> None:
    project = install()
    script = 'import os, psycopg; psycopg.connect(os.environ["DATABASE_URL"]); print(os.environ["REDIS_URL"]); exit(7)'
    for flag in ("--", "--exec"):
        status, written = project.run(flag, sys.executable, "-c", script)
        assert (status, "unix:///tmp/mx-" in written) == (7, True), written
    assert project.processes() == {}
    assert project.run("--", "/no/such/program")[0] == 127


def test_an_address_in_the_environment_replaces_the_server(install: Callable[..., Miniature]) -> None:
    project = install()
    status, written = project.run(
        "--", "sh", "-c", "echo $DATABASE_URL", DATABASE_URL="postgresql://elsewhere/db", REDIS_URL="redis://elsewhere"
    )
    assert (status, written.strip()) == (0, "postgresql://elsewhere/db")
    assert not (project.data / "postgres").exists()


def test_a_path_with_blanks_and_letters_of_every_script_and_great_length_works(
    install: Callable[..., Miniature],
) -> None:
    project = install("мој пројекат қазақша / ".replace("/", "&") + "x" * 100 + "/" + "y" * 100)
    status, written = project.run("--", sys.executable, "-c", "import os; print(os.environ['DATABASE_URL'])")
    assert (status, "postgresql://" in written) == (0, True), written


@as_root
def test_root_keeps_its_data_elsewhere_when_the_servers_cannot_enter_the_project(place: Path) -> None:
    closed = place / "closed"
    closed.mkdir(mode=0o700)
    layout = Layout.at(closed / "data")
    try:
        for expected in (1, 2):
            with running(Servers(layout, durable=False)):
                assert insert(urls.database_url(layout)) == expected
        assert layout.postgres.is_symlink()
        assert layout.postgres.resolve().parent == layout.shared
    finally:
        subprocess.run(["rm", "-rf", str(layout.shared)], check=True)


@as_root
@pytest.mark.skipif(not Path("/usr/bin/python3.11").exists(), reason="needs a Python that other accounts can run")
def test_an_ordinary_user_can_start_the_project_with_a_read_only_tree(
    install: Callable[..., Miniature], place: Path
) -> None:
    data = place / "data of a user"
    data.mkdir()
    os.chown(data, ORDINARY_UID, ORDINARY_UID)
    project = install(uid=ORDINARY_UID, data=data)
    for path in (project.root, *project.root.rglob("*")):
        path.chmod(0o555)
    process = project.up()
    process.send_signal(signal.SIGINT)
    assert process.wait(15) == 0
    assert project.processes() == {}


@as_root
def test_a_data_directory_that_cannot_be_written_is_reported(install: Callable[..., Miniature], place: Path) -> None:
    if not Path("/usr/bin/python3.11").exists():
        pytest.skip("needs a Python that other accounts can run")
    project = install(uid=ORDINARY_UID, data=place / "not mine")
    status, written = project.run("--only", "servers")
    assert status == 1
    assert "Set MEDIAEXCHANGE_DATA" in written


def test_throwaway_servers_leave_nothing_and_remove_what_killed_runs_left() -> None:
    script = "import os, signal\nfrom mediaexchange.launcher.servers import throwaway\n"
    script += "with throwaway() as servers:\n print(servers.layout.data, flush=True)\n os.kill(os.getpid(), 9)"
    repository = Path(__file__).resolve().parents[2]
    killed = subprocess.run(
        [sys.executable, "-c", script], cwd=repository, env=os.environ | {"PYTHONPATH": PACKAGES}, capture_output=True
    )
    left = Path(killed.stdout.decode().strip())
    assert left.is_dir()
    with throwaway() as servers:
        assert not left.exists()
        assert insert(servers.environment()["DATABASE_URL"]) == 1
        data = servers.layout.data
    assert not data.exists()
    assert not servers.layout.sockets.exists()


def test_addresses_are_known_before_anything_runs_and_short_enough_for_a_socket(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("REDIS_URL", raising=False)
    monkeypatch.setenv("MEDIAEXCHANGE_DATA", "/a" * 2000)
    assert urls.database_url() == urls.database_url()
    assert len(os.fsencode(Layout.from_environment().postgres_socket)) < 107
    assert urls.broker_url().startswith("redis+socket:///tmp/mx-")
    assert urls.broker_url("rediss://host/1") == "rediss://host/1"
