import json
from datetime import UTC, datetime

import pytest

from newsexchange.parsing.base import Association, DocumentError, ReasonCode, RightsStatement, Text
from newsexchange.parsing.registry import parse
from tests.newsexchange.parsing.documents import only_entry


def feed(*items: object, version: str = "1.1", **fields: object) -> bytes:
    return json.dumps(
        {"version": f"https://jsonfeed.org/version/{version}", "title": "F", "items": items, **fields}
    ).encode()


def test_an_item_gives_its_identity_texts_dates_people_and_files():
    entry = only_entry(
        feed(
            {
                "id": 7,
                "url": "/7",
                "title": "5 < 6 & 7",
                "content_html": "<p>A <b>B</b> <a href='x'>C</a></p>",
                "summary": "S & T",
                "date_published": "2024-01-01T05:00:00+05:00",
                "authors": [{"name": "Alice"}, {"name": "Bob"}],
                "tags": ["a", "a", "b"],
                "language": "ru",
                "image": "https://a.example/i.jpg",
                "attachments": [{"url": "https://a.example/v.mp4", "mime_type": "video/mp4", "duration_in_seconds": 3}],
            },
            home_page_url="https://a.example/",
        )
    )
    assert (entry.guid, entry.link, entry.headline) == ("7", "https://a.example/7", "5 < 6 & 7")
    assert entry.body == "<p>A <b>B</b> <a href='https://a.example/x'>C</a></p>"
    assert entry.summary == "<p>S &amp; T</p>"
    assert entry.published_at == datetime(2024, 1, 1, tzinfo=UTC)
    assert (entry.byline, entry.keywords, entry.language) == ("Alice, Bob", ("a", "b"), "ru")
    assert [(r.href, r.rel, r.duration_ms) for r in entry.renditions] == [
        ("https://a.example/i.jpg", "image", None),
        ("https://a.example/v.mp4", "enclosure", 3000),
    ]


def test_plain_content_is_escaped_and_version_1_0_has_one_author():
    entry = only_entry(feed({"id": "1", "content_text": "a <b>", "author": {"name": "Alice"}}, version="1"))
    assert (entry.body, entry.byline) == ("<p>a &lt;b&gt;</p>", "Alice")


def test_the_extension_of_the_exchange_is_honoured():
    entry = only_entry(
        feed(
            {
                "id": "1",
                "title": "x",
                "_exchange": {
                    "pubstatus": "withheld",
                    "embargoed_until": "2030-01-01T00:00:00Z",
                    "version": 4,
                    "language": "sr-Cyrl",
                    "editors_note": "N",
                    "credit": "C",
                    "usage_terms": "U",
                    "urgency": 2,
                    "topics": ["medtop:20000065"],
                },
            }
        )
    )
    assert (entry.pubstatus, entry.embargoed_until) == ("withheld", datetime(2030, 1, 1, tzinfo=UTC))
    assert (entry.version, entry.language, entry.editors_note) == (4, "sr-Cyrl", "N")
    assert (entry.credit, entry.usage_terms, entry.urgency, entry.topics) == ("C", "U", 2, ("medtop:20000065",))


@pytest.mark.parametrize("nothing", ["", None, 0, "soon"])
def test_an_embargo_without_a_readable_moment_holds_indefinitely(nothing):
    assert only_entry(feed({"id": "1", "title": "x", "_exchange": {"embargoed_until": nothing}})).is_held_indefinitely


def test_an_item_that_is_no_object_sinks_no_other():
    parsed = parse(feed({"id": "1", "title": "x"}, 5, None, ["y"]))
    assert len(parsed.entries) == 1
    assert {problem.reason for problem in parsed.problems} == {ReasonCode.BAD_STRUCTURE}
    assert len(parsed.problems) == 3


def test_fields_of_the_wrong_type_are_ignored():
    item = {
        "id": "1",
        "title": ["x"],
        "content_text": "t",
        "tags": 5,
        "authors": "A",
        "attachments": {"url": 3},
        "_exchange": [],
    }
    assert only_entry(feed(item)).headline == ""


@pytest.mark.parametrize(
    "payload",
    [
        b'{"version": "https://jsonfeed.org/version/1", "items": [}',
        b'{"version": "https://jsonfeed.org/version/1", "items": {"a": 1}}',
        b'{"version": "https://jsonfeed.org/version/1", "items": ["\\ud800"]}',
        b'{"version": "https://jsonfeed.org/version/1", "items": ' + b"[" * 100_000,
    ],
)
def test_a_broken_feed_is_refused_with_a_reason(payload):
    with pytest.raises(DocumentError) as refused:
        parse(payload)
    assert refused.value.reason in {ReasonCode.NOT_WELL_FORMED, ReasonCode.BAD_STRUCTURE}


def test_nul_characters_never_reach_the_database():
    assert only_entry(feed({"id": "1\0", "title": "a\0b"})).headline == "ab"


def test_both_forms_of_a_text_the_page_elsewhere_and_the_rights_are_kept():
    entry = only_entry(
        feed(
            {
                "id": "1",
                "url": "https://a.example/1",
                "external_url": "https://b.example/1",
                "content_html": "<p>a</p>",
                "content_text": "a",
                "banner_image": "https://a.example/b.jpg",
                "attachments": [{"url": "https://a.example/a.mp3", "duration_in_seconds": 1.5, "size_in_bytes": 9}],
                "_exchange": {"usage_terms": "once"},
            }
        )
    )
    assert entry.texts == (Text("body", "<p>a</p>"), Text("body", "<p>a</p>", "text"))
    assert entry.associations == (Association("external", uri="https://b.example/1", href="https://b.example/1"),)
    assert entry.rights == (RightsStatement(usage_terms="once"),)
    assert [(file.rel, file.duration_ms, file.size_bytes) for file in entry.renditions] == [
        ("banner_image", None, None),
        ("enclosure", 1500, 9),
    ]
