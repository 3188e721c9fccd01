"""PBCore's instantiations and essence tracks."""

import re
from typing import Any

from lxml import etree

from archive.parsing import words
from archive.parsing.base import HOLDER_URN, UID_URN, Code, ParsedRecord, problem
from archive.parsing.leftovers import keep_rest
from archive.parsing.reading import attribute, children, line_of, local, text_of
from archive.parsing.values import edtf, language_tags, milliseconds, number, rate, ratio, size, timecode

LENGTHS = {"identifier": 200, "format": 200, "location": 300, "colours": 40}
TRACK_LENGTHS = {"codec": 60, "profile": 60, "pixel_format": 30, "channel_layout": 40}
_NUMBERS = {"essenceTrackDataRate": "bit_rate", "essenceTrackSamplingRate": "sample_rate_hz",
            "essenceTrackBitDepth": "bit_depth"}  # fmt: skip
# What our own documents say of a track in annotations, since PBCore has no element for it.
TRACK_TEXTS = ("profile", "pixel_format", "channel_layout", "scan_order")
TRACK_NUMBERS = ("channels", "rotation")
TRACK_DECIMALS = ("loudness_lufs", "loudness_range_lu", "true_peak_dbtp")
DECIMAL = re.compile(r"-?[0-9]{1,4}(\.[0-9])?")
SCANS = frozenset({"progressive", "top-first", "bottom-first"})
MOST = {
    "bit_rate": 2**63 - 1,
    "duration_ms": 2**63 - 1,
    "sample_rate_hz": 2**31 - 1,
    "bit_depth": 32767,
    "channels": 32767,
    "rotation": 360,
}


def read_instantiation(record: ParsedRecord, element: etree._Element) -> dict[str, Any]:
    """The mapping of a carrier or file. What it has no field for goes into its note, one line each."""
    carrier: dict[str, Any] = {}
    notes: list[str] = []
    dates: list[str] = []
    for child in children(element):
        name, text = local(child), line_of(child)
        if not text and not len(child):
            continue
        if name == "instantiationIdentifier" and text.lower().startswith(UID_URN):
            carrier["uid"] = text[len(UID_URN) :]
        elif name == "instantiationIdentifier":
            is_first = "identifier" not in carrier and "digest" not in attribute(child, "annotation").lower()
            if is_first:
                carrier["identifier"] = text
            else:
                about = " ".join(filter(None, (attribute(child, "source"), attribute(child, "version"))))
                notes.append(f"{about or 'identifier'}: {text}")
        elif name == "instantiationPhysical":
            carrier |= {"kind": "physical", "format": text}
        elif name == "instantiationDigital":
            carrier |= {"kind": "digital", "format": text}
        elif name == "instantiationLocation":
            reference = attribute(child, "ref")
            if reference.startswith(HOLDER_URN):
                carrier["holder"] = reference.removeprefix(HOLDER_URN)
            if "annotation" not in child.attrib or attribute(child, "annotation") != "holder":
                carrier["location"] = text
        elif name == "instantiationGenerations" and words.folded(text) in words.GENERATIONS:
            carrier.setdefault("generation", words.GENERATIONS[words.folded(text)])
        elif name == "instantiationDate":
            _date(child, text, carrier, dates)
        elif name == "instantiationDuration":
            _length(record, carrier, name, text)
        elif name == "instantiationTimeStart" and timecode(text):
            carrier["start_timecode"] = timecode(text)
        elif name == "instantiationColors":
            carrier["colours"] = text
        elif name == "instantiationLanguage":
            _languages(record, text, notes)
        elif name == "instantiationEssenceTrack":
            carrier.setdefault("tracks", []).append(_track(record, child, len(carrier.get("tracks", []))))
        elif name == "instantiationAnnotation" and words.folded(attribute(child, "annotationType")) == "note":
            notes.append(text_of(child))
        elif name in _OURS_ALONE and attribute(child, "source") == "mediaexchange":
            continue
        else:
            notes.append(_line(child, text))
    notes.extend(f"date: {text}" for text in dates)
    if notes:
        carrier["note"] = "\n".join(dict.fromkeys(notes))
    return completed(record, carrier)


_OURS_ALONE = frozenset({"instantiationFileSize", "instantiationMediaType"})  # follow from the rest


def _line(child: etree._Element, text: str) -> str:
    unit = attribute(child, "unitsOfMeasure", "annotationType", "profile")
    return f"{local(child).removeprefix('instantiation')}: {text}{f' ({unit})' if unit else ''}"


def _date(child: etree._Element, text: str, carrier: dict[str, Any], dates: list[str]) -> None:
    kind = words.folded(attribute(child, "dateType"))
    if kind in ("digitised", "digitized", "date-digitized") and "digitised_on" not in carrier:
        carrier["digitised_on"] = edtf(text)
    elif text.lower() != "unknown":
        dates.append(f"{attribute(child, 'dateType')} {text}".strip())


def _length(record: ParsedRecord, carrier: dict[str, Any], name: str, text: str) -> None:
    duration_ms = milliseconds(text)
    if duration_ms is None:
        record.note(name, text)
        record.problems.append(problem(Code.NUMBER_UNREADABLE, name, text))
    else:
        carrier["duration_ms"] = duration_ms


def _languages(record: ParsedRecord, text: str, notes: list[str]) -> None:
    """A carrier's languages are those spoken on it, as far as PBCore tells; the whole record decides at its end."""
    tags = language_tags(text)
    if not tags:
        notes.append(f"language: {text}")
    for tag in tags:
        record.add("carrier_languages", tag)


def settle_languages(record: ParsedRecord) -> None:
    """A carrier says "srp"; where the record itself says sr-Cyrl, that is the same said better."""
    for tag in record.said.pop("carrier_languages", []):
        if tag not in {spoken.partition("-")[0] for spoken in record.said.get("speech_languages", [])}:
            record.add("speech_languages", tag)


def completed(record: ParsedRecord, carrier: dict[str, Any]) -> dict[str, Any]:
    """With a kind and a generation, and nothing longer than its column: what is cut off goes into the note."""
    if "kind" not in carrier:
        looks_digital = "/" in carrier.get("format", "") or carrier.get("location", "").startswith(
            ("http", "file", "/")
        )
        carrier["kind"] = "digital" if looks_digital else "physical"
    carrier.setdefault("generation", "copy")
    for name, most in LENGTHS.items():
        value = carrier.get(name, "")
        if len(value) > most:
            carrier["note"] = f"{carrier.get('note', '')}\n{name}: {value}".strip()
            carrier[name] = value[:most]
            record.problems.append(problem(Code.SHORTENED, name, value))
    return carrier


def _track(record: ParsedRecord, element: etree._Element, position: int) -> dict[str, Any]:
    track: dict[str, Any] = {"position": position, "kind": "data"}
    for child in children(element):
        name, text = local(child), line_of(child)
        if not text:
            continue
        if name == "essenceTrackType":
            kind = words.TRACKS.get(words.folded(text))
            track["kind"] = kind or "data"
            if kind is None:
                record.note(name, text)
        elif name == "essenceTrackEncoding":
            track["codec"] = text
        elif name in _NUMBERS:
            field, unit = _NUMBERS[name], attribute(child, "unitsOfMeasure")
            value = number(text, MOST[field], unit)
            if value is None:
                record.note(name, f"{text} {unit}".strip())
            else:
                track[field] = value
        elif name == "essenceTrackFrameRate" and (found := rate(text)):
            track["rate_numerator"], track["rate_denominator"] = found
        elif name == "essenceTrackFrameSize" and (found := size(text)):
            track["width"], track["height"] = found
        elif name == "essenceTrackAspectRatio" and (found := ratio(text)):
            kind = "pixel" if attribute(child, "annotation") == "pixel" else "picture"
            track[f"{kind}_numerator"], track[f"{kind}_denominator"] = found
        elif name == "essenceTrackDuration" and (duration_ms := milliseconds(text)) is not None:
            track["duration_ms"] = duration_ms
        elif name == "essenceTrackLanguage":
            given = attribute(child, "annotation")
            track["language"] = next(iter(language_tags(given) or language_tags(text)), "")
        elif name == "essenceTrackAnnotation":
            _annotated(record, track, child, text)
        else:
            keep_rest(record, child)
    for name, most in TRACK_LENGTHS.items():
        if len(track.get(name, "")) > most:
            record.note(f"essenceTrack {name}", track[name])
            track[name] = track[name][:most]
    return track


def _annotated(record: ParsedRecord, track: dict[str, Any], child: etree._Element, text: str) -> None:
    name = attribute(child, "annotationType")
    if name in TRACK_TEXTS and (name != "scan_order" or text in SCANS):
        track[name] = text
    elif name in TRACK_NUMBERS and re.fullmatch(r"-?[0-9]{1,9}", text) and abs(int(text)) <= MOST[name]:
        track[name] = int(text)
    elif name in TRACK_DECIMALS and DECIMAL.fullmatch(text):
        track[name] = text
    elif name == "pixel_aspect" and (found := ratio(text)):
        track["pixel_numerator"], track["pixel_denominator"] = found
    else:
        record.note(f"essenceTrackAnnotation {name}".strip(), text)
