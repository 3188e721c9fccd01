"""From what a parser read to what a story row holds: language found, text normalised and made safe, hashes taken."""

import dataclasses
import re
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import orjson

from mediaexchange.core.languages.detect import detect_language
from mediaexchange.core.languages.normalise import normalise_text
from mediaexchange.core.languages.tags import SHOWN, to_bcp47
from newsexchange.constants import PubStatus
from newsexchange.models import Feed
from newsexchange.parsing.base import Entry, ParsedDocument, values_of
from newsexchange.parsing.sanitise import html_to_text
from newsexchange.services.dopesheet import said_dopesheet
from newsexchange.services.drafting_editions import DraftEdition, other_editions, own_edition

UNDETERMINED = "und"
_TOPIC = re.compile(r"medtop:\d{8}\Z")
_PLAIN = ("slugline", "editors_note", "byline", "dateline_place", "link", "credit", "copyright_notice", "usage_terms")
_NUL = b"\\u0000"


@dataclass(frozen=True, slots=True)
class Sent:
    """An entry as it came. ``digest`` covers all it says and what it is read with: the same again needs no reading."""

    entry: Entry
    guid: str
    digest: str


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry ready to be stored. ``desk_fields`` may also be set by the desk; ``feed_fields`` are the feed's alone.

    ``is_declared`` says whether somebody named the language, or whether it is the feed's default or a guess.
    ``digest`` covers what would be stored, so that two entries that say the same in other words are one.
    """

    sent: Sent
    own: DraftEdition
    others: tuple[DraftEdition, ...]
    is_declared: bool
    desk_fields: dict[str, Any]
    feed_fields: dict[str, Any]
    dopesheet: dict[str, Any]
    digest: str

    @property
    def entry(self) -> Entry:
        return self.sent.entry

    @property
    def guid(self) -> str:
        return self.sent.guid

    @property
    def pubstatus(self) -> PubStatus:
        return PubStatus(self.entry.pubstatus)

    @property
    def has_text(self) -> bool:
        return bool(self.own.text["headline"] or html_to_text(self.own.text["body"]))


def sent_entry(entry: Entry, document: ParsedDocument, feed: Feed) -> Sent:
    """Hash an entry before anything is done to it. What PostgreSQL or JSON cannot hold is taken out of it first."""
    try:
        said = orjson.dumps(entry, default=_without_bytes)
        is_clean = _NUL not in said
    except TypeError:  # a lone surrogate
        is_clean = False
    if not is_clean:
        entry = _storable(entry)
        said = orjson.dumps(entry, default=_without_bytes)
    read_with = f"\0{feed.language}\0{document.language}\0{document.format}".encode()
    return Sent(entry, normalise_text(entry.guid, UNDETERMINED), sha256(said + read_with).hexdigest())


def draft_of(sent: Sent, document: ParsedDocument, feed: Feed) -> Draft:
    """Everything that can be decided about an entry without the database. The text goes into the *feed's* language."""
    entry = sent.entry
    language = _language(entry, document, feed)
    others = other_editions(entry, language)
    own = own_edition(entry, language, is_alone=not others)
    # RSS and Atom have one place for both: a category may be a Media Topic.
    words = list(dict.fromkeys(normalise_text(word, UNDETERMINED) for word in entry.keywords))
    desk: dict[str, Any] = {
        name: normalise_text(value, UNDETERMINED) if (value := getattr(entry, name)) else "" for name in _PLAIN
    }
    desk |= {
        "language": language,
        "topics": sorted({word for word in (*entry.topics, *words) if _TOPIC.match(word)}),
        "keywords": [word for word in words if not _TOPIC.match(word)],
        "kind": entry.kind,
        "dateline_on": entry.dateline_on,
        "event_uri": entry.event_uri[:500],
        "assignment_uri": entry.assignment_uri[:500],
        "duration_ms": entry.duration_ms,
        "expires_at": entry.expires_at,
        "urgency": entry.urgency,
        "embargoed_until": entry.embargoed_until,
        "is_held": entry.is_held_indefinitely,
    }
    if not desk["byline"]:
        desk["byline"] = ", ".join(person.name for person in entry.entities if person.role == "author")[:300]
    feeds: dict[str, Any] = {
        "entities": [values_of(item) for item in entry.entities],
        "alt_ids": [{"role": role, "value": value} for role, value in entry.alt_ids],
        "associations": [values_of(item) for item in entry.associations],
        "hops": [_hop(values_of(item)) for item in entry.hops],
        "source_texts": [values_of(item) for item in entry.texts],
        "source_rights": [values_of(item) for item in entry.rights],
    }
    dopesheet = said_dopesheet(entry)
    editions = [[item.language, item.text, item.origin, item.ai_use] for item in (own, *others)]
    whole = [entry.pubstatus, editions, desk, feeds, dopesheet, entry.digital_source_type]
    digest = sha256(orjson.dumps(whole, option=orjson.OPT_SORT_KEYS)).hexdigest()
    is_declared = bool(entry.language or (document.language and not feed.language))
    return Draft(sent, own, others, is_declared, desk, feeds, dopesheet, digest)


def _language(entry: Entry, document: ParsedDocument, feed: Feed) -> str:
    """The entry's own declaration, then the feed's as configured, then the document's, then what the text shows."""
    for tag in (entry.language, feed.language, document.language):
        if tag:
            return tag
    guessed = detect_language(f"{entry.headline} {html_to_text(entry.body)}")
    return to_bcp47(guessed) if guessed in SHOWN else UNDETERMINED


def _hop(hop: dict[str, Any]) -> dict[str, Any]:
    return hop | {"at": hop["at"].isoformat() if hop["at"] else None}


def _without_bytes(value: object) -> None:
    """The raw entry is no part of what it says: it may differ in spaces."""


def _storable(value: Any) -> Any:
    """The same value with every string in it as PostgreSQL stores it: no NUL, no lone surrogate."""
    if isinstance(value, str):
        return normalise_text(value, UNDETERMINED)
    if isinstance(value, tuple):
        return tuple(_storable(item) for item in value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        changes = {item.name: _storable(getattr(value, item.name)) for item in dataclasses.fields(value)}
        return dataclasses.replace(value, **changes)
    return value
