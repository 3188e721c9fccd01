"""CSV and XLSX: one record a row, below a row of headers. Every row becomes a record, read or refused with a reason."""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from archive.parsing import words
from archive.parsing.base import (
    MAX_RECORDS,
    Code,
    DocumentError,
    ParsedDocument,
    ParsedRecord,
    problem,
    refused_if_excessive,
)
from archive.parsing.columns import BY_NAME, Column, column_of, split, split_parts
from archive.parsing.reading import check_size, decode
from archive.parsing.values import edtf, language_tag, number

MAX_COLUMNS = 500
MAX_UNPACKED_BYTES = 256 * 1024 * 1024
MAX_CELL_CHARS = 1_000_000
_DELIMITERS = ",;\t"
_HEADER_AMONG = 10  # rows: titles and empty lines stand above tables
_FORMULA = re.compile(r"'+[=+\-@\t\r]")
_XLSX = b"PK\x03\x04"
Row = list[str]


def parse_csv(payload: bytes, own_sources: frozenset[str] = frozenset()) -> ParsedDocument:
    """Raises DocumentError."""
    check_size(payload)
    if payload.startswith((_XLSX, b"\xd0\xcf\x11\xe0", b"%PDF", b"\x89PNG", b"\xff\xd8\xff")):
        raise DocumentError(Code.UNKNOWN_FORMAT, "this is no table of text")
    text = decode(payload).lstrip("\ufeff")
    if "\0" in text:
        raise DocumentError(Code.UNKNOWN_FORMAT, "a table of text holds no zero bytes")
    csv.field_size_limit(MAX_CELL_CHARS)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=False)
    return _read(_unquoted(rows))


def parse_xlsx(payload: bytes, own_sources: frozenset[str] = frozenset()) -> ParsedDocument:
    """The first sheet with a header that we know. Raises DocumentError."""
    check_size(payload)
    _check_packed(payload)
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(payload))
        failure = None
        for name in workbook.sheet_names[:20]:
            try:
                return _read(_cells(workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)))
            except DocumentError as error:
                failure = failure or error
    except (CalamineError, ValueError, OSError) as error:
        raise DocumentError(Code.NOT_WELL_FORMED, str(error)[:300]) from error
    raise failure or DocumentError(Code.NO_RECORDS, "there is no sheet in it")


def _check_packed(payload: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(payload)) as packed:
            unpacked = sum(info.file_size for info in packed.infolist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise DocumentError(Code.NOT_WELL_FORMED, f"this is no XLSX file: {error}"[:300]) from error
    if unpacked > MAX_UNPACKED_BYTES:
        raise DocumentError(Code.HOSTILE, f"{unpacked} bytes when unpacked, at most {MAX_UNPACKED_BYTES} are read")


def _delimiter(text: str) -> str:
    """The one that parts the first lines into most headers that we know."""
    lines = [line for line in text[:200_000].splitlines() if line.strip()][:_HEADER_AMONG]
    return max(
        _DELIMITERS,
        key=lambda mark: max((_known(next(csv.reader([line], delimiter=mark), [])) for line in lines), default=0),
    )


def _known(cells: Row) -> int:
    return sum(column_of(cell) is not None for cell in cells[:MAX_COLUMNS])


def _unquoted(rows: Any) -> Iterator[Row]:
    """An apostrophe keeps spreadsheets from taking a text for a formula; we write it, so we take it away."""
    iterator = iter(rows)
    while True:
        try:
            row = next(iterator)
        except StopIteration:
            return
        except csv.Error as error:
            raise DocumentError(Code.NOT_WELL_FORMED, str(error)) from error
        yield [cell[1:] if _FORMULA.match(cell) else cell for cell in row]


def _cells(rows: list[list[Any]]) -> Iterator[Row]:
    for row in rows:
        yield [_cell(value) for value in row]


def _cell(value: Any) -> str:
    """A cell as somebody would type it: 1961.0 is 1961, a day is 1961-09-12."""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return "" if value is None else str(value)[:MAX_CELL_CHARS]


def _read(rows: Iterator[Row]) -> ParsedDocument:
    parsed = ParsedDocument()
    header: list[Column | None] = []
    for place, row in enumerate(rows, 1):
        if len(row) > MAX_COLUMNS:
            raise DocumentError(Code.TOO_LARGE, f"{len(row)} columns, at most {MAX_COLUMNS} are read")
        if not header:
            if _known(row) >= 2 or [column_of(cell) for cell in row if cell.strip()] == [BY_NAME["identifier"]]:
                header = _header(row, parsed)
            elif place >= _HEADER_AMONG:
                break
            continue
        if not any(cell.strip() for cell in row):
            continue
        if len(parsed.records) >= MAX_RECORDS:
            raise DocumentError(Code.TOO_LARGE, f"more than {MAX_RECORDS} rows")
        parsed.records.append(refused_if_excessive(_record(place, header, row)))
    if not header:
        raise DocumentError(Code.NO_HEADER, "no row near the top names columns that we know")
    if not parsed.records:
        raise DocumentError(Code.NO_RECORDS, "there is no row below the header")
    return parsed


def _header(row: Row, parsed: ParsedDocument) -> list[Column | None]:
    header: list[Column | None] = []
    for cell in row:
        column = column_of(cell)
        if column in header:
            column = None  # a second column of that name: kept as notes, like an unknown one
        if column is None and cell.strip():
            parsed.problems.append(problem(Code.COLUMN_UNKNOWN, cell.strip()))
        header.append(column or Column(cell.strip()[:60] or "-", "unknown"))
    return header


def _record(place: int, header: list[Column | None], row: Row) -> ParsedRecord:
    record = ParsedRecord(place)
    if len(row) > len(header) and any(cell.strip() for cell in row[len(header) :]):
        record.refusal = problem(Code.BAD_VALUE, "…", " | ".join(row[len(header) :]))
    shown: dict[str, str] = {}
    notes: list[tuple[str, str]] = []
    for column, cell in zip(header, row, strict=False):
        if column is None or column.shape == "unknown":
            if column is not None and cell.strip():
                notes.append((column.name, cell.strip()))
        elif column.is_read:
            _take(record, column, cell)
        else:
            shown[column.name] = cell.strip()
    # Without a column for them descriptions are only added to; with one, the cell is the whole list.
    if notes and "descriptions" not in record.said:
        record.said["notes_added"] = True
    for where, value in notes:
        record.note(where, value)
    if shown:
        record.said["shown"] = shown
    return record


def _take(record: ParsedRecord, column: Column, cell: str) -> None:
    name, said = column.name, record.said
    text = cell.strip()
    if column.shape == "parts":
        said[name] = []
        for values in split_parts(cell, len(column.parts)):
            _PARTS[name](record, values)
    elif column.shape == "words":
        values = split(cell)
        if name.endswith("_languages"):
            values = _languages(record, name, cell, values)
        said[name] = list(dict.fromkeys(values))
    elif column.shape == "date":
        said[name] = edtf(text)
    elif column.shape == "number":
        count = number(text) if text else None
        if text and count is None:
            record.refusal = problem(Code.BAD_VALUE, name, text)
        said[name] = count
    elif name == "identifier" or name == "uid":
        if text:
            said[name] = text
    elif name == "asset_type":
        _word(record, name, text, words.ASSET_TYPES)
    elif name == "category":
        _word(record, name, text, {category: category for category in words.CATEGORIES})
    elif name == "rights_statement":
        _word(record, name, words.rights_statement(text) or text, {word.casefold(): word for word in words.STATEMENTS})
    else:
        said[name] = text


def _word(record: ParsedRecord, name: str, text: str, known: dict[str, str]) -> None:
    if not text:
        return
    word = known.get(words.folded(text))
    if word is None:
        record.refusal = problem(Code.BAD_VALUE, name, text)
    else:
        record.said[name] = word


def _languages(record: ParsedRecord, name: str, cell: str, values: list[str]) -> list[str]:
    found = []
    for value in values if "|" in cell else re.split(r"[|,;]", cell):
        tag = language_tag(value)
        if tag:
            found.append(tag)
        elif value.strip():
            record.problems.append(problem(Code.LANGUAGE_UNKNOWN, name, value))
            record.refusal = record.refusal or problem(Code.BAD_VALUE, name, value)
    return found


def _kind(record: ParsedRecord, name: str, text: str, known: dict[str, str]) -> str:
    """A refusal for a word that nobody knows: whoever typed it shall see it."""
    kind = known.get(words.folded(text), "")
    if not kind:
        record.refusal = problem(Code.BAD_VALUE, name, text)
    return kind


def _title(record: ParsedRecord, values: list[str]) -> None:
    _text(record, "titles", values, {**words.TITLES, "main": "alternative"})


def _description(record: ParsedRecord, values: list[str]) -> None:
    _text(record, "descriptions", values, {**words.DESCRIPTIONS, "main": "synopsis"})


def _text(record: ParsedRecord, name: str, values: list[str], known: dict[str, str]) -> None:
    kind, tag, text = values
    tag_found = language_tag(tag)
    if not tag_found or not text:
        record.refusal = problem(Code.BAD_VALUE, name, "=".join(values))
        return
    record.said[name].append([_kind(record, name, kind, known), tag_found, text])


def _date(record: ParsedRecord, values: list[str]) -> None:
    record.said["dates"].append([_kind(record, "dates", values[0], words.DATES), edtf(values[1])])


def _credit(record: ParsedRecord, values: list[str]) -> None:
    role, name, note, slug = values
    if not name and not slug:  # a bare name, without a role
        role, name = "other", role
    record.said["credits"].append([_kind(record, "credits", role, words.ROLES), slug, name, note])


def _place(record: ParsedRecord, values: list[str]) -> None:
    relation, name, slug = values
    if not name and not slug:
        relation, name = "shown", relation
    record.said["places"].append([_kind(record, "places", relation, words.RELATIONS), slug, name])


def _identifier(record: ParsedRecord, values: list[str]) -> None:
    source, value = values
    if not source or not value:
        record.refusal = problem(Code.BAD_VALUE, "identifiers", "=".join(values))
        return
    record.said["identifiers"].append([source, value])


_PARTS = {
    "titles": _title, "descriptions": _description, "dates": _date, "credits": _credit, "places": _place,
    "identifiers": _identifier,
}  # fmt: skip
