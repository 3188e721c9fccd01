from datetime import UTC, datetime

import pytest

from newsexchange.parsing.base import Association, Entity, Hop, ReasonCode, RightsStatement, Text
from newsexchange.parsing.registry import parse
from tests.newsexchange.parsing.documents import only_entry, rss, rss_entry


def test_an_item_gives_its_identity_text_link_and_dates():
    entry = rss_entry(
        "<guid isPermaLink='false'>n-1</guid><title>Dam opened</title><link>https://a.example/1</link>"
        "<description>Short</description><content:encoded>&lt;p&gt;Long&lt;/p&gt;</content:encoded>"
        "<pubDate>Thu, 01 Jan 2004 19:48:21 +0300</pubDate><dcterms:modified>2004-01-02T00:00:00Z</dcterms:modified>"
        "<dc:creator>Alice</dc:creator><category>energy</category><dc:subject>water</dc:subject>"
    )
    assert (entry.guid, entry.headline, entry.link) == ("n-1", "Dam opened", "https://a.example/1")
    assert (entry.summary, entry.body) == ("<p>Short</p>", "<p>Long</p>")
    assert entry.published_at == datetime(2004, 1, 1, 16, 48, 21, tzinfo=UTC)
    assert entry.updated_at == datetime(2004, 1, 2, tzinfo=UTC)
    assert (entry.byline, entry.keywords) == ("Alice", ("energy", "water"))
    assert entry.raw.startswith(b"<item")
    assert b"Dam opened" in entry.raw


@pytest.mark.parametrize(
    "namespace",
    [
        "http://purl.org/rss/1.0/",
        "http://my.netscape.com/rdf/simple/0.9/",
        "http://channel.netscape.com/rdf/simple/0.9/",
    ],
)
def test_rdf_feeds_are_read_with_the_resource_as_identity(namespace):
    entry = only_entry(
        f'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="{namespace}"><channel><title>T'
        "</title>"
        '</channel><item rdf:about="urn:i:1"><title>Head</title><link>http://a.example/1</link></item>'
        "</rdf:RDF>".encode()
    )
    assert (entry.guid, entry.headline, entry.link) == ("urn:i:1", "Head", "http://a.example/1")


@pytest.mark.parametrize("version", ["0.91", "0.92", "0.93", "0.94", "2.0"])
def test_every_version_of_rss_is_read(version):
    payload = f'<rss version="{version}"><channel><item><title>Head</title></item></channel></rss>'.encode()
    assert only_entry(payload).headline == "Head"


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<description>&lt;p>A &lt;b>B&lt;/b> C&lt;/p></description>", "<p>A <b>B</b> C</p>"),
        ("<description><![CDATA[<p>A <b>B</b> C</p>]]></description>", "<p>A <b>B</b> C</p>"),
        ("<description><p>A <b>B</b> C</p></description>", "<p>A <b>B</b> C</p>"),
        ("<description>lead <b>B</b> tail</description>", "lead <b>B</b> tail"),
        ('<body xmlns="http://www.w3.org/1999/xhtml"><p>A <b>B</b> C</p></body>', "<p>A <b>B</b> C</p>"),
        ("<description>the &amp;lt;b&amp;gt; tag</description>", "the &lt;b&gt; tag"),
        ("<description><p>the &lt;b&gt; tag</p></description>", "<p>the &lt;b&gt; tag</p>"),
        ("<description>5 &lt; 6 &amp; 7</description>", "<p>5 &lt; 6 &amp; 7</p>"),
        ("<description>one\n\ntwo\nthree</description>", "<p>one</p><p>two<br>three</p>"),
    ],
)
def test_inline_markup_stays_whole_and_escaped_markup_stays_escaped(markup, expected):
    assert rss_entry(f"<title>x</title>{markup}").body == expected


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("2 &gt; 1", "2 > 1"),
        ("5 &lt; 6 &amp; 7", "5 < 6 & 7"),
        ("AT&amp;amp;T", "AT&T"),
        ("&lt;b&gt;Bold&lt;/b&gt; news", "Bold news"),
        ("<![CDATA[Caf&eacute; <i>d'Or</i>]]>", "Café d'Or"),
        ("Use of &amp;amp;lt; in text", "Use of &lt; in text"),
        ("if a&lt;b then", "if a<b then"),
        ("The <em>Dam</em> opened", "The Dam opened"),
        ("  over\n  two lines ", "over two lines"),
    ],
)
def test_a_title_becomes_plain_text_decoded_once(title, expected):
    assert rss_entry(f"<title>{title}</title>").headline == expected


def test_relative_links_are_resolved_against_xml_base_or_the_channel():
    body = "<title>x</title><description>&lt;a href='/a?b=1&amp;amp;c=2'&gt;z&lt;/a&gt;</description>"
    assert (
        "href='https://c.example/a?b=1&amp;c=2'" in rss_entry(body, channel="<link>https://c.example/feed</link>").body
    )
    assert "href='https://b.example/a?b=1" in rss_entry(body, attributes='xml:base="https://b.example/"').body


def test_a_script_link_is_no_link():
    assert rss_entry("<title>x</title><link>javascript:alert(1)</link>").link == ""


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ("<guid>https://a.example/1</guid>", "https://a.example/1"),
        ('<guid isPermaLink="false">https://a.example/1</guid>', ""),
        ('<atom:link href="https://a.example/2"/>', "https://a.example/2"),
        ('<atom:link rel="self" href="https://a.example/2"/>', ""),
    ],
)
def test_the_link_may_come_from_a_permanent_guid_or_an_atom_link(item, expected):
    assert rss_entry(f"<title>x</title>{item}").link == expected


def test_status_embargo_version_and_terms_of_the_exchange_are_honoured():
    entry = rss_entry(
        '<title>x</title><nar:pubStatus qcode="stat:withheld"/><nar:embargoed>2030-01-01T06:00:00+06:00</nar:embargoed>'
        "<nar:version>7</nar:version><nar:edNote>Check names</nar:edNote><nar:usageTerms>No archive</nar:usageTerms>"
    )
    assert (entry.pubstatus, entry.version, entry.editors_note) == ("withheld", 7, "Check names")
    assert entry.embargoed_until == datetime(2030, 1, 1, tzinfo=UTC)
    assert entry.usage_terms == "No archive"


def test_an_empty_embargo_holds_an_item_indefinitely():
    entry = rss_entry("<title>x</title><nar:embargoed/>")
    assert entry.is_held_indefinitely
    assert entry.embargoed_until is None


def test_media_and_enclosures_become_renditions():
    entry = rss_entry(
        '<title>x</title><enclosure url="https://a.example/s.mp3" type="audio/mpeg" length="12"/>'
        '<media:group><media:content url="/v.mp4" type="video/mp4" fileSize="99" width="640" height="360" duration="7">'
        '<media:title>Clip</media:title></media:content></media:group><media:thumbnail url="https://a.example/t.jpg"/>'
        "<media:category>sport</media:category>",
        channel="<link>https://a.example/</link>",
    )
    assert [(r.href, r.rel) for r in entry.renditions] == [
        ("https://a.example/s.mp3", "enclosure"),
        ("https://a.example/t.jpg", "thumbnail"),
        ("https://a.example/v.mp4", "media"),
    ]
    clip = entry.renditions[2]
    assert (clip.size_bytes, clip.width, clip.height, clip.duration_ms, clip.title) == (99, 640, 360, 7000, "Clip")
    assert entry.keywords == ("sport",)


def test_media_title_and_description_stand_in_for_missing_texts():
    entry = rss_entry(
        "<media:group><media:title>Head</media:title><media:description>Text</media:description></media:group>"
    )
    assert (entry.headline, entry.body) == ("Head", "<p>Text</p>")


def test_a_licence_is_part_of_the_usage_terms():
    licence = "https://creativecommons.org/licenses/by/4.0/"
    assert (
        rss_entry(f"<title>x</title><creativeCommons:license>{licence}</creativeCommons:license>").usage_terms
        == licence
    )


LICENCE = "https://creativecommons.org/licenses/by-nc-nd/4.0/"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"


@pytest.mark.parametrize(
    "said",
    [
        f"<creativeCommons:license>{LICENCE}</creativeCommons:license>",
        f"<cc:license xmlns:cc='http://web.resource.org/cc/' xmlns:r='{RDF}' r:resource='{LICENCE}'/>",
        f"<dcterms:license>{LICENCE}</dcterms:license>",
        f"<atom:link rel='license' href='{LICENCE}'/>",
    ],
)
def test_the_licence_of_a_feed_is_that_of_its_items_without_one(said):
    entry = rss_entry("<title>x</title><dc:rights>© A</dc:rights>", channel=said)
    assert entry.usage_terms == LICENCE
    assert entry.rights == (RightsStatement(notice="© A", usage_terms=LICENCE, link=LICENCE),)
    for own in ("<nar:usageTerms>Own</nar:usageTerms>", "<media:license>Own</media:license>"):
        assert rss_entry(f"<title>x</title>{own}", channel=said).usage_terms == "Own"


def test_the_language_of_feed_and_item_are_kept_apart():
    parsed = parse(
        rss("<item><title>a</title><dc:language>KK</dc:language></item>", channel="<language>sr_cyrl-rs</language>")
    )
    assert parsed.language == "sr-Cyrl-RS"
    assert parsed.entries[0].language == "kk"


def test_a_nonsense_date_leaves_the_item_alone():
    entry = rss_entry("<title>x</title><pubDate>the day after tomorrow</pubDate>")
    assert (entry.headline, entry.published_at) == ("x", None)


@pytest.mark.parametrize(
    ("damaged", "headline"),
    [
        (b"<item><title>Caf&eacute; &amp; bar</title></item>", "Café & bar"),
        (b"<item><title>Fish & chips &copy here</title></item>", "Fish & chips &copy here"),
        (b"<item><title>1 &LT; 2 &AMP; 3 &nbsp;</title></item>", "1 < 2 & 3"),
        (b"<item><title>a\x0bb</title></item>", "ab"),
        (b"<item><title>a&#11;b</title></item>", "ab"),
        (b"<item><title>x</title><undeclared:thing/></item>", "x"),
        (b"<item><title>x</title><description><dip:>a</dip:></description></item>", "x"),
        (b"<item><title>x</title><description><p>unclosed</description></item>", "x"),
    ],
)
def test_common_damage_is_mended_without_loss(damaged, headline):
    parsed = parse(b"<rss><channel>" + damaged + b"</channel></rss>")
    assert [entry.headline for entry in parsed.entries] == [headline]
    assert parsed.problems == ()


def test_a_truncated_feed_keeps_whole_items_and_reports_the_one_cut_short():
    whole = rss(
        "<item><guid>1</guid><title>a</title></item><item><guid>2</guid><title>b</title><description>half a sto"
    )
    parsed = parse(whole[: -len("</channel></rss>")])
    assert [entry.guid for entry in parsed.entries] == ["1"]
    assert [problem.reason for problem in parsed.problems] == [ReasonCode.NOT_WELL_FORMED]
    assert b"half a sto" in parsed.problems[0].raw


def test_an_item_without_an_end_swallows_no_other():
    parsed = parse(rss("<item><guid>1</guid><title>a</title><item><guid>2</guid><title>b</title></item>"))
    assert [entry.guid for entry in parsed.entries] == ["2"]
    assert len(parsed.problems) == 1


def test_a_canceled_item_of_a_damaged_feed_is_still_canceled():
    parsed = parse(rss('<item><guid>1</guid><title>a & b</title><nar:pubStatus qcode="stat:canceled"/></item>'))
    assert [entry.pubstatus for entry in parsed.entries] == ["canceled"]


def test_every_text_is_kept_with_the_language_of_its_element():
    entry = rss_entry(
        "<title xml:lang='sr'>Naslov</title><dc:title xml:lang='en'>Headline</dc:title>"
        "<description>Kratko</description>"
        "<content:encoded>Dugo</content:encoded>"
    )
    assert entry.texts == (
        Text("headline", "Naslov", language="sr"),
        Text("headline", "Headline", "title", "en"),
        Text("body", "<p>Dugo</p>", "encoded"),
        Text("summary", "<p>Kratko</p>"),
    )


def test_an_item_holds_from_and_until_its_validity_says():
    entry = rss_entry(
        "<title>x</title><pubDate>Thu, 01 Jan 2004 00:00:00 GMT</pubDate>"
        "<dcterms:valid>start=2004-01-02T00:00:00Z;end=2004-02-01T00:00:00Z;scheme=W3C-DTF</dcterms:valid>"
    )
    assert entry.embargoed_until == datetime(2004, 1, 2, tzinfo=UTC)
    assert entry.expires_at == datetime(2004, 2, 1, tzinfo=UTC)


def test_a_validity_in_the_spelling_of_the_region_holds_until_its_day_not_its_month():
    entry = rss_entry("<title>x</title><dcterms:valid>start=01.12.2026; end=05.12.2026</dcterms:valid>")
    assert entry.embargoed_until == datetime(2026, 12, 1, tzinfo=UTC)
    assert entry.expires_at == datetime(2026, 12, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "is_held"), [("05/12/2026", True), ("after the vote", True), ("2026", False), ("2026-12", False)]
)
def test_a_validity_from_a_day_that_cannot_be_read_holds_indefinitely(start, is_held):
    entry = rss_entry(f"<title>x</title><dcterms:valid>start={start};end=2027-01-01</dcterms:valid>")
    assert (entry.embargoed_until, entry.is_held_indefinitely) == (None, is_held)
    stated = f"<nar:embargoed>2026-12-05T00:00:00Z</nar:embargoed><dcterms:valid>start={start}</dcterms:valid>"
    assert rss_entry(f"<title>x</title>{stated}").embargoed_until == datetime(2026, 12, 5, tzinfo=UTC)


def test_a_validity_that_begins_with_the_publication_is_no_embargo():
    entry = rss_entry(
        "<title>x</title><pubDate>Thu, 01 Jan 2004 00:00:00 GMT</pubDate>"
        "<dcterms:valid>start=2004-01-01T00:00:00Z</dcterms:valid>"
    )
    assert (entry.embargoed_until, entry.is_held_indefinitely) == (None, False)


def test_the_earliest_of_several_expirations_counts():
    entry = rss_entry(
        "<title>x</title><expirationDate>Thu, 05 Feb 2004 00:00:00 GMT</expirationDate>"
        "<expirationDate>Wed, 04 Feb 2004 00:00:00 GMT</expirationDate><expirationDate>never</expirationDate>"
    )
    assert entry.expires_at == datetime(2004, 2, 4, tzinfo=UTC)


def test_the_feed_that_an_item_was_taken_over_from_is_a_hop():
    entry = rss_entry("<title>x</title><source url='https://b.example/rss'>Agency B</source>")
    assert entry.hops == (Hop("Agency B", action="source"),)
    assert entry.credit == "Agency B"


def test_links_to_other_items_and_second_identifiers_are_kept():
    entry = rss_entry(
        "<guid isPermaLink='false'>1</guid><title>x</title><dc:identifier>doi:1</dc:identifier>"
        "<atom:link rel='related' href='https://a.example/2' title='Other' hreflang='en'/>"
        "<atom:link rel='self' href='https://a.example/1'/><dcterms:isVersionOf>urn:x</dcterms:isVersionOf>"
    )
    assert entry.alt_ids == (("identifier", "doi:1"),)
    assert entry.associations == (
        Association("related", href="https://a.example/2", headline="Other", language="en"),
        Association("isVersionOf", uri="urn:x"),
    )


def test_a_podcast_episode_has_its_length_people_and_transcript():
    entry = rss_entry(
        "<title>x</title><enclosure url='https://a.example/e.mp3' length='9' type='audio/mpeg'/>"
        "<i:duration xmlns:i='http://www.itunes.com/dtds/podcast-1.0.dtd'>1:02:03</i:duration>"
        "<p:person xmlns:p='https://podcastindex.org/namespace/1.0' role='guest'>Ana</p:person>"
        "<p:transcript xmlns:p='https://podcastindex.org/namespace/1.0' url='https://a.example/t.vtt' type='text/vtt' "
        "language='sr'/>"
    )
    assert entry.duration_ms == entry.renditions[0].duration_ms == 3_723_000
    assert entry.entities == (Entity("Ana", "guest"),)
    assert [(file.rel, file.language) for file in entry.renditions] == [("enclosure", ""), ("transcript", "sr")]


def test_copyright_and_terms_are_one_statement_on_the_whole_item():
    entry = rss_entry(
        "<title>x</title><dc:rights>© A</dc:rights><dcterms:rightsHolder>A</dcterms:rightsHolder>"
        "<dcterms:license>https://a.example/l</dcterms:license>"
    )
    assert entry.rights == (
        RightsStatement(holder="A", notice="© A", usage_terms="https://a.example/l", link="https://a.example/l"),
    )
