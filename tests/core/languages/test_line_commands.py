import io
import sys

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection

from mediaexchange.core.management.commands.lexemes import Command as Lexemes
from mediaexchange.core.management.commands.names import Command as Names
from mediaexchange.core.management.stream import LineCommand


def run(monkeypatch: pytest.MonkeyPatch, command: LineCommand, text: str, *arguments: str) -> list[str]:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    out = io.StringIO()
    call_command(command, *arguments, stdout=out)
    return out.getvalue().split("\n")


def test_each_name_gets_its_key_on_a_line_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = run(monkeypatch, Names(), "\ufeffВучић Токајев\r\n\nVucic Tokayev")
    assert lines == ["vucic tokaev", "", "vucic tokaev", ""]


def test_each_line_of_kazakh_words_gets_its_lexemes_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = run(monkeypatch, Lexemes(), "қалалардың, атты!\n\nәуе-райында BBC-дің", "--lang", "kk")
    assert lines[0].split() == sorted(["ат", "атты", "ату", "қала", "қалалардың"])
    assert lines[1] == ""
    assert {"bbc", "bbc-дің"} <= set(lines[2].split())
    assert run(monkeypatch, Lexemes(), "қалалардың", "--lang", "kk", "--query")[0].split() == ["қала", "қалалардың"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "text", "lexeme"),
    [("ru", "новостями", "новост"), ("en", "stories", "stori"), ("sr", "вестима", "vest"), ("sr", "vestima", "vest")],
)
def test_other_languages_are_stemmed_by_the_database(
    monkeypatch: pytest.MonkeyPatch, language: str, text: str, lexeme: str
) -> None:
    assert lexeme in run(monkeypatch, Lexemes(), text, "--lang", language)[0].split()


@pytest.mark.django_db
def test_serbian_without_diacritics_shares_a_lexeme(monkeypatch: pytest.MonkeyPatch) -> None:
    found = run(monkeypatch, Lexemes(), "Ђоковића\nĐokovića\nDjokovica\n", "--lang", "sr")
    cyrillic, latin, plain = (set(line.split()) for line in found[:3])
    assert cyrillic & plain
    assert latin & plain


def test_a_missing_database_is_named_as_the_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr(connection, "ensure_connection", refuse)
    with pytest.raises(CommandError, match=r"PostgreSQL, which cannot be reached.*connection refused"):
        run(monkeypatch, Lexemes(), "vest", "--lang", "sr")
