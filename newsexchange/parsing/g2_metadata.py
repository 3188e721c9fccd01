"""What NewsML-G2 says about an item beside its content."""

import re
from collections.abc import Iterator

from lxml import etree

from newsexchange.parsing.base import Entity, Rendition
from newsexchange.parsing.markup import (
    XML_NS,
    absolute,
    inner_html,
    language_tag,
    local_name,
    one_line,
    plain_to_html,
    text_of,
    tidy,
    whole_number,
)
from newsexchange.parsing.sanitise import html_to_text
from newsexchange.parsing.status import IPTC_NAR

NAR = f"{{{IPTC_NAR}}}"
# NewsCodes "Description Role" and what agencies use beside it: a teaser stands apart from the text.
SUMMARY_ROLES = frozenset({"summary", "teaser", "abstract", "synopsis", "synthe", "longsynopsis"})
MEDIA_TOPIC = re.compile(r"(?:medtop:|https?://cv\.iptc\.org/newscodes/mediatopic/)([0-9]{8})", re.IGNORECASE)
MILLISECONDS = {"seconds": 1000, "milliseconds": 1, "": 1000}  # other units count frames of an unknown rate
SOURCE_INDENT = re.compile(r"[ \t]*\n[ \t]+")
UNRANKED = 1  # NewsML-G2 2.x section "rank": without one, an element is as good as the first


def find_all(item: etree._Element, path: str) -> list[etree._Element]:
    """Elements of the IPTC namespace by a path without prefixes."""
    found: list[etree._Element] = item.findall("/".join(f"{NAR}{step}" for step in path.split("/")))
    return found


def line_of(item: etree._Element, path: str) -> str:
    """The first text under the path, on one line."""
    return next((text for element in find_all(item, path) if (text := one_line(_words(element)))), "")


def language(item: etree._Element) -> str:
    """The language of the content; the item's default when it names none or several; then the headline's."""
    default = language_tag(item.get(f"{XML_NS}lang"))
    declared = find_all(item, "contentMeta/language")
    spoken = [element for element in declared if not element.get("role")] or declared
    tags = list(dict.fromkeys(tag for element in spoken if (tag := language_tag(element.get("tag")))))
    if len(tags) == 1 or (tags and not default):
        return tags[0]
    headlines = find_all(item, "contentMeta/headline")
    return default or next((tag for element in headlines if (tag := language_tag(element.get(f"{XML_NS}lang")))), "")


def headline(item: etree._Element, tag: str) -> str:
    """The best-ranked headline in the item's language, else the best-ranked of all, else its title."""
    candidates = [element for element in find_all(item, "contentMeta/headline") if _words(element)]
    candidates.sort(key=lambda element: (not _speaks(element, tag), _rank(element)))
    if candidates:
        return one_line(_words(candidates[0]))
    return line_of(item, "itemMeta/title")


def _speaks(element: etree._Element, tag: str) -> bool:
    own = language_tag(element.get(f"{XML_NS}lang"))
    return not own or not tag or own.partition("-")[0] == tag.partition("-")[0]


def _rank(element: etree._Element) -> int:
    rank = whole_number(element.get("rank"))
    return UNRANKED if rank is None else rank


def _words(element: etree._Element) -> str:
    """Plain text; child elements are markup and end up as line breaks or nothing."""
    return html_to_text(inner_html(element)) if len(element) else tidy(element.text)


def block_html(element: etree._Element) -> str:
    """A G2 block: text and <br/>, sometimes XHTML; indentation in the source is no paragraph."""
    if not len(element):
        return plain_to_html(SOURCE_INDENT.sub(" ", element.text or ""))
    markup = inner_html(element)
    return markup if markup.startswith("<p") else f"<p>{markup}</p>"


def role_of(element: etree._Element) -> str:
    """The last part of a role's QCode or URI, in lower case."""
    role = tidy(element.get("role") or element.get("roleuri"))
    return role.replace("/", ":").rpartition(":")[2].lower()


def summary(item: etree._Element) -> str:
    """The descriptions that are meant as a summary, as HTML."""
    return "".join(
        block_html(element)
        for element in find_all(item, "contentMeta/description")
        if role_of(element) in SUMMARY_ROLES
    )


def editors_note(item: etree._Element) -> str:
    """All notes, also those not meant for publication: they are for editors, one after the other."""
    return "\n".join(dict.fromkeys(note for element in find_all(item, "itemMeta/edNote") if (note := _words(element))))


def dateline_place(item: etree._Element) -> str:
    """Where the content was made, else the place that begins the dateline."""
    located = line_of(item, "contentMeta/located/name")
    return located or place_of_dateline(line_of(item, "contentMeta/dateline"))


def place_of_dateline(dateline: str) -> str:
    """ "Berlin" from "Berlin (dpa) - "."""
    return re.split(r"\s*\(|\s+[-–—](?:\s|$)", dateline, maxsplit=1)[0].strip(" ,-–—")


def rights(item: etree._Element) -> tuple[str, str, str]:
    """Credit, copyright notice and usage terms."""
    holder = line_of(item, "rightsInfo/copyrightHolder/name") or _literal(item, "rightsInfo/copyrightHolder")
    notices = dict.fromkeys(_words(element) for element in find_all(item, "rightsInfo/copyrightNotice"))
    terms = dict.fromkeys(_words(element) for element in find_all(item, "rightsInfo/usageTerms"))
    provider = line_of(item, "itemMeta/provider/name") or _literal(item, "itemMeta/provider")
    credit = line_of(item, "contentMeta/creditline") or holder or provider
    return credit, "\n".join(filter(None, notices)) or holder, "\n".join(filter(None, terms))


def _literal(item: etree._Element, path: str) -> str:
    return next((text for element in find_all(item, path) if (text := tidy(element.get("literal")))), "")


def topics(item: etree._Element) -> tuple[str, ...]:
    """IPTC Media Topics among the subjects, also those given as the same concept in another vocabulary."""
    found = []
    for subject in find_all(item, "contentMeta/subject"):
        for concept in (subject, *find_all(subject, "sameAs")):
            if match := MEDIA_TOPIC.fullmatch(tidy(concept.get("qcode") or concept.get("uri"))):
                found.append(f"medtop:{match[1]}")
    return tuple(dict.fromkeys(found))


def keywords(item: etree._Element) -> tuple[str, ...]:
    """Keywords and the names of all subjects that are no persons."""
    words = [one_line(_words(element)) for element in find_all(item, "contentMeta/keyword")]
    for subject in find_all(item, "contentMeta/subject"):
        if subject.get("type") != "cpnat:person":
            words += [one_line(text_of(name)) for name in find_all(subject, "name")[:1]]
    return tuple(dict.fromkeys(word for word in words if word))


def people(item: etree._Element) -> tuple[Entity, ...]:
    """Creators, contributors, and persons that the item is about."""
    found = [(element, "author") for element in find_all(item, "contentMeta/creator")]
    found += [(element, "contributor") for element in find_all(item, "contentMeta/contributor")]
    found += [
        (element, "subject")
        for element in find_all(item, "contentMeta/subject")
        if element.get("type") == "cpnat:person"
    ]
    named = (
        Entity(name=name, role=role, uri=tidy(element.get("uri") or element.get("qcode")))
        for element, role in found
        if (name := line_of(element, "name") or tidy(element.get("literal")))
    )
    return tuple(dict.fromkeys(named))


def renditions(item: etree._Element) -> tuple[Rendition, ...]:
    """Remote content of the item, and the icons of the item and its parts."""
    found = [_rendition(element, "") for element in find_all(item, "contentSet/remoteContent")]
    found += [
        _rendition(element, "thumbnail")
        for element in (*find_all(item, "contentMeta/icon"), *find_all(item, "partMeta/icon"))
    ]
    return tuple(rendition for rendition in found if rendition.href)


def _rendition(element: etree._Element, default_rel: str) -> Rendition:
    locations = (element.get("href"), *(text_of(child) for child in _named(element, "altLoc")))
    unit = tidy(element.get("durationunit")).rpartition(":")[2].lower()
    duration = whole_number(element.get("duration"))
    checksum = next((f"{tidy(h.get('hashtype')).rpartition(':')[2]}:{text_of(h)}" for h in _named(element, "hash")), "")
    return Rendition(
        href=next((href for location in locations if (href := absolute("", location))), ""),
        rel=tidy(element.get("rendition")).rpartition(":")[2] or default_rel,
        content_type=tidy(element.get("contenttype")),
        title=line_of(element, "title"),
        size_bytes=whole_number(element.get("size")),
        width=whole_number(element.get("width")),
        height=whole_number(element.get("height")),
        duration_ms=duration * MILLISECONDS[unit] if duration is not None and unit in MILLISECONDS else None,
        checksum=checksum,
    )


def _named(element: etree._Element, name: str) -> Iterator[etree._Element]:
    return (child for child in element if local_name(child) == name)
