"""The desk on a telephone: nothing is wider than the screen, and the buttons can be reached."""

import os

import pytest
from django.conf import settings as django_settings
from django.urls import reverse
from playwright.sync_api import sync_playwright

from newsexchange.models import Offer
from tests.factories import make_embargoed_story, make_story, offer
from tests.newsexchange.admin.conftest import deed, listed, page

CHROMIUM = "/usr/bin/chromium"
WIDTH = 390

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not os.path.exists(CHROMIUM), reason="needs the system's Chromium"),
]


@pytest.mark.parametrize("language", ["en", "kk", "sr-latn"])
def test_a_desk_takes_a_story_on_a_telephone(live_server, desks, language, monkeypatch):
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # playwright runs a loop in this thread
    long = "Министри су разговарали о веома дугачком дневном реду културне сарадње двеју земаља " * 3
    story = make_story(desks.rts, headline_sr=long, usage_terms="Not after Sunday")
    offer(story, desks.ptrc)
    offer(make_embargoed_story(desks.rts), desks.ptrc)
    received = Offer.objects.get(story=story)
    addresses = [reverse("admin:index"), listed("story"), listed("offer"), page(story), page(received)]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        context = browser.new_context(viewport={"width": WIDTH, "height": 844})
        session = desks.aigerim.cookies["sessionid"].value
        cookies = {"sessionid": session, django_settings.LANGUAGE_COOKIE_NAME: language}
        context.add_cookies([{"name": name, "value": value, "url": live_server.url} for name, value in cookies.items()])
        tab = context.new_page()
        for address in (*addresses, deed(received, "take")):
            tab.goto(live_server.url + address)
            assert tab.evaluate("document.documentElement.scrollWidth") <= WIDTH, address
        tab.locator("#id_accepts_credit").check()
        tab.locator("form.mx-deed button[type=submit]").click()
        tab.wait_for_url("**/change/")
        browser.close()
    received.refresh_from_db()
    assert received.status == "taken"
