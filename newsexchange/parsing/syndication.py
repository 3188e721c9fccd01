"""What RSS and Atom share: dates, validity, texts, other items named, and an honest reading of damaged documents."""

import re
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime

from lxml import etree

from newsexchange.parsing.base import (
    Association,
    Collected,
    DocumentError,
    Entity,
    Hop,
    ParsedDocument,
    Problem,
    ReasonCode,
    RightsStatement,
    Text,
)
from newsexchange.parsing.dates import parse_date
from newsexchange.parsing.elements import Children, first, texts
from newsexchange.parsing.markup import XML_NS, absolute, language_tag, local_name, one_line, raw_of, text_of, tidy
from newsexchange.parsing.opening import without_junk
from newsexchange.parsing.preflight import check_entry_count, load_damaged_xml, load_xml
from newsexchange.parsing.status import Embargo, embargo_of_element

# DCMI Period: "start=2024-01-01;end=2024-02-01;scheme=W3C-DTF", in any order.
PERIOD_PART = re.compile(r"(start|end)\s*=\s*([^;]+)", re.IGNORECASE)
YEAR_OR_MONTH = re.compile(r"[0-9]{4}(?:-[0-9]{2})?")
# Links that say where the entry itself is, or what to do with it: no other item is meant.
OWN_LINKS = frozenset({"alternate", "enclosure", "self", "edit", "edit-media", "license", "hub", "service", "payment",
                       "thumbnail", "icon", "http://schemas.google.com/g/2005#feed"})  # fmt: skip
RELATIONS = ("isVersionOf", "hasVersion", "isReplacedBy", "replaces", "isPartOf", "hasPart", "isReferencedBy",
             "references", "isFormatOf", "hasFormat", "requires", "relation")  # fmt: skip
RDF_RESOURCE = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}resource"
RELATION_ELEMENTS = {f"{prefix}{relation}": relation for relation in RELATIONS for prefix in ("dcterms:", "dc:")}


def load(text: str, *names: str) -> tuple[etree._Element, list[etree._Element], Collected]:
    """The root, the entries under these local names, and problems for those that damage lost or cut short."""
    collected = Collected()
    damage = ""
    text = without_junk(text)
    try:
        root = load_xml(text)
    except DocumentError as error:
        if error.reason != ReasonCode.NOT_WELL_FORMED:
            raise
        damage = error.detail
        root = load_damaged_xml(text)
    tags = _tags(names)
    found = list(root.iter(*tags))
    check_entry_count(len(found))
    if damage:
        trusted = _trusted(text, root, names, collected, damage)
        if not trusted and not collected.problems:  # the entries may have been in the part that is lost
            raise DocumentError(ReasonCode.NOT_WELL_FORMED, damage)
        return root, trusted, collected
    # In the order of the document an element comes after those around it.
    around = set(found)
    elements = [one for one in found if not any(above in around for above in one.iterancestors())]
    if not elements:
        # An Atom entry in RSS, or the reverse: nobody defines what that means, but it must not vanish.
        collected.problems += [
            Problem(ReasonCode.BAD_STRUCTURE, f"<{local_name(stray)}> has no place in this format", raw=raw_of(stray))
            for stray in root.iter("{*}item", "{*}entry")
            if stray is not root
        ]
    return root, elements, collected


def _tags(names: tuple[str, ...]) -> tuple[str, ...]:
    # In a recovered document a prefix that was never bound remains part of the tag.
    spelled = (spelling for name in names for spelling in (name, name.upper(), name.capitalize()))
    return (*(f"{{*}}{name}" for name in spelled), "atom:entry", "at:deleted-entry")


def _trusted(
    text: str, root: etree._Element, names: tuple[str, ...], collected: Collected, detail: str
) -> list[etree._Element]:
    """The entries with an end tag of their own: half a story must not be stored as if it were whole."""
    tags = _tags(names)
    entries = [element for element in root.iter(*tags) if next(element.iterdescendants(*tags), None) is None]
    swallowing = [element for element in root.iter(*tags) if next(element.iterdescendants(*tags), None) is not None]
    either = "|".join(names)
    visible = re.sub(r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)", "", text, flags=re.DOTALL)
    opened = len(re.findall(rf"<(?:[\w-]+:)?(?:{either})(?=[\s>])(?![^<>]*/>)", visible, re.IGNORECASE))
    closed = len(re.findall(rf"</(?:[\w-]+:)?(?:{either})\s*>", visible, re.IGNORECASE))
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


def first_date(children: Children, *names: str) -> datetime | None:
    """The first readable date under the first of these names that has one."""
    for name in names:
        for element in children.get(name, ()):
            if date := parse_date(text_of(element)):
                return date
    return None


def validity(children: Children) -> tuple[datetime | None, datetime | None]:
    """From and until when an item says that it holds; the earliest end when it names several."""
    ends = [parse_date(text_of(element)) for element in children.get("expirationDate", ())]
    ends += [parse_date(value) for value in _periods(children, "end")]
    starts = map(parse_date, _periods(children, "start"))
    return max(filter(None, starts), default=None), min(filter(None, ends), default=None)


def _periods(children: Children, edge: str) -> Iterator[str]:
    for element in children.get("dcterms:valid", ()):
        yield from (value.strip() for name, value in PERIOD_PART.findall(text_of(element)) if name.lower() == edge)


def hold(children: Children, starts_at: datetime | None, published_at: datetime | None) -> Embargo:
    """The embargo that is stated; without one, an item that only becomes valid after its publication waits for that.

    So does one whose validity begins on a day that cannot be read: a year or a month alone names none.
    """
    element = first(children, "nar:embargoed")
    if element is not None:
        return embargo_of_element(element)
    starts = [value for value in _periods(children, "start") if not YEAR_OR_MONTH.fullmatch(value)]
    if any(value and parse_date(value) is None for value in starts):
        return Embargo(is_held_indefinitely=True)
    return Embargo(starts_at if starts_at and (published_at is None or starts_at > published_at) else None)


def said(kind: str, value: str, element: etree._Element, role: str = "") -> Text | None:
    """One text as the document holds it, in the language that its own element declares; None without words."""
    return Text(kind, value, role, language_tag(element.get(f"{XML_NS}lang"))) if value else None


def links_to_others(children: Children, base: str) -> Iterator[Association]:
    """Related items, origins and replies; not the addresses of the entry itself and of its files."""
    for element in (*children.get("atom:link", ()), *children.get("link", ())):
        rel = tidy(element.get("rel"))
        if rel and rel.lower() not in OWN_LINKS and (href := absolute(base, element.get("href"))):
            yield Association(
                role=rel,
                href=href,
                kind=tidy(element.get("type")),
                headline=one_line(element.get("title")),
                language=language_tag(element.get("hreflang")),
            )
    for name, elements in children.items():  # in the order of the document, which is the same in every process
        if role := RELATION_ELEMENTS.get(name):
            for element in elements:
                if value := one_line(text_of(element)):
                    yield Association(role=role, uri=value, href=absolute("", value))


def unaddressed(role: str, element: etree._Element, *addresses: str | None) -> Iterator[Association]:
    """What is named by something that is no web address from here: a path without a base, another protocol."""
    for said in addresses:
        if uri := tidy(said):
            yield Association(role, uri=uri, kind=tidy(element.get("type")), headline=one_line(element.get("title")))
            return


def odd_dates(children: Children, names: Collection[str], *known: datetime | None) -> Iterator[Text]:
    """Dates that are not among those read, because another came first or because nobody can read them."""
    told = [(name, element) for name in names if name in children for element in children[name]]
    if len(told) > sum(moment is not None for moment in known):
        for name, element in told:
            text = one_line(text_of(element))
            moment = parse_date(text)
            if text and (moment is None or moment not in known):
                yield Text("property", text, name)


def usage_terms(children: Children) -> str:
    """What an item or a feed says of its use, in words or by the address of a licence (RFC 4946), line by line."""
    terms = list(
        texts(children, "nar:usageTerms", "dcterms:license", "dcterms:accessRights", "creativeCommons:license")
    )
    terms += [tidy(element.get(RDF_RESOURCE)) or text_of(element) for element in children.get("cc:license", ())]
    terms += [tidy(element.get("href")) for element in children.get("atom:link", ()) if element.get("rel") == "license"]
    return "\n".join(dict.fromkeys(filter(None, terms)))


def statements(children: Children, notice: str, terms: str) -> Iterator[RightsStatement]:
    """Copyright and usage terms as one statement on the whole entry; holders that Dublin Core names."""
    holder = ", ".join(texts(children, "dcterms:rightsHolder"))
    link = next((url for line in terms.splitlines() if (url := absolute("", line))), "")
    if notice or terms or holder:
        yield RightsStatement(holder=holder, notice=notice, usage_terms=terms, link=link)


def hop_of(name: str) -> tuple[Hop, ...]:
    """The feed that an entry was taken over from, if it names one. When that feed last changed says nothing of it."""
    return (Hop(by=name, action="source"),) if name else ()


def people_named(names: Iterable[str], role: str) -> tuple[Entity, ...]:
    """A person for each different name."""
    return tuple(Entity(name=name, role=role) for name in dict.fromkeys(names))


def document(format_name: str, collected: Collected, *, language: str, title: str) -> ParsedDocument:
    """What was collected, frozen."""
    return ParsedDocument(
        format_name, tuple(collected.entries), tuple(collected.problems), language=language, title=title
    )
