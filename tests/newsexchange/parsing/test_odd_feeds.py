"""Feeds in every shape that the field has produced: what can be read is read, and nothing vanishes without a reason."""

import pytest

from newsexchange.parsing.base import DocumentError
from newsexchange.parsing.preflight import mend
from newsexchange.parsing.registry import parse

ITEM = "<item><title>T</title><link>http://a.example/1</link><description>D</description></item>"
CHANNEL = f"<rss version='2.0'><channel>{ITEM}</channel></rss>"
RDF = "xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'"

READABLE: dict[str, str | bytes] = {
    "CDF in capitals": "<CHANNEL HREF='http://a.example/'><TITLE>C</TITLE><ITEM HREF='http://a.example/1' "
    "LASTMOD='1998-11-05T12:00'><TITLE>T</TITLE><ABSTRACT>D</ABSTRACT></ITEM></CHANNEL>",
    "CDF in small letters": "<channel><item href='http://a.example/1'><title>T</title>"
    "<abstract>D</abstract></item></channel>",
    "RSS in capitals": CHANNEL.upper().replace("HTTP://A.EXAMPLE", "http://a.example"),
    "capitals here and there": "<rss><Channel><Item><Title>T</Title><Description>D</Description></Item>"
    "</Channel></rss>",
    "items outside the channel": f"<rss><channel><title>C</title></channel>{ITEM}</rss>",
    "no channel at all": f"<rss>{ITEM}</rss>",
    "an unknown default namespace": CHANNEL.replace("<rss", "<rss xmlns='http://example.com/foo'"),
    "a namespace of Userland": CHANNEL.replace("<rss", "<rss xmlns='http://backend.userland.com/RSS2'"),
    "a prefix for everything": "<r:rss xmlns:r='http://example.com/x'><r:channel><r:item><r:title>T</r:title>"
    "<r:description>D</r:description></r:item></r:channel></r:rss>",
    "prefixes that were never bound": "<rss><channel><item><title>T</title><content:encoded>D</content:encoded>"
    "<media:content url='http://a.example/i.jpg'/></item></channel></rss>",
    "RDF with a prefix": f"<rdf:RDF {RDF} xmlns:r='http://purl.org/rss/1.0/'><r:item rdf:about='u'><r:title>T</r:title>"
    "<r:description>D</r:description></r:item></rdf:RDF>",
    "RDF in no namespace": "<rdf:RDF><item><title>T</title><description>D</description></item></rdf:RDF>",
    "RSS 1.1": f"<Channel xmlns='http://purl.org/net/rss1.1#' {RDF}><items>{ITEM}</items></Channel>",
    "only Dublin Core": "<rss xmlns:dc='http://purl.org/dc/elements/1.1/'><channel><item><dc:title>T</dc:title>"
    "<dc:description>D</dc:description></item></channel></rss>",
    "only iTunes": "<rss xmlns:i='http://www.itunes.com/dtds/podcast-1.0.dtd'><channel><item><i:title>T</i:title>"
    "<i:summary>D</i:summary></item></channel></rss>",
    "space before the declaration": f"\n\n <?xml version='1.0'?>{CHANNEL}",
    "two declarations": f"<?xml version='1.0'?><?xml version='1.0'?>{CHANNEL}",
    "XML 1.1": f"<?xml version='1.1'?>{CHANNEL}",
    "a warning before the feed": f"<br />\n<b>Warning</b>: deprecated in line 3<br />\n<?xml version='1.0'?>{CHANNEL}",
    "words before the feed": f"hello {CHANNEL}",
    "something after the feed": f"{CHANNEL}<script>x</script> bye",
    "an old document type": '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" '
    f'"http://my.netscape.com/publish/formats/rss-0.91.dtd">{CHANNEL}',
    "no quotes": CHANNEL.replace("'2.0'", "2.0"),
    "a mark twice": b"\xef\xbb\xbf\xef\xbb\xbf" + CHANNEL.encode(),
    "UTF-16 without a mark": CHANNEL.encode("utf-16-be"),
    "UTF-32": CHANNEL.encode("utf-32"),
    "EBCDIC": f"<?xml version='1.0' encoding='cp037'?>{CHANNEL}".encode("cp037"),
    "a codec that is no character set": f"<?xml version='1.0' encoding='zlib_codec'?>{CHANNEL}",
    "an Atom feed in capitals": "<FEED><ENTRY><ID>1</ID><TITLE>T</TITLE><SUMMARY>D</SUMMARY></ENTRY></FEED>",
    "Atom 0.3 in base64": "<feed version='0.3' xmlns='http://purl.org/atom/ns#'><entry><title>T</title>"
    "<content mode='base64' type='text/html'>RA==</content></entry></feed>",
    "Atom with a prefix": "<a:feed xmlns:a='http://www.w3.org/2005/Atom'><a:entry><a:title>T</a:title>"
    "<a:content>D</a:content></a:entry></a:feed>",
}


@pytest.mark.parametrize("name", list(READABLE))
def test_an_odd_feed_is_read_like_a_plain_one(name):
    document = READABLE[name]
    parsed = parse(document if isinstance(document, bytes) else document.encode())
    assert parsed.problems == ()
    assert [(entry.headline, entry.body.removeprefix("<p>").removesuffix("</p>")) for entry in parsed.entries] == [
        ("T", "D")
    ]


@pytest.mark.parametrize(
    ("damaged", "mended"),
    [
        ("1 < 2", "1 &lt; 2"),
        ("a<=b & c", "a&lt;=b &amp; c"),
        ("<a href=x y='1'>", "<a href=x y='1'>"),
        ("<a href=x b=2/>", '<a href="x" b="2"/>'),
        ("<![CDATA[1 < 2 & 3]]>", "<![CDATA[1 < 2 & 3]]>"),
        ("caf&eacute; &bogus; &amp;", "café &amp;bogus; &amp;"),
    ],
)
def test_damage_is_mended_without_loss(damaged, mended):
    assert mend(damaged) == mended


ACCOUNTED = {
    "an Atom entry in RSS": "<rss><channel><entry xmlns='http://www.w3.org/2005/Atom'><title>T</title></entry></channel></rss>",
    "an RSS item in Atom": "<feed xmlns='http://www.w3.org/2005/Atom'><item><title>T</title></item></feed>",
    "only a link": "<rss><channel><item><link>http://a.example/1</link></item></channel></rss>",
    "only a file": "<rss><channel><item><guid>1</guid><enclosure url='http://a.example/1.mp3'/></item></channel></rss>",
    "only space": "<rss><channel><item><title> </title></item></channel></rss>",
    "two feeds one after the other": CHANNEL * 2,
    "an entity of its own": f'<!DOCTYPE rss [<!ENTITY e "x">]>{CHANNEL.replace("T<", "&e;<")}',
    "RSS in JSON": '{"rss": {"channel": {"item": [{"title": "T"}]}}}',
    "a site map": "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'/>",
    "a redirection in XML": "<redirect><newLocation>http://a.example/</newLocation></redirect>",
    "a web page that speaks of feeds": "<!doctype html><html><body>&lt;rss&gt; <rss> </body></html>",
}


@pytest.mark.parametrize("name", list(ACCOUNTED))
def test_what_cannot_be_a_story_has_a_reason(name):
    try:
        reasons = [(problem.reason, problem.detail) for problem in parse(ACCOUNTED[name].encode()).problems]
    except DocumentError as error:
        reasons = [(error.reason, error.detail)]
    assert reasons
    assert all(reason and detail for reason, detail in reasons)


@pytest.mark.parametrize(
    "opening",
    ["<a" + "=" * 300_000, "<a " * 100_000, "<" * 300_000, "&" * 300_000, "<!--" * 75_000, "<? " * 100_000],
)
def test_damage_that_once_took_quadratic_time_is_refused(opening):
    with pytest.raises(DocumentError):
        parse(f"<rss><channel>{opening}".encode(), format="rss")
