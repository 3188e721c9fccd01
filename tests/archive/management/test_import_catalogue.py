"""``import_catalogue``: a preview by default, writing when told so, and every refusal with its reason."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from archive.models import Item
from tests.factories import make_broadcaster

pytestmark = pytest.mark.django_db


def run(*args, **options):
    out, err = StringIO(), StringIO()
    call_command("import_catalogue", *args, stdout=out, stderr=err, **options)
    return out.getvalue(), err.getvalue()


def test_a_preview_is_printed_and_written_only_when_told_so(tmp_path, rts):
    path = tmp_path / "reels.csv"
    path.write_bytes("identifier,title_sr\r\nA,Дочек\r\nB,\r\n".encode())
    out, _err = run(path, broadcaster="rts")
    assert "create\tA\t" in out
    assert "A new item needs a title." in out
    assert "create 1, update 0, unchanged 0, refuse 1" in out
    assert not Item.objects.exists()
    run(path, broadcaster="rts", apply=True)
    assert Item.objects.get().title_sr == "Дочек"
    out, _err = run(path, broadcaster="rts", json=True)
    assert [json.loads(line)["action"] for line in out.splitlines()[:2]] == ["unchanged", "refuse"]


def test_what_cannot_be_read_is_told_and_fails(tmp_path):
    make_broadcaster()
    bad = tmp_path / "bad.xml"
    bad.write_bytes(b"<html/>")
    good = tmp_path / "good.csv"
    good.write_bytes(b"identifier,title_en\r\nA,Reel\r\n")
    with pytest.raises(CommandError, match="1 of 2"):
        run(bad, good, broadcaster="rts")
    with pytest.raises(CommandError):
        run(bad, broadcaster="nobody")
