"""The coordinator's and the correspondent's road in Kazakh and in Serbian Cyrillic, at a desk and on a phone."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from broadcasters.constants import Role
from correspondents.models import Assignment, HandOver
from correspondents.services.access import ask_access
from correspondents.services.checklist import load_checklists
from tests.archive.factories import make_item
from tests.browser.desk import PHONE
from tests.correspondents.factories import (
    make_assignment,
    make_astana,
    make_correspondent,
    make_desk,
    make_event,
    make_kit,
    make_paper,
    make_scheme,
    make_wish,
)
from tests.factories import make_broadcaster, make_place, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ZONES = {"kk": "Asia/Almaty", "sr": "Europe/Belgrade"}


def a_scheme():
    """An anniversary, two who wait for it, one under way, one paper that soon ends."""
    load_checklists()
    rts, ptrc = make_broadcaster("rts"), make_broadcaster("ptrc")
    make_place("astana", name_sr="Астана", name_kk="Астана")
    type(make_astana()).objects.filter(slug="astana").update(name_sr="Астана", name_kk="Астана", name_ru="Астана")
    type(make_astana()).objects.filter(slug="belgrade").update(name_sr="Београд", name_kk="Белград", name_ru="Белград")
    module = make_scheme(rts, ptrc, name_sr="Дописници", name_kk="Тілшілер")
    texts = {"title_kk": "Астанадағы мерейтой", "brief_kk": "Екі сюжет және тікелей эфир.", "brief_sr": "Два прилога."}
    today = timezone.now().date()
    event = make_event(
        rts, module=module, dated=f"{today + timedelta(days=9)}",
        name_kk="Дипломатиялық қатынастарға отыз жыл",
    )  # fmt: skip
    make_wish(event, ptrc, deadline_at=timezone.now() + timedelta(days=8))
    milan = make_correspondent(rts, name="Милан Вујанић", name_latn="", user=make_user(rts, Role.VIEWER))
    jovana = make_correspondent(rts, name="Јована Остојић", name_latn="", user=make_user(rts, Role.VIEWER))
    waiting = make_assignment(
        milan, first=0, last=6, module=module, event=event, assigned_at=timezone.now(), **texts
    )  # fmt: skip
    make_paper(jovana, valid=(today - timedelta(days=40), today + timedelta(days=20)))
    running = make_assignment(
        jovana, first=-3, last=12, status="in-progress", assigned_at=timezone.now(), module=module, **texts
    )  # fmt: skip
    make_assignment(
        make_correspondent(rts, name="Стефан Лукић", name_latn=""), status="draft", first=20, last=24, **texts
    )
    ask_access(waiting, actor=None, sphere="cultural")
    make_kit(rts, name_sr="Камера", name_kk="Камера")
    make_item(rts, title_sr="Мост у зору", title_kk="Таңғы көпір")
    return rts, ptrc, event, waiting, running


@pytest.mark.parametrize("language", ["kk", "sr"])
@pytest.mark.parametrize("window", ["desk", "phone"])
def test_the_coordinator_plans_looks_at_the_board_and_answers_for_access(open_desk, language, window):
    rts, ptrc, event, waiting, running = a_scheme()
    coordinator = make_desk(ptrc if language == "kk" else rts)
    coordinator.time_zone = ZONES[language]
    coordinator.language = language
    coordinator.save()
    desk = open_desk(language).enter(coordinator)
    if window == "phone":
        desk.page.set_viewport_size(PHONE)
    desk.go(reverse("admin:correspondents_planning") + f"?month={timezone.now() + timedelta(days=9):%Y-%m}")
    desk.picture(f"{window}-month")
    desk.fits_its_window()
    expect(desk.page.locator(".co-entry").first).to_be_visible()
    desk.go(reverse("admin:correspondents_planning") + "?view=list")
    desk.picture(f"{window}-list")
    desk.fits_its_window()
    desk.open_record(event)
    desk.picture(f"{window}-event")
    desk.fits_its_window()
    desk.go(reverse("admin:correspondents_assignment_board"))
    desk.picture(f"{window}-board")
    desk.fits_its_window()
    desk.page.locator(f"#assignment-{waiting.pk} h3 a").click()
    desk.page.wait_for_load_state()
    desk.picture(f"{window}-assignment")
    desk.fits_its_window()
    if language == "kk":  # the host's desk
        with desk.page.expect_navigation():
            desk.page.locator('button[name="status"][value="granted"]').click()
        assert waiting.accesses.get().status == "granted"
    else:
        with desk.page.expect_navigation():
            desk.press_last("#kit button:not([value])")
        assert waiting.kit_bookings.count() == 1
        desk.go(reverse("admin:correspondents_assignment_ask", args=[running.pk, "hand-over"]))
        desk.picture(f"{window}-hand-over")
        desk.fits_its_window()
    desk.open_record(running.correspondent)
    desk.picture(f"{window}-correspondent")
    desk.fits_its_window()
    desk.go(reverse("admin:core_calendarfeed_changelist"))
    with desk.page.expect_navigation():
        desk.page.locator('button[value="make"]').first.click()
    desk.picture(f"{window}-calendars")
    desk.fits_its_window()
    assert "/calendars/" in desk.page.locator(".cal-field").first.input_value()


@pytest.mark.parametrize("language", ["kk", "sr"])
def test_the_correspondent_accepts_begins_files_and_hands_over_on_a_phone(open_desk, language):
    _rts, _ptrc, _event, waiting, running = a_scheme()
    person, colleague = waiting.correspondent, running.correspondent
    person.user.time_zone, person.user.language = ZONES[language], language
    person.user.save()
    desk = open_desk(language).enter(person.user)
    desk.page.set_viewport_size(PHONE)
    mine = reverse("admin:correspondents_assignment_mine")
    desk.go(mine)
    desk.picture("asked")
    desk.fits_its_window()
    with desk.page.expect_navigation():
        desk.page.locator('button[value="accept"]').click()
    with desk.page.expect_navigation():
        desk.page.locator('button[value="start"]').click()
    desk.picture("refused-without-the-accreditation")
    desk.fits_its_window()
    waiting.refresh_from_db()
    assert waiting.status == "accepted"
    make_paper(person)
    with desk.page.expect_navigation():
        desk.page.locator('button[value="start"]').click()
    desk.picture("begun")
    Assignment.objects.filter(pk=running.pk).update(status="completed")  # the colleague is free
    desk.page.locator('a[href*="/ask/file/"]').first.click()
    desk.page.wait_for_load_state()
    desk.picture("file")
    desk.fits_its_window()
    desk.page.locator("#id_thing").select_option(index=0)
    with desk.page.expect_navigation():
        desk.press_last("form[method=post] button[type=submit]")
    assert waiting.footage_filed.count() == 1
    desk.page.locator('a[href*="/ask/hand-over/"]').first.click()
    desk.page.wait_for_load_state()
    desk.page.locator("#id_to_correspondent").select_option(str(colleague.pk))
    there = (waiting.starts_at + timedelta(days=4)).astimezone()
    desk.page.locator("#id_at").fill(f"{there:%Y-%m-%dT%H:%M}")
    desk.page.locator("#id_matters").fill("Кључеви су код домаћина." if language == "sr" else "Кілттер қабылдаушыда.")
    desk.picture("hand-over")
    desk.fits_its_window()
    with desk.page.expect_navigation():
        desk.press_last("form[method=post] button[type=submit]")
    assert HandOver.objects.get().status == "offered"
    desk.picture("handed-over")
    desk.fits_its_window()
