"""Every form in which a story goes out, by name."""

from collections.abc import Callable
from dataclasses import dataclass

import orjson

from newsexchange.formats import api, ninjs31
from newsexchange.models import Story
from newsexchange.text import StoryText

Render = Callable[[Story, StoryText, str], bytes | str]  # (story, its text for the shown language, that language)


@dataclass(frozen=True, slots=True)
class Format:
    """One way out. ``render`` gives text or, for what is no text, bytes; nothing in it may depend on who reads.

    What lists need is eager: it is rendered ahead of its readers. Everything else is rendered when first asked for.
    """

    name: str
    content_type: str
    extension: str
    render: Render
    is_eager: bool = False


def _json(values: Callable[[Story, StoryText, str], dict[str, object]]) -> Render:
    return lambda story, text, shown: orjson.dumps(values(story, text, shown)).decode()


VIEWS = {
    view.name: view
    for view in (
        Format(api.CARD, "application/json", "json", _json(api.card), is_eager=True),
        Format(api.DETAIL, "application/json", "json", _json(api.detail), is_eager=True),
    )
}
DOCUMENTS = {
    document.name: document
    for document in (
        Format(ninjs31.NAME, ninjs31.CONTENT_TYPE, "json", _json(lambda story, text, _: ninjs31.render(story, text))),
    )
}
FORMATS = VIEWS | DOCUMENTS
EAGER = tuple(format for format in FORMATS.values() if format.is_eager)
