"""Every form in which a story goes out, by name."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import orjson
from django.utils.translation import override

from mediaexchange.core.languages.tags import to_bcp47
from newsexchange.formats import api, dopesheet_pdf, dopesheet_text, newsml_g2, ninjs22, ninjs31
from newsexchange.formats.outgoing import Outgoing, outgoing
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


def _view(values: Callable[[Story, StoryText, str], dict[str, Any]]) -> Render:
    return lambda story, text, shown: orjson.dumps(values(story, text, shown)).decode()


def _document(render: Callable[[Outgoing], bytes | str]) -> Render:
    return _sheet(lambda out, _language: render(out))


def _sheet(render: Callable[[Outgoing, str], bytes | str]) -> Render:
    """Labels in a document are in the language it was asked for, whoever has it rendered."""

    def rendered(story: Story, text: StoryText, shown: str) -> bytes | str:
        with override(shown):
            return render(outgoing(story, text, shown), to_bcp47(shown))

    return rendered


def _json(values: Callable[[Outgoing], dict[str, Any]]) -> Render:
    return _document(lambda out: orjson.dumps(values(out)).decode())


VIEWS = {
    view.name: view
    for view in (
        Format(api.CARD, "application/json", "json", _view(api.card), is_eager=True),
        Format(api.DETAIL, "application/json", "json", _view(api.detail), is_eager=True),
    )
}
DOCUMENTS = {
    document.name: document
    for document in (
        Format(ninjs31.NAME, ninjs31.CONTENT_TYPE, "json", _json(ninjs31.render)),
        Format(ninjs22.NAME, ninjs22.CONTENT_TYPE, "json", _json(ninjs22.render)),
        Format(newsml_g2.NAME, newsml_g2.CONTENT_TYPE, "xml", _document(newsml_g2.render)),
        Format(newsml_g2.MESSAGE, newsml_g2.MESSAGE_CONTENT_TYPE, "xml", _document(newsml_g2.render_message)),
        Format(dopesheet_text.NAME, dopesheet_text.CONTENT_TYPE, "txt", _sheet(dopesheet_text.render)),
        Format(dopesheet_pdf.NAME, dopesheet_pdf.CONTENT_TYPE, "pdf", _sheet(dopesheet_pdf.render)),
    )
}
FORMATS = VIEWS | DOCUMENTS
EAGER = tuple(format for format in FORMATS.values() if format.is_eager)
