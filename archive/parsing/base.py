"""What the readers of catalogue documents give back: what each record says, and a coded problem for all the rest.

A record is a plain mapping of what the document *says*: a field that is not named in it is not said, and stays as it
is in the catalogue. Its fields, which JSON holds as they are:

- ``uid``, ``identifier``, ``dated`` (EDTF), ``category``, ``asset_type``, ``collection``, ``series``, ``parent``,
  ``rights_statement``, ``rights_note``, ``credit_line``, ``source_note``: texts; ``expected_children``: a number
- ``genres``, ``topics``, ``subjects``, ``speech_languages``, ``subtitle_languages``, ``credit_languages``: lists
- ``titles``, ``descriptions``: [kind, language, text], the kind of the main ones being ``MAIN``
- ``dates``: [kind, EDTF]; ``identifiers``: [source, value]
- ``credits``: [role, slug of the person, name, note]; ``places``: [relation, slug, name]
- ``instantiations``: mappings with the names of ``Instantiation``'s fields, ``holder`` a slug, and ``tracks``
"""

from dataclasses import asdict, dataclass, field
from typing import Any

MAIN = "main"
UNDETERMINED = "und"
MAX_BYTES = 32 * 1024 * 1024
MAX_RECORDS = 50_000
MAX_PARTS = 2_000  # titles, credits … of one record
MAX_VALUE_CHARS = 200  # of what a problem repeats

# Vocabulary references that documents of ours carry, so that they are found again.
PERSON_URN = "urn:mediaexchange:person:"
PLACE_URN = "urn:mediaexchange:place:"
HOLDER_URN = "urn:mediaexchange:broadcaster:"
COLLECTION_URN = "urn:mediaexchange:collection:"
SERIES_URN = "urn:mediaexchange:series:"
CATEGORY_URN = "urn:mediaexchange:category:"
UID_URN = "urn:uuid:"
TOPIC_URI = "http://cv.iptc.org/newscodes/mediatopic/"

LISTS = frozenset({
    "genres", "topics", "subjects", "speech_languages", "subtitle_languages", "credit_languages", "titles",
    "descriptions", "dates", "identifiers", "credits", "places", "instantiations",
})  # fmt: skip


class Code:
    """Stable words for what went wrong; told in the reader's language by ``archive.import_words``."""

    # The whole document is refused.
    TOO_LARGE = "too-large"
    NOT_WELL_FORMED = "not-well-formed"
    BAD_ENCODING = "bad-encoding"
    UNKNOWN_FORMAT = "unknown-format"
    HOSTILE = "hostile"
    NO_RECORDS = "no-records"
    NO_HEADER = "no-header"
    PARSER_FAILED = "parser-failed"
    # A record is refused.
    IDENTIFIER_MISSING = "identifier-missing"
    IDENTIFIER_TOO_LONG = "identifier-too-long"
    IDENTIFIER_TWICE = "identifier-twice"
    TITLE_MISSING = "title-missing"
    SEVERAL_MATCH = "several-match"
    IDENTITY_CONFLICT = "identity-conflict"
    UID_UNKNOWN = "uid-unknown"
    BAD_VALUE = "bad-value"
    TOO_MANY_PARTS = "too-many-parts"
    NO_RECORD = "no-record"
    CHANGED_MEANWHILE = "changed-meanwhile"
    # A record is read, and somebody should look.
    DAMAGED = "damaged"
    KEPT_AS_NOTE = "kept-as-note"
    NOT_IMPORTED = "not-imported"
    DATE_UNREADABLE = "date-unreadable"
    LANGUAGE_UNKNOWN = "language-unknown"
    LANGUAGE_GUESSED = "language-guessed"
    TITLE_IN_OTHER_LANGUAGE = "title-in-other-language"
    TITLE_STANDS_IN = "title-stands-in"
    CATEGORY_GUESSED = "category-guessed"
    WORD_UNKNOWN = "word-unknown"
    TOPIC_UNKNOWN = "topic-unknown"
    PERSON_AMBIGUOUS = "person-ambiguous"
    PLACE_UNKNOWN = "place-unknown"
    COLLECTION_UNKNOWN = "collection-unknown"
    SERIES_UNKNOWN = "series-unknown"
    PARENT_UNKNOWN = "parent-unknown"
    NUMBER_UNREADABLE = "number-unreadable"
    SHORTENED = "shortened"
    FILE_MEASURED = "file-measured"
    COLUMN_UNKNOWN = "column-unknown"


class DocumentError(Exception):
    """Nothing of the document can be used. ``code`` is one of ``Code``; ``detail`` is English, for specialists."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Problem:
    """``where`` names the element, column or field, ``value`` what stood there, shortened."""

    code: str
    where: str = ""
    value: str = ""

    def as_json(self) -> dict[str, str]:
        return asdict(self)


def problem(code: str, where: str = "", value: object = "") -> Problem:
    return Problem(code, where[:MAX_VALUE_CHARS], str(value)[:MAX_VALUE_CHARS])


@dataclass(slots=True)
class ParsedRecord:
    """One record; a ``refusal`` says that nothing of it can be used. ``place`` counts from 1, or is a table's row."""

    place: int
    said: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    refusal: Problem | None = None

    def add(self, name: str, value: Any) -> None:
        """To a list that the document has said something for."""
        listed = self.said.setdefault(name, [])
        if value not in listed:
            listed.append(value)

    def note(self, where: str, value: str) -> None:
        """Keep what no field takes as a note without language, and say so."""
        self.add("descriptions", ["note", UNDETERMINED, f"{where}: {value}"])
        self.problems.append(problem(Code.KEPT_AS_NOTE, where, value))


@dataclass(slots=True)
class ParsedDocument:
    records: list[ParsedRecord] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def refused_if_excessive(record: ParsedRecord) -> ParsedRecord:
    """A record with more parts than anybody catalogues is refused: cutting it would lose the rest silently."""
    for name in LISTS & record.said.keys():
        if len(record.said[name]) > MAX_PARTS:
            record.refusal = problem(Code.TOO_MANY_PARTS, name, len(record.said[name]))
    return record
