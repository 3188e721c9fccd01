"""NITF 3.x, and 2.5 as far as it has the same elements: one document, one story. Read only."""

import re
from collections.abc import Iterator
from datetime import date, datetime

from lxml import etree

from newsexchange.parsing.base import (
    Association,
    DocumentError,
    Entity,
    Entry,
    Format,
    Hop,
    ParsedDocument,
    PubStatus,
    ReasonCode,
    RightsStatement,
    Text,
)
from newsexchange.parsing.dates import parse_date
from newsexchange.parsing.leftovers import with_leftovers_of_xml
from newsexchange.parsing.markup import (
    XML_NS,
    language_tag,
    local_name,
    one_line,
    raw_of,
    text_of,
    tidy,
    urgency,
    whole_number,
)
from newsexchange.parsing.nitf_body import Content, nitf_content, spaced_text
from newsexchange.parsing.opening import root_name
from newsexchange.parsing.preflight import load_xml, read_text
from newsexchange.parsing.status import Embargo, read_embargo, read_pubstatus

MEDIA_TOPIC = re.compile(r"(?:medtop:|https?://cv\.iptc\.org/newscodes/mediatopic/)([0-9]{8})", re.IGNORECASE)
SKIPPED = frozenset({"meta", "docdata", "tobject", "media", "@id", "@class", "@style"})  # the first three apart
RIGHTS_PARTS = ("startdate", "enddate", "agent", "geography", "location-code", "code-source", "type", "limitations")


def parse(payload: bytes, content_type: str = "") -> ParsedDocument:
    """The one story of a document."""
    root = load_xml(read_text(payload, content_type))
    if local_name(root) != "nitf":
        raise DocumentError(ReasonCode.BAD_STRUCTURE, f"<{local_name(root)}> is no <nitf>")
    entry = with_leftovers_of_xml(_entry(root), _blocks(root), SKIPPED)
    managed = tuple(_managed(root, entry))
    title = next((spaced_text(one) for one in root.iterfind("{*}head/{*}title")), "")
    return ParsedDocument("nitf", (entry, *managed), language=entry.language, title=title)


def _entry(root: etree._Element) -> Entry:
    content = nitf_content(root)
    issued, release = _moment(root, "date.issue"), _data(root, "date.release")
    status = one_line(next((one.get("management-status") for one in root.iterfind("{*}head/{*}docdata")), ""))
    embargo = _embargo(release, issued, is_stated=status.lower() == "embargoed")
    rights = tuple(_rights(root))
    topics, keywords = _topics_and_keywords(root)
    guid = _guid(root)
    return Entry(
        guid=guid,
        version=whole_number(_data(root, "du-key", "version")) if _data(root, "du-key", "version") else None,
        language=_language(root),
        kind=content.kind,
        headline=content.headline or _title(root),
        summary=content.summary,
        body=content.html,
        texts=(*content.texts, *_notes(root), *_metas(root)),
        slugline=_slugline(root, guid),
        editors_note="\n".join(dict.fromkeys(text.value for text in _notes(root))),
        byline=content.byline,
        dateline_place=content.dateline or _event_place(root),
        dateline_on=_dateline_on(root),
        published_at=issued or _published(root),
        updated_at=_changed(root),
        expires_at=_moment(root, "date.expire"),
        urgency=urgency(_data(root, "urgency", "ed-urg")),
        pubstatus=_pubstatus(status),
        embargoed_until=embargo.embargoed_until,
        is_held_indefinitely=embargo.is_held_indefinitely,
        is_correction=next(_docdata(root, "correction"), None) is not None,
        credit=content.credit,
        copyright_notice="\n".join(dict.fromkeys(one.notice for one in rights if one.notice)),
        usage_terms="\n".join(dict.fromkeys(one.usage_terms for one in rights if one.usage_terms)),
        rights=rights,
        topics=topics,
        keywords=keywords,
        entities=(*content.entities, *_places(root)),
        renditions=content.renditions,
        associations=(*_associations(root), *_files(content)),
        alt_ids=tuple(_other_ids(root, guid)),
        hops=tuple(_hops(root)),
        raw=raw_of(root),
    )


def _blocks(root: etree._Element) -> Iterator[etree._Element]:
    """Where the document speaks about itself."""
    for path in ("{*}head", "{*}head/{*}docdata", "{*}head/{*}tobject", "{*}body/{*}body.head", "{*}body/{*}body.end"):
        yield from root.iterfind(path)


def _metas(root: etree._Element) -> Iterator[Text]:
    """What a provider says of the document under names of its own."""
    for element in root.iterfind("{*}head/{*}meta"):
        name, content = tidy(element.get("name")), one_line(element.get("content"))
        if name and content:
            yield Text("property", content, name)


def _docdata(root: etree._Element, name: str) -> Iterator[etree._Element]:
    yield from root.iterfind(f"{{*}}head/{{*}}docdata/{{*}}{name}")


def _data(root: etree._Element, name: str, attribute: str = "norm") -> str:
    """The attribute of the first such element of the document's data that has it."""
    return next((value for element in _docdata(root, name) if (value := one_line(element.get(attribute)))), "")


def _moment(root: etree._Element, name: str) -> datetime | None:
    return parse_date(_data(root, name))


def _guid(root: etree._Element) -> str:
    """The document's identifier; where that is the story's key and a version, the key alone, which stays the same."""
    document, story = _data(root, "doc-id", "id-string"), _data(root, "du-key", "key")
    rest = document.removeprefix(story) if story else document
    if story and (not document or (rest != document and re.fullmatch(r"[_:.;-]?v?[0-9]*", rest, re.IGNORECASE))):
        return story
    return document


def _other_ids(root: etree._Element, guid: str) -> Iterator[tuple[str, str]]:
    for role, value in (
        ("doc-id", _data(root, "doc-id", "id-string")),
        ("doc-id-source", _data(root, "doc-id", "regsrc")),
        ("du-key", _data(root, "du-key", "key")),
        ("du-key-generation", _data(root, "du-key", "generation")),
        ("du-key-part", _data(root, "du-key", "part")),
        ("fixture", _data(root, "fixture", "fix-id")),
        ("uno", one_line(root.get("uno"))),
        *(("ex-ref", one_line(one.get("ex-ref"))) for one in root.iterfind("{*}head/{*}pubdata")),
    ):
        if value and value != guid:
            yield role, value


def _language(root: etree._Element) -> str:
    stated = [root.get(f"{XML_NS}lang"), root.get("baselang")]
    stated += [body.get(f"{XML_NS}lang") or body.get("lang") for body in root.iterfind("{*}body")]
    stated += [
        meta.get("content")
        for meta in root.iterfind("{*}head/{*}meta")
        if tidy(meta.get("name")).lower() in {"lang", "language", "dc.language"}
    ]
    return next((tag for text in stated if (tag := language_tag(text))), "")


def _title(root: etree._Element) -> str:
    return next((title for one in root.iterfind("{*}head/{*}title") if (title := spaced_text(one))), "")


def _slugline(root: etree._Element, guid: str) -> str:
    key = _data(root, "du-key", "key")
    return key if key != guid else ""


def _pubstatus(status: str) -> PubStatus:
    """From docdata's management-status; an embargo is a usable story that waits."""
    return "usable" if status.lower() == "embargoed" else read_pubstatus(status or None)


def _managed(root: etree._Element, entry: Entry) -> Iterator[Entry]:
    """The other document that this one takes back, as docdata's management-doc-idref names it."""
    for element in root.iterfind("{*}head/{*}docdata"):
        guid, status = one_line(element.get("management-doc-idref")), one_line(element.get("management-idref-status"))
        if guid and status and guid != entry.guid and _pubstatus(status) == "canceled":
            yield Entry(guid=guid, pubstatus="canceled", updated_at=entry.published_at, raw=entry.raw)


def _embargo(release: str, issued: datetime | None, *, is_stated: bool) -> Embargo:
    """A release after the issue is an embargo; one that cannot be read, or has no end, holds the story."""
    if not release:
        return Embargo(is_held_indefinitely=is_stated)
    embargo = read_embargo(release)
    moment = embargo.embargoed_until
    return Embargo() if moment is not None and issued is not None and moment <= issued else embargo


def _dateline_on(root: etree._Element) -> date | None:
    for element in root.iterfind("{*}body/{*}body.head/{*}dateline/{*}story.date"):
        if moment := parse_date(element.get("norm") or text_of(element)):
            return moment.date()
    return None


def _published(root: etree._Element) -> datetime | None:
    stated = (parse_date(one.get("date.publication")) for one in root.iterfind("{*}head/{*}pubdata"))
    return next(filter(None, stated), None)


def _changed(root: etree._Element) -> datetime | None:
    """The last revision. The change date of <nitf> itself is that of the format, not of the story."""
    moments = [parse_date(one.get("norm")) for one in root.iterfind("{*}head/{*}revision-history")]
    return max(filter(None, moments), default=None)


def _notes(root: etree._Element) -> Iterator[Text]:
    for name, attribute in (("ed-msg", "info"), ("correction", "info")):
        for element in _docdata(root, name):
            if value := one_line(element.get(attribute)):
                yield Text("note", value, tidy(element.get("msg-type")) or name)


def _rights(root: etree._Element) -> Iterator[RightsStatement]:
    for element in _docdata(root, "doc.copyright"):
        holder, year = one_line(element.get("holder")), one_line(element.get("year"))
        if holder or year:
            yield RightsStatement("document", "copyright", holder, f"© {year} {holder}".replace("  ", " ").strip())
    for element in _docdata(root, "doc.rights"):
        told = {name: one_line(element.get(name)) for name in RIGHTS_PARTS}
        holder = one_line(element.get("owner"))
        if holder or any(told.values()):
            yield RightsStatement("document", told["type"], holder, usage_terms=_in_words(told))
    for element in root.iterfind("{*}body/{*}body.head/{*}rights"):
        parts = {local_name(child).removeprefix("rights."): spaced_text(child) for child in element}
        told = {name: parts.get(name, "") for name in RIGHTS_PARTS}
        statement = _in_words(told) or spaced_text(element)
        if statement:
            yield RightsStatement("body", told["type"], parts.get("owner", ""), usage_terms=statement)
    for element in root.iterfind("{*}body//{*}copyrite"):
        if notice := spaced_text(element):
            holder = next((spaced_text(one) for one in element.iterfind("{*}copyrite.holder")), "")
            yield RightsStatement("body", "copyright", holder, notice)


def _in_words(told: dict[str, str]) -> str:
    """What the parts say, each behind its name; no restriction is guessed from it."""
    return "; ".join(f"{name}: {value}" for name, value in told.items() if value)


def _topics_and_keywords(root: etree._Element) -> tuple[tuple[str, ...], tuple[str, ...]]:
    topics, words = [], [one_line(one.get("key")) for one in root.iterfind("{*}head/{*}docdata/{*}key-list/{*}keyword")]
    words += [one_line(one.get("key")) for one in _docdata(root, "key-list")]
    words += [one_line(one.get("scope")) for one in _docdata(root, "doc-scope")]
    for element in root.iterfind("{*}head/{*}docdata/{*}identified-content/{*}classifier"):
        value = one_line(element.get("value"))
        if match := MEDIA_TOPIC.fullmatch(value):
            topics.append(f"medtop:{match[1]}")
        words.append(spaced_text(element) or ("" if MEDIA_TOPIC.fullmatch(value) else value))
    for element in root.iterfind("{*}head//{*}tobject.subject"):
        named = [one_line(element.get(f"tobject.subject.{part}")) for part in ("type", "matter", "detail")]
        code = one_line(element.get("tobject.subject.refnum"))
        # Subject codes are an older list than Media Topics: they have eight digits too, but mean other things.
        words += list(filter(None, named)) or ([f"subj:{code}"] if code else [])
    for name, attribute in (("tobject", "tobject.type"), ("tobject.property", "tobject.property.type")):
        words += [one_line(one.get(attribute)) for one in root.iterfind(f"{{*}}head//{{*}}{name}")]
    words += [one_line(one.get("position.section")) for one in root.iterfind("{*}head/{*}pubdata")]
    return tuple(dict.fromkeys(topics)), tuple(dict.fromkeys(filter(None, words)))


def _event_place(root: etree._Element) -> str:
    return next((place.name for place in _places(root)), "")


def _places(root: etree._Element) -> Iterator[Entity]:
    """Where it happened; the narrowest name is the place's own."""
    for element in _docdata(root, "evloc"):
        parts = [one_line(element.get(name)) for name in ("city", "county-dist", "state-prov")]
        parts.append(one_line(element.get("country")) or one_line(element.get("iso-cc")))
        if name := ", ".join(dict.fromkeys(filter(None, parts))):
            yield Entity(name=name, role="event-location", kind="place")


def _associations(root: etree._Element) -> Iterator[Association]:
    for element in _docdata(root, "series"):
        if name := one_line(element.get("series.name")):
            part, of = tidy(element.get("series.part")), tidy(element.get("series.totalpart"))
            yield Association("series", headline=name, version="/".join(filter(None, (part, of))))
    for element in _docdata(root, "correction"):
        if uri := one_line(element.get("id-string")):
            yield Association("corrects", uri=uri, headline=one_line(element.get("regsrc")))


def _files(content: Content) -> Iterator[Association]:
    """Media that are named but not addressed: somebody has to look for them where the document came from."""
    for file in content.files:
        yield Association(role=file.rel, uri=file.href, kind=file.content_type, headline=file.title)


def _hops(root: etree._Element) -> Iterator[Hop]:
    for element in root.iterfind("{*}head/{*}docdata/{*}del-list/{*}from-src"):
        if by := one_line(element.get("src-name")):
            level = tidy(element.get("level-number"))
            yield Hop(by, action=f"level {level}" if level else "")
    for element in root.iterfind("{*}head/{*}pubdata"):
        if by := one_line(element.get("name")):
            yield Hop(by, parse_date(element.get("date.publication")), "published")
    for element in root.iterfind("{*}head/{*}revision-history"):
        if by := one_line(element.get("name")):
            done = one_line(element.get("function")), one_line(element.get("comment"))
            yield Hop(by, parse_date(element.get("norm")), ": ".join(filter(None, done)) or "revised")


def sniff(opening: bytes, content_type: str) -> bool:
    """Whether the root element is that of NITF."""
    return root_name(opening, content_type) == "nitf"


FORMAT = Format("nitf", parse, sniff)
