"""Items of our own with everything that ninjs 1.x to 3.x can say, and what agencies write beside the schema."""

import random
from datetime import UTC, date, datetime

import pytest

from newsexchange.parsing.base import Association, DocumentError, Entity, ReasonCode, Rendition, RightsStatement, Text
from newsexchange.parsing.limits import MAX_PARTS
from newsexchange.parsing.registry import parse
from tests.newsexchange.parsing.documents import only_entry, only_problem
from tests.newsexchange.parsing.test_mutations import damaged
from tests.newsexchange.parsing.test_ninjs import ninjs

RICH = {
    "standard": {"name": "ninjs", "version": "3.1"},
    "uri": "urn:n:dam",
    "type": "video",
    "version": "7",
    "language": "kk",
    "firstCreated": "2026-02-27T08:00:00Z",
    "versionCreated": "2026-02-27T09:00:00Z",
    "contentCreated": "2026-02-26T23:30:00+05:00",
    "expires": "2026-04-01T00:00:00Z",
    "pubStatus": "usable",
    "title": "KZ Dam",
    "slugline": "KZ-DAM",
    "by": "Alice",
    "located": "Астана",
    "edNote": "Corrects the height",
    "copyrightHolder": "PTRC",
    "copyrightNotice": "(c) PTRC",
    "usageTerms": "No access Kazakhstan",
    "rightsInfo": {"langId": "http://www.w3.org/ns/odrl/2/", "encodedRights": "{}"},
    "digitalSourceType": {
        "name": "AI",
        "uri": "http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia",
    },
    "headlines": [
        {"role": "short", "value": "Бөгет"},
        {"role": "main", "value": "Плотина", "language": "ru"},
        {"role": "main", "value": "<b>Бөгет</b> ашылды", "contentType": "text/html"},
    ],
    "descriptions": [
        {"role": "summary", "contentType": "text/html", "value": "<p>Қысқаша</p>"},
        {"role": "caption", "value": "Wide < close"},
        {"role": "shotlist", "value": "1. Wide\n2. Close"},
    ],
    "bodies": [
        {"role": "main", "contentType": "text/plain", "value": "A < B"},
        {"role": "main", "contentType": "text/html", "value": "<p>English</p>", "language": "en"},
        {"role": "web", "contentType": "text/html", "value": "<p>Қазақша</p>"},
        {
            "role": "nitf",
            "contentType": "application/nitf+xml",
            "value": "<nitf><body><body.content><p>N</p></body.content></body></nitf>",
        },
    ],
    "subjects": [{"name": "flood", "uri": "http://cv.iptc.org/newscodes/mediatopic/20000065"}],
    "people": [{"name": "Carol", "rel": "about", "uri": "urn:p:1"}],
    "organisations": [{"name": "EBU", "literal": "ebu"}],
    "places": [{"literal": "Gotland", "geoJSON": {"type": "Point"}}],
    "events": [{"uri": "urn:e:1", "name": "Opening"}],
    "objects": [{"name": "Dam", "rel": "about"}],
    "infoSources": [{"name": "Reuters", "role": "supplier"}],
    "contributors": [{"name": "Bob", "role": "camera"}],
    "genres": [{"name": "Report", "uri": "urn:g:1"}],
    "plannings": [{"uri": "urn:plan:1", "title": "Dam"}],
    "altIds": [{"role": "house", "value": "KZ-77"}],
    "trustIndicators": [{"role": "http://trust.example/policy", "title": "Ethics", "href": "https://a.example/ethics"}],
    "associations": [
        {
            "name": "cover",
            "type": "picture",
            "uri": "urn:n:pic",
            "version": "2",
            "language": "ru",
            "headlines": [{"value": "Вид"}],
            "descriptions": [{"role": "caption", "value": "Вид на плотину"}],
            "by": "Bob",
            "copyrightHolder": "EBU",
            "usageTerms": "Editorial use",
            "renditions": [{"name": "big", "href": "https://a.example/p.jpg", "contentType": "image/jpeg"}],
            "associations": [{"name": "thumb", "type": "picture", "uri": "urn:n:thumb"}],
        },
        {"name": "sidebar", "type": "text", "uri": "urn:n:side", "bodies": [{"value": "Side story"}]},
    ],
    "renditions": [
        {
            "name": "main",
            "href": "https://a.example/v.mp4",
            "contentType": "video/mp4",
            "title": "HD",
            "width": 1920,
            "height": 1080,
            "sizeInBytes": 900_000,
            "duration": 9.48,
            "format": "MPEG-4",
            "aspectRatio": "16:9",
            "videoCodec": "h264",
            "frameRate": 25,
            "scanType": "progressive",
            "bitrate": "759493",
            "transportProtocol": "https",
            "poi": {"x": 3, "y": 4},
            "extensions": {"hash:sha256": "ff", "mirror:eu": "https://eu.example/v.mp4"},
        },
        {"name": "tape", "href": "file:///v.mxf", "contentType": "video/mxf"},
    ],
}


def test_a_rich_item_is_read_into_every_field():
    entry = only_entry(ninjs(RICH))
    assert (entry.guid, entry.version, entry.kind, entry.language) == ("urn:n:dam", 7, "video", "kk")
    assert (entry.headline, entry.summary, entry.body) == ("Бөгет ашылды", "<p>Қысқаша</p>", "<p>Қазақша</p>")
    assert (entry.dateline_place, entry.dateline_on) == ("Астана", date(2026, 2, 26))
    assert entry.expires_at == datetime(2026, 4, 1, tzinfo=UTC)
    assert (entry.event_uri, entry.assignment_uri) == ("urn:e:1", "urn:plan:1")
    assert (entry.digital_source_type, entry.ai_use) == ("compositeWithTrainedAlgorithmicMedia", "assistive")
    assert (entry.duration_ms, entry.alt_ids, entry.topics) == (9_480, (("house", "KZ-77"),), ("medtop:20000065",))


def test_every_text_is_kept_with_its_role_and_language():
    assert {text for text in only_entry(ninjs(RICH)).texts if text.kind != "property"} == {
        Text("headline", "Бөгет", "short"),
        Text("headline", "Плотина", "main", "ru"),
        Text("headline", "Бөгет ашылды", "main"),
        Text("title", "KZ Dam"),
        Text("slugline", "KZ-DAM"),
        Text("byline", "Alice"),
        Text("dateline", "Астана"),
        Text("note", "Corrects the height"),
        Text("copyright", "(c) PTRC"),
        Text("keyword", "flood"),
        Text("summary", "<p>Қысқаша</p>", "summary"),
        Text("caption", "Wide < close", "caption"),
        Text("description", "<p>1. Wide<br>2. Close</p>", "shotlist"),
        Text("body", "<p>A &lt; B</p>", "main"),
        Text("body", "<p>English</p>", "main", "en"),
        Text("body", "<p>Қазақша</p>", "web"),
        Text("body", "<p>N</p>", "nitf"),
        Text("caption", "Вид на плотину", "cover"),
        Text("byline", "Bob", "cover"),
        Text("associated", "<p>Side story</p>", "sidebar"),
    }


def test_rights_come_from_the_item_its_expressions_and_what_is_associated_with_it():
    entry = only_entry(ninjs(RICH))
    assert entry.rights == (
        RightsStatement(holder="PTRC", notice="(c) PTRC", usage_terms="No access Kazakhstan"),
        RightsStatement(aspect="http://www.w3.org/ns/odrl/2/", usage_terms="{}"),
        RightsStatement("cover", holder="EBU", usage_terms="Editorial use"),
    )
    assert entry.restrictions == (), "a sentence is no data: nothing is guessed"


def test_everybody_and_everything_named_is_of_its_kind():
    assert only_entry(ninjs(RICH)).entities == (
        Entity("Carol", "about", "urn:p:1"),
        Entity("EBU", "subject", "ebu", "organisation"),
        Entity("Gotland", "subject", "Gotland", "place"),
        Entity("Opening", "subject", "urn:e:1", "event"),
        Entity("Dam", "about", "", "object"),
        Entity("Bob", "camera"),
        Entity("Reuters", "supplier", "", "organisation"),
        Entity("Report", "genre", "urn:g:1", "object"),
    )


def test_associations_are_named_with_their_path_and_their_files_stay_renditions():
    entry = only_entry(ninjs(RICH))
    assert entry.associations == (
        Association("cover", "urn:n:pic", kind="picture", headline="Вид", language="ru", version="2"),
        Association("cover/thumb", "urn:n:thumb", kind="picture"),
        Association("sidebar", "urn:n:side", kind="text"),
        Association("trustIndicator", "http://trust.example/policy", "https://a.example/ethics", headline="Ethics"),
        Association("planning", "urn:plan:1", headline="Dam"),
        Association("tape", "file:///v.mxf", kind="video/mxf"),
    )
    assert [item.href for item in entry.renditions] == ["https://a.example/v.mp4", "https://a.example/p.jpg"]


def test_a_rendition_keeps_everything_technical_under_the_names_of_newsml_g2():
    video = only_entry(ninjs(RICH)).renditions[0]
    assert video == Rendition(
        href="https://a.example/v.mp4",
        rel="main",
        content_type="video/mp4",
        title="HD",
        size_bytes=900_000,
        width=1920,
        height=1080,
        duration_ms=9_480,
        checksum="sha256:ff",
        technical=video.technical,
    )
    assert dict(video.technical) == {
        "format": "MPEG-4",
        "videoaspectratio": "16:9",
        "videocodec": "h264",
        "videoframerate": "25",
        "videoscan": "progressive",
        "videoavgbitrate": "759493",
        "transportprotocol": "https",
        "poi.x": "3",
        "poi.y": "4",
        "mirror:eu": "https://eu.example/v.mp4",
    }


def test_version_1_appends_roles_to_names_and_nests_by_name():
    entry = only_entry(
        ninjs(
            {
                "uri": "urn:1",
                "type": "photo",
                "headline": "Dam",
                "headline_short": "D",
                "body_text": "plain",
                "body_xhtml": "<p>A</p>",
                "description_caption": "Wide",
                "altids": {"etag": "e1", "itemid": "i1"},
                "organization": [{"name": "NATO", "scheme": "http://cv.ap.org/id/", "code": "55", "rels": ["direct"]}],
                "usageterms": ["Editorial", "No archive"],
                "bylines": [{"by": "Alice"}, {"by": "Bob"}],
                "associations": {"1": [{"uri": "urn:2", "type": "picture"}, "urn:3", None, 5], "2": None},
                "evolvedfrom": "urn:0",
                "authors": [{"name": "Carol", "role": "writer"}],
                "attachments": [
                    {"filename": "a.pdf", "mimetype": "application/pdf", "href": "https://a.example/a.pdf"}
                ],
            }
        )
    )
    assert (entry.kind, entry.headline, entry.body, entry.byline) == ("picture", "Dam", "<p>A</p>", "Alice, Bob")
    assert entry.usage_terms == "Editorial\nNo archive"
    assert entry.alt_ids == (("etag", "e1"), ("itemid", "i1"))
    assert entry.entities == (
        Entity("NATO", "direct", "http://cv.ap.org/id/55", "organisation"),
        Entity("Carol", "author"),
    )
    assert entry.associations == (
        Association("1", "urn:2", kind="picture"),
        Association("1", "urn:3"),
        Association("evolvedFrom", "urn:0"),
    )
    assert {
        Text("headline", "D", "short"),
        Text("caption", "Wide", "caption"),
        Text("body", "<p>plain</p>", "text"),
    } <= set(entry.texts)
    assert [(item.rel, item.title) for item in entry.renditions] == [("attachment", "a.pdf")]


def test_forms_are_told_from_roles_and_lines_of_a_source_of_its_own_are_kept():
    entry = only_entry(
        ninjs(
            {
                "uri": "1",
                "headline": "x",
                "headline_test_text": "Another",
                "description_caption_xhtml": "<p>Wide &amp; close</p>",
                "body_xhtml": "<p>A</p>",
                "embargoedreason": "The jury has not met",
                "trustindicator": [
                    {"scheme": "http://cv.iptc.org/newscodes/trustindicator/", "code": "editorialPolicy", "title": "T"}
                ],
            }
        )
    )
    assert set(entry.texts) == {
        Text("headline", "x"),
        Text("headline", "Another", "test"),
        Text("caption", "Wide & close", "caption"),
        Text("body", "<p>A</p>", "xhtml"),
        Text("note", "The jury has not met", "embargoedreason"),
    }
    assert entry.associations == (
        Association("trustIndicator", "http://cv.iptc.org/newscodes/trustindicator/editorialPolicy", headline="T"),
    )


@pytest.mark.parametrize(
    ("rendition", "expected"),
    [
        ({"duration": 9.5}, 9_500),
        ({"duration": 69, "sizeinbytes": 5_000_000}, 69_000),
        ({"duration": 7896, "sizeinbytes": 189_504}, 7_896),  # 24 bytes a second would be no sound
        ({"duration": 128_929, "sizeinbytes": 10**10}, 128_929),  # a day and a half
        ({"duration": 7200}, 7_200_000),
        ({"duration": "69"}, 69_000),
        ({"duration": "00:01:09"}, 69_000),
        ({"duration": -1}, None),
        ({"duration": True}, None),
        ({"duration": 1e300}, None),
        ({"duration": []}, None),
        ({}, None),
    ],
)
def test_a_length_is_in_seconds_unless_that_cannot_be(rendition, expected):
    item = {"uri": "1", "headline": "x", "renditions": {"main": {"href": "https://a.example/a", **rendition}}}
    assert only_entry(ninjs(item)).renditions[0].duration_ms == expected


def test_all_renditions_of_an_item_count_in_the_same_unit():
    renditions = [
        {"href": "https://a.example/1", "duration": 7896, "sizeinbytes": 189_504},
        {"href": "https://a.example/2", "duration": 7896},
    ]
    entry = only_entry(ninjs({"uri": "1", "headline": "x", "renditions": renditions}))
    assert [item.duration_ms for item in entry.renditions] == [7_896, 7_896]


PICTURE = {"name": "cover", "type": "picture", "uri": "u", "renditions": [{"href": "https://a.example/p.jpg"}]}


@pytest.mark.parametrize(
    "more", [{"pubstatus": "canceled"}, {"pubStatus": "withheld"}, {"embargoed": None}, {"embargoedUntil": "soon"}]
)
def test_media_that_may_not_be_used_are_named_but_not_handed_out(more):
    entry = only_entry(ninjs({"uri": "1", "headline": "x", "associations": [PICTURE | more]}))
    assert entry.renditions == ()
    assert [link.uri for link in entry.associations] == ["u"]


def test_a_story_waits_for_the_embargo_of_its_pictures():
    held = PICTURE | {"embargoedUntil": "2030-01-02T00:00:00Z"}
    item = {"uri": "1", "headline": "x", "embargoedUntil": "2030-01-01T00:00:00Z", "associations": [held]}
    entry = only_entry(ninjs(item))
    assert entry.embargoed_until == datetime(2030, 1, 2, tzinfo=UTC)
    assert len(entry.renditions) == 1


def test_linked_rights_are_terms_when_no_others_are_given():
    rights = {"langId": "http://w3.org/ns/odrl/2/", "linkedRights": "https://a.example/rights"}
    entry = only_entry(ninjs({"uri": "1", "headline": "x", "rightsInfo": rights}))
    assert entry.usage_terms == "https://a.example/rights"
    assert entry.rights == (RightsStatement(aspect="http://w3.org/ns/odrl/2/", link="https://a.example/rights"),)


@pytest.mark.parametrize(
    "wrapped",
    [
        {"data": {"items": [{"meta": {}, "item": {"uri": "1", "headline": "x"}}]}},
        {"data": {"item": {"uri": "1", "headline": "x"}}},
        {"_items": [{"uri": "1", "headline": "x"}]},
    ],
)
def test_the_envelopes_of_agencies_servers_are_opened(wrapped):
    assert only_entry(ninjs(wrapped), "ninjs").guid == "1"


@pytest.mark.parametrize("value", [{}, {"items": {}}, {"uri": ""}, {"uri": "1"}, {"uri": None, "headline": []}])
def test_an_item_without_anything_to_read_is_refused_with_a_reason(value):
    problem = only_problem(parse(ninjs(value), format="ninjs"))
    assert problem.reason in {ReasonCode.NO_TEXT, ReasonCode.NO_IDENTITY}
    assert problem.detail


def test_an_item_with_more_than_can_be_stored_is_refused_with_the_reason():
    item = {"uri": "1", "headline": "x", "keywords": [str(number) for number in range(MAX_PARTS + 1)]}
    assert only_problem(parse(ninjs(item))).reason == ReasonCode.TOO_LARGE


def test_associations_that_nest_without_end_are_followed_only_so_far():
    item: dict[str, object] = {"uri": "0"}
    for number in range(1, 200):
        item = {"uri": str(number), "headline": "x", "associations": [item]}
    assert 5 < len(only_entry(ninjs(item)).associations) < 20


ODDITIES = [None, True, 0, -1, 1.5, "", "x", [], [None], ["x"], [[]], {}, {"x": None}, {"value": {"value": 1}}]


@pytest.mark.parametrize("name", list(RICH))
def test_a_field_of_any_type_costs_no_other(name):
    for oddity in ODDITIES:
        parsed = parse(ninjs(RICH | {name: oddity}), format="ninjs")
        assert len(parsed.entries) + len(parsed.problems) == 1
        if parsed.entries and name not in {"uri", "headlines", "language"}:
            assert parsed.entries[0].headline == "Бөгет ашылды"


@pytest.mark.parametrize("name", ["renditions", "associations", "people", "headlines", "bodies", "rightsInfo"])
def test_a_member_with_fields_of_any_type_costs_no_other(name):
    members = RICH[name] if isinstance(RICH[name], list) else [RICH[name]]
    for member in members:
        for field in member:
            for oddity in ODDITIES:
                parsed = parse(ninjs(RICH | {name: [member | {field: oddity}]}), format="ninjs")
                assert len(parsed.entries) == 1


@pytest.mark.parametrize("seed", range(40))
def test_damage_to_a_rich_item_raises_nothing_but_a_document_error(seed):
    try:
        parsed = parse(damaged(ninjs(RICH), random.Random(seed)), format="ninjs")
    except DocumentError:
        return
    assert parsed.entries or parsed.problems
