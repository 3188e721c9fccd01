"""Documents of our own with everything that NewsML-G2 can say, each field looked for where it belongs."""

import random
from dataclasses import fields
from datetime import UTC, date, datetime

import pytest
from lxml import etree

from newsexchange.parsing.base import (
    Association,
    DocumentError,
    Entity,
    Entry,
    Hop,
    ReasonCode,
    RightsStatement,
    Shot,
    Text,
)
from newsexchange.parsing.limits import MAX_PARTS
from newsexchange.parsing.registry import parse
from tests.newsexchange.parsing.documents import NAR, message, news_item, only_entry, only_problem
from tests.newsexchange.parsing.test_mutations import damaged

VIDEO = (
    f'<newsItem {NAR} guid="urn:x:dam" version="7" standard="NewsML-G2" standardversion="2.35" xml:lang="en">'
    '<catalog><scheme alias="topic" uri="http://cv.iptc.org/newscodes/mediatopic/"/></catalog>'
    "<hopHistory>"
    '<hop seq="2" timestamp="2026-02-27T08:05:00Z"><party qcode="org:EBU"/>'
    '<action qcode="hopaction:enhanced" target="hatarget:metadata"/><action qcode="hopaction:transformed"/></hop>'
    '<hop seq="1" timestamp="2026-02-27T08:00:00Z"><party qcode="org:KZ"><name>PTRC</name></party>'
    '<action qcode="hopaction:created" target="hatarget:content"/></hop>'
    "</hopHistory>"
    '<rightsInfo><accountable><name>Legal desk</name></accountable><copyrightHolder qcode="org:KZ"/>'
    "<copyrightNotice>(c) PTRC</copyrightNotice><usageTerms>News use only</usageTerms>"
    '<usageTerms xml:lang="ru" href="https://a.example/terms">Только новости</usageTerms>'
    '<link rel="irel:seeAlso" href="https://a.example/licence"/></rightsInfo>'
    '<rightsInfo scope="riscope:content" aspect="riaspect:exclusivity" idrefs="shot2">'
    "<usageTerms>No access Kazakhstan</usageTerms>"
    '<rightsExpressionData langid="urn:example:lang">{"no": 1}</rightsExpressionData>'
    '<dataMining qcode="plus-mine:DMI-PROHIBITED"/></rightsInfo>'
    '<itemMeta><itemClass qcode="ninat:video"/><provider qcode="org:KZ"/>'
    "<versionCreated>2026-02-27T09:00:00Z</versionCreated><firstCreated>2026-02-27T08:00:00Z</firstCreated>"
    '<embargoed>2026-03-01T06:00:00+05:00</embargoed><pubStatus qcode="stat:usable"/>'
    '<fileName>dam.mxf</fileName><service qcode="svc:world"><name>World</name></service>'
    '<title>KZ Dam</title><edNote role="note:corr">Corrects the height</edNote><edNote>Second</edNote>'
    '<memberOf uri="urn:x:series"><name>Water</name></memberOf><instanceOf qcode="inst:daily"/>'
    '<signal qcode="sig:correction"/><altRep representation="rep:web">https://a.example/dam</altRep>'
    '<deliverableOf residref="urn:x:plan:1"/><expires>2026-04-01T00:00:00Z</expires>'
    '<incomingFeedId qcode="feed:9"/>'
    '<link rel="irel:previousVersion" residref="urn:x:dam" version="6"/>'
    '<link rel="irel:seeAlso" href="https://a.example/b"><title>Background</title>'
    '<itemClass qcode="ninat:text"/></link>'
    "</itemMeta>"
    '<contentMeta><icon href="https://a.example/i.jpg" rendition="rnd:thumbnail" width="110" height="62"/>'
    "<urgency>2</urgency><contentCreated>2026-02-26T23:30:00+05:00</contentCreated>"
    '<digitalSourceType uri="http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"/>'
    '<located qcode="city:AST"><name xml:lang="kk">Астана</name><name xml:lang="ru">Астана қ.</name>'
    '<broader qcode="country:KZ" type="cpnat:geoArea"><name>Қазақстан</name></broader></located>'
    '<infoSource qcode="org:EBU"/><creator literal="Alice"/><creator qcode="org:KZ"/>'
    '<contributor role="ctrol:camera"><name>Bob</name></contributor>'
    '<altId type="idtype:house" version="1">KZ-77</altId>'
    '<language tag="kk"/><language tag="ru" role="lrol:subtitle"/>'
    '<genre qcode="genre:Current"><name>Report</name></genre>'
    "<keyword>water</keyword>"
    '<subject qcode="topic:20000065"><name xml:lang="en">flood</name><name xml:lang="kk">су тасқыны</name></subject>'
    '<subject type="cpnat:person" qcode="per:1"/>'
    '<subject qcode="poi:dam"/>'
    '<subject type="cpnat:event" uri="urn:x:event:1"><name>Opening</name></subject>'
    '<subject><bag><bit qcode="medtop:06000000"/><bit type="cpnat:organisation" qcode="org:EBU"/></bag></subject>'
    "<slugline>KZ-DAM</slugline>"
    '<headline xml:lang="kk" role="hld:main" rank="1">Бөгет ашылды</headline>'
    '<headline xml:lang="ru" role="hld:main" rank="1">Плотина открыта</headline>'
    '<headline xml:lang="kk" role="hld:short" rank="2">Бөгет</headline>'
    "<dateline>Астана, 26 ақпан</dateline><by>Alice</by><creditline>PTRC</creditline>"
    '<description role="drol:dopesheet" xml:lang="en">The dam was opened.</description>'
    '<description role="drol:shotList" xml:lang="en">1. Wide<br/>2. Close</description>'
    '<description role="drol:caption" xml:lang="kk">Бөгет</description>'
    '<description roleuri="http://cv.iptc.org/newscodes/descriptionrole/summary" xml:lang="kk">Қысқаша</description>'
    '<description role="drol:summary" xml:lang="ru">Кратко</description>'
    '<description role="drol:storyline">Line</description>'
    "</contentMeta>"
    '<partMeta partid="shot2" seq="2"><icon href="https://a.example/2.jpg"/>'
    '<timeDelim start="00:00:04:00" end="00:00:09:12" timeunit="timeunit:timeCode" renditionref="rnd:hd"/>'
    "<contentCreated>2026-02-26T23:30:00+05:00</contentCreated><located><name>Dam</name></located>"
    '<infoSource qcode="org:EBU"/><language tag="ru" role="use:VoiceOver"/>'
    '<headline xml:lang="ru">Стена</headline><description xml:lang="ru">Общий план</description>'
    '<description xml:lang="en">Wide</description><edNote>Archive picture</edNote>'
    "<usageTerms>No resale</usageTerms></partMeta>"
    '<partMeta partid="shot1" seq="1"><timeDelim start="0" end="100" timeunit="timeunit:editUnit" '
    'renditionref="rnd:hd"/><language tag="kk" role="use:NaturalSound"/><description>Су</description></partMeta>'
    '<assert qcode="per:1"><type qcode="cpnat:person"/><name>Carol</name></assert>'
    '<assert qcode="poi:dam"><name>The dam</name><POIDetails/></assert>'
    '<assert qcode="org:KZ"><type qcode="cpnat:organisation"/><name>PTRC</name></assert>'
    '<assert qcode="org:EBU"><name>EBU</name><organisationDetails/></assert>'
    '<derivedFrom qcode="src:raw"><name>Raw</name></derivedFrom>'
    "<contentSet>"
    '<inlineXML contenttype="application/xhtml+xml" rendition="rnd:en"><html xmlns="http://www.w3.org/1999/xhtml" '
    'xml:lang="en"><body><p>English</p></body></html></inlineXML>'
    '<inlineData contenttype="text/plain" xml:lang="kk">Қазақша</inlineData>'
    '<inlineData contenttype="image/png" encoding="enctype:base64" rendition="rnd:logo">iVBORw0KGgo=</inlineData>'
    '<remoteContent href="https://a.example/v.mp4" rendition="rnd:hd" contenttype="video/mp4" size="9000" '
    'width="1920" height="1080" duration="9.48" durationunit="timeunit:seconds" videocodec="vcdc:c041" '
    'videoframerate="25" videoaspectratio="16:9" videoscan="interlaced" colourspaceuri="http://cv.example/cs/BT709" '
    'audiosamplerate="48000" audiochannels="adc:stereo" language="kk" generator="enc 1" layoutorientation="loutorient:'
    'horizontal"><hash hashtype="hashtype:MD5">aa</hash><hash hashtype="hashtype:SHA256">bb</hash>'
    "<altLoc>https://b.example/v.mp4</altLoc>"
    '<channel chnlid="1" type="chtype:audio" role="chrol:original" language="kk" audiocodec="acdc:aac"/>'
    '<channel chnlid="2" type="chtype:audio" language="ru"/><signal qcode="sig:live"/>'
    '<remoteContentExtProperty rel="x:loudness" value="-23"/></remoteContent>'
    '<remoteContent residref="tag:house,1:v" href="file:///x/v.mxf" rendition="rnd:tape" contenttype="video/mxf"/>'
    "</contentSet></newsItem>"
).encode()


@pytest.fixture(scope="module")
def dam() -> Entry:
    return only_entry(VIDEO)


def test_the_facts_about_an_item_are_read(dam):
    assert (dam.guid, dam.version, dam.language, dam.kind, dam.urgency) == ("urn:x:dam", 7, "kk", "video", 2)
    assert dam.embargoed_until == datetime(2026, 3, 1, 1, tzinfo=UTC)
    assert dam.expires_at == datetime(2026, 4, 1, tzinfo=UTC)
    assert (dam.dateline_place, dam.dateline_on) == ("Астана", date(2026, 2, 26))
    assert (dam.event_uri, dam.assignment_uri) == ("urn:x:event:1", "urn:x:plan:1")
    assert (dam.digital_source_type, dam.ai_use) == ("trainedAlgorithmicMedia", "synthetic")
    assert dam.is_correction
    assert dam.duration_ms == 9_480
    assert dam.alt_ids == (("house", "KZ-77"), ("fileName", "dam.mxf"), ("incomingFeedId", "feed:9"))
    assert (dam.credit, dam.copyright_notice) == ("PTRC", "(c) PTRC")


def test_headline_summary_and_text_are_those_in_the_items_language(dam):
    assert dam.headline == "Бөгет ашылды"
    assert dam.summary == "<p>Қысқаша</p>"
    assert dam.body == "<p>Қазақша</p>"


def test_every_text_is_kept_with_its_role_and_language(dam):
    assert {text for text in dam.texts if text.kind != "property"} == {
        Text("title", "KZ Dam"),
        Text("headline", "Бөгет ашылды", "main", "kk"),
        Text("headline", "Плотина открыта", "main", "ru"),
        Text("headline", "Бөгет", "short", "kk"),
        Text("slugline", "KZ-DAM"),
        Text("byline", "Alice"),
        Text("dateline", "Астана, 26 ақпан"),
        Text("creditline", "PTRC"),
        Text("keyword", "water"),
        Text("keyword", "flood", "subject", "en"),
        Text("keyword", "су тасқыны", "subject", "kk"),
        Text("keyword", "Opening", "subject"),
        Text("note", "Corrects the height", "corr"),
        Text("note", "Second"),
        Text("note", "Archive picture"),
        Text("copyright", "(c) PTRC"),
        Text("description", "<p>The dam was opened.</p>", "dopesheet", "en"),
        Text("description", "<p>1. Wide<br>2. Close</p>", "shotlist", "en"),
        Text("caption", "Бөгет", "caption", "kk"),
        Text("summary", "<p>Қысқаша</p>", "summary", "kk"),
        Text("summary", "<p>Кратко</p>", "summary", "ru"),
        Text("description", "<p>Line</p>", "storyline"),
        Text("body", "<p>English</p>", "en", "en"),
        Text("body", "<p>Қазақша</p>", "", "kk"),
    }


def test_every_statement_of_rights_is_kept_and_none_is_guessed_into_a_restriction(dam):
    assert dam.rights == (
        RightsStatement(
            holder="PTRC",
            notice="(c) PTRC",
            usage_terms="News use only\nТолько новости",
            link="https://a.example/terms",
        ),
        RightsStatement(link="https://a.example/licence"),
        RightsStatement("content shot2", "exclusivity", usage_terms="No access Kazakhstan"),
        RightsStatement("content shot2", "rightsExpressionData", usage_terms='{"no": 1}', link="urn:example:lang"),
        RightsStatement("content shot2", "dataMining", usage_terms="DMI-PROHIBITED"),
        RightsStatement("shot2", usage_terms="No resale"),
    )
    assert dam.usage_terms == "News use only\nТолько новости\nNo access Kazakhstan"
    assert dam.restrictions == ()


def test_parts_become_shots_in_their_order(dam):
    assert dam.shots == (
        Shot(0, 4_000, (("kk", "Су"),), language="kk", audio="natural"),
        Shot(
            4_000,
            9_480,
            (("ru", "Стена\nОбщий план"), ("en", "Wide")),
            location="Dam",
            shot_on="2026-02-26",
            language="ru",
            audio="voice-over",
            source="EBU",
        ),
    )


def test_a_rendition_keeps_everything_technical_under_the_names_of_the_standard(dam):
    video, icon, keyframe = dam.renditions
    assert (video.href, video.rel, video.content_type) == ("https://a.example/v.mp4", "hd", "video/mp4")
    assert (video.size_bytes, video.width, video.height, video.duration_ms) == (9_000, 1_920, 1_080, 9_480)
    assert (video.checksum, video.language) == ("md5:aa", "kk")
    assert dict(video.technical) == {
        "rendition": "rnd:hd",
        "videocodec": "c041",
        "videoframerate": "25",
        "videoaspectratio": "16:9",
        "videoscan": "interlaced",
        "colourspace": "BT709",
        "audiosamplerate": "48000",
        "audiochannels": "stereo",
        "generator": "enc 1",
        "layoutorientation": "horizontal",
        "hash.2": "sha256:bb",
        "altLoc.2": "https://b.example/v.mp4",
        "channel.1.chnlid": "1",
        "channel.1.type": "audio",
        "channel.1.role": "original",
        "channel.1.audiocodec": "aac",
        "channel.1.language": "kk",
        "channel.2.chnlid": "2",
        "channel.2.type": "audio",
        "channel.2.language": "ru",
        "signal": "live",
        "loudness": "-23",
    }
    assert (icon.rel, icon.width) == ("thumbnail", 110)
    assert (keyframe.href, dict(keyframe.technical)) == ("https://a.example/2.jpg", {"partid": "shot2"})


def test_links_sources_and_content_out_of_reach_are_named(dam):
    assert dam.associations == (
        Association("previousVersion", "urn:x:dam", version="6"),
        Association("seeAlso", href="https://a.example/b", kind="text", headline="Background"),
        Association("deliverableOf", "urn:x:plan:1"),
        Association("memberOf", "urn:x:series", headline="Water"),
        Association("instanceOf", "inst:daily"),
        Association("derivedFrom", "src:raw", headline="Raw"),
        Association("web", href="https://a.example/dam"),
        Association("tape", "tag:house,1:v", kind="video/mxf"),
        Association("logo", kind="image/png"),
    )


def test_parties_and_subjects_are_of_their_kind_also_when_only_an_assertion_says_it(dam):
    assert dam.entities == (
        Entity("Alice", "author"),
        Entity("PTRC", "author", "org:KZ", "organisation"),
        Entity("Bob", "camera"),
        Entity("EBU", "infosource", "org:EBU", "organisation"),
        Entity("Астана", "located", "city:AST", "place"),
        Entity("Қазақстан", "located", "country:KZ", "place"),
        Entity("Report", "genre", "genre:Current", "object"),
        Entity("PTRC", "provider", "org:KZ", "organisation"),
        Entity("World", "service", "svc:world", "object"),
        Entity("Legal desk", "accountable", "", "organisation"),
        Entity("Carol", "subject", "per:1"),
        Entity("The dam", "subject", "poi:dam", "place"),
        Entity("Opening", "subject", "urn:x:event:1", "event"),
        Entity("EBU", "subject", "org:EBU", "organisation"),
    )
    assert dam.topics == ("medtop:20000065", "medtop:06000000"), "one by an alias of its own, one out of a bag"
    assert dam.keywords == ("water", "су тасқыны", "The dam", "Opening", "EBU")


def test_hops_stand_in_their_order(dam):
    assert dam.hops == (
        Hop("PTRC", datetime(2026, 2, 27, 8, tzinfo=UTC), "created content"),
        Hop("EBU", datetime(2026, 2, 27, 8, 5, tzinfo=UTC), "enhanced metadata, transformed"),
    )


def test_without_a_history_the_sender_of_the_message_is_the_hop():
    payload = message(news_item(content_meta="<headline>x</headline>")).replace(
        b"<header/>",
        b"<header><sent>2026-02-27T08:00:00Z</sent><sender>agency.example</sender><origin>MMS_3</origin></header>",
    )
    assert only_entry(payload).hops == (
        Hop("MMS_3", action="origin"),
        Hop("agency.example", action="sent"),  # not when: it may be sent again unchanged
    )


PACKAGE = (
    f'<packageItem {NAR} guid="p" xml:lang="en"><contentMeta><headline>Pack</headline></contentMeta>'
    '<groupSet root="G1"><group id="G1" role="group:main"><title>Top</title>'
    '<itemRef residref="urn:a" version="3" contenttype="application/vnd.iptc.g2.newsitem+xml">'
    '<itemClass qcode="ninat:text"/><title xml:lang="fr">Premier</title></itemRef>'
    '<groupRef idref="G2"/><conceptRef qcode="medtop:06000000"><name>environment</name></conceptRef></group>'
    '<group id="G2" role="group:sidebars"><itemRef href="https://a.example/p.jpg" contenttype="image/jpeg"/>'
    '<groupRef idref="G3"/></group>'
    '<group id="G3"><itemRef residref="urn:c"/><groupRef idref="G1"/></group>'
    '<group id="G9" roleuri="http://cv.example/group/lost"><itemRef residref="urn:d"/></group>'
    "</groupSet></packageItem>"
)


def test_members_of_a_package_stand_under_the_path_of_their_groups():
    entry = only_entry(PACKAGE.encode())
    assert entry.kind == "composite"
    assert entry.associations == (
        Association("main", "urn:a", kind="text", headline="Premier", version="3"),
        Association("main/sidebars", href="https://a.example/p.jpg", kind="picture"),
        Association("main/sidebars/G3", "urn:c"),
        Association("main", "medtop:06000000", kind="concept", headline="environment"),
        Association("lost", "urn:d"),
    )
    assert Text("title", "Top") in entry.texts


def test_a_long_chain_of_groups_loses_no_member():
    groups = "".join(
        f'<group id="g{number}"><itemRef residref="urn:{number}"/><groupRef idref="g{number + 1}"/></group>'
        for number in range(400)
    )
    entry = only_entry(
        f'<packageItem {NAR} guid="p"><contentMeta><headline>x</headline></contentMeta><groupSet root="g0">{groups}'
        "</groupSet></packageItem>".encode()
    )
    assert {link.uri for link in entry.associations} == {f"urn:{number}" for number in range(400)}


def test_times_that_cannot_be_counted_are_kept_as_they_are_written():
    part = (
        '<partMeta partid="p"><timeDelim start="5" end="9" timeunit="timeunit:editUnit"/>'
        "<description>Wide</description></partMeta><contentSet>"
    )
    entry = only_entry(news_item(content_meta="<headline>x</headline>").replace("<contentSet>", part).encode())
    assert entry.shots == (Shot(description=(("", "Wide"),)),)
    assert Text("note", "p 5 – 9 editUnit", "timedelim") in entry.texts


def test_a_region_of_a_picture_is_no_shot_but_its_texts_stay():
    part = (
        '<partMeta partid="p"><regionDelim x="1" y="2" width="3" height="4"/><headline>Left</headline>'
        "<description>Bob</description></partMeta><contentSet>"
    )
    entry = only_entry(news_item(content_meta="<headline>x</headline>").replace("<contentSet>", part).encode())
    assert entry.shots == ()
    assert {Text("headline", "Left", "part"), Text("description", "<p>Bob</p>", "part")} <= set(entry.texts)


def test_a_shot_that_ends_before_it_begins_has_no_end():
    part = '<partMeta><timeDelim start="9" end="5" timeunit="timeunit:seconds"/></partMeta><contentSet>'
    entry = only_entry(news_item(content_meta="<headline>x</headline>").replace("<contentSet>", part).encode())
    assert entry.shots == (Shot(in_ms=9_000),)


@pytest.mark.parametrize(
    ("signal", "expected"),
    [("sig:correction", True), ("sig:update", False), ("http://cv.example/signal/correction", True)],
)
def test_a_correction_is_told_from_an_update(signal, expected):
    name = "uri" if "//" in signal else "qcode"
    entry = only_entry(news_item(meta=f'<signal {name}="{signal}"/>', content_meta="<headline>x</headline>").encode())
    assert entry.is_correction is expected


@pytest.mark.parametrize(
    ("meta", "content", "expected"),
    [
        ('<itemClass qcode="ninat:picture"/>', "", "picture"),
        ('<itemClass uri="http://cv.iptc.org/newscodes/ninature/audio"/>', "", "audio"),
        ('<itemClass qcode="ninat:animation"/>', "", "graphic"),
        ('<itemClass qcode="ninat:somethingNew"/>', "", "text"),
        ("", '<remoteContent href="https://a.example/v" contenttype="video/mp4"/>', "video"),
        ("", "", "text"),
    ],
)
def test_the_kind_of_an_item_is_its_class_or_what_it_consists_of(meta, content, expected):
    entry = only_entry(news_item(meta=meta, content=content, content_meta="<headline>x</headline>").encode())
    assert entry.kind == expected


def test_what_only_an_assertion_or_an_extension_says_is_read():
    content_meta = (
        '<exclAudience qcode="aud:kids"><name>Children</name></exclAudience><located qcode="poi:1"/>'
        '<contributor role="crol:capwriter" qcode="pers:CK"/><subject type="cpnatexp:geoAreaCity" qcode="city:2">'
        '<name>San Diego</name></subject><contentMetaExtProperty rel="x:weather" value="rain"/><headline>x</headline>'
    )
    payload = news_item(content_meta=content_meta).replace(
        "<contentSet>",
        '<assert qcode="poi:1"><POIDetails><address><line>University City</line></address></POIDetails></assert>'
        "<contentSet>",
    )
    entry = only_entry(payload.encode())
    assert entry.dateline_place == "University City"
    assert entry.entities == (
        Entity("CK", "capwriter", "pers:CK"),
        Entity("University City", "located", "poi:1", "place"),
        Entity("San Diego", "subject", "city:2", "place"),
    )
    assert Text("note", "rain", "weather") in entry.texts
    assert entry.rights == (RightsStatement(aspect="exclAudience", usage_terms="Children"),)


def test_terms_written_down_elsewhere_are_terms():
    rights = '<usageTerms href="https://a.example/terms"/>'
    entry = only_entry(news_item(rights=rights, content_meta="<headline>x</headline>").encode())
    assert entry.usage_terms == "https://a.example/terms"


def test_the_two_languages_of_one_guid_are_not_confused():
    bodies = (
        '<inlineXML xml:lang="sr-Latn"><p>Latinica</p></inlineXML><inlineXML xml:lang="kk"><p>Қазақша</p></inlineXML>'
    )
    entry = only_entry(news_item(content_meta='<language tag="kk"/><headline>x</headline>', content=bodies).encode())
    assert "Қазақша" in entry.body
    assert [(text.language, text.kind) for text in entry.texts if text.kind == "body"] == [
        ("sr-Latn", "body"),
        ("kk", "body"),
    ]


@pytest.mark.parametrize(
    "content_meta",
    [
        "<keyword>x</keyword>" * (MAX_PARTS + 1),
        "<subject>" + "".join(f"<name>{number}</name>" for number in range(MAX_PARTS + 1)) + "</subject>",
    ],
    ids=["seen at once", "seen when it is read"],
)
def test_an_item_with_more_than_can_be_stored_is_refused_with_the_reason(content_meta):
    problem = only_problem(parse(news_item(content_meta=f"<headline>x</headline>{content_meta}").encode()))
    assert (problem.reason, problem.guid) == (ReasonCode.TOO_LARGE, "urn:x:1")
    assert str(MAX_PARTS) in problem.detail


@pytest.mark.parametrize("seed", range(40))
def test_damage_to_a_rich_document_raises_nothing_but_a_document_error(seed):
    dice = random.Random(seed)
    for document in (VIDEO, PACKAGE.encode()):
        try:
            parsed = parse(damaged(document, dice), format="newsml-g2")
        except DocumentError:
            continue
        assert parsed.entries or parsed.problems


def test_any_element_may_be_missing_or_empty():
    """Each element in turn left out, and each stripped of its attributes: an entry comes out, or a reason."""
    for strip in (False, True):
        count = len(list(etree.fromstring(VIDEO).iter(etree.Element)))
        for number in range(1, count):
            root = etree.fromstring(VIDEO)
            element = list(root.iter(etree.Element))[number]
            if strip:
                element.attrib.clear()
                element.text = None
            else:
                element.getparent().remove(element)
            parsed = parse(etree.tostring(root))
            assert len(parsed.entries) + len(parsed.problems) == 1


def test_every_field_of_an_entry_is_filled_by_the_rich_document(dam):
    unused = {
        "link",
        "restrictions",
        "soundbites",
        "is_held_indefinitely",
    }  # no such thing in the standard, or unused here
    empty = {field.name for field in fields(Entry) if not getattr(dam, field.name)}
    assert empty == unused
