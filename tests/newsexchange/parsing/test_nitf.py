from datetime import UTC, date, datetime

import pytest

from newsexchange.parsing.base import Association, DocumentError, Entity, Hop, ReasonCode, RightsStatement, Text
from newsexchange.parsing.registry import parse
from newsexchange.parsing.sanitise import clean_html
from tests.newsexchange.parsing.documents import only_entry


def nitf(*, docdata="", head="", body_head="", body="<p>Words</p>", end="", attributes="", data_attributes=""):  # type: ignore[no-untyped-def]
    return (
        f'<!DOCTYPE nitf PUBLIC "-//IPTC//DTD NITF 3.4//EN" "nitf-3-4.dtd"><nitf {attributes}><head>{head}'
        f"<docdata {data_attributes}>{docdata}</docdata></head><body><body.head>{body_head}</body.head>"
        f"<body.content>{body}</body.content><body.end>{end}</body.end></body></nitf>"
    ).encode()


def entry(**parts):  # type: ignore[no-untyped-def]
    return only_entry(nitf(**parts))


def test_headlines_byline_dateline_and_abstract_are_read_from_the_head_of_the_body():
    story = entry(
        body_head="<hedline><hl1>Dam &amp; co</hl1><hl2>Water rises</hl2></hedline><byline>By Ana<byttl>Writer</byttl>"
        "</byline><distributor>Agency</distributor><dateline><location><city>Bor</city><country>Serbia</country>"
        '</location><story.date norm="20240102">Tuesday</story.date></dateline><abstract><p>Short</p></abstract>',
        attributes='baselang="sr-Latn"',
    )
    assert (story.headline, story.byline, story.credit) == ("Dam & co", "By Ana Writer", "Agency")
    assert (story.dateline_place, story.dateline_on, story.language) == ("Bor, Serbia", date(2024, 1, 2), "sr-Latn")
    assert (story.summary, story.body) == ("<p>Short</p>", "<p>Words</p>")
    assert Text("headline", "Water rises", "hl2") in story.texts


def test_a_title_stands_in_for_a_missing_headline():
    assert entry(head="<title>Only title</title>").headline == "Only title"


def test_identity_dates_urgency_and_words_are_read_from_the_document_data():
    story = entry(
        docdata='<doc-id id-string="A.17" regsrc="A"/><du-key key="DAM" version="4" generation="2"/>'
        '<urgency ed-urg="2"/><date.issue norm="20240102T100000+0100"/><date.expire norm="20240201T000000Z"/>'
        '<doc-scope scope="sport"/><key-list><keyword key="dam"/></key-list><fixture fix-id="weather"/>'
        '<ed-msg info="Check the name"/><evloc city="Bor" iso-cc="RS"/>',
        head='<tobject><tobject.subject tobject.subject.refnum="03000000"/></tobject>',
    )
    assert (story.guid, story.version, story.urgency, story.slugline) == ("A.17", 4, 2, "DAM")
    assert story.published_at == datetime(2024, 1, 2, 9, tzinfo=UTC)
    assert story.expires_at == datetime(2024, 2, 1, tzinfo=UTC)
    assert story.keywords == ("dam", "sport", "subj:03000000")
    assert story.topics == (), "a subject code is no Media Topic"
    assert story.editors_note == "Check the name"
    assert story.dateline_place == "Bor, RS"
    assert {("fixture", "weather"), ("doc-id-source", "A")} <= set(story.alt_ids)


@pytest.mark.parametrize(
    ("document", "key", "guid"),
    [
        ("k9_3", "k9", "k9"),
        ("k9v3", "k9", "k9"),
        ("k9-and-more", "k9", "k9-and-more"),
        ("A.17", "DAM", "A.17"),
        ("k9", "k9", "k9"),
        ("", "k9", "k9"),
    ],
)
def test_the_guid_stays_the_same_from_version_to_version(document, key, guid):
    assert entry(docdata=f'<doc-id id-string="{document}"/><du-key key="{key}"/>').guid == guid


def test_a_release_after_the_issue_is_an_embargo():
    story = entry(docdata='<date.issue norm="20240102T100000Z"/><date.release norm="20240103T100000Z"/>')
    assert story.embargoed_until == datetime(2024, 1, 3, 10, tzinfo=UTC)


@pytest.mark.parametrize("release", ["20240102T100000Z", "20240101"])
def test_a_release_with_the_issue_or_before_is_none(release):
    story = entry(docdata=f'<date.issue norm="20240102T100000Z"/><date.release norm="{release}"/>')
    assert (story.embargoed_until, story.is_held_indefinitely) == (None, False)


def test_an_unreadable_release_and_an_embargo_without_end_hold_the_story():
    assert entry(docdata='<date.release norm="tomorrow"/>').is_held_indefinitely
    assert entry(data_attributes='management-status="embargoed"').is_held_indefinitely


def test_a_management_status_withdraws_this_document_or_another_one():
    assert entry(data_attributes='management-status="canceled"').pubstatus == "canceled"
    assert entry(data_attributes='management-status="nonsense"').pubstatus == "withheld"
    parsed = parse(nitf(data_attributes='management-doc-idref="old" management-idref-status="canceled"'))
    assert [(one.guid, one.pubstatus) for one in parsed.entries[1:]] == [("old", "canceled")]


def test_rights_are_kept_in_words_and_no_restriction_is_guessed():
    story = entry(
        docdata='<doc.copyright holder="Agency" year="2024"/>'
        '<doc.rights owner="Photo House" geography="Serbia" limitations="no web"/>',
        body_head="<rights><rights.owner>Ana</rights.owner><rights.limitations>once</rights.limitations></rights>",
    )
    assert story.rights == (
        RightsStatement("document", "copyright", "Agency", "© 2024 Agency"),
        RightsStatement("document", "", "Photo House", usage_terms="geography: Serbia; limitations: no web"),
        RightsStatement("body", "", "Ana", usage_terms="limitations: once"),
    )
    assert story.copyright_notice == "© 2024 Agency"
    assert story.usage_terms == "geography: Serbia; limitations: no web\nlimitations: once"
    assert story.restrictions == ()


def test_corrections_series_and_history_name_other_documents_and_hands():
    story = entry(
        docdata='<correction info="Name fixed" id-string="A.16"/><series series.name="Rivers" series.part="2" '
        'series.totalpart="5"/><del-list><from-src src-name="Desk" level-number="1"/></del-list>',
        head='<pubdata name="Daily" date.publication="20240102" position.section="Home"/>'
        '<revision-history name="Ana" function="editor" norm="20240103T000000Z"/>',
    )
    assert story.is_correction
    assert story.associations == (
        Association("series", headline="Rivers", version="2/5"),
        Association("corrects", uri="A.16"),
    )
    assert story.hops == (
        Hop("Desk", action="level 1"),
        Hop("Daily", datetime(2024, 1, 2, tzinfo=UTC), "published"),
        Hop("Ana", datetime(2024, 1, 3, tzinfo=UTC), "editor"),
    )
    assert story.updated_at == datetime(2024, 1, 3, tzinfo=UTC)
    assert "Home" in story.keywords


def test_media_become_renditions_and_their_captions_stay_in_the_text():
    story = entry(
        body="<p>Words</p><media media-type='video'><media-reference mime-type='video/mp4' time='90' "
        "time-unit-of-measure='seconds' source='https://a.example/v.mp4' width='1920' height='1080' "
        "source-credit='RTS'/><media-object encoding='base64'>AAAA</media-object><media-caption>The dam"
        "</media-caption><media-producer>Camera: Ana</media-producer></media>"
        "<media media-type='image'><media-reference mime-type='image/jpeg' source='p.jpg' alternate-text='P'/></media>"
    )
    (video,) = story.renditions
    assert (video.href, video.rel, video.content_type) == ("https://a.example/v.mp4", "video", "video/mp4")
    assert (video.width, video.height, video.duration_ms, video.title) == (1920, 1080, 90_000, "The dam")
    assert video.technical == (("source-credit", "RTS"), ("producer", "Camera: Ana"))
    assert story.associations == (Association("image", "p.jpg", kind="image/jpeg", headline="P"),)
    assert clean_html(story.body) == "<p>Words</p><figure><figcaption>The dam</figcaption></figure><figure></figure>"
    assert Text("caption", "The dam") in story.texts
    assert story.kind == "text"


def test_a_document_of_one_captioned_picture_is_a_picture():
    story = entry(body="<media media-type='image'><media-caption><p>The dam</p></media-caption></media>")
    assert story.kind == "picture"


def test_tables_lists_and_marked_names_survive():
    story = entry(
        body="<p>Ask <person>Ana</person> of <org>RTS</org>&nbsp;now</p><ul><li>one</li></ul>"
        "<table><tr><td>1</td></tr></table><note noteclass='editorsnote'><p>Not for air</p></note>",
        docdata='<identified-content><location>Bor</location><classifier value="medtop:20000065"/>'
        "</identified-content>",
    )
    assert clean_html(story.body) == (
        "<p>Ask Ana of RTS&nbsp;now</p><ul><li>one</li></ul><table><tbody><tr><td>1</td></tr></tbody></table>"
    )
    assert story.entities == (
        Entity("Bor", "subject", kind="place"),
        Entity("Ana", "mentioned"),
        Entity("RTS", "mentioned", kind="organisation"),
    )
    assert Text("note", "Not for air", "editorsnote") in story.texts
    assert story.topics == ("medtop:20000065",)


def test_a_document_that_defines_an_entity_is_refused():
    with pytest.raises(DocumentError) as refused:
        parse(b'<!DOCTYPE nitf [<!ENTITY x "yyyyyyyyyyyyyyyyyyyyyyyyyyyy">]><nitf><body>&x;</body></nitf>')
    assert refused.value.reason == ReasonCode.BAD_STRUCTURE


def test_a_namespace_makes_no_difference():
    plain = nitf(body_head="<hedline><hl1>Head</hl1></hedline>")
    bound = plain.replace(b"<nitf ", b'<nitf xmlns="http://iptc.org/std/NITF/2006-10-18/" ')
    assert only_entry(bound).headline == only_entry(plain).headline == "Head"


def test_another_root_is_refused_by_name():
    with pytest.raises(DocumentError, match="<rss> is no <nitf>"):
        parse(b"<rss/>", format="nitf")
