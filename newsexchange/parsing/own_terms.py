"""What the standards have no place for, as our own documents say it, and as we read it back.

Our terms are one JSON object beside the standard's own properties: in ninjs a body with the role ``exchange-terms``, in
NewsML-G2 an element of our namespace at the end of the item's metadata. Restrictions stand apart, as ODRL, where both
standards have a place for rights expressions. The standard's properties always stand too, for readers who do not know
our terms; ours say the same without loss. They count only while the item still has the identity and version they name,
and never loosen an embargo: an indefinite hold is read only from an item that is held anyway.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, fields, replace
from datetime import UTC, date, datetime
from typing import Any

import orjson
from lxml import etree

from newsexchange.parsing.base import (
    Association,
    Entity,
    Entry,
    Hop,
    Pairs,
    Rendition,
    Restriction,
    RightsStatement,
    Shot,
    Soundbite,
)
from newsexchange.parsing.dates import parse_date, parse_day
from newsexchange.parsing.json_text import JsonObject, mapping, objects
from newsexchange.parsing.markup import absolute, text_of
from newsexchange.parsing.odrl import LANGUAGE, policies, read_policies

TERMS = "urn:x-mediaexchange:terms:1"
ROLE = "exchange-terms"
SHOTLIST, CORRECTION = "shotlist", "correction"  # roles of bodies that repeat our terms for human readers
CONTENT_TYPE = "application/json"
ELEMENT = f"{{{TERMS}}}terms"
# ninjs has no embargo without an end: a reader who does not know our terms waits until then.
HELD_UNTIL = datetime(2199, 12, 31, tzinfo=UTC)

_PLAIN = (
    "kind", "summary", "slugline", "editors_note", "byline", "dateline_place", "dateline_on", "event_uri",
    "assignment_uri", "link", "credit", "copyright_notice", "usage_terms", "duration_ms", "ai_use",
    "digital_source_type", "topics", "keywords", "alt_ids", "is_correction",
)  # fmt: skip
_ROWS: Mapping[str, type] = {
    "rights": RightsStatement,
    "entities": Entity,
    "renditions": Rendition,
    "shots": Shot,
    "soundbites": Soundbite,
    "associations": Association,
    "hops": Hop,
}
_KINDS = {"text", "picture", "graphic", "audio", "video", "composite"}
_AI_USES = {"", "none", "assistive", "translation", "synthetic"}
_SOUNDS = {"", "natural", "voice-over", "mute", "international"}
_LARGEST = 2**63 - 1


def written(entry: Entry, more: JsonObject) -> JsonObject:
    """The terms of an entry as JSON-ready values; ``more`` is what only people and other programs read of them."""
    values = {name: _plain(getattr(entry, name)) for name in _PLAIN}
    values |= {name: [_row(item) for item in getattr(entry, name)] for name in _ROWS}
    held = {"is_held": True, "embargoed_until": _plain(entry.embargoed_until)} if entry.is_held_indefinitely else {}
    said = {name: value for name, value in values.items() if value not in (None, [], {})}
    said |= {} if entry.body else {"has_body": False}
    return {"terms": TERMS, "guid": entry.guid, "version": entry.version} | said | held | more


def written_rights(entry: Entry) -> str:
    """The restrictions of an entry as ODRL in JSON, "" without any."""
    return orjson.dumps(policies(entry.restrictions, entry.guid)).decode() if entry.restrictions else ""


def from_ninjs(item: JsonObject) -> tuple[JsonObject, JsonObject]:
    """A ninjs object, its names folded, without the bodies that repeat our terms; and the terms, {} without any."""
    bodies = objects(item.get("bodies"))
    terms = next((_loaded(body.get("value")) for body in bodies if body.get("role") == ROLE), {})
    if terms.get("terms") != TERMS:
        return item, {}
    kept = [body for body in bodies if body.get("role") not in (ROLE, SHOTLIST, CORRECTION)]
    rights = {name.lower(): value for name, value in mapping(item.get("rightsinfo")).items()}
    policy = _loaded(rights.get("encodedrights")) if rights.get("langid") == LANGUAGE else {}
    return item | {"bodies": kept}, terms | {"policies": policy}


def from_g2(item: etree._Element) -> JsonObject:
    """The terms of a NewsML-G2 item, {} without any."""
    element = item.find(f"{{*}}itemMeta/{ELEMENT}")
    terms = _loaded(text_of(element)) if element is not None else {}
    if terms.get("terms") != TERMS:
        return {}
    expressions = item.iterfind("{*}rightsInfo/{*}rightsExpressionData")
    policy = next((_loaded(text_of(found)) for found in expressions if found.get("langid") == LANGUAGE), {})
    return terms | {"policies": policy}


def applied(entry: Entry, terms: JsonObject) -> Entry:
    """The entry with what our terms say of it more exactly; unchanged if they are about another item or version."""
    if not terms or (terms.get("guid"), terms.get("version")) != (entry.guid, entry.version):
        return entry
    shapes = {field.name: (field.type, field.default) for field in fields(Entry)}
    values: dict[str, Any] = {name: _value(shapes[name][0], terms.get(name), shapes[name][1]) for name in _PLAIN}
    values["kind"] = values["kind"] if values["kind"] in _KINDS else entry.kind
    values["ai_use"] = values["ai_use"] if values["ai_use"] in _AI_USES else ""
    values |= {name: tuple(_built(kind, row) for row in objects(terms.get(name))) for name, kind in _ROWS.items()}
    values["link"] = absolute("", values["link"])
    values["renditions"] = tuple(item for item in values["renditions"] if item.href)
    values["restrictions"] = _of_these_shots(read_policies(terms.get("policies")), len(values["shots"]))
    if terms.get("is_held") is True and entry.embargoed_until in (None, HELD_UNTIL):
        said = terms.get("embargoed_until")
        values |= {
            "is_held_indefinitely": True,
            "embargoed_until": parse_date(said) if isinstance(said, str) else None,
        }
    if terms.get("has_body") is False:
        values["body"] = ""  # descriptions of shots are no text of the story
    return replace(entry, **values)


def _of_these_shots(restrictions: Sequence[Restriction], shots: int) -> tuple[Restriction, ...]:
    """One on a shot that is not there is on the whole story: it may have been about any part of it."""
    return tuple(
        replace(item, shot=None) if item.shot is not None and item.shot >= shots else item for item in restrictions
    )


def _loaded(text: Any) -> JsonObject:
    try:
        return mapping(orjson.loads(text)) if isinstance(text, str) else {}
    except orjson.JSONDecodeError:
        return {}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return [_plain(item) for item in value] if isinstance(value, tuple) else value


def _row(item: Any) -> JsonObject:
    values = {}
    for field in fields(item):
        value = getattr(item, field.name)
        if value not in ((), "", None):
            values[field.name] = dict(value) if field.type == Pairs else _plain(value)
    return values


def _built(kind: type, row: JsonObject) -> Any:
    values = {field.name: _value(field.type, row.get(field.name), field.default) for field in fields(kind)}
    first, last = values.get("in_ms"), values.get("out_ms")
    if first is not None and last is not None and last < first:
        values["out_ms"] = None
    values |= {name: absolute("", values[name]) for name in ("href", "link") if name in values}
    if values.get("audio", "") not in _SOUNDS:
        values["audio"] = ""
    return kind(**values)


def _value(shape: Any, value: Any, default: Any) -> Any:
    """The value if it has the shape of the field, else what the field is without it."""
    read = _READERS[shape](value)
    if read is None:
        return "" if default is MISSING else default
    return read


def _string(value: Any) -> str | None:
    return value.replace("\0", "") if isinstance(value, str) else None


def _number(value: Any) -> int | None:
    return value if type(value) is int and 0 <= value <= _LARGEST else None


def _strings(value: Any) -> tuple[str, ...] | None:
    return tuple(item.replace("\0", "") for item in value if isinstance(item, str)) if isinstance(value, list) else None


def _pairs(value: Any) -> Pairs | None:
    listed = list(value.items()) if isinstance(value, dict) else value if isinstance(value, list) else None
    if listed is None:
        return None
    pairs = (pair for pair in listed if isinstance(pair, list | tuple) and len(pair) == 2)
    return tuple((_string(name) or "", _string(text) or "") for name, text in pairs)


_READERS: dict[Any, Callable[[Any], Any]] = {
    str: _string,
    bool: lambda value: value if isinstance(value, bool) else None,
    int | None: _number,
    date | None: lambda value: parse_day(value) if isinstance(value, str) else None,
    datetime | None: lambda value: parse_date(value) if isinstance(value, str) else None,
    tuple[str, ...]: _strings,
    Pairs: _pairs,
}
