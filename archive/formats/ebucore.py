"""EBUCore 1.10: one ``ebuCoreMain``. Several items are its parts, each with its whole metadata. Valid by its XSD."""

from collections.abc import Iterable

from lxml import etree

from archive.catalogue import names_of, track_values
from archive.constants import RIGHTS_STATEMENT_URI, InstantiationKind, ScanOrder, TrackKind
from archive.formats.writing import XML_LANG, Shown, add, serialised, tag_of
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
    UNDETERMINED,
)
from archive.parsing.ebucore import RECORD_PART
from mediaexchange.core.topics import PREFIX, topic_name

NAMESPACE = "urn:ebu:metadata-schema:ebucore"
DC = "http://purl.org/dc/elements/1.1/"
SCHEMA = "https://raw.githubusercontent.com/ebu/ebucore/master/ebucore.xsd"
_NSMAP = {None: NAMESPACE, "dc": DC}


def element_of(shown: Shown) -> etree._Element:
    """``ebuCoreMain`` of an item loaded by ``with_parts``."""
    root = etree.Element(f"{{{NAMESPACE}}}ebuCoreMain", nsmap=_NSMAP)
    root.set("version", "1.10")
    _describe(add(root, "coreMetadata"), shown)
    return root


def collection_of(several: Iterable[Shown]) -> etree._Element:
    root = etree.Element(f"{{{NAMESPACE}}}ebuCoreMain", nsmap=_NSMAP)
    root.set("version", "1.10")
    metadata = add(root, "coreMetadata")
    for shown in several:
        _describe(add(metadata, "part", attributes={"typeLabel": RECORD_PART}), shown)
    return root


def render(several: list[Shown]) -> bytes:
    return serialised(element_of(several[0]) if len(several) == 1 else collection_of(several))


def _dc(parent: etree._Element, name: str, text: object, language: str = "") -> etree._Element:
    return add(parent, f"{{{DC}}}{name}", text, {XML_LANG: language})


def _describe(node: etree._Element, shown: Shown) -> None:
    item = shown.item
    titles = names_of(item, "title")
    if titles:
        title = add(node, "title")
        for language, text in titles:
            _dc(title, "title", text, tag_of(language))
    for row in item.titles.all():
        _dc(
            add(node, "alternativeTitle", attributes={"typeLabel": words.TITLES_OUT[row.kind]}),
            "title",
            row.text,
            row.language,
        )
    people = list(item.credits.all())
    for credit in people:
        _entity(node, credit, "creator" if credit.role in words.CREATORS else "contributor")
    for code in item.topics:
        subject = add(node, "subject", attributes={"typeLabel": "IPTC Media Topics"})
        _dc(subject, "subject", topic_name(code))
        add(subject, "subjectCode", TOPIC_URI + code.removeprefix(PREFIX))
    for word in item.subjects:
        _dc(add(node, "subject"), "subject", word)
    _descriptions(node, item)
    _publisher(node, item)
    for kind, dated in [("dated", item.dated), *((row.kind, row.dated) for row in item.dates.all())]:
        if dated:
            _dc(add(node, "date", attributes={"typeLabel": words.DATES_OUT[kind]}), "date", dated)
    _types(node, item)
    for instantiation in item.instantiations.all():
        _format(node, instantiation, shown)
    _identifier(node, item.broadcaster.slug, item.identifier)
    _identifier(node, "UUID", f"{UID_URN}{item.uid}")
    for identifier in item.identifiers.all():
        _identifier(node, identifier.source, identifier.value)
    if shown.is_own and item.source_note:
        _dc(node, "source", item.source_note)
    for label, field in (
        ("speech", "speech_languages"),
        ("subtitles", "subtitle_languages"),
        ("credits", "credit_languages"),
    ):
        for tag in getattr(item, field):
            _dc(add(node, "language", attributes={"typeLabel": label}), "language", tag)
    _relations(node, shown)
    for place in item.places.all():
        coverage = add(node, "coverage", attributes={"typeLabel": words.RELATIONS_OUT[place.relation]})
        location = add(add(coverage, "spatial"), "location", attributes={"locationId": PLACE_URN + place.place.slug})
        for language, name in names_of(place.place):
            add(location, "name", name, {XML_LANG: tag_of(language)})
    _rights(node, item)


def _entity(node: etree._Element, credit: Credit, name: str) -> None:
    reference = PERSON_URN + credit.person.slug if credit.person else ""
    entity = add(node, name, attributes={"entityId": reference})
    details = add(entity, "contactDetails")
    for language, text in names_of(credit.person) if credit.person else [("", credit.name)]:
        add(details, "name", text, {XML_LANG: tag_of(language) if language else ""})
    if credit.note:
        add(details, "additionalInformation", credit.note)
    add(entity, "role", attributes={"typeLabel": words.ROLES_OUT[credit.role]})


def _publisher(node: etree._Element, item: Item) -> None:
    entity = add(node, "publisher", attributes={"entityId": HOLDER_URN + item.broadcaster.slug})
    details = add(entity, "organisationDetails")
    for language, text in names_of(item.broadcaster):
        add(details, "organisationName", text, {XML_LANG: tag_of(language)})


def _descriptions(node: etree._Element, item: Item) -> None:
    main = names_of(item, "description")
    if main:
        description = add(node, "description", attributes={"typeLabel": words.DESCRIPTIONS_OUT["main"]})
        for language, text in main:
            _dc(description, "description", text, tag_of(language))
    for row in item.descriptions.all():
        description = add(node, "description", attributes={"typeLabel": words.DESCRIPTIONS_OUT[row.kind]})
        _dc(description, "description", row.text, row.language or UNDETERMINED)


def _types(node: etree._Element, item: Item) -> None:
    kind = add(node, "type")
    category = {"typeLabel": item.category, "typeLink": CATEGORY_URN + item.category}
    add(kind, "genre", attributes=category)
    for genre in item.genres:
        add(kind, "genre", attributes={"typeLabel": genre})
    add(kind, "objectType", attributes={"typeLabel": words.ASSET_TYPES_OUT[item.asset_type]})


def _identifier(node: etree._Element, source: str, value: str) -> None:
    _dc(add(node, "identifier", attributes={"typeLabel": source}), "identifier", value)


def _relations(node: etree._Element, shown: Shown) -> None:
    item = shown.item
    related = [("isMemberOf", item.collection, COLLECTION_URN), ("isEpisodeOf", item.series, SERIES_URN)]
    for name, target, urn in related if shown.is_own else ():
        if target is not None:
            _related(node, name, urn + target.slug)
    if item.parent is not None and shown.shows_parent:
        _related(node, "isPartOf", item.parent.identifier)
    if shown.is_own and item.expected_children is not None:
        parts = add(node, "hasPart", attributes={"totalNumberOfGroupMembers": item.expected_children})
        _dc(parts, "relation", "parts")


def _related(node: etree._Element, name: str, value: str) -> None:
    _dc(add(add(node, name), "relationIdentifier"), "identifier", value)


def _rights(node: etree._Element, item: Item) -> None:
    rights = add(node, "rights")
    if item.rights_note:
        _dc(rights, "rights", item.rights_note)
    add(rights, "rightsLink", RIGHTS_STATEMENT_URI % item.rights_statement)
    if item.credit_line:
        _dc(add(node, "rights", attributes={"typeLabel": "credit line"}), "rights", item.credit_line)


def _format(node: etree._Element, row: Instantiation, shown: Shown) -> None:
    about = {"typeLabel": words.GENERATIONS_OUT[row.generation], "formatId": f"{UID_URN}{row.uid}"}
    form = add(node, "format", attributes=about)
    if row.kind == InstantiationKind.PHYSICAL:
        add(form, "medium", attributes={"typeLabel": row.format})
    elif row.format or row.file:
        _dc(form, "format", row.format or row.file.content_type)  # type: ignore[union-attr]  # one of the two is there
    for track in row.tracks.all():
        _track(form, track)
    if row.start_timecode:
        _start(form, row)
    if row.duration_ms is not None:
        seconds, rest = divmod(row.duration_ms, 1000)
        add(add(form, "duration"), "normalPlayTime", f"PT{seconds}.{rest:03}S")
    if shown.is_own and row.file:
        add(form, "fileSize", row.file.size_bytes, {"unit": "byte"})
        add(form, "mimeType", attributes={"typeLabel": row.file.content_type})
        digest = add(form, "hash")
        add(digest, "hashValue", row.file.sha256)
        add(digest, "hashFunction", attributes={"typeLabel": "SHA-256"})
    said = {"kind": row.kind, "identifier": row.identifier, "colours": row.colours, "digitised_on": row.digitised_on}
    if row.holder:
        said["holder"] = HOLDER_URN + row.holder.slug
    if shown.is_own:
        said |= {"location": row.location, "note": row.note}
    for label, text in said.items():
        if text:
            add(form, "technicalAttributeString", text, {"typeLabel": label})


def _start(form: etree._Element, row: Instantiation) -> None:
    """EBU's time code goes up to 23:59; ours may be what a machine wrote beyond midnight."""
    if int(row.start_timecode[:2]) < 24:
        add(add(form, "start"), "timecode", row.start_timecode)
    else:
        add(add(form, "start"), "time", row.start_timecode)


# What the elements of a kind say; the rest of a track stands in technical attributes under our names.
_IN_ELEMENTS: dict[str, frozenset[str]] = {
    TrackKind.VIDEO: frozenset({
        "codec", "profile", "bit_rate", "rate_numerator", "rate_denominator", "width", "height", "pixel_numerator",
        "pixel_denominator", "picture_numerator", "picture_denominator", "scan_order",
    }),
    TrackKind.AUDIO: frozenset({
        "codec", "profile", "bit_rate", "sample_rate_hz", "bit_depth", "channels", "channel_layout", "language",
    }),
}  # fmt: skip


def _track(form: etree._Element, row: Track) -> None:
    if row.kind == TrackKind.VIDEO:
        node = _video(form, row)
    elif row.kind == TrackKind.AUDIO:
        node = _audio(form, row)
    else:
        node = add(form, "dataFormat")
    values = track_values(row)
    said = _IN_ELEMENTS.get(row.kind, frozenset()) | {"position"}
    if row.kind in _IN_ELEMENTS:
        said |= {"kind"}
    for name in sorted(values.keys() - said):
        add(node, "technicalAttributeString", values[name], {"typeLabel": name})


def _video(form: etree._Element, row: Track) -> etree._Element:
    node = add(form, "videoFormat")
    if row.width is not None:
        add(node, "width", row.width, {"unit": "pixel"})
    if row.height is not None:
        add(node, "height", row.height, {"unit": "pixel"})
    if row.rate_numerator is not None:
        about = {} if row.rate_denominator == 1 else {"factorNumerator": 1, "factorDenominator": row.rate_denominator}
        add(node, "frameRate", row.rate_numerator, about)
    aspects = (
        ("picture", row.picture_numerator, row.picture_denominator),
        ("pixel", row.pixel_numerator, row.pixel_denominator),
    )
    for label, upper, lower in aspects:
        if upper and lower:
            aspect = add(node, "aspectRatio", attributes={"typeLabel": label})
            add(aspect, "factorNumerator", upper)
            add(aspect, "factorDenominator", lower)
    if row.codec or row.profile:
        add(node, "videoEncoding", attributes={"typeLabel": row.codec, "videoEncodingProfile": row.profile})
    if row.bit_rate is not None:
        add(node, "bitRate", row.bit_rate, {"unit": "bps"})
    if row.scan_order == ScanOrder.PROGRESSIVE:
        add(node, "scanningFormat", "progressive")
    elif row.scan_order:
        add(node, "scanningFormat", "interlaced")
        add(node, "scanningOrder", row.scan_order.removesuffix("-first"))
    return node


def _audio(form: etree._Element, row: Track) -> etree._Element:
    node = add(form, "audioFormat")
    if row.codec or row.profile:
        add(node, "audioEncoding", attributes={"typeLabel": row.codec, "audioEncodingProfile": row.profile})
    if row.channel_layout:
        add(node, "audioTrackConfiguration", attributes={"typeLabel": row.channel_layout})
    if row.sample_rate_hz is not None:
        add(node, "samplingRate", row.sample_rate_hz)
    if row.bit_depth is not None:
        add(node, "sampleSize", row.bit_depth)
    if row.bit_rate is not None:
        add(node, "bitRate", row.bit_rate, {"unit": "bps"})
    if row.language:
        add(node, "audioTrack", attributes={"trackLanguage": row.language})
    if row.channels is not None:
        add(node, "channels", row.channels)
    return node
