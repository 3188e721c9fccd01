"""What can be wrong with a catalog, each problem as one line that names the message."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

import polib

from mediaexchange.core.languages.catalogs.files import PLURALS, key_of, strings_of
from mediaexchange.core.languages.kazakh import normalise_mixed_script

_NAMED = re.compile(r"%\(\w+\)[#0 +-]*\d*(?:\.\d+)?[A-Za-z]")
_POSITIONAL = re.compile(r"%[sd](?![A-Za-z])|%%")
_BRACES = re.compile(r"\{[^{}]*\}")
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")


def catalog_problems(catalog: polib.POFile, locale: str) -> Iterator[str]:
    """Empty, fuzzy, obsolete; wrong plural forms, placeholders, markup, outer line breaks; in Kazakh mixed scripts."""
    for entry in catalog:
        shown = repr(entry.msgid)
        if entry.obsolete:
            yield f"obsolete: {shown}"
            continue
        if "fuzzy" in entry.flags:
            yield f"fuzzy: {shown}"
        strings = strings_of(entry)
        if entry.msgid_plural and len(strings) != PLURALS[locale][1]:
            yield f"{len(strings)} plural forms, {PLURALS[locale][1]} needed: {shown}"
        if not strings or not all(text.strip() for text in strings):
            yield f"empty: {shown}"
            continue
        for form, text in enumerate(strings):
            yield from (f"{problem}: {shown} → {text!r}" for problem in _text_problems(entry, form, text, locale))


def mismatches(messages: Iterable[polib.POEntry], catalog: polib.POFile) -> Iterator[str]:
    """Messages the catalog lacks, has only in the other number (singular, plural), or has without need."""
    needed = set()
    present = {(key_of(entry), entry.msgid_plural) for entry in catalog if not entry.obsolete}
    for message in messages:
        needed.add((key_of(message), message.msgid_plural))
        if (key_of(message), message.msgid_plural) not in present:
            places = ", ".join(place for place, _ in message.occurrences)
            yield f"missing: {message.msgid!r} ({places})"
    yield from (f"not in the sources any more: {key[1]!r}" for key, _ in sorted(present - needed))


def differences(found: polib.POFile, generated: polib.POFile) -> Iterator[str]:
    """Messages whose text in the Latin catalog is not the one generated from the Cyrillic catalog."""
    ours = {key_of(entry): strings_of(entry) for entry in found}
    theirs = {key_of(entry): strings_of(entry) for entry in generated}
    for key in [*theirs, *(key for key in ours if key not in theirs)]:
        if ours.get(key) != theirs.get(key):
            yield f"not what latin_catalog generates: {key[1]!r}"


def _text_problems(entry: polib.POEntry, form: int, text: str, locale: str) -> Iterator[str]:
    sources = [entry.msgid_plural or entry.msgid]
    if entry.msgid_plural and PLURALS[locale][1] == 2 and form == 0:
        sources.append(entry.msgid)  # only this form is said of exactly one, so the number may be a word or absent
    if not any(_placeholders(text) == _placeholders(source) for source in sources):
        yield "placeholders differ"
    if not any(Counter(_TAG.findall(text)) == Counter(_TAG.findall(source)) for source in sources):
        yield "markup differs"
    if any(text.startswith("\n") != source.startswith("\n") for source in (entry.msgid, *sources)) or any(
        text.endswith("\n") != source.endswith("\n") for source in (entry.msgid, *sources)
    ):
        yield "line breaks at the ends differ"
    if locale == "kk" and normalise_mixed_script(text) != text:
        yield "mixed scripts in a word"


def _placeholders(text: str) -> tuple[set[str], Counter[str], set[str]]:
    """Named placeholders, positional ones with their number, and what stands in braces."""
    return set(_NAMED.findall(text)), Counter(_POSITIONAL.findall(text)), set(_BRACES.findall(text))
