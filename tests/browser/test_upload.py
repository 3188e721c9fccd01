"""An archivist uploads: pauses, reloads the page, goes on, and sees what became of it."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from archive.models import Upload
from archive.services.upload_check import check_uploads
from broadcasters.constants import Role
from mediaexchange.launcher.processes import wait_until
from tests.archive.factories import make_item
from tests.browser.desk import PHONE
from tests.browser.languages import LANGUAGES
from tests.factories import make_user
from tests.stores import disk_stores

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
_MEGABYTE = 1_000_000


@pytest.fixture(autouse=True)
def stores(tmp_path: Path, settings: Any) -> Path:
    return disk_stores(settings, tmp_path)


def slow_down(page: Page, bytes_a_second: int) -> None:
    conditions = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": bytes_a_second}
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", conditions)


def until(condition: Callable[[], bool]) -> None:
    """What the page has asked for takes the server a moment."""
    assert wait_until(condition, 60)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_upload_is_paused_and_goes_on_after_the_page_was_loaded_again(open_desk, rts, tmp_path, language):
    text = "Титл: снимак из 1961. године\n".encode()
    content = text * (24 * _MEGABYTE // len(text))
    reel, noise = tmp_path / "снимак 1961.txt", tmp_path / "program.bin"
    reel.write_bytes(content)
    noise.write_bytes(b"\x7fELF\2\1\1" + bytes(64))
    item = make_item(rts)
    desk = open_desk(language).enter(make_user(rts, Role.ARCHIVIST))
    page = desk.page
    desk.go(reverse("admin:archive_upload_add") + f"?item={item.uid}")
    slow_down(page, 2 * _MEGABYTE)
    page.locator("input[type=file]").set_input_files([str(reel)])
    row = page.locator(".ar-upload-row").first
    expect(row).to_have_attribute("data-state", "sending")
    page.wait_for_function("document.querySelector('.ar-upload-row progress').value > 9e6", timeout=60_000)
    row.locator("[data-pause]").click()
    expect(row).to_have_attribute("data-state", "paused")
    desk.picture("paused")
    until(lambda: 0 < Upload.objects.get().offset_bytes < len(content))

    slow_down(page, -1)
    page.reload()
    row = page.locator(".ar-upload-row").first
    expect(row.locator("[data-reason]")).to_have_text(desk.text("Choose the same file again to go on."))
    desk.picture("after-reload")
    page.locator("input[type=file]").set_input_files([str(reel), str(noise)])
    expect(row).to_have_attribute("data-state", "checking")
    expect(page.locator(".ar-upload-row").nth(1)).to_have_attribute("data-state", "checking")
    assert check_uploads() == 2
    expect(row).to_have_attribute("data-state", "done")
    refused = page.locator(".ar-upload-row").nth(1)
    expect(refused.locator("[data-reason]")).to_have_text(desk.text("The content is of no kind that is kept here."))
    desk.picture("done")
    page.set_viewport_size(PHONE)
    desk.picture("on-a-phone")
    kept = Upload.objects.get(status="done")
    assert (kept.item, kept.file.sha256) == (item, hashlib.sha256(content).hexdigest())
    assert Upload.objects.count() == 2

    desk.open_list("upload", app="archive")
    expect(desk.rows).to_have_count(2)
    desk.picture("list")
    desk.open_record(Upload.objects.get(status="refused"))
    desk.picture("refused")
    page.get_by_role("button", name=desk.text("Check again")).click()
    until(lambda: Upload.objects.filter(status="checking").count() == 1)


def test_an_item_is_found_by_typing_and_an_upload_is_cancelled(open_desk, rts, tmp_path, stores):
    item = make_item(rts, identifier="KOLUBARA-7")
    reel = tmp_path / "reel.txt"
    reel.write_bytes(b"text " * 4_000_000)
    desk = open_desk("en").enter(make_user(rts, Role.ARCHIVIST))
    page = desk.page
    desk.go(reverse("admin:archive_upload_add"))
    slow_down(page, 3 * _MEGABYTE)
    page.locator("[data-ar-find]").press_sequentially("kolu")
    page.locator("select[name=item]").select_option(str(item.uid))
    page.locator("input[type=file]").set_input_files([str(reel)])
    row = page.locator(".ar-upload-row")
    page.wait_for_function("document.querySelector('.ar-upload-row progress').value > 1e6")
    assert Upload.objects.get().item == item
    row.locator("[data-cancel]").click()
    expect(row).to_have_attribute("data-state", "cancelled")
    until(lambda: Upload.objects.get().status == "ended")
    assert list((stores / "uploads").iterdir()) == []
    page.reload()
    expect(page.locator(".ar-upload-row")).to_have_count(0)
