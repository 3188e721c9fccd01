import time
from datetime import UTC, datetime

import pytest

from newsexchange.parsing.base import DocumentError, ReasonCode
from newsexchange.parsing.registry import parse
from tests.newsexchange.parsing.documents import NAR, message, news_item, only_entry, only_problem

HEADLINE = "<headline>Dam opened</headline>"


def inline_xml(body: str, content_type: str = "application/xhtml+xml") -> str:
    return f'<inlineXML contenttype="{content_type}">{body}</inlineXML>'


def xhtml(body: str) -> str:
    return inline_xml(
        f'<html xmlns="http://www.w3.org/1999/xhtml"><head><title>t</title></head><body>{body}</body></html>'
    )


def nitf(head: str, content: str) -> str:
    return inline_xml(
        f'<nitf xmlns="http://iptc.org/std/NITF/2006-10-18/"><body><body.head>{head}</body.head>'
        f"<body.content>{content}</body.content></body></nitf>",
        "application/nitf+xml",
    )


def item(**blocks: str):  # type: ignore[no-untyped-def]
    return only_entry(news_item(**blocks).encode())


def test_metadata_of_a_news_item_is_read():
    entry = item(
        attributes='guid="urn:x:1" version="12" xml:lang="en"',
        rights="<copyrightHolder><name>Acme</name></copyrightHolder><copyrightNotice>(c) Acme</copyrightNotice>"
        "<usageTerms>Members only.<br/>No archive.</usageTerms>",
        meta="<firstCreated>2024-01-01T00:00:00Z</firstCreated><versionCreated>2024-01-02T00:00:00+03:00 \n"
        "</versionCreated>"
        '<pubStatus qcode="stat:usable"/><edNote>First</edNote><edNote>Second</edNote>',
        content_meta="<urgency>2</urgency><slugline>dam-asia</slugline><by>By Alice</by><dateline>Astana (KZ) - "
        "</dateline>"
        '<creditline>Acme TV</creditline><language tag="kk"/><subject qcode="medtop:20000065"><name>flood</name>'
        "</subject>"
        '<subject type="cpnat:person"><name>Bob</name></subject><subject '
        'uri="http://cv.iptc.org/newscodes/mediatopic/06000000"/>'
        '<keyword>water</keyword><description role="drol:summary">In short</description>' + HEADLINE,
        content=xhtml("<p>A <b>B</b> C</p>"),
    )
    assert (entry.guid, entry.version, entry.language, entry.headline) == ("urn:x:1", 12, "kk", "Dam opened")
    assert (entry.summary, entry.body) == ("<p>In short</p>", "<p>A <b>B</b> C</p>")
    assert (entry.credit, entry.copyright_notice) == ("Acme TV", "(c) Acme")
    assert entry.usage_terms == "Members only.\nNo archive."
    assert (entry.editors_note, entry.slugline, entry.byline) == ("First\nSecond", "dam-asia", "By Alice")
    assert (entry.dateline_place, entry.urgency) == ("Astana", 2)
    assert entry.topics == ("medtop:20000065", "medtop:06000000")
    assert entry.keywords == ("water", "flood")
    assert [(person.name, person.role) for person in entry.entities] == [("Bob", "subject")]
    assert entry.published_at == datetime(2024, 1, 1, tzinfo=UTC)
    assert entry.updated_at == datetime(2024, 1, 1, 21, tzinfo=UTC)


@pytest.mark.parametrize(
    ("embargo", "moment", "held"),
    [
        ("", None, False),
        ("<embargoed>2030-01-01T06:00:00+06:00</embargoed>", datetime(2030, 1, 1, tzinfo=UTC), False),
        ("<embargoed/>", None, True),
        ("<embargoed>  </embargoed>", None, True),
        ('<embargoed xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true"/>', None, True),
        ("<embargoed>after the speech</embargoed>", None, True),
    ],
)
def test_an_embargo_without_a_moment_is_a_hold(embargo, moment, held):
    entry = item(meta=embargo, content_meta=HEADLINE)
    assert (entry.embargoed_until, entry.is_held_indefinitely) == (moment, held)


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("", "usable"),
        ('<pubStatus qcode="stat:usable"/>', "usable"),
        ('<pubStatus qcode="stat:withheld"/>', "withheld"),
        ('<pubStatus qcode="stat:canceled"/>', "canceled"),
        ('<pubStatus qcode="pst:cancelled"/>', "canceled"),
        ('<pubStatus uri="http://cv.iptc.org/newscodes/pubstatusg2/canceled"/>', "canceled"),
        ('<pubStatus qcode="stat:new-word"/>', "withheld"),
        ("<pubStatus/>", "withheld"),
    ],
)
def test_a_status_that_is_not_understood_does_not_publish(status, expected):
    assert item(meta=status, content_meta=HEADLINE).pubstatus == expected


def test_a_canceled_item_needs_no_text():
    entry = item(meta='<pubStatus qcode="stat:canceled"/>')
    assert (entry.guid, entry.pubstatus, entry.headline) == ("urn:x:1", "canceled", "")


def test_nitf_gives_body_byline_and_dateline():
    entry = item(
        content=nitf(
            "<hedline><hl1>Head</hl1></hedline><byline>By Alice, <byttl>Staff</byttl></byline>"
            "<dateline><location>Belgrade</location></dateline>",
            "<p>A <em>B</em> C</p><hl2>Sub</hl2><block><p>D &lt;e&gt;</p></block>",
        )
    )
    assert (entry.headline, entry.byline, entry.dateline_place) == ("Head", "By Alice, Staff", "Belgrade")
    assert entry.body == "<p>A <em>B</em> C</p><h3>Sub</h3><div><p>D &lt;e&gt;</p></div>"


def test_an_xhtml_header_that_repeats_the_metadata_is_left_out():
    body = "<header><h1>Dam opened</h1><p>By Alice</p></header><p>A</p>"
    assert item(content_meta=HEADLINE, content=xhtml(body)).body == "<p>A</p>"
    assert "Another" in item(content_meta=HEADLINE, content=xhtml("<header><h1>Another</h1></header>")).body


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ('<inlineData contenttype="text/plain">a &lt;b&gt; &amp; c</inlineData>', "<p>a &lt;b&gt; &amp; c</p>"),
        ('<inlineData contenttype="text/html">&lt;p&gt;a&lt;/p&gt;</inlineData>', "<p>a</p>"),
        ('<inlineData contenttype="text/html" encoding="enctype:base64">PHA+YTwvcD4=</inlineData>', "<p>a</p>"),
        ('<inlineData contenttype="image/png" encoding="base64">/////w==</inlineData>', ""),
    ],
)
def test_inline_data_is_read_by_its_type(data, expected):
    assert item(content_meta=HEADLINE, content=data).body == expected


def test_descriptions_and_parts_stand_in_for_a_missing_text():
    payload = news_item(
        content_meta=HEADLINE + '<description role="d:shotlist">Shot one\n        goes on<br/>Shot two</description>',
        content='<remoteContent href="https://a.example/v.mp4" rendition="rnd:HD" contenttype="video/mp4" '
        'size="9" width="1920" '
        'height="1080" duration="69" durationunit="timeunit:seconds"><hash hashtype="hashtype:md5">ff</hash>'
        "</remoteContent>",
    ).replace("<contentSet>", '<partMeta partid="p"><description>Part</description></partMeta><contentSet>')
    entry = only_entry(payload.encode())
    assert "Shot one" in entry.body
    assert entry.body.endswith("<p>Part</p>")
    (rendition,) = entry.renditions
    assert (rendition.rel, rendition.duration_ms, rendition.size_bytes, rendition.checksum) == (
        "HD",
        69_000,
        9,
        "md5:ff",
    )


def test_a_duration_in_frames_is_not_guessed():
    content = '<remoteContent href="https://a.example/v" duration="446" durationunit="timeunit:editUnit"/>'
    assert item(content_meta=HEADLINE, content=content).renditions[0].duration_ms is None


def test_the_best_ranked_headline_in_the_items_language_wins():
    entry = item(
        content_meta='<language tag="ru"/><headline rank="3">Third</headline><headline xml:lang="en" '
        'rank="1">English</headline>'
        '<headline xml:lang="ru" rank="2">Русский</headline>'
    )
    assert entry.headline == "Русский"


def test_a_message_gives_every_item_and_names_what_is_no_story():
    parsed = parse(
        message(
            news_item(content_meta=HEADLINE, attributes='guid="a"'),
            f'<conceptItem {NAR} guid="b"/>',
            f'<planningItem {NAR} guid="c"/>',
            news_item(attributes='guid="d"'),
            f'<packageItem {NAR} guid="e"><contentMeta><headline>Pack</headline></contentMeta><groupSet><group>'
            '<itemRef residref="x">'
            "<title>Part &lt;1&gt;</title><description>About it</description></itemRef></group></groupSet>"
            "</packageItem>",
            f'<packageItem {NAR} guid="f"/>',
            f"<somethingElse {NAR}/>",
        )
    )
    assert [(entry.guid, entry.headline) for entry in parsed.entries] == [("a", "Dam opened"), ("e", "Pack")]
    assert parsed.entries[1].body == "<p>Part &lt;1&gt;</p><p>About it</p>"
    assert {(problem.guid, problem.reason) for problem in parsed.problems} == {
        ("b", ReasonCode.NOT_NEWS),
        ("c", ReasonCode.NOT_NEWS),
        ("d", ReasonCode.NO_TEXT),
        ("f", ReasonCode.NO_TEXT),
        ("", ReasonCode.BAD_STRUCTURE),
    }


@pytest.mark.parametrize("name", ["conceptItem", "planningItem", "knowledgeItem", "catalogItem"])
def test_an_item_that_is_no_story_is_a_problem_with_its_guid(name):
    problem = only_problem(parse(f'<{name} {NAR} guid="urn:x:9"/>'.encode()))
    assert (problem.reason, problem.guid) == (ReasonCode.NOT_NEWS, "urn:x:9")


def test_a_prefixed_namespace_makes_no_difference():
    entry = only_entry(
        b'<n:newsItem xmlns:n="http://iptc.org/std/nar/2006-10-01/" guid="g"><n:itemMeta><n:embargoed/></n:itemMeta>'
        b"<n:contentMeta><n:headline>Head</n:headline></n:contentMeta></n:newsItem>"
    )
    assert (entry.headline, entry.is_held_indefinitely) == ("Head", True)


def test_a_news_item_of_another_namespace_is_refused():
    with pytest.raises(DocumentError) as refused:
        parse(b'<newsItem guid="g"/>')
    assert refused.value.reason == ReasonCode.BAD_STRUCTURE


def test_a_damaged_news_item_is_refused_whole():
    with pytest.raises(DocumentError) as refused:
        parse(message(news_item(content_meta=HEADLINE))[:-30])
    assert refused.value.reason == ReasonCode.NOT_WELL_FORMED


def test_blanks_in_a_description_cost_no_more_than_they_are_long():
    blanks = " " * 200_000
    described = f"{HEADLINE}<description>a{blanks}b</description>"
    started = time.process_time()
    entry = only_entry(message(news_item(content_meta=described)))
    assert time.process_time() - started < 5  # the square of them would take half a minute
    assert "a" in entry.body
