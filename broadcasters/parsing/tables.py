"""CSV, XLSX and JSON → a table: the header found among the first rows, and every row below it as text."""

import csv
import io
import json
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from broadcasters.parsing.base import (
    MAX_BYTES,
    MAX_CELL_CHARS,
    MAX_COLUMNS,
    MAX_ROWS,
    MAX_SHEET_CHARS,
    MAX_SHEETS,
    Code,
    Table,
    TableError,
)
from broadcasters.parsing.charset import decode
from broadcasters.parsing.columns import column_of

MAX_UNPACKED_BYTES = 256 * 1024 * 1024
_XLSX, _OLD_OFFICE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_NO_TEXT = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"Rar!", b"7z\xbc\xaf")
_DELIMITERS = ";,\t"
_HEADER_AMONG = 10  # rows: titles and empty lines stand above tables
_SEARCHED = 20  # sheets, where none is named
_ENOUGH = 2  # known columns make a header
_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 — a sheet knows no zone. Where a spreadsheet's days begin: lengths over a day are told as dates after it
_LAST_LENGTH = datetime(1901, 1, 1)  # noqa: DTZ001
Rows = Iterable[list[str]]


def read_table(payload: bytes, kind: str, sheet: str = "") -> Table:
    """Which format it is shows in its content; ``sheet`` is one of a workbook's, by its name. Raises TableError."""
    if len(payload) > MAX_BYTES:
        raise TableError(Code.TOO_LARGE, f"{len(payload)} bytes, at most {MAX_BYTES} are read")
    if not payload.strip():
        raise TableError(Code.EMPTY)
    if payload.startswith(_XLSX):
        return _read_xlsx(payload, kind, sheet)
    if sheet:
        raise TableError(Code.NO_SUCH_SHEET, "only a workbook has sheets")
    if payload.startswith(_OLD_OFFICE):
        raise TableError(Code.UNKNOWN_FORMAT, "an old or encrypted office document; save it as XLSX or CSV")
    if payload.startswith(_NO_TEXT):
        raise TableError(Code.UNKNOWN_FORMAT, "this is no table")
    text, charset = decode(payload)
    if "\0" in text:
        raise TableError(Code.UNKNOWN_FORMAT, "a table of text holds no zero bytes")
    if text.lstrip()[:1] in ("[", "{"):
        return _read_json(text)
    delimiter = _delimiter(text, kind)
    table = _found("csv", _csv_rows(text, delimiter), kind)
    table.notes = f"{charset} {'tab' if delimiter == chr(9) else delimiter}"
    return table


def _csv_rows(text: str, delimiter: str) -> Iterator[list[str]]:
    csv.field_size_limit(MAX_BYTES)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=False)
    while True:
        try:
            yield next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            raise TableError(Code.NOT_WELL_FORMED, str(error)) from error


def _delimiter(text: str, kind: str) -> str:
    """The one that parts the first lines into most headings that we know; of those, into most cells."""
    lines = [line for line in text[:100_000].splitlines() if line.strip()][:_HEADER_AMONG]

    def worth(mark: str) -> tuple[int, int]:
        rows = [next(csv.reader([line], delimiter=mark), []) for line in lines]
        return max((_known(row, kind) for row in rows), default=0), min(map(len, rows), default=0)

    return max(_DELIMITERS, key=worth)


def _known(cells: list[str], kind: str) -> int:
    return len({column_of(cell, kind) for cell in cells[:MAX_COLUMNS]} - {""})


def _read_xlsx(payload: bytes, kind: str, wanted: str) -> Table:
    _check_packed(payload)
    names: list[str] = []
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(payload))
        names = workbook.sheet_names[:MAX_SHEETS]
        table = _sheet(workbook, _same_name(names, wanted), kind) if wanted else _best_sheet(workbook, names, kind)
    except (CalamineError, ValueError, OSError) as error:
        raise TableError(Code.NOT_WELL_FORMED, str(error)) from error
    except TableError as error:
        raise TableError(error.code, error.detail, _short(names)) from error
    table.sheets = _short(names)
    return table


def _short(names: Iterable[str]) -> list[str]:
    return [_tidy(name)[:MAX_SHEET_CHARS] for name in names]


def _same_name(names: list[str], wanted: str) -> str:
    """Spreadsheets do not tell large letters from small ones in names."""
    for name, short in zip(names, _short(names), strict=True):
        if short.casefold() == wanted.strip().casefold():
            return name
    raise TableError(Code.NO_SUCH_SHEET, ", ".join(_short(names)))


def _best_sheet(workbook: CalamineWorkbook, names: list[str], kind: str) -> Table:
    """The sheet whose header we know best; of unknown ones the first that is not empty."""
    best: tuple[int, Table] | None = None
    for name in names[:_SEARCHED]:
        try:
            table = _sheet(workbook, name, kind)
        except TableError as error:
            if error.code != Code.EMPTY:
                raise
            continue
        if best is None or _known(table.header, kind) > best[0]:
            best = _known(table.header, kind), table
    if best is None:
        raise TableError(Code.EMPTY)
    return best[1]


def _sheet(workbook: CalamineWorkbook, name: str, kind: str) -> Table:
    rows = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
    table = _found("xlsx", ([_cell(value) for value in row] for row in rows), kind)
    (table.sheet,) = _short([name])
    table.notes = table.sheet
    return table


def _check_packed(payload: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(payload)) as packed:
            unpacked = sum(info.file_size for info in packed.infolist())
            names = packed.namelist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise TableError(Code.NOT_WELL_FORMED, f"this is no XLSX file: {error}") from error
    if unpacked > MAX_UNPACKED_BYTES:
        raise TableError(Code.HOSTILE, f"{unpacked} bytes when unpacked, at most {MAX_UNPACKED_BYTES} are read")
    if any(name.lower().endswith(("vbaproject.bin", "macrosheets")) or "/macrosheets/" in name for name in names):
        raise TableError(Code.MACROS, "save it as XLSX without macros")


def _cell(value: Any) -> str:
    """A cell as somebody would type it. Of a formula the value it last had; a length over a day keeps its hours."""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    if isinstance(value, datetime):
        if value < _LAST_LENGTH:
            return _clock(value - _EPOCH)
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
    if isinstance(value, timedelta):
        return _clock(value)
    if isinstance(value, date | time):
        return value.isoformat()
    return "" if value is None else str(value)


def _clock(length: timedelta) -> str:
    """Rounded to milliseconds: a spreadsheet keeps a time as a fraction of a day."""
    seconds, ms = divmod(round(length.total_seconds() * 1000), 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}" + (f".{ms:03}" if ms else "")


def _read_json(text: str) -> Table:
    """A list of flat objects, or one object with such a list in it."""
    try:
        said = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise TableError(Code.NOT_WELL_FORMED, str(error)) from error
    if isinstance(said, dict):
        said = next((value for value in said.values() if isinstance(value, list)), None)
    if not isinstance(said, list) or not all(isinstance(row, dict) for row in said):
        raise TableError(Code.NOT_WELL_FORMED, "a list of objects is expected")
    if not said:
        raise TableError(Code.EMPTY)
    header = list(dict.fromkeys(str(name) for row in said for name in row))
    if len(header) > MAX_COLUMNS or len(said) > MAX_ROWS:
        raise TableError(Code.TOO_LARGE, f"{len(said)} rows of {len(header)} fields")
    rows = [
        (place, [_plain(row.get(name)) for name in header]) for place, row in enumerate(said, 1) if any(row.values())
    ]
    return Table("json", [_tidy(name) for name in header], rows)


def _plain(value: Any) -> str:
    if isinstance(value, dict | list):
        return _tidy(json.dumps(value, ensure_ascii=False))
    return _tidy(_cell(value))


def _found(format: str, rows: Rows, kind: str) -> Table:
    """The header is the first row, among the first that are not empty, with most headings that we know."""
    first: list[tuple[int, list[str]]] = []
    numbered = ((place, row) for place, row in enumerate(rows, 1) if any(cell.strip() for cell in row))
    for place, row in numbered:
        first.append((place, row))
        if len(first) == _HEADER_AMONG or _known(row, kind) > _ENOUGH:
            break
    if not first:
        raise TableError(Code.EMPTY)
    at = max(range(len(first)), key=lambda place: (_known(first[place][1], kind), -place))
    if _known(first[at][1], kind) < _ENOUGH:
        at = 0
    table = Table(format, [_tidy(cell) for cell in _trimmed(first[at][1])])
    for place, row in (*first[at + 1 :], *numbered):
        cells = [_tidy(cell) for cell in _trimmed(row)]
        if len(cells) > MAX_COLUMNS or len(table.header) > MAX_COLUMNS:
            raise TableError(Code.TOO_LARGE, f"{len(cells)} columns, at most {MAX_COLUMNS} are read")
        if len(table.rows) >= MAX_ROWS:
            raise TableError(Code.TOO_LARGE, f"more than {MAX_ROWS} rows")
        table.rows.append((place, cells))
    if not table.rows:
        raise TableError(Code.EMPTY, "there is no row below the header")
    return table


def _trimmed(row: list[str]) -> list[str]:
    end = len(row)
    while end and not row[end - 1].strip():
        end -= 1
    return row[:end]


def _tidy(cell: str) -> str:
    """Without what PostgreSQL cannot keep: zero bytes and halves of surrogate pairs."""
    if cell.isascii() and "\0" not in cell:
        return cell.strip()[:MAX_CELL_CHARS]
    return cell.replace("\0", "").encode("utf-8", "replace").decode("utf-8").strip()[:MAX_CELL_CHARS]
