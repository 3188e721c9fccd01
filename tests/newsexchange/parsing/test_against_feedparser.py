"""feedparser as the judge: on well-formed feeds our reading must agree with the one everybody else uses."""

import io
from calendar import timegm
from datetime import UTC, datetime

import feedparser
import pytest

from newsexchange.parsing.base import DocumentError, ReasonCode
from newsexchange.parsing.registry import parse
from newsexchange.parsing.sanitise import html_to_text
from tests.newsexchange.parsing.documents import atom, rss

FEEDS = {
    "rss": rss(
        "<item><guid isPermaLink='false'>n-1</guid><title>Dam &amp;amp; co</title><link>https://a.example/1</link>"
        "<pubDate>Thu, 01 Jan 2004 19:48:21 +0300</pubDate><description>&lt;p&gt;A &lt;b&gt;B&lt;/b&gt; "
        "C&lt;/p&gt;</description></item>"
        "<item><guid>https://a.example/2</guid><title>2 &gt; 1</title><description>plain words</description>"
        "<dc:date>2004-01-02T00:00:00Z</dc:date><enclosure url='https://a.example/s.mp3' type='audio/mpeg' "
        "length='12'/></item>",
        channel="<title>Channel</title><language>sr-rs</language><link>https://a.example/</link>",
    ),
    "rdf": (
        b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">'
        b"<channel><title>Channel</title>"
        b'</channel><item rdf:about="urn:i:1"><title>Head</title><link>http://a.example/1</link>'
        b"<description>Text</description></item></rdf:RDF>"
    ),
    "atom": atom(
        "<title>Channel</title><entry><id>urn:e:1</id><title>Head</title><link href='https://a.example/1'/>"
        "<updated>2024-01-02T00:00:00Z</updated><content type='html'>&lt;p>A &lt;i>B&lt;/i>&lt;/p></content></entry>"
        "<entry><id>urn:e:2</id><title type='html'>&lt;b>Bold&lt;/b> words</title>"
        "<updated>2024-01-03T00:00:00+03:00</updated>"
        "<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>X <a href='/y'>Y</a></p></div>"
        "</content></entry>",
        attributes="xml:base='https://a.example/' xml:lang='ru'",
    ),
}


@pytest.mark.parametrize("name", list(FEEDS))
def test_identity_titles_links_dates_and_words_agree_with_feedparser(name):
    judge = feedparser.parse(io.BytesIO(FEEDS[name]))
    ours = parse(FEEDS[name])
    assert not judge.bozo
    assert ours.title == judge.feed.title
    assert len(ours.entries) == len(judge.entries)
    for entry, judged in zip(ours.entries, judge.entries, strict=True):
        assert entry.guid == judged.id
        assert entry.headline == html_to_text(judged.title)
        if judged.link.startswith("http"):  # it also takes an Atom id for a link
            assert entry.link == judged.link
        judged_body = judged.content[0].value if "content" in judged else judged.summary
        assert html_to_text(entry.body) == html_to_text(judged_body)
        moment = judged.get("published_parsed") or judged.get("updated_parsed")
        expected = datetime.fromtimestamp(timegm(moment), UTC) if moment else None
        assert (entry.published_at or entry.updated_at) == expected
        assert [r.href for r in entry.renditions] == [enclosure.href for enclosure in judged.get("enclosures", ())]


@pytest.mark.parametrize("name", list(FEEDS))
def test_the_loose_reading_of_a_well_formed_feed_is_the_strict_one(name, monkeypatch):
    strict = parse(FEEDS[name])

    def refuse(text: str) -> None:
        raise DocumentError(ReasonCode.NOT_WELL_FORMED, "pretended")

    monkeypatch.setattr("newsexchange.parsing.syndication.load_xml", refuse)
    assert parse(FEEDS[name]) == strict


MEDIA = rss(
    "<item><guid isPermaLink='false'>1</guid><title>Head</title><description>Words</description>"
    "<media:content url='https://a.example/v.mp4' type='video/mp4' medium='video' fileSize='1000' duration='185' "
    "width='300' height='200'/><media:thumbnail url='https://a.example/t.jpg' width='75' height='50'/>"
    "<media:credit role='producer'>Ana</media:credit><media:credit role='author'>Bo</media:credit>"
    "<media:keywords>dam, river</media:keywords><media:category>water</media:category><media:copyright>© A"
    "</media:copyright><media:player url='https://a.example/play'/>"
    "<media:restriction relationship='deny' type='country'>us</media:restriction></item>"
    "<item><guid isPermaLink='false'>2</guid><media:group><media:title>Group</media:title>"
    "<media:description>Group words</media:description><media:content url='https://a.example/1.mp3'/>"
    "<media:content url='https://a.example/2.mp3'/></media:group></item>"
)


def test_media_agree_with_feedparser():
    judge = feedparser.parse(io.BytesIO(MEDIA))
    for entry, judged in zip(parse(MEDIA).entries, judge.entries, strict=True):
        files = {rendition.href: rendition for rendition in entry.renditions}
        for content in judged.media_content:
            file = files[content["url"]]
            assert (file.content_type, file.rel) == (content.get("type", ""), content.get("medium", "media"))
            sizes = (file.size_bytes, file.width, file.height, file.duration_ms and file.duration_ms // 1000)
            assert sizes == tuple(
                int(content[name]) if name in content else None
                for name in (*("filesize", "width", "height"), "duration")
            )
        for thumbnail in judged.get("media_thumbnail", ()):
            file = files[thumbnail["url"]]
            assert (file.width, file.height) == (int(thumbnail["width"]), int(thumbnail["height"]))
        if player := judged.get("media_player"):
            assert files[player["url"]].rel == "player"
        assert [(person.name, person.role) for person in entry.entities] == [
            (credit["content"], credit["role"]) for credit in judged.get("media_credit", ())
        ]
        assert (entry.copyright_notice or None) == judged.get("media_copyright")
        assert [(*one.note.split()[1:3], [code.lower() for code in one.territories]) for one in entry.restrictions] == [
            (said["relationship"], said["type"], said["content"])
            for said in filter(None, [judged.get("media_restriction")])
        ]
        assert set(entry.keywords) == {tag.term for tag in judged.get("tags", ())} | set(
            filter(None, judged.get("media_keywords", "").split(", "))
        )
        assert entry.headline == judged.title
