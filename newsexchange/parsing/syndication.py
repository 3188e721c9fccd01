"""What RSS and Atom share: elements found by prefix, Media RSS, and an honest reading of damaged documents."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from lxml import etree

from newsexchange.parsing.base import Collected, DocumentError, Entity, ParsedDocument, Problem, ReasonCode, Rendition
from newsexchange.parsing.markup import absolute, one_line, raw_of, text_of, tidy, whole_number
from newsexchange.parsing.preflight import check_entry_count, load_damaged_xml, load_xml
from newsexchange.parsing.status import IPTC_NAR

PREFIXES = {
    "http://purl.org/rss/1.0/": "",
    "http://my.netscape.com/rdf/simple/0.9/": "",
    "http://channel.netscape.com/rdf/simple/0.9/": "",
    "http://backend.userland.com/rss2": "",
    "http://blogs.law.harvard.edu/tech/rss": "",
    "http://www.w3.org/2005/Atom": "atom:",
    "http://purl.org/atom/ns#": "atom:",
    "http://purl.org/rss/1.0/modules/content/": "content:",
    "http://purl.org/dc/elements/1.1/": "dc:",
    "http://purl.org/dc/terms/": "dcterms:",
    "http://search.yahoo.com/mrss": "media:",
    "http://search.yahoo.com/mrss/": "media:",
    "http://backend.userland.com/creativeCommonsRssModule": "creativeCommons:",
    "http://creativecommons.org/ns#": "cc:",
    "http://web.resource.org/cc/": "cc:",
    "http://www.w3.org/1999/xhtml": "xhtml:",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes:",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf:",
    "http://purl.org/atompub/tombstones/1.0": "at:",
    "http://purl.org/atompub/tombstones/1.0/": "at:",
    IPTC_NAR: "nar:",
}

Children = dict[str, list[etree._Element]]


def prefixed_name(element: etree._Element) -> str:
    """The name as "dc:creator", or "title" for the format's own. A prefix that was never bound is believed."""
    if not isinstance(element.tag, str):
        return ""
    namespace, _, name = element.tag.rpartition("}")
    return PREFIXES.get(namespace[1:], "?:") + name if namespace else name


def children_of(element: etree._Element) -> Children:
    """The child elements by prefixed name."""
    found: Children = defaultdict(list)
    for child in element:
        found[prefixed_name(child)].append(child)
    return found


def first(children: Children, *names: str) -> etree._Element | None:
    """The first child under the first of these names that has one."""
    return next((children[name][0] for name in names if children.get(name)), None)


def first_text(children: Children, *names: str) -> str:
    """The first text that is not empty, in the order of the names."""
    return next((text for name in names for child in children.get(name, ()) if (text := text_of(child))), "")


def texts(children: Children, *names: str) -> tuple[str, ...]:
    """All different texts that are not empty, each on one line."""
    return tuple(
        dict.fromkeys(text for name in names for child in children.get(name, ()) if (text := one_line(text_of(child))))
    )


def load(text: str, *names: str) -> tuple[etree._Element, list[etree._Element], Collected]:
    """The root, the entries under these local names, and problems for those that damage lost or cut short."""
    collected = Collected()
    damage = ""
    try:
        root = load_xml(text)
    except DocumentError as error:
        if error.reason != ReasonCode.NOT_WELL_FORMED:
            raise
        damage = error.detail
        root = load_damaged_xml(text)
    tags = _tags(names)
    check_entry_count(sum(1 for _ in root.iter(*tags)))
    if damage:
        trusted = _trusted(text, root, names, collected, damage)
        if not trusted and not collected.problems:  # the entries may have been in the part that is lost
            raise DocumentError(ReasonCode.NOT_WELL_FORMED, damage)
        return root, trusted, collected
    return (
        root,
        [element for element in root.iter(*tags) if next(element.iterancestors(*tags), None) is None],
        collected,
    )


def _tags(names: tuple[str, ...]) -> tuple[str, ...]:
    # In a recovered document a prefix that was never bound remains part of the tag.
    return (*(f"{{*}}{name}" for name in names), "atom:entry", "at:deleted-entry")


def _trusted(
    text: str, root: etree._Element, names: tuple[str, ...], collected: Collected, detail: str
) -> list[etree._Element]:
    """The entries with an end tag of their own: half a story must not be stored as if it were whole."""
    tags = _tags(names)
    entries = [element for element in root.iter(*tags) if next(element.iterdescendants(*tags), None) is None]
    swallowing = [element for element in root.iter(*tags) if next(element.iterdescendants(*tags), None) is not None]
    either = "|".join(names)
    visible = re.sub(r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)", "", text, flags=re.DOTALL)
    opened = len(re.findall(rf"<(?:[\w-]+:)?(?:{either})(?=[\s>])(?![^<>]*/>)", visible))
    closed = len(re.findall(rf"</(?:[\w-]+:)?(?:{either})\s*>", visible))
    if opened - closed > len(swallowing) and entries:
        swallowing.append(entries.pop())
    collected.problems += [
        Problem(ReasonCode.NOT_WELL_FORMED, f"the entry has no end: {detail}", raw=raw_of(cut)) for cut in swallowing
    ]
    missing = opened - len(entries) - len(swallowing)
    if missing > 0:
        collected.problems.append(
            Problem(ReasonCode.NOT_WELL_FORMED, f"{missing} entries could not be told apart: {detail}")
        )
    return entries


def media_renditions(children: Children, base: str) -> tuple[Rendition, ...]:
    """Media RSS contents and thumbnails, also those in groups."""
    found: list[Rendition] = []
    groups = [children, *(children_of(group) for group in children.get("media:group", ()))]
    for members in groups:
        for content in members.get("media:content", ()):
            inner = children_of(content)
            if href := absolute(base, content.get("url")):
                found.append(_media_content(content, inner, href))
            found += _thumbnails(inner, base)
        found += _thumbnails(members, base)
    return tuple(found)


def _media_content(content: etree._Element, inner: Children, href: str) -> Rendition:
    digest = first(inner, "media:hash")
    seconds = whole_number(content.get("duration"))
    return Rendition(
        href=href,
        rel=tidy(content.get("medium")) or "media",
        content_type=tidy(content.get("type")),
        title=one_line(first_text(inner, "media:title", "media:description")),
        size_bytes=whole_number(content.get("fileSize")),
        width=whole_number(content.get("width")),
        height=whole_number(content.get("height")),
        duration_ms=None if seconds is None else seconds * 1000,
        checksum="" if digest is None else f"{digest.get('algo', 'md5')}:{text_of(digest)}",
    )


def _thumbnails(members: Children, base: str) -> Iterator[Rendition]:
    for thumbnail in members.get("media:thumbnail", ()):
        if href := absolute(base, thumbnail.get("url")):
            width, height = whole_number(thumbnail.get("width")), whole_number(thumbnail.get("height"))
            yield Rendition(href=href, rel="thumbnail", width=width, height=height)


def people_named(names: Iterable[str], role: str) -> tuple[Entity, ...]:
    """A person for each different name."""
    return tuple(Entity(name=name, role=role) for name in dict.fromkeys(names))


def document(format_name: str, collected: Collected, *, language: str, title: str) -> ParsedDocument:
    """What was collected, frozen."""
    return ParsedDocument(
        format_name, tuple(collected.entries), tuple(collected.problems), language=language, title=title
    )
