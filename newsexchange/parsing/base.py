"""What every parser gives back: entries a newsroom can use, and a reasoned problem for whatever it could not read."""

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from functools import cache
from typing import Any, Literal

PubStatus = Literal["usable", "withheld", "canceled"]


class ReasonCode:
    """Why an entry or a document was refused. Stored with the quarantined payload and translated where it is shown."""

    NOT_WELL_FORMED = "not-well-formed"
    UNKNOWN_FORMAT = "unknown-format"
    NOT_NEWS = "not-news"  # a concept, a planning item, an event: readable, but no story
    NO_ENTRIES = "no-entries"
    NO_IDENTITY = "no-identity"
    NO_TEXT = "no-text"
    BAD_DATE = "bad-date"
    BAD_STRUCTURE = "bad-structure"
    BAD_ENCODING = "bad-encoding"
    TOO_LARGE = "too-large"
    TOO_DEEP = "too-deep"
    PARSER_FAILED = "parser-failed"


Pairs = tuple[tuple[str, str], ...]  # an ordered mapping that can be hashed


@dataclass(frozen=True, slots=True)
class Entity:
    """Somebody or something named by an entry: an author, a contributor, or a subject."""

    name: str
    role: str = ""  # author, contributor, subject, or the relation that the document states
    uri: str = ""
    kind: str = "person"  # person, organisation, place, event, object


@dataclass(frozen=True, slots=True)
class Text:
    """One text of an entry as the document holds it, whatever its role and language. Nothing is left out for having
    no column of its own: ``kind`` is headline, summary, description, body, note, slugline, byline, dateline, caption,
    creditline, keyword, title or copyright; associated is the text of another item that this one names; property is
    what no field took, its role the name that it stands under."""

    kind: str
    value: str  # plain text; HTML for body, description, summary and associated
    role: str = ""  # the last part of the document's role code, lower case: "main", "dopesheet", "shotlist" …
    language: str = ""  # BCP 47; "" is the entry's


@dataclass(frozen=True, slots=True)
class Rendition:
    """A media file that an entry points to. Sizes in bytes, pixels and milliseconds; None is "not said"."""

    href: str
    rel: str = ""  # the role in the document: "web", "thumbnail", "enclosure" …
    content_type: str = ""
    title: str = ""
    size_bytes: int | None = None
    width: int | None = None
    height: int | None = None
    duration_ms: int | None = None
    checksum: str = ""  # "algorithm:value"
    language: str = ""
    technical: Pairs = ()  # further attributes by their NewsML-G2 names: ("videocodec", "c015"), ("framerate", "25") …


@dataclass(frozen=True, slots=True)
class Restriction:
    """One sentence of rights as data; the fields are those of the ``Restriction`` model, see there.

    ``shot`` is the index of the shot it is about, None for the whole story.
    """

    shot: int | None = None
    territories: tuple[str, ...] = ()
    is_elsewhere: bool = False
    platforms: tuple[str, ...] = ()
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    is_barred: bool = False
    barred_competitors: tuple[str, ...] = ()
    max_seconds: int | None = None
    no_archive: bool = False
    no_online: bool = False
    no_edit: bool = False
    no_resale: bool = False
    reimport_hours: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Shot:
    """One shot or part of a recording; times in milliseconds from its beginning."""

    in_ms: int | None = None
    out_ms: int | None = None
    description: Pairs = ()  # (language, plain text)
    location: str = ""
    shot_on: str = ""  # EDTF
    language: str = ""
    audio: str = ""  # natural, voice-over, mute, international, ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Soundbite:
    """What somebody says on a recording: the words in the language spoken, and translations."""

    in_ms: int | None = None
    out_ms: int | None = None
    speaker: str = ""
    speaker_role: Pairs = ()
    language: str = ""
    text: str = ""
    translations: Pairs = ()


@dataclass(frozen=True, slots=True)
class Association:
    """Another item that this one names: a member of a package, a picture beside the text, a previous version."""

    role: str = ""  # the name of the link or group: "main", "sidebars", "previousVersion" …
    uri: str = ""
    href: str = ""
    kind: str = ""  # text, picture, video … where it is said
    headline: str = ""
    language: str = ""
    version: str = ""


@dataclass(frozen=True, slots=True)
class RightsStatement:
    """What one block of rights information says, and what it is about ("" is everything)."""

    scope: str = ""
    aspect: str = ""
    holder: str = ""
    notice: str = ""
    usage_terms: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Hop:
    """Who passed an entry on, when, and what they did with it."""

    by: str
    at: datetime | None = None
    action: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One news item as its source sent it. Text is not yet sanitised and not yet put into a language column.

    ``body`` is HTML (plain text was escaped and wrapped by the parser); ``headline``, ``slugline``, ``editors_note``
    and the rights fields are plain text; ``summary`` is HTML. Datetimes are aware and in UTC. ``language`` is the
    BCP 47 tag the entry itself declares; "" means that it declares none. ``texts`` holds every text once more, with
    the role and language that the document gives it.
    """

    guid: str
    version: int | None = None
    language: str = ""
    kind: str = "text"  # text, picture, graphic, audio, video, composite
    headline: str = ""
    summary: str = ""
    body: str = ""
    texts: tuple[Text, ...] = ()
    slugline: str = ""
    editors_note: str = ""
    byline: str = ""
    dateline_place: str = ""
    dateline_on: date | None = None
    event_uri: str = ""
    assignment_uri: str = ""
    link: str = ""
    published_at: datetime | None = None
    updated_at: datetime | None = None
    expires_at: datetime | None = None
    urgency: int | None = None  # 1 (flash) to 9
    pubstatus: PubStatus = "usable"
    embargoed_until: datetime | None = None
    is_held_indefinitely: bool = False  # NewsML-G2: an empty <embargoed/>
    is_correction: bool = False
    credit: str = ""
    copyright_notice: str = ""
    usage_terms: str = ""
    rights: tuple[RightsStatement, ...] = ()
    restrictions: tuple[Restriction, ...] = ()
    ai_use: str = ""  # none, assistive, translation, synthetic; "" is "not said"
    digital_source_type: str = ""  # IPTC NewsCodes, "trainedAlgorithmicMedia"
    topics: tuple[str, ...] = ()  # IPTC Media Topic codes, "medtop:20000065"
    keywords: tuple[str, ...] = ()
    entities: tuple[Entity, ...] = ()
    renditions: tuple[Rendition, ...] = ()
    shots: tuple[Shot, ...] = ()
    soundbites: tuple[Soundbite, ...] = ()
    duration_ms: int | None = None
    associations: tuple[Association, ...] = ()
    alt_ids: Pairs = ()  # (role, value)
    hops: tuple[Hop, ...] = ()
    raw: bytes = b""  # this entry alone, as it stood in the document (re-serialised UTF-8 for XML)


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that could not become an entry. ``raw`` is the smallest piece that shows it; no guid is ""."""

    reason: str  # a ReasonCode
    detail: str  # English, for the person who repairs it
    guid: str = ""
    raw: bytes = b""


@dataclass(frozen=True, slots=True)
class ParsedDocument:
    """All of a document: every entry it held is either in ``entries`` or explained in ``problems``."""

    format: str
    entries: tuple[Entry, ...] = ()
    problems: tuple[Problem, ...] = ()
    language: str = ""  # declared for the whole feed, BCP 47
    title: str = ""
    context: bytes = b""  # what fingerprints of its entries are taken with; b"" where none are
    skipped: tuple[bytes, ...] = ()  # fingerprints of entries that were known already, and so were not read


Parser = Callable[..., ParsedDocument]  # (payload, HTTP content type or ""), and what is known if the format skips it


@dataclass(frozen=True, slots=True)
class Format:
    """A registered way in. ``sniff`` looks at the ends of the payload and says whether it feels responsible."""

    name: str
    parse: Parser
    sniff: Callable[[bytes, str], bool]
    skips_known: bool = False


class DocumentError(Exception):
    """The document as a whole cannot be read."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


@dataclass(slots=True)
class Collected:
    """What a parser gathers while it walks a document; frozen into a ParsedDocument at the end."""

    entries: list[Entry] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def values_of(part: object) -> dict[str, Any]:
    """The fields of one part of an entry by name, as they are: nothing is copied, since nothing in them changes."""
    names = names_of(type(part))  # type: ignore[arg-type]  # every class can be hashed
    return {name: getattr(part, name) for name in names}


@cache
def names_of(kind: type[object]) -> tuple[str, ...]:
    """The names of the fields that entries and parts of this kind have."""
    return tuple(item.name for item in fields(kind))  # type: ignore[arg-type]  # parts are dataclasses
