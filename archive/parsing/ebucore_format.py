"""EBUCore's ``format``: a carrier or file, and the video, audio and data in it."""

import re
from typing import Any

from lxml import etree

from archive.parsing import words
from archive.parsing.base import HOLDER_URN, UID_URN, Code, ParsedRecord, problem
from archive.parsing.carriers import (
    DECIMAL,
    MOST,
    SCANS,
    TRACK_DECIMALS,
    TRACK_LENGTHS,
    TRACK_NUMBERS,
    TRACK_TEXTS,
    completed,
)
from archive.parsing.leftovers import keep_rest
from archive.parsing.reading import attribute, children, line_of, local, text_of
from archive.parsing.values import edtf, language_tag, milliseconds, number, rate, timecode

_TRACKS = {"videoFormat": "video", "imageFormat": "video", "audioFormat": "audio", "dataFormat": "data"}
_SAID_BY_TYPE = frozenset({"identifier", "holder", "location", "note", "colours", "digitised_on", "kind"})
_FROM_FILE = frozenset({"fileSize", "hash", "mimeType"})
_NUMBERS = frozenset({
    *TRACK_NUMBERS, "bit_rate", "sample_rate_hz", "bit_depth", "width", "height", "duration_ms", "rate_numerator",
    "rate_denominator", "pixel_numerator", "pixel_denominator", "picture_numerator", "picture_denominator",
})  # fmt: skip


def read_format(record: ParsedRecord, element: etree._Element) -> dict[str, Any]:
    """The mapping of a carrier or file; what has no field is a line of its note."""
    carrier: dict[str, Any] = {}
    notes: list[str] = []
    label, identity = attribute(element, "typeLabel"), attribute(element, "formatId")
    if identity.startswith(UID_URN):
        carrier["uid"] = identity.removeprefix(UID_URN)
    if words.folded(label) in words.GENERATIONS:
        carrier["generation"] = words.GENERATIONS[words.folded(label)]
    elif label:
        notes.append(f"type: {label}")
    for child in children(element):
        name, text = local(child), text_of(child)
        if name in _TRACKS:
            carrier.setdefault("tracks", []).append(
                _track(record, child, _TRACKS[name], len(carrier.get("tracks", [])))
            )
        elif name == "format" and "format" not in carrier:
            carrier["format"] = line_of(child)
        elif name == "medium" and (medium := attribute(child, "typeLabel", "typeDefinition")):
            carrier |= {"kind": "physical", "format": medium}
        elif name == "fileName" and "identifier" not in carrier:
            carrier |= {"identifier": line_of(child), "kind": carrier.get("kind", "digital")}
        elif name == "locator":
            carrier |= {"location": line_of(child), "kind": carrier.get("kind", "digital")}
        elif (
            name == "technicalAttributeString"
            and (key := words.folded(attribute(child, "typeLabel")).replace("-", "_")) in _SAID_BY_TYPE
        ):
            _said(carrier, notes, key, text)
        elif name == "duration" and (duration_ms := milliseconds(line_of(child))) is not None:
            carrier["duration_ms"] = duration_ms
        elif name in ("start", "timecodeFormat") and timecode(line_of(child)):
            carrier["start_timecode"] = timecode(line_of(child))
        elif name in _FROM_FILE and "uid" in carrier:
            continue  # of our own file
        elif line := _line(child):
            notes.append(line)
    if name := attribute(element, "formatName"):
        carrier.setdefault("format", name)
    if notes:
        carrier["note"] = "\n".join(dict.fromkeys(notes))
    return completed(record, carrier)


def _said(carrier: dict[str, Any], notes: list[str], key: str, text: str) -> None:
    if key == "holder" and text.startswith(HOLDER_URN):
        carrier["holder"] = text.removeprefix(HOLDER_URN)
    elif key == "note" or (key == "holder"):
        notes.append(text)
    elif key == "digitised_on":
        carrier[key] = edtf(text)
    elif key == "kind":
        carrier[key] = "physical" if text == "physical" else "digital"
    else:
        carrier[key] = " ".join(text.split())


def _line(child: etree._Element) -> str:
    text = line_of(child)
    about = [f"{str(name).rpartition('}')[2]}={value}" for name, value in child.attrib.items() if str(value).strip()]
    said = " ".join(filter(None, (text, *about)))
    return f"{local(child)}: {said}" if said else ""


def _track(record: ParsedRecord, element: etree._Element, kind: str, position: int) -> dict[str, Any]:
    track: dict[str, Any] = {"position": position, "kind": kind}
    for child in children(element):
        name, text = local(child), line_of(child)
        if name in ("videoEncoding", "audioEncoding"):
            track["codec"] = attribute(child, "typeLabel")
            if profile := attribute(child, f"{name}Profile"):
                track["profile"] = profile
        elif name == "codec":
            found = next(
                (line_of(each) for each in child.iter(etree.Element) if local(each) in ("name", "identifier")), ""
            )
            track.setdefault("codec", found)
        elif name in ("width", "height") and (pixels := number(text)):
            track[name] = pixels
        elif name == "frameRate" and (fraction := _rational(child, text)):
            track["rate_numerator"], track["rate_denominator"] = fraction
        elif name == "aspectRatio":
            _aspect(track, child)
        elif name == "bitRate" and (bits := number(text, MOST["bit_rate"], attribute(child, "unit"))) is not None:
            track["bit_rate"] = bits
        elif (
            name == "samplingRate"
            and (hertz := number(text, MOST["sample_rate_hz"], attribute(child, "unit"))) is not None
        ):
            track["sample_rate_hz"] = hertz
        elif name == "sampleSize" and (bits := number(text, MOST["bit_depth"])) is not None:
            track["bit_depth"] = bits
        elif name == "channels" and (channels := number(text, MOST["channels"])) is not None:
            track["channels"] = channels
        elif name in ("scanningFormat", "scanningOrder"):
            _scan(track, text)
        elif name == "audioTrack":
            if tag := language_tag(attribute(child, "trackLanguage")):
                track["language"] = tag
        elif name == "audioTrackConfiguration" and (layout := attribute(child, "typeLabel")):
            track["channel_layout"] = layout
        elif name in ("subtitlingFormat", "captioningFormat"):
            track["kind"] = "subtitle"
            track["codec"] = attribute(child, f"{name}Name", "typeLabel", "formatLabel")
            if tag := language_tag(attribute(child, "language")):
                track["language"] = tag
        elif name.startswith("technicalAttribute"):
            _attribute(record, track, child, text)
        elif line := _line(child):
            record.note(local(element), line)
    for name, most in TRACK_LENGTHS.items():
        if len(track.get(name, "")) > most:
            record.problems.append(problem(Code.SHORTENED, name, track[name]))
            record.note(f"{local(element)} {name}", track[name])
            track[name] = track[name][:most]
    return track


def _rational(child: etree._Element, text: str) -> tuple[int, int] | None:
    """EBU's rational: a number, whole by the schema and often not, times a numerator over a denominator."""
    base = rate(text) or (number(text), 1)
    upper, lower = (
        number(attribute(child, "factorNumerator") or "1"),
        number(attribute(child, "factorDenominator") or "1"),
    )
    if not base[0] or not upper or not lower or max(base[0] * upper, base[1] * lower) > 2**31 - 1:
        return None
    return base[0] * upper, base[1] * lower


def _aspect(track: dict[str, Any], child: etree._Element) -> None:
    values = {local(each): number(line_of(each)) for each in children(child)}
    upper, lower = values.get("factorNumerator"), values.get("factorDenominator")
    if upper and lower:
        kind = "pixel" if "pixel" in attribute(child, "typeLabel").lower() else "picture"
        track[f"{kind}_numerator"], track[f"{kind}_denominator"] = upper, lower


def _scan(track: dict[str, Any], text: str) -> None:
    if text == "progressive":
        track["scan_order"] = "progressive"
    elif text in ("top", "bottom"):
        track["scan_order"] = f"{text}-first"


def _attribute(record: ParsedRecord, track: dict[str, Any], child: etree._Element, text: str) -> None:
    """What no element says stands in technical attributes under our names."""
    name = attribute(child, "typeLabel")
    is_text = name in ("codec", *TRACK_TEXTS) and text and (name != "scan_order" or text in SCANS)
    if is_text or (name == "kind" and text in words.TRACKS_OUT) or (name == "language" and language_tag(text) == text):
        track[name] = text
    elif name in _NUMBERS and re.fullmatch(r"-?[0-9]{1,18}", text) and abs(int(text)) <= MOST.get(name, 2**31 - 1):
        track[name] = int(text)
    elif name in TRACK_DECIMALS and DECIMAL.fullmatch(text):
        track[name] = text
    elif text:
        keep_rest(record, child)
