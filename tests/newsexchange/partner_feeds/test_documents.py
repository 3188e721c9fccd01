"""The documents as a reader gets them: parsable, and true to the timeline."""

from datetime import UTC, datetime, timedelta

import feedparser
import orjson
import pytest
from lxml import etree

from newsexchange.parsing import registry
from newsexchange.parsing.base import Entry
from newsexchange.partner_feeds.catalog import FEEDS, PartnerFeed
from tests.newsexchange.partner_feeds.conftest import STARTED_AT, AskAt, ItemsAt

SYNDICATED = [feed.path for feed in FEEDS if feed.format in {"rss", "atom"}]
MOMENTS = [
    pytest.param(feed, second, id=f"{feed.path}-{second}")
    for feed in FEEDS
    for second in (0, 60, 300)
    if feed.path != "/rtv/broken.rss" and second >= feed.unwell_for_s
]
NAR = {"nar": "http://iptc.org/std/nar/2006-10-01/"}


@pytest.mark.parametrize("path", SYNDICATED)
def test_rss_and_atom_are_read_without_complaint(path: str, ask: AskAt) -> None:
    response = ask(path, 300)
    parsed = feedparser.parse(response.body, response_headers={"content-type": response.headers["Content-Type"]})
    assert not parsed.bozo
    assert all(entry.get("title") for entry in parsed.entries[:2])


def entries(ask: AskAt, path: str, second: int) -> dict[str, Entry]:
    response = ask(path, second)
    parsed = registry.parse(response.body, content_type=response.headers["Content-Type"])
    return {entry.guid: entry for entry in parsed.entries}


@pytest.mark.parametrize(("feed", "second"), MOMENTS)
def test_what_ingest_reads_is_what_the_timeline_holds(
    feed: PartnerFeed, second: int, ask: AskAt, items_at: ItemsAt
) -> None:
    read = entries(ask, feed.path, second)
    items = items_at(feed.path, second)
    assert list(read) == [item.guid for item in items]
    for item in items:
        entry = read[item.guid]
        assert (entry.version, entry.headline, entry.editors_note) == (item.version, item.headline, item.editors_note)
        assert (entry.pubstatus, entry.embargoed_until) == (item.pubstatus, item.embargoed_until)
        assert entry.is_held_indefinitely == item.is_held_indefinitely
        assert (entry.published_at, entry.updated_at) == (item.published_at, item.updated_at)
        assert (entry.usage_terms, entry.credit) == (item.usage_terms, item.credit)
        assert entry.body.count("<p>") == item.body.count("<p>")


def test_escaped_markup_stays_escaped_in_every_format(ask: AskAt) -> None:
    escaped = {
        "/rts/vesti.rss": "&lt;/p&gt;",
        "/rtv/vesti-latinica.atom": "&lt;&lt; kraj &gt;&gt;",
        "/rtv/english.json": "&lt;b&gt;hello&lt;/b&gt;",
        "/ptrc/kazakh.newsml": "&lt;қар&gt;",
    }
    for path, text in escaped.items():
        assert any(text in entry.body for entry in entries(ask, path, 0).values()), path


def test_the_broken_feed_always_has_good_entries_one_unusable_and_one_unreadable_embargo(ask: AskAt) -> None:
    for second in (0, 600):
        response = ask("/rtv/broken.rss", second)
        parsed = registry.parse(response.body, content_type=response.headers["Content-Type"])
        assert [problem.guid for problem in parsed.problems] == [""]
        held = [entry for entry in parsed.entries if entry.is_held_indefinitely]
        assert [entry.guid for entry in held] == ["urn:newsml:rtv.example:koncert-basta"]
        assert held[0].published_at is None
        assert len(parsed.entries) >= 3


def test_newsml_carries_embargo_kill_and_hold(ask: AskAt) -> None:
    root = etree.fromstring(ask("/ptrc/kazakh.newsml", 40).body)
    embargoes = root.xpath("//nar:embargoed/text()", namespaces=NAR)
    assert embargoes == [f"{STARTED_AT + timedelta(seconds=40):%Y-%m-%dT%H:%M:%SZ}"]
    assert len(root.xpath("//nar:embargoed[not(node())]", namespaces=NAR)) == 1
    assert len(root.xpath("//nar:pubStatus[@qcode='stat:canceled']", namespaces=NAR)) == 1
    assert set(root.xpath("//nar:newsItem/@xml:lang", namespaces=NAR)) == {"kk"}


def test_ninjs_versions_name_their_properties_differently(ask: AskAt) -> None:
    newer = orjson.loads(ask("/ptrc/multilingual.ninjs", 40).body)
    older = orjson.loads(ask("/ptrc/archive.ninjs2").body)
    assert {document["language"] for document in newer} == {"ru", "en"}
    assert {document["pubStatus"] for document in newer} == {"usable", "withheld", "canceled"}
    assert [datetime.fromisoformat(d["embargoedUntil"]) for d in newer if "embargoedUntil" in d] == [
        STARTED_AT.astimezone(UTC) + timedelta(seconds=40)
    ]
    assert {document["standard"]["version"] for document in older} == {"2.2"}
    assert all("pubstatus" in document and "pubStatus" not in document for document in older)
