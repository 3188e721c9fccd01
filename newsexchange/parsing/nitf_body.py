"""The body of NITF as HTML, whether it is a document of its own or stands inside another one."""

import copy
from dataclasses import dataclass

from lxml import etree

from newsexchange.parsing.g2_metadata import place_of_dateline
from newsexchange.parsing.markup import inner_html, local_name, one_line, text_of

# NITF 3.x elements that HTML calls by another name; the rest either agree or are unwrapped by the sanitiser.
NITF_TO_HTML = {
    "hl1": "h2",
    "hl2": "h3",
    "bq": "blockquote",
    "block": "div",
    "media": "figure",
    "media-caption": "figcaption",
}
NITF_SILENT = frozenset({"media-reference", "media-metadata", "media-producer", "note"})


@dataclass(frozen=True, slots=True)
class Content:
    """A text as HTML, and what NITF repeats beside it."""

    html: str = ""
    headline: str = ""
    byline: str = ""
    dateline: str = ""


def nitf_content(root: etree._Element) -> Content:
    """What an <nitf> element holds."""
    head = next(root.iterfind("{*}body/{*}body.head"), None)
    content = next(root.iterfind("{*}body/{*}body.content"), None)
    if content is None:
        return Content(inner_html(root))
    content = copy.deepcopy(content)
    for element in list(content.iter(etree.Element)):
        name = local_name(element)
        if name in NITF_SILENT:
            remove_element(element)
        elif name in NITF_TO_HTML:
            element.tag = NITF_TO_HTML[name]
    return Content(
        html=inner_html(content),
        headline=_under(head, "{*}hedline/{*}hl1"),
        byline=_under(head, "{*}byline"),
        dateline=_under(head, "{*}dateline/{*}location") or place_of_dateline(_under(head, "{*}dateline")),
    )


def _under(element: etree._Element | None, path: str) -> str:
    return "" if element is None else one_line(text_of(next(element.iterfind(path), None)))


def remove_element(element: etree._Element) -> None:
    """The element goes, the text after it stays."""
    parent = element.getparent()
    if parent is None:
        return
    previous = element.getprevious()
    if previous is not None:
        previous.tail = (previous.tail or "") + (element.tail or "")
    else:
        parent.text = (parent.text or "") + (element.tail or "")
    parent.remove(element)
