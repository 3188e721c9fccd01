"""Feeds that fail and entries that could not be used."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from newsexchange.models import Feed, QuarantinedEntry
from newsexchange.services.ingest import ingest_document
from tests.browser.languages import LANGUAGES
from tests.factories import make_feed, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

_NO_NEWS = "Ово није вест. <script>window.ran = true</script>".encode()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_quarantined_entry_shows_its_payload_escaped_and_is_refused_again(open_desk, rts, language):
    ingest_document(make_feed(rts), _NO_NEWS)
    desk = open_desk(language).enter(make_user(rts))
    desk.open_list("quarantinedentry")
    expect(desk.rows).to_have_count(1)
    desk.picture("quarantine")

    desk.rows.first.get_by_role("link").first.click()
    expect(desk.page.locator("pre")).to_contain_text("<script>window.ran = true</script>")
    assert desk.page.evaluate("window.ran") is None
    desk.picture("entry")
    desk.start_deed("replay")
    desk.hears("Refused again: %(reason)s")
    desk.picture("refused-again")
    assert QuarantinedEntry.objects.get().status == "open"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_failing_feed_shows_its_error_and_is_sent_for_at_once(open_desk, rts, language):
    now = timezone.now()
    failure = {"failures": 3, "last_error": "timeout: no answer within 10 s", "last_error_at": now}
    failing = make_feed(rts, name="Wire", url="https://feed.example.org/news.xml", **failure)
    make_feed(rts, name="Well", url="https://well.example.org/news.xml", last_success_at=now, last_new_at=now)
    desk = open_desk(language).enter(make_user(rts))
    desk.open_list("feed", "?health=failing")
    expect(desk.rows).to_have_count(1)
    expect(desk.rows.first).to_contain_text("timeout: no answer within 10 s")
    desk.open_list("feed")
    expect(desk.rows).to_have_count(2)
    desk.picture("feeds")

    desk.open_record(failing)
    desk.picture("failing-feed")
    desk.start_deed("sync")
    desk.hears("The feed is being fetched.")
    desk.picture("being-fetched")
    assert Feed.objects.due().filter(pk=failing.pk).exists()
