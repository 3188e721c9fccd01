"""What NewsML-G2 says about an item as a whole: language, headline, summary, notes, dates; and the steps to read it."""

import re
from datetime import date
from functools import cache

from lxml import etree

from newsexchange.parsing.dates import parse_day
from newsexchange.parsing.markup import (
    XML_NS,
    inner_html,
    language_tag,
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
SOURCE_INDENT = re.compile(r"(?<![ \t])[ \t]*\n[ \t]+")
UNRANKED = 1  # NewsML-G2 2.x section "rank": without one, an element is as good as the first
# NewsCodes "News Item Nature" and what is written beside it; anything else is read as text.
KINDS = {
    "text": "text",
    "picture": "picture",
    "photo": "picture",
    "graphic": "graphic",
    "animation": "graphic",
    "audio": "audio",
    "video": "video",
    "composite": "composite",
    "package": "composite",
}


def find_all(item: etree._Element, path: str) -> list[etree._Element]:
    """Elements of the IPTC namespace by a path without prefixes."""
    found: list[etree._Element] = item.findall(_with_namespace(path))
    return found


@cache
def _with_namespace(path: str) -> str:
    return "/".join(f"{NAR}{step}" for step in path.split("/"))


def line_of(item: etree._Element, path: str) -> str:
    """The first text under the path, on one line."""
    return next((text for element in find_all(item, path) if (text := one_line(words_of(element)))), "")


def words_of(element: etree._Element) -> str:
    """Plain text; child elements are markup and end up as line breaks or nothing."""
    return html_to_text(inner_html(element)) if len(element) else tidy(element.text)


def block_html(element: etree._Element) -> str:
    """A G2 block: text and <br/>, sometimes XHTML; indentation in the source is no paragraph."""
    if not len(element):
        return plain_to_html(SOURCE_INDENT.sub(" ", element.text or ""))
    markup = inner_html(element)
    return markup if markup.startswith("<p") or not markup else f"<p>{markup}</p>"


def code_of(element: etree._Element, name: str = "qcode") -> str:
    """A QCode or its URI sibling: <genre qcode|uri>, role|roleuri, type|typeuri."""
    sibling = "uri" if name == "qcode" else f"{name}uri"
    return tidy(element.get(name)) or tidy(element.get(sibling))


def last_part(code: str) -> str:
    """ "main" from "group:main" or "http://cv.example.org/group/main"; a plain word as it is."""
    return code.rstrip("/").replace("/", ":").replace("#", ":").rpartition(":")[2]


def role_of(element: etree._Element) -> str:
    """The last part of a role's QCode or URI, in lower case."""
    return last_part(code_of(element, "role")).lower()


def tongue_of(element: etree._Element, item: etree._Element) -> str:
    """The language in force at an element, as far as something below the item says it; "" is the item's content's."""
    current: etree._Element | None = element
    while current is not None and current is not item:
        if tag := language_tag(current.get(f"{XML_NS}lang")):
            return tag
        current = current.getparent()
    return ""


def language(item: etree._Element) -> str:
    """The language of the content; the item's default when it names none or several; then the headline's."""
    default = language_tag(item.get(f"{XML_NS}lang"))
    declared = find_all(item, "contentMeta/language")
    spoken = [element for element in declared if not element.get("role")] or declared
    tags = list(dict.fromkeys(tag for element in spoken if (tag := language_tag(element.get("tag")))))
    if len(tags) == 1 or (tags and not default):
        return tags[0]
    headlines = find_all(item, "contentMeta/headline")
    return default or next((tag for element in headlines if (tag := tongue_of(element, item))), "")


def headline(item: etree._Element, tag: str) -> str:
    """The best-ranked headline in the item's language, else the best-ranked of all, else its title."""
    candidates = [element for element in find_all(item, "contentMeta/headline") if words_of(element)]
    candidates.sort(key=lambda element: (not speaks(tongue_of(element, item), tag), _rank(element)))
    if candidates:
        return one_line(words_of(candidates[0]))
    titles = [element for element in find_all(item, "itemMeta/title") if words_of(element)]
    titles.sort(key=lambda element: not speaks(tongue_of(element, item), tag))
    return one_line(words_of(titles[0])) if titles else ""


def speaks(own: str, tag: str) -> bool:
    """Whether a text in the one language can stand for the other; "" fits all."""
    return not own or not tag or own.partition("-")[0] == tag.partition("-")[0]


def _rank(element: etree._Element) -> int:
    rank = whole_number(element.get("rank"))
    return UNRANKED if rank is None else rank


def in_tongue(elements: list[etree._Element], item: etree._Element, tag: str) -> list[etree._Element]:
    """Those in the item's language; all of them when none is."""
    return [element for element in elements if speaks(tongue_of(element, item), tag)] or elements


def summary(item: etree._Element, tag: str) -> str:
    """The descriptions that are meant as a summary, in the item's language, as HTML."""
    meant = [element for element in find_all(item, "contentMeta/description") if role_of(element) in SUMMARY_ROLES]
    return "".join(block_html(element) for element in in_tongue(meant, item, tag))


def editors_note(item: etree._Element) -> str:
    """All notes, also those not meant for publication: they are for editors, one after the other."""
    notes = (words_of(element) for element in find_all(item, "itemMeta/edNote"))
    return "\n".join(dict.fromkeys(note for note in notes if note))


def dateline_place(item: etree._Element) -> str:
    """The place that begins the dateline."""
    return place_of_dateline(line_of(item, "contentMeta/dateline"))


def dateline_on(item: etree._Element) -> date | None:
    """The day on which the content was made, where it was made; None for a year or a month alone."""
    return parse_day(text_of(item.find(f"{NAR}contentMeta/{NAR}contentCreated")))


def place_of_dateline(dateline: str) -> str:
    """ "Berlin" from "Berlin (dpa) - "."""
    return re.split(r"\s*\(|\s+[-–—](?:\s|$)", dateline, maxsplit=1)[0].strip(" ,-–—")


def kind(item: etree._Element) -> str:
    """What the item mainly is, by its class; without one by the files it consists of."""
    said = item.find(f"{NAR}itemMeta/{NAR}itemClass")
    if said is not None and (code := code_of(said)):
        return KINDS.get(last_part(code).lower(), "text")
    if etree.QName(item).localname == "packageItem":
        return "composite"
    types = [tidy(element.get("contenttype")) for element in find_all(item, "contentSet/remoteContent")]
    inline = find_all(item, "contentSet/inlineXML") or find_all(item, "contentSet/inlineData")
    main = next((content_type.partition("/")[0].lower() for content_type in types if content_type), "")
    return "text" if inline else {"image": "picture", "audio": "audio", "video": "video"}.get(main, "text")


def is_correction(item: etree._Element) -> bool:
    """Whether its signals call this version a correction. An update ("sig:update") adds; it takes nothing back."""
    return any(last_part(code_of(signal)).lower() == "correction" for signal in find_all(item, "itemMeta/signal"))
