"""What keys alone can do on boards and in the player: every step has the focus where it is seen, and is said aloud."""

import pytest
from django.urls import reverse
from playwright.sync_api import Locator, expect

from broadcasters.constants import Area, Role
from broadcasters.models import Initiative, InitiativeOwner
from broadcasters.services.initiative import move_initiative
from productions.models import Decision, Note
from tests.browser.desk import Desk
from tests.browser.test_productions_review import cut, is_ready  # noqa: F401 — a fixture
from tests.factories import make_broadcaster, make_module, make_user
from tests.productions.factories import make_producer
from tests.training.factories import make_coordinator, make_participant, make_programme, make_workshop
from training.services.enrolment import nominate_participant

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def tab_to(desk: Desk, wanted: Locator) -> None:
    """Press Tab until the element has the focus, as somebody without a mouse does; the focus must be seen there."""
    for _ in range(200):
        if wanted.evaluate("each => each === document.activeElement"):
            break
        desk.page.keyboard.press("Tab")
    else:
        raise AssertionError(f"no key reaches {wanted}")
    drawn = wanted.evaluate("each => [getComputedStyle(each).outlineStyle, getComputedStyle(each).boxShadow]")
    assert drawn[0] != "none" or drawn[1] != "none", f"the focus is not seen on {wanted}"


def press(desk: Desk, wanted: Locator, key: str = "Enter") -> None:
    """Go there by keys and press one; another page opens."""
    tab_to(desk, wanted)
    with desk.page.expect_navigation():
        desk.page.keyboard.press(key)


def said(desk: Desk, words: str) -> None:
    expect(desk.page.locator("#mx-said")).to_contain_text(words)


def test_keys_alone_confirm_a_seat_and_begin_a_workshop(open_desk, rts, ptrc):
    workshop = make_workshop(rts, needs_approval=True, programme=make_programme(rts, ptrc))
    nominated = nominate_participant(workshop, make_participant(ptrc), actor=None)
    assert nominated.status == "nominated"
    desk = open_desk("en").enter(make_coordinator(rts))
    desk.open_record(workshop)
    press(desk, desk.page.locator('button[name="deed"][value="confirm"]'))
    nominated.refresh_from_db()
    assert nominated.status == "confirmed"
    said(desk, "Now: confirmed.")
    press(desk, desk.page.locator('#workshop a[href$="/move/running/"]'))
    press(desk, desk.page.locator("main form[method=post] button[type=submit]"))
    workshop.refresh_from_db()
    assert workshop.status == "running"
    said(desk, "Done: Begin.")


def test_keys_alone_take_an_initiative_from_its_board_through_a_move(open_desk, rts, ptrc):
    person = make_user(rts, Role.ADMINISTRATOR)
    module = make_module(rts, ptrc, area=Area.DIGITAL_DEVELOPMENT)
    initiative = Initiative.objects.create(slug="player", name_en="One player", module=module, kind="streaming")
    InitiativeOwner.objects.create(initiative=initiative, broadcaster=rts)
    move_initiative(initiative, actor=person, state="running", reason="Agreed")
    desk = open_desk("en").enter(person)
    desk.go(reverse("admin:broadcasters_initiative_board"))
    press(desk, desk.page.locator(".in-card a"))
    press(desk, desk.page.locator('a[href$="/rest/"]:visible').first)
    tab_to(desk, desk.page.locator('textarea[name="reason"]'))
    desk.page.keyboard.type("The studio moves house")
    press(desk, desk.page.locator("main form[method=post] button[type=submit]"))
    initiative.refresh_from_db()
    assert initiative.state == "paused"
    said(desk, "Done: Pause the initiative.")


def test_keys_alone_write_a_note_at_a_frame_and_approve_a_cut(open_desk, cut):  # noqa: F811
    desk = open_desk("en").enter(make_producer(make_broadcaster("rts")))
    desk.open_record(cut)
    is_ready(desk)
    keys, page = desk.page.keyboard, desk.page
    line, clock, told = (page.locator(f"[data-ar-{name}]") for name in ("line", "clock", "told"))
    tab_to(desk, line)
    first = clock.inner_text()
    for _ in range(7):
        keys.press(".")
    seen = clock.inner_text()
    assert seen != first
    expect(line).to_have_attribute("aria-valuetext", seen)  # a slider says its value by itself
    keys.press("n")
    expect(page.locator("#note-text")).to_be_focused()
    expect(told).to_have_text(f"a note here {seen}")
    keys.type("The flag is wrong")
    press(desk, page.locator("form[data-pr-note] .ar-main"))
    note = Note.objects.get()
    assert (note.in_ms, note.text) == (280, "The flag is wrong")
    is_ready(desk)
    tab_to(desk, page.locator(f'[data-ar-seek="{note.uid}"]'))
    keys.press("Enter")
    expect(clock).to_have_text(seen)
    keys.press(".")
    expect(told).to_have_text(clock.inner_text())  # away from the timeline, one frame further on is said
    assert clock.inner_text() != seen
    page.keyboard.press("Home")
    press(desk, page.locator('button[name="decision"][value="approved"]'))
    assert Decision.objects.get().decision == "approved"
    said(desk, "approved")
