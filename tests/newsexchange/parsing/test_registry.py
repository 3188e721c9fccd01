import contextlib

import pytest

from newsexchange.constants import FeedFormat
from newsexchange.parsing.base import DocumentError, ReasonCode
from newsexchange.parsing.registry import FORMATS, detect, parse
from tests.newsexchange.parsing.documents import NAR, atom, only_entry, only_problem, rss


def test_every_format_is_registered_under_the_name_that_a_feed_is_configured_with():
    assert {"auto", *FORMATS} == set(FeedFormat.values)
    assert list(FORMATS)[-1] == "ninjs", "any JSON object is offered to it"


@pytest.mark.parametrize(
    ("payload", "content_type", "expected"),
    [
        (b"<rss/>", "", "rss"),
        (b'<?xml version="1.0"?><!-- <feed> --><!DOCTYPE rss [<!ENTITY a "b">]>\n<rss/>', "", "rss"),
        (b'<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>', "", "rss"),
        (b'\xef\xbb\xbf<feed xmlns="http://www.w3.org/2005/Atom"/>', "text/html", "atom"),
        ("<feed/>".encode("utf-16"), "", "atom"),
        (b"<a:entry xmlns:a='http://www.w3.org/2005/Atom'/>", "", "atom"),
        (b'{"title": "x", "version": "https://jsonfeed.org/version/1.1"}', "", "jsonfeed"),
        (b'{"title": "x"}', "application/feed+json", "jsonfeed"),
        (b'{"items": [' + b" " * 100_000 + b'], "version": "https://jsonfeed.org/version/1.1"}', "", "jsonfeed"),
        (b'{"uri": "x"}', "application/json", "ninjs"),
        (b" [ ]", "", "ninjs"),
        (f"<newsMessage {NAR}/>".encode(), "", "newsml-g2"),
        (b'<!DOCTYPE NewsML SYSTEM "NewsML_1.2.dtd"><NewsML/>', "", "newsml-1"),
        (b'<?xml version="1.0"?><nitf/>', "", "nitf"),
        (b"<CHANNEL/>", "", "rss"),
        (f"<n:packageItem xmlns:n='{NAR}'/>".encode(), "", "newsml-g2"),
    ],
)
def test_a_document_is_recognised_by_what_it_is(payload, content_type, expected):
    assert detect(payload, content_type) == expected


@pytest.mark.parametrize(
    "payload",
    [
        b"<!DOCTYPE html><html><body>Sign in</body></html>",
        b"hello",
        b"\x89PNG\r\n\x1a\n" + bytes(300),
        b"<opml/>",
        b"%PDF-1.7",
    ],
)
def test_anything_else_is_refused_with_what_it_looks_like(payload):
    with pytest.raises(DocumentError) as refused:
        parse(payload)
    assert refused.value.reason in {ReasonCode.UNKNOWN_FORMAT, ReasonCode.BAD_ENCODING}


def test_an_unknown_format_name_is_refused():
    with pytest.raises(DocumentError):
        parse(b"<rss/>", format="opml")


@pytest.mark.parametrize("format_name", list(FORMATS))
@pytest.mark.parametrize("payload", [b"<html><p>x</html>", b"[1,2]", b'{"a":', b"\x00\x01", rss(""), atom("")])
def test_a_wrongly_configured_format_raises_nothing_but_a_document_error(format_name, payload):
    with contextlib.suppress(DocumentError):
        assert parse(payload, format=format_name).format == format_name


def test_the_identity_falls_back_to_the_link_and_then_to_the_text():
    assert (
        only_entry(rss("<item><title>x</title><link>https://a.example/1</link></item>")).guid == "https://a.example/1"
    )
    by_text = [only_entry(rss(f"<item><title>{title}</title></item>")).guid for title in ("x", "x", "y")]
    assert by_text[0] == by_text[1] != by_text[2]
    assert by_text[0].startswith("urn:sha256:")


def test_an_entry_without_a_text_is_a_problem_that_shows_it():
    problem = only_problem(parse(rss("<item><guid>g</guid><pubDate>Thu, 01 Jan 2004 19:48:21 GMT</pubDate></item>")))
    assert (problem.reason, problem.guid) == (ReasonCode.NO_TEXT, "g")
    assert b"2004" in problem.raw


def test_the_only_text_of_an_entry_is_its_body():
    entry = only_entry(atom("<entry><id>1</id><summary>only this</summary></entry>"))
    assert (entry.body, entry.summary) == ("<p>only this</p>", "")


def test_an_empty_feed_is_an_empty_document():
    parsed = parse(rss("", channel="<title>Quiet</title>"))
    assert (parsed.format, parsed.title, parsed.entries, parsed.problems) == ("rss", "Quiet", (), ())


def test_an_identical_duplicate_is_silent():
    parsed = parse(rss("<item><guid>1</guid><title>x</title></item>" * 2))
    assert (len(parsed.entries), parsed.problems) == (1, ())


def entries_of(*entries: str):  # type: ignore[no-untyped-def]
    return parse(atom("".join(f"<entry><id>1</id>{entry}</entry>" for entry in entries)))


@pytest.mark.parametrize(
    ("first", "second", "winner"),
    [
        ("<title>a</title>", "<title>b</title>", "b"),
        ("<title>a</title><nar:version>3</nar:version>", "<title>b</title><nar:version>2</nar:version>", "a"),
        ("<title>a</title><updated>2024-01-02</updated>", "<title>b</title><updated>2024-01-01</updated>", "a"),
        ("<title>a</title><updated>2024-01-02</updated>", "<title>b</title>", "b"),
    ],
)
def test_the_newest_of_two_different_duplicates_wins_and_the_other_is_reported(first, second, winner):
    parsed = entries_of(first, second)
    assert [entry.headline for entry in parsed.entries] == [winner]
    assert [(problem.reason, problem.guid) for problem in parsed.problems] == [(ReasonCode.BAD_STRUCTURE, "1")]
