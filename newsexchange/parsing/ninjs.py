"""ninjs 1.x, 2.x and 3.x in one reading: 1.x nests by name, 2.x has lists, 3.x writes the same in camel case."""

from typing import Any

from newsexchange.parsing.base import Collected, DocumentError, Entry, Format, ParsedDocument, Problem, ReasonCode
from newsexchange.parsing.dates import parse_date
from newsexchange.parsing.json_text import JsonObject, dump_json, line, load_json, objects, string
from newsexchange.parsing.markup import ambiguous_to_html, language_tag, plain_to_html, urgency, whole_number
from newsexchange.parsing.ninjs_parts import folded, keywords, people, renditions, topics
from newsexchange.parsing.opening import opening_text
from newsexchange.parsing.own_terms import applied, from_ninjs
from newsexchange.parsing.preflight import check_entry_count
from newsexchange.parsing.status import Embargo, read_embargo, read_pubstatus

NOT_STORIES = frozenset({"event", "planning", "concept"})
HTML_WORDS = ("html", "xhtml")  # in a role or a media type


def parse(payload: bytes, content_type: str = "") -> ParsedDocument:
    """A single object, a list of objects, or an object with a list called "items"."""
    collected = Collected()
    items = _items(load_json(payload, content_type))
    check_entry_count(len(items))
    for item in items:
        if not isinstance(item, dict):
            collected.problems.append(
                Problem(ReasonCode.BAD_STRUCTURE, "the item is not an object", raw=dump_json(item))
            )
            continue
        fields, terms = from_ninjs(folded(item))
        kind = line(fields.get("type")).lower()
        if kind in NOT_STORIES:
            problem = Problem(
                ReasonCode.NOT_NEWS,
                f"an item of the type {kind} is not a story",
                string(fields.get("uri")),
                dump_json(item),
            )
            collected.problems.append(problem)
        else:
            collected.entries.append(applied(_entry(fields, dump_json(item)), terms))
    return ParsedDocument("ninjs", tuple(collected.entries), tuple(collected.problems))


def _items(value: Any) -> list[Any]:
    if isinstance(value, list):
        return value
    if not isinstance(value, dict):
        raise DocumentError(ReasonCode.BAD_STRUCTURE, "ninjs is an object or a list of objects")
    for name in ("items", "_items"):
        if isinstance(value.get(name), list) and "uri" not in value:
            return list(value[name])
    return [value]


def _entry(fields: JsonObject, raw: bytes) -> Entry:
    body = _html(fields, "bodies", "body")
    description = _html(fields, "descriptions", "description")
    embargo = _embargo(fields)
    holder = line(fields.get("copyrightholder"))
    return Entry(
        guid=string(fields.get("uri")),
        version=whole_number(fields.get("version")),
        language=language_tag(string(fields.get("language"))),
        headline=_headline(fields),
        summary=description if description != body else "",
        body=body,
        slugline=line(fields.get("slugline")),
        editors_note=string(fields.get("ednote")),
        byline=line(fields.get("by")) or line(fields.get("byline")),
        dateline_place=line(fields.get("located")),
        published_at=parse_date(string(fields.get("firstcreated"))) or parse_date(string(fields.get("versioncreated"))),
        updated_at=parse_date(string(fields.get("versioncreated"))),
        urgency=urgency(fields.get("urgency")),
        pubstatus=read_pubstatus(fields.get("pubstatus")),
        embargoed_until=embargo.embargoed_until,
        is_held_indefinitely=embargo.is_held_indefinitely,
        credit=holder
        or next((name for source in objects(fields.get("infosources")) if (name := line(source.get("name")))), ""),
        copyright_notice=string(fields.get("copyrightnotice")) or holder,
        usage_terms=string(fields.get("usageterms")),
        topics=topics(fields),
        keywords=keywords(fields),
        entities=people(fields),
        renditions=renditions(fields),
        raw=raw,
    )


def _embargo(fields: JsonObject) -> Embargo:
    """3.x says embargoedUntil, 1.x and 2.x embargoed. Present without a date is a hold without end."""
    for name in ("embargoeduntil", "embargoed"):
        if name in fields:
            return read_embargo(fields[name])
    return Embargo()


def _headline(fields: JsonObject) -> str:
    listed = sorted(objects(fields.get("headlines")), key=lambda text: line(text.get("role")).lower() != "main")
    values = [text.get("value") for text in listed]
    values += [fields.get("headline"), fields.get("headlinemain"), fields.get("title")]
    return next((headline for value in values if (headline := line(value))), "")


def _html(fields: JsonObject, plural: str, singular: str) -> str:
    """The richest form of a text: HTML before plain. 1.x appends the form to the name, body_xhtml."""
    forms = [(f"{line(text.get('role'))} {line(folded(text).get('contenttype'))}".lower(), string(text.get("value")))
             for text in objects(fields.get(plural))]  # fmt: skip
    forms += [
        (name.removeprefix(singular), string(value))
        for name, value in fields.items()
        if name.startswith(singular) and name != plural
    ]
    filled = [(form, text) for form, text in forms if text]
    for form, text in filled:
        if any(word in form for word in HTML_WORDS):
            return _inside_body(text)
    if plural == "descriptions":  # several forms of description say different things; several bodies the same
        return "".join(dict.fromkeys(plain_to_html(text) for _, text in filled))
    for form, text in filled:
        return plain_to_html(text) if "text" in form or "plain" in form else ambiguous_to_html(text)
    return ""


def _inside_body(text: str) -> str:
    return text.removeprefix("<body>").removesuffix("</body>").strip()


def sniff(opening: bytes, content_type: str) -> bool:
    """Whether it is JSON at all: ninjs does not name itself before version 3."""
    return opening_text(opening, content_type).startswith(("{", "["))


FORMAT = Format("ninjs", parse, sniff)
