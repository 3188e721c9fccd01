"""The body of NITF as HTML, whether it is a document of its own or stands inside another one."""

import copy
import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from newsexchange.parsing.base import Entity, Rendition, Text
from newsexchange.parsing.markup import (
    XML_NS,
    absolute,
    inner_html,
    language_tag,
    local_name,
    one_line,
    text_of,
    tidy,
    whole_number,
)

# NITF 3.x elements that HTML calls by another name; the rest either agree or are unwrapped by the sanitiser.
NITF_TO_HTML = {
    "hl1": "h2",
    "hl2": "h3",
    "bq": "blockquote",
    "block": "div",
    "media": "figure",
    "media-caption": "figcaption",
    "nitf-table": "div",
    "nitf-table-summary": "p",
    "fn": "p",
    "lang": "span",
    "object.title": "cite",
    "credit": "cite",
}
# Not for reading: what they hold has a field of its own, or is a picture written in letters.
NITF_SILENT = frozenset(
    {"media-reference", "media-metadata", "media-producer", "media-object", "nitf-table-metadata", "note"}
)
# NITF 3.x enriched text; the value is the kind of entity.
NAMES = {
    "person": "person",
    "org": "organisation",
    "location": "place",
    "event": "event",
    "object.title": "object",
    "virtloc": "object",
}
KINDS = {"image": "picture", "photo": "picture", "graphic": "graphic", "audio": "audio", "video": "video"}
# media-reference/@units of width and height: anything but pixels is kept in words.
PIXELS = frozenset({"", "pixels", "pixel", "px"})
UNITS = {
    "seconds": 1000, "second": 1000, "sec": 1000, "s": 1000, "minutes": 60_000, "minute": 60_000, "min": 60_000,
    "milliseconds": 1, "ms": 1,
}  # fmt: skip
DATELINE_END = re.compile(r"\s*\(|\s+[-–—](?:\s|$)")


@dataclass(frozen=True, slots=True)
class Content:
    """A text as HTML, and what NITF repeats beside it."""

    html: str = ""
    headline: str = ""
    byline: str = ""
    dateline: str = ""  # the place alone
    summary: str = ""  # HTML
    credit: str = ""
    kind: str = "text"  # what the media are when there are no words beside their captions
    texts: tuple[Text, ...] = ()  # all of the above and captions, notes and the tagline
    entities: tuple[Entity, ...] = ()
    renditions: tuple[Rendition, ...] = ()
    files: tuple[Rendition, ...] = ()  # those that name a file but no address; href is the name


def nitf_content(root: etree._Element) -> Content:
    """What an <nitf> element holds."""
    head = next(root.iterfind("{*}body/{*}body.head"), None)
    content = next(root.iterfind("{*}body/{*}body.content"), None)
    end = next(root.iterfind("{*}body/{*}body.end"), None)
    if content is None and head is None:
        return Content(inner_html(next(root.iterfind("{*}body"), root)))
    html = "" if content is None else _html(content)
    abstract = None if head is None else next(head.iterfind("{*}abstract"), None)
    summary = "" if abstract is None else _html(abstract)
    media = list(_media(root))
    return Content(
        html=html,
        headline=_under(head, "{*}hedline/{*}hl1") or _under(head, "{*}headline/{*}hl1"),
        byline=_byline(head),
        dateline=_place(head),
        summary=summary,
        credit=_under(head, "{*}distributor"),
        kind=_kind(root, html),
        texts=tuple(_texts(root, head, end, html, summary)),
        entities=tuple(dict.fromkeys(_entities(root))),
        renditions=tuple(rendition for rendition in media if absolute("", rendition.href)),
        files=tuple(rendition for rendition in media if not absolute("", rendition.href)),
    )


def spaced_text(element: etree._Element | None) -> str:
    """All words inside on one line, those of different child elements apart: "By Ana Anić" and "Staff Writer"."""
    return "" if element is None else one_line(" ".join(map(str, element.itertext())))


def place_before(dateline: str) -> str:
    """ "Berlin" from "Berlin (dpa) - ", "Paris" from "Paris, 21 jan 2019 (AFP) -", "" from "January 21"."""
    place = DATELINE_END.split(dateline, maxsplit=1)[0].strip(" ,-–—")
    place = re.sub(r",\s*(?:\d.*|[^\s,]{3,10}\.?\s+\d.*)$", "", place)
    return "" if re.search(r"\d", place) else place


def _html(part: etree._Element) -> str:
    part = copy.deepcopy(part)
    for element in list(part.iter(etree.Element)):
        name = local_name(element)
        if name in NITF_SILENT:
            remove_element(element)
        elif name in NITF_TO_HTML:
            if name == "lang" and (language := language_tag(element.get("iso-cc") or element.get("lang"))):
                element.set("lang", language)
            element.tag = NITF_TO_HTML[name]
    return inner_html(part)


def _under(element: etree._Element | None, path: str) -> str:
    return "" if element is None else spaced_text(next(element.iterfind(path), None))


def _byline(head: etree._Element | None) -> str:
    lines = [] if head is None else [spaced_text(line) for line in head.iterfind("{*}byline")]
    return ", ".join(filter(None, lines))


def _place(head: etree._Element | None) -> str:
    if head is None:
        return ""
    location = next(head.iterfind("{*}dateline/{*}location"), None)
    if location is not None:
        parts = [one_line(text_of(part)) for part in location.iterchildren(etree.Element)]
        return ", ".join(filter(None, [one_line(location.text), *parts])) or spaced_text(location)
    dateline = next(head.iterfind("{*}dateline"), None)
    return "" if dateline is None else place_before(one_line(dateline.text) or spaced_text(dateline))


def _kind(root: etree._Element, html: str) -> str:
    media = {KINDS.get(tidy(one.get("media-type")).lower(), "") for one in root.iterfind(".//{*}media")}
    has_words = any(
        spaced_text(block)
        for block in root.iterfind("{*}body/{*}body.content//*")
        if local_name(block) in {"p", "table", "pre", "li", "hl2"} and not _is_inside_media(block)
    )
    return media.pop() or "text" if len(media) == 1 and not has_words else "text"


def _is_inside_media(element: etree._Element) -> bool:
    return next(element.iterancestors("{*}media"), None) is not None


def _texts(
    root: etree._Element, head: etree._Element | None, end: etree._Element | None, html: str, summary: str
) -> Iterator[Text]:
    if head is not None:
        for name in ("hl1", "hl2"):
            # The element is spelt "hedline"; some agencies write it as a dictionary would.
            for holder in ("hedline", "headline"):
                for element in head.iterfind(f"{{*}}{holder}/{{*}}{name}"):
                    yield from _text("headline", spaced_text(element), element, "" if name == "hl1" else name)
        for element in head.iterfind("{*}byline"):
            yield from _text("byline", spaced_text(element), element)
        for element in head.iterfind("{*}dateline"):
            yield from _text("dateline", spaced_text(element), element)
        for element in head.iterfind("{*}distributor"):
            yield from _text("creditline", spaced_text(element), element, "distributor")
        if summary:
            yield Text("summary", summary, "abstract")
    if html:
        yield Text("body", html)
    for element in root.iterfind("{*}body//{*}note"):
        yield from _text("note", spaced_text(element), element, tidy(element.get("noteclass")))
    for name, kind, role in (("media-caption", "caption", ""), ("media-producer", "creditline", "media-producer")):
        for element in root.iterfind(f"{{*}}body//{{*}}{name}"):
            yield from _text(kind, spaced_text(element), element, role)
    if end is not None:
        for name in ("tagline", "bibliography"):
            for element in end.iterfind(f"{{*}}{name}"):
                yield from _text("note", spaced_text(element), element, name)


def _text(kind: str, value: str, element: etree._Element, role: str = "") -> Iterator[Text]:
    if value:
        yield Text(kind, value, role, language_tag(element.get(f"{XML_NS}lang") or element.get("lang")))


def _entities(root: etree._Element) -> Iterator[Entity]:
    """Names marked in the text, and those that the head says the text is about."""
    for holder, role in (("{*}head/{*}docdata/{*}identified-content", "subject"), ("{*}body", "mentioned")):
        for part in root.iterfind(holder):
            for element in part.iter(*(f"{{*}}{name}" for name in NAMES)):
                parent = element.getparent()
                above = "" if parent is None else local_name(parent)
                if above in {"distributor", "dateline"}:
                    continue
                if name := tidy(element.get("value")) or spaced_text(element):
                    uri = tidy(element.get("idsrc")), tidy(element.get("value"))
                    yield Entity(
                        name=spaced_text(element) or name,
                        role="author" if above == "byline" and local_name(element) == "person" else role,
                        uri=":".join(uri) if all(uri) else "",
                        kind=NAMES[local_name(element)],
                    )


def _media(root: etree._Element) -> Iterator[Rendition]:
    for media in root.iterfind(".//{*}media"):
        caption = next((text for one in media.iterfind("{*}media-caption") if (text := spaced_text(one))), "")
        credit = next((text for one in media.iterfind("{*}media-producer") if (text := spaced_text(one))), "")
        metadata = tuple((tidy(one.get("name")), tidy(one.get("value"))) for one in media.iterfind("{*}media-metadata"))
        for reference in media.iterfind("{*}media-reference"):
            if tidy(reference.get("source") or reference.get("data-location")):
                yield _rendition(reference, tidy(media.get("media-type")), caption, credit, metadata)
    for image in root.iterfind("{*}body//{*}img"):
        if href := tidy(image.get("src") or image.get("source")):
            yield Rendition(href=href, rel="image", title=one_line(image.get("alt")))


def _rendition(
    reference: etree._Element, kind: str, caption: str, credit: str, metadata: tuple[tuple[str, str], ...]
) -> Rendition:
    units = tidy(reference.get("units")).lower()
    size = {name: whole_number(reference.get(name)) if units in PIXELS else None for name in ("width", "height")}
    further = [(name, tidy(reference.get(name))) for name in ("name", "source-credit", "copyright", "coding", "outcue")]
    if units not in PIXELS:
        further += [(name, f"{tidy(reference.get(name))} {units}".strip()) for name in size]
    return Rendition(
        href=tidy(reference.get("source") or reference.get("data-location")),
        rel=tidy(reference.get("id")) or kind or "media",
        content_type=tidy(reference.get("mime-type")),
        title=one_line(caption or reference.get("alternate-text")),
        width=size["width"],
        height=size["height"],
        duration_ms=_duration(reference),
        technical=tuple((name, value) for name, value in (*further, ("producer", credit), *metadata) if name and value),
    )


def _duration(reference: etree._Element) -> int | None:
    """NITF gives a number and its unit; without one, or with frames, there is no telling."""
    unit = tidy(reference.get("time-unit-of-measure")).lower()
    factor = UNITS.get(unit)
    time = whole_number(reference.get("time"))
    return None if time is None or factor is None else time * factor


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
