"""A brief as a workbook (Office Open XML): one sheet for each table, whole, with figures and days as such."""

import io
import re
from datetime import date
from decimal import Decimal
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]
from django.utils.text import capfirst
from django.utils.translation import override

from broadcasters.formats.brief import page_of
from broadcasters.formats.brief_page import Cell, Page
from broadcasters.models import Brief

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FORBIDDEN = re.compile(r"[\[\]:*?/\\']")  # in names of sheets
_LONGEST_NAME = 31


def render_book(brief: Brief, language: str) -> bytes:
    """Text that begins with “=” stays text: nothing in it is reckoned."""
    page = page_of(brief, language)
    target = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with override(language), xlsxwriter.Workbook(target, options) as book:
        book.set_properties({"title": page.title, "subject": page.period, "comments": page.made})
        formats = {
            "head": book.add_format({"bold": True, "text_wrap": True, "valign": "top"}),
            "number": book.add_format({"num_format": "#,##0.##", "valign": "top"}),
            "whole": book.add_format({"num_format": "#,##0", "valign": "top"}),
            "percent": book.add_format({"num_format": '0.0" %"', "valign": "top"}),
            "day": book.add_format({"num_format": "yyyy-mm-dd", "valign": "top"}),
            "text": book.add_format({"text_wrap": True, "valign": "top"}),
        }
        _front(book, page, formats)
        names = {page.kind.lower()}
        for table in page.tables:
            sheet = book.add_worksheet(_free(table.heading, names))
            sheet.freeze_panes(1, 0)
            for place, column in enumerate(table.columns):
                sheet.set_column(place, place, 14 if column.side == "end" else 32)
                sheet.write_string(0, place, capfirst(column.label), formats["head"])
            for row, cells in enumerate(table.rows, start=1):
                for place, cell in enumerate(cells):
                    _write(sheet, row, place, cell, formats)
            for below, note in enumerate(table.notes, start=len(table.rows) + 2):
                sheet.write_string(below, 0, note, formats["text"])
    return target.getvalue()


def _front(book: Any, page: Page, formats: dict[str, Any]) -> None:
    sheet = book.add_worksheet(_free(page.kind, set()))
    sheet.set_column(0, 0, 80)
    for row, line in enumerate((page.title, page.period, page.days, page.made, page.footer)):
        sheet.write_string(row, 0, line, formats["head"] if row == 0 else formats["text"])


def _write(sheet: Any, row: int, place: int, cell: Cell, formats: dict[str, Any]) -> None:
    match cell.value:
        case date() as on:
            sheet.write_datetime(row, place, on, formats["day"])
        case int() | Decimal() as value:
            kind = "whole" if cell.kind == "number" and value == int(value) else cell.kind
            sheet.write_number(row, place, value, formats[kind])
        case _:
            sheet.write_string(row, place, cell.text, formats["text"])


def _free(heading: str, taken: set[str]) -> str:
    """A name of a sheet that no other has: 31 characters at most, no matter which letters are large."""
    plain = _FORBIDDEN.sub(" ", heading).strip()
    name, number = plain[:_LONGEST_NAME].strip(), 1
    while name.lower() in taken:
        number += 1
        ending = f" {number}"
        name = plain[: _LONGEST_NAME - len(ending)].strip() + ending
    taken.add(name.lower())
    return name
