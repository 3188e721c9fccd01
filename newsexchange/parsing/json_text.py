"""JSON from a stranger, read into plain values, and the accessors that survive any type."""

from typing import Any

import orjson

from newsexchange.parsing.base import DocumentError, ReasonCode
from newsexchange.parsing.markup import one_line, tidy
from newsexchange.parsing.preflight import read_text

JsonObject = dict[str, Any]  # Any: whatever a stranger wrote


def load_json(payload: bytes, content_type: str) -> Any:
    """The document's value. Raises DocumentError, also for lone surrogates and nesting deeper than 1024."""
    text = read_text(payload, content_type)
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise DocumentError(ReasonCode.NOT_WELL_FORMED, str(error)) from error


def dump_json(value: Any) -> bytes:
    """One value as it stood in the document, as UTF-8."""
    try:
        return bytes(memoryview(orjson.dumps(value)))  # a copy: the original keeps a buffer of 4 KiB or more
    except orjson.JSONEncodeError:  # nested deeper than orjson writes, though it read it
        return b""


def string(value: object) -> str:
    """Tidied text from a string or a number, "" from anything else."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return tidy(str(value))


def line(value: object) -> str:
    """Like string, on one line."""
    return one_line(string(value))


def objects(value: object) -> list[JsonObject]:
    """The objects of a list, or the one object that stands where a list is expected."""
    if isinstance(value, dict):
        return [value]
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def mapping(value: object) -> JsonObject:
    """The object, or an empty one."""
    return value if isinstance(value, dict) else {}


def lines(value: object) -> tuple[str, ...]:
    """All different strings of a list, or the one string that stands where a list is expected."""
    values = value if isinstance(value, list) else [value]
    return tuple(dict.fromkeys(text for item in values if (text := line(item))))
