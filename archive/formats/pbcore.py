"""PBCore 2.1: a description document for an item, a collection for several. Valid against pbcore-2.1.xsd.

PBCore has no attribute for the language of a text; its tag stands in ``annotation``, where ``parsing.pbcore`` finds it.
"""

from collections.abc import Iterable

from lxml import etree

from archive.catalogue import names_of, track_values
from archive.constants import RIGHTS_STATEMENT_URI, InstantiationKind
from archive.formats.writing import Shown, add, serialised, tag_of
from archive.models import Credit, Instantiation, Item, Track
from archive.parsing import words
from archive.parsing.base import (
    CATEGORY_URN,
    COLLECTION_URN,
    HOLDER_URN,
    PERSON_URN,
    PLACE_URN,
    SERIES_URN,
    TOPIC_URI,
    UID_URN,
)
from archive.parsing.carriers import TRACK_DECIMALS, TRACK_NUMBERS, TRACK_TEXTS
from archive.parsing.pbcore import ANNOTATED_LISTS
from archive.parsing.values import THREE_OF, clock
from mediaexchange.core.languages.localize import localized
from mediaexchange.core.topics import PREFIX, topic_name

NAMESPACE = "http://www.pbcore.org/PBCore/PBCoreNamespace.html"
SCHEMA = "https://raw.githubusercontent.com/WGBH/PBCore_2.1/master/pbcore-2.1.xsd"
OURS = "mediaexchange"  # the source of what follows from other elements, and is not read back


def element_of(shown: Shown) -> etree._Element:
    """``pbcoreDescriptionDocument`` of an item loaded by ``with_parts``."""
    root = etree.Element(f"{{{NAMESPACE}}}pbcoreDescriptionDocument", nsmap={None: NAMESPACE})
    _describe(root, shown)
    return root


def collection_of(several: Iterable[Shown]) -> etree._Element:
    """``pbcoreCollection``; valid with one record at least, as its schema wants."""
    root = etree.Element(f"{{{NAMESPACE}}}pbcoreCollection", nsmap={None: NAMESPACE})
    for shown in several:
        _describe(add(root, "pbcoreDescriptionDocument"), shown)
    return root


def render(several: list[Shown]) -> bytes:
    return serialised(element_of(several[0]) if len(several) == 1 else collection_of(several))


def _describe(root: etree._Element, shown: Shown) -> None:
    item, house = shown.item, shown.item.broadcaster
    add(root, "pbcoreAssetType", words.ASSET_TYPES_OUT[item.asset_type])
    for kind, dated in [("dated", item.dated), *((row.kind, row.dated) for row in item.dates.all())]:
        if dated:
            add(root, "pbcoreAssetDate", dated, {"dateType": words.DATES_OUT[kind], "source": "EDTF"})
    add(root, "pbcoreIdentifier", item.identifier, {"source": house.slug, "ref": HOLDER_URN + house.slug})
    add(root, "pbcoreIdentifier", f"{UID_URN}{item.uid}", {"source": "UUID"})
    for row in item.identifiers.all():
        add(root, "pbcoreIdentifier", row.value, {"source": row.source})
    _titles(root, item)
    for code in item.topics:
        add(
            root,
            "pbcoreSubject",
            topic_name(code),
            {"source": "IPTC Media Topics", "ref": TOPIC_URI + code.removeprefix(PREFIX)},
        )
    for subject in item.subjects:
        add(root, "pbcoreSubject", subject)
    _descriptions(root, item)
    add(root, "pbcoreGenre", item.category, {"source": OURS, "ref": CATEGORY_URN + item.category})
    for genre in item.genres:
        add(root, "pbcoreGenre", genre)
    _relations(root, shown)
    for place in item.places.all():
        coverage = add(root, "pbcoreCoverage")
        about = {"ref": PLACE_URN + place.place.slug, "annotation": words.RELATIONS_OUT[place.relation]}
        add(coverage, "coverage", localized(place.place, "name"), about)
        add(coverage, "coverageType", "Spatial")
    people = list(item.credits.all())
    for credit in people:
        if credit.role in words.CREATORS:
            _agent(root, credit, "Creator", "creator")
    for credit in people:
        if credit.role not in words.CREATORS:
            _agent(root, credit, "Contributor", "contributor")
    publisher = add(root, "pbcorePublisher")
    add(publisher, "publisher", localized(house, "name"), {"ref": HOLDER_URN + house.slug})
    add(publisher, "publisherRole", "Archive")
    _rights(root, item)
    for instantiation in item.instantiations.all():
        _instantiation(root, instantiation, shown)
    _annotations(root, shown)


def _titles(root: etree._Element, item: Item) -> None:
    for language, text in names_of(item, "title"):
        add(root, "pbcoreTitle", text, {"titleType": words.TITLES_OUT["main"], "annotation": tag_of(language)})
    for row in item.titles.all():
        add(root, "pbcoreTitle", row.text, {"titleType": words.TITLES_OUT[row.kind], "annotation": row.language})


def _descriptions(root: etree._Element, item: Item) -> None:
    """One at least, which may be empty: the schema demands the element, not a text."""
    written = [("main", tag_of(language), text) for language, text in names_of(item, "description")]
    written += [(row.kind, row.language, row.text) for row in item.descriptions.all()]
    for kind, tag, text in written:
        add(root, "pbcoreDescription", text, {"descriptionType": words.DESCRIPTIONS_OUT[kind], "annotation": tag})
    if not written:
        add(root, "pbcoreDescription")


def _relations(root: etree._Element, shown: Shown) -> None:
    item = shown.item
    related = [(item.collection, COLLECTION_URN), (item.series, SERIES_URN)]
    for target, urn in related if shown.is_own else ():
        if target is not None:
            relation = add(root, "pbcoreRelation")
            add(relation, "pbcoreRelationType", "Is Part Of")
            add(relation, "pbcoreRelationIdentifier", localized(target, "name"), {"ref": urn + target.slug})
    if item.parent is not None and shown.shows_parent:
        relation = add(root, "pbcoreRelation")
        add(relation, "pbcoreRelationType", "Is Part Of")
        add(relation, "pbcoreRelationIdentifier", item.parent.identifier, {"source": item.broadcaster.slug})


def _agent(root: etree._Element, credit: Credit, group: str, name: str) -> None:
    agent = add(root, f"pbcore{group}")
    shown = localized(credit.person, "name") if credit.person else credit.name
    reference = PERSON_URN + credit.person.slug if credit.person else ""
    add(agent, name, shown, {"ref": reference, "annotation": credit.note})
    add(agent, f"{name}Role", words.ROLES_OUT[credit.role])


def _rights(root: etree._Element, item: Item) -> None:
    """One child each: the schema's choice takes no more."""
    add(add(root, "pbcoreRightsSummary"), "rightsLink", RIGHTS_STATEMENT_URI % item.rights_statement)
    if item.rights_note:
        add(add(root, "pbcoreRightsSummary"), "rightsSummary", item.rights_note)
    if item.credit_line:
        add(add(root, "pbcoreRightsSummary"), "rightsSummary", item.credit_line, {"annotation": "credit line"})


def _annotations(root: etree._Element, shown: Shown) -> None:
    item = shown.item
    for kind, field in ANNOTATED_LISTS.items():
        for tag in getattr(item, field):
            add(root, "pbcoreAnnotation", tag, {"annotationType": kind})
    if shown.is_own and item.expected_children is not None:
        add(root, "pbcoreAnnotation", item.expected_children, {"annotationType": "expected-children"})
    if shown.is_own and item.source_note:
        add(root, "pbcoreAnnotation", item.source_note, {"annotationType": "provenance"})


def _instantiation(root: etree._Element, row: Instantiation, shown: Shown) -> None:
    node = add(root, "pbcoreInstantiation")
    if row.identifier:
        add(node, "instantiationIdentifier", row.identifier, {"source": shown.item.broadcaster.slug})
    add(node, "instantiationIdentifier", f"{UID_URN}{row.uid}", {"source": "UUID"})
    if row.digitised_on:
        add(node, "instantiationDate", row.digitised_on, {"dateType": "Digitized", "source": "EDTF"})
    is_physical = row.kind == InstantiationKind.PHYSICAL
    kind = "instantiationPhysical" if is_physical else "instantiationDigital"
    add(node, kind, row.format or (row.file.content_type if row.file else ""))
    holder = row.holder or shown.item.broadcaster
    about = {"ref": HOLDER_URN + row.holder.slug} if row.holder else {}
    if shown.is_own and row.location:
        add(node, "instantiationLocation", row.location, about)
    else:
        add(node, "instantiationLocation", localized(holder, "name"), about | {"annotation": "holder"})
    tracks = list(row.tracks.all())
    if media := _media_type(tracks):
        add(node, "instantiationMediaType", media, {"source": OURS})
    add(node, "instantiationGenerations", words.GENERATIONS_OUT[row.generation])
    if shown.is_own and row.file:
        add(node, "instantiationFileSize", row.file.size_bytes, {"unitsOfMeasure": "bytes", "source": OURS})
    if row.start_timecode:
        add(node, "instantiationTimeStart", row.start_timecode)
    if row.duration_ms is not None:
        add(node, "instantiationDuration", clock(row.duration_ms))
    if row.colours:
        add(node, "instantiationColors", row.colours)
    for language in dict.fromkeys(tag.partition("-")[0] for tag in shown.item.speech_languages):
        three = THREE_OF.get(language, language)
        if len(three) == 3:
            add(node, "instantiationLanguage", three, {"source": "ISO 639-2"})
    for track in tracks:
        _track(node, track)
    if shown.is_own and row.note:
        add(node, "instantiationAnnotation", row.note, {"annotationType": "Note"})


def _media_type(tracks: list[Track]) -> str:
    kinds = {track.kind for track in tracks}
    return "Moving Image" if "video" in kinds else "Sound" if "audio" in kinds else ""


def _track(node: etree._Element, row: Track) -> None:
    track, values = add(node, "instantiationEssenceTrack"), track_values(row)
    add(track, "essenceTrackType", words.TRACKS_OUT[row.kind])
    if row.codec:
        add(track, "essenceTrackEncoding", row.codec)
    if row.bit_rate is not None:
        add(track, "essenceTrackDataRate", row.bit_rate, {"unitsOfMeasure": "bits/second"})
    if row.rate_numerator is not None:
        denominator = f"/{row.rate_denominator}" if row.rate_denominator != 1 else ""
        add(track, "essenceTrackFrameRate", f"{row.rate_numerator}{denominator}", {"unitsOfMeasure": "fps"})
    if row.sample_rate_hz is not None:
        add(track, "essenceTrackSamplingRate", row.sample_rate_hz, {"unitsOfMeasure": "Hz"})
    if row.bit_depth is not None:
        add(track, "essenceTrackBitDepth", row.bit_depth)
    if row.width and row.height:
        add(track, "essenceTrackFrameSize", f"{row.width}x{row.height}", {"unitsOfMeasure": "pixels"})
    if row.picture_numerator and row.picture_denominator:
        add(track, "essenceTrackAspectRatio", f"{row.picture_numerator}:{row.picture_denominator}")
    if row.duration_ms is not None:
        add(track, "essenceTrackDuration", clock(row.duration_ms))
    if row.language:
        base = row.language.partition("-")[0]
        three = THREE_OF.get(base, base)
        add(track, "essenceTrackLanguage", three if len(three) == 3 else "und", {"annotation": row.language})
    if row.pixel_numerator and row.pixel_denominator:
        ratio = f"{row.pixel_numerator}:{row.pixel_denominator}"
        add(track, "essenceTrackAnnotation", ratio, {"annotationType": "pixel_aspect"})
    for name in (*TRACK_TEXTS, *TRACK_NUMBERS, *TRACK_DECIMALS):
        if name in values:
            add(track, "essenceTrackAnnotation", values[name], {"annotationType": name})
