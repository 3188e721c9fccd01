"""The interface in five languages, on a phone, and the viewer of the API's schema."""

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from broadcasters.models import Broadcaster, Memorandum
from broadcasters.services.reference import load_reference
from mediaexchange.core.languages.tags import SHOWN, shown_language
from newsexchange.models import QuarantinedEntry
from newsexchange.services.ingest import ingest_document
from tests.browser.desk import DESKTOP, PHONE
from tests.browser.languages import LANGUAGES
from tests.factories import make_feed, make_story, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_switch_changes_the_language_of_the_interface_and_of_the_page(open_desk, rts):
    make_story(rts)
    desk = open_desk("en").enter(make_user(rts))
    desk.open_list("story")
    headings = set()
    for language in SHOWN:
        desk.choose_language(language)
        assert shown_language(desk.page.locator("html").get_attribute("lang") or "") == language
        desk.picture(f"in-{language}")
        headings.add(desk.page.locator("#result_list thead").inner_text())
    assert len(headings) == len(SHOWN)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_is_wider_than_a_phone(open_desk, language):
    load_reference()
    rtv = Broadcaster.objects.get(slug="rtv")
    story = make_story(
        rtv, headline_sr="Отворена нова библиотека " * 6, body_en=f"<p>{'https://example.org/' * 20}</p>"
    )
    feed = make_feed(
        rtv,
        name="A feed with a rather long name for a narrow page",
        url="https://feed.example.org/" + "news/" * 40,
        failures=3,
        last_error="http-503: " + "unavailable" * 20,
        last_error_at=timezone.now(),
    )
    ingest_document(feed, b"x" * 2000)
    desk = open_desk(language).enter(make_user(rtv))
    pages = {
        "stories": lambda: desk.open_list("story"),
        "story": lambda: desk.open_record(story),
        "quarantine": lambda: desk.open_list("quarantinedentry"),
        "entry": lambda: desk.open_record(QuarantinedEntry.objects.get()),
        "feeds": lambda: desk.open_list("feed"),
        "feed": lambda: desk.open_record(feed),
        "memorandum": lambda: desk.open_record(Memorandum.objects.get(parties__broadcaster__slug="rtv")),
    }
    too_wide = {}
    for name, open_page in pages.items():
        desk.page.set_viewport_size(PHONE)
        open_page()
        desk.picture(f"{name}-phone")
        if excess := desk.excess_width():
            too_wide[name] = excess
        desk.page.set_viewport_size(DESKTOP)
        desk.picture(f"{name}-desktop")
    assert not too_wide


@pytest.mark.parametrize("language", SHOWN)
def test_a_list_that_searches_speaks_the_readers_language(open_desk, rts, language):
    desk = open_desk(language).enter(make_user(rts, is_superuser=True))
    desk.go(reverse("admin:broadcasters_membership_add"))
    desk.page.locator(".select2-selection").first.click()
    desk.page.keyboard.type("zzqq")
    # In English the library finds the words it was made with.
    words = "No results found" if language == "en" else desk.text("Nothing found.")
    expect(desk.page.locator(".select2-results")).to_have_text(words)


def test_the_viewer_of_the_schema_lists_the_operations_without_asking_anybody_else(open_desk, rts):
    desk = open_desk("en")
    desk.go("/api/v1/docs/")
    operations = desk.page.locator(".opblock")
    expect(operations.nth(5)).to_be_visible(timeout=60_000)  # they are drawn by and by
    desk.picture("operations")
