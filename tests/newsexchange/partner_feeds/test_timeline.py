"""The plot: what happens at which second, in one run and from one run to the next."""

from datetime import timedelta
from itertools import pairwise

import pytest

from newsexchange.partner_feeds.catalog import FEEDS, PartnerFeed
from newsexchange.partner_feeds.timeline import MAX_ITEMS, Item
from tests.newsexchange.partner_feeds.conftest import STARTED_AT, ItemsAt, newsrooms_started_at


def story(items: tuple[Item, ...], key: str) -> Item:
    return next(item for item in items if f":{key}" in item.guid)


def keys(items: tuple[Item, ...]) -> set[str]:
    return {item.guid for item in items}


@pytest.mark.parametrize("feed", FEEDS, ids=lambda feed: feed.path)
def test_every_feed_has_items_from_the_first_second(feed: PartnerFeed, items_at: ItemsAt) -> None:
    assert len(items_at(feed.path, 0)) >= 2


@pytest.mark.parametrize(
    ("second", "path", "key"),
    [
        (15, "/rts/vesti.rss", "zvezdano-nebo"),
        (15, "/ptrc/multilingual.ninjs", "snow-maze"),
        (30, "/rtv/english.json", "museum-smell-tour"),
        (30, "/ptrc/kazakh.newsml", "kiiz-ui-sabaq"),
        (45, "/rtv/vesti-latinica.atom", "biciklisticka-staza"),
        (45, "/rts/vesti.rss", "decji-maraton"),
        (75, "/rtv/english.json", "chess-bus"),
        (75, "/ptrc/kazakh.newsml", "almaty-bagy"),
    ],
)
def test_new_items_appear_at_their_second(second: int, path: str, key: str, items_at: ItemsAt) -> None:
    assert not any(key in guid for guid in keys(items_at(path, second - 1)))
    assert story(items_at(path, second), key).published_at == STARTED_AT + timedelta(seconds=second)


@pytest.mark.parametrize(
    ("second", "path", "key", "signal"),
    [
        (20, "/rts/vesti.rss", "tramvaj-muzej", "update"),
        (20, "/rtv/english.json", "book-night", "update"),
        (25, "/rtv/vesti-latinica.atom", "plivanje-stafeta", "correction"),
    ],
)
def test_a_changed_story_keeps_its_guid_and_says_what_changed(
    second: int, path: str, key: str, signal: str, items_at: ItemsAt
) -> None:
    before, after = story(items_at(path, second - 1), key), story(items_at(path, second), key)
    assert (before.version, after.version) == (1, 2)
    assert before.guid == after.guid
    assert before.headline != after.headline
    assert before.body != after.body
    assert after.updated_at > before.updated_at
    assert after.published_at == before.published_at
    assert (after.signal, bool(after.editors_note)) == (signal, True)


@pytest.mark.parametrize(
    ("path", "key"), [("/ptrc/kazakh.newsml", "gylym-kormesi"), ("/ptrc/multilingual.ninjs", "konkurs-izobretatelej")]
)
def test_the_embargo_passes_forty_seconds_after_the_start(path: str, key: str, items_at: ItemsAt) -> None:
    assert story(items_at(path, 0), key).embargoed_until == STARTED_AT + timedelta(seconds=40)


@pytest.mark.parametrize(
    ("path", "key"), [("/ptrc/kazakh.newsml", "muz-aidyny"), ("/ptrc/multilingual.ninjs", "kite-festival")]
)
def test_a_kill_comes_at_thirty_five_seconds_and_takes_the_text_along(path: str, key: str, items_at: ItemsAt) -> None:
    before, after = story(items_at(path, 34), key), story(items_at(path, 35), key)
    assert (before.pubstatus, after.pubstatus) == ("usable", "canceled")
    assert after.version == 2
    assert before.body != after.body


def test_a_withheld_story_becomes_usable(items_at: ItemsAt) -> None:
    path = "/ptrc/multilingual.ninjs"
    assert story(items_at(path, 49), "zimnij-sad").pubstatus == "withheld"
    assert story(items_at(path, 50), "zimnij-sad").pubstatus == "usable"


def test_an_indefinite_hold_is_lifted(items_at: ItemsAt) -> None:
    path = "/ptrc/kazakh.newsml"
    assert story(items_at(path, 49), "ulttyq-oiyn").is_held_indefinitely
    assert not story(items_at(path, 50), "ulttyq-oiyn").is_held_indefinitely


def test_after_the_plot_one_new_item_comes_every_minute_for_hours(items_at: ItemsAt) -> None:
    def seen(second: int) -> set[str]:
        return {guid for feed in FEEDS for guid in keys(items_at(feed.path, second))}

    for start in (300, 7200):
        minutes = [seen(start + 60 * minute) for minute in range(6)]
        fresh = [len(later - earlier) for earlier, later in pairwise(minutes)]
        assert fresh == [1, 1, 1, 1, 1]


@pytest.mark.parametrize("feed", FEEDS, ids=lambda feed: feed.path)
def test_a_feed_stays_bounded_and_newest_first(feed: PartnerFeed, items_at: ItemsAt) -> None:
    items = items_at(feed.path, 24 * 3600)
    assert len(items) <= MAX_ITEMS
    assert [item.updated_at for item in items] == sorted((item.updated_at for item in items), reverse=True)


def test_versions_never_go_back_within_a_run_or_after_a_restart() -> None:
    versions: dict[str, int] = {}
    texts: dict[tuple[str, int], tuple[str, str]] = {}
    for started_at in (STARTED_AT, STARTED_AT + timedelta(seconds=130), STARTED_AT + timedelta(minutes=9)):
        timeline = newsrooms_started_at(started_at).timeline
        for second in range(0, 400, 5):
            for feed in FEEDS:
                for item in timeline.items(feed.path, started_at + timedelta(seconds=second)):
                    assert item.version >= versions.get(item.guid, 1)
                    versions[item.guid] = item.version
                    text = texts.setdefault((item.guid, item.version), (item.headline, item.body))
                    assert text == (item.headline, item.body)


def test_every_run_plays_the_plot_under_new_guids_and_leaves_the_rest_alone() -> None:
    path, later = "/rts/vesti.rss", STARTED_AT + timedelta(minutes=5)
    first = newsrooms_started_at(STARTED_AT).timeline.items(path, STARTED_AT)
    second = newsrooms_started_at(later).timeline.items(path, later)
    assert story(first, "tramvaj-muzej").guid != story(second, "tramvaj-muzej").guid
    assert story(first, "biblioteka-bicikl") == story(second, "biblioteka-bicikl")


def test_speed_shortens_every_delay() -> None:
    timeline = newsrooms_started_at(STARTED_AT, speed=5.0).timeline
    item = story(timeline.items("/rts/vesti.rss", STARTED_AT + timedelta(seconds=4)), "tramvaj-muzej")
    assert (item.version, item.updated_at) == (2, STARTED_AT + timedelta(seconds=4))


def test_a_clock_that_stands_still_is_refused() -> None:
    with pytest.raises(ValueError, match="positive"):
        newsrooms_started_at(STARTED_AT, speed=0)


def test_nothing_is_dated_in_the_future() -> None:
    timeline = newsrooms_started_at(STARTED_AT, speed=3.0).timeline
    for second in range(0, 120, 7):
        now = STARTED_AT + timedelta(seconds=second)
        assert all(item.updated_at <= now for feed in FEEDS for item in timeline.items(feed.path, now))
