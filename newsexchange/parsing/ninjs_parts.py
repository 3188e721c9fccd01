"""The parts of a ninjs item that are lists: subjects, people, renditions, associated media."""

import re
from collections.abc import Iterator

from newsexchange.parsing.base import Entity, Rendition
from newsexchange.parsing.json_text import JsonObject, line, mapping, objects, string
from newsexchange.parsing.markup import absolute, whole_number

MEDIA_TYPES = frozenset({"picture", "graphic", "audio", "video"})
MEDIA_TOPIC = re.compile(r"(?:medtop:|https?://cv\.iptc\.org/newscodes/mediatopic/)([0-9]{8})", re.IGNORECASE)


def folded(item: JsonObject) -> JsonObject:
    """The same object with names that no longer differ by version: body_html, bodyHtml and bodyhtml are one."""
    return {name.replace("_", "").lower(): value for name, value in item.items()}


def topics(fields: JsonObject) -> tuple[str, ...]:
    """IPTC Media Topics among the subjects: a URI or literal of its own, or 1.x's scheme and code."""
    found = []
    for subject in _concepts(fields, "subjects", "subject"):
        scheme, code = string(subject.get("scheme")), string(subject.get("code"))
        joined = f"{scheme.rstrip('/')}/{code}" if scheme.startswith("http") else f"{scheme}:{code}"
        for candidate in (string(subject.get("uri")), string(subject.get("literal")), code, joined):
            if match := MEDIA_TOPIC.fullmatch(candidate):
                found.append(f"medtop:{match[1]}")
    return tuple(dict.fromkeys(found))


def keywords(fields: JsonObject) -> tuple[str, ...]:
    """Names of the subjects, and the keywords that some agencies add."""
    words = [line(subject.get("name")) for subject in _concepts(fields, "subjects", "subject")]
    extra = fields.get("keywords", fields.get("keyword"))
    words += [line(word) for word in extra] if isinstance(extra, list) else []
    return tuple(dict.fromkeys(word for word in words if word))


def people(fields: JsonObject) -> tuple[Entity, ...]:
    """Persons with the relation that the item states, "subject" without one."""
    named = (
        Entity(name=name, role=line(person.get("rel")) or "subject", uri=string(person.get("uri")))
        for person in _concepts(fields, "people", "person")
        if (name := line(person.get("name")))
    )
    return tuple(dict.fromkeys(named))


def renditions(fields: JsonObject) -> tuple[Rendition, ...]:
    """The item's own files, then those of associated media items."""
    found = list(_own_renditions(fields, ""))
    for association in _associations(fields):
        if line(association.get("type")).lower() in MEDIA_TYPES or "body" not in "".join(association):
            title = next((line(text.get("value")) for text in objects(association.get("headlines"))), "")
            found += _own_renditions(association, title or line(association.get("headline")))
    return tuple(dict.fromkeys(found))


def _concepts(fields: JsonObject, plural: str, singular: str) -> list[JsonObject]:
    return objects(fields.get(plural)) or objects(fields.get(singular))


def _associations(fields: JsonObject) -> Iterator[JsonObject]:
    value = fields.get("associations")
    members = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for member in members:
        for item in objects(member):
            yield folded(item)


def _own_renditions(fields: JsonObject, default_title: str) -> Iterator[Rendition]:
    value = fields.get("renditions")
    named = list(mapping(value).items()) if isinstance(value, dict) else [("", item) for item in objects(value)]
    for name, item in named:
        rendition = folded(mapping(item))
        href = absolute("", string(rendition.get("href")))
        if not href:
            continue
        yield Rendition(
            href=href,
            rel=line(rendition.get("name")) or name,
            content_type=line(rendition.get("contenttype")) or line(rendition.get("mimetype")),
            title=line(rendition.get("title")) or default_title,
            size_bytes=whole_number(rendition.get("sizeinbytes")),
            width=whole_number(rendition.get("width")),
            height=whole_number(rendition.get("height")),
            duration_ms=_milliseconds(rendition.get("duration")),
        )


def _milliseconds(seconds: object) -> int | None:
    # The schema says seconds, fractions allowed.
    return round(seconds * 1000) if isinstance(seconds, int | float) and 0 <= seconds < 10**9 else None
