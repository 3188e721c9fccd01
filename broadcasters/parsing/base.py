"""What reading a table gives: a header and rows of cells; and the stable words for what went wrong."""

from collections.abc import Sequence
from dataclasses import dataclass, field

MAX_BYTES = 32 * 1024 * 1024
MAX_ROWS = 50_000
MAX_COLUMNS = 200
MAX_CELL_CHARS = 2_000
MAX_SHEETS = 50
MAX_SHEET_CHARS = 100
MAX_VALUE_CHARS = 200  # of what a problem repeats


class Code:
    """Told in the reader's language by ``broadcasters.import_words``."""

    # The whole table is refused.
    TOO_LARGE = "too-large"
    EMPTY = "empty"
    NOT_WELL_FORMED = "not-well-formed"
    BAD_ENCODING = "bad-encoding"
    UNKNOWN_FORMAT = "unknown-format"
    MACROS = "macros"
    HOSTILE = "hostile"
    NO_SUCH_SHEET = "no-such-sheet"
    PARSER_FAILED = "parser-failed"
    # A row is refused.
    VALUE_MISSING = "value-missing"
    BAD_VALUE = "bad-value"
    TOO_MANY_CELLS = "too-many-cells"
    TIME_SKIPPED = "time-skipped"
    TIME_TWICE = "time-twice"
    CHANNEL_UNKNOWN = "channel-unknown"
    CHANNEL_AMBIGUOUS = "channel-ambiguous"
    ORIGIN_UNKNOWN = "origin-unknown"
    LASTS_NOTHING = "lasts-nothing"
    LASTS_TOO_LONG = "lasts-too-long"
    IN_THE_FUTURE = "in-the-future"
    DAY_AHEAD = "day-ahead"
    AIRING_UNKNOWN = "airing-unknown"
    SUBJECT_UNKNOWN = "subject-unknown"
    FIGURE_STANDS = "figure-stands"
    TITLE_FORGOTTEN = "title-forgotten"
    # A row is read, and somebody should look.
    TWICE_IN_TABLE = "twice-in-table"
    OVERLAPS = "overlaps"


class TableError(Exception):
    """Nothing of the table can be used. ``detail`` is English, for specialists; ``sheets`` are those of a workbook."""

    def __init__(self, code: str, detail: str = "", sheets: Sequence[str] = ()) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail[:500]
        self.sheets = list(sheets)


@dataclass(slots=True)
class Table:
    """``rows`` are (the row's number in the table, from 1; its cells as somebody would type them)."""

    format: str
    header: list[str]
    rows: list[tuple[int, list[str]]] = field(default_factory=list)
    notes: str = ""  # what was found: the sheet, the charset, the mark between cells
    sheet: str = ""  # of a workbook: the one that was read, of these
    sheets: list[str] = field(default_factory=list)
