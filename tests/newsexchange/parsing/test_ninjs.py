import json
from datetime import UTC, datetime

import pytest

from newsexchange.parsing.base import DocumentError, ReasonCode
from newsexchange.parsing.registry import parse
from tests.newsexchange.parsing.documents import only_entry, only_problem

VERSION_1 = {
    "uri": "urn:n:1",
    "version": "3",
    "versioncreated": "2024-01-02T00:00:00Z",
    "firstcreated": "2024-01-01T00:00:00Z",
    "pubstatus": "withheld",
    "embargoed": "2030-01-01T00:00:00Z",
    "language": "kk",
    "headline": "Dam & co",
    "body_text": "plain",
    "body_html": "<p>A <b>B</b> C</p>",
    "description_text": "In < short",
    "byline": "Alice",
    "located": "Astana",
    "ednote": "Note",
    "copyrightholder": "Acme",
    "copyrightnotice": "(c) Acme",
    "usageterms": "No archive",
    "urgency": 2,
    "slugline": "dam",
    "subject": [{"name": "flood", "scheme": "http://cv.iptc.org/newscodes/mediatopic/", "code": "20000065"}],
    "person": [{"name": "Bob", "rel": "about"}],
    "renditions": {
        "main": {"href": "https://a.example/v.mp4", "mimetype": "video/mp4", "sizeinbytes": 5, "duration": 1.5}
    },
}
VERSION_2 = {
    **{
        k: v
        for k, v in VERSION_1.items()
        if not k.startswith(("body", "description", "headline", "byline", "subject", "person"))
    },
    "headlines": [{"role": "short", "value": "Dam"}, {"role": "main", "value": "Dam & co"}],
    "bodies": [
        {"role": "text", "contenttype": "text/plain", "value": "plain"},
        {"role": "main", "contenttype": "text/html", "value": "<p>A <b>B</b> C</p>"},
    ],
    "descriptions": [{"role": "text", "value": "In < short"}],
    "by": "Alice",
    "subjects": [{"name": "flood", "uri": "http://cv.iptc.org/newscodes/mediatopic/20000065"}],
    "people": [{"name": "Bob", "rel": "about"}],
    "renditions": [
        {
            "name": "main",
            "href": "https://a.example/v.mp4",
            "contenttype": "video/mp4",
            "sizeinbytes": 5,
            "duration": 1.5,
        }
    ],
}
CAMEL = {
    "versioncreated": "versionCreated",
    "firstcreated": "firstCreated",
    "pubstatus": "pubStatus",
    "embargoed": "embargoedUntil",
    "ednote": "edNote",
    "copyrightholder": "copyrightHolder",
    "copyrightnotice": "copyrightNotice",
    "usageterms": "usageTerms",
    "contenttype": "contentType",
    "sizeinbytes": "sizeInBytes",
}


def in_camel_case(value: object) -> object:
    if isinstance(value, dict):
        return {CAMEL.get(name, name): in_camel_case(inner) for name, inner in value.items()}
    return [in_camel_case(inner) for inner in value] if isinstance(value, list) else value


VERSION_3 = in_camel_case(VERSION_2)


def ninjs(value: object) -> bytes:
    return json.dumps(value).encode()


@pytest.mark.parametrize("document", [VERSION_1, VERSION_2, VERSION_3], ids=["1.x", "2.x", "3.x"])
def test_every_version_gives_the_same_entry(document):
    entry = only_entry(ninjs(document))
    assert (entry.guid, entry.version, entry.language, entry.headline) == ("urn:n:1", 3, "kk", "Dam & co")
    assert (entry.summary, entry.body) == ("<p>In &lt; short</p>", "<p>A <b>B</b> C</p>")
    assert (entry.pubstatus, entry.embargoed_until) == ("withheld", datetime(2030, 1, 1, tzinfo=UTC))
    assert (entry.byline, entry.dateline_place, entry.editors_note) == ("Alice", "Astana", "Note")
    assert (entry.credit, entry.copyright_notice, entry.usage_terms) == ("Acme", "(c) Acme", "No archive")
    assert (entry.urgency, entry.slugline, entry.topics) == (2, "dam", ("medtop:20000065",))
    assert [(person.name, person.role) for person in entry.entities] == [("Bob", "about")]
    assert entry.published_at == datetime(2024, 1, 1, tzinfo=UTC)
    assert entry.updated_at == datetime(2024, 1, 2, tzinfo=UTC)
    (rendition,) = entry.renditions
    assert (rendition.rel, rendition.content_type, rendition.size_bytes, rendition.duration_ms) == (
        "main",
        "video/mp4",
        5,
        1500,
    )


@pytest.mark.parametrize(
    "wrapped",
    [[VERSION_1, {**VERSION_2, "uri": "urn:n:2"}], {"items": [VERSION_1, {**VERSION_2, "uri": "urn:n:2"}]}],
    ids=["list", "items"],
)
def test_many_items_come_as_a_list_or_under_items(wrapped):
    assert [entry.guid for entry in parse(ninjs(wrapped)).entries] == ["urn:n:1", "urn:n:2"]


@pytest.mark.parametrize("name", ["embargoed", "embargoedUntil", "embargoed_until"])
@pytest.mark.parametrize("value", ["", None, "soon", 7])
def test_an_embargo_without_a_readable_moment_holds_indefinitely(name, value):
    assert only_entry(ninjs({"uri": "1", "headline": "x", name: value})).is_held_indefinitely


@pytest.mark.parametrize(
    ("value", "expected"), [("usable", "usable"), ("canceled", "canceled"), ("odd", "withheld"), (7, "withheld")]
)
def test_a_status_that_is_not_understood_does_not_publish(value, expected):
    assert only_entry(ninjs({"uri": "1", "headline": "x", "pubStatus": value})).pubstatus == expected


@pytest.mark.parametrize("kind", ["event", "planning"])
def test_an_event_is_no_story(kind):
    problem = only_problem(parse(ninjs({"uri": "urn:e:1", "type": kind, "title": "Conference"})))
    assert (problem.reason, problem.guid) == (ReasonCode.NOT_NEWS, "urn:e:1")


@pytest.mark.parametrize(
    "associations",
    [
        {
            "mainpic": {"type": "picture", "headline": "P", "renditions": {"big": {"href": "https://a.example/p.jpg"}}},
            "none": None,
        },
        [
            {
                "name": "mainpic",
                "type": "picture",
                "headlines": [{"value": "P"}],
                "renditions": [{"name": "big", "href": "https://a.example/p.jpg"}],
            }
        ],
    ],
    ids=["1.x", "2.x"],
)
def test_associated_media_become_renditions(associations):
    (rendition,) = only_entry(ninjs({"uri": "1", "headline": "x", "associations": associations})).renditions
    assert (rendition.href, rendition.rel, rendition.title) == ("https://a.example/p.jpg", "big", "P")


def test_an_item_that_is_no_object_sinks_no_other():
    parsed = parse(ninjs([VERSION_1, "x", 5]))
    assert len(parsed.entries) == 1
    assert [problem.reason for problem in parsed.problems] == [ReasonCode.BAD_STRUCTURE] * 2


def test_fields_of_the_wrong_type_are_ignored():
    item = {
        "uri": "1",
        "headline": "x",
        "bodies": "b",
        "headlines": {"value": 3},
        "descriptions": [5],
        "renditions": "r",
        "subjects": {"name": []},
        "associations": [5, [6]],
        "urgency": "high",
        "version": [],
        "people": [None],
        "keywords": {},
    }
    assert only_entry(ninjs(item)).urgency is None


def test_plain_text_is_escaped():
    assert only_entry(ninjs({"uri": "1", "body_text": "5 < 6 <b>"})).body == "<p>5 &lt; 6 &lt;b&gt;</p>"


@pytest.mark.parametrize("value", ["x", 5, None, True])
def test_a_document_that_is_no_object_is_refused(value):
    with pytest.raises(DocumentError):
        parse(ninjs(value), format="ninjs")
