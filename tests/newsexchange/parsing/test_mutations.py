"""Damaged documents, the same ones in every run: whatever happens to the bytes, only a DocumentError may come out."""

import random

import pytest

from newsexchange.parsing.base import DocumentError
from newsexchange.parsing.registry import FORMATS, parse
from newsexchange.parsing.sanitise import clean_html, html_to_text
from tests.newsexchange.parsing import test_newsml_1
from tests.newsexchange.parsing.documents import message, news_item
from tests.newsexchange.parsing.test_against_feedparser import FEEDS, MEDIA
from tests.newsexchange.parsing.test_ninjs import VERSION_1, VERSION_3, ninjs
from tests.newsexchange.parsing.test_nitf import nitf

DOCUMENTS = [
    *FEEDS.values(),
    MEDIA,
    nitf(
        docdata='<doc-id id-string="k_2"/><du-key key="k"/><date.release norm="20240102"/>',
        body="<p>A <em>B</em></p><media><media-reference source='https://a.example/p' width='1'/></media>",
    ),
    test_newsml_1.message(
        test_newsml_1.item(
            test_newsml_1.component(
                test_newsml_1.words("Caption", "Caption")
                + test_newsml_1.component(test_newsml_1.PICTURE.format(href="https://a.example/p"), "Main")
            )
        )
    ),
    ninjs([VERSION_1, VERSION_3]),
    b'{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1", "content_html": "<p>a</p>", "tags": '
    b'["x"], "_exchange": {"version": 1}}]}',
    message(
        news_item(
            meta='<versionCreated>2024-01-01T00:00:00Z</versionCreated><embargoed/><pubStatus qcode="stat:usable"/>',
            content_meta="<headline>Head</headline>",
            content='<inlineXML contenttype="application/nitf+xml"><nitf '
            'xmlns="http://iptc.org/std/NITF/2006-10-18/"><body>'
            "<body.content><p>A <em>B</em></p></body.content></body></nitf></inlineXML>",
        )
    ),
]
SPLINTERS = [
    *(b"<", b">", b"&", b"&#0;", b"&nbsp;", b"]]>", b"<![CDATA[", b"<!--", b"</item>", b"<item>", b"<entry>"),
    *(b"\x00", b"\xff", b"\xe2\x28", b"\xef\xbb\xbf", b"\xff\xfe", b"\\ud800"),
    *(b'"', b"{", b"}", b"]", b"null", b"1e999", b"-1", b"http://[", b"<!ENTITY x 'y'>"),
]


def damaged(document: bytes, dice: random.Random) -> bytes:
    payload = bytearray(document)
    for _ in range(dice.randint(1, 4)):
        at = dice.randrange(len(payload) + 1)
        match dice.randrange(5):
            case 0:
                del payload[at:]
            case 1:
                payload[at : at + dice.randint(1, 30)] = b""
            case 2:
                payload[at:at] = dice.choice(SPLINTERS)
            case 3:
                payload[at : at + 1] = bytes([dice.randrange(256)])
            case 4:
                payload[at:at] = payload[at : at + dice.randint(1, 200)]
    return bytes(payload)


@pytest.mark.parametrize("seed", range(60))
def test_no_mutation_raises_anything_but_a_document_error(seed):
    dice = random.Random(seed)
    for document in DOCUMENTS:
        payload = damaged(document, dice)
        for format_name in ("auto", dice.choice(list(FORMATS))):
            try:
                parsed = parse(payload, format=format_name)
            except DocumentError:
                continue
            for entry in parsed.entries:
                assert entry.guid
                assert entry.headline or entry.body or entry.pubstatus == "canceled"
                assert entry.raw
                clean_html(entry.body)
                html_to_text(entry.body).encode()
            assert all(problem.reason and problem.detail for problem in parsed.problems)
