"""Media RSS 1.5.1 in RSS and Atom: files, texts, people, rights, and the restrictions that a machine can read."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from lxml import etree

from newsexchange.parsing.base import Entity, PubStatus, Rendition, RightsStatement, Shot, Text
from newsexchange.parsing.base import Restriction as Said
from newsexchange.parsing.elements import Children, children_of, first, first_text, texts
from newsexchange.parsing.markup import (
    XML_NS,
    absolute,
    ambiguous_to_html,
    ambiguous_to_plain,
    inner_html,
    language_tag,
    milliseconds,
    one_line,
    plain_to_html,
    text_of,
    tidy,
    whole_number,
)
from newsexchange.parsing.unread import properties_of

INHERITED = frozenset({f"media:{name}" for name in ("restriction", "credit", "copyright", "license", "rights")})
SPEAKING = INHERITED | {f"media:{name}" for name in ("title", "description", "text", "rating", "keywords", "category",
                                                      "scenes", "status")}  # fmt: skip
# All that is read where Media RSS may stand; its numbers of views and stars are not.
MEDIA_READ = SPEAKING | {f"media:{name}" for name in ("group", "content", "thumbnail", "player", "subTitle", "peerLink",
                                                      "hash", "community")}  # fmt: skip
ORGANISATIONS = frozenset({"copyright holder", "distributor", "owner", "publishing company", "distribution company"})
STATES: dict[str, PubStatus] = {"blocked": "withheld", "deleted": "canceled"}
# Attributes of <media:content> by their names in NewsML-G2, whose units are bits and samples per second.
KILO = 1000


class Level(NamedTuple):
    """One place where Media RSS may stand: the item, a group, or a content; ``about`` is "" for the whole item."""

    children: Children
    about: str = ""
    content: etree._Element | None = None
    is_group: bool = False


@dataclass(frozen=True, slots=True)
class Media:
    """What the Media RSS elements of one item say."""

    renditions: tuple[Rendition, ...] = ()
    texts: tuple[Text, ...] = ()
    entities: tuple[Entity, ...] = ()
    keywords: tuple[str, ...] = ()
    restrictions: tuple[Said, ...] = ()
    rights: tuple[RightsStatement, ...] = ()
    shots: tuple[Shot, ...] = ()
    pubstatus: PubStatus = "usable"
    title: str = ""
    description: str = ""  # HTML
    credit: str = ""
    copyright_notice: str = ""
    usage_terms: str = ""
    is_licensed: bool = False  # by the item itself, not by its feed
    kind: str = ""  # audio or video, when all contents are; "" for anything else


NOTHING = Media()
KINDS = frozenset({"audio", "video"})


def read_media(children: Children, base: str, feed: Children) -> Media:
    """The item's Media RSS. What it leaves open about rights, the feed's own elements answer (section "Optional")."""
    if not any(name.startswith("media:") for name in children) and not feed.keys() & INHERITED:
        return NOTHING
    levels = list(_levels(children))
    names = {name for level in levels for name in level.children}
    if names.isdisjoint(SPEAKING) and feed.keys().isdisjoint(INHERITED):  # files alone, as in most feeds
        return Media(renditions=tuple(_renditions(levels, base)), texts=tuple(_notes(levels)), kind=_kind(levels))
    above = [Level(feed)]
    restrictions, shared = _restrictions(levels if "media:restriction" in names else above)
    credits = tuple(_credits(levels if "media:credit" in names else above))
    copyrights = _copyrights(levels if "media:copyright" in names else above)
    licences = _licences(levels if "media:license" in names else above)
    statuses = _statuses(levels if "media:rights" in names else above)
    rights = tuple(dict.fromkeys((*copyrights, *licences, *statuses, *shared)))
    spoken = (*_texts(levels), *_notes(levels))
    return Media(
        renditions=tuple(_renditions(levels, base)),
        texts=spoken,
        entities=credits,
        keywords=tuple(_keywords(levels)),
        restrictions=restrictions,
        rights=rights,
        shots=tuple(_shots(levels)),
        pubstatus=_pubstatus(levels),
        title=next((text.value for text in spoken if text.kind == "title"), ""),
        description=next((text.value for text in spoken if text.kind == "description"), ""),
        credit=", ".join(dict.fromkeys(person.name for person in credits)),
        copyright_notice="\n".join(dict.fromkeys(one.notice for one in rights if one.notice)),
        usage_terms="\n".join(dict.fromkeys(one.usage_terms for one in rights if one.usage_terms)),
        is_licensed="media:license" in names,
        kind=_kind(levels),
    )


def _levels(children: Children) -> Iterator[Level]:
    """Every place with what stands there, a content right after the item or group that holds it."""
    yield Level(children)
    for members in (children, *(children_of(group) for group in children.get("media:group", ()))):
        if members is not children:
            yield Level(members, is_group=True)
        for content in members.get("media:content", ()):
            yield Level(children_of(content) if len(content) else {}, tidy(content.get("url")), content)


def _renditions(levels: list[Level], base: str) -> Iterator[Rendition]:
    """The files of each content, then what is beside them in their group or item."""
    beside: list[Rendition] = []
    for level in levels:
        if level.content is None:
            yield from beside
            beside = list(_files_beside(level.children, base))
            continue
        if href := absolute(base, level.about):
            yield _content(level.content, level.children, href)
        yield from _files_beside(level.children, base)
    yield from beside


def _content(content: etree._Element, inner: Children, href: str) -> Rendition:
    digest = first(inner, "media:hash")
    return Rendition(
        href=href,
        rel=tidy(content.get("medium")) or "media",
        content_type=tidy(content.get("type")),
        title=ambiguous_to_plain(first_text(inner, "media:title", "media:description")),
        size_bytes=whole_number(content.get("fileSize")),
        width=whole_number(content.get("width")),
        height=whole_number(content.get("height")),
        duration_ms=milliseconds(content.get("duration")),
        checksum="" if digest is None else f"{digest.get('algo', 'md5')}:{text_of(digest)}",
        language=language_tag(content.get("lang")),
        technical=tuple(_technical(content)),
    )


def _technical(content: etree._Element) -> Iterator[tuple[str, str]]:
    is_audio = "audio" in (tidy(content.get("medium")) or tidy(content.get("type")))
    rate = "audiobitrate" if is_audio else "videoavgbitrate"
    for name, standard, factor in (
        ("bitrate", rate, KILO),
        ("framerate", "videoframerate", 0),
        ("samplingrate", "audiosamplerate", KILO),
        ("channels", "audiochannels", 0),
        ("expression", "expression", 0),
        ("isDefault", "isdefault", 0),
    ):
        if value := tidy(content.get(name)):
            yield standard, _multiplied(value, factor) if factor else value


def _multiplied(value: str, factor: int) -> str:
    try:
        return str(round(float(value) * factor))
    except (ValueError, OverflowError):
        return value


def _files_beside(members: Children, base: str) -> Iterator[Rendition]:
    """Thumbnails, players, subtitles and peers: files about a file."""
    for element in members.get("media:thumbnail", ()):
        if href := absolute(base, element.get("url")):
            width, height = whole_number(element.get("width")), whole_number(element.get("height"))
            time = tidy(element.get("time"))
            technical = (("time", time),) if time else ()
            yield Rendition(href=href, rel="thumbnail", width=width, height=height, technical=technical)
    for element in members.get("media:player", ()):
        if href := absolute(base, element.get("url")):
            width, height = whole_number(element.get("width")), whole_number(element.get("height"))
            yield Rendition(href=href, rel="player", content_type="text/html", width=width, height=height)
    for name, rel in (("media:subTitle", "subtitle"), ("media:peerLink", "peer")):
        for element in members.get(name, ()):
            if href := absolute(base, element.get("href")):
                language = language_tag(element.get("lang"))
                yield Rendition(href=href, rel=rel, content_type=tidy(element.get("type")), language=language)


def _texts(levels: list[Level]) -> Iterator[Text]:
    for level in levels:
        for element in level.children.get("media:title", ()):
            if value := ambiguous_to_plain(inner_html(element) if len(element) else text_of(element)):
                yield Text("title", value, language=_language(element))
        for element in level.children.get("media:description", ()):
            if value := _html(element):
                yield Text("description", value, language=_language(element))
        for element in level.children.get("media:text", ()):
            if value := ambiguous_to_plain(text_of(element)):
                yield Text("caption", value, role="transcript", language=_language(element))
        for element in level.children.get("media:rating", ()):
            if value := one_line(text_of(element)):
                yield Text("note", value, role="rating")


def _notes(levels: list[Level]) -> Iterator[Text]:
    """What else groups and contents hold; of the item itself, its format notes it."""
    for level in levels:
        if level.is_group or level.content is not None:
            yield from properties_of(level.children, MEDIA_READ)


def _language(element: etree._Element) -> str:
    return language_tag(element.get("lang") or element.get(f"{XML_NS}lang"))


def _html(element: etree._Element) -> str:
    if len(element):
        return inner_html(element)
    # "plain" is the default that senders of HTML forget to change, so only plain words are taken for plain words.
    return ambiguous_to_html(text_of(element)) if element.get("type") != "plain" else _plain(text_of(element))


def _plain(text: str) -> str:
    return ambiguous_to_html(text) if "<" in text else plain_to_html(text)


def _credits(levels: list[Level]) -> Iterator[Entity]:
    seen = set()
    for level in levels:
        for element in level.children.get("media:credit", ()):
            role, name = tidy(element.get("role")), one_line(text_of(element))
            if name and (name, role) not in seen:
                seen.add((name, role))
                kind = "organisation" if role.lower() in ORGANISATIONS else "person"
                yield Entity(name=name, role=role, kind=kind)


def _keywords(levels: list[Level]) -> Iterator[str]:
    for level in levels:
        yield from (one_line(element.text) for element in level.children.get("media:category", ()))
        yield from (one_line(element.get("label")) for element in level.children.get("media:category", ()))
        for listed in texts(level.children, "media:keywords"):
            yield from (word.strip() for word in listed.split(","))


def _copyrights(levels: list[Level]) -> Iterator[RightsStatement]:
    for level in levels:
        for element in level.children.get("media:copyright", ()):
            notice, link = one_line(text_of(element)), absolute("", element.get("url"))
            if notice or link:
                yield RightsStatement(level.about, "copyright", notice=notice, link=link)


def _licences(levels: list[Level]) -> Iterator[RightsStatement]:
    for level in levels:
        for element in level.children.get("media:license", ()):
            terms, link = one_line(text_of(element)), absolute("", element.get("href"))
            if terms or link:
                yield RightsStatement(level.about, "license", usage_terms=terms or link, link=link)


def _statuses(levels: list[Level]) -> Iterator[RightsStatement]:
    for level in levels:
        for element in level.children.get("media:rights", ()):
            if status := tidy(element.get("status")):
                yield RightsStatement(level.about, "status", usage_terms=f"status: {status}")


def _restrictions(levels: list[Level]) -> tuple[tuple[Said, ...], tuple[RightsStatement, ...]]:
    """Those by country, and all-or-none, as data; those by site and on sharing as words."""
    data, words = [], []
    for level in levels:
        for element in level.children.get("media:restriction", ()):
            relation = tidy(element.get("relationship")).lower()
            kind = tidy(element.get("type")).lower()
            listed = one_line(text_of(element))
            said = " ".join(filter(None, ("media:restriction", relation, kind, listed, level.about)))
            if kind in {"", "country"} and relation in {"allow", "deny"}:
                restriction = _by_country(relation, listed, said)
                data += [restriction] if restriction else []
            else:
                words.append(
                    RightsStatement(
                        level.about, kind or "restriction", usage_terms=f"{kind}: {relation} {listed}".strip()
                    )
                )
    return tuple(dict.fromkeys(data)), tuple(dict.fromkeys(words))


def _by_country(relation: str, listed: str, said: str) -> Said | None:
    """None when nothing is forbidden. A list that names no country bars everywhere: something was to be forbidden."""
    word = listed.lower()
    if (relation, word) in {("allow", "all"), ("deny", "none")}:
        return None
    countries = tuple(
        dict.fromkeys(code.upper() for code in listed.replace(",", " ").split() if len(code) == 2 and code.isalpha())
    )
    is_allowed = relation == "allow" and bool(countries)
    return Said(is_barred=True, territories=countries, is_elsewhere=is_allowed, note=said)


def _shots(levels: list[Level]) -> Iterator[Shot]:
    for level in levels:
        for scenes in level.children.get("media:scenes", ()):
            for scene in scenes.iterchildren(etree.Element):
                parts = children_of(scene)
                words = " – ".join(
                    filter(None, (first_text(parts, name) for name in ("sceneTitle", "media:sceneTitle"))),
                )
                more = first_text(parts, "sceneDescription", "media:sceneDescription")
                start = milliseconds(first_text(parts, "sceneStartTime", "media:sceneStartTime"))
                end = milliseconds(first_text(parts, "sceneEndTime", "media:sceneEndTime"))
                if end is not None and end <= (start or 0):
                    end = None
                described = ". ".join(filter(None, (one_line(words), one_line(more))))
                if described or start is not None:
                    yield Shot(start, end, ((_language(scene) or "und", described),) if described else ())


def _pubstatus(levels: list[Level]) -> PubStatus:
    """The item's own state, not that of one of several files."""
    status = next(
        (element for level in levels if not level.about for element in level.children.get("media:status", ())), None
    )
    return "usable" if status is None else STATES.get(tidy(status.get("state")).lower(), "usable")


def _kind(levels: list[Level]) -> str:
    media = {
        tidy(level.content.get("medium")) or tidy(level.content.get("type")).partition("/")[0]
        for level in levels
        if level.content is not None
    }
    return media.pop() if len(media) == 1 and media <= KINDS else ""


def kind_of(media: Media, spoken: tuple[Text, ...]) -> str:
    """What an item is: a recording that has no more than a description, else a text, whatever is attached to it."""
    return media.kind if media.kind and not any(text.kind == "body" for text in spoken) else "text"
