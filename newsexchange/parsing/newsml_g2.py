"""NewsML-G2: news items and packages, alone or in a news message; other kinds of item are named and refused."""

from collections.abc import Iterator
from datetime import datetime

from lxml import etree

from newsexchange.parsing.base import Collected, DocumentError, Entry, Format, ParsedDocument, Problem, ReasonCode
from newsexchange.parsing.dates import parse_date
from newsexchange.parsing.g2_concepts import Concepts
from newsexchange.parsing.g2_content import inline_texts, package_body, story_body
from newsexchange.parsing.g2_links import alt_ids, assignment_uri, associations, hops
from newsexchange.parsing.g2_media import item_duration, renditions
from newsexchange.parsing.g2_metadata import (
    NAR,
    code_of,
    dateline_on,
    dateline_place,
    editors_note,
    find_all,
    headline,
    is_correction,
    kind,
    language,
    last_part,
    line_of,
    summary,
)
from newsexchange.parsing.g2_parts import shots, untold_times
from newsexchange.parsing.g2_rights import rights, statements
from newsexchange.parsing.g2_texts import texts
from newsexchange.parsing.leftovers import with_leftovers_of_xml
from newsexchange.parsing.limits import excess_of, excess_of_blocks
from newsexchange.parsing.markup import local_name, raw_of, text_of, tidy, urgency, whole_number
from newsexchange.parsing.opening import root_name
from newsexchange.parsing.own_terms import applied, from_g2
from newsexchange.parsing.preflight import check_entry_count, load_xml, read_text
from newsexchange.parsing.status import IPTC_NAR, embargo_of_element, pubstatus_of_element
from newsexchange.parsing.synthetic import ai_use_of

STORIES = frozenset({"newsItem", "packageItem"})
# What is about the document and its making, stands in the text itself, or is read whole.
SKIPPED = frozenset({
    "catalogRef", "catalog", "generator", "profile", "itemClass", "pubStatus", "contentSet", "groupSet",
    "groupRef", "terms", "rightsExpressionXML", "rightsExpressionData", "@id", "@creator", "@modified", "@custom",
    "@how", "@confidence", "@relevance", "@rank", "@seq", "@contenttype", "@guid", "@version", "@dir",
})  # fmt: skip
NOT_STORIES = frozenset({"conceptItem", "knowledgeItem", "planningItem", "catalogItem"})


def parse(payload: bytes, content_type: str = "") -> ParsedDocument:
    """Every item of a message, or the one that is the document."""
    root = load_xml(read_text(payload, content_type))
    if etree.QName(root).namespace != IPTC_NAR:
        raise DocumentError(
            ReasonCode.BAD_STRUCTURE, f"<{local_name(root)}> is not in the namespace of NewsML-G2, {IPTC_NAR}"
        )
    collected = Collected()
    items = list(_items(root))
    check_entry_count(len(items))
    for item in items:
        name = local_name(item)
        if name in STORIES and (detail := excess_of_blocks(item)):
            collected.problems.append(
                Problem(ReasonCode.TOO_LARGE, detail, guid=tidy(item.get("guid")), raw=raw_of(item))
            )
        elif name in STORIES:
            entry = applied(_entry(item), from_g2(item))
            if (excess := excess_of(entry)) is None:
                collected.entries.append(with_leftovers_of_xml(entry, _blocks(item), SKIPPED))
            else:
                collected.problems.append(excess)
        else:
            reason = ReasonCode.NOT_NEWS if name in NOT_STORIES else ReasonCode.BAD_STRUCTURE
            detail = f"<{name}> is not a story" if name in NOT_STORIES else f"<{name}> is no item of NewsML-G2"
            collected.problems.append(Problem(reason, detail, guid=tidy(item.get("guid")), raw=raw_of(item)))
    return ParsedDocument("newsml-g2", tuple(collected.entries), tuple(collected.problems))


def _blocks(item: etree._Element) -> Iterator[etree._Element]:
    """Where an item speaks of itself and of what is packed into it."""
    yield from (block for block in item.iterchildren(etree.Element) if local_name(block) not in SKIPPED)
    yield from find_all(item, "groupSet/group")


def _items(root: etree._Element) -> Iterator[etree._Element]:
    if local_name(root) == "newsMessage":
        for item_set in root.iterfind(f"{NAR}itemSet"):
            yield from item_set.iterchildren(etree.Element)
    else:
        yield root


def _entry(item: etree._Element) -> Entry:
    embargo = embargo_of_element(item.find(f"{NAR}itemMeta/{NAR}embargoed"))
    tag = language(item)
    concepts = Concepts(item, tag)
    credit, notice, usage_terms = rights(item, concepts, tag)
    title = headline(item, tag)
    inline = inline_texts(item, title)
    content = story_body(item, inline, tag)
    teaser = summary(item, tag)
    body = content.html
    if local_name(item) == "packageItem":
        body = body or package_body(item)
    files = renditions(item)
    source_type = _digital_source_type(item)
    return Entry(
        guid=tidy(item.get("guid")),
        version=whole_number(item.get("version")),
        language=tag,
        kind=kind(item),
        headline=title or content.headline,
        summary=teaser if teaser != body else "",
        body=body,
        texts=(*texts(item, concepts, inline), *untold_times(item)),
        slugline=line_of(item, "contentMeta/slugline"),
        editors_note=editors_note(item),
        byline=line_of(item, "contentMeta/by") or content.byline,
        dateline_place=concepts.located() or dateline_place(item) or content.dateline,
        dateline_on=dateline_on(item),
        event_uri=concepts.event_uri(),
        assignment_uri=assignment_uri(item),
        published_at=_moment(item, "itemMeta/firstCreated") or _moment(item, "itemMeta/versionCreated"),
        updated_at=_moment(item, "itemMeta/versionCreated"),
        expires_at=_moment(item, "itemMeta/expires"),
        urgency=urgency(line_of(item, "contentMeta/urgency")),
        pubstatus=pubstatus_of_element(item.find(f"{NAR}itemMeta/{NAR}pubStatus")),
        embargoed_until=embargo.embargoed_until,
        is_held_indefinitely=embargo.is_held_indefinitely,
        is_correction=is_correction(item),
        credit=credit,
        copyright_notice=notice,
        usage_terms=usage_terms,
        rights=statements(item, concepts),
        ai_use=ai_use_of(source_type),
        digital_source_type=source_type,
        topics=concepts.topics(),
        keywords=concepts.keywords(),
        entities=concepts.entities(),
        renditions=files,
        shots=shots(item, concepts, tag),
        duration_ms=item_duration(item, files),
        associations=associations(item, concepts),
        alt_ids=alt_ids(item),
        hops=hops(item, concepts),
        raw=raw_of(item),
    )


def _digital_source_type(item: etree._Element) -> str:
    return next((last_part(code_of(element))[:60] for element in find_all(item, "contentMeta/digitalSourceType")), "")


def _moment(item: etree._Element, path: str) -> datetime | None:
    return parse_date(text_of(item.find("/".join(f"{NAR}{step}" for step in path.split("/")))))


def sniff(opening: bytes, content_type: str) -> bool:
    """Whether the root element is an item or a message."""
    return root_name(opening, content_type) in STORIES | NOT_STORIES | {"newsMessage"}


FORMAT = Format("newsml-g2", parse, sniff)
