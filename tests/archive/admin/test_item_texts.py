"""Subtitles and transcripts on the item's page: listed, played, brought in, replaced and removed."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation
from lxml import html

from archive.admin.item_viewer import text_tracks
from archive.models import TimedText
from broadcasters.constants import Role
from tests.archive.admin.conftest import page_of
from tests.archive.factories import make_item
from tests.factories import make_user

pytestmark = pytest.mark.django_db
VTT = "WEBVTT\n\nNOTE made in Astana\n\n00:01.000 --> 00:02.500\n<i>Қош келдіңіз</i>, достар\n".encode()
BROKEN = b"WEBVTT\n\n00:01 --> 00:02\nx\n"


def add_to(item):
    return reverse("admin:archive_item_text_add", args=[item.pk])


def page_of_text(text, deed):
    return reverse(f"admin:archive_item_text_{deed}", args=[text.item_id, text.uid])


def sent(content=VTT, name="welcome.vtt", **fields):
    said = {"kind": "subtitles", "language": "kk", "origin": "human", "tool": "", "charset": ""} | fields
    return said | ({"document": SimpleUploadedFile(name, content)} if content else {})


def tree_of(response):
    return html.document_fromstring(response.content.decode())


@pytest.fixture
def item(rts):
    return make_item(rts)


@pytest.fixture
def text(item):
    return TimedText.objects.create(item=item, kind="subtitles", language="sr", cues=[[0, 1500, "Добар дан"]])


def test_a_file_becomes_a_text_and_its_page_says_what_was_read(archivist, item, signed_in):
    answer = signed_in(archivist).post(add_to(item), sent(), follow=True)
    assert answer.redirect_chain[-1][0] == f"{page_of(item)}#texts"
    text = TimedText.objects.get()
    assert (text.kind, text.language, text.format) == ("subtitles", "kk", "vtt")
    assert (text.cues, text.created_by) == ([[1000, 2500, "Қош келдіңіз, достар"]], archivist)
    read, kept = (str(message) for message in answer.context["messages"])
    assert "1 cue" in read
    assert "(VTT, utf-8)" in read
    assert kept.endswith("italics, notes.")
    (row,) = tree_of(answer).xpath(f"//li[@id='text-{text.uid}']")
    files = {link.text: link.get("href") for link in row.xpath(".//a[@download]")}
    assert set(files) == {"VTT", "SRT", "TTML"}
    assert "Қош келдіңіз" in signed_in(archivist).get(files["SRT"]).content.decode()


@pytest.mark.parametrize(
    ("fields", "field", "said"),
    [
        ({"content": BROKEN}, "document", "Line 3: Here a time is expected. “00:01 --&gt; 00:02”"),
        ({"language": "kazakh"}, "language", "is not a BCP 47 language tag"),
        ({"language": ""}, "language", "Say in which language the text is."),
    ],
)
def test_what_is_refused_says_where_and_keeps_the_file_and_what_was_typed(
    archivist, item, signed_in, fields, field, said
):
    client = signed_in(archivist)
    answer = client.post(add_to(item), sent(**{"tool": "Handwriting"} | fields))
    assert answer.status_code == 200
    assert not TimedText.objects.exists()
    assert set(answer.context["form"].errors) == {field}
    assert said in answer.content.decode()
    page = tree_of(answer)
    assert page.xpath("//*[@name='tool']")[0].get("value") == "Handwriting"
    kept = page.xpath("//*[@name='kept']")[0].get("value")
    again = client.post(add_to(item), sent(b"", kept=kept))
    assert again.status_code == (200 if field == "document" else 302)
    assert TimedText.objects.exists() == (field != "document")


def test_a_file_that_was_not_kept_here_must_be_chosen_again(archivist, item, signed_in):
    for kept in ("", "forged:by:hand"):
        answer = signed_in(archivist).post(add_to(item), sent(b"", kept=kept))
        assert set(answer.context["form"].errors) == {"document"}
    assert not TimedText.objects.exists()


def test_adding_never_replaces_and_replacing_keeps_kind_and_language(archivist, text, signed_in):
    client = signed_in(archivist)
    refused = client.post(add_to(text.item), sent(language="sr-Latn"))
    assert "The item has a text of this kind in this language already." in refused.content.decode()
    text.refresh_from_db()
    assert text.cues == [[0, 1500, "Добар дан"]]
    page = client.get(page_of_text(text, "replace"))
    assert {"kind", "language"}.isdisjoint(page.context["form"].fields)
    srt = "1\r\n00:00:01,000 --> 00:00:02,500\r\nDobro došli u Beograd, čika Đorđe\r\n".encode("cp1250")
    client.post(page_of_text(text, "replace"), sent(srt, charset="windows-1250", origin="machine", tool="whisper"))
    text.refresh_from_db()
    assert (text.kind, text.language, text.origin, text.tool) == ("subtitles", "sr", "machine", "whisper")
    assert text.cues == [[1000, 2500, "Добро дошли у Београд, чика Ђорђе"]]


def test_a_text_is_removed_when_that_was_confirmed(archivist, text, signed_in):
    client = signed_in(archivist)
    assert client.get(page_of_text(text, "remove")).status_code == 200
    assert TimedText.objects.exists()
    client.post(page_of_text(text, "remove"))
    assert not TimedText.objects.exists()


def test_partners_take_texts_along_and_only_archivists_of_the_house_write(partner, rts, module, text, signed_in):
    other = TimedText.objects.create(item=make_item(rts), kind="transcript", language="en", cues=[])
    deeds = [page_of_text(text, "replace"), page_of_text(text, "remove"), add_to(text.item)]
    for user in (partner, make_user(rts, role=Role.VIEWER)):
        client = signed_in(user)
        page = tree_of(client.get(page_of(text.item)))
        assert page.xpath("//*[@id='texts']//a[@download]")
        assert not [link for link in page.xpath("//*[@id='texts']//a") if link.get("href") in deeds]
        assert {client.post(address, sent()).status_code for address in deeds} == {403}
    text.item.access = "house"
    text.item.save()
    client = signed_in(partner)
    missing = reverse("admin:archive_item_text_add", args=[987654])
    assert {client.get(address).status_code for address in (*deeds, missing)} == {404}
    archivist = signed_in(make_user(rts, role=Role.ARCHIVIST))
    elsewhere = reverse("admin:archive_item_text_remove", args=[text.item_id, other.uid])
    assert archivist.post(elsewhere).status_code == 404
    assert TimedText.objects.count() == 2


@pytest.mark.parametrize(
    ("reader", "on", "tag"), [("sr-latn", "sr-Latn", "sr-Latn"), ("sr", "sr", "sr"), ("ru", "", "sr")]
)
def test_the_player_offers_subtitles_and_captions_in_the_readers_script(archivist, text, signed_in, reader, on, tag):
    item = text.item
    for kind, language in (("captions", "sr"), ("audio-description", "sr"), ("transcript", "sr"), ("subtitles", "kk")):
        TimedText.objects.create(item=item, kind=kind, language=language, cues=[[0, 9, "x"]])
    with translation.override(reader):
        tracks = text_tracks(item)
    assert [(track.kind, track.language) for track in tracks] == [
        ("subtitles", "kk"), ("subtitles", tag), ("captions", tag), ("subtitles", tag),
    ]  # fmt: skip
    assert [track.language for track in tracks if track.is_default] == ([on] if on else [])
