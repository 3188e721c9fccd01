"""The road of two producers: an idea in Novi Sad becomes a film that Astana accepts, footage cleared on the way."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from archive.demo_footage import generated
from archive.models import Item
from archive.services.attachment import attach_file
from archive.services.file import store_file
from archive.services.steps import run_next_step
from broadcasters.constants import Role
from productions.models import (
    ArchiveUse,
    Budget,
    BudgetCategory,
    BudgetLine,
    Currency,
    Deliverable,
    Milestone,
    Note,
    Production,
    Revision,
)
from productions.money_seed import seed_money
from productions.services.archive_use import add_use
from productions.services.deliverable import plan_deliverables
from productions.services.version import save_version
from tests.archive.factories import make_item
from tests.browser.desk import DESKTOP, PHONE
from tests.factories import make_broadcaster, make_user
from tests.productions.factories import make_producer, make_production_module, stage_of
from tests.stores import disk_stores

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def houses(tmp_path, settings):
    disk_stores(settings, tmp_path)
    assert stage_of("idea").is_initial  # what migrations have written
    seed_money(Currency, BudgetCategory)
    rtv, ptrc = make_broadcaster("rtv"), make_broadcaster("ptrc")
    make_production_module(rtv, ptrc, name_sr="Копродукције", name_kk="Бірлескен өндіріс")
    return rtv, ptrc


def fits(desk, name):
    """A picture at a desk and on a phone; the page is no wider than either."""
    for size, window in (("phone", PHONE), ("desk", DESKTOP)):
        desk.page.set_viewport_size(window)
        desk.picture(f"{name}-{size}")
        wide = desk.excess_width()
        assert wide <= 1, f"{name} is {wide} pixels wider than a {size}"


def page_of(desk, name, *args):
    desk.go(reverse(f"admin:productions_{name}", args=args))


def press(desk, selector):
    with desk.page.expect_navigation():
        desk.page.locator(selector).first.click()


def test_an_idea_of_novi_sad_becomes_a_film_that_astana_accepts(open_desk, houses):
    rtv, ptrc = houses
    novi_sad = open_desk("sr-latn").enter(make_producer(rtv))
    astana = open_desk("kk").enter(make_producer(ptrc))
    film = _has_an_idea(novi_sad)
    _shares(novi_sad, film, ptrc)
    _reviews_the_pilot(novi_sad, astana, film)
    _plans_money(novi_sad, astana, film)
    _plans_time(novi_sad, film)
    cut = _cuts(rtv)
    _reviews_the_final_cut(novi_sad, astana, film, cut)
    _delivers(novi_sad, astana, open_desk("kk").enter(make_user(ptrc, Role.ARCHIVIST)), film, cut)


def _has_an_idea(desk):
    page_of(desk, "production_add")
    page = desk.page
    page.locator("#id_slug").fill("zene-stepe")
    page.locator("#id_name_sr").fill("Žene iz stepe")
    page.locator("#id_logline_sr").fill("Tri razgovora o zanatu i pesmi")
    for name, value in (("kind", "cultural-programme"), ("is_pilot", "")):
        field = page.locator(f"#id_{name}")
        field.check(force=True) if name == "is_pilot" else field.select_option(value)
    page.locator("#id_module").select_option(index=1)
    fits(desk, "an-idea")
    press(desk, 'button[name="_save"], input[name="_save"]')
    film = Production.objects.get()
    assert (film.name_sr, film.stage.slug, film.is_shared) == ("Жене из степе", "idea", False)
    return film


def _shares(desk, film, ptrc):
    page_of(desk, "production_shares", film.pk)
    for house, share in ((film.made_by, "60"), (ptrc, "40")):
        desk.page.locator(f'.pr-shares tr:has(input[name="lead"][value="{house.pk}"]) [data-share]').fill(share)
    fits(desk, "shares")
    press(desk, "form .ar-main")
    assert sorted(film.partners.values_list("share_percent", flat=True)) == [40, 60]
    for stage in ("development", "pilot"):
        page_of(desk, "production_move", film.pk, stage)
        press(desk, "form .ar-main")
    film.refresh_from_db()
    assert film.stage.slug == "pilot"
    fits(desk, "the-pilot-stage")


def _reviews_the_pilot(novi_sad, astana, film):
    page_of(novi_sad, "production_pilot", film.pk)
    press(novi_sad, 'form:has(input[value="open"]) button')
    for desk in (novi_sad, astana):
        page_of(desk, "production_pilot", film.pk)
        for line in desk.page.locator(".pr-marks fieldset").all():
            line.locator("input[type=radio]").nth(3).check()
        press(desk, ".pr-marks .ar-main")
    astana.page.locator("input[name=decision][value=go]").check()
    astana.page.locator("#decision-reason").fill("Көрерменге керек, шығыны мөлшерлі.")
    fits(astana, "pilot")
    press(astana, ".pr-decide .ar-main")
    film.refresh_from_db()
    assert film.stage.slug == "production"


def _in_euro(page, name):
    field = page.locator(f"select[name={name}]")
    field.select_option(field.locator("option", has_text="EUR").get_attribute("value"))


def _plans_money(novi_sad, astana, film):
    page = novi_sad.page
    page_of(novi_sad, "production_budget_begin", film.pk)
    _in_euro(page, "reporting_currency")
    press(novi_sad, "form .ar-main")
    for description, amount, is_private in (("Ekipa, osam dana", "4200", False), ("Interna rezerva", "777", True)):
        page_of(novi_sad, "production_budget_line_add", film.pk)
        page.locator("select[name=category]").select_option(index=2)
        page.locator("[name=description]").fill(description)
        page.locator("select[name=payer]").select_option(index=1)
        page.locator("[name=planned]").fill(amount)
        _in_euro(page, "currency")
        for name, days in (("starts_on", 1), ("ends_on", 9)):
            day = timezone.localdate() + timedelta(days=days)
            page.locator(f"[name={name}]").fill(day.strftime("%d.%m.%Y."))
            page.keyboard.press("Escape")
        if is_private:
            page.locator("[name=is_private]").check(force=True)
        press(novi_sad, "form .ar-main")
    assert BudgetLine.objects.count() == 2, page.locator("form").inner_text()
    page_of(novi_sad, "production_budget", film.pk)
    fits(novi_sad, "budget")
    press(novi_sad, 'button[value="submit"]')
    press(novi_sad, 'button[value="approve"]')
    page_of(astana, "production_budget", film.pk)
    expect(astana.page.get_by_text("Interna rezerva")).to_have_count(0)
    expect(astana.page.get_by_text(re.compile("777"))).to_have_count(0)
    press(astana, 'button[value="approve"]')
    assert Budget.objects.get().status == "approved"
    fits(astana, "budget")


def _plans_time(desk, film):
    page = desk.page
    desk.go(reverse("admin:productions_milestone_add") + f"?production={film.pk}")
    page.locator("#id_title_sr").fill("Završna verzija")
    page.locator("#id_owner").select_option(index=1)
    page.locator("#id_due_on").fill((timezone.localdate() + timedelta(days=20)).strftime("%d.%m.%Y."))
    page.keyboard.press("Escape")
    press(desk, 'button[name="_save"], input[name="_save"]')
    assert Milestone.objects.get().title_sr == "Завршна верзија"
    fits(desk, "schedule")


def _cuts(rtv):
    """Six seconds, prepared as the pipeline does."""
    item = make_item(rtv, identifier="REZ-1", title_sr="Жене из степе, завршна верзија", access="partners")
    with generated(item, 6, "tone") as made, made.open("rb") as stream:
        file = store_file(stream, broadcaster=rtv, actor=None, original_name="rez.mov")
    cut = attach_file(item, file, actor=None, generation="master")
    while run_next_step():
        pass
    return cut


def _reviews_the_final_cut(novi_sad, astana, film, cut):
    page_of(novi_sad, "production_move", film.pk, "post-production")
    press(novi_sad, "form .ar-main")
    page_of(novi_sad, "revision_add")
    page = novi_sad.page
    page.locator("#id_production").select_option(str(film.pk))
    page.locator("#id_kind").select_option("final-cut")
    page.locator("#id_instantiation").select_option(str(cut.pk))
    press(novi_sad, 'button[name="_save"], input[name="_save"]')
    revision = Revision.objects.get()
    page_of(astana, "revision_change", revision.pk)
    _is_ready(astana)
    astana.page.locator("[data-ar-line]").focus()
    for _frame in range(5):
        astana.page.keyboard.press(".")
    astana.page.locator('[data-pr-at="in_at"]').click()
    astana.page.locator("#note-text").fill("Титрдегі есім қазақша да жазылсын.")
    press(astana, "[data-pr-note] .ar-main")
    note = Note.objects.get()
    assert note.in_ms == 200
    _is_ready(astana)
    fits(astana, "review")
    page_of(novi_sad, "revision_change", revision.pk)
    _is_ready(novi_sad)
    novi_sad.page.locator(f"#note-{note.pk} details summary").click()
    novi_sad.page.locator(f"#note-{note.pk} details textarea").fill("Dodato.")
    press(novi_sad, f"#note-{note.pk} details button")
    press(novi_sad, f'#note-{note.pk} button[name="is_resolved"]')
    press(novi_sad, 'button[name="decision"][value="approved"]')
    _is_ready(novi_sad)
    fits(novi_sad, "half-approved")
    page_of(astana, "revision_change", revision.pk)
    press(astana, 'button[name="decision"][value="approved"]')
    assert revision.decisions.filter(decision="approved").count() == 2
    expect(astana.page.locator(".pr-good")).to_be_visible()


def _delivers(novi_sad, astana, archivist, film, cut):
    ptrc = make_broadcaster("ptrc")
    steppe = make_item(ptrc, identifier="DALA-7", title_kk="Қар басқан дала", title_sr="Степа под снегом")
    use = add_use(film, actor=None, item=steppe, in_ms=0, out_ms=4_000, place="0:02")
    version = save_version(
        film.versions.model(
            production=film, language="hu-Latn", kind="subtitle", payer=film.made_by, owner=film.made_by, ai_use="none"
        ),
        actor=None,
    )
    plan_deliverables(version, actor=None, broadcaster=ptrc, supplier=film.made_by, kinds=["master"])
    master = Deliverable.objects.get()
    page_of(novi_sad, "deliverable_deliver", master.pk)
    blocker = novi_sad.page.locator(f'a[href*="{reverse("admin:productions_archiveuse_change", args=[use.pk])}"]')
    expect(blocker).to_contain_text("DALA-7")
    fits(novi_sad, "refused")
    press(novi_sad, f'a[href*="{reverse("admin:productions_archiveuse_change", args=[use.pk])}"]')
    fits(novi_sad, "not-cleared")
    page_of(archivist, "archiveuse_change", use.pk)
    press(archivist, 'form[action*="contribute"] button')
    assert ArchiveUse.objects.get().is_contributed
    fits(archivist, "cleared")
    page_of(novi_sad, "deliverable_deliver", master.pk)
    novi_sad.page.locator("select[name=instantiation]").select_option(str(cut.pk))
    press(novi_sad, "form .ar-main")
    page_of(astana, "deliverable_change", master.pk)
    fits(astana, "to-accept")
    press(astana, 'form[action*="accept"] button')
    master.refresh_from_db()
    assert master.status == "accepted"
    page_of(novi_sad, "production_brief", film.pk)
    fits(novi_sad, "brief")
    page_of(novi_sad, "production_change", film.pk)
    fits(novi_sad, "the-production")
    assert Item.objects.count() == 2


def _is_ready(desk):
    desk.page.wait_for_function("document.querySelector('video') && document.querySelector('video').readyState >= 2")
