"""NewsML 1.0 to 1.2: a message with news items, each a tree of components. Read only."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from lxml import etree

from newsexchange.parsing.base import (
    Association,
    Collected,
    DocumentError,
    Entity,
    Entry,
    Format,
    Hop,
    ParsedDocument,
    Problem,
    PubStatus,
    ReasonCode,
    RightsStatement,
    Text,
)
from newsexchange.parsing.dates import parse_date
from newsexchange.parsing.leftovers import with_leftovers_of_xml
from newsexchange.parsing.markup import (
    XML_NS,
    language_tag,
    local_name,
    one_line,
    raw_of,
    tidy,
    urgency,
    whole_number,
)
from newsexchange.parsing.newsml_1_metadata import Topics, parties, place_of, rights, subjects, topics_of
from newsexchange.parsing.newsml_1_parts import Tree, formal_name, read_tree
from newsexchange.parsing.nitf_body import place_before, spaced_text
from newsexchange.parsing.opening import root_name
from newsexchange.parsing.preflight import check_entry_count, load_xml, read_text
from newsexchange.parsing.status import Embargo, read_pubstatus

IDENTIFIER = "{*}Identification/{*}NewsIdentifier/{*}"
MANAGEMENT = "{*}NewsManagement/{*}"
# NewsManagement/Instruction and NewsItemType: that this revision repairs a mistake.
CORRECTIONS = re.compile(r"correct|rectif|corrig|berichtig|ispravk", re.IGNORECASE)


METADATA = frozenset({"NewsLines", "AdministrativeMetadata", "RightsMetadata", "DescriptiveMetadata", "Metadata",
                      "TopicSet"})  # fmt: skip
SKIPPED = METADATA | {"NewsComponent", "NewsItem", "NewsItemRef", "DataContent", "NewsIdentifier", "Catalog",
                      "MediaType", "Format", "MimeType", "Notation", "@Duid", "@Euid", "@Essential",
                      "@EquivalentsList"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class State:
    """Whether an item may be used, and when that changes."""

    pubstatus: PubStatus
    embargo: Embargo
    expires_at: datetime | None = None


def parse(payload: bytes, content_type: str = "") -> ParsedDocument:
    """Every item of a message, also those that stand inside a component of another one."""
    root = load_xml(read_text(payload, content_type))
    if local_name(root) != "NewsML":
        raise DocumentError(ReasonCode.BAD_STRUCTURE, f"<{local_name(root)}> is no <NewsML>")
    items = list(root.iter("{*}NewsItem"))
    check_entry_count(len(items))
    collected = Collected()
    envelope = next(root.iterfind("{*}NewsEnvelope"), None)
    known = topics_of(root)
    for item in items:
        has_content = next(item.iterfind("{*}NewsComponent"), None) is not None
        topics_only = not has_content and next(item.iterfind("{*}TopicSet"), None) is not None
        state = _state(item)
        if has_content or state.pubstatus != "usable":
            entry = _entry(item, envelope, state, known)
            collected.entries.append(with_leftovers_of_xml(entry, _blocks(item), SKIPPED))
        elif topics_only:
            collected.problems.append(_refused(item, ReasonCode.NOT_NEWS, "a set of topics is no story"))
        elif next(item.iterfind("{*}Update"), None) is not None:
            detail = "the item changes parts of an earlier revision instead of holding the whole story"
            collected.problems.append(_refused(item, ReasonCode.BAD_STRUCTURE, detail))
        else:
            collected.problems.append(_refused(item, ReasonCode.NO_TEXT, "the item has no component"))
    language = language_tag(root.get(f"{XML_NS}lang"))
    return ParsedDocument("newsml-1", tuple(collected.entries), tuple(collected.problems), language=language)


def _blocks(item: etree._Element) -> Iterator[etree._Element]:
    """Where an item and its components speak of themselves; what an item inside it says is left to that."""
    for child in item.iterchildren(etree.Element):
        name = local_name(child)
        if name == "NewsComponent":
            yield child
            yield from (block for block in child.iterchildren(etree.Element) if local_name(block) in METADATA)
            yield from _blocks(child)
        elif name in {"Identification", "NewsManagement"}:
            yield child


def _refused(item: etree._Element, reason: str, detail: str) -> Problem:
    return Problem(reason, detail, guid=_guid(item), raw=raw_of(item))


def _said(item: etree._Element, path: str) -> str:
    return next((text for one in item.iterfind(path) if (text := spaced_text(one))), "")


def _moment(item: etree._Element, path: str) -> datetime | None:
    return parse_date(_said(item, path))


def _guid(item: etree._Element) -> str:
    """The three parts that all revisions of an item share: provider, date and item identifier (section 5.5).

    Some providers put the revision's time where the item's date belongs; then its first creation stands in.
    """
    provider, day, name = (_said(item, f"{IDENTIFIER}{part}") for part in ("ProviderId", "DateId", "NewsItemId"))
    if not name:
        return _said(item, f"{IDENTIFIER}PublicIdentifier") or _said(item, ".//{*}guid")
    moment, created = parse_date(day), _moment(item, f"{MANAGEMENT}FirstCreated")
    revised = _moment(item, f"{MANAGEMENT}ThisRevisionCreated")
    if moment is not None and created is not None and moment == revised != created:
        day = _said(item, f"{MANAGEMENT}FirstCreated")
    return f"urn:newsml:{provider}:{day}:{name}"


def _state(item: etree._Element) -> State:
    """An embargo without a readable end, and a status that is none, hold the item back."""
    word = formal_name(item, f"{MANAGEMENT}Status").rpartition(":")[2].lower()
    change = next(item.iterfind(f"{MANAGEMENT}StatusWillChange"), None)
    future = "" if change is None else formal_name(change, "{*}FutureStatus").lower()
    moment = None if change is None else _moment(change, "{*}DateAndTime")
    if word == "embargoed":
        until = moment if future in {"", "usable"} else None
        return State("usable", Embargo(until, is_held_indefinitely=until is None))
    ends = moment if future in {"canceled", "cancelled", "withheld"} else None
    return State(read_pubstatus(word or None), Embargo(), ends)


def _entry(item: etree._Element, envelope: etree._Element | None, state: State, known: Topics) -> Entry:
    tree = read_tree(item, language_tag(item.get(f"{XML_NS}lang")))
    tag, body = _language_and_body(tree)
    topics, words, entities = subjects(tree.parts, known)
    lines = [text for text in tree.texts if not text.language or text.language == tag]
    statements = tuple(dict.fromkeys((*rights(tree.parts), *_lines_of_rights(lines))))
    embedded = tree.contents[0] if tree.contents else None
    guid = _guid(item)
    keywords = (*(text.value for text in tree.texts if text.kind == "keyword"), *words)
    dateline = _first(lines, "dateline") or ("" if embedded is None else embedded.dateline)
    return Entry(
        guid=guid,
        version=whole_number(_said(item, f"{IDENTIFIER}RevisionId")),
        language=tag,
        kind=_kind(tree, body),
        headline=_headline(lines, tree) or ("" if embedded is None else embedded.headline) or _label(item),
        summary=_first(lines, "summary") or ("" if embedded is None else embedded.summary),
        body=body or _captions(lines),
        texts=tuple(dict.fromkeys(replace(text, language="") if text.language == tag else text for text in tree.texts)),
        slugline=_first(lines, "slugline") or one_line(_said(item, "{*}Identification/{*}NameLabel")),
        editors_note="\n".join(dict.fromkeys(_notes(item, tree, lines))),
        byline=_first(lines, "byline") or ("" if embedded is None else embedded.byline),
        dateline_place=_origin(tree) or place_before(dateline),
        dateline_on=_dateline_on(tree),
        published_at=_moment(item, f"{MANAGEMENT}FirstCreated"),
        updated_at=_moment(item, f"{MANAGEMENT}ThisRevisionCreated"),
        expires_at=state.expires_at,
        urgency=urgency(formal_name(item, f"{MANAGEMENT}Urgency") or _said(item, f"{MANAGEMENT}Urgency"))
        or _priority(envelope),
        pubstatus=state.pubstatus,
        embargoed_until=state.embargo.embargoed_until,
        is_held_indefinitely=state.embargo.is_held_indefinitely,
        is_correction=any(map(CORRECTIONS.search, _instructions(item))),
        credit=_first(lines, "creditline")
        or next((name for name, _role in parties(tree.parts, "Provider", known)), ""),
        copyright_notice="\n".join(dict.fromkeys(one.notice for one in statements if one.notice)),
        usage_terms="\n".join(dict.fromkeys(one.usage_terms for one in statements if one.usage_terms)),
        rights=statements,
        topics=topics,
        keywords=tuple(dict.fromkeys(keywords)),
        entities=tuple(
            dict.fromkeys((*_people(tree, known), *entities, *(e for c in tree.contents for e in c.entities)))
        ),
        renditions=(*tree.renditions, *(file for content in tree.contents for file in content.renditions)),
        associations=tuple(dict.fromkeys((*tree.associations, *_related(item)))),
        alt_ids=tuple(_other_ids(item, envelope, guid)),
        hops=tuple(_hops(tree, envelope, known)),
        raw=raw_of(item),
    )


def _language_and_body(tree: Tree) -> tuple[str, str]:
    """The first language that has a text, or is declared; all texts in it, but only one of several equivalents."""
    main = next((part for part, _text in tree.bodies if part.role == "main"), None)
    main = main or next((part for part, _text in tree.bodies), None)
    tag = next((text.language for part, text in tree.bodies if part is main), "")
    if not tag:
        tag = next((part.language for part in tree.parts if part.language), "")
    chosen = [(part, text) for part, text in tree.bodies if not part.repeats and text.language in {tag, ""}]
    chosen.sort(key=lambda one: one[0] is not main)
    return tag, "".join(text.value for _part, text in chosen)


def _first(lines: list[Text], kind: str) -> str:
    return next((text.value for text in lines if text.kind == kind), "")


def _headline(lines: list[Text], tree: Tree) -> str:
    plain = [text for text in lines if text.kind == "headline" and text.role in {"", "title"}]
    return plain[0].value if plain else _first(tree.texts, "headline")


def _label(item: etree._Element) -> str:
    return one_line(_said(item, "{*}Identification/{*}NameLabel"))


def _captions(lines: list[Text]) -> str:
    """A picture has no text but its caption."""
    return "".join(f"<p>{_escaped(text.value)}</p>" for text in lines if text.kind == "caption")


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _kind(tree: Tree, body: str) -> str:
    """A text with pictures is a text; a video with a script is a video."""
    kinds = list(dict.fromkeys(tree.kinds))
    moving = next((kind for kind in ("video", "audio") if kind in kinds), "")
    is_main = any(part.role in {"clip", "video", "audio"} for part in tree.parts)
    if moving and (not body or is_main):
        return moving
    return "text" if body or not kinds else kinds[0]


def _notes(item: etree._Element, tree: Tree, lines: list[Text]) -> Iterator[str]:
    yield from (text.value for text in lines if text.kind == "note" and text.role not in {"rights", "series"})
    for path in (f"{MANAGEMENT}Instruction/{{*}}Comment", "{*}Comment"):
        yield from filter(None, (spaced_text(one) for one in item.iterfind(path)))
    for part in tree.parts:
        yield from filter(None, (spaced_text(one) for one in part.element.iterfind("{*}Comment")))


def _instructions(item: etree._Element) -> Iterator[str]:
    for name in ("Instruction", "NewsItemType"):
        yield from (tidy(one.get("FormalName")) for one in item.iterfind(f"{MANAGEMENT}{name}"))


def _lines_of_rights(lines: list[Text]) -> Iterator[RightsStatement]:
    for text in lines:
        if text.kind == "copyright":
            yield RightsStatement(aspect="copyright", notice=text.value)
        elif text.kind == "note" and text.role == "rights":
            yield RightsStatement(aspect="usage", usage_terms=text.value)


def _origin(tree: Tree) -> str:
    """The city that the item comes from, where its location is said to be the origin."""
    for part in tree.parts:
        for location in part.element.iterfind("{*}DescriptiveMetadata/{*}Location"):
            if tidy(location.get("HowPresent")).lower() == "origin" and (name := place_of(location)):
                return name.partition(",")[0]
    return ""


def _dateline_on(tree: Tree) -> date | None:
    for part in tree.parts:
        if moment := _moment(part.element, "{*}DescriptiveMetadata/{*}DateLineDate"):
            return moment.date()
    return None


def _people(tree: Tree, known: Topics) -> Iterator[Entity]:
    for name, role in (("Creator", "author"), ("Contributor", "contributor")):
        for who, own_role in parties(tree.parts, name, known):
            yield Entity(who, own_role or role)


def _related(item: etree._Element) -> Iterator[Association]:
    for name, role in (("DerivedFrom", "derivedFrom"), ("AssociatedWith", "associatedWith")):
        for one in item.iterfind(f"{MANAGEMENT}{name}"):
            uri, kind = tidy(one.get("NewsItem")), one_line(one.get("FormalName"))
            if uri or kind:
                yield Association(role, uri=uri, kind=kind.lower(), headline=_said(one, "{*}Comment"))
    for one in item.iterfind(f"{MANAGEMENT}RevisionHistory"):
        if href := tidy(one.get("Href")):
            yield Association("revisionHistory", uri=href)
    for one in item.iterfind(f"{IDENTIFIER}RevisionId"):
        previous = whole_number(one.get("PreviousRevision"))
        if previous:
            yield Association("previousVersion", uri=_guid(item), version=str(previous))


def _other_ids(item: etree._Element, envelope: etree._Element | None, guid: str) -> Iterator[tuple[str, str]]:
    found = [
        ("public-identifier", _said(item, f"{IDENTIFIER}PublicIdentifier")),
        ("news-item-id", _said(item, f"{IDENTIFIER}NewsItemId")),
        ("transmission-id", "" if envelope is None else _said(envelope, "{*}TransmissionId")),
    ]
    for label in item.iterfind("{*}Identification/{*}Label"):
        found.append((formal_name(label, "{*}LabelType").lower() or "label", _said(label, "{*}LabelText")))
    yield from ((role, value) for role, value in found if value and value != guid)


def _priority(envelope: etree._Element | None) -> int | None:
    return None if envelope is None else urgency(formal_name(envelope, "{*}Priority"))


def _hops(tree: Tree, envelope: etree._Element | None, known: Topics) -> Iterator[Hop]:
    """Without the envelope's time: an item that is sent once more has not changed by that."""
    for who, _role in dict.fromkeys(parties(tree.parts, "Source", known)):
        yield Hop(who, action="source")
    if envelope is not None:
        for party in envelope.iterfind("{*}SentFrom/{*}Party"):
            if who := one_line(party.get("FormalName")):
                yield Hop(who, action="sent")


def sniff(opening: bytes, content_type: str) -> bool:
    """Whether the root element is that of NewsML 1."""
    return root_name(opening, content_type) == "NewsML"


FORMAT = Format("newsml-1", parse, sniff)
