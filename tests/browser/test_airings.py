"""A log on its way onto the air: sent, looked at, approved, decided on, and its weeks against the cap."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from broadcasters.models import Airing, AiringMatch
from broadcasters.services.airing_import import work_on_imports
from broadcasters.services.matching import suggest_matches
from newsexchange.models import Take, Use
from tests.browser.desk import PHONE
from tests.browser.languages import LANGUAGES
from tests.factories import make_broadcaster, make_channel, make_story, make_user, take

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LOG = (
    "Kanal;Datum;Početak;Trajanje;Emisija;Jezik;Poreklo\n"
    "sat-1;14.09.2026.;19:30:00;00:28:30;Dnevnik;srpski;\n"
    "sat-1;14.09.2026.;25:10:00;01:20:00;Noćni film;ru;rts\n"
    "sat-9;14.09.2026.;20:00:00;00:10:00;Vesti;sr;\n"
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_log_is_sent_approved_and_measured_against_the_cap(open_desk, language):
    rts, ptrc = make_broadcaster("rts"), make_broadcaster("ptrc")
    channel = make_channel(ptrc, slug="sat-1", weekly_minutes=1000, foreign_share_cap_percent=Decimal(10))
    for weeks, minutes in enumerate((60, 90, 150, 40, 80)):
        Airing.objects.create(
            channel=channel, origin=rts, title="Film", duration_ms=minutes * 60_000,
            started_at=datetime(2026, 9, 15, 12, tzinfo=UTC) - timedelta(weeks=weeks),
        )  # fmt: skip
    desk = open_desk(language).enter(make_user(ptrc, language=language))
    desk.go(reverse("admin:broadcasters_airingimport_add"))
    desk.page.locator("input[type=file]").set_input_files(
        {"name": "as-run.csv", "mimeType": "text/csv", "buffer": LOG.encode("cp1250")}
    )
    desk.picture("send")
    desk.page.locator("button[name=_save], input[name=_save]").first.click()
    desk.page.wait_for_load_state()
    work_on_imports()
    received = ptrc.airing_imports.get()
    desk.open_record(received)
    expect(desk.page.locator("#counts tbody tr")).to_have_count(3)
    desk.picture("preview")
    desk.page.set_viewport_size(PHONE)
    desk.picture("preview-on-a-phone")
    desk.page.set_viewport_size({"width": 1400, "height": 900})
    desk.go(reverse("admin:broadcasters_airingimport_approve", args=[received.pk]))
    desk.press_last("form button[type=submit]")
    desk.page.wait_for_load_state()
    work_on_imports()
    assert Airing.objects.count() == 7
    share = reverse("admin:broadcasters_foreign_share") + "?channel=sat-1&until=2026-09-20"
    desk.go(share)
    expect(desk.page.locator(".on-bar.on-over")).to_have_count(3)  # two weeks and the key
    assert desk.page.locator(".on-over-word").count() == 2
    desk.picture("foreign-share")
    desk.page.emulate_media(forced_colors="active")
    desk.page.set_viewport_size(PHONE)
    desk.picture("foreign-share-on-a-phone")
    assert desk.excess_width() <= 0
    desk.page.locator(".on-table tbody a").first.click()
    desk.page.wait_for_load_state()
    expect(desk.rows).to_have_count(2)


def test_a_match_is_looked_at_and_confirmed(open_desk):
    rts, ptrc = make_broadcaster("rts"), make_broadcaster("ptrc")
    taken = take(make_story(rts), ptrc)
    Take.objects.filter(pk=taken.pk).update(taken_at=timezone.now() - timedelta(days=1))
    airing = Airing.objects.create(
        channel=make_channel(ptrc), origin=ptrc, title="Otvorena nova biblioteka", duration_ms=90_000,
        started_at=timezone.now() - timedelta(hours=2),
    )  # fmt: skip
    suggest_matches(ptrc, [airing], actor=None)
    desk = open_desk("en").enter(make_user(ptrc))
    desk.open_list("airingmatch", app="broadcasters")
    expect(desk.rows).to_have_count(1)
    desk.picture("suggestions")
    match = AiringMatch.objects.get()
    desk.open_record(match)
    desk.picture("suggestion")
    desk.go(reverse("admin:broadcasters_airingmatch_confirm", args=[match.pk]))
    desk.press_last("form button[type=submit]")
    desk.page.wait_for_load_state()
    assert Use.objects.get().airing == airing
