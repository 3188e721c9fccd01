"""What a start may skip, and what it must not."""

import os
from pathlib import Path

import psycopg
import pytest

from mediaexchange.launcher import ports, preparation
from mediaexchange.launcher.arguments import parse
from mediaexchange.launcher.catalogs import compile_catalogs, stale_catalogs
from mediaexchange.launcher.layout import Layout
from mediaexchange.launcher.servers import Servers, running

pytestmark = [pytest.mark.launcher, pytest.mark.enable_socket]
CATALOG = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "Story"\nmsgstr "Вест"\n'


def test_migrations_run_again_after_any_change_of_code_or_database(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository = place / "repository"
    (repository / "app" / "migrations").mkdir(parents=True)
    (repository / "requirements.txt").write_text("")
    monkeypatch.setattr(preparation, "REPOSITORY", repository)
    with running(Servers(Layout.at(place / "data"), durable=False, valkey=False)) as servers:
        url = servers.environment()["DATABASE_URL"]
        note = preparation.DatabaseNote(url)
        assert not note.migrations_are_current()
        with psycopg.connect(url) as connection:
            connection.execute("CREATE TABLE django_migrations (id int)")
        note.note_migrations()
        assert note.migrations_are_current()
        (repository / "app" / "migrations" / "0001_initial.py").write_text("")
        assert not note.migrations_are_current()
        note.note_migrations()
        with psycopg.connect(url) as connection:
            connection.execute("INSERT INTO django_migrations VALUES (1)")
        assert not note.migrations_are_current()
        assert not note.has_demo("http://a")
        note.note_demo("http://a")
        assert note.has_demo("http://a")
        assert not note.has_demo("http://b")


def test_static_files_are_collected_again_after_a_change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    style = tmp_path / "app" / "static" / "style.css"
    style.parent.mkdir(parents=True)
    style.write_text("a")
    (tmp_path / "requirements.txt").write_text("")
    monkeypatch.setattr(preparation, "REPOSITORY", tmp_path)
    assert not preparation.static_files_are_current(tmp_path / "out")
    preparation.note_static_files(tmp_path / "out")
    assert preparation.static_files_are_current(tmp_path / "out")
    style.write_text("b")
    assert not preparation.static_files_are_current(tmp_path / "out")


def test_a_changed_catalog_is_compiled_once(tmp_path: Path) -> None:
    source = tmp_path / "locale" / "sr" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True)
    source.write_text(CATALOG)
    assert stale_catalogs(tmp_path) == [source]
    assert compile_catalogs([source]) is None
    assert "Вест".encode() in source.with_suffix(".mo").read_bytes()
    assert stale_catalogs(tmp_path) == []
    os.utime(source, (2**31, 2**31))
    assert stale_catalogs(tmp_path) == [source]


def test_the_port_of_the_feeds_stays_until_somebody_takes_it(tmp_path: Path) -> None:
    memory = tmp_path / "port"
    chosen = ports.remembered_port(memory, preferred=0)
    assert ports.remembered_port(memory, preferred=0) == chosen
    with ports.socket.socket() as other:
        other.bind((ports.HOST, chosen))
        other.listen()
        assert ports.remembered_port(memory, preferred=0) != chosen


@pytest.mark.parametrize(
    ("arguments", "command"),
    [
        (["--", "psql", "--exec", "x"], ["psql", "--exec", "x"]),
        (["--exec", "psql", "--", "x"], ["psql", "--", "x"]),
        (["--demo"], None),
    ],
)
def test_everything_after_the_separator_belongs_to_the_command(arguments: list[str], command: list[str] | None) -> None:
    assert parse(arguments).command == command


def test_the_port_comes_from_the_option_then_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "9000")
    assert parse([]).port == 9000
    assert parse(["--port", "9001"]).port == 9001
    monkeypatch.setenv("PORT", "nine")
    with pytest.raises(SystemExit):
        parse([])
