"""What a NewsML 1.x item says of its content: parties, subjects, places and rights."""

import re
from collections.abc import Iterator

from lxml import etree

from newsexchange.parsing.base import Entity, RightsStatement
from newsexchange.parsing.markup import local_name, one_line, tidy
from newsexchange.parsing.newsml_1_parts import Part, formal_name, property_of, words_under
from newsexchange.parsing.nitf_body import spaced_text

MEDIA_TOPIC = re.compile(r"(?:medtop:|https?://cv\.iptc\.org/newscodes/mediatopic/)([0-9]{8})", re.IGNORECASE)
Topics = dict[str, etree._Element]


def topics_of(root: etree._Element) -> Topics:
    """The topics that a document defines, by the identifiers that its items refer to."""
    found: Topics = {}
    for topic in root.iter("{*}Topic"):
        for name in ("Duid", "Euid"):
            if identifier := topic.get(name):
                found.setdefault(f"#{identifier}", topic)
    return found


def parties(parts: list[Part], name: str, topics: Topics) -> Iterator[tuple[str, str]]:
    """(name, role) of the parties under Provider, Creator, Source or Contributor; a topic may be their name."""
    for part in parts:
        for party in part.element.iterfind(f"{{*}}AdministrativeMetadata/{{*}}{name}/{{*}}Party"):
            if who := _topic_name(topics.get(tidy(party.get("Topic")))) or one_line(party.get("FormalName")):
                role = property_of(iter((party,)), "Role")
                yield who, role


def _topic_name(topic: etree._Element | None) -> str:
    return "" if topic is None else words_under(topic, "{*}Description") or formal_name(topic, "{*}FormalName")


def subjects(parts: list[Part], known: Topics) -> tuple[tuple[str, ...], tuple[str, ...], tuple[Entity, ...]]:
    """Media Topics, keywords, and people, organisations and places."""
    topics: list[str] = []
    words: list[str] = []
    entities: list[Entity] = []
    for part in parts:
        for described in part.element.iterfind("{*}DescriptiveMetadata"):
            for code in described.iterfind("{*}SubjectCode/*"):
                _subject(code, topics, words)
            words += [one_line(one.get("FormalName")) for one in described.iterfind("{*}Genre")]
            words += [
                one_line(one.get("Value"))
                for one in described.iterfind("{*}Property")
                if tidy(one.get("FormalName")).lower() in {"keyword", "keywords"}
            ]
            for occurrence in described.iterfind("{*}TopicOccurrence"):
                topic = known.get(tidy(occurrence.get("Topic")))
                if topic is not None and (name := _topic_name(topic)):
                    kind = _entity_kind(formal_name(topic, "{*}TopicType"))
                    words += [] if kind else [name]
                    entities += [Entity(name, "subject", kind=kind)] if kind else []
            for location in described.iterfind("{*}Location"):
                if name := place_of(location):
                    role = tidy(location.get("HowPresent")).lower() or "location"
                    entities.append(Entity(name, role, kind="place"))
    return tuple(dict.fromkeys(topics)), tuple(dict.fromkeys(filter(None, words))), tuple(dict.fromkeys(entities))


def _subject(code: etree._Element, topics: list[str], words: list[str]) -> None:
    value = one_line(code.get("FormalName"))
    scheme = f"{tidy(code.get('Vocabulary'))} {tidy(code.get('Scheme'))}".lower()
    is_media_topic = "mediatopic" in scheme or "medtop" in scheme
    if match := MEDIA_TOPIC.fullmatch(value):
        topics.append(f"medtop:{match[1]}")
    elif is_media_topic and re.fullmatch("[0-9]{8}", value):
        topics.append(f"medtop:{value}")
    elif value:
        # Subject codes are an older list than Media Topics: they have eight digits too, but mean other things.
        words.append(f"subj:{value}" if value.isdigit() else value)


def _entity_kind(topic_type: str) -> str:
    word = topic_type.lower()
    for part, kind in (("person", "person"), ("company", "organisation"), ("organi", "organisation"),
                       ("party", "organisation"), ("location", "place"), ("country", "place"), ("city", "place"),
                       ("event", "event"), ("product", "object")):  # fmt: skip
        if part in word:
            return kind
    return ""


def place_of(location: etree._Element) -> str:
    """ "Khan Yunis, PSE": from the narrowest to the widest."""
    told = {tidy(one.get("FormalName")).lower(): one_line(one.get("Value")) for one in location.iterfind("{*}Property")}
    names = [told.get(name, "") for name in ("sublocation", "city", "countryarea", "country")]
    return ", ".join(dict.fromkeys(filter(None, names)))


def rights(parts: list[Part]) -> Iterator[RightsStatement]:
    """What is said of copyright and usage, word for word; no restriction is guessed from it."""
    for part in parts:
        for block in part.element.iterfind("{*}RightsMetadata"):
            for one in block.iterfind("{*}Copyright"):
                holder, year = words_under(one, "{*}CopyrightHolder"), words_under(one, "{*}CopyrightDate")
                if holder or year:
                    notice = " ".join(filter(None, ("©", year, holder)))
                    yield RightsStatement(part.role, "copyright", holder, notice)
            for one in block.iterfind("{*}UsageRights"):
                told = {local_name(child): spaced_text(child) for child in one.iterchildren(etree.Element)}
                holder, usage = told.pop("RightsHolder", ""), told.get("UsageType", "")
                terms = "; ".join(f"{name}: {value}" for name, value in told.items() if value)
                if holder or terms:
                    yield RightsStatement(part.role, usage, holder, usage_terms=terms)
