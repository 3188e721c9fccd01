"""The review page in a browser: notes at exact frames by keys and clicks, decisions side by side, fresh links."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from archive.demo_footage import generated
from archive.services.attachment import attach_file
from archive.services.file import store_file
from archive.services.steps import run_next_step
from productions.models import Note
from productions.services.review import add_note, decide_revision
from tests.archive.factories import make_item
from tests.browser.desk import DESKTOP, PHONE
from tests.factories import make_broadcaster
from tests.productions.delivery import make_deliverable, make_revision, make_version, use_footage
from tests.productions.factories import make_producer, make_production
from tests.stores import disk_stores

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def cut(tmp_path, settings):
    """Six seconds of RTS's archive, with what the pipeline makes of them, as the final cut of RTS and PTRC."""
    disk_stores(settings, tmp_path)
    rts, ptrc = make_broadcaster("rts"), make_broadcaster("ptrc")
    item = make_item(rts, access="house", title_sr="Ослободиоци, завршна монтажа")
    with generated(item, 6, "tone") as made, made.open("rb") as stream:
        file = store_file(stream, broadcaster=rts, actor=None, original_name="cut.mov")
    carrier = attach_file(item, file, actor=None, generation="master")
    while run_next_step():
        pass
    return make_revision(make_production(rts, ptrc, stage="post-production"), instantiation=carrier)


def is_ready(desk):
    desk.page.wait_for_function("document.querySelector('video')?.readyState >= 2")


def fits(desk, name):
    for size, window in (("phone", PHONE), ("desktop", DESKTOP)):
        desk.page.set_viewport_size(window)
        desk.picture(f"{name}-{size}")
        wide = desk.excess_width()
        assert wide <= 1, f"{name} is {wide} pixels too wide on a {size}"


def test_notes_are_taken_at_the_frame_that_is_seen_and_lead_back_to_it(open_desk, cut):
    rts, ptrc = (partner.broadcaster for partner in cut.production.partners.order_by("pk"))
    desk = open_desk("sr-latn").enter(make_producer(rts))
    desk.open_record(cut)
    is_ready(desk)
    page = desk.page
    clock = page.locator("[data-ar-clock]")
    first = clock.inner_text()
    page.locator("[data-ar-line]").focus()
    for _number in range(7):
        page.keyboard.press(".")
    seen = clock.inner_text()
    assert seen != first
    page.keyboard.press("n")
    expect(page.locator('[name="in_at"]')).to_have_value(seen)
    expect(page.locator("#note-text")).to_be_focused()
    page.keyboard.type("Zastava je pogresna")
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    note = Note.objects.get()
    assert note.in_ms == 280
    is_ready(desk)
    expect(clock).to_have_text(first)
    page.locator(f'[data-ar-seek="{note.uid}"]').click()
    expect(clock).to_have_text(seen)
    add_note(cut, actor=make_producer(ptrc), broadcaster=ptrc, text="Дұрыс, ауыстырамыз", parent=note)
    decide_revision(cut, actor=None, broadcaster=ptrc, decision="changes", note="Жалауды ауыстыру керек")
    desk.open_record(cut)
    is_ready(desk)
    expect(page.locator(".pr-party")).to_have_count(2)
    fits(desk, "review")


def test_the_other_party_sees_a_preview_and_a_link_that_has_ended_is_renewed(open_desk, cut):
    ptrc = cut.production.partners.order_by("pk")[1].broadcaster
    astana = open_desk("kk").enter(make_producer(ptrc))
    astana.open_record(cut)
    is_ready(astana)
    before = astana.page.locator("video").get_attribute("src")
    fresh = reverse("admin:productions_revision_links", args=[cut.pk])
    answer = astana.page.request.get(astana.origin + fresh).json()
    assert answer["source"] != before
    assert astana.page.request.get(astana.origin + answer["source"]).status == 200
    astana.page.locator('button[value="approved"]').click()
    expect(astana.page.locator("#decisions form[action$='/withdraw/']")).to_have_count(1)
    fits(astana, "approved")


def test_the_checklist_and_the_footage_say_what_is_in_the_way(open_desk, cut):
    rts = cut.production.made_by
    make_deliverable(make_version(cut.production, "hu", kind="subtitle"))
    make_version(cut.production, "rue", kind="dub")
    use_footage(cut.production, make_item(make_broadcaster("tanjug"), title_sr="Парада 1961."))
    desk = open_desk("sr").enter(make_producer(rts))
    for name in ("review", "deliverables", "footage"):
        desk.go(reverse(f"admin:productions_production_{name}", args=[cut.production_id]))
        fits(desk, name)
