"""The files of a NewsML-G2 item, with everything technical that is said of them under NewsML-G2's own names."""

from collections.abc import Iterator

from lxml import etree

from newsexchange.parsing.base import Association, Rendition
from newsexchange.parsing.g2_metadata import KINDS, code_of, find_all, last_part, line_of
from newsexchange.parsing.g2_times import duration, frame_rate
from newsexchange.parsing.markup import XML_NS, absolute, language_tag, local_name, text_of, tidy, whole_number

MAX_PIXELS = 2**31 - 1
MAX_VALUE_CHARS = 2000
# Attributes with a column of their own, or of no meaning outside their document.
ELSEWHERE = frozenset({"href", "contenttype", "size", "title", "id", "language", "width", "height", "duration"})
# Attributes whose value is a code: of "vcdc:c041" and of a URI, only what comes last means the same everywhere.
CODED = frozenset({
    "videocodec", "audiocodec", "videoscaling", "videodefinition", "colourspace", "colourindicator", "audiochannels",
    "layoutorientation", "widthunit", "heightunit", "durationunit", "format", "encoding", "how", "why", "type", "role",
    "residrefformat", "hashtype", "scope", "g2flag",
})  # fmt: skip
PIXELS = frozenset({"", "pixels", "pixel"})  # NewsCodes "Dimension Unit"; pixels where none is given


def renditions(item: etree._Element) -> tuple[Rendition, ...]:
    """Remote content of the item, and the icons of the item and its parts, as far as they can be fetched."""
    found = [_rendition(element, "") for element in find_all(item, "contentSet/remoteContent")]
    found += [_rendition(element, "thumbnail") for element in find_all(item, "contentMeta/icon")]
    for part in find_all(item, "partMeta"):
        found += [_rendition(icon, "thumbnail", tidy(part.get("partid"))) for icon in find_all(part, "icon")]
    return tuple(rendition for rendition in found if rendition.href)


def unreachable(item: etree._Element) -> Iterator[Association]:
    """Content that the item has but that no address of the web leads to: it is named, though nobody can fetch it."""
    icons = find_all(item, "contentMeta/icon") + find_all(item, "partMeta/icon")
    for element in (*find_all(item, "contentSet/remoteContent"), *icons):
        if not _locations(element):
            name = last_part(code_of(element, "rendition")) or local_name(element)
            where = tidy(element.get("residref")) or tidy(element.get("href"))
            yield Association(
                role=name,
                uri=where,
                kind=tidy(element.get("contenttype")),
                headline=tidy(element.get("title")),
                version=tidy(element.get("version")),
            )
    for element in find_all(item, "contentSet/inlineData"):
        content_type = tidy(element.get("contenttype"))
        if content_type and not content_type.startswith(("text/", "application/")):
            yield Association(role=last_part(code_of(element, "rendition")) or "inlineData", kind=content_type)


def item_duration(item: etree._Element, found: tuple[Rendition, ...]) -> int | None:
    """How long the item's recording is: what most of its renditions say, the longest of them in doubt."""
    lengths = [rendition.duration_ms for rendition in found if rendition.duration_ms]
    return max(lengths, key=lambda length: (lengths.count(length), length)) if lengths else None


def rate_of(element: etree._Element) -> str:
    """The rate by which a rendition's edit units are counted: pictures a second, else samples a second."""
    return tidy(element.get("videoframerate")) or tidy(element.get("audiosamplerate")) or tidy(element.get("framerate"))


def _rendition(element: etree._Element, default_rel: str, partid: str = "") -> Rendition:
    locations = _locations(element)
    sums = [
        f"{last_part(code_of(each, 'hashtype')).lower() or 'md5'}:{text_of(each)}" for each in _named(element, "hash")
    ]
    unit = code_of(element, "durationunit")
    length = duration(element.get("duration"), unit, frame_rate(rate_of(element)))
    title = tidy(element.get("title")) or line_of(element, "title")
    languages = (element.get("language"), element.get(f"{XML_NS}lang"))
    technical = dict(_attributes(element))
    if length is None and (said := tidy(element.get("duration"))):
        technical["duration"] = said
    if length is not None:
        technical.pop("durationunit", None)
    for name in ("width", "height"):
        if (said := tidy(element.get(name))) and _pixels(element, name) is None:
            technical[name] = said
    if partid:
        technical["partid"] = partid
    technical |= _numbered("hash", sums[1:]) | _numbered("altLoc", locations[1:]) | dict(_children(element))
    return Rendition(
        href=locations[0] if locations else "",
        rel=(last_part(code_of(element, "rendition")) or default_rel)[:100],
        content_type=tidy(element.get("contenttype"))[:200],
        title=title,
        size_bytes=whole_number(element.get("size")),
        width=_pixels(element, "width"),
        height=_pixels(element, "height"),
        duration_ms=length,
        checksum=sums[0][:200] if sums else "",
        language=next((tag for text in languages if (tag := language_tag(text))), ""),
        technical=tuple((name, value[:MAX_VALUE_CHARS]) for name, value in technical.items() if value),
    )


def _locations(element: etree._Element) -> list[str]:
    said = (element.get("href"), *(text_of(child) for child in _named(element, "altLoc")))
    return list(dict.fromkeys(href for location in said if (href := absolute("", location))))


def _pixels(element: etree._Element, name: str) -> int | None:
    number = whole_number(element.get(name))
    is_pixels = last_part(code_of(element, f"{name}unit")).lower() in PIXELS
    return number if is_pixels and number is not None and number <= MAX_PIXELS else None


def _attributes(element: etree._Element) -> Iterator[tuple[str, str]]:
    """Attributes by name; that of a URI sibling ("videocodecuri") is the one it stands beside."""
    for name, value in element.attrib.items():
        plain = str(name).rpartition("}")[2]
        if str(name).startswith(XML_NS) or plain in ELSEWHERE:
            continue
        base = plain.removesuffix("uri")
        if base in CODED:
            if plain != base and tidy(element.get(base)):
                continue
            yield base, last_part(tidy(str(value)))
        elif plain == "renditionuri":
            yield "rendition", tidy(str(value))
        else:
            yield plain, tidy(str(value))


def _children(element: etree._Element) -> Iterator[tuple[str, str]]:
    """Channels, signals, identifiers and extensions, each under a name of its own."""
    for number, channel in enumerate(_named(element, "channel"), start=1):
        for name, value in _attributes(channel):
            yield f"channel.{number}.{name}", value
        if tag := language_tag(channel.get("language")):
            yield f"channel.{number}.language", tag
    signals = [last_part(code_of(child)) for child in _named(element, "signal")]
    yield from _numbered("signal", signals, first=1).items()
    yield from _numbered("altId", [text_of(child) for child in _named(element, "altId")], first=1).items()
    for child in _named(element, "remoteContentExtProperty"):
        value = tidy(child.get("value")) or tidy(child.get("literal")) or last_part(code_of(child)) or text_of(child)
        yield last_part(code_of(child, "rel")) or "extension", value


def _numbered(name: str, values: list[str], first: int = 2) -> dict[str, str]:
    """ "hash.2", "hash.3" …; the first of many has its plain name when it is counted here too."""
    return {name if number == 1 else f"{name}.{number}": value for number, value in enumerate(values, start=first)}


def _named(element: etree._Element, name: str) -> Iterator[etree._Element]:
    return (child for child in element if local_name(child) == name)


def kind_of(element: etree._Element) -> str:
    """What a referenced item is: by its class, else by its content type."""
    said = next(iter(find_all(element, "itemClass")), None)
    if said is not None and (code := last_part(code_of(said)).lower()):
        return KINDS.get(code, code)
    main = tidy(element.get("contenttype")).partition("/")[0].lower()
    return {"image": "picture", "audio": "audio", "video": "video", "text": "text"}.get(main, "")
