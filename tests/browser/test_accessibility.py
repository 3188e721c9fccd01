"""Every kind of page of the admin, in light and dark and on a phone, by axe-core; and what keys alone can do."""

import re
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.urls import reverse
from playwright.sync_api import Locator, expect

from broadcasters.constants import Role
from broadcasters.models import Broadcaster, Membership, Memorandum
from mediaexchange.core.models import User
from productions.models import Production
from tests.browser.accessibility import SWAPPED, Violation, look_at, wider_than_a_phone
from tests.browser.desk import PHONE, Desk
from tests.browser.test_demonstration import demo  # noqa: F401 — a fixture
from tests.factories import make_story, make_user, offer
from tests.productions.factories import make_producer, make_production

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Records = tuple[tuple[str, tuple[str, ...]], ...]
# One list, one form to add, one record of each app, and every page that is no list and no form.
_LISTS = ("newsexchange_story", "archive_item", "training_workshop", "correspondents_paper", "productions_milestone")
_NEW = (
    "newsexchange_feed", "archive_grant", "training_workshop", "correspondents_correspondent", "productions_stage",
    "broadcasters_channel", "broadcasters_memorandum", "core_user",
)  # fmt: skip
_PAGES = (
    "index", "newsexchange_reciprocity", "archive_completeness", "archive_fixity", "archive_statistics",
    "productions_production_board", "productions_window_calendar", "correspondents_assignment_board",
    "correspondents_assignment_mine", "correspondents_planning", "broadcasters_foreign_share",
    "broadcasters_diplomatic", "broadcasters_memorandum_healths", "core_both_scripts", "core_calendarfeed_changelist",
    "core_notification_changelist", "core_notification_choices", "core_searchentry_changelist", "password_change",
)  # fmt: skip
# The other way round: dark on a desk, light on a phone.
_SWAPPED = (
    ("broadcasters.memorandum", ("health",)),
    ("newsexchange.story", ("change",)),
    ("productions.production", ("review",)),
    ("training.workshop", ("change",)),
)
_AGREEMENTS = (
    ("broadcasters.memorandum", ("change", "health", "brief")),
    ("broadcasters.module", ("change",)),
    ("broadcasters.modulereview", ("change",)),
    ("broadcasters.minutes", ("change",)),
    ("broadcasters.initiative", ("change",)),
    ("broadcasters.obligation", ("change",)),
)
_OF_RECORDS = (
    ("newsexchange.story", ("change", "history", "shots", "restrictions", "deed/offer")),
    ("archive.item", ("change", "usability", "shot-list", "texts/add")),
    ("archive.licence", ("change",)),
    ("training.workshop", ("change", "attendance", "certificates")),
    ("correspondents.assignment", ("change",)),
    ("correspondents.correspondent", ("change",)),
    ("productions.production", ("change", "schedule", "budget", "windows", "deliverables", "review", "brief")),
    ("productions.revision", ("change",)),
    ("broadcasters.memorandum", ("change", "health", "brief")),
    ("broadcasters.module", ("change",)),
    ("broadcasters.obligation", ("change",)),
)


@pytest.fixture
def everybody(demo):  # noqa: F811
    """A person of Belgrade with every role."""
    rts = Broadcaster.objects.get(slug="rts")
    person = make_user(rts, Role.ADMINISTRATOR, username="everything")
    Membership.objects.bulk_create(
        Membership(user=person, broadcaster=rts, role=role) for role in Role.values if role != Role.ADMINISTRATOR
    )
    return person


# What libraries draw and we cannot mend: rule, the end of the element's selector → why it is no harm.
_KNOWN = {
    ("list", ".select2-selection__rendered"): "select2 puts the sign that clears a choice among its choices",
}


def test_no_kind_of_page_breaks_wcag_at_level_aa(open_desk, everybody):
    desk = open_desk("en")
    desk.go(reverse("admin:login"))
    found = look_at(desk, "login")
    desk.enter(everybody)
    for name, address in _todo(everybody):
        desk.go(address)
        found += look_at(desk, name)
    desk.go(reverse("admin:index"))
    found += look_at(desk, "index", SWAPPED)
    for name, address in _of_records(everybody, _SWAPPED):
        desk.go(address)
        found += look_at(desk, name, SWAPPED)
    director = open_desk("sr").enter(User.objects.get(username="belgrade-director"))
    director.page.set_viewport_size(PHONE)
    for name, address in _of_agreements():
        director.go(address)
        found += wider_than_a_phone(director, f"{name} in Serbian")
    harmless = {known for each in found for known in _KNOWN if _is(each, known)}
    assert harmless == set(_KNOWN), "what is not drawn any more need not be known"
    broken = [str(each) for each in found if not any(_is(each, known) for known in _KNOWN)]
    assert not broken, "\n".join(broken)


def _is(violation: Violation, known: tuple[str, str]) -> bool:
    return violation.rule == known[0] and violation.target.endswith(known[1])


def _todo(person: User) -> Iterator[tuple[str, str]]:
    for name in _PAGES:
        yield name, reverse(f"admin:{name}")
    for name in _LISTS:
        yield name, reverse(f"admin:{name}_changelist")
    for name in _NEW:
        yield f"{name}_add", reverse(f"admin:{name}_add")
    yield from _of_records(person, _OF_RECORDS)


def _of_agreements() -> Iterator[tuple[str, str]]:
    """The pages that a director general opens, whose words are long."""
    director = User.objects.get(username="belgrade-director")
    for name in ("broadcasters_foreign_share", "broadcasters_initiative_board", "broadcasters_diplomatic"):
        yield name, reverse(f"admin:{name}")
    yield from _of_records(director, _AGREEMENTS)
    memorandum = Memorandum.objects.visible_to(director).order_by("pk").first()
    address = reverse("admin:broadcasters_memorandum_records", args=[memorandum.pk])
    yield "records", f"{address}?giver=rts&receiver=ptrc&count=stories-taken"


def _of_records(person: User, todo: Records) -> Iterator[tuple[str, str]]:
    for label, pages in todo:
        record = apps.get_model(label)._default_manager.visible_to(person).order_by("pk").first()
        records = reverse(f"admin:{label.replace('.', '_')}_changelist")
        for page in pages:
            yield f"{label} {page}", f"{records}{record.pk}/{page}/"


def test_keys_alone_pass_the_menu_search_and_open_what_waits(open_desk, rts, ptrc):
    offer(make_story(ptrc), rts)
    desk = open_desk("en").enter(make_user(rts))
    keys = desk.page.keyboard
    desk.go(reverse("admin:index"))
    keys.press("Tab")
    expect(desk.page.locator(".mx-skip")).to_be_focused()
    desk.picture("skip-link")
    keys.press("Enter")
    expect(desk.page.locator("main")).to_be_focused()
    keys.press("/")
    box = desk.page.locator("[data-mx-search] input")
    expect(box).to_be_focused()
    keys.type("library")
    expect(desk.page.locator("#mx-search-typing")).to_be_visible()
    keys.press("Escape")
    expect(desk.page.locator("#mx-search-typing")).to_be_hidden()
    card = desk.page.locator(".mx-card")
    _tab_to(desk, card)
    outline = card.evaluate("each => getComputedStyle(each).outlineStyle")
    assert outline != "none"
    keys.press("Enter")
    expect(desk.rows).to_have_count(1)


def test_keys_alone_open_the_menu_of_a_phone(open_desk, rts):
    desk = open_desk("en").enter(make_user(rts))
    desk.page.set_viewport_size(PHONE)
    desk.go(reverse("admin:index"))
    bell, title = (desk.page.locator(place).bounding_box() for place in (".mx-bell", "#header-inner h1"))
    assert abs(bell["y"] + bell["height"] / 2 - title["y"] - title["height"] / 2) < bell["height"] / 2
    desk.picture("header-phone")
    menu = desk.page.locator("#header-inner [role=button]:visible")
    _tab_to(desk, menu)
    desk.page.keyboard.press("Enter")
    expect(desk.page.locator("#nav-sidebar a").first).to_be_visible()


def test_keys_alone_move_a_production_on_its_board(open_desk, rts, ptrc):
    film = make_production(rts, ptrc, stage="post-production")
    desk = open_desk("en").enter(make_producer(rts))
    desk.go(reverse("admin:productions_production_board"))
    stages = desk.page.locator(f"#production-{film.pk} select")
    _tab_to(desk, stages)
    for _ in range(8):
        if stages.input_value() == "production":
            break
        desk.page.keyboard.press("ArrowDown")
    desk.page.keyboard.press("Tab")
    with desk.page.expect_navigation():
        desk.page.keyboard.press("Enter")
    _tab_to(desk, desk.page.locator("main textarea"))
    desk.page.keyboard.type("Two scenes are missing")
    _tab_to(desk, desk.page.locator("main form .ar-main"))
    with desk.page.expect_navigation():
        desk.page.keyboard.press("Enter")
    assert Production.objects.get(pk=film.pk).stage.slug == "production"


def test_keys_alone_open_an_assignment_on_its_board(open_desk, everybody):
    desk = open_desk("en").enter(everybody)
    desk.go(reverse("admin:correspondents_assignment_board"))
    _tab_to(desk, desk.page.locator(".co-card a").first)
    desk.page.keyboard.press("Enter")
    expect(desk.page).to_have_url(re.compile(r"/assignment/\d+/change/"))


def _tab_to(desk: Desk, wanted: Locator) -> None:
    """Press Tab until the element has the focus, as somebody without a mouse does."""
    for _ in range(200):
        if wanted.evaluate("each => each === document.activeElement"):
            return
        desk.page.keyboard.press("Tab")
    raise AssertionError(f"no key reaches {wanted}")
