import base64
from datetime import UTC, datetime

import pytest

from newsexchange.parsing.base import Hop, RightsStatement, Text
from newsexchange.parsing.registry import parse
from tests.newsexchange.parsing.documents import atom, atom_entry, only_entry


def test_an_entry_gives_its_identity_text_link_dates_and_people():
    entry = atom_entry(
        "<id>urn:e:1</id><title>Head</title><link href='/1'/><summary>S</summary><content "
        "type='html'>&lt;p>B&lt;/p></content>"
        "<published>2024-01-01T00:00:00Z</published><updated>2024-01-02T00:00:00+05:00</updated>"
        "<author><name>Alice</name><uri>https://alice.example/</uri></author><contributor><name>Bob</name>"
        "</contributor>"
        "<category term='t' label='Trade'/><rights>(c) A</rights>",
        attributes='xml:base="https://a.example/feed/"',
    )
    assert (entry.guid, entry.headline, entry.link) == ("urn:e:1", "Head", "https://a.example/1")
    assert (entry.summary, entry.body) == ("<p>S</p>", "<p>B</p>")
    assert entry.published_at == datetime(2024, 1, 1, tzinfo=UTC)
    assert entry.updated_at == datetime(2024, 1, 1, 19, tzinfo=UTC)
    assert [(person.name, person.role) for person in entry.entities] == [("Alice", "author"), ("Bob", "contributor")]
    assert (entry.byline, entry.keywords, entry.copyright_notice) == ("Alice", ("Trade",), "(c) A")


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ('<content type="text">a &lt;b> c</content>', "<p>a &lt;b&gt; c</p>"),
        ("<content>Example</content>", "<p>Example</p>"),
        ('<content type="html">&lt;p>A &lt;b>B&lt;/b> C&lt;/p></content>', "<p>A <b>B</b> C</p>"),
        ('<content type="html">the &amp;lt;b&amp;gt; tag</content>', "the &lt;b&gt; tag"),
        (
            '<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>A <b>B</b> C &lt;i></p></div>'
            "</content>",
            "<p>A <b>B</b> C &lt;i&gt;</p>",
        ),
        (
            '<content type="xhtml"><h:div xmlns:h="http://www.w3.org/1999/xhtml">A <h:b>B</h:b></h:div></content>',
            "A <b>B</b>",
        ),
    ],
)
def test_content_is_read_by_its_type(content, expected):
    assert atom_entry(f"<id>1</id><title>x</title>{content}").body == expected


def test_base64_content_is_decoded_and_a_picture_is_not_taken_for_text():
    encoded = base64.b64encode(b"Example <b>Atom</b>").decode()
    content = f'<content type="application/octet-stream">{encoded}</content>'
    assert atom_entry(f"<id>1</id><title>x</title>{content}").body == "Example <b>Atom</b>"
    picture = f'<content type="image/png">{base64.b64encode(bytes(range(256))).decode()}</content>'
    assert atom_entry(f"<id>1</id><title>x</title>{picture}").body == ""


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("<title>AT&amp;amp;T &lt;b></title>", "AT&amp;T <b>"),
        ('<title type="html">AT&amp;amp;T &lt;b>now&lt;/b></title>', "AT&T now"),
        ('<title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">2 &lt; <b>3</b></div></title>', "2 < 3"),
    ],
)
def test_only_a_title_that_says_html_is_read_as_html(title, expected):
    assert atom_entry(f"<id>1</id>{title}").headline == expected


def test_nested_xml_base_adds_up():
    entry = atom_entry(
        '<id>1</id><title>x</title><content type="html" xml:base="b/">&lt;a href="c">z&lt;/a> &lt;a '
        'href="#n">n&lt;/a></content>',
        attributes='xml:base="https://a.example/a/"',
    )
    assert entry.body == '<a href="https://a.example/a/b/c">z</a> <a href="#n">n</a>'


def test_atom_0_3_is_read_with_its_modes_and_dates():
    entry = only_entry(
        b'<feed version="0.3" xmlns="http://purl.org/atom/ns#"><entry><id>1</id><title mode="escaped" '
        b'type="text/html">A &amp;amp; B'
        b"</title><issued>2004-01-01T00:00:00Z</issued><modified>2004-01-02T00:00:00Z</modified>"
        b'<content type="text/html" mode="escaped">&lt;p>B&lt;/p></content></entry></feed>'
    )
    assert (entry.headline, entry.body) == ("A & B", "<p>B</p>")
    assert entry.published_at == datetime(2004, 1, 1, tzinfo=UTC)


def test_a_tombstone_cancels_without_a_text():
    entry = only_entry(
        atom(
            '<at:deleted-entry ref="urn:e:1" when="2024-05-01T00:00:00Z"><at:comment>Wrong</at:comment>'
            "</at:deleted-entry>"
        )
    )
    assert (entry.guid, entry.pubstatus, entry.editors_note) == ("urn:e:1", "canceled", "Wrong")


def test_a_tombstone_beats_the_versioned_entry_it_buries():
    parsed = parse(
        atom(
            '<at:deleted-entry ref="urn:e:1" when="2024-05-02T00:00:00Z"/><entry><id>urn:e:1</id><title>x</title>'
            "<nar:version>9</nar:version><updated>2024-05-01T00:00:00Z</updated></entry>"
        )
    )
    assert [entry.pubstatus for entry in parsed.entries] == ["canceled"]


def test_the_source_gives_what_the_entry_leaves_out():
    entry = atom_entry(
        "<id>1</id><title>x</title><source><title>Agency</title><rights>(c) Agency</rights><author><name>Carol"
        "</name></author></source>"
    )
    assert (entry.credit, entry.copyright_notice, entry.byline) == ("Agency", "(c) Agency", "Carol")


def test_languages_of_feed_and_entry_are_kept_apart():
    parsed = parse(atom("<entry xml:lang='ru'><id>1</id><title>x</title></entry>", attributes="xml:lang='kk-KZ'"))
    assert (parsed.language, parsed.entries[0].language) == ("kk-KZ", "ru")


def test_an_enclosure_and_content_out_of_line_become_renditions():
    entry = atom_entry(
        '<id>1</id><title>x</title><link rel="enclosure" href="https://a.example/v.mp4" type="video/mp4" length="5"/>'
        '<content src="https://a.example/full.html" type="text/html"/>'
    )
    assert [(r.href, r.rel, r.size_bytes) for r in entry.renditions] == [
        ("https://a.example/v.mp4", "enclosure", 5),
        ("https://a.example/full.html", "content", None),
    ]


def test_a_single_entry_document_is_read():
    entry = only_entry(b'<entry xmlns="http://www.w3.org/2005/Atom"><id>1</id><title>x</title></entry>')
    assert entry.guid == "1"


def test_status_and_embargo_of_the_exchange_are_honoured():
    entry = atom_entry(
        "<id>1</id><title>x</title><nar:pubStatus>canceled</nar:pubStatus><nar:embargoed>soon</nar:embargoed>"
    )
    assert entry.pubstatus == "canceled"
    assert entry.is_held_indefinitely, "an embargo that cannot be read must not publish"


def test_every_text_link_and_origin_is_kept():
    entry = atom_entry(
        "<id>1</id><title xml:lang='sr'>Naslov</title><summary>S</summary><content type='html'>&lt;p&gt;B&lt;/p&gt;"
        "</content><link rel='related' href='https://a.example/2' title='Other'/><link rel='via' "
        "href='https://b.example/1'/><link rel='license' href='https://a.example/l'/><link href='https://a.example/1'/>"
        "<rights>© A</rights><source><id>urn:feed:b</id><title>Agency B</title>"
        "<updated>2024-01-02T00:00:00Z</updated></source>"
    )
    assert entry.texts == (
        Text("headline", "Naslov", language="sr"),
        Text("summary", "<p>S</p>"),
        Text("body", "<p>B</p>"),
    )
    assert [(one.role, one.href) for one in entry.associations] == [
        ("related", "https://a.example/2"),
        ("via", "https://b.example/1"),
    ]
    assert entry.alt_ids == (("source", "urn:feed:b"),)
    assert entry.hops == (Hop("Agency B", action="source"),)
    assert entry.rights == (
        RightsStatement(notice="© A", usage_terms="https://a.example/l", link="https://a.example/l"),
    )


def test_a_feed_in_an_unknown_or_no_namespace_is_read_all_the_same():
    for namespace in ("", " xmlns='http://example.com/not-atom'", " xmlns='http://www.w3.org/2005/Atom/'"):
        payload = (
            f"<feed{namespace}><title>F</title><entry><id>1</id><title>Head</title><content>Words</content>"
            "<link href='https://a.example/1'/><updated>2024-01-02T00:00:00Z</updated></entry></feed>"
        ).encode()
        entry = only_entry(payload)
        assert (entry.guid, entry.headline, entry.body) == ("1", "Head", "<p>Words</p>")
        assert (entry.link, entry.updated_at) == ("https://a.example/1", datetime(2024, 1, 2, tzinfo=UTC))


@pytest.mark.parametrize(
    "said",
    [
        "<link rel='license' href='https://a.example/l'/>",
        "<dcterms:license xmlns:dcterms='http://purl.org/dc/terms/'>https://a.example/l</dcterms:license>",
    ],
)
def test_the_licence_of_a_feed_is_that_of_its_entries_without_one(said):
    own = "<entry><title>y</title><link rel='license' href='https://a.example/own'/></entry>"
    silent, licensed = parse(atom(f"{said}<entry><title>x</title></entry>{own}")).entries
    assert silent.usage_terms == "https://a.example/l"
    assert silent.rights == (RightsStatement(usage_terms="https://a.example/l", link="https://a.example/l"),)
    assert licensed.usage_terms == "https://a.example/own"
