import pytest

from mediaexchange.core.outgoing.errors import RefusedUrlError
from mediaexchange.core.outgoing.target import parse_target


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("HTTP://Example.COM", "http://example.com/"),
        ("https://example.com.:443/a?b=c#d", "https://example.com/a?b=c"),
        ("http://example.com:443/", "http://example.com:443/"),
        (
            "https://новости.рф/лента?яз=kk",
            "https://xn--b1amnebsh.xn--p1ai/%D0%BB%D0%B5%D0%BD%D1%82%D0%B0?%D1%8F%D0%B7=kk",
        ),
        ("http://example.com/a b%20c", "http://example.com/a%20b%20c"),
        ("http://my_feeds.example.com/", "http://my_feeds.example.com/"),
        ("http://ＥＸＡＭＰＬＥ。com/", "http://example.com/"),
        ("http://2130706433/", "http://127.0.0.1/"),
        ("http://0x7f.1/", "http://127.0.0.1/"),
        ("http://0177.0.0.01/", "http://127.0.0.1/"),
        ("http://127.1./", "http://127.0.0.1/"),
        ("http://１２７.０.０.１/", "http://127.0.0.1/"),
        ("http://[0:0:0:0:0:0:0:1]/", "http://[::1]/"),
        ("http://[::ffff:127.0.0.1]/", "http://[::ffff:7f00:1]/"),
    ],
)
def test_a_url_is_read_in_one_plain_form(written: str, meant: str) -> None:
    assert parse_target(written).url == meant


def test_a_cyrillic_letter_in_a_latin_name_becomes_visible() -> None:
    assert parse_target("https://p\u0430rtner.example/").host == "xn--prtner-3nf.example"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "/feed",
        "file:///etc/passwd",
        "ftp://example.com/",
        "gopher://example.com/",
        "javascript:alert(1)",
        "http://",
        "http:///feed",
        "http://user@example.com/",
        "http://user:secret@example.com/",
        "http://@example.com/",
        "http://example.com:99999/",
        "http://example.com:http/",
        "http://exam ple.com/",
        "http://example.com\\@127.0.0.1/",
        "http://example.com/\r\nX-Injected: 1",
        "http://exa\tmple.com/",
        "http://example..com/",
        "http://example.com../",
        "http://.example.com/",
        "http://-example.com/",
        "http://%31%32%37.0.0.1/",
        "http://1.2.3.4.5/",
        "http://256.256.256.256/",
        "http://4294967296/",
        "http://0x100000000/",
        "http://08.0.0.1/",
        "http://example.1/",
        "http://[::1/",
        "http://[::1]evil.example/",
        "http://[fe80::1%25eth0]/",
        "http://[fe80::1%eth0]/",
        "http://[127.0.0.1]/",
        "http://" + "a" * 64 + ".example/",
        "http://example.com/" + "a" * 5000,
    ],
)
def test_a_url_that_could_be_read_in_two_ways_is_refused(url: str) -> None:
    with pytest.raises(RefusedUrlError):
        parse_target(url)


def test_a_password_in_a_url_does_not_reach_the_error() -> None:
    with pytest.raises(RefusedUrlError) as refusal:
        parse_target("http://user:secret@example.com/?key=hidden")
    assert "secret" not in refusal.value.detail
    assert "hidden" not in refusal.value.detail


@pytest.mark.parametrize(
    ("location", "followed"),
    [
        ("/b", "http://example.com/b"),
        ("c?d", "http://example.com/a/c?d"),
        ("//other.example/x", "http://other.example/x"),
        ("https://example.com/a/feed", "https://example.com/a/feed"),
        (" /b#part ", "http://example.com/b"),
        ("/с".encode().decode("latin-1"), "http://example.com/%D1%81"),
    ],
)
def test_a_location_is_read_against_the_url_that_sent_it(location: str, followed: str) -> None:
    assert parse_target("http://example.com/a/feed").follow(location).url == followed
