"""The parts of a NewsML-G2 item as shots: when each begins and ends, what it shows, what is heard."""

import re
from fractions import Fraction

from lxml import etree

from newsexchange.parsing.base import Shot, Text
from newsexchange.parsing.g2_concepts import Concepts
from newsexchange.parsing.g2_media import rate_of
from newsexchange.parsing.g2_metadata import block_html, code_of, find_all, last_part, line_of, role_of, tongue_of
from newsexchange.parsing.g2_times import frame_rate, milliseconds
from newsexchange.parsing.markup import language_tag, text_of, tidy, whole_number
from newsexchange.parsing.sanitise import html_to_text

EDTF_DATE = re.compile(r"[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?")
# How a language is used in the recording, as the EBU and others write it, by the sounds that a shot may have.
SOUNDS = {
    "voiceover": "voice-over",
    "commentary": "voice-over",
    "naturalsound": "natural",
    "natural": "natural",
    "ambient": "natural",
    "interlocution": "natural",  # people are heard speaking
    "international": "international",
    "internationalsound": "international",
    "mute": "mute",
    "silent": "mute",
}


def shots(item: etree._Element, concepts: Concepts, tag: str) -> tuple[Shot, ...]:
    """The parts in their order; a region of a picture is no stretch of time and not among them."""
    rates = _rates(item)
    return tuple(_shot(part, item, concepts, tag, rates) for part in shot_elements(item))


def shot_elements(item: etree._Element) -> list[etree._Element]:
    """The <partMeta> elements behind the shots, in the same order: by ``seq`` where every part has one."""
    parts = [part for part in find_all(item, "partMeta") if not _is_region(part)]
    numbers = [whole_number(part.get("seq")) for part in parts]
    if all(number is not None for number in numbers):
        parts = [part for _, part in sorted(zip(numbers, parts, strict=True), key=lambda pair: pair[0] or 0)]
    return parts


def untold_times(item: etree._Element) -> list[Text]:
    """Delimiters that cannot be put into milliseconds, as they are written, so that a person can."""
    rates = _rates(item)
    found = []
    for part in find_all(item, "partMeta"):
        delimiters = find_all(part, "timeDelim")
        if delimiters and all(None in _span(delimiter, rates) for delimiter in delimiters):
            for delimiter in delimiters:
                unit = last_part(code_of(delimiter, "timeunit"))
                said = f"{tidy(delimiter.get('start'))} – {tidy(delimiter.get('end'))} {unit}".strip()
                found.append(Text("note", f"{tidy(part.get('partid'))} {said}".strip(), "timedelim"))
    return found


def _shot(part: etree._Element, item: etree._Element, concepts: Concepts, tag: str, rates: dict[str, Fraction]) -> Shot:
    spans = [_span(delimiter, rates) for delimiter in find_all(part, "timeDelim")]
    in_ms, out_ms = next((span for span in spans if None not in span), spans[0] if spans else (None, None))
    if in_ms is not None and out_ms is not None and out_ms < in_ms:
        out_ms = None  # the end lies before the beginning: one of them is wrong, the beginning can be looked up
    languages = find_all(part, "language")
    sounds = [SOUNDS[role] for each in languages if (role := role_of(each).replace("-", "")) in SOUNDS]
    sources = [*find_all(part, "infoSource"), *find_all(part, "creator")]
    return Shot(
        in_ms=in_ms,
        out_ms=out_ms,
        description=_descriptions(part, item, tag),
        location=", ".join(name for place in find_all(part, "located") if (name := concepts.party(place)))[:300],
        shot_on=_edtf(text_of(next(iter(find_all(part, "contentCreated")), None))),
        language=next((code for each in languages if (code := language_tag(each.get("tag")))), ""),
        audio=sounds[0] if sounds else "",
        source=(line_of(part, "creditline") or ", ".join(name for each in sources if (name := concepts.party(each))))[
            :300
        ],
    )


def _descriptions(part: etree._Element, item: etree._Element, tag: str) -> tuple[tuple[str, str], ...]:
    """Headline and descriptions by language, joined line by line."""
    gathered: dict[str, list[str]] = {}
    for name in ("headline", "description"):
        for element in find_all(part, name):
            if words := html_to_text(block_html(element)):
                gathered.setdefault(tongue_of(element, item) or tag, []).append(words)
    return tuple((language, "\n".join(lines)) for language, lines in gathered.items())


def _is_region(part: etree._Element) -> bool:
    return bool(find_all(part, "regionDelim")) and not find_all(part, "timeDelim")


def _rates(item: etree._Element) -> dict[str, Fraction]:
    """Rates by the rendition that edit units refer to; under "" the one that holds without a reference."""
    rates: dict[str, Fraction] = {}
    for element in find_all(item, "contentSet/remoteContent"):
        if rate := frame_rate(rate_of(element)):
            rates.setdefault("", rate)
            if code := code_of(element, "rendition"):
                rates.setdefault(code, rate)
    return rates


def _span(delimiter: etree._Element, rates: dict[str, Fraction]) -> tuple[int | None, int | None]:
    reference, unit = code_of(delimiter, "renditionref"), code_of(delimiter, "timeunit")
    rate = frame_rate(delimiter.get("renderingrate") or delimiter.get("framerate"))
    if rate is None:
        # A reference that leads nowhere leaves the unit unknown where renditions differ.
        rate = rates.get(reference) or (rates.get("") if not reference or len(set(rates.values())) == 1 else None)
    return milliseconds(delimiter.get("start"), unit, rate), milliseconds(delimiter.get("end"), unit, rate)


def _edtf(text: str) -> str:
    match = EDTF_DATE.match(text.strip())
    return match[0] if match else ""
