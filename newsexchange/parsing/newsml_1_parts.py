"""The tree of components in a NewsML 1.x item: lines, texts in their languages, files."""

import base64
import binascii
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from newsexchange.parsing.base import Association, Rendition, Text
from newsexchange.parsing.markup import (
    XML_NS,
    absolute,
    ambiguous_to_html,
    inner_html,
    language_tag,
    local_name,
    looks_like_html,
    milliseconds,
    one_line,
    plain_to_html,
    text_of,
    tidy,
    whole_number,
)
from newsexchange.parsing.nitf_body import Content, nitf_content, spaced_text
from newsexchange.parsing.sanitise import html_to_text

LINES = {
    "HeadLine": "headline",
    "SubHeadLine": "headline",
    "ByLine": "byline",
    "DateLine": "dateline",
    "CreditLine": "creditline",
    "CopyrightLine": "copyright",
    "RightsLine": "note",
    "SeriesLine": "note",
    "SlugLine": "slugline",
    "KeywordLine": "keyword",
}
# What a component is for, by the names that agencies use; anything else with words in it is part of the story.
ROLE_KINDS = {
    "caption": "caption",
    "title": "headline",
    "headline": "headline",
    "subtitle": "headline",
    "lead": "summary",
    "abstract": "summary",
    "summary": "summary",
    "synopsis": "summary",
    "teaser": "summary",
    "note": "note",
    "editorsnote": "note",
    "advisory": "note",
}
MEDIA_KINDS = {
    "photo": "picture", "picture": "picture", "image": "picture", "graphic": "graphic", "graphics": "graphic",
    "animation": "graphic", "audio": "audio", "video": "video",
}  # fmt: skip
SIZES = frozenset({"width", "height", "duration", "totalduration", "pixelwidth", "pixelheight", "sizeinbytes"})


@dataclass(slots=True)
class Part:
    """One component with what it inherits: its language and whether it stands among equivalents of an earlier one."""

    element: etree._Element
    role: str
    language: str
    parent: "Part | None" = None
    repeats: bool = False
    caption: str = ""  # of the child that is one


@dataclass(slots=True)
class Tree:
    """What was collected from all components of an item, in the order of the document."""

    parts: list[Part] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)  # with the language of each, also where it is the main one
    bodies: list[tuple[Part, Text]] = field(default_factory=list)
    contents: list[Content] = field(default_factory=list)
    renditions: list[Rendition] = field(default_factory=list)
    associations: list[Association] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)


def read_tree(item: etree._Element, language: str) -> Tree:
    """All components of an item; those of an item inside another one are left to that item."""
    tree = Tree()
    for component in item.iterfind("{*}NewsComponent"):
        _walk(component, Part(item, "", language), False, tree)
    for part in tree.parts:
        tree.texts += _lines(part)
        for reference in part.element.iterfind("{*}NewsItemRef"):
            tree.associations.append(
                Association(part.role or "item", uri=tidy(reference.get("NewsItem")), headline=_comment(reference))
            )
        for inner in part.element.iterfind("{*}NewsItem"):
            uri = words_under(inner, "{*}Identification/{*}NewsIdentifier/{*}PublicIdentifier")
            tree.associations.append(Association(part.role or "item", uri=uri))
        _contents(part, tree)
    return tree


def _walk(component: etree._Element, above: Part, repeats: bool, tree: Tree) -> None:
    declared = next(
        (
            tag
            for one in component.iterfind("{*}DescriptiveMetadata/{*}Language")
            if (tag := language_tag(one.get("FormalName")))
        ),
        "",
    )
    language = declared or language_tag(component.get(f"{XML_NS}lang")) or above.language
    role = formal_name(component, "{*}Role").lower().rpartition(":")[2]
    part = Part(component, role, language, above, repeats)
    tree.parts.append(part)
    if role == "caption" and not above.caption:
        above.caption = words_under(component, "{*}ContentItem//{*}DataContent")
    are_equivalents = tidy(component.get("EquivalentsList")).lower() == "yes"
    for place, child in enumerate(component.iterfind("{*}NewsComponent")):
        _walk(child, part, repeats or (are_equivalents and place > 0), tree)


def formal_name(element: etree._Element, path: str) -> str:
    """The first formal name under the path that says something."""
    return next((name for one in element.iterfind(path) if (name := one_line(one.get("FormalName")))), "")


def words_under(element: etree._Element, path: str) -> str:
    """The first words under the path."""
    return next((text for one in element.iterfind(path) if (text := spaced_text(one))), "")


def _comment(element: etree._Element) -> str:
    return words_under(element, "{*}Comment")


def _lines(part: Part) -> Iterator[Text]:
    for lines in part.element.iterfind("{*}NewsLines"):
        for line in lines.iterchildren(etree.Element):
            name = local_name(line)
            if name == "NewsLine":
                role = formal_name(line, "{*}NewsLineType").lower()
                found = [("note", role, one) for one in line.iterfind("{*}NewsLineText")]
            elif name in LINES:
                role = {"SubHeadLine": "subheadline", "RightsLine": "rights", "SeriesLine": "series"}.get(name, "")
                found = [(LINES[name], role, line)]
            else:
                continue
            for kind, role, one in found:
                if value := spaced_text(one):
                    tag = language_tag(one.get(f"{XML_NS}lang") or line.get(f"{XML_NS}lang")) or part.language
                    yield Text(kind, value, role, tag)


def _contents(part: Part, tree: Tree) -> None:
    """The words and files of one component; of several forms of the same words, the richest is its body."""
    worded: list[Text] = []
    for item in part.element.iterfind("{*}ContentItem"):
        tree.kinds += _kind_of(part, item)
        if tidy(item.get("Href")):
            _file(part, item, tree)
            continue
        data, is_base64 = _data_of(item)
        if data is None:
            continue
        content = _content(item, data, is_base64)
        if content is None:
            tree.associations.append(Association(part.role or "embedded", tidy(item.get("Duid")), kind=_type_of(item)))
            continue
        if not content.html:
            continue
        kind = ROLE_KINDS.get(part.role, "body")
        value = content.html if kind in {"body", "summary"} else one_line(html_to_text(content.html))
        tag = language_tag(item.get(f"{XML_NS}lang")) or part.language
        text = Text(kind, value, "" if kind == part.role else part.role, tag)
        tree.texts.append(text)
        tree.texts += content.texts if kind == "body" else ()
        tree.contents.append(content)
        if kind == "body":
            worded.append(text)
    if worded:
        tree.bodies.append((part, max(worded, key=lambda text: text.value.count("<"))))


def _kind_of(part: Part, item: etree._Element) -> list[str]:
    stated = formal_name(item, "{*}MediaType") or _type_of(item).partition("/")[0]
    stated = stated or property_of(part.element.iterfind("{*}DescriptiveMetadata"), "ComponentClass")
    kind = MEDIA_KINDS.get(stated.lower())
    return [kind] if kind and part.role not in {"thumbnail", "preview", "icon", "keyframe"} else []


def _data_of(item: etree._Element) -> tuple[etree._Element | None, bool]:
    """The data, and whether an encoding around it is base64."""
    data = next(item.iterfind(".//{*}DataContent"), None)
    notations = [tidy(one.get("Notation")).lower() for one in item.iterfind(".//{*}Encoding")]
    return data, any("base64" in notation for notation in notations)


def _content(item: etree._Element, data: etree._Element, is_base64: bool) -> Content | None:
    """The words; None when there are none because the data are a picture, a sound or something else unreadable."""
    root = next(data.iterchildren(etree.Element), None)
    if root is not None:
        name = local_name(root).lower()
        if name == "nitf":
            return nitf_content(root)
        if name == "html":
            body = next(root.iterfind("{*}body"), None)
            return Content("" if body is None else inner_html(body))
        return Content(inner_html(data))
    text = text_of(data)
    if is_base64:
        try:
            text = base64.b64decode("".join(text.split()), validate=True).decode()
        except (binascii.Error, ValueError):
            return None
    if formal_name(item, "{*}MediaType").lower() in MEDIA_KINDS:
        return None
    kind = _type_of(item).lower()
    if "html" in kind and looks_like_html(text):
        return Content(tidy(text))
    return Content(plain_to_html(text) if kind == "text/plain" else ambiguous_to_html(text))


def _type_of(item: etree._Element) -> str:
    stated = (formal_name(item, "{*}MimeType"), formal_name(item, "{*}Format"))
    return next((one for one in stated if "/" in one), "") or next(filter(None, stated), "")


def _file(part: Part, item: etree._Element, tree: Tree) -> None:
    """A file with an address is a rendition; one that has only a name came some other way, beside the document."""
    href, content_type = tidy(item.get("Href")), _type_of(item)
    told = _characteristics(item)
    size = words_under(item, "{*}Characteristics/{*}SizeInBytes") or told.get("sizeinbytes", "")
    duration = milliseconds(told.get("duration") or told.get("totalduration"))
    title = _title_of(part)
    if not absolute("", href):
        tree.associations.append(
            Association(part.role or "file", uri=href, kind=content_type, headline=title, language=part.language)
        )
        return
    tree.renditions.append(
        Rendition(
            href=absolute("", href),
            rel=part.role or formal_name(item, "{*}MediaType").lower(),
            content_type=content_type if "/" in content_type else "",
            title=title,
            size_bytes=whole_number(size) or None,
            width=whole_number(told.get("width") or told.get("pixelwidth")) or None,
            height=whole_number(told.get("height") or told.get("pixelheight")) or None,
            duration_ms=duration or None,
            language=part.language,
            technical=(
                *((("format", content_type),) if content_type and "/" not in content_type else ()),
                *((name, value) for name, value in told.items() if name not in SIZES),
            ),
        )
    )


def _characteristics(item: etree._Element) -> dict[str, str]:
    found: dict[str, str] = {}
    for one in item.iterfind("{*}Characteristics/{*}Property"):
        name, value = tidy(one.get("FormalName")).lower(), one_line(one.get("Value"))
        if name and value:
            found.setdefault(name, value)
    return found


def _title_of(part: Part) -> str:
    """The caption that stands in a component beside or below, else the headline of the component or those around."""
    around: Part | None = part
    while around is not None:
        if title := around.caption or words_under(around.element, "{*}NewsLines/{*}HeadLine"):
            return title
        around = around.parent
    return ""


def property_of(holders: Iterator[etree._Element], name: str) -> str:
    """The value of the first property of that name, in any case."""
    for holder in holders:
        for one in holder.iterfind("{*}Property"):
            if tidy(one.get("FormalName")).lower() == name.lower() and (value := one_line(one.get("Value"))):
                return value
    return ""
