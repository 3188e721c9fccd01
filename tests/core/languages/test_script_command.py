import io
import sys

import pytest
from django.core.management import CommandError, call_command

from mediaexchange.core.management.commands.script import Command


def convert(monkeypatch: pytest.MonkeyPatch, data: bytes, *arguments: str) -> str:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    out = io.StringIO()
    call_command(Command(), *arguments, stdout=out)
    return out.getvalue()


def test_lines_are_converted_and_their_ends_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    data = "\ufeffЉубав\r\n\nкоњ".encode()
    assert convert(monkeypatch, data, "--to", "latin") == "Ljubav\r\n\nkonj"
    assert convert(monkeypatch, b"Ljubav\n", "--to", "cyrillic") == "Љубав\n"


def test_kept_words_add_to_the_usual_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    converted = convert(monkeypatch, b"BBC, Alfa, Beta i gama", "--to", "cyrillic", "--keep", "Alfa", "Beta")
    assert converted == "BBC, Alfa, Beta и гама"


def test_invalid_utf8_is_an_error_that_names_the_line(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CommandError, match="Line 2, byte 3") as raised:
        convert(monkeypatch, b"dan\nda\xff\n", "--to", "latin")
    assert raised.value.returncode == 1
