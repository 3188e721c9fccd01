import pytest

from archive.models import TimedText
from tests.archive.factories import make_archive_module, make_item

pytestmark = pytest.mark.django_db
VTT = "WEBVTT\n\nNOTE made in Astana\n\n00:01.000 --> 00:02.500\n<i>Қош келдіңіз</i>, достар\n"
SRT = "1\r\n00:00:01,000 --> 00:00:02,500\r\nDobro došli u <b>Beograd</b>, čika Đorđe\r\n"


def send(caller, item, content, **query):
    address = "&".join(f"{name}={value}" for name, value in ({"item": item.uid, "kind": "subtitles"} | query).items())
    return caller.client.post(
        f"/api/v1/texts/import/?{address}", content, content_type="application/octet-stream", headers=caller.headers
    )


@pytest.fixture
def item(rts, ptrc):
    make_archive_module(rts, ptrc)
    return make_item(rts)


def test_subtitles_come_in_one_format_and_go_out_in_another(belgrade, astana, item):
    sent = send(belgrade, item, VTT.encode(), language="kk")
    assert sent.status_code == 201, sent.content
    assert sent.json()["cues"] == [{"start_ms": 1000, "end_ms": 2500, "text": "Қош келдіңіз, достар"}]
    assert set(sent.json()["kept_as_received"]) == {"italic", "notes"}
    path = f"texts/{sent.json()['uid']}/"
    srt = astana.get(f"{path}files/srt/")
    assert (srt.headers["Content-Type"], srt.headers["Not-Carried"]) == ("application/x-subrip; charset=utf-8", "notes")
    assert "<i>Қош келдіңіз</i>, достар" in srt.content.decode()
    assert b'xml:lang="kk"' in astana.get(f"{path}files/ttml/").content
    assert astana.get(f"{path}files/stl/").status_code == 404
    assert "cues" not in astana.get("texts/", item=str(item.uid)).json()["results"][0]


def test_a_charset_without_kazakh_letters_is_refused_with_these_letters(belgrade, item):
    path = f"texts/{send(belgrade, item, VTT.encode(), language='kk').json()['uid']}/files/srt/"
    for charset in ("iso-8859-5", "windows-1251"):
        refused = belgrade.get(path, charset=charset)
        assert (refused.status_code, refused.json()["code"]) == (422, "letters-missing")
        assert set(refused.json()["letters"]) >= {"Қ", "ң"}
    assert "Қош".encode("utf-16-le") in belgrade.get(path, charset="utf-16").content
    assert belgrade.get(path, charset="koi8-u").status_code == 400
    assert belgrade.get(path.replace("srt", "vtt"), charset="windows-1251").json()["code"] == "charset-not-possible"


def test_serbian_latin_is_kept_in_cyrillic_and_given_in_either_script(belgrade, item):
    sent = send(belgrade, item, SRT.encode("cp1250"), language="sr-Latn", charset="windows-1250")
    assert TimedText.objects.get().cues == [[1000, 2500, "Добро дошли у Београд, чика Ђорђе"]]
    path = f"texts/{sent.json()['uid']}/files/srt/"
    cyrillic = belgrade.get(path, lang="sr", charset="iso-8859-5")
    assert "Добро дошли у <b>Београд</b>, чика Ђорђе" in cyrillic.content.decode("iso-8859-5")
    latin = belgrade.get(path, lang="sr-Latn")
    assert (latin.headers["Content-Language"], "Dobro došli u <b>Beograd</b>" in latin.content.decode()) == (
        "sr-Latn",
        True,
    )
    assert send(belgrade, item, SRT.encode("utf-16"), language="sr").json()["uid"] == sent.json()["uid"]


def test_rubbish_is_refused_with_reason_and_line_and_nothing_is_written(belgrade, item):
    for content, code, line in (
        (b"\xff\xd8\xff\xe0\x00\x10JFIF\x00", "charset-unknown", None),
        (b"just words", "not-this-format", 1),
        (b"1\n00:00:01,000 --> 00:00:00,000\nx\n", "no-length", 2),
        (b"WEBVTT\n\n00:01 --> 00:02\nx\n", "bad-time", 3),
        (b"<!DOCTYPE tt><tt/>", "doctype", None),
    ):
        refused = send(belgrade, item, content, language="kk").json()
        assert (refused["code"], refused.get("line")) == (code, line), content
    assert send(belgrade, item, b"", language="kk").status_code == 400
    assert not TimedText.objects.exists()


def test_cues_are_written_and_changed_as_json_by_the_own_house_alone(belgrade, astana, item):
    body = {
        "item": str(item.uid), "kind": "transcript", "language": "kk",
        "cues": [{"start_ms": 0, "end_ms": 900, "text": "Сәлем"}],
    }  # fmt: skip
    assert astana.post("texts/", body).status_code == 403
    written = belgrade.post("texts/", body)
    path = f"texts/{written.json()['uid']}/"
    assert written.status_code == 201
    assert belgrade.send("PATCH", path, {"cues": body["cues"]}).status_code == 428
    changed = belgrade.send(
        "PATCH", path, {"cues": [{"start_ms": 5, "end_ms": 9, "text": "Иә"}]}, If_Match=written.headers["ETag"]
    )
    assert changed.json()["cues"] == [{"start_ms": 5, "end_ms": 9, "text": "Иә"}]
    assert belgrade.send("PATCH", path, {"cues": body["cues"]}, If_Match=written.headers["ETag"]).status_code == 412
    assert belgrade.post("texts/", body | {"cues": [{"start_ms": 9, "end_ms": 9, "text": "x"}]}).status_code == 422
    assert astana.send("DELETE", path).status_code == 403
    assert belgrade.send("DELETE", path).status_code == 204


def test_a_machines_text_stays_a_machines_when_its_cues_are_corrected(belgrade, item):
    cues = [{"start_ms": 0, "end_ms": 900, "text": "Сәлем"}]
    body = {"item": str(item.uid), "kind": "transcript", "language": "kk", "cues": cues}
    written = belgrade.post("texts/", body | {"origin": "machine", "tool": "whisper"})
    path = f"texts/{written.json()['uid']}/"
    corrected = belgrade.send("PATCH", path, {"cues": cues}, If_Match=written.headers["ETag"])
    assert (corrected.json()["origin"], corrected.json()["tool"]) == ("machine", "whisper")
    claimed = belgrade.send(
        "PATCH", path, {"cues": cues, "origin": "human", "tool": ""}, If_Match=corrected.headers["ETag"]
    )
    assert (claimed.json()["origin"], claimed.json()["tool"]) == ("human", "")
    assert belgrade.post("texts/", body).json()["origin"] == "human"
