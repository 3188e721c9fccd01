import contextlib
import time

import pytest

from newsexchange.parsing.base import DocumentError, ReasonCode
from newsexchange.parsing.preflight import MAX_ATTRIBUTES, MAX_BYTES, MAX_DEPTH, MAX_ENTRIES
from newsexchange.parsing.registry import parse
from tests.newsexchange.parsing.documents import only_entry, rss


def reason_of(payload: bytes) -> str:
    with pytest.raises(DocumentError) as refused:
        parse(payload)
    return refused.value.reason


@pytest.mark.parametrize(
    "ending", [b"/></channel></rss>", b"><b></channel></rss>", b""], ids=["whole", "damaged", "truncated"]
)
def test_two_hundred_thousand_attributes_are_refused_quickly(ending):
    payload = b"<rss><channel><item " + b" ".join(b'a%d="1"' % number for number in range(200_000)) + ending
    started = time.process_time()
    assert reason_of(payload) in {ReasonCode.TOO_LARGE, ReasonCode.NOT_WELL_FORMED}
    assert time.process_time() - started < 3, "feedparser needs 40 s; the guard is meant to save them"


def test_the_attribute_limit_is_exact():
    def feed(count: int) -> bytes:
        return rss("<item " + " ".join(f'a{number}="1"' for number in range(count)) + "><title>x</title></item>")

    assert only_entry(feed(MAX_ATTRIBUTES)).headline == "x"
    assert reason_of(feed(MAX_ATTRIBUTES + 1)) == ReasonCode.TOO_LARGE


def test_nesting_is_limited():
    def feed(depth: int) -> bytes:
        return rss("<item><title>x</title><description>" + "<div>" * depth + "</div>" * depth + "</description></item>")

    assert only_entry(feed(MAX_DEPTH - 4)).headline == "x"
    assert reason_of(feed(MAX_DEPTH)) == ReasonCode.TOO_DEEP
    assert reason_of(feed(100_000)) in {ReasonCode.TOO_DEEP, ReasonCode.NOT_WELL_FORMED}


def test_size_is_limited():
    assert reason_of(b"<rss>" + b" " * MAX_BYTES + b"</rss>") == ReasonCode.TOO_LARGE


@pytest.mark.parametrize("payload", [b"", b" \n ", b"\xef\xbb\xbf"])
def test_an_empty_document_is_refused(payload):
    assert reason_of(payload) in {ReasonCode.NOT_WELL_FORMED, ReasonCode.UNKNOWN_FORMAT}


BOMB = '<!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa">' + "".join(
    f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)
)


@pytest.mark.parametrize(
    "payload",
    [
        BOMB + "]><rss><channel><item><title>&j;</title></item></channel></rss>",
        BOMB + ']><rss><channel x="&j;"><item><title>x</title></item></channel></rss>',
        '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><channel><item><title>&x;</title></item>'
        "</channel></rss>",
        '<!DOCTYPE rss [<!ENTITY eacute SYSTEM "file:///etc/passwd">]><rss><channel><item><title>&eacute;'
        "</title></item></channel></rss>",
        '<!DOCTYPE rss [<!ENTITY % x SYSTEM "http://127.0.0.1:9/x">%x;]><rss><channel><item><title>&y;</title>'
        "</item></channel></rss>",
    ],
    ids=["bomb-in-text", "bomb-in-attribute", "file", "file-behind-a-known-name", "parameter"],
)
def test_no_entity_is_expanded_and_no_file_or_address_opened(payload):
    started = time.process_time()
    try:
        parsed = parse(payload.encode())
    except DocumentError:
        pass
    else:
        assert all(entry.headline in {"x", "é", "&y;"} for entry in parsed.entries)
        assert all(b"root:" not in entry.raw for entry in parsed.entries)
    assert time.process_time() - started < 1


@pytest.mark.parametrize(
    "doctype",
    [
        "",
        '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" '
        '"http://my.netscape.com/publish/formats/rss-0.91.dtd">',
        '<!DOCTYPE rss [<!ENTITY eacute "&#233;">]>',
        '<!DOCTYPE rss [<!ENTITY % HTMLlat1 PUBLIC "-//W3C//ENTITIES Latin 1 for XHTML//EN" '
        '"http://127.0.0.1:9/lat1.ent"> %HTMLlat1;]>',
    ],
    ids=["none", "public", "character", "latin-1"],
)
def test_document_types_are_tolerated_and_known_characters_understood(doctype):
    payload = (
        f'<?xml version="1.0"?>{doctype}<rss version="0.91"><channel><item><title>Caf&eacute; x</title>'
        "</item></channel></rss>"
    )
    assert only_entry(payload.encode()).headline == "Café x"


def test_space_before_the_declaration_is_forgiven():
    assert (
        only_entry(b'\n\n  <?xml version="1.0"?><rss><channel><item><title>x</title></item></channel></rss>').headline
        == "x"
    )


@pytest.mark.parametrize(
    "payload",
    [
        b"<rss><channel>" + b"<item/>" * (MAX_ENTRIES + 1) + b"</channel></rss>",
        b"<rss><channel>& " + b"<item " * (MAX_ENTRIES + 1),
        b"[" + b"1," * MAX_ENTRIES + b"1]",
        b'{"version": "https://jsonfeed.org/version/1", "items": [' + b"1," * MAX_ENTRIES + b"1]}",
        b'<newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/">'
        b"<itemSet>" + b"<a/>" * (MAX_ENTRIES + 1) + b"</itemSet></newsMessage>",
    ],
    ids=["rss", "damaged", "ninjs", "jsonfeed", "newsml-g2"],
)
def test_the_number_of_entries_is_limited(payload):
    assert reason_of(payload) == ReasonCode.TOO_LARGE


@pytest.mark.parametrize("opening", ["<![CDATA[", "<!--", "& <item "])
def test_what_is_never_closed_costs_no_quadratic_time(opening):
    payload = rss("<item><title>a & b</title><description>" + opening * 200_000)
    started = time.process_time()
    with contextlib.suppress(DocumentError):
        parse(payload)
    assert time.process_time() - started < 3
