"""Nothing that an item says of itself is lost: what no field took is a property of the entry, what a field took is not
said twice."""

import json

from newsexchange.parsing.base import Text
from tests.newsexchange.parsing.documents import news_item, only_entry

HEAD = "<headline>Bridge opened</headline>"


def properties(entry):
    return [(text.role, text.value) for text in entry.texts if text.kind == "property"]


def g2(**parts):
    return only_entry(news_item(**parts).encode())


def test_the_codes_of_a_subject_and_of_what_it_belongs_to_are_kept_with_its_name():
    entry = g2(
        content_meta=f"{HEAD}<subject type='cpnat:abstract' qcode='w:br77'><name>Bridges</name>"
        "<sameAs qcode='wikidata:Q12280'/><broader qcode='w:tr1'><name>Transport works</name></broader></subject>"
    )
    assert properties(entry) == [
        (
            "subject",
            "Bridges: type=cpnat:abstract; qcode=w:br77; sameAs.qcode=wikidata:Q12280; broader.qcode=w:tr1; "
            "Transport works",
        )
    ]


def test_what_an_assertion_adds_is_kept():
    entry = g2(content_meta=f"{HEAD}<subject type='cpnat:poi' literal='p1'><name>Old bridge</name></subject>")
    assert properties(entry) == [("subject", "Old bridge: type=cpnat:poi; literal=p1")]
    item = news_item(content_meta=HEAD).replace(
        "<contentSet>",
        "<assert literal='p1'><POIDetails><address><line>Quay 1</line></address></POIDetails></assert><contentSet>",
    )
    assert properties(only_entry(item.encode())) == [("assert", "literal=p1"), ("POIDetails", "Quay 1")]


def test_the_moments_of_making_and_changing_and_signals_are_kept():
    entry = g2(
        meta="<versionCreated>2025-03-01T10:00:00Z</versionCreated><signal qcode='sig:update'/>",
        content_meta=f"{HEAD}<contentCreated>2025-02-27T08:00:00Z</contentCreated>",
    )
    assert properties(entry) == [("signal", "qcode=sig:update"), ("contentCreated", "2025-02-27T08:00:00Z")]


def test_what_a_field_took_is_not_said_twice():
    entry = g2(
        meta="<provider qcode='p:tan'><name>Tanja</name></provider><pubStatus qcode='stat:usable'/>",
        content_meta=f"{HEAD}<urgency>4</urgency><keyword>river</keyword><language tag='sr-RS'/>"
        "<description role='drol:summary'>Short <br/> words</description>",
        rights="<usageTerms>Not in print</usageTerms>",
    )
    assert properties(entry) == []


def test_members_of_ninjs_that_no_field_took_are_kept_with_their_names():
    item = {
        "uri": "urn:x:1", "type": "text", "headline": "Bridge opened", "version": "beta",
        "people": [{"name": "Ana Anić", "contactinfo": [{"type": "phone", "value": "+381 11 555"}]}],
        "places": [{"name": "Quay", "geojson": {"coordinates": [20.4, 44.8]}}],
        "extra": {"desk": "economy", "hits": 12, "is_live": True},
    }  # fmt: skip
    assert properties(only_entry(json.dumps(item).encode())) == [
        ("version", "beta"),
        ("people", "Ana Anić: contactinfo.type=phone; contactinfo.value=+381 11 555"),
        ("places", "Quay: geojson.coordinates=20.4; geojson.coordinates=44.8"),
        ("extra", "desk=economy; hits=12"),
    ]


def test_an_extension_of_json_feed_is_kept():
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "items": [{"id": "1", "content_text": "Words", "_wire": {"desk": "economy"}}],
    }
    assert properties(only_entry(json.dumps(feed).encode())) == [("_wire", "desk=economy")]


def test_what_a_provider_writes_into_the_head_of_nitf_is_kept():
    document = (
        b"<nitf><head><meta name='desk' content='economy'/><docdata><doc-id id-string='n-1'/></docdata>"
        b"<pubdata edition.area='North' item-length='120'/></head><body><body.head><hedline><hl1>Bridge</hl1></hedline>"
        b"</body.head><body.content><p>Words.</p></body.content></body></nitf>"
    )
    assert properties(only_entry(document)) == [
        ("desk", "economy"),
        ("pubdata", "edition.area=North; item-length=120"),
    ]


def test_nitf_with_a_headline_spelt_out_has_it():
    document = (
        b"<nitf><head><docdata><doc-id id-string='n-1'/></docdata></head><body><body.head><headline><hl1>Bridge</hl1>"
        b"</headline></body.head><body.content><p>Words.</p></body.content></body></nitf>"
    )
    assert only_entry(document).headline == "Bridge"


def test_comments_in_newsml_1_are_for_editors_and_other_properties_are_kept():
    document = (
        b"<NewsML><NewsItem><Identification><NewsIdentifier><ProviderId>x.example</ProviderId><DateId>20250301</DateId>"
        b"<NewsItemId>n1</NewsItemId></NewsIdentifier></Identification><NewsManagement><Status FormalName='Embargoed'/>"
        b"</NewsManagement><NewsComponent><NewsLines><HeadLine>Bridge</HeadLine></NewsLines><DescriptiveMetadata>"
        b"<OfInterestTo FormalName='north'/><Property FormalName='City' Value='Novi Sad'/></DescriptiveMetadata>"
        b"<Comment>Not before Tuesday noon</Comment></NewsComponent></NewsItem></NewsML>"
    )
    entry = only_entry(document)
    assert entry.is_held_indefinitely
    assert entry.editors_note == "Not before Tuesday noon"
    assert properties(entry) == [
        ("Status", "FormalName=Embargoed"),
        ("OfInterestTo", "FormalName=north"),
        ("Property", "FormalName=City; Value=Novi Sad"),
    ]


def test_an_item_with_very_many_odd_values_is_read_in_reasonable_time():
    item = {"uri": "urn:x:1", "headline": "H" * 50_000, "extra": [{"v": [f"value {n}"] * 40} for n in range(4000)]}
    entry = only_entry(json.dumps(item).encode())
    assert Text("property", "v=value 3999", "extra") in entry.texts


def test_the_main_concept_and_the_facets_of_a_subject_are_its_topic_and_keywords():
    entry = g2(
        content_meta=f"{HEAD}<subject><mainConcept qcode='medtop:20000882'><name>rowing</name></mainConcept>"
        "<facetConcept rel='f:sex' qcode='fv:women'><name>women</name></facetConcept></subject>"
    )
    assert entry.topics == ("medtop:20000882",)
    assert entry.keywords == ("rowing", "women")
    assert properties(entry) == [("subject", "facetConcept.rel=f:sex; facetConcept.qcode=fv:women")]


def test_a_wrapped_list_called_item_is_read_item_by_item():
    answer = {"total": 1, "item": [{"uri": "urn:x:1", "type": "story", "headline": "Bridge opened"}]}
    assert only_entry(json.dumps(answer).encode()).guid == "urn:x:1"


def test_newsml_1_that_puts_its_identity_and_urgency_elsewhere_is_read():
    entry = only_entry(
        b"<NewsML><NewsItem><Identification><NewsIdentifier><ProviderId>x.example</ProviderId></NewsIdentifier>"
        b"</Identification><NewsManagement><Urgency>2</Urgency></NewsManagement><NewsComponent><NewsLines>"
        b"<HeadLine>Bridge</HeadLine><DateLine>March 3</DateLine></NewsLines><DescriptiveMetada><guid>77AB</guid>"
        b"</DescriptiveMetada></NewsComponent></NewsItem></NewsML>"
    )
    assert (entry.guid, entry.urgency, entry.dateline_place) == ("77AB", 2, "")


def test_how_the_members_of_a_package_belong_together_is_kept():
    package = (
        "<packageItem xmlns='http://iptc.org/std/nar/2006-10-01/' guid='urn:x:p' version='1'><itemMeta/><contentMeta>"
        f"{HEAD}</contentMeta><groupSet root='g'><group id='g' role='group:main' mode='pgrmod:alt'>"
        "<itemRef residref='urn:x:1' size='4711'><title>First</title></itemRef></group></groupSet></packageItem>"
    )
    assert properties(only_entry(package.encode())) == [("group", "mode=pgrmod:alt"), ("itemRef", "size=4711")]
