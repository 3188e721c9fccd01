"""The texts of an entry language by language, normalised and made safe."""

from collections import defaultdict
from dataclasses import dataclass
from hashlib import sha256

import orjson

from mediaexchange.core.languages.normalise import normalise_serbian, normalise_text
from mediaexchange.core.languages.serbian import script_of_letters
from mediaexchange.core.languages.tags import stored_language
from newsexchange.constants import AiUse, EditionOrigin
from newsexchange.parsing.base import Entry, Text
from newsexchange.parsing.sanitise import clean_html

_MACHINE = ("machine", "mt", "automatic", "autotranslated")  # in a text's role: translated by a machine
_TOLD = frozenset({"headline", "summary", "description", "body"})


@dataclass(frozen=True, slots=True)
class DraftEdition:
    """An entry's text in one language. ``stored`` is the column's language, None for one without a column."""

    language: str  # BCP 47
    stored: str | None
    script: str
    text: dict[str, str]
    origin: EditionOrigin
    ai_use: str = ""
    digital_source_type: str = ""

    @property
    def key(self) -> str:
        """How the edition's row names its language."""
        return self.stored or self.language

    @property
    def digest(self) -> str:
        return sha256(orjson.dumps(self.text)).hexdigest()[:32]


def key_of(language: str) -> str:
    """How an edition's row names this BCP 47 tag."""
    return stored_language(language) or language


def own_edition(entry: Entry, language: str, *, is_alone: bool) -> DraftEdition:
    """The text in the entry's own language. An entry that says it is a translation is one, if it has no other text."""
    is_translated = is_alone and entry.ai_use == AiUse.TRANSLATION
    return _edition(
        language,
        entry.headline,
        entry.summary,
        entry.body,
        origin=EditionOrigin.MACHINE if is_translated else EditionOrigin.ORIGINAL,
        ai_use="" if entry.ai_use == AiUse.TRANSLATION and not is_alone else entry.ai_use,
        digital_source_type=entry.digital_source_type,
    )


def other_editions(entry: Entry, language: str) -> tuple[DraftEdition, ...]:
    """What the entry says in further languages, a whole text each: a translated headline over nothing helps nobody.

    A text has its descriptions for a body if the entry has none but them; beside a body they are a teaser of it.
    """
    has_body = any(text.kind == "body" and text.value.strip() for text in entry.texts)
    by_language: dict[str, list[Text]] = defaultdict(list)
    for text in entry.texts:
        if text.language and text.kind in _TOLD and text.value.strip() and not _is_same(text.language, language):
            by_language[text.language].append(text)
    found: dict[str, DraftEdition] = {}
    for tag, texts in by_language.items():
        if has_body and all(text.kind != "body" for text in texts):
            continue
        edition = _translated(entry, tag, texts)
        is_whole = edition.text["body"] or (edition.text["headline"] and not entry.body)
        if is_whole:
            found.setdefault(edition.key, edition)
    return tuple(found.values())


def _translated(entry: Entry, tag: str, texts: list[Text]) -> DraftEdition:
    kinds: dict[str, list[str]] = defaultdict(list)
    for text in texts:
        kinds[text.kind].append(text.value)
    descriptions = [*kinds["summary"], *kinds["description"]]
    bodies = kinds["body"]
    by_machine = entry.ai_use == AiUse.TRANSLATION or any(_names_a_machine(text.role) for text in texts)
    return _edition(
        tag,
        next(iter(kinds["headline"]), ""),
        descriptions[0] if bodies and descriptions else "",
        bodies[0] if bodies else "".join(dict.fromkeys(descriptions)),
        origin=EditionOrigin.MACHINE if by_machine else EditionOrigin.ORIGINAL,
        ai_use=AiUse.TRANSLATION if by_machine else "",
    )


def _edition(
    language: str,
    headline: str,
    summary: str,
    body: str,
    *,
    origin: EditionOrigin,
    ai_use: str = "",
    digital_source_type: str = "",
) -> DraftEdition:
    stored = stored_language(language)
    given = {"headline": headline, "summary": summary, "body": body}
    script = ""
    if stored == "sr":
        typed = {name: normalise_serbian(value) for name, value in given.items()}
        given = {name: value for name, (value, _letters) in typed.items()}
        (cyrillic, latin), (more_cyrillic, more_latin) = typed["headline"][1], typed["body"][1]
        script = script_of_letters(cyrillic + more_cyrillic, latin + more_latin)
    else:
        given = {name: normalise_text(value, language) if value else "" for name, value in given.items()}
    text = {
        "headline": given["headline"].strip(),
        "summary": clean_html(given["summary"]),
        "body": clean_html(given["body"]),
    }
    return DraftEdition(language, stored, script, text, origin, ai_use, digital_source_type)


def _is_same(tag: str, other: str) -> bool:
    """One column, or two regions of a language that has none."""
    stored = stored_language(tag), stored_language(other)
    if any(stored):
        return stored[0] == stored[1]
    return tag.lower().partition("-")[0] == other.lower().partition("-")[0]


def _names_a_machine(role: str) -> bool:
    words = role.lower().replace("_", "-").replace(":", "-").split("-")
    return any(word.startswith(_MACHINE[0]) or word in _MACHINE for word in words)
