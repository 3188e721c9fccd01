"""Child elements of RSS and Atom by the prefixes that everybody uses, whatever the document binds them to."""

from collections import defaultdict
from functools import lru_cache

from lxml import etree

from newsexchange.parsing.markup import one_line, text_of
from newsexchange.parsing.status import IPTC_NAR

# Without scheme, case, and a last "/" or "#": that much differs between documents that mean the same module.
PREFIXES = {
    "purl.org/rss/1.0": "",
    "my.netscape.com/rdf/simple/0.9": "",
    "channel.netscape.com/rdf/simple/0.9": "",
    "backend.userland.com/rss": "",
    "backend.userland.com/rss2": "",
    "backend.userland.com/rss091": "",
    "blogs.law.harvard.edu/tech/rss": "",
    "cyber.law.harvard.edu/rss": "",
    "cyber.harvard.edu/rss/rss.html": "",
    "www.rssboard.org/rss-specification": "",
    "www.w3.org/2005/atom": "atom:",
    "purl.org/atom/ns": "atom:",
    "purl.org/rss/1.0/modules/content": "content:",
    "purl.org/dc/elements/1.1": "dc:",
    "purl.org/dc/elements/1.0": "dc:",
    "purl.org/dc/terms": "dcterms:",
    "search.yahoo.com/mrss": "media:",
    "search.yahoo.com/mrss/index.html": "media:",
    "video.search.yahoo.com/mrss": "media:",
    "www.rssboard.org/media-rss": "media:",
    "backend.userland.com/creativecommonsrssmodule": "creativeCommons:",
    "cyber.law.harvard.edu/rss/creativecommonsrssmodule.html": "creativeCommons:",
    "creativecommons.org/ns": "cc:",
    "web.resource.org/cc": "cc:",
    "www.w3.org/1999/xhtml": "xhtml:",
    "www.itunes.com/dtds/podcast-1.0.dtd": "itunes:",
    "www.itunes.com/dtds/podcast-1.0": "itunes:",
    "podcastindex.org/namespace/1.0": "podcast:",
    "github.com/podcastindex-org/podcast-namespace/blob/main/docs/1.0.md": "podcast:",
    "www.w3.org/1999/02/22-rdf-syntax-ns": "rdf:",
    "purl.org/atompub/tombstones/1.0": "at:",
    "purl.org/syndication/thread/1.0": "thr:",
    "wellformedweb.org/commentapi": "wfw:",
    IPTC_NAR.partition("//")[2].rstrip("/").lower(): "nar:",
}
UNKNOWN = "?:"
# Prefixes that nobody binds to anything else: a namespace of the same name that is misspelt means the module.
TELLING = frozenset({"dc", "dcterms", "content", "media", "itunes", "podcast", "nar"})
# Names of RSS that differ in case from what software writes; CDF wrote everything in capitals.
RSS_NAMES = {
    name.lower(): name
    for name in ("title", "link", "description", "pubDate", "guid", "author", "category", "enclosure", "source",
                 "comments", "language", "copyright", "channel", "item", "expirationDate", "fullText", "fullitem",
                 "abstract", "image", "url", "managingEditor", "webMaster", "lastBuildDate", "textInput")
}  # fmt: skip

Children = dict[str, list[etree._Element]]


@lru_cache(maxsize=4096)
def _prefixed(tag: str) -> str:
    namespace, _, name = tag.rpartition("}")
    if not namespace:
        return name if ":" in name else RSS_NAMES.get(name.lower(), name)
    address = namespace[1:].partition("://")[2] or namespace[1:]
    prefix = PREFIXES.get(address.lower().rstrip("/#"), UNKNOWN)
    return RSS_NAMES.get(name.lower(), name) if prefix == "" else prefix + name


def prefixed_name(element: etree._Element) -> str:
    """The name as "dc:creator", or "title" for the format's own. A prefix that was never bound is believed."""
    return _prefixed(element.tag) if isinstance(element.tag, str) else ""


def children_of(element: etree._Element, own: str = "") -> Children:
    """The child elements by prefixed name.

    ``own`` is the prefix of the format: elements without a namespace, or in the unknown one of their parent, bear it.
    """
    found: Children = defaultdict(list)
    for child in element:
        tag = child.tag
        if not isinstance(tag, str):
            continue
        name = _prefixed(tag)
        if name.startswith(UNKNOWN) and _namespace(tag) == _namespace(element.tag):
            name = own + name[len(UNKNOWN) :]
        elif name.startswith(UNKNOWN) and child.prefix in TELLING:
            name = f"{child.prefix}:{name[len(UNKNOWN) :]}"
        elif own and ":" not in name:
            name = own + (name.lower() if name.isupper() else name)
        found[name].append(child)
    return found


def _namespace(tag: str) -> str:
    return tag.rpartition("}")[0]


def first(children: Children, *names: str) -> etree._Element | None:
    """The first child under the first of these names that has one."""
    for name in names:
        if name in children:
            return children[name][0]
    return None


def first_text(children: Children, *names: str) -> str:
    """The first text that is not empty, in the order of the names."""
    for name in names:
        for child in children.get(name, ()):
            if text := text_of(child):
                return text
    return ""


def texts(children: Children, *names: str) -> tuple[str, ...]:
    """All different texts that are not empty, each on one line."""
    found = [child for name in names if name in children for child in children[name]]
    return tuple(dict.fromkeys(text for child in found if (text := one_line(text_of(child))))) if found else ()
