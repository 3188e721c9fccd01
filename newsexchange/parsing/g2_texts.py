"""Every text of a NewsML-G2 item with the role and the language that it has there."""

from collections.abc import Callable, Iterator

from lxml import etree

from newsexchange.parsing.base import Text
from newsexchange.parsing.g2_concepts import Concepts
from newsexchange.parsing.g2_content import Inline
from newsexchange.parsing.g2_metadata import (
    SUMMARY_ROLES,
    block_html,
    code_of,
    find_all,
    last_part,
    role_of,
    tongue_of,
    words_of,
)
from newsexchange.parsing.markup import one_line, tidy


def _line(element: etree._Element) -> str:
    return one_line(words_of(element))


# Where texts stand, what they are called here, and how they are read.
PLACES: tuple[tuple[str, str, Callable[[etree._Element], str]], ...] = (
    ("itemMeta/title", "title", _line),
    ("contentMeta/headline", "headline", _line),
    ("contentMeta/slugline", "slugline", _line),
    ("contentMeta/by", "byline", _line),
    ("contentMeta/dateline", "dateline", _line),
    ("contentMeta/creditline", "creditline", _line),
    ("contentMeta/keyword", "keyword", _line),
    ("itemMeta/edNote", "note", words_of),
    ("rightsInfo/copyrightNotice", "copyright", words_of),
    ("partMeta/edNote", "note", words_of),
    ("groupSet/group/title", "title", _line),
    ("groupSet/group/edNote", "note", words_of),
)


def texts(item: etree._Element, concepts: Concepts, inline: list[Inline]) -> tuple[Text, ...]:
    """All of them once, block by block; the names of subjects count as keywords, in each of their languages."""
    found = list(_of_places(item))
    found += [_described(element, item) for element in find_all(item, "contentMeta/description")]
    found += [Text("keyword", _line(name), "subject", tongue_of(name, item)) for name in concepts.subject_names()]
    found += _of_extensions(item)
    for part in find_all(item, "partMeta"):
        found += _of_part(part, item)
    found += [Text("body", text.content.html, text.role, text.language) for text in inline]
    return tuple(dict.fromkeys(text for text in found if text.value))


def _of_places(item: etree._Element) -> Iterator[Text]:
    for path, kind, read in PLACES:
        for element in find_all(item, path):
            yield Text(kind, read(element), role_of(element), tongue_of(element, item))


def _of_extensions(item: etree._Element) -> Iterator[Text]:
    """Properties of a provider's own, under the relation that names them."""
    for path in ("itemMeta/itemMetaExtProperty", "contentMeta/contentMetaExtProperty", "partMeta/partMetaExtProperty"):
        for element in find_all(item, path):
            name = next((name for each in find_all(element, "name") if (name := _line(each))), "")
            value = name or tidy(element.get("value")) or tidy(element.get("literal")) or code_of(element)
            yield Text("note", value or _line(element), last_part(code_of(element, "rel")).lower())


def _described(element: etree._Element, item: etree._Element) -> Text:
    role = role_of(element)
    if role == "caption":
        return Text("caption", words_of(element), role, tongue_of(element, item))
    return Text(
        "summary" if role in SUMMARY_ROLES else "description", block_html(element), role, tongue_of(element, item)
    )


def _of_part(part: etree._Element, item: etree._Element) -> Iterator[Text]:
    """Of a part that is no stretch of time, all its texts: a region of a picture, a passage of a text."""
    if not find_all(part, "timeDelim") and find_all(part, "regionDelim"):
        for element in find_all(part, "headline"):
            yield Text("headline", _line(element), role_of(element) or "part", tongue_of(element, item))
        for element in find_all(part, "description"):
            yield Text("description", block_html(element), role_of(element) or "part", tongue_of(element, item))
    for name, kind in (
        ("creditline", "creditline"),
        ("by", "byline"),
        ("slugline", "slugline"),
        ("keyword", "keyword"),
    ):
        for element in find_all(part, name):
            yield Text(kind, _line(element), "part", tongue_of(element, item))
