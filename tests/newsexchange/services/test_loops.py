"""News that comes back is refused, with the documents that really travel; an origin may renew its own story."""

import json

import pytest
from django.conf import settings

from mediaexchange.core.models import AuditEntry
from newsexchange.models import QuarantinedEntry, Story
from newsexchange.services.documents import document_of
from newsexchange.services.ingest import ingest_document
from newsexchange.services.offer import take_offer
from tests.factories import make_broadcaster, make_feed, make_story, make_user, offer

pytestmark = pytest.mark.django_db
FORMATS = ("ninjs-3.1", "newsml-g2")


def results(feed, payload):
    return [outcome.result for outcome in ingest_document(feed, payload)]


def document(story, name="ninjs-3.1"):
    story.refresh_from_db()
    return document_of(story, name, "sr").content


def changed(payload, **fields):
    return json.dumps(json.loads(payload) | fields, ensure_ascii=False).encode()


@pytest.fixture
def story(rts, ptrc):
    """RTS's, taken by PTRC."""
    story = make_story(rts)
    offer(story, ptrc)
    take_offer(story.offers.get(), actor=make_user(ptrc), accepts_credit=True)
    return story


@pytest.mark.parametrize("name", FORMATS)
def test_what_we_gave_away_is_no_second_story_when_the_taker_or_somebody_behind_it_sends_it(story, name):
    for slug in ("ptrc", "rtv"):
        feed = make_feed(make_broadcaster(slug))
        assert results(feed, document(story, name)) == ["quarantined"]
        entry = QuarantinedEntry.objects.get(feed=feed)
        assert (entry.reason, f"urn:uuid:{story.uid}" in entry.detail) == ("loop", True)
    assert Story.objects.count() == 1


def test_a_taker_that_gives_it_a_name_of_its_own_is_found_by_the_hop_history(story, ptrc):
    payload = document(story, "newsml-g2").decode()
    renamed = payload.replace(f"urn:uuid:{story.uid}", "tag:ptrc,2026:9")
    assert f"<name>{settings.EXCHANGE_URI}</name>" in renamed
    assert results(make_feed(ptrc), renamed.encode()) == ["quarantined"]
    assert QuarantinedEntry.objects.get().reason == "loop"


def test_a_to_b_to_c_to_a_is_refused_by_our_identity_though_nobody_kept_the_hop_history(story):
    plain = {"uri": "tag:c,2026:1", "version": "1", "type": "text", "language": "sr", "headlines": [{"value": "В"}],
             "bodies": [{"value": "Текст"}],
             "altIds": [{"role": "source", "value": f"urn:uuid:{story.uid}"}]}  # fmt: skip
    assert results(make_feed(make_broadcaster("rtv")), json.dumps(plain).encode()) == ["quarantined"]
    assert Story.objects.count() == 1


def test_an_identity_that_a_broadcaster_on_the_way_had_from_us_is_refused_and_one_that_it_had_elsewhere_is_not(
    rts, ptrc
):
    rtv = make_broadcaster("rtv")
    item = {"uri": "tag:rts.rs,2026:7", "version": "1", "type": "text", "language": "sr",
            "headlines": [{"value": "Вест"}], "bodies": [{"value": "Текст"}]}  # fmt: skip
    payload = json.dumps(item).encode()
    results(make_feed(rts), payload)
    story = Story.objects.get()
    offer(story, ptrc)
    take_offer(story.offers.get(), actor=make_user(ptrc), accepts_credit=True)
    assert results(make_feed(ptrc), payload) == ["quarantined"]
    assert results(make_feed(rtv), payload) == ["created"]


def test_a_number_that_two_feeds_use_is_no_loop(story, ptrc, rts):
    item = {"uri": "17", "type": "text", "language": "sr", "headlines": [{"value": "Вест"}], "bodies": [{"value": "Т"}]}
    results(make_feed(rts), json.dumps(item).encode())
    other = Story.objects.get(source_guid="17")
    offer(other, ptrc)
    take_offer(other.offers.get(), actor=make_user(ptrc), accepts_credit=True)
    assert results(make_feed(ptrc), json.dumps(item).encode()) == ["created"]


def test_our_own_document_from_its_origins_feed_changes_nothing_and_a_newer_one_updates_the_story(story, rts):
    feed = make_feed(rts, is_own_output=True)
    assert results(feed, document(story)) == ["unchanged"]
    newer = changed(document(story), version="5", headlines=[{"role": "main", "value": "Отворена и друга библиотека"}])
    assert results(feed, newer) == ["updated"]
    story.refresh_from_db()
    assert (story.headline_sr, story.version, Story.objects.count()) == ("Отворена и друга библиотека", 2, 1)
    assert story.editions.get(language="en").is_stale
    assert results(feed, changed(document(story), version="1")) == ["unchanged"]


def test_an_origins_document_that_does_not_speak_of_a_hold_does_not_lift_it(rts):
    story = make_story(rts, is_held=True, usage_terms="Not in KZ")
    newer = {
        name: value for name, value in json.loads(document(story)).items() if name not in ("usageTerms", "rightsInfo")
    }
    payload = json.dumps(newer | {"version": "9", "headlines": [{"value": "Ново"}]}).encode()
    assert results(make_feed(rts, is_own_output=True), payload) == ["updated"]
    story.refresh_from_db()
    assert (story.is_held, story.usage_terms, story.headline_sr) == (True, "Not in KZ", "Ново")


def passed_on(payload, *names):
    """The document after others have written themselves into its history."""
    hops = "".join(
        f'<hop seq="{place}"><party literal="{name}"><name>{name}</name></party></hop>'
        for place, name in enumerate(names, 90)
    )
    head, history, rest = payload.decode().partition("</hopHistory>")
    assert history
    return f"{head}{hops}{history}{rest}".encode()


def newer(story):
    payload = document(story, "newsml-g2").decode()
    return payload.replace(' version="1"', ' version="4"').replace("Отворена нова", "Отворена велика").encode()


def test_the_way_from_a_to_b_to_c_and_back_to_as_own_feed_is_a_loop(story, rts):
    assert results(make_feed(rts, is_own_output=True), passed_on(newer(story), "PTRC", "RTV")) == ["quarantined"]
    assert QuarantinedEntry.objects.get().reason == "loop"
    assert Story.objects.get().headline_sr == "Отворена нова библиотека"


def test_the_origin_itself_may_stand_in_the_history_of_what_it_renews(story, rts):
    assert results(make_feed(rts, is_own_output=True), passed_on(newer(story), "Радио-телевизија Србије")) == [
        "updated"
    ]
    assert Story.objects.get().headline_sr == "Отворена велика библиотека"


def test_a_feed_that_keeps_our_identity_and_no_history_does_not_speak_for_the_origin(rts):
    story = make_story(rts)
    item = f"<guid>urn:uuid:{story.uid}</guid><title>Other words</title><description>Not the origin's</description>"
    payload = f"<rss version='2.0'><channel><title>C</title><item>{item}</item></channel></rss>"
    assert results(make_feed(rts, is_own_output=True), payload.encode()) == ["quarantined"]
    story.refresh_from_db()
    assert (story.version, story.headline_en) == (1, "A new library opens")


@pytest.mark.parametrize("claim", [{"version": "9", "headlines": [{"value": "Лаж"}]}, {"pubStatus": "canceled"}])
@pytest.mark.parametrize("origin", ["desk", "another feed"])
def test_a_source_within_an_origins_feed_neither_renews_nor_kills_the_origins_story(rts, ptrc, claim, origin):
    story = make_story(rts)
    if origin == "another feed":
        Story.objects.filter(pk=story.pk).update(feed=make_feed(rts), source_guid="tag:rts.rs,2026:1", source_version=3)
    mixed = make_feed(rts)
    assert results(mixed, changed(document(story), **{"version": "9"} | claim)) == ["quarantined"]
    entry = QuarantinedEntry.objects.get(feed=mixed)
    assert (entry.reason, f"urn:uuid:{story.uid}" in entry.detail) == ("not-own-output", True)
    story.refresh_from_db()
    assert (story.version, story.pubstatus, story.headline_sr) == (1, "usable", "Отворена нова библиотека")
    assert not story.recalls.exists()


def test_what_waits_for_the_declaration_is_replayed_after_it(rts, belgrade):
    story = make_story(rts)
    feed = make_feed(rts)
    assert results(feed, changed(document(story), version="9", headlines=[{"value": "Ново"}])) == ["quarantined"]
    entry = feed.quarantine.get()
    refused = belgrade.post(f"quarantine/{entry.uid}/replay/")
    assert (refused.status_code, refused.json()["reason"]) == (409, "not-own-output")
    feed.is_own_output = True
    feed.save(update_fields=["is_own_output"])
    assert belgrade.post(f"quarantine/{entry.uid}/replay/").json()["status"] == "replayed"
    assert belgrade.get(f"feeds/{feed.slug}/").json()["is_own_output"] is True
    story.refresh_from_db()
    assert (story.headline_sr, story.version) == ("Ново", 2)
    written = AuditEntry.objects.filter(table_name="newsexchange_feed", row_pk=str(feed.pk)).order_by("pk").last()
    assert written.changed["is_own_output"] == [False, True]


def test_a_feed_goes_on_renewing_and_killing_what_it_brought_itself(rts):
    feed = make_feed(rts)
    item = {"uri": "tag:rts.rs,2026:7", "version": "1", "type": "text", "language": "sr",
            "headlines": [{"value": "Вест"}], "bodies": [{"value": "Текст"}]}  # fmt: skip
    payload = json.dumps(item).encode()
    assert results(feed, payload) == ["created"]
    assert results(feed, changed(payload, version="2", headlines=[{"value": "Друга"}])) == ["updated"]
    assert results(feed, changed(payload, version="3", pubStatus="canceled")) == ["recalled"]
