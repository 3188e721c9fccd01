"""Language tags: BCP 47 outside, Django language codes inside. `LANGUAGES` is the one place that lists them."""

import os
import re
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Language:
    """One language and script a reader can choose; `stored_as` names the column that holds (or yields) its text."""

    code: str
    language: str
    script: str
    autonym: str
    iso639_2: str
    stored_as: str
    tag: str


_OURS = (  # the first line of a language is what its bare tag means
    Language("sr", "sr", "Cyrl", "Српски", "srp", stored_as="sr", tag="sr-Cyrl"),
    Language("sr-latn", "sr", "Latn", "Srpski", "srp", stored_as="sr", tag="sr-Latn"),
    Language("kk", "kk", "Cyrl", "Қазақша", "kaz", stored_as="kk", tag="kk"),
    Language("ru", "ru", "Cyrl", "Русский", "rus", stored_as="ru", tag="ru"),
    Language("en", "en", "Latn", "English", "eng", stored_as="en", tag="en"),
)
_MORE = re.compile(r"([a-z]{2,3})-([A-Z][a-z]{3})/([a-z]{3})=(.+)")


def languages(more: str) -> tuple[Language, ...]:
    """Ours, then those a setting names, separated by commas: ``hu-Latn/hun=Magyar`` (tag, ISO 639-2, own name).

    Raises ValueError for what is not written so. Each new one wants a migration and a catalog.
    """
    added: list[Language] = []
    for entry in filter(None, (part.strip() for part in more.split(","))):
        match = _MORE.fullmatch(entry)
        if match is None:
            raise ValueError(f"MORE_LANGUAGES: “{entry}” is not written like hu-Latn/hun=Magyar.")
        code, script, iso639_2, autonym = match.groups()
        if code in {language.language for language in (*_OURS, *added)}:
            raise ValueError(f"MORE_LANGUAGES: {code} is there already.")
        added.append(Language(code, code, script, autonym, iso639_2, stored_as=code, tag=code))
    return (*_OURS, *added)


# Read here, since settings and models, in this order, need the list before there are settings.
LANGUAGES = languages(os.environ.get("MORE_LANGUAGES", ""))
DEFAULT = "en"
# Regions whose usual script is not the first one listed for the language (CLDR likely subtags).
REGIONAL_SCRIPTS = {("sr", "ME"): "Latn"}
# Readers of these are served the given tag when nothing better was asked for; texts in them are not ours to relabel.
READ_AS = {"hr": "sr-Latn", "bs": "sr-Latn", "sh": "sr-Latn", "cnr": "sr-Latn"}

SHOWN = tuple(language.code for language in LANGUAGES)
STORED = tuple(language.code for language in LANGUAGES if language.code == language.stored_as)
STORED_AS = {language.code: language.stored_as for language in LANGUAGES}  # shown code → the column's code

_BY_CODE = {language.code: language for language in LANGUAGES}
_ISO639_2 = {language.iso639_2: language.language for language in LANGUAGES}
_TAG = re.compile(r"[A-Za-z]{2,8}(?:[-_][A-Za-z0-9]{1,8})*")
_QUALITY = re.compile(r"[qQ]=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)", re.ASCII)
_HEADER_LIMIT = 1000


@dataclass(frozen=True, slots=True)
class _Subtags:
    language: str
    script: str
    region: str


@dataclass(frozen=True, slots=True)
class _Range:
    subtags: _Subtags | None  # None is the wildcard
    full: str
    quality: float


def to_bcp47(code: str) -> str:
    """The BCP 47 tag of a shown language's Django code; KeyError for any other code."""
    return _BY_CODE[code].tag


def stored_language(tag: str) -> str | None:
    """The stored language a BCP 47 tag belongs to, or None if we do not store that language in that script."""
    shown = shown_language(tag)
    return _BY_CODE[shown].stored_as if shown else None


@lru_cache(maxsize=512)
def shown_language(tag: str) -> str | None:
    """The Django code for a BCP 47 tag, exact in language and script; regions, variants and extensions are ignored."""
    subtags = _parse(tag)
    return _shown(subtags) if subtags else None


@lru_cache(maxsize=256)
def negotiate(accept_language: str) -> str | None:
    """The shown language an Accept-Language field prefers (RFC 9110 section 12.5.4), or None if it names none of ours.

    Malformed members are ignored, and so is everything after the first 1000 characters.
    """
    ranges = _ranges(accept_language)
    refused = _refused(ranges)
    for wanted in sorted((r for r in ranges if r.quality > 0), key=lambda r: -r.quality):
        for code in _candidates(wanted.subtags, ranges):
            if code not in refused:
                return code
    return None


def _parse(tag: str) -> _Subtags | None:
    tag = tag.strip()
    if not _TAG.fullmatch(tag):
        return None
    language, *rest = re.split("[-_]", tag)
    script = region = ""
    for subtag in rest:
        if len(subtag) == 1:  # an extension or private use begins: nothing after it names a script or region
            break
        if len(subtag) == 4 and subtag.isalpha() and not script and not region:
            script = subtag.title()
        elif not region and ((len(subtag) == 2 and subtag.isalpha()) or (len(subtag) == 3 and subtag.isdigit())):
            region = subtag.upper()
    language = language.lower()
    return _Subtags(_ISO639_2.get(language, language), script, region)


def _shown(subtags: _Subtags) -> str | None:
    script = subtags.script or REGIONAL_SCRIPTS.get((subtags.language, subtags.region), "")
    for language in LANGUAGES:
        if language.language == subtags.language and script in ("", language.script):
            return language.code
    return None


def _candidates(subtags: _Subtags | None, ranges: list[_Range]) -> list[str]:
    """Shown languages for one range, best first; a wildcard stands for what no other range names (RFC 4647, 3.3.1)."""
    if subtags is None:
        named = {code for r in ranges if r.subtags for code in _candidates(r.subtags, [])}
        return [code for code in (DEFAULT, *SHOWN) if code not in named]
    if subtags.language in READ_AS:
        stand_in = _parse(READ_AS[subtags.language])
        if stand_in is None:
            return []
        subtags = _Subtags(stand_in.language, subtags.script or stand_in.script, "")
    best = _shown(subtags)
    same_language = [language.code for language in LANGUAGES if language.language == subtags.language]
    if best is None:  # for example kk-Latn: the language we have, in the script we have
        return same_language
    if subtags.script or subtags.region:
        return [best]
    return [best, *(code for code in same_language if code != best)]


def _refused(ranges: list[_Range]) -> set[str]:
    """Languages whose most specific matching range has q=0; en-GB;q=0 refuses British English only, not English."""
    refused = set()
    for language in LANGUAGES:
        for full in (f"{language.language}-{language.script}".lower(), language.language):
            qualities = [r.quality for r in ranges if r.full == full]
            if qualities:
                if max(qualities) == 0:
                    refused.add(language.code)
                break
    return refused


def _ranges(accept_language: str) -> list[_Range]:
    if len(accept_language) > _HEADER_LIMIT:
        accept_language = accept_language[:_HEADER_LIMIT].rpartition(",")[0]
    ranges = []
    for member in accept_language.split(","):
        name, *parameters = (part.strip() for part in member.split(";"))
        quality = 1.0
        if parameters:
            match = _QUALITY.fullmatch(parameters[0]) if len(parameters) == 1 else None
            if match is None:
                continue
            quality = float(match.group(1))
        subtags = _parse(name)
        if subtags or name == "*":
            ranges.append(_Range(subtags, name.lower().replace("_", "-"), quality))
    return ranges
