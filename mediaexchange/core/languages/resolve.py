"""Which stored text a reader gets, and in what language it really is."""

from collections.abc import Mapping
from dataclasses import dataclass

from mediaexchange.core.languages.serbian import to_latin
from mediaexchange.core.languages.tags import DEFAULT, LANGUAGES, STORED, STORED_AS, shown_language

# The languages a reader most probably knows besides their own; the rest follow in stored order.
_NEXT_BEST = {"sr": ("en", "ru"), "kk": ("ru", "en"), "ru": ("en", "kk")}


def _fallbacks(stored_as: str) -> tuple[str, ...]:
    order = (stored_as, *_NEXT_BEST.get(stored_as, (DEFAULT,)), *STORED)
    return tuple(dict.fromkeys(order))[1:]


FALLBACKS = {language.code: _fallbacks(language.stored_as) for language in LANGUAGES}


@dataclass(frozen=True, slots=True)
class Resolved:
    """A text and the Django code of the language and script it is in; both empty if no language has a text."""

    text: str
    language: str


def resolve(values: Mapping[str, str | None], wanted: str) -> Resolved:
    """Pick from `values` (stored language → text) what a reader of the shown language `wanted` gets.

    `wanted` may be any BCP 47 tag; one that is not shown counts as the default language. Only Serbian text is ever
    transliterated, and only for sr-latn.
    """
    wanted = shown_language(wanted) or DEFAULT
    for stored in (STORED_AS[wanted], *FALLBACKS[wanted]):
        text = values.get(stored) or ""
        if not text.strip():
            continue
        if stored == "sr" and wanted == "sr-latn":
            return Resolved(to_latin(text), wanted)
        return Resolved(text, stored)
    return Resolved("", "")
