"""Both producers at the board: what blocks whom, a move with a reason, shares that total a hundred, a review."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from broadcasters.constants import Role
from broadcasters.services.module import move_module
from productions.models import Milestone, PilotReview, Production
from tests.browser.desk import PHONE
from tests.factories import make_broadcaster, make_user
from tests.productions.factories import make_producer, make_production, make_production_module

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def a_slate(rts, ptrc):
    """A film that a paused module holds up, a pilot, an idea."""
    resting, running = make_production_module(rts, ptrc), make_production_module(rts, ptrc)
    film = make_production(rts, ptrc, module=resting, stage="post-production", slate_on="2027-10-20")
    Milestone.objects.create(
        production=film, owner=film.partners.get(broadcaster=ptrc), title_sr="Микс звука", title_kk="Дыбыс микшері",
        due_on="2020-03-01", time_zone="Asia/Almaty",
    )  # fmt: skip
    names = {"name_en": "Women of the Great Steppe", "name_sr": "Жене Велике степе", "name_kk": "Ұлы дала әйелдері"}
    pilot = make_production(rts, ptrc, module=running, stage="pilot", is_pilot=True, kind="cultural-programme", **names)
    make_production(rts, ptrc, module=running, name_sr="Путеви", name_kk="Жолдар", kind="special-report")
    move_module(resting, actor=make_user(rts, Role.ADMINISTRATOR), state="paused", reason="Избори")
    return film, pilot


@pytest.mark.parametrize(("language", "house"), [("sr-latn", "rts"), ("kk", "ptrc")])
@pytest.mark.parametrize("window", ["desk", "phone"])
def test_producers_move_share_and_review(open_desk, language, house, window):
    rts, ptrc = make_broadcaster("rts"), make_broadcaster("ptrc")
    film, pilot = a_slate(rts, ptrc)
    desk = open_desk(language).enter(make_producer(make_broadcaster(house)))
    if window == "phone":
        desk.page.set_viewport_size(PHONE)
    desk.go(reverse("admin:productions_production_board"))
    card = desk.page.locator(f"#production-{film.pk}")
    expect(card.locator(".pr-blockers li").first).to_be_visible()
    desk.picture(f"{window}-board")
    desk.fits_its_window()
    card.locator("select").select_option("delivery")
    with desk.page.expect_navigation():
        card.locator("form button").press("Enter")
    expect(desk.page.locator(".pr-blockers li").first).to_be_visible()
    desk.picture(f"{window}-blocked")
    desk.go(reverse("admin:productions_production_move", args=[film.pk, "production"]))
    desk.page.locator("textarea").fill("Недостају две сцене")
    with desk.page.expect_navigation():
        desk.press_last("form .ar-main")
    assert Production.objects.get(pk=film.pk).stage.slug == "production"
    desk.picture(f"{window}-production")
    desk.fits_its_window()
    desk.go(reverse("admin:productions_production_shares", args=[film.pk]))
    fields = desk.page.locator("[data-share]")
    fields.nth(0).fill("60,5")
    expect(desk.page.locator("[data-total]")).to_have_class("pr-total ar-error")
    fields.nth(1).fill("39,5")
    expect(desk.page.locator("[data-total]")).to_have_class("pr-total ar-done")
    desk.picture(f"{window}-shares")
    desk.fits_its_window()
    with desk.page.expect_navigation():
        desk.page.locator(".pr-shares").evaluate("table => table.closest('form').requestSubmit()")
    assert {str(row.share_percent) for row in film.partners.all()} == {"60.50", "39.50"}
    review(desk, pilot, window)


def review(desk, pilot, window):
    desk.go(reverse("admin:productions_production_pilot", args=[pilot.pk]))
    with desk.page.expect_navigation():
        desk.page.locator("form:has(input[value=open])").evaluate("form => form.requestSubmit()")
    for line in desk.page.locator(".pr-marks fieldset").all():
        line.locator("input[type=radio]").nth(3).check()
    desk.page.locator(".pr-marks textarea").nth(2).fill("Скупо, али се исплати")
    with desk.page.expect_navigation():
        desk.page.locator(".pr-marks .ar-main").click()
    desk.picture(f"{window}-review")
    desk.fits_its_window()
    desk.page.locator("input[name=decision][value=scale]").check()
    desk.page.locator("#decision-reason").fill("Гледаност изнад очекивања")
    with desk.page.expect_navigation():
        desk.page.locator(".pr-decide .ar-main").click()
    assert PilotReview.objects.get().decision == "scale"
    assert Production.objects.get(pk=pilot.pk).stage.slug == "production"
    desk.picture(f"{window}-decided")
