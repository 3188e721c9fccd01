"""IPTC ninjs 2.2: the same document under the names of the second generation, less what it does not know."""

from typing import Any

from newsexchange.formats import ninjs31
from newsexchange.formats.outgoing import Outgoing

NAME = "ninjs-2.2"
CONTENT_TYPE = "application/json"
STANDARD = {"name": "ninjs", "version": "2.2", "schema": "https://www.iptc.org/std/ninjs/ninjs-schema_2.2.json"}
_RENAMED = {"embargoedUntil": "embargoed"}
_RENDITION = {"name", "href", "contenttype", "title", "height", "width", "sizeinbytes", "duration", "format"}


def render(out: Outgoing) -> dict[str, Any]:
    """The document as JSON-ready values. Renditions lose technical data, which our own terms keep."""
    document: dict[str, Any] = _lowered(ninjs31.render(out)) | {"standard": STANDARD}
    for rendition in document.get("renditions", ()):
        for name in rendition.keys() - _RENDITION:
            del rendition[name]
    for association in document.get("associations", ()):
        association.pop("rel", None)
    return document


def _lowered(value: Any) -> Any:
    if isinstance(value, dict):
        return {_RENAMED.get(name, name.lower()): _lowered(item) for name, item in value.items()}
    return [_lowered(item) for item in value] if isinstance(value, list) else value
