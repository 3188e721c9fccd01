"""ninjs 1.x, 2.x and 3.x in one reading: 1.x nests by name, 2.x has lists, 3.x writes the same in camel case."""

from typing import Any

from newsexchange.parsing.base import (
    Collected,
    DocumentError,
    Entry,
    Format,
    ParsedDocument,
    Problem,
    ReasonCode,
    Text,
)
from newsexchange.parsing.dates import parse_date, parse_day
from newsexchange.parsing.g2_metadata import last_part
from newsexchange.parsing.json_text import JsonObject, dump_json, line, load_json, mapping, objects, string
from newsexchange.parsing.known import Known
from newsexchange.parsing.leftovers import with_leftovers_of_json
from newsexchange.parsing.limits import excess_of, excess_of_lists
from newsexchange.parsing.markup import absolute, language_tag, urgency, whole_number
from newsexchange.parsing.ninjs_media import item_duration, renditions, story_embargo, unreachable
from newsexchange.parsing.ninjs_parts import (
    alt_ids,
    assignment_uri,
    associated,
    associations,
    entities,
    event_uri,
    folded,
    keywords,
    topics,
)
from newsexchange.parsing.ninjs_rights import statements, usage_terms
from newsexchange.parsing.ninjs_texts import associated_texts, body, description, headline, other_texts, strings, texts
from newsexchange.parsing.opening import opening_text
from newsexchange.parsing.own_terms import applied, from_ninjs
from newsexchange.parsing.preflight import check_entry_count
from newsexchange.parsing.status import read_pubstatus
from newsexchange.parsing.synthetic import ai_use_of

NOT_STORIES = frozenset({"event", "planning", "concept"})
# What is about the document, and what is read whole with all its forms.
SKIPPED = frozenset({
    "standard", "$schema", "$standard", "profile", "representationtype", "bodies", "headlines", "descriptions",
    "renditions", "rendition", "bodytext", "bodyhtml", "bodyxhtml", "bodynitf", "mimetype", "embargoed",
    "embargoeduntil",
})  # fmt: skip
KINDS = frozenset({"text", "picture", "graphic", "audio", "video", "composite"})
OTHER_KINDS = {"photo": "picture", "image": "picture", "package": "composite", "animation": "graphic"}


def parse(payload: bytes, content_type: str = "", known: Known | None = None) -> ParsedDocument:
    """A single object, a list of objects, or an object with a list called "items"."""
    collected = Collected()
    items = _items(load_json(payload, content_type))
    check_entry_count(len(items))
    known = known or Known()
    known.begin("ninjs")  # an item is read by itself, whatever it lies in
    for item in items:
        raw = dump_json(item)
        if not isinstance(item, dict):
            collected.problems.append(Problem(ReasonCode.BAD_STRUCTURE, "the item is not an object", raw=raw))
            continue
        if known.skips(raw):
            continue
        fields, terms = from_ninjs(folded(item))
        kind = line(fields.get("type")).lower()
        if kind in NOT_STORIES:
            problem = Problem(
                ReasonCode.NOT_NEWS,
                f"an item of the type {kind} is not a story",
                string(fields.get("uri")),
                raw,
            )
            collected.problems.append(problem)
        elif detail := excess_of_lists(fields):
            guid = string(fields.get("uri"))
            collected.problems.append(Problem(ReasonCode.TOO_LARGE, detail, guid, raw))
        else:
            entry = applied(_entry(fields, raw), terms)
            if (excess := excess_of(entry)) is None:
                collected.entries.append(with_leftovers_of_json(entry, fields, SKIPPED))
            else:
                collected.problems.append(excess)
    return ParsedDocument("ninjs", tuple(collected.entries), tuple(collected.problems))


def _items(value: Any) -> list[Any]:
    if isinstance(value, list):
        return value
    if not isinstance(value, dict):
        raise DocumentError(ReasonCode.BAD_STRUCTURE, "ninjs is an object or a list of objects")
    if "uri" in value:
        return [value]
    inner = mapping(value.get("data")) or value
    for name in ("items", "_items", "item"):
        if isinstance(inner.get(name), list):
            return [_unwrapped(item) for item in inner[name]]
    return [_unwrapped(inner)]


def _unwrapped(value: Any) -> Any:
    """The item in an envelope {"meta": …, "item": {…}}, as the answers of some agencies' servers have it."""
    item = value.get("item") if isinstance(value, dict) and "uri" not in value else None
    return item if isinstance(item, dict) else value


def _entry(fields: JsonObject, raw: bytes) -> Entry:
    tag = language_tag(string(fields.get("language")))
    full, short = body(fields, tag), description(fields, tag)
    embargo = story_embargo(fields)
    holder = line(fields.get("copyrightholder"))
    files = renditions(fields)
    source_type = _digital_source_type(fields)
    return Entry(
        guid=string(fields.get("uri")),
        version=whole_number(fields.get("version")),
        language=tag,
        kind=_kind(fields),
        headline=headline(fields, tag),
        summary=short if short != full else "",
        body=full,
        texts=_texts(fields),
        slugline=line(fields.get("slugline")),
        editors_note=string(fields.get("ednote")),
        byline=_byline(fields),
        dateline_place=line(fields.get("located")),
        dateline_on=parse_day(string(fields.get("contentcreated"))),
        event_uri=event_uri(fields),
        assignment_uri=assignment_uri(fields),
        link=absolute("", string(fields.get("link", fields.get("url")))),
        published_at=parse_date(string(fields.get("firstcreated"))) or parse_date(string(fields.get("versioncreated"))),
        updated_at=parse_date(string(fields.get("versioncreated"))),
        expires_at=parse_date(string(fields.get("expires"))),
        urgency=urgency(fields.get("urgency")),
        pubstatus=read_pubstatus(fields.get("pubstatus")),
        embargoed_until=embargo.embargoed_until,
        is_held_indefinitely=embargo.is_held_indefinitely,
        credit=line(fields.get("creditline")) or holder or _source(fields),
        copyright_notice="\n".join(strings(fields.get("copyrightnotice"))) or holder,
        usage_terms=usage_terms(fields),
        rights=statements(fields),
        ai_use=ai_use_of(source_type),
        digital_source_type=source_type,
        topics=topics(fields),
        keywords=keywords(fields),
        entities=entities(fields),
        renditions=files,
        duration_ms=item_duration(files),
        associations=(*associations(fields), *unreachable(fields)),
        alt_ids=alt_ids(fields),
        raw=raw,
    )


def _kind(fields: JsonObject) -> str:
    said = line(fields.get("type")).lower() or line(fields.get("mediatype")).lower()
    return said if said in KINDS else OTHER_KINDS.get(said, "text")


def _texts(fields: JsonObject) -> tuple[Text, ...]:
    found = [*texts(fields), *other_texts(fields), *(Text("keyword", word) for word in keywords(fields))]
    for member in associated(fields):
        found += associated_texts(member.fields, member.name.lower())
    return tuple(dict.fromkeys(text for text in found if text.value))


def _byline(fields: JsonObject) -> str:
    """One line in all versions; a list of lines or of people at some agencies."""
    lines = [line(fields.get(name)) for name in ("by", "byline")]
    people = objects(fields.get("bylines")) + objects(fields.get("byline"))
    listed = ", ".join(name for person in people if (name := line(person.get("by")) or line(person.get("name"))))
    return next((text for text in (*lines, listed) if text), "")


def _source(fields: JsonObject) -> str:
    names = (line(source.get("name")) for source in objects(fields.get("infosources")))
    return next((name for name in names if name), "") or line(fields.get("source"))


def _digital_source_type(fields: JsonObject) -> str:
    """The last part of the NewsCode, whichever of its forms is given."""
    for said in objects(fields.get("digitalsourcetype")) or [{"uri": fields.get("digitalsourcetype")}]:
        for name in ("uri", "literal", "name"):
            if code := string(said.get(name)):
                return last_part(code)[:60]
    return ""


def sniff(opening: bytes, content_type: str) -> bool:
    """Whether it is JSON at all: ninjs does not name itself before version 3."""
    return opening_text(opening, content_type).startswith(("{", "["))


FORMAT = Format("ninjs", parse, sniff, skips_known=True)
