"""Who and what a NewsML-G2 item names: its parties, places, events and topics, with what its assertions add to them."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from lxml import etree

from newsexchange.parsing.base import Entity
from newsexchange.parsing.g2_metadata import code_of, find_all, last_part, role_of, speaks, tongue_of, words_of
from newsexchange.parsing.markup import local_name, one_line, tidy

MEDIA_TOPIC = re.compile(r"(?:medtop:|https?://cv\.iptc\.org/newscodes/mediatopic/)([0-9]{8})", re.IGNORECASE)
MEDIA_TOPICS_URI = re.compile(r"https?://cv\.iptc\.org/newscodes/mediatopic/", re.IGNORECASE)
# NewsCodes "Concept Nature", in lower case, by the kinds that an entity may have.
NATURES = {
    "person": "person",
    "organisation": "organisation",
    "organization": "organisation",
    "geoarea": "place",
    "poi": "place",
    "city": "place",
    "statprov": "place",
    "country": "place",
    "event": "event",
    "object": "object",
}
DETAILS = {
    "personDetails": "person",
    "organisationDetails": "organisation",
    "geoAreaDetails": "place",
    "POIDetails": "place",
    "eventDetails": "event",
    "objectDetails": "object",
}
# Where parties stand: the path, the role they have there, and what they are unless something says otherwise.
PARTIES = (
    ("contentMeta/creator", "author", "person"),
    ("contentMeta/contributor", "contributor", "person"),
    ("contentMeta/infoSource", "infosource", "organisation"),
    ("contentMeta/located", "located", "place"),
    ("contentMeta/genre", "genre", "object"),
    ("itemMeta/provider", "provider", "organisation"),
    ("itemMeta/service", "service", "object"),
    ("rightsInfo/accountable", "accountable", "organisation"),
)


class Concepts:
    """The concepts of one item. ``assert`` elements complete what is only named by a code."""

    def __init__(self, item: etree._Element, tag: str) -> None:
        self._item = item
        self._tag = tag
        self._asserted = {
            key: element
            for element in reversed(find_all(item, "assert"))
            for name in ("qcode", "uri", "literal")
            if (key := tidy(element.get(name)))
        }
        # A scheme may be declared in the document itself, under any alias.
        self._topic_aliases = {
            tidy(scheme.get("alias")).lower()
            for scheme in (*find_all(item, "catalog/scheme"), *find_all(_root(item), "header/catalog/scheme"))
            if MEDIA_TOPICS_URI.match(tidy(scheme.get("uri")))
        }

    def entities(self) -> tuple[Entity, ...]:
        """Everybody and everything the item names, block by block; abstract subjects excepted."""
        found = []
        for path, role, default in PARTIES:
            for element in find_all(self._item, path):
                found.append(self._entity(element, role, default))
                if role == "located":
                    found += [self._entity(wider, role, default) for wider in find_all(element, "broader")]
        for subject in self._subjects():
            if self.nature(subject):
                found.append(self._entity(subject, "subject", ""))
        return _settled(entity for entity in found if entity.name)

    def topics(self) -> tuple[str, ...]:
        """IPTC Media Topics among the subjects, also those given as the same concept in another vocabulary."""
        found = []
        for subject in self._subjects():
            for concept in (subject, *find_all(subject, "sameAs")):
                for code in (tidy(concept.get("qcode")), tidy(concept.get("uri"))):
                    if topic := self._topic(code):
                        found.append(topic)
        return tuple(dict.fromkeys(found))

    def keywords(self) -> tuple[str, ...]:
        """Keywords and the names of all subjects that are no persons."""
        words = [one_line(words_of(element)) for element in self._under_parts("keyword")]
        words += [self.name(subject) for subject in self._subjects() if self.nature(subject) != "person"]
        return tuple(dict.fromkeys(word for word in words if word))

    def subject_names(self) -> Iterator[etree._Element]:
        """The <name> elements of all subjects, in every language."""
        for subject in self._subjects():
            yield from find_all(subject, "name")

    def located(self) -> str:
        """The name of the place where the content was made."""
        names = (self.name(place) for place in find_all(self._item, "contentMeta/located"))
        return next((name for name in names if name), "")

    def event_uri(self) -> str:
        """The first event that the item is about."""
        codes = (self.code(subject) for subject in self._subjects() if self.nature(subject) == "event")
        return next((code for code in codes if code), "")

    def name(self, element: etree._Element) -> str:
        """A concept's name in the item's language, else any; from its assertion when it has none of its own."""
        assertion = self._assertion(element)
        for bearer in (element, assertion):
            names = [] if bearer is None else find_all(bearer, "name")
            names.sort(key=lambda name: not speaks(tongue_of(name, self._item), self._tag))
            if name := next((text for each in names if (text := one_line(words_of(each)))), ""):
                return name
        # A point of interest may have nothing but an address.
        lines = [] if assertion is None else find_all(assertion, "POIDetails/address/line")
        return next((text for line in lines if (text := one_line(words_of(line)))), "") or tidy(element.get("literal"))

    def party(self, element: etree._Element) -> str:
        """The name of a concept, or what its code says of it."""
        if name := self.name(element):
            return name
        qcode, uri = tidy(element.get("qcode")), tidy(element.get("uri"))
        return qcode.rpartition(":")[2] if qcode else re.sub(r"^[a-z][a-z0-9+.-]*://", "", uri).strip("/")

    def code(self, element: etree._Element) -> str:
        """What identifies a concept: a URI before a QCode, whose prefix is only good within its document."""
        return tidy(element.get("uri")) or tidy(element.get("qcode"))

    def nature(self, element: etree._Element) -> str:
        """person, organisation, place, event or object; "" for an abstract concept and where nothing is said."""
        for bearer in (element, self._assertion(element)):
            if bearer is None:
                continue
            types = [code_of(bearer, "type"), *(code_of(said) for said in find_all(bearer, "type"))]
            words = [
                "geoarea" if code.startswith("geoarea") else code for code in map(str.lower, map(last_part, types))
            ]
            if kind := next((NATURES[word] for word in words if word in NATURES), ""):
                return kind
            if kind := next((DETAILS[name] for child in bearer if (name := local_name(child)) in DETAILS), ""):
                return kind
        return ""

    def _entity(self, element: etree._Element, role: str, default: str) -> Entity:
        # A creator is an author whatever else is said of him; elsewhere the stated role says more than the place.
        said = "" if role in {"author", "located", "genre"} else role_of(element)
        kind = self.nature(element) or (f"{default}?" if role in {"author", "contributor"} else default)
        return Entity(self.party(element), said or role, self.code(element), kind)

    def _assertion(self, element: etree._Element) -> etree._Element | None:
        keys = (tidy(element.get(name)) for name in ("qcode", "uri", "literal"))
        return next((self._asserted[key] for key in keys if key in self._asserted), None)

    def _subjects(self) -> Iterator[etree._Element]:
        """Subjects of the item and its parts, and the single concepts that a subject is put together from."""
        for subject in self._under_parts("subject"):
            yield subject
            for path in ("bag/bit", "mainConcept", "facetConcept"):
                yield from find_all(subject, path)

    def _under_parts(self, name: str) -> Iterable[etree._Element]:
        return (*find_all(self._item, f"contentMeta/{name}"), *find_all(self._item, f"partMeta/{name}"))

    def _topic(self, code: str) -> str:
        if match := MEDIA_TOPIC.fullmatch(code):
            return f"medtop:{match[1]}"
        alias, _, number = code.partition(":")
        return f"medtop:{number}" if alias.lower() in self._topic_aliases and re.fullmatch("[0-9]{8}", number) else ""


def _settled(found: Iterable[Entity]) -> tuple[Entity, ...]:
    """Without repetitions, and without doubt ("person?"): what has the name of a known organisation is one too."""
    found = list(found)
    known = {entity.name: entity.kind for entity in found if not entity.kind.endswith("?")}
    settled = (
        replace(entity, kind=known.get(entity.name, entity.kind[:-1])) if entity.kind.endswith("?") else entity
        for entity in found
    )
    return tuple(dict.fromkeys(settled))


def _root(item: etree._Element) -> etree._Element:
    return item.getroottree().getroot()
