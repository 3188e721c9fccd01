"""Dublin Core: simple, as OAI-PMH demands it of everybody (``oai_dc``), and with DCMI terms where those say more."""

from collections.abc import Iterable
from typing import Protocol

from lxml import etree

from archive.catalogue import names_of
from archive.constants import RIGHTS_STATEMENT_URI, AssetType, Category
from archive.formats.writing import XML_LANG, XSI, Shown, add, serialised, tag_of
from archive.models import Item
from archive.parsing import words
from archive.parsing.base import UID_URN
from archive.parsing.values import clock
from mediaexchange.core.languages.localize import localized
from mediaexchange.core.topics import topic_name

DC = "http://purl.org/dc/elements/1.1/"
TERMS = "http://purl.org/dc/terms/"
OAI_DC = "http://www.openarchives.org/OAI/2.0/oai_dc/"
OAI_DC_SCHEMA = "http://www.openarchives.org/OAI/2.0/oai_dc.xsd"
QUALIFIED = "http://dublincore.org/schemas/xmls/qdc/"


class Say(Protocol):
    """Writes one element, if the text says anything."""

    def __call__(self, name: str, text: object, language: str = "", term: str = "") -> None: ...


_TYPES = {AssetType.PHOTOGRAPH: "StillImage", AssetType.DOCUMENT: "Text"}


def element_of(shown: Shown) -> etree._Element:
    """``oai_dc:dc``."""
    root = etree.Element(f"{{{OAI_DC}}}dc", nsmap={"oai_dc": OAI_DC, "dc": DC, "xsi": XSI})
    root.set(f"{{{XSI}}}schemaLocation", f"{OAI_DC} {OAI_DC_SCHEMA}")
    _describe(root, shown, is_qualified=False)
    return root


def qualified(shown: Shown) -> etree._Element:
    """The same with refined terms: created, spatial, extent, medium, provenance …"""
    root = etree.Element(f"{{{QUALIFIED}}}qualifieddc", nsmap={"qdc": QUALIFIED, "dc": DC, "dcterms": TERMS})
    _describe(root, shown, is_qualified=True)
    return root


def render(several: list[Shown]) -> bytes:
    return serialised(_wrapped(map(element_of, several)))


def render_qualified(several: list[Shown]) -> bytes:
    return serialised(_wrapped(map(qualified, several)))


def _wrapped(elements: Iterable[etree._Element]) -> etree._Element:
    found = list(elements)
    if len(found) == 1:
        return found[0]
    root = etree.Element("records")
    root.extend(found)
    return root


def _describe(root: etree._Element, shown: Shown, *, is_qualified: bool) -> None:
    item = shown.item

    def say(name: str, text: object, language: str = "", term: str = "") -> None:
        if text not in (None, ""):
            tag = f"{{{TERMS}}}{term}" if term and is_qualified else f"{{{DC}}}{name}"
            add(root, tag, text, {XML_LANG: language})

    for language, text in names_of(item, "title"):
        say("title", text, tag_of(language))
    for row in item.titles.all():
        say("title", row.text, row.language, "alternative")
    for credit in item.credits.all():
        name = "creator" if credit.role in words.CREATORS else "contributor"
        people = names_of(credit.person) if credit.person else [("", credit.name)]
        for language, text in people:
            say(name, text, tag_of(language) if language else "")
    for code in item.topics:
        say("subject", topic_name(code))
    for subject in item.subjects:
        say("subject", subject)
    for language, text in names_of(item, "description"):
        say("description", text, tag_of(language), "abstract")
    for description in item.descriptions.all():
        say("description", description.text, description.language)
    for language, text in names_of(item.broadcaster):
        say("publisher", text, tag_of(language))
    say("date", item.dated, term="created")
    for date in item.dates.all():
        say("date", date.dated, term="issued" if date.kind in ("broadcast", "issued") else "date")
    say("type", _TYPES.get(AssetType(item.asset_type), "MovingImage"))
    say("type", Category(item.category).value)
    for genre in item.genres:
        say("type", genre)
    _carriers(item, say)
    say("identifier", item.identifier)
    say("identifier", f"{UID_URN}{item.uid}")
    for identifier in item.identifiers.all():
        say("identifier", f"{identifier.source}: {identifier.value}")
    if shown.is_own:
        say("source", item.source_note, term="provenance")
    for tag in item.speech_languages:
        say("language", tag)
    for target in (item.collection, item.series) if shown.is_own else ():
        if target is not None:
            say("relation", localized(target, "name"), term="isPartOf")
    if item.parent is not None and shown.shows_parent:
        say("relation", item.parent.identifier, term="isPartOf")
    for place in item.places.all():
        for language, text in names_of(place.place):
            say("coverage", text, tag_of(language), "spatial")
    say("rights", RIGHTS_STATEMENT_URI % item.rights_statement, term="rights")
    say("rights", item.rights_note)
    say("rights", item.credit_line)


def _carriers(item: Item, say: "Say") -> None:
    for row in item.instantiations.all():
        say("format", row.format or (row.file.content_type if row.file else ""), term="medium")
        if row.duration_ms is not None:
            say("format", clock(row.duration_ms), term="extent")
