"""The archive in a browser: its pages as people see them."""

import re
import shutil
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import FilePayload, expect

from archive import demo, demo_footage
from archive.constants import StepStatus
from archive.media.probe import probe
from archive.models import FootageRequest, Item, MediaFile, Segment, Step, Upload
from archive.services.delivery import prepare_next
from archive.services.steps import run_next_step
from archive.services.upload_check import check_uploads
from archive.services.use import report_footage_use
from mediaexchange.core.models import User
from newsexchange.demo import load_demo
from tests.browser.accessibility import look_at
from tests.browser.desk import DESKTOP, PHONE, Desk
from tests.stores import disk_stores

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

_VTT = "WEBVTT\n\nNOTE Астана\n\n00:00.000 --> 00:04.000\n<i>Қош келдіңіз</i>, достар\n"
_EDL = """TITLE: Возови 1961
FCM: NON-DROP FRAME
001  TAPE1    V     C        10:00:08:00 10:00:11:00 01:00:00:00 01:00:03:00
* FROM CLIP NAME: Воз улази у станицу
* TITLE sr: Воз улази у станицу
* TITLE kk: Пойыз бекетке келеді
002  BL       V     C        00:00:00:00 00:00:01:00 01:00:03:00 01:00:04:00
003  TAPE1    V     C        10:00:30:00 10:00:30:30 01:00:04:00 01:00:05:05
004  TAPE1    V     C        09:59:00:00 09:59:10:00 01:00:05:05 01:00:15:05
"""

_ON_A_PHONE = {"item", "items", "statistics", "fixity"}


@pytest.fixture
def archives(tmp_path, settings, monkeypatch):
    """The demonstration with the footage of its first item, made and worked on."""
    disk_stores(settings, tmp_path)
    monkeypatch.setenv("MEDIAEXCHANGE_DATA", str(tmp_path))
    list(load_demo(""))
    demo.make_footage()
    while run_next_step():
        pass
    return Item.objects.get(identifier="DEMO-FN-1961-09")


def _is_ready(desk: Desk) -> None:
    """The player knows how long its film is, so that everything that depends on it is drawn."""
    desk.page.wait_for_function("document.querySelector('video') && document.querySelector('video').readyState >= 2")


@pytest.mark.parametrize("language", ["kk", "sr-latn"])
def test_the_pages_of_the_archive_are_fit_to_be_seen(open_desk, archives, language):
    """Pictures for people to look at; no page is wider than its window, on a phone neither."""
    assert not Step.objects.filter(status=StepStatus.FAILED).exists()
    desk = open_desk(language, timezone_id="Europe/Belgrade").enter(User.objects.get(username="belgrade-archive"))
    file = MediaFile.objects.get(instantiations__isnull=False)
    addresses = {
        "items": reverse("admin:archive_item_changelist"),
        "item": reverse("admin:archive_item_change", args=[archives.pk]),
        "new-item": reverse("admin:archive_item_add"),
        "collections": reverse("admin:archive_collection_changelist"),
        "files": reverse("admin:archive_mediafile_changelist"),
        "file": reverse("admin:archive_mediafile_change", args=[file.pk]),
        "fixity": reverse("admin:archive_fixity"),
        "statistics": reverse("admin:archive_statistics"),
    }
    too_wide = set()
    for name, address in addresses.items():
        for size, window in (("desktop", DESKTOP), ("phone", PHONE)):
            if size == "phone" and name not in _ON_A_PHONE:
                continue
            desk.page.set_viewport_size(window)
            desk.go(address)
            if name == "item":
                _is_ready(desk)
            desk.picture(f"{name}-{size}")
            if desk.excess_width() > 0:
                too_wide.add((name, size))
    assert not too_wide


def test_a_stretch_is_marked_by_keys_exact_to_the_frame(open_desk, archives):
    desk = open_desk("sr").enter(User.objects.get(username="belgrade-archive"))
    desk.page.goto(desk.origin + reverse("admin:archive_item_change", args=[archives.pk]))
    _is_ready(desk)
    page = desk.page
    clock = page.locator("[data-ar-clock]")
    expect(clock).to_have_text("10:00:00:00")
    # Wherever the focus is: on nothing, as when the page has opened, or on the film itself.
    assert page.evaluate("document.activeElement === document.body")
    page.keyboard.press("ArrowRight")
    expect(clock).to_have_text("10:00:05:00")
    page.keyboard.press(".")
    expect(clock).to_have_text("10:00:05:01")
    page.locator("[data-ar-viewer] video").focus()
    page.keyboard.press("ArrowLeft")
    expect(clock).to_have_text("10:00:00:01")
    page.keyboard.press(",")
    expect(clock).to_have_text("10:00:00:00")
    page.locator("[data-ar-line]").focus()
    for _number in range(3):
        page.keyboard.press(".")
    expect(clock).to_have_text("10:00:00:03")
    page.keyboard.press("i")
    page.keyboard.press("ArrowRight")
    expect(clock).to_have_text("10:00:05:03")
    page.keyboard.press(",")
    expect(clock).to_have_text("10:00:05:02")
    page.keyboard.press("o")
    expect(page.locator('[data-ar-said="in"]')).to_have_text("10:00:00:03")
    expect(page.locator('[data-ar-said="out"]')).to_have_text("10:00:05:03")
    expect(page.locator('[data-ar-said="length"]')).to_have_text("5.00")
    page.locator('[data-ar-mark] input[name="title_sr"]').fill("Дочек гостију")
    desk.picture("marked")
    page.locator('button[name="deed"][value="save"]').click()
    desk.hears("The segment is saved.")
    segment = Segment.objects.get(title_sr="Дочек гостију")
    assert (segment.in_frame, segment.out_frame, segment.rate) == (3, 128, 25)
    _is_ready(desk)
    expect(clock).to_have_text("10:00:05:02")
    # A click on another segment goes to its first frame; keys mark while the film plays.
    page.get_by_role("button", name="Трамвај и деца").first.click()
    expect(clock).to_have_text("10:00:06:00")
    page.locator("[data-ar-clear]").click()
    page.evaluate("document.querySelector('video').muted = true")
    page.locator("[data-ar-line]").focus()
    page.keyboard.press(" ")
    page.wait_for_function("document.querySelector('video').currentTime > 6.5")
    page.keyboard.press("I")
    page.wait_for_function("document.querySelector('video').currentTime > 7.2")
    page.keyboard.press("O")
    page.keyboard.press(" ")
    marks = (page.locator(f'input[name="{name}"]').input_value() for name in ("in_frame", "out_frame"))
    first, after = map(int, marks)
    assert 160 <= first < after <= 290
    desk.picture("marked-while-playing")


def test_subtitles_and_a_shot_list_are_brought_in_from_the_items_page(open_desk, archives):
    kazakh = open_desk("kk", timezone_id="Europe/Belgrade").enter(_person("belgrade-archive"))
    serbian = open_desk("sr-latn", timezone_id="Europe/Belgrade").enter(_person("belgrade-archive"))
    astana = open_desk("kk", timezone_id="Asia/Almaty").enter(_person("astana-archive"))
    _brings_subtitles(kazakh, archives)
    _brings_a_shot_list(serbian, archives)
    _reads_along(astana, archives)


def _brings_subtitles(desk: Desk, item: Item) -> None:
    known = item.texts.count()
    desk.open_record(item)
    page = desk.page
    page.locator("#texts a", has_text=desk.text("Add subtitles or a transcript")).click()
    page.locator("[name=document]").set_input_files(_file("sөz.vtt", "WEBVTT\n\n00:01 --> 00:02\nСәлем\n"))
    page.locator("#id_kind").select_option("captions")
    page.locator("#id_language").fill("kk")
    page.locator("#id_language").press("Enter")  # which sends the form
    expect(page.get_by_text("00:01 --> 00:02")).to_be_visible()
    expect(page.locator("#id_language")).to_have_value("kk")
    _pictures(desk, "refused-subtitles")
    page.locator("[name=document]").set_input_files(_file("sөz.vtt", _VTT))
    page.locator("form.ar-panel button.ar-main").press("Enter")
    desk.hears("Kept beside the words, and given back where a format can carry it: %(what)s.")
    assert item.texts.get(kind="captions", language="kk").cues == [[0, 4000, "Қош келдіңіз, достар"]]
    expect(page.locator("#texts li")).to_have_count(known + 1)
    _pictures(desk, "item-with-subtitles")
    page.locator("#texts a", has_text=desk.text("Replace")).first.click()
    _pictures(desk, "replace")


def _brings_a_shot_list(desk: Desk, item: Item) -> None:
    known = item.segments.count()
    desk.open_record(item)
    page = desk.page
    page.locator("#viewer a", has_text=desk.text("Import or download a shot list")).click()
    _pictures(desk, "shot-lists")
    page.locator("[name=document]").set_input_files(_file("voz.edl", _EDL))
    page.locator("#import button").press("Enter")
    expect(page.locator("#preview table").first.locator("tbody tr")).to_have_count(1)
    expect(page.locator("#preview table").last.locator("tbody tr")).to_have_count(3)
    assert item.segments.count() == known
    expect(page.locator("#preview")).to_contain_text("Voz ulazi u stanicu")
    _pictures(desk, "shot-list-preview")
    assert not [str(each) for each in look_at(desk, "preview of a shot list")]
    page.locator("#preview button").press("Enter")
    expect(page.locator("#viewer").get_by_role("button", name="Voz ulazi u stanicu").first).to_be_visible()
    made = item.segments.get(title_sr="Воз улази у станицу")
    assert (made.in_frame, made.out_frame) == (200, 275)
    desk.picture("item-with-the-list")


def _reads_along(desk: Desk, item: Item) -> None:
    """A partner's player shows the subtitles in their language by itself."""
    desk.open_record(item)
    _is_ready(desk)
    shown = "() => [...document.querySelector('video').textTracks].filter(track => track.mode === 'showing')"
    desk.page.wait_for_function(f"({shown})()[0]?.cues?.length > 0")
    assert desk.page.evaluate(f"({shown})().map(track => [track.kind, track.language])") == [["subtitles", "kk"]]
    expect(desk.page.locator("video track[kind=captions]")).to_have_attribute("srclang", "kk")
    expect(desk.page.locator("#texts a[download]")).to_have_count(3 * item.texts.count())
    assert desk.page.locator("#texts a:not([download])").count() == 0
    desk.picture("astana-reads-along")


def _file(name: str, text: str) -> FilePayload:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": text.encode()}


def _pictures(desk: Desk, step: str) -> None:
    """On a desk and on a phone, where the page must not be wider than its window."""
    desk.picture(step)
    desk.page.set_viewport_size(PHONE)
    desk.picture(f"{step}-phone")
    desk.fits_its_window()
    desk.page.set_viewport_size(DESKTOP)


def test_a_recording_goes_from_an_upload_in_belgrade_to_a_licensed_clip_in_astana(open_desk, archives, tmp_path):
    """Upload, pipeline, segment, request in Kazakh, approval in part, clip, seconds counted."""
    item = Item.objects.get(identifier="DEMO-PRG-1")  # which lies on a shelf only
    with demo_footage.generated(item, 8, "tone") as made:
        recording = shutil.copy(made, tmp_path / "dve-reke.mov")
    belgrade = open_desk("sr-latn", timezone_id="Europe/Belgrade").enter(_person("belgrade-archive"))
    officer = open_desk("sr", timezone_id="Europe/Belgrade").enter(_person("belgrade-rights"))
    astana = open_desk("kk", timezone_id="Asia/Almaty", accept_downloads=True).enter(_person("astana-archive"))

    _uploads(belgrade, item, recording)
    _watches_the_pipeline(belgrade, item)
    segment = _marks(belgrade, item)
    asked = _requests(astana, item, segment)
    _approves_in_part(officer, asked)
    clip = _fetches_the_clip(astana, asked, tmp_path)
    assert abs(probe(clip)["duration_ms"] - 2000) <= 40
    _sees_the_seconds_counted(astana, asked)


def _person(name: str) -> User:
    return User.objects.get(username=name)


def _uploads(desk: Desk, item: Item, recording: str) -> None:
    desk.open_record(item)
    desk.picture("belgrade-has-a-shelf-only")
    desk.page.locator("#facts a", has_text=desk.text("Upload files")).click()
    desk.page.locator("[data-ar-drop] input[type=file]").set_input_files(recording)
    expect(desk.page.locator("[data-state]").first).to_have_text(re.compile(desk.text("being checked"), re.I))
    desk.picture("belgrade-has-uploaded")
    check_uploads()
    assert Upload.objects.get().status == "done"
    expect(desk.page.locator("[data-state]").first).to_have_text(re.compile(desk.text("done"), re.I))


def _watches_the_pipeline(desk: Desk, item: Item) -> None:
    desk.open_record(item)
    steps = desk.page.locator("#pipeline [data-ar-step]")
    expect(steps.first).to_have_attribute("data-ar-status", "waiting")
    desk.picture("belgrade-waits")
    while run_next_step():
        pass
    expect(desk.page.locator('#pipeline [data-ar-steps="done"]')).to_be_visible()  # without loading the page again
    statuses = {each.get_attribute("data-ar-status") for each in steps.all()}
    assert statuses == {"done"}
    expect(desk.page.locator("[data-ar-reload]")).to_be_visible()
    desk.picture("belgrade-sees-the-pipeline-finish")
    desk.page.locator("[data-ar-reload] a").click()
    _is_ready(desk)


def _marks(desk: Desk, item: Item) -> Segment:
    page = desk.page
    page.locator("[data-ar-line]").focus()
    page.keyboard.press(".")
    page.keyboard.press("i")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("o")
    page.locator('[data-ar-mark] input[name="title_sr"]').fill("Ušće dve reke")
    page.locator("[data-ar-mark] details summary").click()
    page.locator('[data-ar-mark] input[name="title_kk"]').fill("Екі өзеннің сағасы")
    page.locator('button[name="deed"][value="save"]').click()
    desk.hears("The segment is saved.")
    desk.picture("belgrade-has-marked")
    segment = item.segments.get()
    assert (segment.in_frame, segment.out_frame) == (1, 127)
    assert segment.title_sr == "Ушће две реке"
    return segment


def _requests(desk: Desk, item: Item, segment: Segment) -> FootageRequest:
    desk.open_record(item)
    _is_ready(desk)
    page = desk.page
    expect(page.locator("html")).to_have_attribute("lang", "kk")
    expect(page.get_by_role("button", name="Екі өзеннің сағасы").first).to_be_visible()
    assert page.locator("#pipeline").count() == 0  # the holder's own business
    file = MediaFile.objects.get(instantiations__item=item)
    assert str(file.derivatives.get(kind="proxy").uid) not in page.content()
    desk.picture("astana-sees-the-preview")
    page.locator(f'#segment-{segment.uid} a[href*="segment="]').click()
    page.locator('[name="purpose"]').fill("Өзендер туралы деректі фильмге екі секунд керек.")
    page.locator('[name="production_title"]').fill("Екі өзен, екі дала")
    desk.picture("astana-asks")
    page.locator("form.ar-panel button.ar-main").click()
    desk.hears("The request is sent; the holder is told.")
    desk.picture("astana-has-asked")
    asked = FootageRequest.objects.get(lines__segment=segment)
    assert (asked.broadcaster.slug, asked.status, asked.lines.get().seconds) == ("ptrc", "submitted", 6)
    return asked


def _approves_in_part(desk: Desk, asked: FootageRequest) -> None:
    line = asked.lines.get()
    desk.open_record(asked)
    desk.page.locator('#request a[href$="/decide/"]').click()
    desk.page.locator(f'[name="l{line.pk}-seconds"]').fill("2")
    desk.page.locator(f'[name="l{line.pk}-reason"]').fill("Остатак је обећан другом.")
    desk.picture("belgrade-decides")
    desk.page.locator("form.ar-panel button.ar-main").click()
    desk.hears("The request is decided; both houses are told.")
    desk.picture("belgrade-has-decided")
    asked.refresh_from_db()
    assert asked.status == "partly-approved"


def _fetches_the_clip(desk: Desk, asked: FootageRequest, path: Path) -> Path:
    desk.open_record(asked)
    expect(desk.page.get_by_text("Остатак је обећан другом.")).to_be_visible()
    desk.picture("astana-reads-the-answer")
    desk.page.locator("#request a.ar-main", has_text=asked.licence.number).click()
    desk.picture("astana-has-a-licence")
    grant = asked.licence.grants.get()
    desk.page.locator(f'#grant-{grant.pk} a[href$="/deliver/"]').click()
    desk.press_last("form button[type=submit]")
    desk.hears("The clip is being prepared.")
    while prepare_next():
        pass
    delivery = grant.deliveries.get()
    assert delivery.status == "ready", delivery.log
    desk.open_record(delivery)
    desk.picture("astana-may-download")
    with desk.page.expect_download() as downloading:
        desk.page.locator('form[action$="/download/"] button').click()
    clip = path / downloading.value.suggested_filename
    downloading.value.save_as(clip)
    desk.open_record(delivery)
    expect(desk.page.locator("#delivery")).to_contain_text("1 / 10")
    return clip


def _sees_the_seconds_counted(desk: Desk, asked: FootageRequest) -> None:
    grant = asked.licence.grants.get()
    report_footage_use(
        grant, actor=_person("astana-archive"), broadcaster=asked.broadcaster, started_at=timezone.now(), used_ms=1500,
        platform="television",
    )  # fmt: skip
    desk.open_record(asked.licence)
    expect(desk.page.locator(f"#grant-{grant.pk}")).to_contain_text("1.5" if desk.language == "en" else "1,5")
    desk.picture("astana-sees-the-seconds-counted")
    desk.go(reverse("admin:archive_statistics"))
    rts = desk.page.locator(".ar-panel", has_text=asked.holder.name_kk)
    expect(rts.locator("tbody tr").last.locator("td").last).to_have_text("1")
    desk.picture("astana-reads-the-statistics")
