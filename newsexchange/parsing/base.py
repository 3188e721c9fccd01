"""What every parser gives back: entries a newsroom can use, and a reasoned problem for whatever it could not read."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

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


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody named by an entry: an author, a contributor, or a subject."""

    name: str
    role: str = ""
    uri: str = ""


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
    checksum: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One news item as its source sent it. Text is not yet sanitised and not yet put into a language column.

    ``body`` is HTML (plain text was escaped and wrapped by the parser); ``headline``, ``slugline``, ``editors_note``
    and the rights fields are plain text; ``summary`` is HTML. Datetimes are aware and in UTC. ``language`` is the
    BCP 47 tag the entry itself declares; "" means that it declares none.
    """

    guid: str
    version: int | None = None
    language: str = ""
    headline: str = ""
    summary: str = ""
    body: str = ""
    slugline: str = ""
    editors_note: str = ""
    byline: str = ""
    dateline_place: str = ""
    link: str = ""
    published_at: datetime | None = None
    updated_at: datetime | None = None
    urgency: int | None = None  # 1 (flash) to 9
    pubstatus: PubStatus = "usable"
    embargoed_until: datetime | None = None
    is_held_indefinitely: bool = False  # NewsML-G2: an empty <embargoed/>
    credit: str = ""
    copyright_notice: str = ""
    usage_terms: str = ""
    topics: tuple[str, ...] = ()  # IPTC Media Topic codes, "medtop:20000065"
    keywords: tuple[str, ...] = ()
    people: tuple[Person, ...] = ()
    renditions: tuple[Rendition, ...] = ()
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


Parser = Callable[[bytes, str], ParsedDocument]  # (payload, HTTP content type or "")


@dataclass(frozen=True, slots=True)
class Format:
    """A registered way in. ``sniff`` looks at the ends of the payload and says whether it feels responsible."""

    name: str
    parse: Parser
    sniff: Callable[[bytes, str], bool]


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
