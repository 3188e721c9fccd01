"""What the rules of a feed do to its entries, in their order, and what they leave to the desk."""

from typing import Any

import pytest

from newsexchange.models import FeedRule, QuarantinedEntry, Story
from newsexchange.parsing.base import Entry, ParsedDocument
from newsexchange.services.ingest import ingest_document, ingest_entries
from newsexchange.services.offer import withdraw_offer
from newsexchange.services.replay import replay_entry
from newsexchange.services.story import save_story
from tests.factories import make_broadcaster, make_feed, make_module, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def feed(rts):
    return make_feed(rts)


def rule(feed, field, value, action, *offer_to, **fields: Any):
    rule = FeedRule.objects.create(feed=feed, field=field, value=value, action=action, **fields)
    rule.offer_to.set(offer_to)


def bring(feed, headline="Јавља Танјуг", **fields: Any):
    entry = Entry(guid="a", language="sr-Cyrl", headline=headline, body="<p>Текст</p>", raw=b"{}", **fields)
    return [outcome.result for outcome in ingest_entries(feed, ParsedDocument("ninjs", (entry,)))]


@pytest.mark.parametrize(
    ("field", "value", "fits"),
    [
        ("always", "", True),
        ("headline", "tanjug", True),
        ("headline", "ТАНЈУГ", True),
        ("headline", "Beta", False),
        ("text", "tekst", True),
        ("keyword", "kultura", True),
        ("keyword", "kult", False),
        ("topic", "01000000", True),
        ("topic", "medtop:02000000", False),
        ("language", "sr", True),
        ("language", "kk", False),
        ("kind", "video", True),
        ("kind", "text", False),
        ("urgency", "3", True),
        ("urgency", "2", False),
        ("urgency", "soon", False),
        ("credit", "fonet", True),
    ],
)
def test_a_rule_fits_in_either_script_and_case(feed, field, value, fits):
    rule(feed, field, value, "tag", tag="нађено")
    bring(feed, keywords=("Култура", "medtop:01000000"), kind="video", urgency=3, credit="ФоНет")
    assert ("нађено" in Story.objects.get().keywords) is fits


def test_a_rule_that_leaves_out_ends_the_asking_and_keeps_what_it_left_out(feed):
    rule(feed, "headline", "Tanjug", "drop", position=1)
    rule(feed, "always", "", "hold", position=2)
    assert bring(feed) == ["left-out"]
    assert bring(feed) == ["left-out"]
    entry = QuarantinedEntry.objects.get()
    assert (entry.reason, entry.status, entry.times_seen, bytes(entry.payload)) == ("left-out", "dismissed", 2, b"{}")
    assert not Story.objects.exists()
    assert bring(feed, "Друга агенција") == ["created"]
    assert Story.objects.get().is_held


def test_what_a_rule_left_out_comes_in_when_a_person_replays_it(feed):
    rule(feed, "always", "", "drop")
    payload = (
        '<rss version="2.0"><channel><title>t</title><item><guid>a</guid><title>Вест</title></item></channel></rss>'
    )
    assert [outcome.result for outcome in ingest_document(feed, payload.encode())] == ["left-out"]
    entry = QuarantinedEntry.objects.get()
    outcomes = replay_entry(entry, actor=make_user(feed.broadcaster))
    assert ([outcome.result for outcome in outcomes], entry.status) == (["created"], "replayed")


def test_a_story_that_exists_is_updated_whatever_would_be_left_out_now(feed):
    bring(feed, "Вест")
    rule(feed, "always", "", "drop")
    assert bring(feed, "Исправљена вест") == ["updated"]


def test_a_topic_is_tagged_as_a_topic(feed):
    rule(feed, "always", "", "tag", tag="medtop:01000000")
    bring(feed, keywords=("реч",))
    assert (Story.objects.get().topics, Story.objects.get().keywords) == (["medtop:01000000"], ["реч"])


def test_offers_go_to_whom_the_rule_names_without_any_module(feed, ptrc):
    rule(feed, "headline", "Tanjug", "offer", ptrc, feed.broadcaster)
    bring(feed)
    assert [item.to_broadcaster for item in Story.objects.get().offers.all()] == [ptrc]


def test_a_rule_that_names_nobody_offers_to_the_parties_of_the_module(rts, ptrc):
    paused = make_feed(rts, module=make_module(rts, ptrc, state="paused"))
    rule(paused, "always", "", "offer")
    bring(paused)
    assert not Story.objects.get().offers.exists()
    running = make_feed(rts, module=make_module(rts, ptrc))
    rule(running, "always", "", "offer")
    bring(running)
    assert Story.objects.get(feed=running).offers.get().to_broadcaster == ptrc


def test_a_rule_whose_only_partner_has_left_does_not_offer_to_everybody(rts, ptrc):
    gone = make_broadcaster("gone", is_active=False)
    feed = make_feed(rts)
    rule(feed, "always", "", "offer", gone)
    bring(feed)
    assert not Story.objects.get().offers.exists()


def test_rules_do_not_undo_what_the_desk_has_decided(feed, ptrc):
    rule(feed, "always", "", "hold")
    rule(feed, "always", "", "tag", tag="реч")
    rule(feed, "always", "", "offer", ptrc)
    bring(feed)
    story = Story.objects.get()
    desk = make_user(feed.broadcaster)
    withdraw_offer(story.offers.get(), actor=desk)
    story.is_held, story.keywords = False, ["наше"]
    save_story(story, actor=desk, changed={"is_held", "keywords"})
    assert bring(feed, "Јавља Танјуг поново") == ["updated"]
    story.refresh_from_db()
    assert (story.is_held, story.keywords, story.offers.get().status) == (False, ["наше"], "withdrawn")


def test_a_rule_that_comes_to_fit_later_holds_the_story_then(feed):
    rule(feed, "headline", "sporno", "hold")
    bring(feed)
    assert not Story.objects.get().is_held
    bring(feed, "Спорно")
    assert Story.objects.get().is_held
