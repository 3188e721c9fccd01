"""The director general's road in Serbian Cyrillic, at a desk and on a phone: from the health of an agreement to a red
obligation, the records behind its figure, the brief on paper, and a module paused with a reason."""

import shutil
import subprocess
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from broadcasters.constants import Area, ModuleState, Role
from broadcasters.models import Brief, Module
from tests.broadcasters.agreement import aired, make_agreement, owed, signed, taken
from tests.browser.desk import PHONE
from tests.factories import make_broadcaster, make_module, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
REASON = "Нема слободног студија до јесени."


def an_agreement(rts, ptrc):
    """Of the month before this one: two stories to Astana of the five that were owed, one aired in Kazakh; one back."""
    memorandum = make_agreement(
        rts, ptrc, name_sr="Меморандум о сарадњи", name_en="Memorandum on cooperation", in_force_on="2026-02-27"
    )
    signed(memorandum, ptrc)
    module = make_module(rts, ptrc, area=Area.CO_PRODUCTION, name_sr="Заједничке продукције", name_en="Co-productions")
    module.memoranda.add(memorandum)
    month = timezone.localdate().replace(day=1) - timedelta(days=1)
    owed(memorandum, rts, ptrc, title_sr="Пет прича месечно за Астану", starts_on=month.replace(day=1))
    at = timezone.now().replace(year=month.year, month=month.month, day=10)
    bites = [{"speaker": "Ана Петровић", "speaks_as": "official"}, {"speaker": "Бора"}]
    first = taken(rts, ptrc, at, topics=["medtop:11000000"], soundbites=bites, headline_sr="Отворена нова библиотека")
    taken(rts, ptrc, at + timedelta(hours=3), topics=["medtop:01000000"])
    taken(ptrc, rts, at + timedelta(hours=4), topics=["medtop:15000000"], language="kk")
    aired(first, at + timedelta(hours=5), 95, "kk")
    return memorandum, module, month


@pytest.mark.parametrize("window", ["desk", "phone"])
def test_the_director_general_reads_opens_takes_and_pauses(open_desk, window, tmp_path):
    rts, ptrc = make_broadcaster("rts"), make_broadcaster("ptrc")
    memorandum, module, month = an_agreement(rts, ptrc)
    director = make_user(
        rts, Role.ADMINISTRATOR, username="director", first_name="Љубица", last_name="Вељковић", language="sr"
    )
    desk = open_desk("sr", accept_downloads=True)
    if window == "phone":
        desk.page.set_viewport_size(PHONE)

    # Signs in.
    desk.go(reverse("admin:login"))
    desk.page.locator('input[name="username"]').fill(director.username)
    desk.page.locator('input[name="password"]').fill("secret-enough")
    with desk.page.expect_navigation():
        desk.page.locator('form button[type="submit"], form input[type="submit"]').first.click()

    # Sees how the agreement is doing; the only one opens at once.
    desk.go(reverse("admin:broadcasters_memorandum_healths"))
    page = desk.page
    expect(page.locator("h1.mx-title")).to_have_text("Меморандум о сарадњи")
    assert page.locator("html").get_attribute("lang") == "sr"
    announced = page.locator("li", has_text="Радио-телевизија Србије").first
    expect(announced).to_contain_text("најављено")
    desk.picture(f"{window}-health")
    desk.fits_its_window()

    # The obligation that fell short is red, and says so in a word.
    overdue = page.locator(".hl-overdue")
    expect(overdue).to_contain_text("Пет прича месечно за Астану")
    expect(overdue).to_contain_text("у кашњењу")
    red = overdue.evaluate("line => getComputedStyle(line).borderLeftColor")
    assert red == "rgb(185, 28, 28)"

    # Its figure opens the records that it counts.
    with page.expect_navigation():
        overdue.locator('a[href*="/evidence/"]').last.click()  # the stretch before
    expect(page.locator("strong", has_text="2")).to_be_visible()
    assert page.locator('main a[href*="/newsexchange/take/"], a.mx-link[href*="/newsexchange/take/"]').count() == 2
    desk.picture(f"{window}-records-of-the-obligation")
    desk.fits_its_window()

    # So does a figure of the balance, in the month that the chooser leads to.
    code = f"{month:%Y-%m}"
    desk.go(reverse("admin:broadcasters_memorandum_health", args=[memorandum.pk]) + f"?period={code}")
    figure = page.locator('a[href*="count=stories-taken"][href*="giver=rts"]')
    expect(figure).to_have_text("2")
    bars = page.locator(".hl-chart rect").evaluate_all("bars => bars.map(bar => bar.getAttribute('fill'))")
    assert {"url(#hl-0)", "url(#hl-1)"} == set(bars)
    desk.picture(f"{window}-health-of-the-month")
    with page.expect_navigation():
        figure.click()
    assert page.locator('a.mx-link[href*="/newsexchange/take/"]').count() == 2
    desk.picture(f"{window}-records-of-the-balance")

    # Takes the brief: asks, freezes, shows; then on paper.
    desk.go(reverse("admin:broadcasters_memorandum_brief", args=[memorandum.pk]) + f"?period={code}")
    with page.expect_navigation():
        desk.press_last("form button[type=submit]")
    brief = Brief.objects.get()
    assert (brief.person, brief.period) == (director, code)
    assert page.locator("html").get_attribute("lang") == "sr-Cyrl"
    expect(page.locator('[data-key="obligations"] .bf-danger')).to_have_text("у кашњењу")
    desk.picture(f"{window}-brief")
    desk.fits_its_window()
    with page.expect_download() as download:
        page.locator("a[download]", has_text="PDF").click()
    paper = tmp_path / "brief.pdf"
    download.value.save_as(paper)
    assert download.value.suggested_filename == f"on-exchange-{code}-sr-Cyrl.pdf"
    assert paper.read_bytes().startswith(b"%PDF-")
    if reader := shutil.which("pdftotext"):
        told = subprocess.run([reader, "-layout", str(paper), "-"], capture_output=True, check=True).stdout.decode()
        assert "Меморандум о сарадњи" in told
        assert "у кашњењу" in told
        assert told.count("\f") == 1

    # Pauses the module, with a reason that everybody reads.
    desk.go(reverse("admin:broadcasters_memorandum_health", args=[memorandum.pk]))
    with page.expect_navigation():
        page.locator("a.hl-small", has_text="Паузирај").or_(page.locator('a.hl-small[href*="/pause"]')).first.click()
    page.locator('textarea[name="reason"]').fill(REASON)
    desk.picture(f"{window}-pause")
    with page.expect_navigation():
        desk.press_last("form button[type=submit]")
    module.refresh_from_db()
    assert module.state == ModuleState.PAUSED
    assert Module.objects.get().moves.get().actor == director
    desk.go(reverse("admin:broadcasters_memorandum_health", args=[memorandum.pk]))
    expect(page.get_by_text(REASON)).to_be_visible()
    desk.picture(f"{window}-health-with-a-paused-module")
