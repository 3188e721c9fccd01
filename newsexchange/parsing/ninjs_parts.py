"""The parts of a ninjs item that are lists: subjects, people, places, identifiers, associations."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from newsexchange.parsing.base import Association, Entity, Pairs
from newsexchange.parsing.json_text import JsonObject, line, mapping, objects, string
from newsexchange.parsing.markup import absolute, language_tag
from newsexchange.parsing.ninjs_texts import headline

MEDIA_TOPIC = re.compile(r"(?:medtop:|https?://cv\.iptc\.org/newscodes/mediatopic/)([0-9]{8})", re.IGNORECASE)
MAX_LEVELS = 10  # associations of associations
# Names of lists, those of 1.x and of agencies among them; the kind of what is in them, and the role it has unsaid.
CONCEPTS = (
    (("people", "person", "persons"), "person", "subject"),
    (("organisations", "organisation", "organizations", "organization"), "organisation", "subject"),
    (("places", "place"), "place", "subject"),
    (("events", "event"), "event", "subject"),
    (("objects", "object"), "object", "subject"),
    (("authors", "author"), "person", "author"),
    (("contributors", "contributor"), "person", "contributor"),
    (("infosources", "infosource"), "organisation", "infosource"),
    (("genres", "genre"), "object", "genre"),
    (("services", "service"), "object", "service"),
)
PLANNINGS = ("plannings", "planning", "assignments", "assignment")


@dataclass(frozen=True, slots=True)
class Associated:
    """An item within an item, its names folded, and by which names one gets there."""

    name: str
    fields: JsonObject


def folded(item: JsonObject) -> JsonObject:
    """The same object with names that no longer differ by version: body_html, bodyHtml and bodyhtml are one."""
    return {name.replace("_", "").lower(): value for name, value in item.items()}


def topics(fields: JsonObject) -> tuple[str, ...]:
    """IPTC Media Topics among the subjects: a URI or literal of its own, or 1.x's scheme and code."""
    found = []
    for subject in _concepts(fields, ("subjects", "subject")):
        for candidate in (string(subject.get("uri")), string(subject.get("literal")), *_codes(subject)):
            if match := MEDIA_TOPIC.fullmatch(candidate):
                found.append(f"medtop:{match[1]}")
    return tuple(dict.fromkeys(found))


def keywords(fields: JsonObject) -> tuple[str, ...]:
    """Names of the subjects, and the keywords that some agencies add."""
    words = [line(subject.get("name")) for subject in _concepts(fields, ("subjects", "subject"))]
    extra = fields.get("keywords", fields.get("keyword"))
    words += [line(word) for word in extra] if isinstance(extra, list) else [line(extra)]
    return tuple(dict.fromkeys(word for word in words if word))


def entities(fields: JsonObject) -> tuple[Entity, ...]:
    """Everybody and everything that the item names, with the relation that it states."""
    found = []
    for names, kind, role in CONCEPTS:
        for concept in _concepts(fields, names):
            uri = _uri(concept)
            name = line(concept.get("name")) or string(concept.get("literal")) or line(concept.get("code")) or uri
            relation = concept.get("rel") or concept.get("rels") or concept.get("role")
            said = line(relation[0] if isinstance(relation, list) and relation else relation)
            found.append(Entity(name, (said or role) if role != "author" else role, uri, kind))
    return tuple(dict.fromkeys(entity for entity in found if entity.name))


def event_uri(fields: JsonObject) -> str:
    """The first event that the item is about."""
    return next((uri for event in _concepts(fields, ("events", "event")) if (uri := _uri(event))), "")


def assignment_uri(fields: JsonObject) -> str:
    """The first planning item that the item was made for."""
    return next((uri for planning in _concepts(fields, PLANNINGS) if (uri := _uri(planning))), "")


def alt_ids(fields: JsonObject) -> Pairs:
    """Other identifiers with their roles, written as a list of objects or as one object whose names are the roles."""
    found: list[tuple[str, str]] = []
    value = fields.get("altids", fields.get("altid"))
    if isinstance(value, dict) and "value" not in folded(value):
        found += [(role, string(each)) for role, each in value.items()]
    else:
        found += [(line(each.get("role")), string(each.get("value"))) for each in map(folded, objects(value))]
    found += [("", string(each)) for each in (value if isinstance(value, list) else [value])]
    found += [
        (name, string(fields.get(name))) for name in ("guid", "filename") if fields.get(name) != fields.get("uri")
    ]
    return tuple(dict.fromkeys((role, value) for role, value in found if value))


def associated(fields: JsonObject, above: str = "", level: int = 0) -> Iterator[Associated]:
    """Every associated item and those associated with it, each after the one that names it."""
    value = fields.get("associations", fields.get("association"))
    if isinstance(value, dict):
        named = [
            (name, item)
            for name, member in value.items()
            for item in (member if isinstance(member, list) else [member])
        ]
    else:
        named = [("", item) for item in (value if isinstance(value, list) else [])]
    for key, item in named:
        inner = folded({"uri": item}) if isinstance(item, str) else folded(mapping(item))
        if not any(inner.values()):
            continue
        own = line(inner.get("name")) or key or line(inner.get("rel"))
        path = f"{above}/{own}" if above and own else above or own
        yield Associated(path, inner)
        if level < MAX_LEVELS:
            yield from associated(inner, path, level + 1)


def associations(fields: JsonObject) -> tuple[Association, ...]:
    """Associated items, then documents about trust, plannings and earlier items."""
    found = []
    for member in associated(fields):
        item = member.fields
        found.append(
            Association(
                role=member.name,
                uri=_uri(item),
                href=absolute("", string(item.get("href"))),
                kind=line(item.get("type")).lower(),
                headline=headline(item, tag := language_tag(string(item.get("language")))),
                language=tag,
                version=string(item.get("version")),
            )
        )
    for indicator in map(folded, objects(fields.get("trustindicators", fields.get("trustindicator")))):
        href, role = string(indicator.get("href")), string(indicator.get("role")) or _uri(indicator)
        found.append(Association("trustIndicator", role, href, "", line(indicator.get("title"))))
    for planning in _concepts(fields, PLANNINGS):
        found.append(
            Association("planning", _uri(planning), headline=line(planning.get("title")) or line(planning.get("name")))
        )
    found.append(Association("evolvedFrom", string(fields.get("evolvedfrom"))))
    return tuple(dict.fromkeys(link for link in found if link.uri or link.href or link.headline))


def _concepts(fields: JsonObject, names: tuple[str, ...]) -> list[JsonObject]:
    """The objects under the first of these names that holds any; a bare string stands for an object with a name."""
    for name in names:
        value = fields.get(name)
        members = value if isinstance(value, list) else [value]
        found = [folded(each) if isinstance(each, dict) else {"name": each} for each in members if _is_concept(each)]
        if found:
            return found
    return []


def _is_concept(value: object) -> bool:
    return bool(value) and isinstance(value, dict | str)


def _codes(concept: JsonObject) -> Iterator[str]:
    scheme, code = string(concept.get("scheme")), string(concept.get("code")) or string(concept.get("qcode"))
    if code:
        yield code
    if code and scheme:
        yield f"{scheme.rstrip('/')}/{code}" if scheme.startswith("http") else f"{scheme}:{code}"


def _uri(concept: JsonObject) -> str:
    """What identifies a concept or item: its URI, else 1.x's scheme and code, else its literal."""
    said = string(concept.get("uri")) or next(reversed(list(_codes(concept))), "")
    literal = string(concept.get("literal"))
    return said or (literal if literal != string(concept.get("name")) else "")
