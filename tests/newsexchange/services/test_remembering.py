"""What a feed repeats byte by byte is not read again, and never mistaken for something else."""

import json

import pytest

from newsexchange.models import FeedMemory, QuarantinedEntry, Story
from newsexchange.parsing import known
from newsexchange.parsing.registry import parse
from newsexchange.services import ingest
from newsexchange.services.ingest import ingest_document
from newsexchange.services.remembering import Memory
from tests.factories import make_feed

pytestmark = pytest.mark.django_db
ITEM = '<item><guid isPermaLink="false">{0}</guid><title>Вест {0}</title><description>{1}</description></item>'


def rss(*items, head="<title>Вести</title>"):
    return f'<rss version="2.0"><channel>{head}{"".join(items)}</channel></rss>'.encode()


@pytest.fixture
def read(monkeypatch):
    """How many entries parsers have handed over, one number for each document that was read."""
    counts = []

    def parse_in_child(*arguments, **options):
        document = real(*arguments, **options)
        counts.append(len(document.entries))
        return document

    real = ingest.parse_in_child
    monkeypatch.setattr(ingest, "parse_in_child", parse_in_child)
    return counts


def results(feed, payload):
    return sorted(outcome.result for outcome in ingest_document(feed, payload))


def test_only_what_is_new_or_edited_is_read_again(read):
    feed = make_feed()
    first, second = ITEM.format(1, "А"), ITEM.format(2, "Б")
    results(feed, rss(first, second))
    changed = rss(
        ITEM.format(1, "В"), second, ITEM.format(3, "Г"), head="<title>Вести</title><lastBuildDate>x</lastBuildDate>"
    )
    outcomes = ingest_document(feed, changed)
    assert sorted((outcome.guid, outcome.result) for outcome in outcomes) == [
        ("1", "updated"), ("2", "unchanged"), ("3", "created"),
    ]  # fmt: skip
    assert {outcome.uid for outcome in outcomes} == set(Story.objects.values_list("uid", flat=True))
    assert read == [2, 2]
    assert (results(feed, changed), read) == (["unchanged"] * 3, [2, 2, 0])


def test_every_entry_is_read_again_when_the_channel_says_something_else_of_all_of_them(read):
    feed = make_feed()
    results(feed, rss(ITEM.format(1, "А")))
    assert results(feed, rss(ITEM.format(1, "А"), head="<title>Вести</title><copyright>РТС</copyright>")) == ["updated"]
    assert (read, Story.objects.get().copyright_notice) == ([1, 1], "РТС")


def test_another_default_language_of_the_feed_reads_everything_again(read):
    feed = make_feed(language="sr-Cyrl")
    results(feed, rss(ITEM.format(1, "А")))
    feed.language = "ru"
    feed.save()
    results(feed, rss(ITEM.format(1, "А")))
    assert read == [1, 1]


def test_a_story_that_has_heard_something_else_meanwhile_is_told_again(read):
    feed = make_feed()
    payload = rss(ITEM.format(1, "А"))
    results(feed, payload)
    kept = FeedMemory.objects.get().entries
    results(feed, rss(ITEM.format(1, "Б")))
    FeedMemory.objects.update(entries=kept)  # as if two had read the feed at the same time
    assert (results(feed, payload), read) == (["updated"], [1, 1, 0, 1])


def test_a_story_that_is_gone_is_made_again(read):
    feed = make_feed()
    payload = rss(ITEM.format(1, "А"))
    results(feed, payload)
    Story.objects.all().delete()
    assert (results(feed, payload), read) == (["created"], [1, 0, 1])


def test_two_entries_with_one_identity_are_compared_though_one_of_them_was_known(read):
    feed = make_feed()
    results(feed, rss(ITEM.format(1, "А")))
    doubled = rss(ITEM.format(1, "старо"), ITEM.format(1, "А"))
    assert results(feed, doubled) == ["quarantined", "unchanged"]  # the last in the document is the newest
    assert (read, "А" in Story.objects.get().body_sr, QuarantinedEntry.objects.count()) == ([1, 1, 1], True, 1)


def test_what_the_desk_has_done_to_a_story_does_not_bring_its_entry_back(read):
    feed = make_feed()
    payload = rss(ITEM.format(1, "А"))
    results(feed, payload)
    Story.objects.update(headline_sr="Уредник", pubstatus="withheld")
    assert (results(feed, payload), Story.objects.get().headline_sr, read) == (["unchanged"], "Уредник", [1, 0])


def test_nothing_is_remembered_of_an_entry_that_was_refused(read):
    feed = make_feed()
    payload = rss("<item><guid>1</guid></item>", ITEM.format(2, "Б"))
    assert results(feed, payload) == ["created", "quarantined"]
    assert len(Memory.of(feed).entries) == 1
    assert results(feed, payload) == ["quarantined", "unchanged"]
    assert QuarantinedEntry.objects.get().times_seen == 2


def test_atom_skips_what_it_knows_whatever_the_feed_says_of_its_own_date(read):
    whole = '<feed xmlns="http://www.w3.org/2005/Atom"><title>t</title><updated>{}</updated>{}</feed>'
    entries = "".join(
        f"<entry><id>urn:{number}</id><title>Вест</title><content>Текст</content></entry>" for number in (1, 2)
    )
    feed = make_feed()
    assert results(feed, whole.format(1, entries).encode()) == ["created"] * 2
    assert (results(feed, whole.format(2, entries).encode()), read) == (["unchanged"] * 2, [2, 0])


@pytest.mark.parametrize(
    "document",
    [
        {"version": "https://jsonfeed.org/version/1.1", "title": "t", "items": [{"id": "1", "content_text": "Текст"}]},
        {"items": [{"uri": "urn:1", "type": "text", "headlines": [{"value": "Вест"}], "bodies": [{"value": "Текст"}]}]},
    ],
    ids=["jsonfeed", "ninjs"],
)
def test_lists_of_objects_skip_what_they_know(read, document):
    feed = make_feed()
    assert results(feed, json.dumps(document).encode()) == ["created"]
    assert (results(feed, json.dumps(document, indent=1).encode()), read) == (["unchanged"], [1, 0])


def test_another_generation_of_parsers_reads_everything_again(monkeypatch):
    payload = rss(ITEM.format(1, "А"))
    document = parse(payload)
    fingerprint = known.fingerprint_of(document.entries[0].raw, document.context)
    assert parse(payload, known=[fingerprint]).skipped == (fingerprint,)
    monkeypatch.setattr(known, "_generation", lambda: b"another")
    assert parse(payload, known=[fingerprint]).skipped == ()
