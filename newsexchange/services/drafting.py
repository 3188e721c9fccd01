"""From what a parser read to what a story row holds: language found, text normalised and made safe, hash taken."""

import re
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any

import orjson

from mediaexchange.core.languages.normalise import guess_language, normalise_text
from mediaexchange.core.languages.serbian import script_of
from mediaexchange.core.languages.tags import SHOWN, stored_language, to_bcp47
from newsexchange.constants import PubStatus
from newsexchange.models import Feed
from newsexchange.parsing.base import Entry, ParsedDocument
from newsexchange.parsing.sanitise import clean_html, html_to_text
from newsexchange.services.dopesheet import said_dopesheet

UNDETERMINED = "und"
_TOPIC = re.compile(r"medtop:\d{8}\Z")
_PLAIN = ("slugline", "editors_note", "byline", "dateline_place", "link", "credit", "copyright_notice", "usage_terms")


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry ready to be stored. ``stored`` is the column's language, None for one without a column."""

    entry: Entry
    guid: str
    language: str
    stored: str | None
    script: str
    text: dict[str, str]
    fields: dict[str, Any]
    dopesheet: dict[str, Any]
    digest: str

    @property
    def pubstatus(self) -> PubStatus:
        return PubStatus(self.entry.pubstatus)

    @property
    def has_text(self) -> bool:
        return bool(self.text["headline"] or html_to_text(self.text["body"]))


def draft_of(entry: Entry, document: ParsedDocument, feed: Feed) -> Draft:
    """Everything that can be decided about an entry without the database. The text goes into the *feed's* language."""
    language = _language(entry, document, feed)
    text = {
        "headline": normalise_text(entry.headline, language).strip(),
        "summary": clean_html(normalise_text(entry.summary, language)),
        "body": clean_html(normalise_text(entry.body, language)),
    }
    stored = stored_language(language)
    script = script_of(html_to_text(f"{entry.headline} {entry.body}")) if stored == "sr" else ""
    # RSS and Atom have one place for both: a category may be a Media Topic.
    words = list(dict.fromkeys(normalise_text(word, UNDETERMINED) for word in entry.keywords))
    fields: dict[str, Any] = {name: normalise_text(getattr(entry, name), UNDETERMINED) for name in _PLAIN}
    fields |= {
        "language": language,
        "topics": sorted({word for word in (*entry.topics, *words) if _TOPIC.match(word)}),
        "keywords": [word for word in words if not _TOPIC.match(word)],
        "kind": entry.kind,
        "dateline_on": entry.dateline_on,
        "event_uri": entry.event_uri[:500],
        "assignment_uri": entry.assignment_uri[:500],
        "entities": [asdict(item) for item in entry.entities],
        "alt_ids": [{"role": role, "value": value} for role, value in entry.alt_ids],
        "associations": [asdict(item) for item in entry.associations],
        "hops": [asdict(item) for item in entry.hops],
        "source_texts": [asdict(item) for item in entry.texts],
        "source_rights": [asdict(item) for item in entry.rights],
        "duration_ms": entry.duration_ms,
        "expires_at": entry.expires_at,
        "urgency": entry.urgency,
        "embargoed_until": entry.embargoed_until,
        "is_held": entry.is_held_indefinitely,
    }
    if not fields["byline"]:
        fields["byline"] = ", ".join(person.name for person in entry.entities if person.role == "author")
    dopesheet = said_dopesheet(entry)
    digest = sha256(orjson.dumps([entry.pubstatus, text, fields, dopesheet], option=orjson.OPT_SORT_KEYS)).hexdigest()
    guid = normalise_text(entry.guid, UNDETERMINED)
    return Draft(entry, guid, language, stored, script, text, fields, dopesheet, digest)


def _language(entry: Entry, document: ParsedDocument, feed: Feed) -> str:
    """The entry's own declaration, then the feed's as configured, then the document's, then what the letters prove."""
    for tag in (entry.language, feed.language, document.language):
        if tag:
            return tag
    guessed = guess_language(f"{entry.headline} {html_to_text(entry.body)}")
    return to_bcp47(guessed) if guessed in SHOWN else UNDETERMINED
