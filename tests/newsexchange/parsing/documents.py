"""Small documents of our own for the parser tests, and the shortest way to one entry."""

from newsexchange.parsing.base import Entry, ParsedDocument, Problem
from newsexchange.parsing.registry import parse

NAR = 'xmlns="http://iptc.org/std/nar/2006-10-01/"'
RSS_NAMESPACES = (
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:dcterms="http://purl.org/dc/terms/" xmlns:media="http://search.yahoo.com/mrss/" '
    'xmlns:atom="http://www.w3.org/2005/Atom" xmlns:nar="http://iptc.org/std/nar/2006-10-01/" '
    'xmlns:creativeCommons="http://backend.userland.com/creativeCommonsRssModule"'
)


def rss(items: str, *, channel: str = "", attributes: str = "") -> bytes:
    """An RSS 2.0 feed with every module bound."""
    return f'<rss version="2.0" {RSS_NAMESPACES} {attributes}><channel>{channel}{items}</channel></rss>'.encode()


def atom(entries: str, *, attributes: str = "") -> bytes:
    """An Atom 1.0 feed."""
    namespaces = 'xmlns:nar="http://iptc.org/std/nar/2006-10-01/" xmlns:at="http://purl.org/atompub/tombstones/1.0"'
    return f'<feed xmlns="http://www.w3.org/2005/Atom" {namespaces} {attributes}>{entries}</feed>'.encode()


def news_item(
    *,
    meta: str = "",
    content_meta: str = "",
    content: str = "",
    rights: str = "",
    attributes: str = 'guid="urn:x:1" version="3"',
) -> str:
    """A NewsML-G2 news item; the four blocks are filled as given."""
    return (
        f"<newsItem {NAR} {attributes}><rightsInfo>{rights}</rightsInfo><itemMeta>{meta}</itemMeta>"
        f"<contentMeta>{content_meta}</contentMeta><contentSet>{content}</contentSet></newsItem>"
    )


def message(*items: str) -> bytes:
    """A NewsML-G2 news message around items."""
    return f"<newsMessage {NAR}><header/><itemSet>{''.join(items)}</itemSet></newsMessage>".encode()


def only_entry(payload: bytes, format_name: str = "auto", content_type: str = "") -> Entry:
    """The one entry of a document without problems."""
    parsed = parse(payload, format=format_name, content_type=content_type)
    assert parsed.problems == ()
    (entry,) = parsed.entries
    return entry


def only_problem(parsed: ParsedDocument) -> Problem:
    """The one problem of a document without entries."""
    assert parsed.entries == ()
    (problem,) = parsed.problems
    return problem


def rss_entry(item: str, *, channel: str = "", attributes: str = "") -> Entry:
    """The entry made of one RSS item."""
    return only_entry(rss(f"<item>{item}</item>", channel=channel, attributes=attributes))


def atom_entry(entry: str, *, attributes: str = "") -> Entry:
    """The entry made of one Atom entry."""
    return only_entry(atom(f"<entry>{entry}</entry>", attributes=attributes))
