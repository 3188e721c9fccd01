"""CSV and XLSX: one row an item, by the columns of ``parsing.columns``. What is exported imports again unchanged."""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]
from django.utils.translation import gettext as _

from archive.catalogue import values_of
from archive.formats.writing import Shown
from archive.models import Item
from archive.parsing.columns import COLUMNS, Column, join, join_parts
from mediaexchange.core.errors import DomainError
from mediaexchange.core.languages.localize import localized

MAX_XLSX_CELL = 32_767
# What a spreadsheet takes for a formula; ``parsing.tables`` takes the apostrophe away again.
FORMULA = re.compile(r"'*[=+\-@\t\r]")


def cells_of(shown: Shown) -> list[str]:
    values = values_of(shown.item)
    if not shown.shows_parent:
        values["parent"] = ""
    if not shown.is_own:
        values |= {"collection": "", "series": "", "source_note": "", "expected_children": None}
    return [_cell(column, shown, values) for column in COLUMNS]


def header() -> list[str]:
    return [column.name for column in COLUMNS]


def csv_lines(several: Iterable[Shown], *, with_header: bool = True) -> Iterator[bytes]:
    """RFC 4180 in UTF-8 with a mark, which spreadsheets want to see."""
    if with_header:
        yield b"\xef\xbb\xbf" + _line(header())
    for shown in several:
        yield _line([f"'{cell}" if FORMULA.match(cell) else cell for cell in cells_of(shown)])


def render_csv(several: list[Shown]) -> bytes:
    return b"".join(csv_lines(several))


def render_xlsx(several: Iterable[Shown]) -> bytes:
    """A sheet of items and one that says what each column holds.

    Raises DomainError for a text that is too long for a cell: cut, it would come back as if somebody had shortened it.
    """
    target = io.BytesIO()
    with xlsxwriter.Workbook(
        target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        bold = book.add_format({"bold": True})
        sheet = book.add_worksheet("items")
        sheet.freeze_panes(1, 2)
        for place, name in enumerate(header()):
            sheet.write_string(0, place, name, bold)
        for row, shown in enumerate(several, 1):
            for place, cell in enumerate(cells_of(shown)):
                if len(cell) > MAX_XLSX_CELL:
                    raise DomainError(
                        "cell-too-long",
                        _("A text of %(identifier)s is too long for a cell of XLSX; take CSV.")
                        % {"identifier": shown.item.identifier},
                    )
                if cell:
                    sheet.write_string(row, place, cell)
        about = book.add_worksheet("columns")
        for place, (name, text) in enumerate(explained()):
            about.write_string(place, 0, name, bold)
            about.write_string(place, 1, text)
    return target.getvalue()


def explained() -> list[tuple[str, str]]:
    """Each column with what it holds, in the active language."""
    return [(column.name, _about(column)) for column in COLUMNS]


def _about(column: Column) -> str:
    names = _names()
    parts = " = ".join(column.parts)
    if column.shape == "parts":
        said = _("Several, parted by |; each is %(parts)s.") % {"parts": parts}
    elif column.shape == "words":
        said = _("Several, parted by |.")
    elif column.shape == "date":
        said = _("EDTF: 1961-09, 1961~ (about), 1961? (uncertain), 1944-10/1944-11, 196X, XXXX (unknown).")
    else:
        said = ""
    if not column.is_read:
        said = f"{said} {_('For reading only; it is not imported.')}".strip()
    return f"{names.get(column.name, '')} {said}".strip()


def _names() -> dict[str, str]:
    """The model's own words for its fields."""
    names: dict[str, str] = {}
    for field in Item._meta.get_fields():
        label: Any = getattr(field, "verbose_name", None)
        names[field.name] = str(label) if label else ""
    return names


def _line(cells: list[str]) -> bytes:
    target = io.StringIO()
    csv.writer(target, lineterminator="\r\n").writerow(cells)
    return target.getvalue().encode("utf-8", "replace")


def _cell(column: Column, shown: Shown, values: dict[str, Any]) -> str:
    name, item = column.name, shown.item
    if name in _SPECIAL:
        return _SPECIAL[name](shown)
    if name == "carriers":
        rows = values["instantiations"]
        kept = (
            column.parts if shown.is_own else tuple(part for part in column.parts if part not in ("location", "note"))
        )
        return join_parts([[row[part] if part in kept else "" for part in column.parts] for row in rows])
    if name == "credits":
        return join_parts([role, _person(row), note, slug] for (role, slug, _name, note), row in
                          zip(values[name], item.credits.all(), strict=True))  # fmt: skip
    if name == "places":
        return join_parts([row.relation, localized(row.place, "name"), row.place.slug] for row in item.places.all())
    if column.shape == "parts":
        return join_parts(values[name])
    if column.shape == "words":
        return join(values[name])
    value = values[name]
    return "" if value is None else str(value)


def _person(row: Any) -> str:
    return localized(row.person, "name") if row.person else str(row.name)


_SPECIAL: dict[str, Callable[[Shown], str]] = {
    "uid": lambda shown: str(shown.item.uid),
    "status": lambda shown: shown.item.status if shown.is_own else "",
    "access": lambda shown: shown.item.access if shown.is_own else "",
    "validation": lambda shown: shown.item.validation if shown.is_own else "",
}
